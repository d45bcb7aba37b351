"""One of NLM's files, read by a worker: checked, unpacked, searched, indexed. Knows of no cluster."""

from __future__ import annotations

import gzip
import hashlib
import json
import time
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, cast

from evidence.baseline.files import NlmFile
from evidence.baseline.light import light_row
from evidence.baseline.prefilter import Prefilter
from evidence.baseline.shard import Making, Summary, open_shard
from evidence.collection import without_collection
from evidence.errors import InputError, StorageError
from evidence.exchange.pubmed import MOST_DELETED, AnswerError, legible_pmids, parse_record
from evidence.exchange.pubmed.stream import cut_answer
from evidence.pubmed_index import IndexRow, write_shard
from evidence.topics.evaluate import Selector, compile_query
from evidence.topics.facts import Facts
from evidence.topics.mesh import Mesh

FORMAT = 1  # of the shards; another number makes all anew
_RECORDS = ("PubmedArticle", "PubmedBookArticle")
MOST_FAILURES = 1_000


@dataclass(frozen=True, slots=True)
class Work:
    """What is asked of each file: searches ``(topic, query, whether it may have comments)``, NLM's headings as far as
    they are needed, and whether the reference index is wanted."""

    topics: tuple[tuple[str, str, bool], ...]
    headings: str = ""
    index: bool = True

    @property
    def fingerprint(self) -> str:
        said = json.dumps([FORMAT, self.topics, self.headings, self.index])
        return hashlib.sha256(said.encode()).hexdigest()[:16]


def headings_text(mesh: Mesh | None) -> str:
    """Headings as text that :class:`Work` carries."""
    return json.dumps([mesh.entries, mesh.trees], sort_keys=True) if mesh else ""


@lru_cache(maxsize=4)
def selectors_of(work: Work) -> tuple[tuple[str, Selector], ...]:
    mesh = None
    if work.headings:
        entries, trees = json.loads(work.headings)
        mesh = Mesh(entries, {name: tuple(places) for name, places in trees.items()})
    return tuple((topic, compile_query(query, mesh, comments)) for topic, query, comments in work.topics)


@lru_cache(maxsize=4)
def _prefilter(work: Work) -> Prefilter:
    return Prefilter([selector for _, selector in selectors_of(work)])


def map_file(file: NlmFile, folder: Path, work: Work) -> Summary:
    """Make the shard of a file in ``folder``; nothing is done where it stands.

    Raises :class:`InputError` for a file that is damaged or not PubMed's, :class:`StorageError` when the shard cannot
    be written.
    """
    sha256 = checked(file)
    standing = open_shard(folder, work.fingerprint)
    if standing and standing.summary.sha256 == sha256:
        return standing.summary
    began = time.process_time()
    summary = Summary(file.path.name, sha256, work.fingerprint)
    with Making(folder) as making, without_collection():
        if work.index or not file.year:
            making.seen = []
        rows: list[IndexRow] = []
        try:
            with unpacked(file.path) as stream:
                prefilter = _prefilter(work)
                if making.seen is not None:
                    for name, xml, may_be in prefilter.elements(stream):
                        _take(name, xml, may_be, work, making, rows, summary)
                else:
                    for name, xml in prefilter.candidates(stream):
                        _take(name, xml, True, work, making, rows, summary)
        except (AnswerError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise InputError(f"is not a whole file of PubMed's: {error}", file.path) from error
        if work.index:
            write_shard(rows, making.path / "index")
        summary.selected = len(making.records)
        summary.seconds = round(time.process_time() - began, 3)
        making.done(summary)
    return summary


def _take(
    name: str, xml: bytes, may_be: bool, work: Work, making: Making, rows: list[IndexRow], summary: Summary
) -> None:
    if name not in _RECORDS:
        summary.deleted += legible_pmids(xml) if name else []
        if len(summary.deleted) > MOST_DELETED:
            raise AnswerError(f"it deletes more than {MOST_DELETED:,} records")
        return
    summary.records += 1
    try:
        if making.seen is not None:
            row = light_row(xml)
            if row is None:
                raise ValueError("a record without a PMID")
            making.seen.append(row.pmid)
            if work.index:
                rows.append(row)
            if not may_be:
                return
        summary.parsed += 1
        facts = Facts(parse_record(xml, references=False))  # no search asks for what it cites
    except ValueError as error:
        if len(summary.failures) >= MOST_FAILURES:
            raise AnswerError(f"more than {MOST_FAILURES:,} records cannot be read") from error
        summary.failures.append(f"PMID {next(iter(legible_pmids(xml)), 'unknown')}: {error}")
        return
    topics = [topic for topic, selector in selectors_of(work) if selector.selects(facts)]
    if topics:
        making.records.append((facts.record.pmid or "", xml, topics))


def pick(file: NlmFile, pmids: Sequence[str]) -> list[bytes]:
    """The records of a file with these PMIDs, as they stand in it: what a search once found and does not any more."""
    wanted = frozenset(pmids)
    with unpacked(file.path) as stream:
        return [
            xml for name, xml in cut_answer(stream) if name in _RECORDS and wanted.intersection(legible_pmids(xml)[:1])
        ]


def checked(file: NlmFile) -> str:
    """The SHA-256 of a packed file, whose MD5 is the one given. Raises :class:`InputError`, :class:`StorageError`."""
    sha256, md5 = hashlib.sha256(), hashlib.md5(usedforsecurity=False)
    try:
        with file.path.open("rb") as stream:
            while piece := stream.read(1 << 20):
                sha256.update(piece)
                if file.md5:
                    md5.update(piece)
    except OSError as error:
        raise StorageError(f"{file.path} cannot be read: {error.strerror or error}") from error
    if file.md5 and md5.hexdigest() != file.md5:
        raise InputError(f"has the MD5 {md5.hexdigest()}, not {file.md5} as its .md5 says: fetch it again", file.path)
    return sha256.hexdigest()


def unpacked(path: Path) -> BinaryIO:
    """A file's bytes, unpacked by isal where it is installed (2.5 times as fast as zlib)."""
    with path.open("rb") as file:
        packed = file.read(2) == b"\x1f\x8b"
    if not packed:
        return path.open("rb")
    return _Unpacked(path)  # type: ignore[return-value]


class _Unpacked:
    """A gzip file whose damage is told as ``gzip`` tells it."""

    def __init__(self, path: Path):
        opened: Any = gzip.open
        self._errors: tuple[type[BaseException], ...] = (zlib.error,)
        try:
            from isal import igzip, isal_zlib

            opened, self._errors = igzip.open, (*self._errors, cast(type[BaseException], isal_zlib.error))
        except ImportError:
            pass
        self._stream: Any = opened(path, "rb")

    def read(self, size: int = -1) -> bytes:
        try:
            data: bytes = self._stream.read(size)
        except self._errors as error:
            raise zlib.error(str(error)) from error
        return data

    def __enter__(self) -> _Unpacked:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()
