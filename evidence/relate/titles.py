"""What a paper was before and where else it stands, by titles and authors: preprints, protocols, twins in print."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz

from evidence.bibliography.markers import is_preprint
from evidence.bibliography.normal import normal_journal, normal_title, plain
from evidence.record import Record
from evidence.relate.named import MIN_WORDS
from evidence.relate.shelf import Shelf, family
from evidence.relate.types import Relation, Trait

SIMILAR_TITLE = 88.0  # what a preprint's title keeps of its letters, words in any order
MOST_YEARS = 3  # between a preprint, a congress abstract or a protocol and the paper
MOST_ALIKE, MOST_OF_AUTHOR = 20, 500  # reports under one title or first author that are compared
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
    for name, position in shelf.positions_having(Trait.EARLY | Trait.PROTOCOL | Trait.CONGRESS, notices=False):
        traits = Trait(shelf.traits[position])
        if Trait.EARLY in traits:
            yield from _early(shelf, name, "preprint")
        elif Trait.PROTOCOL in traits:
            yield from _protocols(shelf, name)
        else:
            yield from _early(shelf, name, "abstract")
    yield from _copublications(shelf)


def is_early(record: Record) -> bool:
    """Whether a record is a preprint."""
    return record.kind == "preprint" or is_preprint(record.doi, record.journal)


def is_congress(record: Record) -> bool:
    """Whether a record is a congress abstract: so called, or one page of a supplement."""
    if record.kind == "abstract":
        return True
    return bool(_CONGRESS_PAGE.match(record.pages)) and "suppl" in plain(record.issue + record.volume)


def _early(shelf: Shelf, name: str, kind: str) -> Iterator[Relation]:
    """The papers that a preprint or congress abstract became: title alike, authors shared, not before it."""
    record = shelf.reports[name]
    for other, paper in _papers(shelf, name, record, Trait.EARLY | Trait.CONGRESS):
        if similar_titles(record.title, paper.title) and shared_authors(record, paper) >= SHARED_AUTHORS:
            yield Relation(name, other, kind, "title", "title and authors agree")


def _protocols(shelf: Shelf, name: str) -> Iterator[Relation]:
    record = shelf.reports[name]
    bare = _PROTOCOL.sub(" ", plain(record.title))
    for other, paper in _papers(shelf, name, record, Trait.EARLY | Trait.PROTOCOL):
        if similar_titles(bare, paper.title) and shared_authors(record, paper) >= SHARED_AUTHORS:
            yield Relation(name, other, "protocol", "title", "the title without the word protocol, and authors, agree")


def _papers(shelf: Shelf, name: str, record: Record, no: Trait) -> Iterator[tuple[str, Record]]:
    """Articles of the same title or first author, not before the record and of no trait in ``no``."""
    for position in shelf.alike(record, MOST_ALIKE, MOST_OF_AUTHOR):
        traits = Trait(shelf.traits[position])
        if Trait.ARTICLE in traits and not traits & no and _follows(record.year, shelf.years[position]):
            other = shelf.ids[position]
            if other != name:
                yield other, shelf.reports[other]


def _copublications(shelf: Shelf) -> Iterator[Relation]:
    """One text in several journals; the later ones point to the first."""
    for titled in shelf.same_titles(MOST_ALIKE):
        names = sorted(titled, key=lambda n: (shelf.reports[n].publication_date or "9", n))
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
    left, right = ({family(a.family or a.collective) for a in record.authors} - {""} for record in (one, other))
    return len(left & right) / min(len(left), len(right)) if left and right else 0.0


def _follows(early: int | None, late: int | None) -> bool:
    return not early or not late or -1 <= late - early <= MOST_YEARS
