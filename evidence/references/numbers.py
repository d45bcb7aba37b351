"""Year, volume, issue and pages of a printed reference: one pattern for each way of printing them."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass

_YEAR = r"(?P<year>1[6-9]\d\d|20[0-4]\d)[a-z]?"
_VOLUME = r"(?P<volume>[A-Z]{0,3}\d{1,4}[A-Z]?(?:[-\u2010-\u2015]\d{1,4})?)"
_ISSUE = r"(?:\s*\(\s*(?P<issue>[^()]{1,24})\s*\)|\s+[Ss]uppl(?:ement)?\.?(?:\s+\d{1,2})?)"
_PAGE = r"(?P<first>[A-Za-z]{0,3}\.?\s?\d{1,7}[A-Za-z]?(?:\.\d+)?|[ivxl]{1,7}\b)"
_DASH = r"\s*(?:[-\u2010-\u2015\u2212]+|\bto\b)\s*"
_TO = rf"(?:{_DASH}(?P<last>[A-Za-z]{{0,3}}\d{{1,7}}|[ivxl]{{1,7}}\b))?"
_PP = r"(?:pp?\.?\s*|pages?\s+|article\s+|art\.\s*(?:no\.\s*)?)?"
_MONTH = r"(?:\s*[A-Z][a-z]{2,8}\.?(?:\s*[-/\u2013]\s*[A-Z][a-z]{2,8})?(?:\s+\d{1,2})?)?"
_BETWEEN = r"\s*[,;.]\s*"

# Tried in this order; the first that matches wins. What each one looks like stands before it.
_TAILS: tuple[str, ...] = (
    # vol. 38, no. 4, pp. 847-874   vol. 17, no. 6, 2014, pp. 515-50
    rf"\bvol(?:ume|\.)?\s*{_VOLUME}{_ISSUE}?(?:{_BETWEEN}(?:no|nr|number|issue|iss)\b\.?\s*(?P<number>[\w/-]+))?(?:[^\d]{{0,24}}{_YEAR})?{_BETWEEN}{_PP}{_PAGE}{_TO}",
    # 2007;31(4):259-67   2002 Aug;5(6 Suppl):S33-8   2009, 114:17301   1999, 31, 259-67
    rf"\b{_YEAR}{_MONTH}\s*[;,:.]?\s*{_VOLUME}{_ISSUE}?\s*[:,]\s*{_PP}{_PAGE}{_TO}",
    # 2018, 193-200, a year and pages without a volume
    rf"\b{_YEAR}\s*[,;:]\s*{_PP}(?P<first>[A-Za-z]?\d{{1,6}}){_DASH}(?P<last>[A-Za-z]?\d{{1,6}})(?!\s*[:,(]\s*\d)",
    # 38.4 (1994): 847-874
    rf"\b{_VOLUME}\.(?P<issue>[\w/-]{{1,8}})\s*\(\s*{_MONTH}\s*{_YEAR}\s*\)\s*[:,]\s*{_PP}{_PAGE}{_TO}",
    # Chicago: 23, no. 2 (2022): 201-12   23, no. 2 (March 2022): 201-12
    rf"\b{_VOLUME}\s*,\s*[Nn]o\.\s*(?P<number>[\w/-]{{1,8}})\s*\(\s*(?:[A-Z][a-z]+\.?\s+)?{_YEAR}\s*\)\s*[:,]\s*{_PP}{_PAGE}{_TO}",
    # 10 (2015) 15   38(4) (1994) 847-874
    rf"\b{_VOLUME}{_ISSUE}?\s*[,.]?\s*\(\s*{_MONTH}\s*{_YEAR}\s*\)\s*[:,]?\s*{_PP}{_PAGE}{_TO}",
    # 10, 15 (2015)   7, 13116-9 (2016)
    rf"\b{_VOLUME}{_ISSUE}?\s*[,:]\s*{_PP}{_PAGE}{_TO}\s*[,.]?\s*\(\s*{_MONTH}\s*{_YEAR}\s*\)",
    # 1994. 38. 4. 847-874 (fields apart)
    rf"\b{_YEAR}\.\s*{_VOLUME}\.\s*(?P<issue>[^.\s]{{1,12}})?\s*\.\s*{_PAGE}{_TO}\s*$",
    # 38 (4) (July): 847   38(4), 847-874   57:1-9   4, 161 -190
    rf"\b{_VOLUME}{_ISSUE}?(?:\s*\([A-Z][a-z]+[^()]{{0,12}}\))\s*:\s*{_PP}{_PAGE}{_TO}",
    rf"\b{_VOLUME}{_ISSUE}?\s*[:,]\s*{_PP}{_PAGE}{_TO}",
    # no volume: pp. 15-28
    rf"\b(?:pp?\.|pages?)\s*{_PAGE}{_TO}",
    # a range of pages alone
    r"(?<![\d.])(?P<first>[A-Za-z]?\d{1,6})\s*[-\u2010-\u2015]+\s*(?P<last>[A-Za-z]?\d{1,6})(?!\d)",
    # AIP without a volume: Journal 293 (1975).  Elsevier: (1975) 293.
    rf"\s(?P<first>\d{{1,6}})\s*\(\s*{_YEAR}\s*\)",
    rf"\(\s*{_YEAR}\s*\)\s*(?P<first>\d{{1,6}})\b",
    # a volume alone: 2016, 7.   Vol. 3 No. 2
    rf"\b{_YEAR}\s*[,;]\s*(?P<volume>\d{{1,4}})\s*\.?\s*$",
    rf"\bvol(?:ume|\.)?\s*{_VOLUME}",
)
_PATTERNS = tuple(re.compile(pattern, re.I if "vol(" in pattern else 0) for pattern in _TAILS)
# Where the year is looked for when the tail has none: the surest place first.
_YEARS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"\(\s*[^()\d]{{0,16}}{_YEAR}[^()]{{0,14}}\)",
        rf"\b{_YEAR}{_MONTH}\s*;",
        rf"[.,]\s*{_YEAR}\s*[.,:;]",
        rf"\b{_YEAR}\b",
    )
)
_DASHES = re.compile(r"[\u2010-\u2015]")


@dataclass(frozen=True, slots=True)
class Numbers:
    """``start`` to ``end``: where volume and pages stand, ``None`` without any; ``year_span``: the year's place."""

    year: int | None = None
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""
    start: int | None = None
    end: int | None = None
    year_span: tuple[int, int] | None = None


def parse_numbers(text: str) -> Numbers:
    """The numbers of a reference from which identifiers have been blanked out."""
    match = _tail(text)
    groups = match.groupdict() if match else {}
    year_match = match if groups.get("year") else _year(text, match.span() if match else (0, 0))
    year_span = year_match.span("year") if year_match else None
    year = int(year_match.group("year")) if year_match else None
    if match is None:
        return Numbers(year=year, year_span=year_span)
    return Numbers(
        year=year,
        volume=_DASHES.sub("-", groups.get("volume") or ""),
        issue=(groups.get("issue") or groups.get("number") or "").strip(),
        first_page=_page(groups.get("first")),
        last_page=_page(groups.get("last")),
        start=match.start(),
        end=match.end(),
        year_span=year_span,
    )


def _tail(text: str) -> re.Match[str] | None:
    """The last match of the first pattern that matches; a later place is likelier than one inside a title."""
    for pattern in _PATTERNS:
        matches = deque(pattern.finditer(text), maxlen=1)
        if matches:
            return matches[0]
    return None


def _year(text: str, taken: tuple[int, int]) -> re.Match[str] | None:
    for pattern in _YEARS:
        for match in pattern.finditer(text):
            start, end = match.span("year")
            if end <= taken[0] or start >= taken[1]:
                return match
    return None


def _page(printed: str | None) -> str:
    return (printed or "").replace(" ", "").replace(".", "").lower()
