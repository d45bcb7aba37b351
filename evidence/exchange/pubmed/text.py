"""Text, dates and identifiers as PubMed writes them."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, TypeAlias

from evidence.bibliography.dates import ANY_SHORT_MONTH, month_number
from evidence.markup import element_text

Element: TypeAlias = Any  # an lxml element; its stubs know no more that helps here

_BLANKS = re.compile(r"[ \t\r\n]+")
_YEAR = re.compile(r"(?:1[5-9]|20|21)\d\d")
_MONTH_WORD = re.compile(rf"\b({ANY_SHORT_MONTH})[a-z]*\b", re.I)


_NO_TITLE = frozenset(
    ("", "not available", "title not available", "no title available", "in process citation", "no title", "untitled")
)


def text_of(element: Element) -> str:
    """All text of an element in order, inline markup (``<i> <sup> <mml:math>``) gone, blanks single.

    Raised figures stay apart from what they stand beside: ``10<sup>3</sup>`` → ``10³``.
    """
    text = element_text(element) if len(element) else element.text
    return plain_text(text) if text else ""


def plain_text(text: str) -> str:
    """Text as it is kept: blanks single, none at its ends."""
    if "\n" in text or "  " in text or "\t" in text:
        text = _BLANKS.sub(" ", text)
    return text.strip()


def has_no_title(title: str) -> bool:
    """Whether a title is empty or says that there is none (in English): ``[Not Available].``"""
    return title.casefold().strip(" []().") in _NO_TITLE


def child_text(element: Element, path: str) -> str:
    """Text of the first descendant at ``path``, ``""`` when there is none."""
    child = element.find(path)
    return "" if child is None else text_of(child)


@lru_cache(maxsize=8192)
def partial_date(year: str, month: str = "", day: str = "") -> str:
    """``2014``, ``2014-07`` or ``2014-07-03``: as precise as the parts allow, ``""`` without a year."""
    if not _YEAR.fullmatch(year):
        return ""
    number = month_number(month)
    if number is None:
        return year
    if not (day.isdigit() and 1 <= int(day) <= 31):
        return f"{year}-{number:02}"
    return f"{year}-{number:02}-{int(day):02}"


def printed_date(text: str) -> str:
    """The start of a MedlineDate, as PubMed sorts by it.

    ``2014 Jul-Aug`` → ``2014-07``, ``1998 Dec-1999 Jan`` → ``1998-12``, ``2000 Spring`` → ``2000``.
    """
    year = _YEAR.search(text)
    if not year:
        return ""
    return partial_date(year.group(), _first_month(text))


def _first_month(text: str) -> str:
    """``Sep-Oct`` → ``Sep``; ``""`` for a season or quarter by its name, which needs no month."""
    month = _MONTH_WORD.search(text)
    return month.group(1) if month else ""


def date_of(element: Element | None) -> str:
    """The date in an element with Year/Month/Day (or Season, or MedlineDate) children."""
    if element is None:
        return ""
    year = month = day = ""
    for child in element:
        tag = child.tag
        if tag == "Year":
            year = (child.text or "").strip()
        elif tag == "Month":
            month = (child.text or "").strip()
        elif tag == "Season":
            month = _first_month(child.text or "")
        elif tag == "Day":
            day = (child.text or "").strip()
            break  # hours and minutes follow
        elif tag == "MedlineDate":
            return printed_date(child.text or "")
    return partial_date(year, month, day)


def year_of(date: str) -> int | None:
    return int(date[:4]) if date else None
