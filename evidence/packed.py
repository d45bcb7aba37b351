"""Columns for a million records: keys and bytes kept packed, since a Python object for each would fill the memory.

A text that is only ever asked whether it is the same as another is kept as its key, a 64-bit hash: among ten million
texts two different ones share a key with a chance of 1 in 400,000. A string and its place in a dictionary take 200
bytes, a key and a position 12.
"""

from __future__ import annotations

import marshal
import os
import tempfile
from array import array
from bisect import bisect_left
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from types import TracebackType
from typing import Any

_PARTS = 256  # of an index: one is sorted or counted at a time
_SHIFT = 56
_KEEP = 1 << 20  # bytes that a spool holds back before it writes them


def key_of(text: str) -> int:
    """A text's key: 64 bits, the same in every process; never 0, which stands for no text."""
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") or 1


def pack(value: Any) -> bytes:
    """Plain data (texts, numbers, ``None``, tuples, lists, dictionaries of them) as bytes, for this program's own use
    while it runs: quicker to read than anything that may be kept. Raises ``ValueError`` for anything else."""
    return marshal.dumps(value)


def unpack(content: bytes) -> Any:
    """What :func:`pack` packed. Never for bytes from elsewhere."""
    return marshal.loads(content)  # noqa: S302


class KeyIndex:
    """Which positions (0 to 2³²-1) have which key, in the order in which they were added."""

    def __init__(self) -> None:
        self._keys = [array("Q") for _ in range(_PARTS)]
        self._positions = [array("I") for _ in range(_PARTS)]
        self._sorted = [True] * _PARTS

    def add(self, key: int, position: int) -> None:
        part = key >> _SHIFT
        self._keys[part].append(key)
        self._positions[part].append(position)
        self._sorted[part] = False

    def find(self, key: int, limit: int | None = None) -> list[int]:
        """The positions of a key, in the order added, at most ``limit`` of them."""
        part = key >> _SHIFT
        if not self._sorted[part]:
            self._sort(part)
        keys, positions = self._keys[part], self._positions[part]
        first = at = bisect_left(keys, key)
        while at < len(keys) and keys[at] == key and (limit is None or at - first < limit):
            at += 1
        return positions[first:at].tolist()

    def shared(self) -> Iterator[tuple[int, list[int]]]:
        """``(key, its positions)`` of every key that has several."""
        for keys, positions in zip(self._keys, self._positions, strict=True):
            first: dict[int, int] = {}
            several: dict[int, list[int]] = {}
            for key, position in zip(keys, positions, strict=True):
                if key in first:
                    several.setdefault(key, [first[key]]).append(position)
                else:
                    first[key] = position
            yield from several.items()

    def _sort(self, part: int) -> None:
        keys, positions = self._keys[part], self._positions[part]
        order = sorted(range(len(keys)), key=keys.__getitem__)
        self._keys[part] = array("Q", (keys[at] for at in order))
        self._positions[part] = array("I", (positions[at] for at in order))
        self._sorted[part] = True


class Spool:
    """Byte strings in a file without a name, by number in the order of writing. It goes when it is closed, or killed.

    Raises ``OSError`` when ``directory`` cannot be written or is full.
    """

    def __init__(self, directory: Path):
        self._file = tempfile.TemporaryFile(dir=directory, buffering=_KEEP)  # noqa: SIM115
        self._ends = array("Q", [0])
        self._safe = 0

    def __len__(self) -> int:
        return len(self._ends) - 1

    def append(self, content: bytes) -> int:
        """Write a byte string; returns its number."""
        self._file.write(content)
        self._ends.append(self._ends[-1] + len(content))
        return len(self._ends) - 2

    def __getitem__(self, number: int) -> bytes:
        start, end = self._ends[number], self._ends[number + 1]
        if end > self._safe:
            self._file.flush()
            self._safe = self._ends[-1]
        return os.pread(self._file.fileno(), end - start, start)

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()
