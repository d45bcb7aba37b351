"""``evidence baseline`` from start to end: files → shards (many processes) → tracker and reference index (this one)."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evidence import logs
from evidence.baseline.cluster import connected, results
from evidence.baseline.download import download
from evidence.baseline.files import NlmFile, covered, file_of, find_files, is_url
from evidence.baseline.mapping import Work, headings_text, map_file, pick
from evidence.baseline.merging import Merge, Merged
from evidence.baseline.shard import Shard, open_shard
from evidence.clock import Clock, system_clock
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from evidence.project import Project
from evidence.pubmed_index import Covers, merge_shards
from evidence.refresh.lock import lock
from evidence.topics import Topic, compile_topic, load_topics
from evidence.topics.expression import parse_expression, terms_of
from evidence.topics.mesh import Mesh, load_mesh, part_of
from evidence.tracker import Tracker

log = logging.getLogger("evidence.baseline")
Progress = Callable[[str, int, int | None], None]


@dataclass(slots=True)
class BaselineSummary:
    """``files`` named, ``read`` anew by workers, ``failed`` with why; ``merged`` into the tracker."""

    files: int = 0
    read: int = 0
    records: int = 0
    selected: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    unread: int = 0
    merged: Merged = field(default_factory=Merged)
    index_records: int | None = None
    covers: str | None = None
    notes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        return EXIT_NEEDS_PERSON if self.failed or self.unread else EXIT_DONE

    def as_json(self) -> dict[str, Any]:
        merged = asdict(self.merged) | {"topics": {t: row.hits for t, row in self.merged.topics.items()}}
        return asdict(self) | {"merged": merged}

    def text(self) -> str:
        merged = self.merged
        lines = [
            f"{self.files} files, {self.read} read now: {self.records:,} records, {self.selected:,} that a topic finds",
            f"tracker: {merged.new} new, {merged.revised} revised, {merged.unchanged} unchanged, {merged.older} older "
            f"than stored, {merged.left} left a topic, {merged.gone} deleted by NLM (kept, and marked)",
        ]
        if self.index_records is not None:
            said = (
                f"every record of {self.covers}" if self.covers else "it is not said to hold every record of any year"
            )
            lines.append(f"reference index: {self.index_records:,} records; {said}")
        lines += [f"not read: {name}: {why}" for name, why in self.failed.items()]
        if self.unread:
            lines.append(f"{self.unread} records could not be read: see the shards' summary.json")
        if self.notes:
            more = f" (and {len(self.notes) - 1} more such lines: --json)" if len(self.notes) > 1 else ""
            lines.append(f"{self.notes[0]}{more}")
        return "\n".join(lines)


def baseline(
    project: Project, given: Sequence[str], scheduler: str | None = None, workers: int | None = None,
    covers: Covers | None = None, index: bool = True, mesh: Sequence[Path] = (), progress: Progress | None = None,
    now: Clock = system_clock,
) -> BaselineSummary:  # fmt: skip
    """Read NLM's files (or URLs of them) into the tracker and the reference index; take up what was broken off.

    Raises ``InputError`` or ``UsageError`` before anything is read when a topic cannot be searched for here, a file or
    the extra ``[baseline]`` is missing; ``TryLater`` when another refresh is at work or the cluster is lost.
    """
    tell = progress or (lambda stage, done, total: None)
    topics = load_topics(project.topics)
    work, notes = _work(project, topics, list(mesh), index)
    with lock(project.lock), logs.to_file(project.log, now):
        paths = [Path(one) for one in given if not is_url(one)]
        urls = [one for one in given if is_url(one)]
        folder = project.data / "baseline"
        fetched = download(urls, folder / "files", log.info) if urls else []
        files = find_files([*paths, *fetched])
        summary = BaselineSummary(len(files), notes=notes)
        with connected(scheduler, workers) as client:
            done = _map(client, files, folder, work, summary, tell)
            with Tracker.open(project.tracker, now=now) as tracker:
                _merge(client, tracker, done, work, topics, summary, tell)
        if index:
            _index(project, done, covers, summary, tell, now)
    return summary


def _work(project: Project, topics: Sequence[Topic], mesh: list[Path], index: bool) -> tuple[Work, list[str]]:
    """What workers are asked. Raises :class:`InputError` with the line of what cannot be searched for here."""
    found = mesh or sorted(path for pattern in ("desc20*", "qual20*") for path in project.data.glob(pattern))
    headings: Mesh | None = load_mesh(found) if found else None
    notes, asked = list[str](), list[tuple[str, str, bool]]()
    names: set[str] = set()
    for topic in topics:
        _, told = compile_topic(topic, headings)
        notes += told
        asked.append((topic.id, topic.query, False))
        tree = parse_expression(topic.query, comments=False)
        names |= {part for term in terms_of(tree) for part in (term.text, *term.text.split("/"))}
    return Work(tuple(asked), headings_text(part_of(headings, names) if headings else None), index), notes


def _map(
    client: Any, files: Sequence[NlmFile], folder: Path, work: Work, summary: BaselineSummary, tell: Progress
) -> list[tuple[NlmFile, Shard]]:
    """The shards of all files, made where they do not stand."""
    shards = folder / "shards"
    calls = [(file, shards / file.path.name, work) for file in files]
    standing = {file.path.name: open_shard(target, work.fingerprint) for file, target, _ in calls}
    tell("reading files", 0, len(files))
    for count, (number, _, error) in enumerate(results(client, map_file, calls), 1):
        name = files[number].path.name
        if error:
            summary.failed[name] = str(error)
            log.warning(f"{name} was not read: {error}")
        elif standing[name] is None:
            summary.read += 1
        tell("reading files", count, len(files))
    done = []
    for file, target, _ in calls:
        shard = open_shard(target, work.fingerprint) if file.path.name not in summary.failed else None
        if shard:
            done.append((file, shard))
            summary.records += shard.summary.records
            summary.selected += shard.summary.selected
            summary.unread += len(shard.summary.failures)
    return done


def _merge(
    client: Any, tracker: Tracker, done: Sequence[tuple[NlmFile, Shard]], work: Work, topics: Sequence[Topic],
    summary: BaselineSummary, tell: Progress,
) -> None:  # fmt: skip
    def picked(file: NlmFile, pmids: Sequence[str]) -> list[bytes]:
        for _, found, error in results(client, pick, [(file, pmids)]):
            if error:
                raise error
            return list(found)
        return []

    queries = {topic.id: topic.query for topic in topics}
    if not queries:
        return
    refresh = tracker.begin_refresh("baseline")
    merge = Merge(tracker, refresh, work.fingerprint, queries, picked)
    summary.merged = merge.result
    try:
        for count, (file, shard) in enumerate(done, 1):
            merge.add(file, shard)
            tell("merging into the tracker", count, len(done))
        merge.end(summary.notes)
    except BaseException as error:
        tracker.finish_refresh(refresh, "failed", failure=str(error) or type(error).__name__)
        raise
    tracker.finish_refresh(refresh, "partly" if summary.failed else "done", warnings=summary.notes)


def _index(
    project: Project, done: Sequence[tuple[NlmFile, Shard]], covers: Covers | None, summary: BaselineSummary,
    tell: Progress, now: Clock,
) -> None:  # fmt: skip
    """One index of every shard that stands, those of earlier runs included."""
    tell("making the reference index", 0, None)
    folder = project.data / "baseline" / "shards"
    current = {file.path.name: file for file, _ in done}
    shards: dict[str, tuple[NlmFile, Shard]] = {}
    for path in folder.iterdir():
        name = path.name
        if name.startswith(".") or not (path / "index").is_dir():
            continue
        said = json.loads((path / "summary.json").read_text(encoding="utf-8"))
        shard = open_shard(path, said["work"])
        if shard:
            shards[name] = (current.get(name) or file_of(Path(name)), shard)
    ordered = sorted(shards.values(), key=lambda pair: pair[0].order)
    if not ordered:
        return
    deleted: set[int] = set()
    for _, shard in ordered:
        seen = shard.seen()
        if deleted and seen is not None:
            deleted.difference_update(int(pmid) for pmid in seen)
        deleted.update(int(pmid) for pmid in shard.summary.deleted)
    known = covers or covered([file for file, _ in ordered])
    indexes = [index for _, shard in ordered if (index := shard.index)]
    manifest = merge_shards(indexes, project.data / "pubmed-index", known, sorted(deleted), now)
    summary.index_records = manifest.records
    summary.covers = manifest.covers.in_words() if manifest.covers else None
