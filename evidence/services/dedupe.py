"""``evidence dedupe``: exported files in, ``record_id,cluster_id`` out, without a project.

A CSV file with the documented columns is streamed and its abstracts are cut as they come, which keeps 33,000 records
under 200 MB; anything else goes through :mod:`evidence.exchange`.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from evidence.deduplicate import Deduplication, deduplicate_rows
from evidence.deduplicate.prepare import Item, prepare_record, prepare_row
from evidence.errors import InputError, StorageError
from evidence.exchange.encoding import CHUNK, checked_lines

COLUMNS = frozenset("record_id title abstract authors year journal volume number pages doi pmid source".split())
STDOUT = Path("-")
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

    Ids are those given (``record_id``, PMID, accession number); ``file:line`` where there is none. An id that two
    files give is written ``file:id``, one that a file gives again is numbered; the log says so. ``cluster_id`` is the
    id of the cluster's first record. Raises ``InputError`` for a file that cannot be read, or that is the output too.
    """
    items: list[Item] = []
    names: list[str] = []
    log: list[str] = []
    problems = 0
    if output.exists() and any(output.samefile(path) for path in paths if path.exists()):
        raise InputError("is both a file to read and the output: it would be lost; name another output", output)
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
        said: list[str] = []  # kept only when the whole file is read this way
        items = list(_rows(path, said))
        log += said
        if not items:
            raise InputError("no row in it: was the search or the export empty?", path)
        return items, 0
    except _NotPlainError:
        return _imported(path, log)


class _NotPlainError(Exception):
    """The file is not a UTF-8 CSV file with the documented columns, or has a row that is broken."""


def _rows(path: Path, log: list[str]) -> Iterator[Item]:
    """Items of a plain CSV file, one row at a time."""
    try:
        with path.open("rb") as raw:
            zipped = raw.peek(2)[:2] == b"\x1f\x8b"
            binary = gzip.GzipFile(fileobj=raw) if zipped else raw
            deque(checked_lines(iter(partial(binary.read, CHUNK), b"")), maxlen=0)
            binary.seek(0)
            with io.TextIOWrapper(binary, encoding="utf-8-sig", newline="") as text:
                yield from _table(csv.reader(text), path, log)
    except InputError as error:
        raise InputError(error.reason, path, error.line) from error
    except FileNotFoundError as error:
        raise InputError("no such file", path) from error
    except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile) as error:
        raise _NotPlainError from error
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}") from error


def _table(reader: Iterator[list[str]], path: Path, log: list[str]) -> Iterator[Item]:
    csv.field_size_limit(1 << 30)
    header = [name.strip().lower() for name in next(reader, [])]
    # Any column may be absent; a table with titles but without ids is the importer's, which knows more about ids.
    if not COLUMNS.union(ANSWERS).issuperset(header) or not header or ("title" in header and "record_id" not in header):
        raise _NotPlainError
    columns = [(name, at) for at, name in enumerate(header) if name not in ANSWERS]
    width = len(header)
    seen: Counter[str] = Counter()
    for number, row in enumerate(reader, 2):
        if not row:
            continue
        if len(row) != width:
            raise _NotPlainError
        item = prepare_row({name: row[at] for name, at in columns})
        item.id = _numbered(item.id or f"{path.name}:{number}", seen, f"{path}:{number}", log)
        yield item


def _imported(path: Path, log: list[str]) -> tuple[list[Item], int]:
    """Items of any importable file; entries that cannot be read are reported and left out."""
    from evidence.exchange.reading import read_records  # costs 0.2 s, which a plain CSV file need not pay

    imported = read_records(path)
    log += [f"{path}:{problem.line}: {problem.reason}" for problem in imported.problems]
    items = []
    seen: Counter[str] = Counter()
    for record, line in imported.records:
        item = prepare_record(record)
        item.id = _numbered(record.source_id or record.pmid or f"{path.name}:{line}", seen, f"{path}:{line}", log)
        items.append(item)
    return items, len(imported.problems)


def _numbered(name: str, seen: Counter[str], where: str, log: list[str]) -> str:
    """An id, numbered from its second use in one file on."""
    seen[name] += 1
    if seen[name] == 1:
        return name
    log.append(f"{where}: the id {name} stands here again: written as {name}#{seen[name]}")
    return f"{name}#{seen[name]}"


def _unique_ids(items: Sequence[Item], names: Sequence[str], log: list[str]) -> list[str]:
    """The ids to write: as given, or ``file:id`` where several files give one (numbered when file names repeat too)."""
    given = Counter(item.id for item in items)
    if len(given) == len(items):
        return [item.id for item in items]
    log.append("files share record ids (both number their records from 1?): those are written as file:id")
    ids = [f"{name}:{item.id}" if given[item.id] > 1 else item.id for name, item in zip(names, items, strict=True)]
    seen: Counter[str] = Counter()
    for at, name in enumerate(ids):
        seen[name] += 1
        if seen[name] > 1:
            ids[at] = f"{name}#{seen[name]}"
    return ids


def _write(output: Path, ids: Sequence[str], found: Deduplication) -> None:
    cluster_of = {position: ids[cluster[0]] for cluster in found.clusters for position in cluster}
    lines = [("record_id", "cluster_id"), *((ids[position], cluster_of[position]) for position in range(len(ids)))]
    if output == STDOUT:
        csv.writer(sys.stdout, lineterminator="\n").writerows(lines)
        return
    # A device or a pipe is written to; only a file is put in place of a file.
    beside = output.with_name(output.name + ".part") if output.is_file() or not output.exists() else output
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows(lines)
        if beside != output:
            beside.replace(output)
    except OSError as error:
        if beside != output:
            beside.unlink(missing_ok=True)
        raise StorageError(f"{output} cannot be written: {error.strerror or error}") from error
