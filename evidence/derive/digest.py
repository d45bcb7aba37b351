"""Records as the tracker holds them → what a build keeps of the report that they make."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import zstandard

from evidence.deduplicate import Merge, prepare_record
from evidence.deduplicate.columns import Row as Compared
from evidence.deduplicate.columns import row_of
from evidence.derive.held import Report, hold, make_report
from evidence.derive.reference_rows import reference_rows
from evidence.derive.rows import Row, detail_rows, record_rows, report_row
from evidence.derive.slips import pack_slip
from evidence.derive.tag_tables import tag_rows
from evidence.packed import pack, unpack
from evidence.relate import Related
from evidence.tagging import HandTags, Tagger, Vocabulary
from evidence.tagging.statements.values import values as stated_values
from evidence.tracker import Archive, Stored

# Packs rows to 60% in 40 µs a record; level 1 to 50% in 85.
_LEVEL = -1
_UNPACKER = zstandard.ZstdDecompressor()
_PLAIN = frozenset((str, int, float, bool, type(None)))
# Records of one report, in order of arrival, and the merges between them by their places in that order.
Members = tuple[Sequence[Stored], list[Merge]]
# Table → its columns, and the values of a report's rows.
Tables = dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]]


@dataclass(slots=True)
class Digest:
    """What is kept of a report: its slip, its rows, and what blocking compares where it is one record's."""

    slip: bytes
    rows: bytes
    compared: Compared | None = None


class Digester:
    """Parses, merges, tags and packs. A process has its own."""

    def __init__(self, vocabulary: Vocabulary, archive: Archive):
        self._tagger = Tagger(vocabulary)
        self._archive = archive
        self._known = {facet: set(tags) for facet, tags in vocabulary.tags.items()}
        self._known |= {facet: set(values) for facet, values in stated_values().items()}
        self._labels = {tag.id: tag.label for tag in vocabulary.tags["design"].values()}
        self._packer = zstandard.ZstdCompressor(level=_LEVEL)

    def record(self, stored: Stored) -> Digest:
        """The digest of a record by itself. Raises :class:`StorageError` when it cannot be read any more."""
        report = self._report([stored], [])
        return self._digest(report, row_of(prepare_record(report.record)))

    def report(
        self, members: Members, id: str | None = None, hand_tags: HandTags | None = None, names: Iterable[str] = ()
    ) -> Digest:
        """The digest of the report that records make; ``id`` where it may not have the one that they give, and with
        ``hand_tags`` what maintainers say of a report that is known by ``names``."""
        report = self._report(*members, id)
        if hand_tags:
            report.hand = hand_tags.apply(names, report.tags)
        return self._digest(report)

    def _report(self, stored: Sequence[Stored], merges: list[Merge], id: str | None = None) -> Report:
        return make_report([hold(s, self._archive) for s in stored], merges, self._tagger.tag, id)

    def _digest(self, report: Report, compared: Compared | None = None) -> Digest:
        tables: dict[str, tuple[tuple[str, ...], list[tuple[Any, ...]]]] = {}
        for table, row in self._rows(report):
            if table not in tables:
                tables[table] = (tuple(row), [])
            tables[table][1].append(_plain(tuple(row.values())))
        return Digest(pack_slip(report), self._packer.compress(pack(tables)), compared)

    def _rows(self, report: Report) -> Iterable[Row]:
        """The rows of a report, as far as they do not depend on others: see :func:`rows.settle`."""
        yield "reports", report_row(report, Related(), None, self._labels)
        yield from detail_rows(report)
        yield from record_rows(report)
        yield from tag_rows(report, self._known)
        yield from reference_rows(report)


def _plain(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """Values that can be packed: a member of an enumeration is its text."""
    if _PLAIN.issuperset(map(type, values)):
        return values
    return tuple(str(value) if isinstance(value, str) else value for value in values)


def unpack_rows(rows: bytes) -> Tables:
    """The rows of a digest."""
    tables: Tables = unpack(_UNPACKER.decompress(rows))
    return tables
