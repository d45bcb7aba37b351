"""Where a document stands: volume and pages, as databases print them, and whether two places are one.

Each comparison answers ``True`` (the same), ``False`` (another) or ``None`` (cannot be told).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from evidence.normal import plain

_NUMBER = re.compile(r"\d+")
_CLEAN_VOLUME = re.compile(
    r"^\s*(?:vol(?:ume|\.)?|v\.?|jg\.?|bd\.?|t\.?)?\s*([a-z]?\d{1,6})[a-z]?(?:[\s(\[,/:-].*)?$", re.I
)
_YEAR = re.compile(r"^(?:19|20)\d\d$")
_MONTH = re.compile(r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec", re.I)
_PAGE = re.compile(r"([a-z]*)[\s.:]*(\d+)([a-z]?)\d?$")
_COCHRANE_DOI = re.compile(r"10\.1002/14651858\.cd0*(\d+)")
_COUNT = re.compile(r"^\d+\s*(?:p|pp|pages|leaves)$")
_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
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

    ``last`` is the last page as printed, perhaps its last digits only; ``suffix`` a letter after the first page.
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
    """Pages as printed into parts: ``S417-29``, ``645--665``, ``e13267``, ``Suppl-29`` (first page unknown)."""
    text = plain(pages[:60]).strip().removeprefix("pp").removeprefix("p.").strip(" .,;+")
    if not text or _MONTH.search(text) or _COUNT.match(text) or "no pagination" in text:
        return NO_PAGES  # a spreadsheet made a date of it, or it counts the pages of a thesis
    first, *rest = _DASH.split(text, maxsplit=1)
    first = _PAGE.search(first.split(",")[0])
    last = _PAGE.search(rest[0].split(",")[0]) if rest else None
    ending = last.group(2).lstrip("0") if last else ""
    if not first:
        return Pages(last=ending)
    return Pages(first.group(1)[-8:], first.group(2).lstrip("0"), ending, first.group(3))


def cochrane_number(pages: Pages, doi: str | None) -> str:
    """The number of a Cochrane review, which stands in its pages and in its DOI; ``""`` for anything else."""
    if pages.prefix == "cd":
        return pages.number
    match = _COCHRANE_DOI.match(doi) if doi else None
    return match.group(1) if match else ""


def same_issue(left: str, right: str) -> bool | None:
    """Whether two issues are one, where both are plain numbers."""
    left, right = left.strip(), right.strip()
    return left == right if left.isdecimal() and right.isdecimal() else None


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
    if left.number == right.number:
        if left.suffix and right.suffix and left.suffix != right.suffix:
            return False  # e2021053852H and e2021053852I stand beside each other in one supplement
        return not (left.prefix and right.prefix) or _same_prefix(left.prefix, right.prefix)
    if left.article_number != right.article_number:
        return None  # the article's number in one database, its count of pages or its printed pages in another
    return None if _within(left, right) or _within(right, left) else False


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
