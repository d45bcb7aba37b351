"""One representative of several records: the fullest, filled from the others, with the source of every field."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

from evidence.deduplicate.prepare import Item
from evidence.deduplicate.types import Merged
from evidence.record import Record

# Fields that belong together: volume and pages of one record with the year of another would cite nothing that exists.
PLACE_FIELDS = ("year", "publication_date", "volume", "issue", "pages")
JOURNAL_FIELDS = ("journal", "journal_abbreviation", "nlm_id", "issn", "issns")
ABSTRACT_FIELDS = ("abstract", "other_abstracts")
# Lists to which every record adds what the others do not have.
UNITED_FIELDS = ("databanks", "corrections", "merged_pmids", "history")
# What makes a record itself: never filled from another.
OWN_FIELDS = frozenset({"source", "source_id", "kind", "status", "indexing_method", "date_revised", "date_completed"})
# Whose word goes first when two records differ.
SOURCE_RANK = {"pubmed": 0, "starter": 1}

_EMPTY: tuple[Any, ...] = (None, "", [])


def merge_records(records: Sequence[Record]) -> Merged:
    """The representative of ``records`` (one or more), the same in whatever order they come.

    PubMed's record goes first, then the fullest. Place, journal and abstract are taken each from one record: the
    place from the first that has volume and pages, so that a record ahead of print takes the final one.
    """
    ranked = sorted(records, key=_rank)
    base = ranked[0]
    origin = {f.name: base.id for f in fields(Record) if getattr(base, f.name) not in _EMPTY}
    changes: dict[str, Any] = {}

    def take(record: Record, names: Sequence[str]) -> None:
        for name in names:
            value = getattr(record, name)
            changes[name] = value
            origin.pop(name, None)
            if value not in _EMPTY:
                origin[name] = record.id

    for group, complete in ((PLACE_FIELDS, _placed), (JOURNAL_FIELDS, _journal), (ABSTRACT_FIELDS, _abstract)):
        found = next((record for record in ranked if complete(record)), base)
        if found is not base:
            take(found, group)
    grouped = OWN_FIELDS.union(PLACE_FIELDS, JOURNAL_FIELDS, ABSTRACT_FIELDS, UNITED_FIELDS)
    for f in fields(Record):
        if f.name not in grouped and getattr(base, f.name) in _EMPTY:
            donor = next((record for record in ranked if getattr(record, f.name) not in _EMPTY), None)
            if donor:
                take(donor, (f.name,))
    for name in PLACE_FIELDS:  # a year where the record with the pages has none
        if changes.get(name, getattr(base, name)) in _EMPTY:
            donor = next((record for record in ranked if getattr(record, name) not in _EMPTY), None)
            if donor and name in ("year", "publication_date"):
                take(donor, (name,))
    for name in UNITED_FIELDS:
        united = _unite([getattr(record, name) for record in ranked])
        if united != getattr(base, name):
            changes[name] = united
            origin.setdefault(name, next(record.id for record in ranked if getattr(record, name)))
    return Merged(replace(base, **changes), origin)


def _rank(record: Record) -> tuple[Any, ...]:
    filled = sum(getattr(record, f.name) not in _EMPTY for f in fields(Record))
    return (
        SOURCE_RANK.get(record.source, 2), not record.pmid, not _placed(record), -filled,
        -len(record.abstract_text()), record.title, record.id,
    )  # fmt: skip


def _placed(record: Record) -> bool:
    return bool(record.volume and record.pages)


def _journal(record: Record) -> bool:
    return bool(record.journal)


def _abstract(record: Record) -> bool:
    return bool(record.abstract)


def _unite(lists: Sequence[list[Any]]) -> list[Any]:
    united: list[Any] = []
    for values in lists:
        united += [value for value in values if value not in united]
    return united


def merge_items(items: Sequence[Item]) -> Item:
    """The same for items that come without a :class:`Record` (rows of a CSV file)."""
    ranked = sorted(items, key=_item_rank)
    base = ranked[0]
    placed = next((item for item in ranked if item.volume and item.pages), base)

    def first(name: str) -> Any:
        return next((value for item in ranked if (value := getattr(item, name)) not in _EMPTY), getattr(base, name))

    return replace(
        base, authors=first("authors"), journal=first("journal"), doi=first("doi"), pmid=first("pmid"),
        abstract=first("abstract"), year=placed.year or first("year"), volume=placed.volume, issue=placed.issue,
        pages=placed.pages, corrected=frozenset().union(*(item.corrected for item in items)), 
        details=None, names=None, normal_abstract=None, keys=None,
    )  # fmt: skip


def _item_rank(item: Item) -> tuple[Any, ...]:
    filled = sum(
        bool(value) for value in (item.authors, item.journal, item.volume, item.pages, item.doi, item.abstract)
    )
    return (not item.pmid, not (item.volume and item.pages), -filled, -len(item.abstract), *item.content(), item.id)
