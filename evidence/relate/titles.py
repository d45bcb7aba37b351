"""What a paper was before and where else it stands, by titles and authors: preprints, protocols, twins in print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from evidence.bibliography.markers import is_preprint, kinds_of
from evidence.bibliography.normal import normal_journal, normal_title, plain
from evidence.record import Record
from evidence.relate.named import MIN_WORDS
from evidence.relate.shelf import Shelf, family, first_author
from evidence.relate.types import Relation

SIMILAR_TITLE = 88.0  # what a preprint's title keeps of its letters, words in any order
MOST_YEARS = 3  # between a preprint, a congress abstract or a protocol and the paper
MOST_ALIKE = 20  # reports under one title or first author that are compared
SHARED_AUTHORS = 0.5

_PROTOCOL = re.compile(
    r"\b(?:study|trial|review|research)? ?protocol (?:for|of) (?:an? |the )?"
    r"|[:,.]? ?(?:an? )?(?:study|trial|review|research)? ?protocol\b"
    r"|[:,.]? ?(?:study )?(?:rationale,? and )?design(?: and (?:rationale|methods))?(?: of (?:an? |the ))?"
)
_GUIDELINE = re.compile(
    r"guideline|recommendation|consensus|statement|position|practice (?:update|parameter)|standard|criteria"
)
_CONGRESS_PAGE = re.compile(r"^\s*[sapoSAPO]-?\d")


def title_relations(shelf: Shelf) -> Iterator[Relation]:
    """What papers were before (preprints, protocols, congress abstracts) and where else they stand."""
    for name, record in shelf.names.reports.items():
        if shelf.notices[name]:
            continue
        if is_early(record):
            yield from _early(shelf, name, record, "preprint")
        elif record.kind == "protocol" or "protocol" in kinds_of(record.title):
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


def _early(shelf: Shelf, name: str, record: Record, kind: str) -> Iterator[Relation]:
    """The papers that a preprint or congress abstract became: title alike, authors shared, not before it."""
    for other in _alike(shelf, name, record):
        paper = shelf.names.reports[other]
        if is_early(paper) or is_congress(paper) or paper.kind != "article" or not _follows(record, paper):
            continue
        if similar_titles(record.title, paper.title) and shared_authors(record, paper) >= SHARED_AUTHORS:
            yield Relation(name, other, kind, "title", "title and authors agree")


def _protocols(shelf: Shelf, name: str, record: Record) -> Iterator[Relation]:
    bare = _PROTOCOL.sub(" ", plain(record.title))
    for other in _alike(shelf, name, record):
        paper = shelf.names.reports[other]
        if (
            "protocol" in kinds_of(paper.title)
            or paper.kind != "article"
            or is_early(paper)
            or not _follows(record, paper)
        ):
            continue
        if similar_titles(bare, paper.title) and shared_authors(record, paper) >= SHARED_AUTHORS:
            yield Relation(name, other, "protocol", "title", "the title without the word protocol, and authors, agree")


def _alike(shelf: Shelf, name: str, record: Record) -> list[str]:
    """Reports worth comparing: those of the same title or first author."""
    titled, authored = shelf.by_title.get(normal_title(record.title), []), shelf.by_author[first_author(record)]
    found = [*titled[:MOST_ALIKE], *authored[:500]]
    return [other for other in dict.fromkeys(found) if other != name]


def _copublications(shelf: Shelf) -> Iterator[Relation]:
    """One text in several journals; the later ones point to the first."""
    for names in shelf.by_title.values():
        if not 1 < len(names) <= MOST_ALIKE:
            continue
        names = sorted(names, key=lambda n: (shelf.names.reports[n].publication_date or "9", n))
        for at, name in enumerate(names):
            record = shelf.names.reports[name]
            if record.kind != "article" or is_congress(record) or is_early(record):
                continue
            for first in names[:at]:
                other = shelf.names.reports[first]
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
    left, right = ({family(a.family or a.collective) for a in record.authors} - {""} for record in (one, other))
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def _follows(early: Record, late: Record) -> bool:
    return not early.year or not late.year or -1 <= late.year - early.year <= MOST_YEARS
