"""Searches of any size, and records fetched until every id is accounted for.

A search gives at most 9,999 ids. Larger ones are cut into ranges of PMIDs, as EDirect does, until each
fits: date slices can fail, since one undated day alone holds 315,282 records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from evidence.errors import EvidenceError
from evidence.exchange.pubmed import Received
from evidence.http.answer import Fault
from evidence.pubmed.eutils import MOST_IDS, Eutils, Oversized, Refused, SearchResult, Unanswered

# Records an efetch: NCBI suggests 200 to 500; what a kill loses is at most the batches on their way.
BATCH = 200
# So many missing ids are asked for one by one at once; more are first asked for together.
FEW = 5
# A server that lists more records than this and does not give them is sick: they are not asked for one by one.
MOST_SINGLY = 20
# Halving finds two records that are too long among 200; more such answers, and the rest of the batch fails.
MOST_OVERSIZED = 16
HIGHEST_UID = 999_999_999
FIRST_SPLIT = 20_000_000


class Inconsistent(EvidenceError):
    """PubMed counted other hits than it listed, and did so again."""

    exit_code = Unanswered.exit_code


@dataclass(slots=True)
class Harvest:
    """What became of ids that were asked for: each is in exactly one of the three."""

    received: dict[str, Received] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    failed: dict[str, str] = field(default_factory=dict)

    def missing(self, pmids: Iterable[str]) -> list[str]:
        return [p for p in pmids if p not in self.received and p not in self.gone and p not in self.failed]


def search_all(client: Eutils, query: str) -> SearchResult:
    """Every id that matches, however many, checked against PubMed's own count. Raises :class:`Inconsistent`."""
    whole = client.search(query)
    ids = set(_complete(client, query, whole).ids) if whole.count <= MOST_IDS else _split(client, query, whole)
    if len(ids) != whole.count:
        # Records come and go while a long search runs: the count of now is believed too.
        count = client.search(query, most=0).count
        if not min(count, whole.count) <= len(ids) <= max(count, whole.count):
            raise Inconsistent(
                f"PubMed counts {whole.count} hits but lists {len(ids)}: not believed, nothing was changed"
            )
    return SearchResult(len(ids), tuple(sorted(ids, key=int)), whole.translation, whole.warnings)


def _complete(client: Eutils, query: str, result: SearchResult) -> SearchResult:
    """A list shorter than its count is asked for once more."""
    return result if len(result.ids) == min(result.count, MOST_IDS) else client.search(query)


def _split(client: Eutils, query: str, whole: SearchResult) -> set[str]:
    """All ids of a search past the cap: ranges of PMIDs, halved until each fits under it.

    Only the lower half is asked about; the upper half's count is what is left, and one that is too large, or
    empty, is not asked for.
    """
    top = max(map(int, whole.ids), default=FIRST_SPLIT)
    ids: set[str] = set()
    pending = [(1, HIGHEST_UID, whole.count)]
    while pending:
        low, high, count = pending.pop()
        if count <= MOST_IDS:
            ids.update(_range(client, query, low, high).ids)
            continue
        middle = _middle(low, top if low < top < high else high)
        lower = _range(client, query, low, middle)
        if lower.count > MOST_IDS and low == middle:
            raise Inconsistent(f"PubMed counts {lower.count} hits for the single PMID {low}: not believed")
        if lower.count > MOST_IDS:
            pending.append((low, middle, lower.count))
        else:
            ids.update(lower.ids)
        if count > lower.count and middle < high:
            pending.append((middle + 1, high, count - lower.count))
    return ids


def _middle(low: int, high: int) -> int:
    """EDirect's first cut for the whole of PubMed, halves after that."""
    return FIRST_SPLIT if low == 1 and high > FIRST_SPLIT else (low + high) // 2


def _range(client: Eutils, query: str, low: int, high: int) -> SearchResult:
    term = f"({query}) AND {low}:{high}[UID]"
    return _complete(client, term, client.search(term))


def batches(pmids: Sequence[str], size: int = BATCH) -> Iterator[list[str]]:
    for start in range(0, len(pmids), size):
        yield list(pmids[start : start + size])


def fetch_records(client: Eutils, pmids: Sequence[str]) -> Harvest:
    """Fetches up to a batch of records and accounts for every id: received, gone from PubMed, or failed and why.

    An id is *gone* when PubMed says it is deleted, or two efetch answers lack it and esummary has no summary of
    it either: an empty answer for live ids has been seen, and must not make records vanish. A request that is never
    answered fails the ids still open and keeps what has come.
    """
    harvest = Harvest()
    try:
        reasons = _fetch_into(client, pmids, harvest)
        missing = harvest.missing(pmids)
        if missing:
            for part in [missing] if len(missing) > FEW else batches(missing, 1):
                reasons |= _fetch_into(client, part, harvest)
        missing = harvest.missing(pmids)
        if missing:
            _settle(client, missing, harvest, reasons)
    except (Unanswered, Refused, Fault) as error:
        harvest.failed.update(dict.fromkeys(harvest.missing(pmids), str(error)))
    return harvest


def _fetch_into(client: Eutils, pmids: Sequence[str], harvest: Harvest) -> dict[str, str]:
    """One efetch; only what was asked for counts. Returns why records could not be read, by PMID.

    Where the answer is longer than is read, halves are asked for, so that only the record that is too long fails.
    """
    reasons: dict[str, str] = {}
    parts, oversized = [list(pmids)], 0
    while parts:
        part = parts.pop()
        try:
            fetched = client.fetch(part)
        except Oversized as error:
            oversized += 1
            if len(part) == 1 or oversized > MOST_OVERSIZED:
                reasons |= dict.fromkeys(part, str(error))
            else:
                parts += [part[len(part) // 2 :], part[: len(part) // 2]]
            continue
        for pmid in part:
            if pmid in fetched.received:
                harvest.received[pmid] = fetched.received[pmid]
            elif pmid in fetched.deleted:
                harvest.gone.add(pmid)
        reasons |= {failure.pmid: failure.reason for failure in fetched.failures if failure.pmid}
    return reasons


def _settle(client: Eutils, missing: Sequence[str], harvest: Harvest, reasons: dict[str, str]) -> None:
    """For ids that efetch did not give twice: gone when esummary does not know them either, else failed."""
    there = client.exist(missing)
    harvest.gone.update(pmid for pmid in missing if not there[pmid])
    alive = harvest.missing(missing)
    if len(alive) <= MOST_SINGLY:
        for pmid in alive:
            reasons |= _fetch_into(client, [pmid], harvest)
    for pmid in harvest.missing(alive):
        harvest.failed[pmid] = reasons.get(pmid, "PubMed lists it but did not give it")
