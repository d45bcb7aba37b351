"""The author part of a printed reference: where it ends, and the family names in it."""

from __future__ import annotations

import re

_UPPER = "".join(chr(code) for code in range(0x41, 0x250) if chr(code).isupper())
_PARTICLE = (
    r"(?:(?:[dD]e|[dD]el|[dD]ella|[dD]er|[dD]en|[dD]i|[dD]a|[dD]os|[dD]u|[vV]an|[vV]on|[lL]a|[lL]e|[tT]en|[tT]er|[zZ]u|"
    r"[aA]l|[eE]l|[bB]en|St\.?|[dDlL]['\u2019])[\s-]*)"
)
_WORD = rf"[{_UPPER}](?:['\u2019]?[^\W\d_])*[^\W\d_]"
_FAMILY = rf"(?P<f>{_PARTICLE}{{0,3}}{_WORD}(?:[-\u2010\u2011]\s?{_WORD})*(?:\s{_WORD}(?:[-\u2010]{_WORD})*)?)"
_INITIAL = rf"[{_UPPER}][a-z]?\.?"
_INITIALS = rf"(?:{_INITIAL}(?:[\s-]*{_INITIAL}){{0,4}})"
_SUFFIX = r"(?:,?\s*(?:Jr|Sr|II|III|IV|2nd|3rd)\b\.?)?"
# "Aa" is a word and an initial: without a bound each more of them doubled the time.
_GIVEN = rf"(?:{_WORD}|{_INITIAL})(?:[\s-]+(?:{_WORD}|{_INITIAL})){{0,5}}"

# A name, and what may stand between it and the next.
_SHAPES = {
    "Deer TR": re.compile(rf"{_FAMILY}\s+(?:{_INITIALS})(?![^\W\d_]){_SUFFIX}"),
    "Deer, T. R.": re.compile(rf"{_FAMILY},\s*{_INITIALS}(?![^\W\d_]){_SUFFIX}"),
    "T. R. Deer": re.compile(rf"(?:{_INITIAL}[\s-]*){{1,4}}(?<=[.\s]){_FAMILY}{_SUFFIX}"),
    "Deer, Timothy": re.compile(rf"{_FAMILY},\s*{_GIVEN}{_SUFFIX}(?=[,.;]|\s+(?:and|&))"),
}
# After the first name, MLA and Chicago print the others the right way round: "Deer, Timothy, and Nagy Mekhail."
_FAMILY_FIRST = ("Deer, T. R.", "Deer, Timothy")
_GIVEN_FIRST = re.compile(rf"{_GIVEN}\s+{_FAMILY}(?=[.,]\s)")
_NEXT = re.compile(r"[\s,;]*(?:,|;|\band\b|&|\bund\b|\by\b|\s)[\s,;]*(?:\band\b|&)?\s*")
_ET_AL = re.compile(
    r"[\s,;]*(?:and\s+)?(?:et\s*\.?\s*al\b\.?|and others\b|and colleagues\b)[\s,;:.]*|[\s,;]*(?:\.\.\.|\u2026)\s*", re.I
)
_EDITORS = re.compile(r"[\s,]*\(?eds?\.?\)?[\s,:.]*", re.I)
_AFTER_YEAR = re.compile(r"[a-z]?(?:,[^()]{0,14})?(?=[\s.,:)]|$)")
_CLOSING = re.compile(r"[\s.,;:)\]]*")
_FIRST_WORD = re.compile(rf"\s*((?:{_PARTICLE})?{_WORD})")


def split_authors(body: str, year_span: tuple[int, int] | None) -> tuple[tuple[str, ...], int]:
    """Family names in order, and the offset at which the authors end (and a year right after them)."""
    start = len(body) - len(body.lstrip())
    best: tuple[tuple[str, ...], int] = ((), start)
    for shape in _SHAPES:
        names, end = _run(body, start, shape)
        if names and (end > best[1]):
            best = (names, end)
    names, end = best
    if not names:
        names, end = _group(body, start, year_span)
    return names, _past_year(body, end, year_span)


def _run(body: str, start: int, first_shape: str) -> tuple[tuple[str, ...], int]:
    """Names one after the other from ``start``; the second and later may be printed the other way round (MLA)."""
    names: list[str] = []
    position, end = start, start
    shapes = [_SHAPES[first_shape]]
    while len(names) < 200:
        match = next((m for shape in shapes if (m := shape.match(body, position))), None)
        if match is None:
            break
        names.append(match.group("f").strip())
        end = match.end()
        if len(names) == 1 and first_shape in _FAMILY_FIRST:
            shapes = [_SHAPES[first_shape], _SHAPES["T. R. Deer"], _GIVEN_FIRST]
        gap = _NEXT.match(body, end)
        if not gap or "." in body[end : end + 1]:
            break
        position = gap.end()
    others = _ET_AL.match(body, end)
    if names and others and others.end() > end:
        end = others.end()
    editors = _EDITORS.match(body, end)
    if names and editors and "ed" in editors.group().lower():
        end = editors.end()
    return tuple(names), end


def _group(body: str, start: int, year_span: tuple[int, int] | None) -> tuple[tuple[str, ...], int]:
    """No personal names: the words before an early year are a group (``NACC (2014)``), else the first word alone."""
    if year_span and 2 < year_span[0] - start < 120 and body[year_span[0] - 1 : year_span[0]] == "(":
        name = body[start : year_span[0]].strip(" .,;:(")
        return ((name,) if name else ()), year_span[0]
    match = _FIRST_WORD.match(body, start)
    return ((match.group(1),) if match else ()), start


def _past_year(body: str, end: int, year_span: tuple[int, int] | None) -> int:
    """Skip a year that follows the authors (``(2016a, June).``), and any punctuation."""
    if year_span and 0 <= year_span[0] - end <= 6:
        end = year_span[1]
        more = _AFTER_YEAR.match(body, end)
        end = more.end() if more else end
    closing = _CLOSING.match(body, end)
    return closing.end() if closing else end
