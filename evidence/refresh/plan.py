"""What one topic needs from PubMed: its search (asks), and what must be fetched because of it (pure)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta

from evidence.pubmed.eutils import Eutils, SearchResult
from evidence.pubmed.harvest import search_all
from evidence.refresh.times import RefreshClock, believed
from evidence.topics import Topic
from evidence.tracker import Known

# About 5% of records become visible days after their date; a week covers them.
OVERLAP = timedelta(days=7)
# An attempt that failed is resumed so long; a later one asks for everything that was revised since the last success.
RESUMED = timedelta(days=1)
# So many members that leave a search at once, being still in PubMed, are not believed while the query is the same.
SUSPICIOUS_NUMBER, SUSPICIOUS_SHARE = 50, 0.25


@dataclass(frozen=True, slots=True)
class Found:
    """A topic's search: all hits, the ids among them that PubMed revised since the watermark, and that watermark.

    ``everything``: there is a watermark, but none to be believed, so that every hit may have been revised.
    """

    result: SearchResult
    revised: frozenset[str] = frozenset()
    watermark: str | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Store:
    """What the tracker holds when a refresh begins.

    ``maintained`` are PMIDs in a topic that has a watermark: their revisions are seen by searching for them. Others
    are trusted only when they came after ``trusted_since``, and not later than now. What an attempt that failed fetched
    after ``resumed_since`` is not fetched again. ``doubted`` came poorer than they are, and are asked for until they
    are settled.
    """

    known: Mapping[str, Known]
    maintained: AbstractSet[str]
    trusted_since: str
    now: str
    resumed_since: str
    doubted: AbstractSet[str] = frozenset()

    def _is_recent(self, known: Known) -> bool:
        return self.trusted_since <= known.received_at <= self.now

    def is_current(self, pmid: str) -> bool:
        known = self.known.get(pmid)
        if known is None or known.gone_since or pmid in self.doubted:
            return False
        return pmid in self.maintained or self._is_recent(known)

    def came_with(self, pmid: str, attempt: int | None) -> bool:
        """Whether its current version came with this refresh or a later one, within the last day.

        Told by the refresh's number: two refreshes within one second share their times. What is revised again on that
        day is seen by the next refresh, which looks back a week.
        """
        known = self.known.get(pmid)
        return bool(
            attempt and known and known.refresh >= attempt and self.resumed_since < known.received_at <= self.now
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """Ids to fetch: ``wanted`` are hits, ``vanished`` were members and are asked about before they are called gone."""

    wanted: frozenset[str]
    vanished: frozenset[str]


def look_back(watermark: str) -> str:
    """The date that a search for revisions starts from: ``2026-11-20T…`` → ``2026/11/13``."""
    return (date.fromisoformat(watermark[:10]) - OVERLAP).strftime("%Y/%m/%d")


def search_topic(
    client: Eutils, topic: Topic, watermarks: Sequence[str], clock: RefreshClock, store: Store, full: bool
) -> Found:
    """Asks PubMed. Revisions are searched for only where there is something that may have been revised.

    ``watermarks``: the topic's, the last one first. Which is believed is known once PubMed's answer was dated.
    """
    result = search_all(client, topic.query)
    watermark = believed(watermarks, clock.latest)
    if watermark is None or full or not any(pmid in store.maintained for pmid in result.ids):
        return Found(result, watermark=watermark, everything=bool(watermarks) and watermark is None)
    revised = search_all(client, f'({topic.query}) AND ("{look_back(watermark)}"[lr] : "3000"[lr])')
    return Found(result, frozenset(revised.ids), watermark)


def make_plan(
    found: Found, members: AbstractSet[str], store: Store, full: bool = False, resumed: int | None = None
) -> Plan:
    """``resumed``: the first attempt since the watermark; what it committed is not fetched again."""
    hits = frozenset(found.result.ids)
    revised = {pmid for pmid in found.revised if not store.came_with(pmid, resumed)}
    wanted = hits if full or found.everything else frozenset(p for p in hits if p in revised or not store.is_current(p))
    return Plan(wanted, frozenset(members - hits))


def disbelief(hits: int, members: int, left: int, same_query: bool) -> str:
    """Why a search that shrank is not believed; ``""`` when it is.

    A topic read as "0 hits" or at half its size because PubMed had a bad day has cost others their lists.
    """
    if not left or not same_query:
        return ""
    if hits == 0:
        return f"0 hits where there were {members:,}, all still in PubMed: not believed (--full believes it)"
    if left > SUSPICIOUS_NUMBER and left > SUSPICIOUS_SHARE * members:
        return (
            f"{left:,} of {members:,} reports are still in PubMed but no longer found by the same query: "
            "not believed (--full believes it)"
        )
    return ""
