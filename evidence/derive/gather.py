"""What the tracker holds, parsed and tagged, on every core."""

from __future__ import annotations

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from evidence.collection import without_collection
from evidence.errors import StorageError, TryLater
from evidence.exchange.pubmed import parse_record
from evidence.record import Record, from_json
from evidence.tagging import Tagger, load_vocabulary
from evidence.tagging.types import Tags
from evidence.tracker import RECORD_JSON, Archive, Stored, Tracker

# Records a worker takes at once: small enough to keep two cores level, large enough to hide the pipe (2 ms).
CHUNK = 250
# Below this many records starting workers costs more than it saves (a worker needs about 1 s to import).
WORTH_WORKERS = 3000
_NO_ARCHIVE = Archive({})


@dataclass(slots=True)
class Held:
    """A record that the tracker holds, its tags, and when it came."""

    id: str
    source: str
    source_id: str
    record: Record
    tags: Tags
    first_received: str
    last_received: str
    versions: int
    gone_since: str | None


def decode(content: bytes, format: str) -> Record:
    """The record in a stored version. Reference lists are left out: nothing derived reads them."""
    return from_json(content) if format == RECORD_JSON else parse_record(content, references=False)


def gather(
    tracker: Tracker,
    vocabulary: Path,
    as_of: str | None = None,
    skip_sources: frozenset[str] = frozenset(),
    progress: Callable[[int], None] | None = None,
) -> list[Held]:
    """Every record held on ``as_of``, in the tracker's order, parsed and tagged.

    ``vocabulary`` is a directory; each worker loads it once. ``progress`` gets the number done so far. Raises
    :class:`StorageError` when a stored version cannot be read any more.
    """
    stored = (s for s in tracker.stored(as_of) if s.source not in skip_sources)
    held: list[Held] = []
    for chunk in _mapped(_chunks(stored), vocabulary, tracker):
        held.extend(chunk)
        if progress:
            progress(len(held))
    return held


def _chunks(stored: Iterable[Stored]) -> Iterator[list[Stored]]:
    """Chunks without their archive: it holds open decompressors, and each worker has its own."""
    iterator = iter(stored)
    while chunk := [replace(s, archive=_NO_ARCHIVE) for s in islice(iterator, CHUNK)]:
        yield chunk


def _mapped(chunks: Iterator[list[Stored]], vocabulary: Path, tracker: Tracker) -> Iterator[list[Held]]:
    workers = min(os.cpu_count() or 1, 8)
    dictionaries = tracker.dictionaries()
    if sum(tracker.counts().values()) < WORTH_WORKERS or workers == 1:
        _start(vocabulary, dictionaries)
        yield from map(_work, chunks)
        return
    try:
        yield from _by_workers(chunks, workers, (vocabulary, dictionaries))
    except BrokenProcessPool as error:
        raise TryLater(
            "a process that reads records was killed, perhaps for want of memory; nothing was changed: free some, then "
            "run 'evidence build' again"
        ) from error


def _by_workers(
    chunks: Iterator[list[Stored]], workers: int, known: tuple[Path, dict[int, bytes]]
) -> Iterator[list[Held]]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, context, _start, known) as pool:
        waiting: deque[Future[list[Held]]] = deque()
        for chunk in chunks:  # read in this thread (SQLite's rule), and never far ahead of the workers
            waiting.append(pool.submit(_work, chunk))
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


class _Worker:
    """What one process needs to parse and tag."""

    def __init__(self, vocabulary: Path, dictionaries: Mapping[int, bytes]):
        self.tagger = Tagger(load_vocabulary(vocabulary))
        self.archive = Archive(dictionaries)

    def hold(self, stored: Stored) -> Held:
        try:
            record = decode(self.archive.unpack(stored.packed), stored.format)
        except (ValueError, TypeError) as error:
            raise StorageError(
                f"the tracker's copy of {stored.id} cannot be read ({error}); run 'evidence verify'"
            ) from error
        record.source, record.source_id = stored.source, stored.source_id
        return Held(
            id=stored.id,
            source=stored.source,
            source_id=stored.source_id,
            record=record,
            tags=self.tagger.tag(record),
            first_received=stored.first_received,
            last_received=stored.last_received,
            versions=stored.versions,
            gone_since=stored.gone_since,
        )


_worker: _Worker | None = None


def _start(vocabulary: Path, dictionaries: Mapping[int, bytes]) -> None:
    global _worker
    _worker = _Worker(vocabulary, dictionaries)


def _work(chunk: list[Stored]) -> list[Held]:
    assert _worker is not None
    with without_collection():
        return [_worker.hold(stored) for stored in chunk]
