"""Keeps the wire busy: searches, fetches and parsing in worker threads, storing here, each record once.

Topics are searched side by side. What they need is pooled, so that a record wanted by six topics is
fetched once, and goes out in full batches; only the last batch is smaller. A batch is stored in one transaction as
soon as it comes; a topic is settled when the last of its records has come.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from evidence.clock import stamp
from evidence.errors import EvidenceError, StorageError, UsageError
from evidence.exchange.pubmed import Received, losses
from evidence.pubmed.eutils import Eutils
from evidence.pubmed.harvest import BATCH, Harvest, fetch_records
from evidence.refresh.jobs import DAYS_BELIEVED, Outcomes, SourcesJob, TopicJob
from evidence.refresh.progress import Progress
from evidence.refresh.summary import RefreshSummary, TopicResult
from evidence.refresh.times import RefreshClock
from evidence.tracker import Tracker
from evidence.tracker.doubts import BELIEVED, GONE, OTHERWISE

# Batches that may be on their way or waiting to be stored beyond those that the connections carry.
SPARE_BATCHES = 2
log = logging.getLogger("evidence.refresh")


class Engine:
    """One refresh at work. ``held`` are records fetched only as candidates for a cited source: not stored by itself."""

    def __init__(
        self,
        client: Eutils,
        tracker: Tracker,
        clock: RefreshClock,
        summary: RefreshSummary,
        progress: Progress,
    ):
        self._client, self._tracker, self._clock, self._summary = client, tracker, clock, summary
        self._progress = progress
        self._refresh = summary.refresh or 0
        self.outcomes = Outcomes()
        self._queue: deque[str] = deque()
        self._asked: set[str] = set()
        self._kept: set[str] = set()
        self._held: dict[str, Received] = {}
        self._open: list[TopicJob] = []
        self._searching: dict[Future[Any], TopicJob | SourcesJob] = {}
        self._fetching: dict[Future[Harvest], list[str]] = {}

    def run(self, topics: Sequence[TopicJob], sources: SourcesJob | None) -> None:
        """Works until every topic and the sources are settled. Raises what must end the refresh."""
        self._open = list(topics)
        pool = ThreadPoolExecutor(self._client.connections, thread_name_prefix="pubmed")
        try:
            jobs: list[TopicJob | SourcesJob] = [*topics, *([sources] if sources else [])]
            for job in jobs:
                self._searching[pool.submit(job.search, self._client)] = job
            self._work(pool, sources)
        except BaseException:
            self._client.close()
            raise
        finally:
            pool.shutdown(cancel_futures=True)
        if sources:
            sources.settle(self._tracker, self._refresh, self._held, self.outcomes, self._client.scrub)

    def fetch(self, pmids: Sequence[str]) -> None:
        """Fetches and stores these records as a refresh does, without any search. Raises what must end it."""
        self._kept.update(pmids)
        self._need(pmids)
        with ThreadPoolExecutor(self._client.connections, thread_name_prefix="pubmed") as pool:
            try:
                self._work(pool, None)
            except BaseException:
                self._client.close()
                raise

    def survey(self, topics: Sequence[TopicJob]) -> int:
        """Only the searches, for ``--dry-run``. Returns how many different records would be asked for."""
        needed: set[str] = set()
        with ThreadPoolExecutor(self._client.connections) as pool:
            try:
                for job, future in [(job, pool.submit(job.search, self._client)) for job in topics]:
                    needed |= self._result_of(job, future) or set()
            except BaseException:
                self._client.close()
                raise
        return len(needed)

    def _work(self, pool: ThreadPoolExecutor, sources: SourcesJob | None) -> None:
        candidates: set[str] | None = None
        while True:
            if candidates is not None and not any(isinstance(job, TopicJob) for job in self._searching.values()):
                self._need(candidates)  # only now is it known which of them topics want
                candidates = None
            self._submit(pool)
            if not self._searching and not self._fetching:
                return
            done, _ = wait([*self._searching, *self._fetching], return_when=FIRST_COMPLETED)
            for future in done:
                job = self._searching.pop(future, None)
                if job is None:
                    self._store(self._fetching.pop(future), future.result())
                elif job is sources:
                    candidates = self._result_of(job, future)
                else:
                    self._start(job, self._result_of(job, future))

    def _result_of(self, job: TopicJob | SourcesJob, future: Future[Any]) -> set[str] | None:
        """The ids a job needs after its search; ``None`` when the search failed, which is the job's failure only."""
        try:
            return job.plan(future.result())
        except (StorageError, UsageError):
            raise
        except EvidenceError as error:
            job.fail(self._client.scrub(str(error)))
            return None

    def _start(self, job: TopicJob | SourcesJob, needed: set[str] | None) -> None:
        if isinstance(job, TopicJob):
            if needed:
                self._kept |= needed
                self._need(needed)
                job.waiting = needed - self.outcomes.done
            if not job.waiting:
                self._settle(job)

    def _need(self, pmids: Iterable[str]) -> None:
        fresh = [pmid for pmid in sorted(pmids, key=int) if pmid not in self._asked]
        self._asked.update(fresh)
        self._queue.extend(fresh)
        self._progress.expect(len(fresh))

    def _submit(self, pool: ThreadPoolExecutor) -> None:
        """Full batches at once; what is left when nothing more can join it."""
        most = self._client.connections + SPARE_BATCHES
        while self._queue and len(self._fetching) < most and (len(self._queue) >= BATCH or not self._searching):
            batch = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
            self._fetching[pool.submit(fetch_records, self._client, batch)] = batch

    def _started(self) -> str:
        """When this refresh began. By now PubMed has said what day it is: what was logged before is put right."""
        at = stamp(self._clock.started)
        if at != self._summary.started_at:
            self._summary.started_at = at
            self._tracker.redate_refresh(self._refresh, at)
        return at

    def _store(self, batch: Sequence[str], harvest: Harvest) -> None:
        self._started()
        with self._tracker.all_or_nothing():
            believed = self._believed(harvest.received)
            kept = [received for pmid, received in believed.items() if pmid in self._kept]
            if kept:
                counts = self._tracker.store_batch(self._refresh, kept)
                self.outcomes.revised.update(record.removeprefix("pubmed:") for record in counts.revised)
                self._summary.new += len(counts.new)
                self._summary.revised += len(counts.revised)
            self._tracker.note_revisions(believed.values())
            self._tracker.settle_doubts(harvest.gone, GONE)
        self._held.update((p, received) for p, received in believed.items() if p not in self._kept)
        self._summary.fetched += len(harvest.received)
        self.outcomes.gone |= harvest.gone
        self.outcomes.failed |= {pmid: self._client.scrub(reason) for pmid, reason in harvest.failed.items()}
        self.outcomes.done.update(batch)
        self._progress.advance(len(batch))
        for job in [job for job in self._open if job.waiting]:
            job.waiting.difference_update(batch)
            if not job.waiting:
                self._settle(job)

    def _believed(self, received: Mapping[str, Received]) -> dict[str, Received]:
        """What came, but for the records that came poorer than they are and are not dated as revised: kept apart."""
        before = self._tracker.differing(received.values())
        believed: dict[str, Received] = {}
        for pmid, item in received.items():
            content, seen = before.get(pmid, (b"", ""))
            lost = losses(content, item.xml, seen) if content else ()
            if lost and self._tracker.doubt(self._refresh, item, lost) < DAYS_BELIEVED:
                self.outcomes.poorer[pmid] = lost
                continue
            believed[pmid] = item
            if lost:
                self.outcomes.believed[pmid] = lost
        self._tracker.settle_doubts(believed.keys() - self.outcomes.believed, OTHERWISE)
        self._tracker.settle_doubts(believed.keys() & self.outcomes.believed, BELIEVED)
        return believed

    def _settle(self, job: TopicJob) -> None:
        self._open.remove(job)
        result = job.settle(self._tracker, self._refresh, self._started(), self.outcomes)
        line = topic_line(result)
        log.log(logging.ERROR if result.error else logging.INFO, line)
        self._progress.say(line)


def topic_line(result: TopicResult) -> str:
    """``scs: 7,012 hits, 12 new, 3 revised, 0 left, 1 gone, 0 failed``"""
    if result.error:
        return f"{result.id}: failed: {result.error}"
    return (
        f"{result.id}: {result.hits or 0:,} hits, {result.new:,} new, {result.revised:,} revised, "
        f"{result.left:,} left, {result.gone:,} gone, {result.failed:,} failed"
    )
