"""Titles that name another report: errata, retractions, replies, comments, translations, preprints, twins in print."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from evidence.markers import is_preprint, kinds_of, notice_of
from evidence.normal import normal_journal, normal_title, plain
from evidence.record import Record
from evidence.relate.kinds import NOTICES, TITLE_KINDS
from evidence.relate.types import Relation

MIN_WORDS = 5  # shorter titles recur and name nothing
SIMILAR_TITLE = 88.0  # what a preprint's title keeps of its letters, words in any order
MOST_YEARS = 3  # between a preprint, a congress abstract or a protocol and the paper
MOST_ALIKE = 20  # reports under one title or first author that are compared
SHARED_AUTHORS = 0.5
START_WORDS = 8  # of a title that a letter names in part

_QUOTED = re.compile(r"[\"\u201c\u201d\u2018\u00ab](.{20,}?)[\"\u201d\u2019\u00bb](?=\W|$)|'(.{20,})'")
_AFTER = re.compile(
    r"^\W*(?:[\w' ]{0,40}?)\b(?:to|of|for|on|regarding|concerning|re|correction|erratum|corrigendum|retraction"
    r"|reply|response|comment|letter|article|traducido|translation|concern|withdrawn|retracted)\b"
    r"\W*(?:the article\W*)?(.{20,})$",
    re.I,
)
_ENDING = re.compile(
    r"(?:[:.\u2013\u2014-]|'\s*-)\s*(?:(?:the )?authors?'?s?'? )?(?:(?:in )?reply|response|erratum|corrigendum"
    r"|correction|letter|comment|retraction(?: notice)?|expression of concern)\W*$",
    re.I,
)
_CITED = re.compile(r"\bet al\b\W*(?:\(?\d{4}\)?\W*)?(.{20,})$", re.I)
_BRACKETED_END = re.compile(r"\s*[\[(][^\])]*[\])]?\W*$")
_PROTOCOL = re.compile(
    r"\b(?:study|trial|review|research)? ?protocol (?:for|of) (?:an? |the )?"
    r"|[:,.]? ?(?:an? )?(?:study|trial|review|research)? ?protocol\b"
    r"|[:,.]? ?(?:study )?(?:rationale,? and )?design(?: and (?:rationale|methods))?(?: of (?:an? |the ))?"
)
_GUIDELINE = re.compile(
    r"guideline|recommendation|consensus|statement|position|practice (?:update|parameter)|standard|criteria"
)
_CONGRESS_PAGE = re.compile(r"^\s*[sapoSAPO]-?\d")


@dataclass(slots=True)
class _Shelf:
    """Reports by title and by first author."""

    reports: Mapping[str, Record]
    by_title: dict[str, list[str]]
    by_author: dict[str, list[str]]
    by_start: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


def title_relations(reports: Mapping[str, Record]) -> Iterator[Relation]:
    """Relations that titles, authors and journals show, in the order of ``reports``."""
    shelf = _Shelf(reports, defaultdict(list), defaultdict(list))
    for name, record in reports.items():
        if not notice_of(record.title):
            title = normal_title(record.title)
            if title.count(" ") + 1 >= MIN_WORDS:
                shelf.by_title[title].append(name)
                shelf.by_start[_start(title)].append(name)
            shelf.by_author[_first(record)].append(name)
    for name, record in reports.items():
        notice = notice_of(record.title)
        if notice:
            yield from _named(shelf, name, record, TITLE_KINDS[notice])
            continue
        kinds = kinds_of(record.title)
        if "translation" in kinds:
            yield from _named(shelf, name, record, "translation")
        if is_early(record):
            yield from _early(shelf, name, record, "preprint")
        elif "protocol" in kinds or record.kind == "protocol":
            yield from _protocols(shelf, name, record)
        elif is_congress(record):
            yield from _early(shelf, name, record, "abstract")
    yield from _copublications(shelf)


def is_early(record: Record) -> bool:
    """Whether a record is a preprint."""
    return record.kind == "preprint" or is_preprint(record.doi, record.journal)


def is_congress(record: Record) -> bool:
    """Whether a record is a congress abstract: so called, or one page of a supplement."""
    if record.kind == "abstract":
        return True
    return bool(_CONGRESS_PAGE.match(record.pages)) and "suppl" in plain(record.issue + record.volume)


def _named(shelf: _Shelf, name: str, record: Record, kind: str) -> Iterator[Relation]:
    """The reports whose title stands inside this one's."""
    for title in named_titles(record.title):
        found = [other for other in shelf.by_title.get(title, ()) or _begun(shelf, title) if other != name]
        found = [other for other in found if _plausible(record, shelf.reports[other], kind)]
        if kind in NOTICES and len(found) > 1:
            return  # two reports under one title: nobody is called retracted on a guess
        for other in found[:MOST_ALIKE]:
            yield Relation(name, other, kind, "title", f"its title names {shelf.reports[other].title!r}")
        if found:
            return


def _start(title: str) -> str:
    return " ".join(title.split()[:START_WORDS])


def _begun(shelf: _Shelf, title: str) -> list[str]:
    """Reports whose title is this one without its end, or this one without theirs: letters cut what they name."""
    if title.count(" ") + 1 < START_WORDS:
        return []
    titles = {other: normal_title(shelf.reports[other].title) for other in shelf.by_start.get(_start(title), ())}
    return [name for name, whole in titles.items() if whole.startswith(title) or title.startswith(whole)]


def named_titles(title: str) -> list[str]:
    """The titles, in normal form, that a notice's or letter's title may be naming, the likeliest first."""
    found = [part for groups in _QUOTED.findall(title) for part in groups if part]
    bare = _ENDING.sub("", title)
    for text in (bare, _BRACKETED_END.sub("", bare)):
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


def _plausible(notice: Record, article: Record, kind: str) -> bool:
    """A notice, comment or reply stands in the journal of its article or shares authors; a translation shares them."""
    if notice.year and article.year and notice.year < article.year - 1:
        return False
    journal = bool(notice.journal) and normal_journal(notice.journal) == normal_journal(article.journal)
    if kind == "translation":
        return shared_authors(notice, article) >= SHARED_AUTHORS
    return journal or shared_authors(notice, article) >= SHARED_AUTHORS


def _early(shelf: _Shelf, name: str, record: Record, kind: str) -> Iterator[Relation]:
    """The papers that a preprint or congress abstract became: title alike, authors shared, not before it."""
    for other in _alike(shelf, name, record):
        paper = shelf.reports[other]
        if is_early(paper) or is_congress(paper) or paper.kind != "article" or not _follows(record, paper):
            continue
        if similar_titles(record.title, paper.title) and shared_authors(record, paper) >= SHARED_AUTHORS:
            yield Relation(name, other, kind, "title", "title and authors agree")


def _protocols(shelf: _Shelf, name: str, record: Record) -> Iterator[Relation]:
    bare = _PROTOCOL.sub(" ", plain(record.title))
    for other in _alike(shelf, name, record):
        paper = shelf.reports[other]
        if (
            "protocol" in kinds_of(paper.title)
            or paper.kind != "article"
            or is_early(paper)
            or not _follows(record, paper)
        ):
            continue
        if similar_titles(bare, paper.title) and shared_authors(record, paper) >= SHARED_AUTHORS:
            yield Relation(name, other, "protocol", "title", "the title without the word protocol, and authors, agree")


def _alike(shelf: _Shelf, name: str, record: Record) -> list[str]:
    """Reports worth comparing: those of the same title or first author."""
    found = [*shelf.by_title.get(normal_title(record.title), ())[:MOST_ALIKE], *shelf.by_author[_first(record)][:500]]
    return [other for other in dict.fromkeys(found) if other != name]


def _copublications(shelf: _Shelf) -> Iterator[Relation]:
    """One text in several journals; the later ones point to the first."""
    for names in shelf.by_title.values():
        if not 1 < len(names) <= MOST_ALIKE:
            continue
        names = sorted(names, key=lambda n: (shelf.reports[n].publication_date or "9", n))
        for at, name in enumerate(names):
            record = shelf.reports[name]
            if record.kind != "article" or is_congress(record) or is_early(record):
                continue
            for first in names[:at]:
                other = shelf.reports[first]
                if (
                    other.kind == "article"
                    and not is_congress(other)
                    and not is_early(other)
                    and _copied(record, other)
                ):
                    what = "guideline" if _GUIDELINE.search(plain(record.title)) else "article"
                    yield Relation(name, first, "copublication", "title", f"the same {what} in another journal")
                    break


def _copied(one: Record, other: Record) -> bool:
    journals = normal_journal(one.journal) != normal_journal(other.journal)
    close = abs((one.year or 0) - (other.year or 0)) <= 1
    return journals and close and shared_authors(one, other) >= 0.8


def similar_titles(one: str, other: str) -> bool:
    """Whether two titles have nearly the same words, in any order."""
    left, right = normal_title(one), normal_title(other)
    return left == right or (left.count(" ") >= MIN_WORDS - 1 and fuzz.token_sort_ratio(left, right) >= SIMILAR_TITLE)


def shared_authors(one: Record, other: Record) -> float:
    """Part of the shorter author list that stands in the longer, by family names; 0 when one has none."""
    left, right = ({_family(a.family or a.collective) for a in record.authors} - {""} for record in (one, other))
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def _follows(early: Record, late: Record) -> bool:
    return not early.year or not late.year or -1 <= late.year - early.year <= MOST_YEARS


def _first(record: Record) -> str:
    return _family(record.authors[0].family or record.authors[0].collective) if record.authors else ""


def _family(name: str) -> str:
    return "".join(c for c in plain(name) if c.isalnum())
