"""What a refresh works on: topics, and the cited sources. Each asks, waits for its records, and is settled."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from evidence.cited_sources import CitedSource
from evidence.exchange.pubmed import Received, parse_record
from evidence.pubmed.eutils import Eutils
from evidence.record import Record
from evidence.refresh.cited import Candidates, SourceState, find_candidates, printed, settle
from evidence.refresh.plan import Found, Plan, Store, disbelief, make_plan, search_topic
from evidence.refresh.summary import TopicResult
from evidence.refresh.times import RefreshClock, disbelieved
from evidence.topics import Topic
from evidence.tracker import TopicLog, Tracker

GONE, LEFT = "gone from PubMed", "left query"
# A poorer record is taken for what PubMed has now when it came so on as many different days.
DAYS_BELIEVED = 3


@dataclass(slots=True)
class Outcomes:
    """What became of every id that was asked for in this refresh."""

    done: set[str] = field(default_factory=set)
    revised: set[str] = field(default_factory=set)
    gone: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)
    # Came poorer than they are: what they lack.
    poorer: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # Came poorer so often that they are believed by now.
    believed: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Past:
    """A topic's last good refresh: the ``query`` it sent, and the number of the first attempt since (``resumed``)."""

    query: str | None = None
    resumed: int | None = None


class TopicJob:
    """One topic: its search, the ids it waits for, its result."""

    def __init__(self, topic: Topic, tracker: Tracker, clock: RefreshClock, store: Store, full: bool, past: Past):
        self.topic, self._clock, self._store, self._full, self._resumed = topic, clock, store, full, past.resumed
        self._watermarks = tracker.watermarks(topic.id)
        self.members = tracker.members(topic.id)
        self._same_query = past.query == topic.query
        self.result = TopicResult(topic.id, topic.title, topic.query)
        self.waiting: set[str] = set()
        self._plan = Plan(frozenset(), frozenset())
        self._hits: frozenset[str] = frozenset()

    def search(self, client: Eutils) -> Found:
        """Runs in a worker thread."""
        return search_topic(client, self.topic, self._watermarks, self._clock, self._store, self._full)

    def plan(self, found: Found) -> set[str]:
        """Notes what was found; returns the ids it needs."""
        self._hits = frozenset(found.result.ids)
        self._plan = make_plan(found, self.members, self._store, self._full, self._resumed)
        self.result.hits = found.result.count
        self.result.translation, self.result.warnings = found.result.translation, list(found.result.warnings)
        if misdated := disbelieved(self._watermarks, found.watermark):
            self.result.warnings.append(misdated)
        self.result.to_fetch = len(self._plan.wanted | self._plan.vanished)
        return set(self._plan.wanted | self._plan.vanished)

    def fail(self, reason: str) -> None:
        self.result.error = reason

    def settle(self, tracker: Tracker, refresh: int, watermark: str, outcomes: Outcomes) -> TopicResult:
        """Everything it waited for has come, or will not: membership, log and watermark, in one transaction."""
        result = self.result
        with tracker.all_or_nothing():
            if result.error is None:
                self._change_membership(tracker, refresh, outcomes)
            tracker.log_topic(refresh, self._log(watermark))
        return result

    def _change_membership(self, tracker: Tracker, refresh: int, outcomes: Outcomes) -> None:
        result, gone = self.result, outcomes.gone
        asked = self._plan.wanted | self._plan.vanished
        vanished = {p for p in self._plan.vanished if p not in outcomes.failed}
        left = dict.fromkeys(vanished - gone, LEFT)
        reason = disbelief(len(self._hits), len(self.members), len(left), self._same_query and not self._full)
        if reason:
            left, result.error = {}, reason
        leaving = left | dict.fromkeys((vanished | self._hits & self.members) & gone, GONE)
        tracker.mark_gone(refresh, asked & gone)
        joined = self._hits - gone
        absent = set(tracker.update_membership(refresh, self.topic.id, joined, leaving))
        result.new = len(joined - self.members - absent)
        result.revised = len(joined & self.members & outcomes.revised)
        result.unchanged = len(joined & self.members) - result.revised
        result.left, result.gone = len(left), len(asked & gone)
        self._count_failures(outcomes, asked)
        self._count_doubts(outcomes, asked)

    def _count_failures(self, outcomes: Outcomes, asked: Iterable[str]) -> None:
        failed = sorted((pmid for pmid in asked if pmid in outcomes.failed), key=int)
        self.result.failed = len(failed)
        if failed and not self.result.error:
            first = f"PMID {failed[0]}: {outcomes.failed[failed[0]]}"
            self.result.error = f"{len(failed):,} records could not be fetched and are asked for next time ({first})"

    def _count_doubts(self, outcomes: Outcomes, asked: Iterable[str]) -> None:
        asked = set(asked)
        poorer = {pmid: lost for pmid, lost in outcomes.poorer.items() if pmid in asked}
        self.result.poorer = len(poorer)
        if poorer:
            reason = (
                f"{told_of(poorer)}, and PubMed dates no revision: not believed, kept apart and asked for next time "
                f"(believed when it stays so on {DAYS_BELIEVED} different days)"
            )
            self.result.error = f"{self.result.error}; {reason}" if self.result.error else reason
        if believed := {pmid: lost for pmid, lost in outcomes.believed.items() if pmid in asked}:
            self.result.warnings.append(f"{told_of(believed)}, on {DAYS_BELIEVED} different days: believed now")

    def _log(self, watermark: str) -> TopicLog:
        r = self.result
        return TopicLog(
            topic=r.id, query=r.query, hits=r.hits, new=r.new, revised=r.revised, unchanged=r.unchanged, gone=r.gone,
            failed=r.failed, poorer=r.poorer, translation=r.translation, warnings=r.warnings, error=r.error,
            watermark=watermark,
        )  # fmt: skip


def told_of(poorer: Mapping[str, Sequence[str]]) -> str:
    """``3 records came without what they had (first PMID 1001: abstract, authors)``."""
    first = min(poorer, key=int)
    records = "1 record" if len(poorer) == 1 else f"{len(poorer):,} records"
    return f"{records} came without what they had (first PMID {first}: {', '.join(poorer[first])})"


class SourcesJob:
    """The cited sources that are due: their candidates, and which of them they are."""

    def __init__(self, sources: Sequence[CitedSource], store: Store, cited: Mapping[str, str | None]):
        self._sources, self._store = sources, store
        self._already = {source: pmid for source, pmid in cited.items() if pmid}
        self._candidates = Candidates()
        self.waiting: set[str] = set()
        self.states: list[SourceState] = []
        self.warnings: list[str] = []

    def search(self, client: Eutils) -> Candidates:
        """Runs in a worker thread."""
        return find_candidates(client, self._sources)

    def plan(self, candidates: Candidates) -> set[str]:
        """The candidates whose records must be fetched; those that a topic looks after are at hand."""
        self._candidates = candidates
        self.warnings = candidates.warnings
        return {pmid for pmid in self._pmids() if not self._at_hand(pmid)}

    def _at_hand(self, pmid: str) -> bool:
        known = self._store.known.get(pmid)
        return known is not None and pmid in self._store.maintained and self._store.is_current(pmid)

    def _pmids(self) -> list[str]:
        resolved = [self._already[source.id] for source in self._sources if source.id in self._already]
        return list(dict.fromkeys([*self._candidates.pmids(self._sources), *resolved]))

    def fail(self, reason: str) -> None:
        self.warnings.append(f"cited sources: {reason}")

    def settle(
        self,
        tracker: Tracker,
        refresh: int,
        held: Mapping[str, Received],
        outcomes: Outcomes,
        scrub: Callable[[str], str],
    ) -> None:
        """Verifies each source against every candidate; stores only the records that are a cited source."""
        if self.warnings and not self._candidates.answered:
            return  # nothing was learned: what is known of the sources stays as it is
        records = self._records(tracker, held)
        asked_in_vain = any(pmid in outcomes.failed for pmid in self._pmids())
        for source in self._sources:
            state = settle(source, records, self._candidates)
            before = self._already.get(source.id)
            if state.pmid is None and before and (self.warnings or before in outcomes.failed):
                continue  # what was verified once is not unlearned because PubMed could not be asked today
            if state.pmid is None and asked_in_vain and not self.warnings:
                state = SourceState(
                    source.id, source.cited_as, state.state, "a candidate could not be fetched; asked again next time"
                )
            with tracker.all_or_nothing():
                if state.pmid and state.pmid in held:
                    tracker.store_batch(refresh, [held[state.pmid]])
                tracker.set_source_state(
                    refresh, source.id, state.state, scrub(state.reason), state.pmid, printed(source)
                )
            self.states.append(state)
        self.warnings += [
            f"cited source {state.id}: {told_of({state.pmid: outcomes.poorer[state.pmid]})}: not believed, asked again"
            for state in self.states
            if state.pmid in outcomes.poorer
        ]

    def _records(self, tracker: Tracker, held: Mapping[str, Received]) -> list[Record]:
        records = []
        for pmid in self._pmids():
            if pmid in held:
                records.append(held[pmid].record)
            elif versions := tracker.versions(f"pubmed:{pmid}"):
                records.append(parse_record(versions[-1].content, references=False))
        return records
