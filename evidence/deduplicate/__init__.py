"""Records that describe one document become one report: prepare → block → match → cluster → merge.

Pure: nothing is read or written here but the decisions of a maintainer, and nothing is deleted; a merge says its rule.
"""

from __future__ import annotations

from collections.abc import Sequence

from evidence.deduplicate.decisions import load_decisions
from evidence.deduplicate.merge import merge_items, merge_records
from evidence.deduplicate.pipeline import deduplicate_items
from evidence.deduplicate.prepare import Item, prepare_record
from evidence.deduplicate.types import NO_DECISIONS, Decision, Decisions, Deduplication, Merge, Merged
from evidence.record import Record

__all__ = [
    "NO_DECISIONS",
    "Decision",
    "Decisions",
    "Deduplication",
    "Item",
    "Merge",
    "Merged",
    "deduplicate",
    "deduplicate_rows",
    "load_decisions",
    "merge_records",
    "prepare_record",
]


def deduplicate(records: Sequence[Record], decisions: Decisions = NO_DECISIONS) -> Deduplication:
    """Group the positions of ``records`` that describe one document; the order of the records changes nothing else."""
    items = [prepare_record(record) for record in records]

    def represent(positions: Sequence[int]) -> Item:
        return prepare_record(merge_records([records[position] for position in positions]).record)

    return deduplicate_items(items, represent, decisions)


def deduplicate_rows(items: Sequence[Item], decisions: Decisions = NO_DECISIONS) -> Deduplication:
    """The same for items prepared from rows (:func:`evidence.deduplicate.prepare.prepare_row`)."""
    return deduplicate_items(items, lambda positions: merge_items([items[p] for p in positions]), decisions)
