"""Digests of what the tracker holds, made on every core."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import replace
from itertools import islice
from pathlib import Path

from evidence.collection import without_collection
from evidence.derive.digest import Digest, Digester, Members
from evidence.errors import TryLater
from evidence.tagging import load_vocabulary
from evidence.tracker import Archive, Stored

# Records a worker takes at once: small enough to keep two cores level, large enough to hide the pipe (2 ms).
CHUNK = 250
# Below this many records starting workers costs more than it saves (a worker needs about 1 s to import).
WORTH_WORKERS = 3000
_NO_ARCHIVE = Archive({})

# A record by itself, or the members of a report.
Task = Stored | Members


class Gathering:
    """Makes digests: in this process, or where they are many in others."""

    def __init__(self, digester: Digester, vocabulary: Path, dictionaries: Mapping[int, bytes]):
        self.digester = digester
        self._known = (vocabulary, dict(dictionaries))

    def digests(self, tasks: Iterable[Task], expected: int) -> Iterator[Digest]:
        """The digest of each task, in their order; never far more of them are read than are done.

        Raises :class:`~evidence.errors.StorageError` when a stored version cannot be read any more.
        """
        workers = min(os.cpu_count() or 1, 8)
        if expected < WORTH_WORKERS or workers == 1:
            yield from (_made(self.digester, task) for task in tasks)
            return
        try:
            for chunk in self._by_workers(tasks, workers):
                yield from chunk
        except BrokenProcessPool as error:
            raise TryLater(
                "a process that reads records was killed, perhaps for want of memory; nothing was changed: free some, "
                "then run 'evidence build' again"
            ) from error

    def _by_workers(self, tasks: Iterable[Task], workers: int) -> Iterator[list[Digest]]:
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(workers, context, _start, self._known) as pool:
            waiting: deque[Future[list[Digest]]] = deque()
            for chunk in _chunks(tasks):  # read in this thread (SQLite's rule), and never far ahead of the workers
                waiting.append(pool.submit(_work, chunk))
                if len(waiting) > 2 * workers:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()


def _chunks(tasks: Iterable[Task]) -> Iterator[list[Task]]:
    iterator = iter(tasks)
    while chunk := [_without_archive(task) for task in islice(iterator, CHUNK)]:
        yield chunk


def _without_archive(task: Task) -> Task:
    """An archive holds open decompressors, and each worker has its own."""
    if isinstance(task, Stored):
        return replace(task, archive=_NO_ARCHIVE)
    stored, merges = task
    return [replace(one, archive=_NO_ARCHIVE) for one in stored], merges


def _made(digester: Digester, task: Task) -> Digest:
    return digester.record(task) if isinstance(task, Stored) else digester.report(task)


_digester: Digester | None = None


def _start(vocabulary: Path, dictionaries: Mapping[int, bytes]) -> None:
    global _digester
    _digester = Digester(load_vocabulary(vocabulary), Archive(dictionaries))


def _work(chunk: list[Task]) -> list[Digest]:
    assert _digester is not None
    with without_collection():
        return [_made(_digester, task) for task in chunk]
