"""One refresh from start to end: check what is asked, take the lock, harvest, log, and say what happened."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from evidence import logs
from evidence.cited_sources import CitedSource, load_sources
from evidence.clock import Clock, stamp, system_clock
from evidence.errors import StorageError, UsageError
from evidence.project import NcbiIdentity, Project, ncbi_identity
from evidence.pubmed.eutils import Eutils, connect
from evidence.refresh.cited import due
from evidence.refresh.engine import Engine
from evidence.refresh.jobs import Past, SourcesJob, TopicJob
from evidence.refresh.lock import lock
from evidence.refresh.plan import OVERLAP, RESUMED, Store
from evidence.refresh.progress import Progress
from evidence.refresh.summary import RefreshSummary
from evidence.refresh.times import RefreshClock
from evidence.topics import Topic, load_topics
from evidence.tracker import Tracker

log = logging.getLogger("evidence.refresh")


def refresh(
    project: Project,
    topics: Sequence[str] | None = None,
    full: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
    identity: NcbiIdentity | None = None,
    now: Clock = system_clock,
    modalities: Collection[str] | None = None,
) -> RefreshSummary:
    """Fetch what is new, revised or gone since last time. Cited sources are resolved when no topics are named.

    ``modalities``: the ids that the vocabulary knows; a topic of any other is refused. Raises ``InputError`` or
    ``UsageError`` before anything is sent when a topic file, a name, the e-mail or the API key is wrong, ``TryLater``
    when another refresh is at work, ``StorageError`` when nothing can be written. What PubMed did not answer is not
    raised: it is in the summary, with the exit code.
    """
    everything = load_topics(project.topics, modalities)
    chosen = choose(everything, topics)
    sources = load_sources(project.sources) if topics is None and project.sources.is_file() else []
    client = connect(identity or ncbi_identity())
    progress = progress or Progress("records")
    _refuse_unwritable(project.data)
    with lock(project.lock) as taken_over, logs.to_file(project.log, now):
        if taken_over:  # the one that died may have sent its share a moment ago
            client.pacer.assume_busy()
        interrupted = False
        try:
            # A dry run on a fresh project must not leave a database behind.
            fresh = dry_run and not project.tracker.exists()
            clock = RefreshClock(now)
            client.on_date = clock.heard
            with Tracker.open(Path(":memory:") if fresh else project.tracker, now=clock) as tracker:
                run = _Run(tracker, clock, client, progress, full)
                run.topics = frozenset(topic.id for topic in everything)
                return run.survey(chosen) if dry_run else run.refresh(chosen, sources)
        except (KeyboardInterrupt, SystemExit):
            interrupted = True
            raise
        finally:
            progress.close()
            client.close()
            if not interrupted:
                client.pacer.rest()  # whoever gets the lock next need not know when the last request was sent


def choose(topics: Sequence[Topic], names: Sequence[str] | None) -> list[Topic]:
    """The topics named, all when none is. Raises :class:`UsageError` for a name that no file has."""
    if not topics:
        raise UsageError("there are no topics: add a file to queries/topics/ (see 'evidence init' for examples)")
    if not names:
        return list(topics)
    by_id = {topic.id: topic for topic in topics}
    for name in names:
        if name not in by_id:
            raise UsageError(f"there is no topic {name!r}; there are {', '.join(by_id)}")
    return [by_id[name] for name in dict.fromkeys(names)]


def _refuse_unwritable(directory: Path) -> None:
    with suppress(OSError):
        directory.mkdir(parents=True, exist_ok=True)
    if not os.access(directory, os.W_OK | os.X_OK):
        raise StorageError(
            f"{directory} cannot be written: give this user write access to it, or name another --project"
        )


class _Run:
    """The parts of one refresh that share a tracker, a client and a log."""

    # The ids of all topics that the project has, named or not.
    topics: frozenset[str] = frozenset()

    def __init__(self, tracker: Tracker, clock: RefreshClock, client: Eutils, progress: Progress, full: bool):
        self._tracker, self._clock, self._client, self._full = tracker, clock, client, full
        self._progress = progress
        self._summary = RefreshSummary(kind="full" if full else "incremental", started_at=stamp(clock.started))
        self._started = time.monotonic()

    def survey(self, topics: Sequence[Topic]) -> RefreshSummary:
        self._summary.dry_run = True
        jobs = self._jobs(topics)
        count = self._engine().survey(jobs)
        log.info(f"dry run: {len(jobs)} topics, {count} different records to fetch")
        return self._ended(jobs)

    def refresh(self, topics: Sequence[Topic], sources: Sequence[CitedSource]) -> RefreshSummary:
        summary, tracker = self._summary, self._tracker
        jobs = self._jobs(topics)
        cited = self._sources_job(sources)
        summary.refresh = tracker.begin_refresh(summary.kind)
        log.info(f"refresh {summary.refresh} ({summary.kind}) of {len(jobs)} topics began")
        with self._failure_logged(summary.refresh):
            self._engine().run(jobs, cited)
            if cited:
                summary.sources, summary.warnings = cited.states, cited.warnings
        self._ended(jobs)
        given_up = self._client.given_up or None
        tracker.finish_refresh(summary.refresh, summary.outcome, summary.requests, given_up, summary.warnings)
        self._say_end()
        return summary

    def _engine(self) -> Engine:
        return Engine(self._client, self._tracker, self._clock, self._summary, self._progress)

    def _jobs(self, topics: Sequence[Topic]) -> list[TopicJob]:
        tracker = self._tracker
        good = {row["topic"]: row for row in tracker.topic_refreshes() if not row["error"]}
        # A topic whose file is gone is refreshed no more: nobody looks after what it once found.
        looked_after = [topic for topic in good if topic in self.topics and tracker.watermark(topic)]
        maintained = {pmid for topic in looked_after for pmid in tracker.members(topic)}
        now, doubts = self._clock(), frozenset(tracker.doubts())
        self._store = Store(tracker.known(), maintained, stamp(now - OVERLAP), stamp(now), stamp(now - RESUMED), doubts)
        tries = [row["id"] for row in tracker.refreshes()]
        return [
            TopicJob(topic, tracker, self._clock, self._store, self._full, _past(good.get(topic.id), tries))
            for topic in topics
        ]

    def _sources_job(self, sources: Sequence[CitedSource]) -> SourcesJob | None:
        states = {row["id"]: row for row in self._tracker.source_states()}
        wanted = (
            [s for s in sources if s.kind == "article"]
            if self._full
            else due(sources, states, self._clock(), self._store.doubted)
        )
        if not wanted:
            return None
        return SourcesJob(wanted, self._store, {source: row["pmid"] for source, row in states.items()})

    def _ended(self, jobs: Sequence[TopicJob]) -> RefreshSummary:
        summary = self._summary
        summary.topics = [job.result for job in jobs]
        summary.finished_at, summary.seconds = self._tracker.now(), time.monotonic() - self._started
        summary.requests, summary.reached = self._client.requests, self._client.reached
        if complaint := self._clock.complaint():
            summary.warnings.append(complaint)
        return summary

    @contextmanager
    def _failure_logged(self, refresh: int) -> Iterator[None]:
        """Whatever ends a refresh early is written down before it goes on its way."""
        try:
            yield
        except BaseException as error:
            reason = self._client.scrub(str(error)) or type(error).__name__
            log.error(f"refresh {refresh} ended early: {reason}; what was committed is kept")
            with suppress(Exception):
                self._tracker.finish_refresh(refresh, "failed", self._client.requests, reason)
            raise

    def _say_end(self) -> None:
        summary = self._summary
        for topic in summary.topics:
            for warning in topic.warnings:
                log.warning(f"{topic.id}: {warning}")
        for state in summary.sources:
            if state.pmid is None:
                log.warning(f"cited source {state.id} is unresolved: {state.reason}")
        for warning in summary.warnings:
            log.warning(warning)
        failed = ", ".join(topic.id for topic in summary.failed_topics)
        log.info(
            f"refresh {summary.refresh} {summary.outcome} in {summary.seconds:.0f} s: {summary.requests} requests, "
            f"{summary.fetched} records fetched, {summary.new} new, {summary.revised} revised"
            + (f"; failed topics: {failed}" if failed else "")
        )


def _past(good: dict[str, Any] | None, tries: Sequence[int]) -> Past:
    """From a topic's last good row, and the numbers of all refreshes."""
    if good is None:
        return Past()
    return Past(good["query"], min((number for number in tries if number > good["refresh"]), default=None))
