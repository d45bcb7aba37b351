"""Patterns over raw bytes, all at once: hyperscan, with what PubMed's XML can do to a word."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from html import unescape
from typing import Any

from evidence.errors import UsageError
from evidence.topics.words import FOLD, folded_bytes

_REFERENCE = re.compile(rb"&#(?:x[0-9a-fA-F]{1,8}|[0-9]{1,9});")
# Tags that may stand inside a word; PubMed's own structure begins with a capital.
_INLINE = re.compile(rb"</?(?:[a-z]|DispFormula)[^<>]*>")
_MATHS = (b"<mml:", b"<math")
# Signs that part words, by the share of references that they are in 22 MB of PubMed's XML: dashes, quotes, blanks,
# signs of mathematics. All others (letters, raised figures, joiners) are looked at more closely.
_PARTING = [
    code
    for code in (*range(0xA0, 0xC0), 0xD7, 0xF7, *range(0x2000, 0x2050), *range(0x2190, 0x2300), *range(0x25A0, 0x2600))
    if FOLD[code].isspace()
]
CASELESS, SINGLE = 1, 8  # hyperscan's flags


class Matcher:
    """Patterns compiled for bytes. Raises :class:`UsageError` where hyperscan is not installed."""

    def __init__(self, patterns: Sequence[bytes], flags: Sequence[int]):
        try:
            import hyperscan
        except ImportError as error:
            raise UsageError(
                "reading PubMed's files needs hyperscan: pip install 'neuromodulation-evidence[baseline]'"
            ) from error
        self._database: Any = hyperscan.Database()
        self._database.compile(
            expressions=list(patterns), ids=list(range(len(patterns))), elements=len(patterns), flags=list(flags)
        )

    def events(self, data: bytes) -> list[tuple[int, int]]:
        """``(end, pattern)`` for each match, in the order of the ends."""
        found: list[tuple[int, int]] = []
        add = found.append

        def on_match(pattern: int, _start: int, end: int, _flags: int, _context: object) -> None:
            add((end, pattern))

        self._database.scan(data, match_event_handler=on_match)
        found.sort()
        return found

    def present(self, data: bytes) -> int:
        """Which patterns match, a bit each."""
        found = 0

        def on_match(pattern: int, _start: int, _end: int, _flags: int, _context: object) -> None:
            nonlocal found
            found |= 1 << pattern

        self._database.scan(data, match_event_handler=on_match)
        return found


def whole_word(word: str) -> bytes:
    """A pattern for a word of a :class:`~evidence.topics.need.Words`, between signs that are no letters or figures."""
    end = b"" if word.endswith("*") else b"[^A-Za-z0-9]"
    return b"[^A-Za-z0-9]" + re.escape(word.rstrip("*").encode()) + end


def part_of_word(word: str) -> bytes:
    return re.escape(word.rstrip("*").encode())


def suspects() -> tuple[bytes, bytes]:
    """Patterns for references, and for bytes, that may be letters or join letters: all but :data:`_PARTING`.

    Decimal references are not told apart: PubMed writes hexadecimal ones.
    """
    hexadecimal = _other_than([f"x{code:x};".encode() for code in _PARTING], range(256))
    return b"&#" + hexadecimal, _other_than([chr(code).encode() for code in _PARTING], range(0xC2, 0xF5))


def _other_than(known: Iterable[bytes], first: Iterable[int]) -> bytes:
    """A pattern for what begins with one of the bytes ``first`` and goes on like none of the known strings."""
    rests: dict[int, set[bytes]] = {}
    for text in known:
        if text:
            for sign in {*text[:1].lower(), *text[:1].upper()}:
                rests.setdefault(sign, set()).add(text[1:])
    if not rests:
        return b""
    alike: dict[frozenset[bytes], list[int]] = {}
    for sign, after in rests.items():
        alike.setdefault(frozenset(after), []).append(sign)
    parts = [_any_of(sign for sign in first if sign not in rests)]
    parts += [_any_of(signs) + rest for after, signs in alike.items() if (rest := _other_than(after, range(256)))]
    return b"(?:" + b"|".join(parts) + b")"


def _any_of(signs: Iterable[int]) -> bytes:
    ranges: list[list[int]] = []
    for sign in sorted(signs):
        if ranges and ranges[-1][1] == sign - 1:
            ranges[-1][1] = sign
        else:
            ranges.append([sign, sign])
    return b"[" + b"".join(b"\\x%02x-\\x%02x" % (low, high) for low, high in ranges) + b"]"


def has_maths(xml: bytes) -> bool:
    """MathML becomes text in ways that bytes do not show."""
    return any(mark in xml for mark in _MATHS)


def without_references(xml: bytes) -> bytes:
    """Each reference and each sign beyond ASCII as the words of a search have it, tags as they are."""
    if b"&#" in xml:
        xml = _REFERENCE.sub(_folded, xml)
    return xml if xml.isascii() else folded_bytes(xml.decode("utf-8", "replace"))


def _folded(match: re.Match[bytes]) -> bytes:
    return _folded_reference(match.group())


@lru_cache(maxsize=65536)
def _folded_reference(reference: bytes) -> bytes:
    return folded_bytes("".join(FOLD[ord(sign)] for sign in unescape(reference.decode())))


def without_inline_tags(xml: bytes) -> bytes:
    return _INLINE.sub(b"", xml)
