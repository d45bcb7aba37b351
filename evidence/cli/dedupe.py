"""``evidence dedupe``: exported files in, ``record_id,cluster_id`` out, without a project.

A CSV file with the documented columns is streamed and its abstracts are cut as they come, which keeps 33,000 records
under 200 MB; anything else goes through :mod:`evidence.exchange`.
"""

from __future__ import annotations

import csv
import gzip
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evidence.deduplicate import Deduplication, deduplicate_rows
from evidence.deduplicate.prepare import Item, prepare_record, prepare_row
from evidence.errors import InputError, StorageError

COLUMNS = frozenset("record_id title abstract authors year journal volume number pages doi pmid source".split())
# Columns of labelled sets that this command must not look at: they are the answer.
ANSWERS = frozenset({"true_cluster_id", "related_id"})


@dataclass(slots=True)
class Summary:
    """What was read and found; ``log`` has a line for everything skipped, renamed or left apart."""

    files: int
    records: int
    clusters: int
    problems: int
    output: Path
    log: list[str] = field(default_factory=list)

    def text(self) -> str:
        """One line for the terminal."""
        skipped = f", {self.problems:,} entries could not be read" if self.problems else ""
        return (
            f"{self.records:,} records are {self.clusters:,} documents "
            f"({self.records - self.clusters:,} duplicates{skipped}): {self.output}"
        )


def dedupe_files(paths: Sequence[Path], output: Path) -> Summary:
    """De-duplicate the records of ``paths`` and write ``record_id,cluster_id`` to ``output``, in the order read.

    Ids are those given (``record_id``, PMID, accession number); ``file:line`` where there is none. When two files give
    one id, every id of those files is written ``file:id``. ``cluster_id`` is the id of the cluster's first record.
    Raises ``InputError`` for a file that cannot be read or that gives one ``record_id`` twice.
    """
    items: list[Item] = []
    names: list[str] = []
    log: list[str] = []
    problems = 0
    for path in paths:
        read, missed = _read(path, log)
        items += read
        names += [path.name] * len(read)
        problems += missed
    ids = _unique_ids(items, names, log)
    found = deduplicate_rows(items)
    _write(output, ids, found)
    return Summary(len(paths), len(items), len(found.clusters), problems, output, log + found.log)


def _read(path: Path, log: list[str]) -> tuple[list[Item], int]:
    try:
        return list(_rows(path)), 0
    except _NotPlainError:
        return _imported(path, log)


class _NotPlainError(Exception):
    """The file is not a UTF-8 CSV file with the documented columns, or has a row that is broken."""


def _rows(path: Path) -> Iterator[Item]:
    """Items of a plain CSV file, one row at a time."""
    try:
        with path.open("rb") as raw:
            zipped = raw.peek(2)[:2] == b"\x1f\x8b"
            binary = gzip.GzipFile(fileobj=raw) if zipped else raw
            with io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as text:
                yield from _table(csv.reader(text), path)
    except FileNotFoundError as error:
        raise InputError("no such file", path) from error
    except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile) as error:
        raise _NotPlainError from error
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from error


def _table(reader: Iterator[list[str]], path: Path) -> Iterator[Item]:
    csv.field_size_limit(1 << 30)
    header = [name.strip().lower() for name in next(reader, [])]
    header_known = COLUMNS.union(ANSWERS).issuperset(header)
    if "title" not in header or "record_id" not in header or not header_known:
        raise _NotPlainError
    columns = [(name, at) for at, name in enumerate(header) if name not in ANSWERS]
    width = len(header)
    lines: dict[str, int] = {}
    for number, row in enumerate(reader, 2):
        if not row:
            continue
        if len(row) != width:
            raise _NotPlainError
        item = prepare_row({name: row[at] for name, at in columns})
        if not item.id:
            item.id = f"{path.name}:{number}"
        if item.id in lines:
            raise InputError(
                f"record_id {item.id!r} stands in rows {lines[item.id]} and {number}: ids must differ", path, number
            )
        lines[item.id] = number
        yield item


def _imported(path: Path, log: list[str]) -> tuple[list[Item], int]:
    """Items of any importable file; entries that cannot be read are reported and left out."""
    from evidence.exchange import read_records  # costs 0.2 s, which a plain CSV file need not pay

    imported = read_records(path)
    log += [f"{path}:{problem.line}: {problem.reason}" for problem in imported.problems]
    items = []
    seen: Counter[str] = Counter()
    for record, line in imported.records:
        item = prepare_record(record)
        item.id = record.source_id or record.pmid or f"{path.name}:{line}"
        seen[item.id] += 1
        if seen[item.id] > 1:
            log.append(f"{path}:{line}: the id {item.id} stands here again: written as {item.id}#{seen[item.id]}")
            item.id = f"{item.id}#{seen[item.id]}"
        items.append(item)
    return items, len(imported.problems)


def _unique_ids(items: Sequence[Item], names: Sequence[str], log: list[str]) -> list[str]:
    """The ids to write: as given, or ``file:id`` when files share one (``file`` alone numbered when names repeat)."""
    given = [item.id for item in items]
    if len(set(given)) == len(given):
        return given
    log.append("files share record ids (both number their records from 1?): ids are written as file:id")
    ids = [f"{name}:{item.id}" for name, item in zip(names, items, strict=True)]
    seen: Counter[str] = Counter()
    for at, name in enumerate(ids):
        seen[name] += 1
        if seen[name] > 1:
            ids[at] = f"{name}#{seen[name]}"
    return ids


def _write(output: Path, ids: Sequence[str], found: Deduplication) -> None:
    cluster_of = {position: ids[cluster[0]] for cluster in found.clusters for position in cluster}
    beside = output.with_name(output.name + ".part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["record_id", "cluster_id"])
            writer.writerows((ids[position], cluster_of[position]) for position in range(len(ids)))
        beside.replace(output)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise StorageError(f"{output} cannot be written: {error.strerror or error}") from error
