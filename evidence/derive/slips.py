"""What stays of a report between the passes of a build: a slip of about 1.5 kB, and its rows, both packed as bytes.

A slip has what later passes ask of every report or of some: its ids, when its records came, the card by which reports
are related, what reopens readings, and of the record what de-duplication compares and relating reads. Whatever needs
the whole record makes it again from the tracker.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from typing import Any, NamedTuple

from evidence.deduplicate.prepare import ABSTRACT_LENGTH
from evidence.derive.held import Report, names_of
from evidence.model import Scope
from evidence.packed import pack, unpack
from evidence.record import Author, Correction, Record, Section
from evidence.relate import Card, card_of
from evidence.relate.trial_links import Link, links_of
from evidence.tagging.types import Tags


class Arrived(NamedTuple):
    """One record of a report: where it came from and when. ``versions``: how many of it the tracker holds."""

    id: str
    source: str
    first_received: str
    last_received: str
    versions: int
    gone_since: str | None


class Grade(NamedTuple):
    """What reopens readings: the level of a report (``None``: not graded) and what it is about."""

    level: int | None
    on_topic: bool
    modalities: tuple[str, ...]
    outcomes: tuple[str, ...]
    conditions: tuple[str, ...]


# Of a record; authors, corrections and abstract are packed in their own way.
_PLAIN = (
    "source", "source_id", "pmid", "doi", "pmcid", "kind", "title", "vernacular_title", "journal",
    "journal_abbreviation", "year", "publication_date", "volume", "issue", "pages", "publication_types", "databanks",
    "url",
)  # fmt: skip


def pack_slip(report: Report) -> bytes:
    """The slip of a report, as bytes that :class:`Slip` reads."""
    record, tags = report.record, report.tags
    return pack(
        (
            report.id,
            names_of(report.held),
            [(h.id, h.source, h.first_received, h.last_received, h.versions, h.gone_since) for h in report.held],
            tuple(card_of(record)),
            report.gone_since,
            (tags.design.level, tags.scope != Scope.OFF_TOPIC, *map(tuple, _tagged(tags))),
            [getattr(record, name) for name in _PLAIN],
            [(a.family, a.given, a.initials, a.collective) for a in record.authors],
            [(c.ref_type, c.pmid, c.ref_source) for c in record.corrections],
            _compared_abstract(record),
            [tuple(link) for link in links_of(record, tags.design.protocol)],
        )
    )


def _tagged(tags: Tags) -> tuple[Iterable[str], ...]:
    return tags.modalities, tags.outcomes, tags.conditions


def _compared_abstract(record: Record) -> str | None:
    """As much of the abstract as de-duplication compares; ``None`` for a record without."""
    if not record.abstract:
        return None
    return " ".join(section.text[:ABSTRACT_LENGTH] for section in record.abstract)[:ABSTRACT_LENGTH]


class Slip:
    """A slip, read from bytes; its parts are made when they are asked for."""

    def __init__(self, content: bytes):
        self._parts: tuple[Any, ...] = unpack(content)

    @property
    def id(self) -> str:
        return self._parts[0]  # type: ignore[no-any-return]

    @property
    def names(self) -> list[str]:
        """Every id that was ever shown for the report's records."""
        return self._parts[1]  # type: ignore[no-any-return]

    @cached_property
    def records(self) -> list[Arrived]:
        return [Arrived(*parts) for parts in self._parts[2]]

    @property
    def card(self) -> Card:
        return Card(*self._parts[3])

    @property
    def gone_since(self) -> str | None:
        return self._parts[4]  # type: ignore[no-any-return]

    @property
    def grade(self) -> Grade:
        return Grade(*self._parts[5])

    @property
    def trial_links(self) -> list[Link]:
        """What the report is to each trial that it names."""
        return [Link(*parts) for parts in self._parts[10]]

    @property
    def first_seen(self) -> str:
        return min(arrived.first_received for arrived in self.records)

    @property
    def asked(self) -> str | None:
        """When PubMed last sent one of the report's records; ``None`` when it never did."""
        return max((arrived.last_received for arrived in self.records if arrived.source == "pubmed"), default=None)

    @cached_property
    def record(self) -> Record:
        """The record as far as de-duplication and relating read it: most of it is not there."""
        plain, authors, corrections, abstract = self._parts[6:10]
        return Record(
            **dict(zip(_PLAIN, plain, strict=True)),
            authors=[Author(family, given, initials, collective) for family, given, initials, collective in authors],
            corrections=[Correction(*parts) for parts in corrections],
            abstract=[] if abstract is None else [Section(abstract)],
        )
