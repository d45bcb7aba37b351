"""Where sentences end: in a draft or a page (:func:`split`), and in an abstract (:func:`breaks`).

A draft's line ends a sentence, since its headings and items have no full stop; an abstract's lines are broken anywhere,
and its headings stand within them ("...unknown.METHODS: We").
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from evidence.bibliography.dates import SHORT_MONTHS

# A full stop after these ends no sentence.
_ABBREVIATIONS = frozenset(
    "al approx ca cf co dept dr drs e.g ed eds eg et fig figs i.e ie inc jr ltd m.d mr mrs ms ph.d prof ref refs resp"
    " sept sr st suppl u.k u.s versus viz vs".split()
) | {month.lower() for month in SHORT_MONTHS} - {"may"}  # fmt: skip
# "No. 5" and "p. 12" are abbreviations; "no." before a word in upper case usually ends a sentence.
_BEFORE_NUMBER = frozenset("eq n no nos p p.o pp tab v ver vol".split())
_END = re.compile(
    r"[.!?\u061f\u06d4\u3002\u0964][\"')\]\u2019\u201d]*;?(?:\s?\[\d[\d,;\s\u2010-\u2015-]*\])*(?=\s|$|[\u3000-\u9fff])"
)
# "in two trials.All studies", as PubMed has the paragraphs of an abstract.
_GLUED = re.compile(r"(?<=[a-z\d)%])\.(?=[A-Z][A-Za-z]* )")
_OPENING = "\"'([{\u2018\u201c\u2022"
_LINE = re.compile(r"[^\n]+")
MAX_SENTENCE = 2_000
_LONGEST_WORD = 14  # characters: no abbreviation has more

# A sentence ends at ., ! or ? before a blank and something that is not a small letter, at ".;" (how sections without
# labels are exported), and where a heading follows
# without a blank ("...unknown.METHODS: We"); and, in texts that have them, at an empty line and at the full stop of
# Chinese or Japanese (looked for apart: one alternation of all costs three times as much). The group is what belongs to
# the sentence, the blanks behind it do not.
_ENDS = r"[.!?](?:[)\]\"'\u2019\u201d]?;?(?=\s+[^\sa-z,;)\]])|;(?=\s)|(?=[A-Z][A-Z &/]{3,30}:))"
_BREAK = re.compile(rf"({_ENDS})\s*")
_WIDE_BREAK = re.compile(rf"({_ENDS}|[\u3002\uff01\uff1f]|(?=\n[ \t]{{0,9}}\n))\s*")
_LONGER_THAN_ANY = 7  # letters: no abbreviation without a point in it has so many


@dataclass(frozen=True, slots=True)
class Span:
    """One sentence: ``text[start:end]`` of what was split."""

    start: int
    end: int


@lru_cache(maxsize=8192)
def split(text: str) -> tuple[Span, ...]:
    """Sentences in order, without the blanks around them; a line's end ends a sentence."""
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        start = line.start()
        for match in _END.finditer(text, line.start(), line.end()):
            if _ends(text, match, line.end()):
                _append(spans, text, start, match.end())
                start = match.end()
        _append(spans, text, start, line.end())
    return tuple(spans)


def sentences(text: str) -> list[str]:
    """The sentences of an abstract, also of paragraphs that were put together without a blank between."""
    found = []
    for span in split(text):
        start = span.start
        for glued in _GLUED.finditer(text, span.start, span.end):
            found.append(text[start : glued.end()])
            start = glued.end()
        found.append(text[start : span.end])
    return found


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    for begin in range(start, end, MAX_SENTENCE):
        spans.append(Span(begin, min(end, begin + MAX_SENTENCE)))


def _ends(text: str, match: re.Match[str], line_end: int) -> bool:
    following = match.end()
    while following < line_end and text[following].isspace():
        following += 1
    if following >= line_end:
        return True
    after = text[following]
    if after.islower():
        return False
    if text[match.start()] != ".":
        return True
    reach = max(0, match.start() - _LONGEST_WORD)
    begin = max(text.rfind(" ", reach, match.start()), text.rfind("\n", reach, match.start()), reach - 1) + 1
    word = text[begin : match.start()].lstrip(_OPENING).lower()
    if word in _ABBREVIATIONS or (word in _BEFORE_NUMBER and after.isdigit()):
        return False
    return not (len(word) == 1 and word.isalpha() and after.isupper() and word != "i")


def breaks(text: str) -> list[tuple[int, int]]:
    """Where sentences end and where the next ones start; the last is the end of the text."""
    pattern = _WIDE_BREAK if "\n\n" in text or "\u3002" in text else _BREAK
    breaks = [
        (match.end(1), match.end())
        for match in pattern.finditer(text)
        if text[(dot := match.start())] != "." or not _is_abbreviation(text, dot, match.end())
    ]
    breaks.append((len(text), len(text)))
    return breaks


def _is_abbreviation(text: str, dot: int, following: int) -> bool:
    if text[dot - _LONGER_THAN_ANY : dot].isalpha() or text[dot - 1 : dot] in ")%]":
        return False
    before = text[max(0, dot - 9) : dot]
    word = before[before.rfind(" ") + 1 :].lstrip("([").lower()
    if word in _ABBREVIATIONS:
        return True
    return following < len(text) and text[following].isdigit() and (word in _BEFORE_NUMBER or word[-1:] in "<=>")
