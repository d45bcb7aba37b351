"""Files of references into the tracker. Importing the same file twice changes nothing."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from evidence.errors import InputError, UsageError
from evidence.exchange import Import, Problem, read_records
from evidence.exchange.fields import is_accession
from evidence.exchange.reading import contents_of
from evidence.record import Record, from_json, to_json
from evidence.tracker.records import RECORD_JSON, Arrival, ImportLog, Tracker

_SOURCE_NAME = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}")


@dataclass(slots=True)
class FileSummary:
    """What became of one file. ``entries`` = new + revised + unchanged + problems."""

    file: str
    format: str = ""
    entries: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)


@dataclass(slots=True)
class ImportSummary:
    """What became of all files."""

    files: list[FileSummary] = field(default_factory=list)

    def total(self, name: str) -> int:
        """Sum over the files of ``entries``, ``new``, ``revised``, ``unchanged`` or ``problems``."""
        values = (getattr(summary, name) for summary in self.files)
        return sum(len(value) if isinstance(value, list) else value for value in values)

    def as_json(self) -> dict[str, Any]:
        names = ("entries", "new", "revised", "unchanged", "problems")
        return {"files": [asdict(summary) for summary in self.files]} | {name: self.total(name) for name in names}

    def text(self) -> str:
        """A line a file, a line a problem (``file:line: reason``)."""
        lines = []
        for summary in self.files:
            lines.append(
                f"{summary.file}: {summary.entries} entries ({summary.format}): {summary.new} new, "
                f"{summary.revised} revised, {summary.unchanged} unchanged, {len(summary.problems)} not read"
            )
            lines += [f"{summary.file}:{problem.line}: {problem.reason}" for problem in summary.problems]
        return "\n".join(lines)


def import_files(tracker: Tracker, paths: Iterable[str | Path], source: str | None = None) -> ImportSummary:
    """Add the records of files. ``source`` names where they come from; without it, each file's format does.

    Every file is read before anything is stored. Raises :class:`InputError` for a file that is none of the known
    formats and :class:`UsageError` for a source name that is reserved or not a plain word.
    """
    check_source_name(source)
    read = []
    for path in paths:
        data = contents_of(Path(path))
        try:
            read.append((str(path), data, read_records(data, source)))
        except InputError as error:
            raise InputError(error.reason, path, error.line) from error
    return ImportSummary([_store(tracker, name, data, imported, source) for name, data, imported in read])


def check_source_name(source: str | None) -> None:
    """``pubmed`` is kept for what a refresh fetched: comparing ids against it must not be confused by files."""
    if source == "pubmed":
        raise UsageError("--source pubmed is kept for what 'evidence refresh' fetches: choose another name")
    if source is not None and not _SOURCE_NAME.fullmatch(source):
        raise UsageError(f"--source {source!r}: use letters, digits, '-', '_', '.' and '+' only, at most 64")


def _store(tracker: Tracker, name: str, data: bytes, imported: Import, source: str | None) -> FileSummary:
    summary = FileSummary(name, imported.format, imported.entries, problems=imported.problems)
    records, repeated = distinct([record for record, _ in imported.records])
    digest = hashlib.sha256(data).hexdigest()
    log = ImportLog(source or imported.format, name, digest, imported.format, imported.entries, len(imported.problems))
    counts = tracker.add_import([_arrival(tracker, record) for record in records], log)
    summary.new, summary.revised = len(counts.new), len(counts.revised)
    summary.unchanged = len(counts.unchanged) + repeated
    return summary


def distinct(records: Sequence[Record]) -> tuple[list[Record], int]:
    """The records of a file under distinct ids, and how many were repeated.

    Two entries with one accession are one record: the fuller stays. Two that share a citation hash but differ
    (congress abstracts without pages) are two: the later ones, in the order of their content, are numbered.
    """
    groups: dict[str, dict[str, Record]] = {}
    for record in records:
        if record.source_id and not (record.pmid or is_accession(record.source_id, record.source)):
            record.source_id = ""  # a number that means something in this file only
        groups.setdefault(record.id, {}).setdefault(to_json(record), record)
    chosen: list[Record] = []
    for versions in groups.values():
        first = next(iter(versions.values()))
        if first.source_id:
            chosen.append(versions[max(versions, key=lambda text: (len(text), text))])
            continue
        for position, text in enumerate(sorted(versions)):
            record = versions[text]
            if position:
                record.source_id = f"{record.citation_hash()}-{position + 1}"
            chosen.append(record)
    return chosen, len(records) - len(chosen)


def _arrival(tracker: Tracker, record: Record) -> Arrival:
    """The record as it is stored: what an earlier import knew and this one leaves out stays."""
    earlier = tracker.versions(record.id)
    if earlier and earlier[-1].format == RECORD_JSON:
        record = filled(record, from_json(earlier[-1].content))
    content = to_json(record).encode()
    digest = hashlib.sha256(content).hexdigest()[:32]
    return Arrival(record.id, record.source, record.source_id, record.pmid, RECORD_JSON, content, digest)


def filled(record: Record, earlier: Record) -> Record:
    """A record whose empty fields are taken from an earlier version of it."""
    result = copy.copy(record)
    for item in fields(Record):
        if getattr(result, item.name) in (None, "", []):
            setattr(result, item.name, getattr(earlier, item.name))
    if not record.publication_types:
        result.kind = earlier.kind  # told by the types, which this version left out
    return result
