"""Shards → one index, in memory that does not grow with it, put in place at once."""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray

from evidence.clock import Clock, stamp, system_clock
from evidence.errors import StorageError
from evidence.project import INDEX_MANIFEST as MANIFEST
from evidence.pubmed_index.manifest import BLOCK, COLUMNS, Covers, Manifest
from evidence.pubmed_index.postings import TermSpool, write_postings
from evidence.pubmed_index.rows import IndexRow
from evidence.pubmed_index.shards import Journal, Shard, in_shards
from evidence.pubmed_index.standing import sha256_of

# Records merged at a time: some 100 MB.
_AT_ONCE = 100_000
_SAMPLED = 16  # every so many rows' PMIDs tell how they lie
_LEVEL = 9
_DICTIONARY, _SAMPLES = 64 << 10, 8_000


def build_index(
    rows: Iterable[IndexRow], directory: Path, covers: Covers | None = None,
    without: Collection[int] = (), now: Clock = system_clock, tracker: str | None = None,
) -> Manifest:  # fmt: skip
    """Make the index of ``rows`` (:class:`IndexRow`, in any order; of one PMID the last counts) in ``directory``.

    ``covers``: the years of which the rows are every record of PubMed, ``None`` where nobody says so. ``without``:
    PMIDs to leave out (``DeleteCitation``). ``tracker``: the fingerprint of the tracker whose records they are.
    An index that stands there serves until the new one is whole.
    Raises :class:`StorageError` when it cannot be written.
    """
    with _workshop(directory) as folder:
        return merge_shards(list(in_shards(rows, folder)), directory, covers, without, now, tracker)


def merge_shards(
    shards: Sequence[Path], directory: Path, covers: Covers | None = None,
    without: Collection[int] = (), now: Clock = system_clock, tracker: str | None = None,
) -> Manifest:  # fmt: skip
    """Like :func:`build_index`, of folders that ``write_shard`` made; of one PMID the row of the last shard counts.

    The shards are left as they are.
    """
    directory.mkdir(parents=True, exist_ok=True)
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=directory))
    try:
        records = _merge([Shard.open(shard) for shard in shards], making, frozenset(without))
        return _put_in_place(making, directory, records, covers, stamp(now()), tracker)
    except OSError as error:
        raise StorageError(f"{directory}: the index cannot be written ({error})") from error
    except ValueError as error:
        raise StorageError(f"{directory}: the index cannot be made ({error}): write its shards anew") from error
    finally:
        shutil.rmtree(making, ignore_errors=True)


class _workshop:
    """A folder for shards beside the index, that goes when the work ends."""

    def __init__(self, directory: Path):
        self._directory = directory

    def __enter__(self) -> Path:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix=".making-", dir=self._directory))
        return self._folder

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._folder, ignore_errors=True)


def _merge(shards: Sequence[Shard], folder: Path, without: frozenset[int]) -> int:
    journals: dict[Journal, int] = {}
    numbers = [
        np.array([journals.setdefault(one, len(journals)) for one in shard.journals], np.uint32) for shard in shards
    ]
    records = 0
    with TermSpool(folder) as spool, _Texts(folder) as texts, (folder / "rows.raw").open("wb") as columns:
        for chosen in _newest(shards, without):
            columns.write(_columns(shards, numbers, chosen).tobytes())
            for text in _texts(shards, chosen):
                texts.add(text)
            spool.add(*_keys(shards, chosen, records))
            records += len(chosen)
            for shard in np.unique(chosen[:, 0]):
                shards[shard].let_go()
        texts.end()
        columns.close()
        table = np.memmap(folder / "rows.raw", COLUMNS, "r") if records else np.zeros(0, COLUMNS)
        np.save(folder / "rows.npy", table)
        del table
        (folder / "rows.raw").unlink()
        write_postings(spool, folder, records)
    names = "".join("\t".join(journal) + "\n" for journal in journals)
    (folder / "journals.txt").write_text(names, encoding="utf-8")
    return records


def _newest(shards: Sequence[Shard], without: frozenset[int]) -> Iterator[NDArray[np.int64]]:
    """(shard, place) of every PMID's newest row, in the order of the PMIDs, some at a time."""
    at = [0] * len(shards)
    for last in _bounds(shards):
        pmids, places = [], []
        for number, shard in enumerate(shards):
            end = int(np.searchsorted(shard.pmids, last, side="right"))
            if end > at[number]:
                pmids.append(shard.pmids[at[number] : end])
                places.append(np.stack([np.full(end - at[number], number), np.arange(at[number], end)], axis=1))
                at[number] = end
        if not pmids:
            continue
        every = np.concatenate(pmids)
        order = np.argsort(every, kind="stable")
        every = every[order]
        newest = np.append(every[1:] != every[:-1], True)
        if without:
            newest &= ~np.isin(every, np.fromiter(without, np.int64))
        yield np.concatenate(places)[order][newest]


def _bounds(shards: Sequence[Shard]) -> list[int]:
    """PMIDs that part all rows into stretches of some :data:`_AT_ONCE` rows, however they lie in the shards."""
    sample = np.sort(np.concatenate([np.zeros(0, np.uint32), *(shard.pmids[::_SAMPLED] for shard in shards)]))
    step = max(1, _AT_ONCE // _SAMPLED)
    return [*sample[step::step].tolist(), (1 << 32) - 1]


def _columns(
    shards: Sequence[Shard], numbers: Sequence[NDArray[np.uint32]], chosen: NDArray[np.int64]
) -> NDArray[np.void]:
    table = np.zeros(len(chosen), COLUMNS)
    for shard in np.unique(chosen[:, 0]):
        here = chosen[:, 0] == shard
        rows = shards[shard].rows[chosen[here, 1]]
        for name in ("pmid", "year", "electronic_year", "flags"):
            table[name][here] = rows[name]
        table["journal"][here] = numbers[shard][rows["journal"]]
    return table


def _keys(
    shards: Sequence[Shard], chosen: NDArray[np.int64], records: int
) -> tuple[NDArray[np.uint64], NDArray[np.uint32]]:
    """The keys of the chosen rows and the records they are of, in the order of the records."""
    keys, numbers = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint32)]
    for shard in np.unique(chosen[:, 0]):
        own = np.flatnonzero(chosen[:, 0] == shard)
        rows = chosen[own, 1]
        low, high = int(rows[0]), int(rows[-1]) + 1
        counts = shards[shard].rows["keys"][low:high]
        record = np.full(high - low, -1, np.int64)
        record[rows - low] = records + own
        of = np.repeat(record, counts)
        end = int(shards[shard].key_ends[high - 1])
        keys.append(shards[shard].keys[end - len(of) : end][of >= 0])
        numbers.append(of[of >= 0].astype(np.uint32))
    every = np.concatenate(numbers)
    order = np.argsort(every, kind="stable")
    return np.concatenate(keys)[order], every[order]


def _texts(shards: Sequence[Shard], chosen: NDArray[np.int64]) -> list[bytes]:
    found = [b""] * len(chosen)
    for shard in np.unique(chosen[:, 0]):
        own = np.flatnonzero(chosen[:, 0] == shard)
        rows = chosen[own, 1]
        ends = shards[shard].text_ends[rows].astype(np.int64)
        starts = ends - shards[shard].rows["text"][rows]
        first = int(starts[0])
        content = shards[shard].texts[first : int(ends[-1])].tobytes()
        for place, start, end in zip(own.tolist(), (starts - first).tolist(), (ends - first).tolist(), strict=True):
            found[place] = content[start:end]
    return found


class _Texts:
    """The texts of the records in compressed blocks; the dictionary is learnt from the first of them."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._file = (folder / "blocks.bin").open("wb")
        self._waiting: list[bytes] = []
        self._packer: zstandard.ZstdCompressor | None = None
        self._ends: list[int] = []
        self._at = 0

    def add(self, text: bytes) -> None:
        self._waiting.append(text)
        if self._packer is None:
            if len(self._waiting) == _SAMPLES:
                self._learn()
        elif len(self._waiting) == BLOCK:
            self._write()

    def end(self) -> None:
        if self._packer is None:
            self._learn()
        if self._waiting:
            self._write()
        np.save(self._folder / "blocks.npy", np.array(self._ends, "<u8"))
        self._file.close()

    def _learn(self) -> None:
        samples: list[bytes | bytearray | memoryview[int]] = [
            b"".join(self._waiting[at : at + 4]) for at in range(0, len(self._waiting), 4)
        ]
        try:
            learnt = zstandard.train_dictionary(_DICTIONARY, samples, k=256, d=8).as_bytes()
        except (zstandard.ZstdError, ValueError):
            learnt = b""  # too few records to learn from
        (self._folder / "rows.dict").write_bytes(learnt)
        known = zstandard.ZstdCompressionDict(learnt) if learnt else None
        self._packer = zstandard.ZstdCompressor(level=_LEVEL, dict_data=known, write_checksum=True)
        waiting, self._waiting = self._waiting, []
        for text in waiting:
            self.add(text)

    def _write(self) -> None:
        assert self._packer is not None
        packed = self._packer.compress(b"".join(self._waiting))
        self._file.write(packed)
        self._at += len(packed)
        self._ends.append(self._at)
        self._waiting = []

    def __enter__(self) -> _Texts:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _put_in_place(
    making: Path, directory: Path, records: int, covers: Covers | None, built_at: str, tracker: str | None
) -> Manifest:
    """The folder under a name of its own, then the manifest that names it; what the old one named goes."""
    sizes, sums = {}, {}
    for file in sorted(making.iterdir()):
        sizes[file.name], sums[file.name] = file.stat().st_size, sha256_of(file)
        with file.open("rb") as written:
            os.fsync(written.fileno())
    number = max((int(one.name[1:]) for one in directory.glob("g*") if one.name[1:].isdecimal()), default=0) + 1
    manifest = Manifest(f"g{number:04d}", records, built_at, covers, sizes, tracker=tracker, sha256=sums)
    making.replace(directory / manifest.generation)
    beside = directory / f".{MANIFEST}.{os.getpid()}"
    beside.write_text(json.dumps(manifest.as_json(), indent=1) + "\n", encoding="utf-8")
    with beside.open("rb") as written:
        os.fsync(written.fileno())
    beside.replace(directory / MANIFEST)
    for old in directory.glob("g*"):
        if old.is_dir() and old.name != manifest.generation:
            shutil.rmtree(old, ignore_errors=True)
    return manifest
