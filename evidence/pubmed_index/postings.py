"""From a term's key to the records that hold it: sorted arrays, read from the disk as they are.

A key of 64 bits is kept as its bucket (the first 16 bits) and the 32 after those: among 150 million terms one that is
asked for meets another's key once in two million times. ``starts[i]:starts[i + 1]`` are the places in ``postings`` of
the records (ascending) that hold ``keys[i]``; ``buckets[b]:buckets[b + 1]`` the keys of a bucket. What more than
COMMON of the records hold tells nothing: it is left out.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

# The share of records, and the least number of them, from which a term is too common.
COMMON, COMMON_LEAST = 0.02, 1000
BUCKETS = 1 << 16
_PARTS = 256
_PAIR = np.dtype([("key", "<u8"), ("record", "<u4")])
NAMES = ("buckets.npy", "keys.npy", "starts.npy", "postings.npy")


class TermSpool:
    """Pairs of key and record on the disk, in 256 parts by key; each is sorted in memory when all are there."""

    def __init__(self, folder: Path):
        self._paths = [folder / f"terms-{part:03d}" for part in range(_PARTS)]
        self._files: list[BinaryIO] = [path.open("wb") for path in self._paths]

    def add(self, keys: NDArray[np.uint64], records: NDArray[np.uint32]) -> None:
        """Records must come in ascending order from call to call."""
        pairs = np.empty(len(keys), _PAIR)
        pairs["key"], pairs["record"] = keys, records
        parts = (keys >> np.uint64(56)).astype(np.uint8)
        order = np.argsort(parts, kind="stable")
        pairs = pairs[order]
        ends = np.searchsorted(parts[order], np.arange(_PARTS + 1))
        for part, file in enumerate(self._files):
            if ends[part] < ends[part + 1]:
                file.write(pairs[ends[part] : ends[part + 1]].tobytes())

    def sorted_parts(self) -> Iterator[NDArray[np.void]]:
        """Each part sorted by key, then record; its file goes as soon as it is read."""
        self.close()
        for path in self._paths:
            pairs = np.fromfile(path, _PAIR)
            path.unlink()
            yield pairs[np.argsort(pairs["key"] >> np.uint64(16), kind="stable")]

    def close(self) -> None:
        for file in self._files:
            file.close()

    def __enter__(self) -> TermSpool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def write_postings(spool: TermSpool, folder: Path, records: int) -> None:
    """Write the four arrays of :data:`NAMES` into ``folder``."""
    most = max(COMMON_LEAST, int(COMMON * records))
    in_bucket = np.zeros(BUCKETS, np.int64)
    total = 0
    with ExitStack() as stack:
        names = ("keys.raw", "starts.raw", "postings.raw")
        keys, starts, postings = (stack.enter_context((folder / name).open("wb")) for name in names)
        for pairs in spool.sorted_parts():
            short = pairs["key"] >> np.uint64(16)
            first = np.flatnonzero(np.append(True, short[1:] != short[:-1])[: len(short)])
            sizes = np.diff(np.append(first, len(short)))
            kept = sizes <= most
            postings.write(pairs["record"][np.repeat(kept, sizes)].astype("<u4").tobytes())
            chosen = short[first[kept]]
            keys.write((chosen & np.uint64(0xFFFFFFFF)).astype("<u4").tobytes())
            ends = total + np.cumsum(sizes[kept])
            starts.write(ends.astype("<u4").tobytes())
            total = int(ends[-1]) if len(ends) else total
            in_bucket += np.bincount((chosen >> np.uint64(32)).astype(np.int64), minlength=BUCKETS)
    if total >= 1 << 32:
        raise OverflowError(f"{records:,} records have more terms than an index of this version holds")
    np.save(folder / "buckets.npy", np.concatenate(([0], np.cumsum(in_bucket))).astype("<u4"))
    _as_array(folder, "keys", np.zeros(0, "<u4"))
    _as_array(folder, "starts", np.zeros(1, "<u4"))
    _as_array(folder, "postings", np.zeros(0, "<u4"))


def _as_array(folder: Path, name: str, before: NDArray[np.uint32]) -> None:
    """A file of raw numbers as an array file, ``before`` ahead of them, without having them all in memory."""
    raw = folder / f"{name}.raw"
    heading = {"descr": "<u4", "fortran_order": False, "shape": (raw.stat().st_size // 4 + len(before),)}
    with (folder / f"{name}.npy").open("wb") as out, raw.open("rb") as numbers:
        np.lib.format.write_array_header_1_0(out, heading)
        out.write(before.tobytes())
        shutil.copyfileobj(numbers, out, 1 << 20)
    raw.unlink()


class Postings:
    """The four arrays, opened to be read."""

    def __init__(self, folder: Path):
        self._buckets, self._keys, self._starts, self._postings = (np.load(folder / n, mmap_mode="r") for n in NAMES)

    def __len__(self) -> int:
        return len(self._keys)

    def span(self, key: int) -> tuple[int, int]:
        """Where a key's records stand; an empty span where no record has it, or too many."""
        bucket, rest = key >> 48, (key >> 16) & 0xFFFFFFFF
        low, high = int(self._buckets[bucket]), int(self._buckets[bucket + 1])
        at = low + int(np.searchsorted(self._keys[low:high], np.uint32(rest)))
        if at == high or int(self._keys[at]) != rest:
            return 0, 0
        return int(self._starts[at]), int(self._starts[at + 1])

    def records(self, span: tuple[int, int]) -> NDArray[np.uint32]:
        """The records of a span, ascending."""
        return np.asarray(self._postings[span[0] : span[1]])
