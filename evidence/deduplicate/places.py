"""Where a document stands: volume and pages, as databases print them, and whether two places are one.

Each comparison answers ``True`` (the same), ``False`` (another) or ``None`` (cannot be told).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from evidence.bibliography.dates import ANY_SHORT_MONTH
from evidence.bibliography.normal import plain

_NUMBER = re.compile(r"\d+")
_CLEAN_VOLUME = re.compile(
    r"^\s*+(?:(?:vol(?:ume|\.)?|v\.?|jg\.?|bd\.?|t\.?)\s*)?([a-z]?\d{1,6})[a-z]?(?:[\s(\[,/:-].*)?$", re.I
)
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_MONTH = re.compile(ANY_SHORT_MONTH, re.I)
_RANGE = re.compile(r"(\d+)(?:-(\d+))?$")
_PAGE = re.compile(r"([a-z]*)[\s.:]*(\d+)(?:\.?(e\d+)|([a-z]?)\d?)$")
# What follows the pages of an article: other pages of it, its discussion, a quiz. "230-5, 246-51", "12-19; quiz 20".
_MORE_PAGES = re.compile(
    r"(?<!\s)\s*+(?:[,;&+]|\b(?:and|discussion|disc|quiz|passim|contd?|continued|author reply|reply|erratum)\b)"
)
_ARTICLE_NUMBER = re.compile(r"\bart(?:icle)?\.? ?(?:no|nr|number|id)\b\.? ?")
_ROMAN = re.compile(r"m{0,3}(?:cm|cd|d?c{0,3})(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})")
_ROMAN_DIGITS = {"i": 1, "v": 5, "x": 10, "l": 50, "c": 100, "d": 500, "m": 1000}
ROMAN = "roman"  # the prefix of front matter: page xi is not page 11
_COCHRANE_DOI = re.compile(r"10\.1002/14651858\.cd0*(\d+)")
_COUNT = re.compile(r"^\d+\s*(?:p|pp|pages|leaves)$")
_DASH = re.compile(r"(?<!\s)\s*+[-\u2010-\u2015\u2212]+\s*")
MIN_SLIPPED_DIGITS = 3
MOST_ISSUE_DIGITS = 5  # the Lancet counts its issues beyond 10,000; Embase's accession numbers have nine and more
# Before an article's number; BMJ's went from a to o with the years, of which "a" and "s" also mark congress abstracts.
ELECTRONIC = frozenset("e cd art article id b c d f g h k l m n o".split())


def normal_volume(volume: str) -> str:
    """The number of a volume; ``""`` when there is none, or it is broken (``1)``) or only repeats the year."""
    match = _CLEAN_VOLUME.match(volume)
    if not match or (")" in volume and "(" not in volume):
        return ""
    number = match.group(1).lower().lstrip("0")
    return "" if _YEAR.match(number) else number


@dataclass(frozen=True, slots=True)
class Pages:
    """``prefix`` is what stands before the first page's number (``s``, ``e``, ``cd``); ``number`` is ``""`` if unknown.

    ``last`` is the last page, its last digits only where the first is unknown; ``suffix`` what follows the first page's
    number: a letter, or the online part (``e1`` of ``569.e1``).
    """

    prefix: str = ""
    number: str = ""
    last: str = ""
    suffix: str = ""

    @property
    def article_number(self) -> bool:
        """An article number rather than a page: electronic, or longer than printed pages get."""
        return self.number != "" and (self.prefix in ELECTRONIC or len(self.number) >= 5)


NO_PAGES = Pages()


def parse_pages(pages: str) -> Pages:
    """Pages as printed into parts: ``S417-29``, ``645--665``, ``e13267``, ``Suppl-29`` (first page unknown), ``xi-xv``.

    Of a list (``230-5, 246-51``) the first range counts; ``last`` is written out: ``574-84`` ends on 584.
    """
    plainly = _RANGE.match(pages)
    if plainly:
        return _pages("", plainly.group(1), plainly.group(2) or "", "")
    text = plain(pages[:60]).strip().removeprefix("pp").removeprefix("p.").strip(" .,;+")
    if not text or _MONTH.search(text) or _COUNT.match(text) or "no pagination" in text:
        return NO_PAGES  # a spreadsheet made a date of it, or it counts the pages of a thesis
    if not text.isdecimal():
        text = _ARTICLE_NUMBER.sub("art ", _MORE_PAGES.split(text, maxsplit=1)[0] or text)
    first, *rest = _DASH.split(text, maxsplit=1)
    if first.isalpha() and _ROMAN.fullmatch(first):
        return Pages(ROMAN, _roman(first), _roman(rest[0]) if rest and _ROMAN.fullmatch(rest[0]) else "")
    found = _PAGE.search(first)
    last = _PAGE.search(rest[0]) if rest else None
    ending = last.group(2).lstrip("0") if last else ""
    if not found:
        return Pages(last=ending)
    return _pages(found.group(1)[-8:], found.group(2), ending, found.group(3) or found.group(4))


def _pages(prefix: str, first: str, last: str, suffix: str) -> Pages:
    number, ending = first.lstrip("0"), last.lstrip("0")
    if len(ending) < len(number) and ending:
        ending = number[: len(number) - len(ending)] + ending
    return Pages(prefix, number, ending, suffix)


def _roman(text: str) -> str:
    """The value of a Roman number."""
    values = [_ROMAN_DIGITS[letter] for letter in text]
    return str(sum(-v if v < after else v for v, after in zip(values, [*values[1:], 0], strict=True)))


def cochrane_number(pages: Pages, doi: str | None) -> str:
    """The number of a Cochrane review, which stands in its pages and in its DOI; ``""`` for anything else."""
    if pages.prefix == "cd":
        return pages.number
    match = _COCHRANE_DOI.match(doi) if doi else None
    return match.group(1) if match else ""


def normal_issue(issue: str) -> str:
    """The number of an issue; ``""`` for none, for words, and for what is no issue's number: a year, an accession."""
    issue = issue.strip()
    if not issue.isdecimal() or len(issue) > MOST_ISSUE_DIGITS or _YEAR.match(issue):
        return ""
    return issue.lstrip("0")


def same_issue(left: str, right: str) -> bool | None:
    """Whether two issues are one, where both are plain numbers."""
    one, other = normal_issue(left), normal_issue(right)
    return one == other if one and other else None


def same_volume(left: str, right: str) -> bool | None:
    """Whether two normal volumes are one."""
    if not left or not right:
        return None
    return left == right


def same_pages(left: Pages, right: Pages) -> bool | None:
    """Whether two documents begin on one page."""
    if not left.number and not right.number:
        return None
    if not left.number or not right.number:  # "Suppl-29" and "S417-S429": the last digits are all there is
        known, rest = (left, right) if left.number else (right, left)
        return True if len(rest.last) > 1 and known.last.endswith(rest.last) else None
    if (left.prefix == ROMAN) != (right.prefix == ROMAN):
        return None
    if left.number == right.number:
        if left.suffix and right.suffix and left.suffix != right.suffix:
            return False  # e2021053852H and e2021053852I stand beside each other in one supplement
        return not (left.prefix and right.prefix) or _same_prefix(left.prefix, right.prefix)
    if left.article_number != right.article_number:
        return None  # the article's number in one database, its count of pages or its printed pages in another
    return None if _within(left, right) or _within(right, left) else False


def one_digit_apart(left: Pages, right: Pages) -> bool:
    """Whether two ranges end alike and their first pages are one typing slip apart: 1574-84 and 1547-84."""
    long_enough = min(len(left.number), len(right.number)) >= MIN_SLIPPED_DIGITS
    ends = left.last[-2:] == right.last[-2:] != ""
    return long_enough and ends and left.prefix == right.prefix and OSA.distance(left.number, right.number) == 1


def _within(one: Pages, other: Pages) -> bool:
    """Whether one begins inside the other: 569 for the summary of 567-569 whose text is online as 569.e1."""
    if one.prefix or other.prefix or not other.last or len(one.number) != len(other.number):
        return False
    last = other.number[: len(other.number) - len(other.last)] + other.last
    return other.number <= one.number <= last


def _same_prefix(left: str, right: str) -> bool:
    return left[0] == right[0] or {left, right} <= {"e", "art", "article", "id"}


def first_page_key(pages: str) -> str:
    """The digits of the first page, for blocking."""
    found = _NUMBER.search(pages)
    return found.group().lstrip("0") if found else ""
