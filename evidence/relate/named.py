"""What the title of a notice or letter names: the titles, the DOIs and the place of what it is about."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.bibliography.normal import normal_doi, normal_pages, normal_title
from evidence.record import Record

MIN_WORDS = 5  # shorter titles recur and name nothing

_QUOTED = re.compile(r"[\"\u201c\u201d\u2018\u00ab](.{20,600}?)[\"\u201d\u2019\u00bb](?=\W|$)|'(.{20,600})'")
_AFTER = re.compile(
    r"^\W*(?:[\w' ]{0,40}?)\b(?:to|of|for|on|regarding|concerning|re|correction|erratum|corrigendum|retraction"
    r"|reply|response|comment|letter|article|traducido|translation|concern|withdrawn|retracted|addendum|notice)\b"
    r"\W*(?:the article\W*)?(.{20,})$",
    re.I,
)
_ENDING = re.compile(
    r"(?:[:.\u2013\u2014-]|'\s*-)\s*(?:(?:the )?authors?'?s?'? )?(?:(?:in )?reply|response|erratum|corrigendum"
    r"|correction|letter|comment|retraction(?: notice)?|expression of concern)\W*$",
    re.I,
)
_CITED = re.compile(r"\bet al\b\W*(?:\(?\d{4}\)?\W*)?(.{20,})$", re.I)
_MOST_BRACKETS, _LONGEST_BRACKET = 5, 400
_BRACKETED_END = re.compile(r"(?<!\s)\s*+[\[(][^\])]*[\])]?\W*$")
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\]]+")
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_FIRST_PAGE = r"(?P<page>[a-z]{0,3}\d[\w.]*)"
# How databases cite the article within the title of its notice.
_PLACES: tuple[tuple[str, str], ...] = (
    (
        "Web of Science: (vol 4, pg 1, 2019)",
        rf"\bvol\.? ?(?P<volume>\w+), (?:pgs?|pp?|art(?:icle)?(?: no)?)?\.? ?{_FIRST_PAGE}, {_YEAR}",
    ),
    ("Web of Science without a year: (vol 4, pg 1)", rf"\bvol\.? ?(?P<volume>\w+), (?:pgs?|pp?)\.? ?{_FIRST_PAGE}"),
    ("Web of Science without a page: (vol 4, 2019)", rf"\bvol\.? ?(?P<volume>\w+), {_YEAR}"),
    (
        "Elsevier: [Pain Studies 4 (2019) 1-8]",
        rf"\b(?P<volume>\d+)(?: ?\(\w+\)| ?[:C]\d*)? ?\({_YEAR}\),? {_FIRST_PAGE}",
    ),
    (
        "Scopus: (Pain Studies (2019) 4:2 (1-8))",
        rf"\({_YEAR}\),? ?(?P<volume>\d+)(?:[:,] ?[\w.-]+)?,? ?\({_FIRST_PAGE}",
    ),
    (
        "a citation: Pain Studies 2019;4(2):1-8",
        rf"\b{_YEAR}[^;()\[\]]{{0,12}}; ?(?P<volume>\d+)(?: ?\([^)]*\))?: ?{_FIRST_PAGE}",
    ),
)
_COMPILED_PLACES = tuple(re.compile(pattern, re.I) for _, pattern in _PLACES)


@dataclass(frozen=True, slots=True)
class Place:
    """Where the named article stands; ``""`` for what is not said. Digits only, without leading zeros."""

    volume: str = ""
    page: str = ""
    year: str = ""

    def contradicts(self, article: Record) -> bool:
        """Whether the article certainly stands elsewhere: two of volume, page and year differ, none of them agrees."""
        told = [
            (one, other) for one, other in zip(_parts(self), _parts(place_of(article)), strict=True) if one and other
        ]
        return len(told) > 1 and all(one != other for one, other in told)

    def agrees(self, article: Record) -> bool:
        """Whether volume and first page are the article's."""
        other = place_of(article)
        return bool(self.volume and self.page) and (self.volume, self.page) == (other.volume, other.page)


def _parts(place: Place) -> tuple[str, str, str]:
    return place.volume, place.page, place.year


def place_of(record: Record) -> Place:
    """The place of a record."""
    return Place(_number(record.volume), _number(normal_pages(record.pages)[0]), str(record.year or ""))


def _number(text: str) -> str:
    found = re.search(r"\d+", text)
    return found.group().lstrip("0") if found else ""


def named_place(title: str) -> Place | None:
    """The place that a title cites; ``None`` when it cites none."""
    for pattern in _COMPILED_PLACES:
        match = pattern.search(title)
        if match:
            said = match.groupdict()
            return Place(_number(said["volume"]), _number(said.get("page") or ""), said.get("year") or "")
    return None


def named_dois(title: str) -> list[str]:
    """The DOIs in a title, normal; a bracket that closes the citation is not theirs."""
    found = []
    for text in _DOI.findall(title) if "10." in title else ():
        while text.endswith((")", ".", ",", ";")) and (text[-1] != ")" or text.count("(") < text.count(")")):
            text = text[:-1]
        if doi := normal_doi(text):
            found.append(doi)
    return found


def named_titles(title: str) -> list[str]:
    """The titles, in normal form, that a notice's or letter's title may be naming, the likeliest first."""
    found = [part for groups in _QUOTED.findall(title) for part in groups if part]
    bare = _ENDING.sub("", title)
    for text in (bare, *_without_brackets(bare)):
        if text != title:
            found.append(text)
        match = _AFTER.match(text)
        while match:
            found.append(match.group(1))
            match = _AFTER.match(match.group(1))
        found += _CITED.findall(text)
        if ":" in text:
            found.append(text.split(":", 1)[1])
    normal = (normal_title(text) for text in found)
    return list(dict.fromkeys(text for text in normal if text.count(" ") + 1 >= MIN_WORDS))


def _without_brackets(title: str) -> Iterator[str]:
    """The title without what stands in brackets at its end, one bracket after the other; brackets may hold others."""
    text = title.rstrip(" .;,")
    for _ in range(_MOST_BRACKETS):
        if not text.endswith((")", "]")):
            break
        depth = 0
        for at in range(len(text) - 1, -1, -1):
            depth += (text[at] in ")]") - (text[at] in "([")
            if not depth:
                break
        else:
            break
        text = text[:at].rstrip(" .;,")
        yield text
    start = max(0, len(text) - _LONGEST_BRACKET)
    cut = text[:start] + _BRACKETED_END.sub("", text[start:])  # a bracket that was cut with the title
    if cut != text or cut != title:
        yield cut
