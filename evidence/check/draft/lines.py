"""Lines that a mail program or a type setter broke: a blank stands for each of those breaks, and offsets stay."""

from __future__ import annotations

import re
from itertools import groupby, pairwise

# Lines of more characters are paragraphs of their own, not broken at a width; shorter ones are headings and items.
_WIDEST, _LEAST, _LEAST_BEFORE_SMALL = 110, 45, 28
# So many breaks before a word in small letters make a text that was broken at a width.
_BROKEN = 3
_BEGINS = re.compile(
    r"\s*(?:[#>|\u2022\u25aa\u25e6\u2023\u00b7*+]|[-\u2013\u2014]\s|\(?\[?\^?\d{1,3}[.)\]](?!\d)|[A-Za-z][.)]\s|https?://|doi\b|$)"
)
_ENDS = re.compile(r"[.!?\u2026][\"'\u201d\u2019)\]]*\s*$")
_ABBREVIATED = re.compile(r"\b(?:al|vs|e\.g|i\.e|Dr|Prof|Mr|Mrs|Ms|St|approx|ca|cf|no|vol|pp?|[A-Z])\.\s*$")
_APART = re.compile(r"\t|\s{3,}\S|\|")
_PAGES_END, _AUTHOR = re.compile(r"\d[a-z]?\s*$"), re.compile(r"\s*[^\W\d_][\w'\u2019-]+,? (?:[A-Z]{1,3}\b|[A-Z]\.)")
_FIRST = re.compile(r"\S+")


def unwrapped(text: str) -> str:
    """The text with a blank for every line end that only a line's width made; as long as before."""
    lines = text.split("\n")
    if len(lines) < 3:
        return text
    breaks = [_small(one, other) for one, other in pairwise(lines)]
    widths = _widths(lines)
    broken = sum(breaks) >= _BROKEN
    pieces = [lines[0]]
    for position, line in enumerate(lines[1:]):
        before = lines[position]
        joined = breaks[position] or (broken and _at_the_width(before, line, widths[position]))
        pieces.append(" " if joined and not _apart(before, line) else "\n")
        pieces.append(line)
    return "".join(pieces)


def _small(before: str, line: str) -> bool:
    """Whether a sentence goes on in small letters, or in brackets that stand open."""
    if not _LEAST_BEFORE_SMALL <= len(before.rstrip()) <= _WIDEST or _ended(before) or len(line) > _WIDEST:
        return False
    first = line.lstrip()[:1]
    return first.islower() or (first.isdigit() and before.count("(") > before.count(")"))


def _at_the_width(before: str, line: str, width: int) -> bool:
    """Whether the next line's first word had no room any more on this one."""
    first = _FIRST.search(line)
    if not first or not _LEAST <= len(before.rstrip()) <= _WIDEST or _ended(before):
        return False
    return len(before.rstrip()) + 1 + len(first.group()) > width


def _widths(lines: list[str]) -> list[int]:
    """For each line the longest one of its paragraph."""
    widths: list[int] = []
    for filled, paragraph in groupby(lines, key=lambda line: bool(line.strip())):
        sizes = [len(line.rstrip()) for line in paragraph]
        widths += [max(sizes) if filled else 0] * len(sizes)
    return widths


def _ended(line: str) -> bool:
    return bool(_ENDS.search(line)) and not _ABBREVIATED.search(line)


def _apart(before: str, line: str) -> bool:
    """Items, headings, cells of a table and entries of a reference list stand apart."""
    if before.lstrip()[:1] in ("#", "|") or _APART.search(before.strip()) or _APART.search(line.strip()):
        return True
    return bool(_BEGINS.match(line) or (_PAGES_END.search(before) and _AUTHOR.match(line)))
