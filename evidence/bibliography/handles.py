"""Handles of sentences: ``90910108/2.1~3f9c0a1b77de`` is one sentence of one version of one report's abstract.

``report/section.n~hash``: the report's id, the position of the abstract's section from 0 (``t`` for the title), the
sentence's number in it from 1, and the first twelve hexadecimal digits of the SHA-256 of all three and the sentence.
Nobody keeps a list of them: whether one was issued is worked out again from the versions that are stored.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evidence.bibliography.sentences import breaks

TITLE = "t"
HANDLE = re.compile(
    r"(?P<report>[^\s/~\"'“”<>()\[\]{}][^\s~\"'“”<>()\[\]{}]{0,300})/(?P<section>t|\d{1,3})\.(?P<n>\d{1,4})"
    r"~(?P<hash>[0-9a-f]{12})(?![0-9a-f])"
)
_BLANKS = re.compile(r"\s+")
_SIGNS = str.maketrans("\u2018\u2019\u201c\u201d\u2010\u2011\u2013\u2014\u2212\u00a0", "''" + '""' + "----- ")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence with the handle by which it is cited; ``place`` is ``section.n``."""

    handle: str
    report: str
    place: str
    text: str


def normal(text: str) -> str:
    """A sentence as it is compared: blanks as one, quotation marks and dashes of one form; every word as it is."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text).translate(_SIGNS)).strip()


def handle(report: str, place: str, text: str) -> str:
    """The handle of a sentence."""
    digest = hashlib.sha256("\x1f".join((report, place, normal(text))).encode()).hexdigest()
    return f"{report}/{place}~{digest[:12]}"


def sentences_of(report: str, title: str, sections: Sequence[str]) -> list[Sentence]:
    """Every sentence of a report's title and of the texts of its abstract's ``sections``, in order."""
    found = [(f"{TITLE}.1", title)] if title else []
    for position, section in enumerate(sections):
        found += [(f"{position}.{n}", text) for n, text in enumerate(_split(section), start=1)]
    return [Sentence(handle(report, place, text), report, place, text) for place, text in found]


def _split(section: str) -> Iterator[str]:
    start = 0
    for end, following in breaks(section):
        if text := section[start:end].strip():
            yield text
        start = following


@dataclass(frozen=True, slots=True)
class Quoted:
    """A handle in a text, the report and place that it names, and the words quoted beside it (``""`` for none)."""

    handle: str
    report: str
    place: str
    words: str
    start: int


_QUOTE = re.compile(r"[\"“]([^\"“”]{1,4000})[\"”]")
_OPENING = " \t([{,;:-\u2013\u2014"


def quoted(text: str) -> Iterator[Quoted]:
    """Every handle of a text with the quotation right before it, or right after it, on the same line."""
    for match in HANDLE.finditer(text):
        line = text.rfind("\n", 0, match.start()) + 1
        end = text.find("\n", match.end())
        before = text[line : match.start()].rstrip(_OPENING)
        behind = text[match.end() : end if end >= 0 else len(text)].lstrip(_OPENING + ")]}")
        words = ""
        last = [one for one in _QUOTE.finditer(before) if one.end() == len(before)]
        if last:
            words = last[-1].group(1)
        elif (first := _QUOTE.match(behind)) is not None:
            words = first.group(1)
        place = f"{match['section']}.{match['n']}"
        yield Quoted(match.group(), match["report"], place, words, match.start())


def same_words(one: str, other: str) -> bool:
    """Whether two quotations are word for word alike; a full stop at the end may be left out."""
    return normal(one).rstrip(".") == normal(other).rstrip(".")


def by_handle(sentences: Iterable[Sentence]) -> dict[str, Sentence]:
    return {sentence.handle: sentence for sentence in sentences}
