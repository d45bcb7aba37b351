"""Files of references into the tracker. Importing the same file twice changes nothing."""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, fields
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

from evidence.bibliography.normal import normal_title
from evidence.errors import InputError, UsageError
from evidence.exchange.fields import is_accession
from evidence.exchange.reading import Import, Problem, contents_of, read_records
from evidence.record import Record, from_json, to_json
from evidence.tracker.lists import LIST_FORMAT, NoticeList, read_list, store_list
from evidence.tracker.records import RECORD_JSON, Arrival, ImportLog, Tracker

_SOURCE_NAME = re.compile(r"[A-Za-z0-9][\w.+-]{0,63}")


@dataclass(slots=True)
class FileSummary:
    """What became of one file. ``entries`` = new + revised + unchanged + problems.

    ``conflicts``: entries that went in although another has their number under another title. ``unread``: tags or
    columns that nobody reads, with the number of entries that have them. ``notes``: what else has to be known.
    """

    file: str
    format: str = ""
    entries: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    problems: list[Problem] = field(default_factory=list)
    conflicts: list[Problem] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class ImportSummary:
    """What became of all files."""

    files: list[FileSummary] = field(default_factory=list)

    def total(self, name: str) -> int:
        """Sum over the files of ``entries``, ``new``, ``revised``, ``unchanged``, ``problems`` or ``conflicts``."""
        values = (getattr(summary, name) for summary in self.files)
        return sum(len(value) if isinstance(value, list) else value for value in values)

    def as_json(self) -> dict[str, Any]:
        names = ("entries", "new", "revised", "unchanged", "problems", "conflicts")
        return {"files": [asdict(summary) for summary in self.files]} | {name: self.total(name) for name in names}

    def text(self) -> str:
        """A line a file, a line for what nobody read, a line a problem or conflict (``file:line: reason``)."""
        lines = []
        for summary in self.files:
            lines.append(
                f"{summary.file}: {summary.entries} entries ({summary.format}): {summary.new} new, "
                f"{summary.revised} revised, {summary.unchanged} unchanged, {len(summary.problems)} not read"
            )
            told = sorted([*summary.problems, *summary.conflicts], key=lambda problem: problem.line)
            lines += [f"{summary.file}:{problem.line}: {problem.reason}" for problem in told]
            lines += [f"{summary.file}: {note}" for note in summary.notes]
            if summary.unread:
                names = ", ".join(f"{name} ({count})" for name, count in summary.unread.items())
                lines.append(f"{summary.file}: not read, with the number of entries that have it: {names}")
        return "\n".join(lines)


def import_files(tracker: Tracker, paths: Iterable[str | Path], source: str | None = None) -> ImportSummary:
    """Add the records of files. ``source`` names where they come from; without it, each file's format does.

    Every file is read before anything is stored. Raises :class:`InputError` for a file that is none of the known
    formats and :class:`UsageError` for a source name that is reserved or not a plain word.
    """
    check_source_name(source)
    read: list[tuple[str, bytes, Import | NoticeList]] = []
    for path in paths:
        data = contents_of(Path(path))
        try:
            listed = read_list(data)
            read.append((str(path), data, listed or read_records(data, source)))
        except InputError as error:
            raise InputError(error.reason, path, error.line) from error
    return ImportSummary(
        [
            _store_list(tracker, name, data, held)
            if isinstance(held, NoticeList)
            else _store(tracker, name, data, held, source)
            for name, data, held in read
        ]
    )


def _store_list(tracker: Tracker, name: str, data: bytes, held: NoticeList) -> FileSummary:
    """Notices are kept as the answers of services are: no record is made of them."""
    counts = store_list(tracker, held)
    summary = FileSummary(name, LIST_FORMAT, len(held.rows) + len(held.problems), problems=held.problems)
    summary.new, summary.revised = counts.new, counts.revised
    summary.unchanged = len(held.rows) - counts.new - counts.revised
    summary.notes = counts.notes
    shown = name.encode("utf-8", "backslashreplace").decode()
    digest = hashlib.sha256(data).hexdigest()
    tracker.add_import([], ImportLog(LIST_FORMAT, shown, digest, LIST_FORMAT, summary.entries, len(held.problems)))
    return summary


def check_source_name(source: str | None) -> None:
    """``pubmed`` is kept for what a refresh fetched: comparing ids against it must not be confused by files."""
    if source == "pubmed":
        raise UsageError("--source pubmed is kept for what 'evidence refresh' fetches: choose another name")
    if source is not None and not _SOURCE_NAME.fullmatch(source):
        raise UsageError(f"--source {source!r}: use letters, digits, '-', '_', '.' and '+' only, at most 64")


def _store(tracker: Tracker, name: str, data: bytes, imported: Import, source: str | None) -> FileSummary:
    summary = FileSummary(name, imported.format, imported.entries, problems=imported.problems, unread=imported.unread)
    records, summary.conflicts = distinct(imported.records, partial(_stored_title, tracker))
    digest = hashlib.sha256(data).hexdigest()
    shown = name.encode("utf-8", "backslashreplace").decode()  # a file's name may be no text: caf\xe9
    log = ImportLog(source or imported.format, shown, digest, imported.format, imported.entries, len(imported.problems))
    counts = tracker.add_import([_arrival(tracker, record) for record in records], log)
    summary.new, summary.revised = len(counts.new), len(counts.revised)
    summary.unchanged = len(counts.unchanged) + len(imported.records) - len(records)
    return summary


def _stored_title(tracker: Tracker, record_id: str) -> str:
    """The title under which a record id was imported before, ``""`` where it was not."""
    earlier = tracker.versions(record_id)
    return from_json(earlier[-1].content).title if earlier and earlier[-1].format == RECORD_JSON else ""


def distinct(
    records: Sequence[tuple[Record, int]], stored_title: Callable[[str], str] = lambda record_id: ""
) -> tuple[list[Record], list[Problem]]:
    """The records of a file (with their lines) under distinct ids, and what has to be told of them.

    Two entries with one accession are one record: the fuller stays. Where their titles are of two works, both stay,
    the later ones numbered, and it is told, since one of the numbers must be wrong; ``stored_title`` gives the title
    that an earlier import has under an id. Two that share a citation hash but differ (congress abstracts without
    pages) are two: the later ones, in the order of their content, are numbered.
    """
    groups: dict[str, dict[str, tuple[Record, int]]] = {}
    for record, line in records:
        if not is_accession(record.source_id, record.source):
            record.source_id = record.pmid or ""  # a number that means something in this file only
        groups.setdefault(record.id, {}).setdefault(to_json(record), (record, line))
    chosen: list[Record] = []
    conflicts: list[Problem] = []
    for versions in groups.values():
        first, _ = next(iter(versions.values()))
        if first.source_id:
            chosen += _by_title(versions, stored_title, conflicts)
            continue
        for position, text in enumerate(sorted(versions)):
            record, _ = versions[text]
            if position:
                record.source_id = f"{record.citation_hash()}-{position + 1}"
            chosen.append(record)
    return chosen, conflicts


def _by_title(
    versions: dict[str, tuple[Record, int]], stored_title: Callable[[str], str], conflicts: list[Problem]
) -> Iterator[Record]:
    """The fullest record of each work among entries with one accession, under ids of their own."""
    works: list[list[str]] = []
    for text in sorted(versions):
        title = versions[text][0].title
        work = next((work for work in works if not _other_work(versions[work[0]][0].title, title)), None)
        if work is None:
            works.append(work := [])
        work.append(text)
    given: dict[str, str] = {}
    for work in works:
        record, line = versions[max(work, key=lambda text: (len(text), text))]
        accession = record.source_id
        for number in count(1):
            record.source_id = accession if number == 1 else f"{accession}-{number}"
            known = given.get(record.id) or stored_title(record.id)
            if not known or not _other_work(known, record.title):
                break
            conflicts.append(Problem(line, _conflict(record, accession, known)))
        given[record.id] = record.title
        yield record


def _conflict(record: Record, accession: str, known: str) -> str:
    number = f"PMID {accession}" if accession == record.pmid else f"the accession number {accession}"
    return f"{number} of {record.title[:80]!r} is also that of {known[:80]!r}: both are kept, and one number is wrong"


def _other_work(title: str, other: str) -> bool:
    """Whether two titles share less than half of the words of the shorter one; without a title nothing tells."""
    one, two = set(normal_title(title).split()), set(normal_title(other).split())
    return bool(one and two) and len(one & two) * 2 < min(len(one), len(two))


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
