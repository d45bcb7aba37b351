"""Secrets taken out of text: the one place that knows how they look when somebody repeats them.

A server may echo an API key or an e-mail whole or in part, percent-encoded (once or twice), with the escapes of JSON,
Python or HTML, over several lines. So a text is read as the characters that it stands for, blanks and line breaks
passed over, and each run of six or more that a secret has too is replaced. Scrub first, shorten then: what was cut
before would leave the beginning of a secret.
"""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator, Mapping

# So many characters of a secret in a row may not get out; a shorter secret counts as a whole, from four on.
PIECE = 6
SHORTEST = 4
MASK = "***"
# Environment variables that hold a secret.
SECRET_VARIABLES = ("NCBI_API_KEY", "NCBI_EMAIL", "OPENALEX_API_KEY", "OPENFDA_API_KEY", "EVIDENCE_EMAIL")
# Words of this program's own messages: a piece of an e-mail that lies within one of them gives nothing away.
_OWN_WORDS = (
    "you@example.org", "evidence-tracker", "neuromodulation", "pubmed", "eutils.ncbi.nlm.nih.gov", "entrez/eutils",
    "europepmc", "crossref", "clinicaltrials.gov", "openalex", "research", "records", "refresh", "metadata",
)  # fmt: skip
# A piece so long of an API key is in no record by chance; a shorter one may be.
_PIECE_OF_A_RECORD = 10
_BLOCK, _STRIDE = 6, 5  # every piece of ten has one of these blocks whole
_MOST_BLOCKS = 2_000

_CHARACTER = re.compile(
    r"%(?:25)*([0-9a-f]{2})"
    r"|\\+u00([0-9a-f]{2})|\\+x([0-9a-f]{2})"
    r"|&(?:amp;)*\#(\d{1,3});|&(?:amp;)*\#x0*([0-9a-f]{2});"
    r"|(\\+[nrtfv]|\\+(?=\s)|=(?=\r?\n)|[\s\x00-\x1f\x7f\u00ad\u200b-\u200f\u2028-\u202e\u2060\ufeff])"
    r"|\\+(.)|(.)",
    re.I | re.S,
)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class Scrubber:
    """Takes given secrets out of a text. Those of fewer than four characters are not looked for.

    >>> Scrubber(["0123456789abcdef"])("api_key=0123456789abcdef, or 45%36789, or 12345")
    'api_key=***, or ***, or 12345'
    """

    def __init__(self, secrets: Iterable[str], known: Iterable[str] = ()):
        """``known``: words beside this program's own of which a piece gives nothing away."""
        self._known = (*_OWN_WORDS, *map(_folded, known))
        self._secrets = tuple(dict.fromkeys(_folded(s.strip()) for s in secrets if len(s.strip()) >= SHORTEST))
        self._pieces: dict[int, set[str]] = {}
        for secret in self._secrets:
            length = min(PIECE, len(secret))
            self._pieces.setdefault(length, set()).update(_windows(secret, length))

    def __call__(self, text: str) -> str:
        if not self._pieces:
            return text
        characters, spans = _read(text)
        out, at = [], 0
        for start, end in self._found(characters):
            first, last = spans[start][0], spans[end - 1][1]
            out += [text[at:first], MASK]
            at = last
        return "".join([*out, text[at:]])

    def _found(self, characters: str) -> Iterator[tuple[int, int]]:
        start = end = -1
        for position in range(len(characters)):
            length = max((n for n in self._pieces if characters[position : position + n] in self._pieces[n]), default=0)
            if not length:
                continue
            if position > end >= 0:
                yield from self._secret(characters, start, end)
                start = -1
            start, end = position if start < 0 else start, max(end, position + length)
        if start >= 0:
            yield from self._secret(characters, start, end)

    def _secret(self, characters: str, start: int, end: int) -> Iterator[tuple[int, int]]:
        if not any(characters[start:end] in word for word in self._known):
            yield start, end


class KeyInRecords:
    """Whether an answer repeats ten characters in a row of an API key: quick, for answers of many megabytes."""

    def __init__(self, key: str):
        key = _folded(key.strip())
        self._long = set(_windows(key, _PIECE_OF_A_RECORD))
        self._blocks = [key[at : at + _BLOCK].encode() for at in range(0, max(0, len(key) - _BLOCK + 1), _STRIDE)]

    def __call__(self, body: bytes) -> bool:
        if not self._long:
            return False
        lower, seen = body.lower(), 0
        for block in self._blocks:
            at = lower.find(block)
            while at >= 0:
                seen += 1
                if seen > _MOST_BLOCKS:  # no text has so many by chance
                    return True
                around = lower[max(0, at - _PIECE_OF_A_RECORD) : at + 2 * _PIECE_OF_A_RECORD].decode("latin-1")
                if any(window in self._long for window in _windows(around, _PIECE_OF_A_RECORD)):
                    return True
                at = lower.find(block, at + 1)
        return False


_KNOWN: set[str] = set()
_KNOWN_LOCK = threading.Lock()


def remember(secrets: Iterable[str]) -> Scrubber:
    """A scrubber of these secrets, which :func:`scrub` takes out from now on too, wherever they came from."""
    given = [secret for secret in secrets if secret]
    with _KNOWN_LOCK:
        _KNOWN.update(given)
    return Scrubber(given)


def scrub(text: str, environ: Mapping[str, str] = os.environ) -> str:
    """A text of ours without the secrets of the environment, and those that a client was given: for logs, last words.

    A user's name that an e-mail begins with stays where it is part of this machine's paths.
    """
    with _KNOWN_LOCK:
        secrets = sorted(_KNOWN | {environ.get(name, "") for name in SECRET_VARIABLES})
    return Scrubber(secrets, known=(environ.get("HOME", ""), environ.get("PWD", "")))(text)


def tidy(text: str) -> str:
    """Text that any database, terminal and JSON takes: no half characters (lone surrogates), no control characters."""
    return _CONTROL.sub(" ", _SURROGATE.sub("\ufffd", text))


def _read(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The characters that a text stands for, folded, and where each is written."""
    characters: list[str] = []
    spans: list[tuple[int, int]] = []
    for found in _CHARACTER.finditer(text):
        percent, json_escape, python_escape, decimal, hexadecimal, passed_over, escaped, plain = found.groups()
        if passed_over:
            continue
        if code := percent or json_escape or python_escape or hexadecimal:
            character = chr(int(code, 16))
        elif decimal:
            character = chr(int(decimal))
        else:
            character = escaped or plain
        characters.append(_folded(character))
        spans.append(found.span())
    return "".join(characters), spans


def _folded(text: str) -> str:
    """Lower case, character for character: ``İ``, whose lower case is two characters, stays."""
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)


def _windows(text: str, length: int) -> Iterator[str]:
    return (text[at : at + length] for at in range(len(text) - length + 1))
