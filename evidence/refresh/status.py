"""``evidence status``: when each topic was last refreshed, what it holds, what is wrong. Reads only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from evidence.cited_sources import CitedSource, load_sources
from evidence.clock import Clock, system_clock
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from evidence.project import Project
from evidence.refresh.cited import UNRESOLVED
from evidence.refresh.jobs import told_of
from evidence.topics import Topic, load_topics
from evidence.tracker import Doubt, Tracker

STALE_AFTER = 14
# What one screen of 24 lines holds of each kind; ``--all`` has the rest.
MOST_TOPICS, MOST_WARNINGS, MOST_SOURCES, MOST_LETTERS = 8, 4, 3, 240


@dataclass(slots=True)
class TopicStatus:
    """``last_done`` is the last refresh that succeeded; ``error`` is what the last one failed with.

    ``misdated``: ``last_done`` is still to come, so that a clock was wrong, then or now. ``hits``: of the last
    refresh, None when it did not come to know them.
    """

    id: str
    title: str
    members: int = 0
    hits: int | None = None
    last_done: str | None = None
    last_tried: str | None = None
    age_days: float | None = None
    stale: bool = True
    failing: bool = False
    misdated: bool = False
    error: str | None = None
    warnings: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether the last refresh found nothing at all: a search that is meant to find something is broken."""
        return self.hits == 0

    @property
    def troubled(self) -> bool:
        return self.stale or self.failing or self.empty


@dataclass(slots=True)
class Status:
    """A project's state; ``as_json`` is stable, ``exit_code`` is 1 when a topic is stale, failing or finds nothing."""

    stale_after: int
    tracker: bool
    last_refresh: dict[str, Any] | None = None
    records: dict[str, int] = field(default_factory=dict)
    gone: int = 0
    topics: list[TopicStatus] = field(default_factory=list)
    sources: dict[str, int] = field(default_factory=dict)
    unresolved: list[dict[str, Any]] = field(default_factory=list)
    doubts: dict[str, Doubt] = field(default_factory=dict)

    @property
    def failed_early(self) -> bool:
        """Whether the last refresh ended before its topics could be settled."""
        return bool(self.last_refresh and self.last_refresh["outcome"] in ("failed", "interrupted"))

    @property
    def exit_code(self) -> int:
        attention = self.failed_early or any(topic.troubled for topic in self.topics)
        return EXIT_NEEDS_PERSON if attention else EXIT_DONE

    def as_json(self) -> dict[str, Any]:
        return {
            "exit_code": self.exit_code,
            "stale_after_days": self.stale_after,
            "refreshed": self.tracker,
            "last_refresh": self.last_refresh,
            "records": self.records,
            "gone": self.gone,
            "topics": [asdict(topic) | {"empty": topic.empty} for topic in self.topics],
            "sources": self.sources,
            "unresolved_sources": self.unresolved,
            "poorer": [
                {"pmid": pmid, "lost": list(doubt.lost), "since": doubt.since, "days": doubt.days}
                for pmid, doubt in self.doubts.items()
            ],
        }

    def text(self, whole: bool = False) -> str:
        """The topics with trouble, then how the rest are: one screen. ``whole``: every topic, warning and source."""
        most = (len(self.topics), None, None) if whole else (MOST_TOPICS, MOST_WARNINGS, MOST_SOURCES)
        lines = [self._refresh_line(), self._records_line(), *self._topic_lines(whole, most[0])]
        warned = [f"warning: {warning}" for warning in (self.last_refresh or {}).get("warnings", ())]
        for topic in self.topics:
            if whole:
                warned += [f"{topic.id}: warning: {warning}" for warning in topic.warnings]
            elif topic.warnings:
                more = f" (1 of {len(topic.warnings)})" if len(topic.warnings) > 1 else ""
                warned.append(f"{topic.id}: warning{more}: {topic.warnings[0]}")
        lines += _first(warned if whole else [_cut(line) for line in warned], most[1], "warnings")
        if self.doubts:
            lines.append(self._doubts_line())
        if self.sources:
            counted = ", ".join(f"{count} {state}" for state, count in self.sources.items())
            lines.append(f"cited sources: {counted}")
        named = (f"  {row['id']}: {row['reason']} [{row['cited_as']}]" for row in self.unresolved)
        lines += _first([line if whole else _cut(line) for line in named], most[2], "unresolved sources")
        return "\n".join(lines)

    def _topic_lines(self, whole: bool, most: int) -> list[str]:
        """Topics with trouble first, the worst first; those never refreshed and those in order in a line each."""
        ordered = sorted(self.topics, key=_trouble)
        if whole:
            return [self._topic_line(topic) for topic in ordered]
        never = [topic for topic in ordered if topic.last_done is None and not topic.failing]
        told = [topic for topic in ordered if topic.troubled and topic not in never]
        lines = _first([_cut(self._topic_line(topic)) for topic in told], most, "topics with trouble")
        if never:
            lines.append(_cut(f"never refreshed: {_counted(never)}: {', '.join(topic.id for topic in never)}"))
        if fine := [topic for topic in ordered if not topic.troubled]:
            oldest = min(topic.last_done or "" for topic in fine)[:10]
            lines.append(f"in order: {_counted(fine)}, refreshed {oldest} or later ('--all' lists them)")
        return lines

    def _refresh_line(self) -> str:
        last = self.last_refresh
        if last is None:
            return "Nothing has been fetched from PubMed yet: run 'evidence refresh'"
        outcome = last["outcome"] or "not finished: under way, or killed"
        failure = f": {last['failure']}" if last.get("failure") else ""
        return f"last refresh: {last['started_at']}, {last['kind']}, {outcome}{failure}"

    def _records_line(self) -> str:
        counted = ", ".join(f"{count:,} from {source}" for source, count in self.records.items()) or "none"
        return f"records: {counted}" + (f"; {self.gone:,} are gone from PubMed" if self.gone else "")

    def _doubts_line(self) -> str:
        since = min(doubt.since for doubt in self.doubts.values())[:10]
        told = told_of({pmid: doubt.lost for pmid, doubt in self.doubts.items()})
        return f"not believed since {since}: {told}; the fuller versions stay, and each refresh asks again"

    def _topic_line(self, topic: TopicStatus) -> str:
        if topic.last_done is None:
            when = "never refreshed"
        else:
            when = f"refreshed {topic.last_done[:10]}, {topic.members:,} reports"
            if topic.misdated:
                when += (
                    f", MISDATED: {topic.last_done} is still to come, so a clock was wrong then or is now; check "
                    "'date -u', then run 'evidence refresh', which does not believe that date"
                )
            elif topic.stale:
                when += f", STALE: more than {self.stale_after} days ago"
        if topic.empty:
            when += "; NO HITS: PubMed finds nothing for this search, see its file in queries/topics"
        return f"{topic.id}: {when}" + (f"; FAILING: {topic.error}" if topic.failing else "")


def _trouble(topic: TopicStatus) -> tuple[int, str]:
    """Failing, empty, misdated, stale, never refreshed, warned about, in order."""
    kinds = (topic.failing, topic.empty, topic.misdated, topic.stale and topic.last_done is not None, topic.stale)
    return next((at for at, kind in enumerate((*kinds, bool(topic.warnings))) if kind), len(kinds) + 1), topic.id


def _counted(topics: Sequence[TopicStatus]) -> str:
    return f"{len(topics)} {'topic' if len(topics) == 1 else 'topics'}"


def _cut(line: str) -> str:
    return line if len(line) <= MOST_LETTERS else line[: MOST_LETTERS - 1].rstrip() + "…"


def _first(lines: list[str], most: int | None, what: str) -> list[str]:
    """The first ``most`` lines, then how many there are more."""
    if most is None or len(lines) <= most:
        return lines
    return [*lines[:most], f"  and {len(lines) - most} more {what} ('--all' lists them)"]


def status(project: Project, stale_after: int = STALE_AFTER, now: Clock = system_clock) -> Status:
    """The state of a project. Raises ``InputError`` for a malformed topic file, ``StorageError`` for a bad database."""
    topics = load_topics(project.topics)
    sources = load_sources(project.sources) if project.sources.is_file() else []
    if not project.tracker.is_file():
        return Status(
            stale_after, False, topics=[TopicStatus(t.id, t.title) for t in topics], sources=_count(sources, {})
        )
    with Tracker.open(project.tracker, create=False) as tracker:
        states = {row["id"]: row for row in tracker.source_states()}
        refreshes = tracker.refreshes()
        return Status(
            stale_after,
            bool(refreshes),
            last_refresh=refreshes[-1] if refreshes else None,
            records=tracker.counts(),
            gone=sum(known.gone_since is not None for known in tracker.known().values()),
            topics=[_topic_status(topic, tracker, stale_after, now()) for topic in topics],
            sources=_count(sources, states),
            unresolved=_unresolved(sources, states),
            doubts=_doubts(topics, states, tracker),
        )


def _topic_status(topic: Topic, tracker: Tracker, stale_after: int, now: datetime) -> TopicStatus:
    rows = [row for row in tracker.topic_refreshes() if row["topic"] == topic.id]
    found = TopicStatus(topic.id, topic.title, members=len(tracker.members(topic.id)))
    if not rows:
        return found
    last, good = rows[-1], [row for row in rows if not row["error"]]
    found.last_tried, found.error, found.failing = last["started_at"], last["error"], bool(last["error"])
    found.warnings, found.hits = last["warnings"], last["hits"]
    if good:
        found.last_done = good[-1]["started_at"]
        found.age_days = round((now - datetime.fromisoformat(good[-1]["started_at"])).total_seconds() / 86400, 2)
        found.misdated = found.age_days < 0
        found.stale = found.misdated or found.age_days > stale_after
    return found


def _doubts(topics: Iterable[Topic], states: Mapping[str, Mapping[str, Any]], tracker: Tracker) -> dict[str, Doubt]:
    """Those that a refresh will ask about: of topics that there are, and of cited sources."""
    asked = {pmid for topic in topics for pmid in tracker.members(topic.id)} | {row["pmid"] for row in states.values()}
    return {pmid: doubt for pmid, doubt in tracker.doubts().items() if pmid in asked}


def _count(sources: Sequence[CitedSource], states: Mapping[str, Mapping[str, Any]]) -> dict[str, int]:
    """How many cited articles are resolved, unresolved, or were never asked about."""
    articles = [source for source in sources if source.kind == "article"]
    counts: dict[str, int] = {}
    for source in articles:
        state = states[source.id]["state"] if source.id in states else "not asked yet"
        counts[state] = counts.get(state, 0) + 1
    return counts


def _unresolved(sources: Sequence[CitedSource], states: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"id": s.id, "cited_as": s.cited_as, "reason": states[s.id]["reason"], "checked_at": states[s.id]["checked_at"]}
        for s in sources
        if s.id in states and states[s.id]["state"] == UNRESOLVED
    ]
