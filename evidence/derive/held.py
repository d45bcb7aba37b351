"""A record as the tracker holds it, and the reports that records make."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from evidence.deduplicate import Merge, merge_records
from evidence.errors import StorageError
from evidence.exchange.pubmed import parse_record
from evidence.record import Record, from_json
from evidence.tagging.hand_tags import HandTag
from evidence.tagging.types import Tags
from evidence.tracker import RECORD_JSON, Archive, Stored

TagFunction = Callable[[Record], Tags]


@dataclass(slots=True)
class Held:
    """A record that the tracker holds, and when it came."""

    id: str
    source: str
    source_id: str
    record: Record
    first_received: str
    last_received: str
    versions: int
    gone_since: str | None


@dataclass(slots=True)
class Report:
    """One document: its records in order of arrival, what they say together, and its tags."""

    id: str
    record: Record
    held: list[Held]
    tags: Tags
    fields: dict[str, str] = field(default_factory=dict)
    merges: list[Merge] = field(default_factory=list)
    gone_since: str | None = None
    hand: list[HandTag] = field(default_factory=list)

    @property
    def first_seen(self) -> str:
        return min(held.first_received for held in self.held)


def decode(content: bytes, format: str, references: bool = False) -> Record:
    """The record in a stored version, with its reference list where it is asked for."""
    return from_json(content) if format == RECORD_JSON else parse_record(content, references)


def hold(stored: Stored, archive: Archive) -> Held:
    """A stored record, parsed. Raises :class:`StorageError` when its version cannot be read any more."""
    try:
        record = decode(archive.unpack(stored.packed), stored.format, references=True)
    except (ValueError, TypeError) as error:
        raise StorageError(
            f"the tracker's copy of {stored.id} cannot be read ({error}); run 'evidence verify'"
        ) from error
    record.source, record.source_id = stored.source, stored.source_id
    return Held(
        id=stored.id,
        source=stored.source,
        source_id=stored.source_id,
        record=record,
        first_received=stored.first_received,
        last_received=stored.last_received,
        versions=stored.versions,
        gone_since=stored.gone_since,
    )


def make_report(held: list[Held], merges: list[Merge], tag: TagFunction, id: str | None = None) -> Report:
    """The report of these records: one as it came, several merged. Its tags are those of what they say together.

    ``merges`` have positions within ``held``; ``id`` is for a report that may not have the one its records give.
    """
    gone = [h.gone_since for h in held if h.gone_since is not None]
    gone_since = max(gone) if len(gone) == len(held) else None
    record, fields = held[0].record, dict[str, str]()
    if len(held) > 1:
        merged = merge_records([h.record for h in held])
        record, fields = merged.record, merged.fields
    return Report(id or report_id(held), record, held, tag(record), fields, merges, gone_since)


def report_id(held: Sequence[Held]) -> str:
    """The lowest PMID that PubMed still has, else the lowest PMID, else the first-received record's id.

    So an id needs no memory: the same records give the same id, whatever was built before.
    """
    with_pmid = [h for h in held if h.record.pmid]
    still_there = [h for h in with_pmid if h.gone_since is None]
    numbers = [int(h.record.pmid or 0) for h in still_there or with_pmid]
    if numbers:
        return str(min(numbers))
    return min(held, key=lambda h: (h.first_received, h.id)).id


def names_of(held: Iterable[Held]) -> list[str]:
    """Every id that was ever shown for these records: their own, PMIDs, DOIs and PMC numbers."""
    names = (
        name
        for h in held
        for name in (h.id, h.record.pmid, *h.record.merged_pmids, h.record.doi, h.record.pmcid)
        if name
    )
    return list(dict.fromkeys(names))
