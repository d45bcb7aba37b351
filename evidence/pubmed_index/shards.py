"""A shard: some rows with their terms' keys, sorted by PMID, ready to be merged. A folder of plain arrays.

rows.npy        ROW for each row          keys.npy   the keys of all rows, one row's after the other (uint64)
text.bin        the texts of all rows     journals.txt   id, abbreviation and name, tab-separated, a journal a line
"""

from __future__ import annotations

import mmap
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evidence.errors import StorageError
from evidence.pubmed_index.rows import IndexRow, clean, keys

# Rows of one shard: some 100 MB while it is made.
ROWS_AT_ONCE = 100_000
ROW = np.dtype(
    [
        ("pmid", "<u4"), ("year", "<u2"), ("electronic_year", "<u2"), ("journal", "<u4"), ("flags", "u1"),
        ("keys", "u1"), ("text", "<u4"),
    ]
)  # fmt: skip
RETRACTED = 1
# Between the texts of a row: title, vernacular title, first author, volume, first page, DOI.
FIELD, LINE = "\x1f", "\n"
Journal = tuple[str, str, str]


def write_shard(rows: Iterable[IndexRow], shard: Path) -> int:
    """Write rows (as many as fit in memory) to the folder ``shard``, which is put in place whole; returns how many.

    Of two rows with one PMID the later counts. A folder that stands there is replaced. Raises :class:`StorageError`
    when it cannot be written, ``ValueError`` for a PMID that is none.
    """
    newest = {row.pmid: row for row in rows}
    try:
        shard.parent.mkdir(parents=True, exist_ok=True)
        making = Path(tempfile.mkdtemp(prefix=f".{shard.name}.", dir=shard.parent))
        try:
            _fill(making, [newest[pmid] for pmid in sorted(newest)])
            if shard.exists():
                shutil.rmtree(shard)
            making.replace(shard)
        finally:
            shutil.rmtree(making, ignore_errors=True)
    except OSError as error:
        raise StorageError(f"{shard}: this part of the index cannot be written ({error})") from error
    return len(newest)


def _fill(folder: Path, rows: list[IndexRow]) -> None:
    table = np.zeros(len(rows), ROW)
    journals: dict[Journal, int] = {}
    all_keys: list[int] = []
    with (folder / "text.bin").open("wb") as texts:
        for at, row in enumerate(rows):
            if not 0 < row.pmid < 1 << 32:
                raise ValueError(f"{row.pmid} is no PMID")
            text = _text(row)
            texts.write(text)
            found = keys(row)
            all_keys += found
            journal = journals.setdefault(_journal(row), len(journals))
            flags = RETRACTED if row.retracted else 0
            table[at] = (row.pmid, _year(row.year), _year(row.electronic_year), journal, flags, len(found), len(text))
    np.save(folder / "rows.npy", table)
    np.save(folder / "keys.npy", np.array(all_keys, "<u8"))
    names = "".join("\t".join(journal) + "\n" for journal in journals)
    (folder / "journals.txt").write_text(names, encoding="utf-8")


def _text(row: IndexRow) -> bytes:
    fields = (row.title, row.vernacular_title, row.first_author, row.volume, row.first_page, row.doi)
    return (FIELD.join(map(clean, fields)) + LINE).encode("utf-8", "replace")


def _journal(row: IndexRow) -> Journal:
    return (clean(row.journal_id), clean(row.journal), clean(row.journal_full))


def _year(year: int | None) -> int:
    return year if year and 0 < year < 10_000 else 0


@dataclass(slots=True)
class Shard:
    """A shard opened to be merged; ``ends`` of the texts and of the keys of its rows."""

    rows: NDArray[np.void]
    pmids: NDArray[np.uint32]
    keys: NDArray[np.uint64]
    texts: NDArray[np.uint8]
    key_ends: NDArray[np.uint64]
    text_ends: NDArray[np.uint64]
    journals: list[Journal]

    def let_go(self) -> None:
        """Give back the memory of what was read: it stays mapped, and comes again from the disk where it is needed."""
        for array in (self.rows, self.keys, self.texts):
            mapped = getattr(array, "_mmap", None)
            if mapped is not None and hasattr(mmap, "MADV_DONTNEED"):
                mapped.madvise(mmap.MADV_DONTNEED)

    @classmethod
    def open(cls, folder: Path) -> Shard:
        """Raises ``OSError`` or ``ValueError`` where the folder is no shard."""
        rows = np.load(folder / "rows.npy", mmap_mode="r")
        size = (folder / "text.bin").stat().st_size
        texts = np.memmap(folder / "text.bin", np.uint8, "r") if size else np.zeros(0, np.uint8)
        names = (folder / "journals.txt").read_text(encoding="utf-8").splitlines()
        journals = [(one, two, three) for one, two, three in (line.split("\t") for line in names)]
        ends = [np.cumsum(rows[name], dtype=np.uint64) for name in ("keys", "text")]
        if len(ends[1]) and int(ends[1][-1]) != size:
            raise ValueError(f"{folder} is not a whole shard of an index")
        return cls(
            rows,
            np.ascontiguousarray(rows["pmid"]),
            np.load(folder / "keys.npy", mmap_mode="r"),
            texts,
            ends[0],
            ends[1],
            journals,
        )


def in_shards(rows: Iterable[IndexRow], folder: Path) -> Iterator[Path]:
    """Rows of any number written as shards into ``folder``, :data:`ROWS_AT_ONCE` in each."""
    waiting: list[IndexRow] = []
    number = 0
    for row in rows:
        waiting.append(row)
        if len(waiting) == ROWS_AT_ONCE:
            yield _next(waiting, folder, number)
            waiting, number = [], number + 1
    if waiting or not number:
        yield _next(waiting, folder, number)


def _next(rows: list[IndexRow], folder: Path, number: int) -> Path:
    shard = folder / f"shard-{number:06d}"
    write_shard(rows, shard)
    return shard
