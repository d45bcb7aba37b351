"""Cited sources, resolved: one ECitMatch for all, one search by titles and identifiers for all, then verification."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from evidence.bibliography.normal import first_author_key, normal_pages, words
from evidence.cited_sources import CitedSource
from evidence.errors import EvidenceError
from evidence.pubmed.eutils import Citation, Eutils
from evidence.record import Record
from evidence.refresh.verify import Comparison, compare

RESOLVED, UNRESOLVED = "resolved", "unresolved"
# Resolved sources are looked at again for corrections and retractions; unresolved ones may have entered PubMed.
RECHECK_RESOLVED, RECHECK_UNRESOLVED = timedelta(days=7), timedelta(days=1)
MOST_CANDIDATES = 400
_TITLE_WORDS = 7
_PRINTED = ("cited_as", "authors", "title", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "pmcid")
_STOP = frozenset("with from that this than after before among between against study trial results".split())


@dataclass(frozen=True, slots=True)
class SourceState:
    """What became of a cited source in this refresh."""

    id: str
    cited_as: str
    state: str
    reason: str = ""
    pmid: str | None = None


@dataclass(slots=True)
class Candidates:
    """PMIDs that may be cited sources: those ECitMatch named, by source, and those found for all by one search.

    ``told`` is what ECitMatch said where it named none; ``answered``, whether PubMed answered anything at all.
    """

    matched: dict[str, str] = field(default_factory=dict)
    told: dict[str, str] = field(default_factory=dict)
    found: tuple[str, ...] = ()
    warnings: list[str] = field(default_factory=list)
    answered: bool = False

    def pmids(self, sources: Iterable[CitedSource]) -> list[str]:
        written = [source.pmid for source in sources if source.pmid]
        return list(dict.fromkeys([*self.matched.values(), *written, *self.found]))


def due(
    sources: Sequence[CitedSource],
    states: Mapping[str, Mapping[str, Any]],
    now: datetime,
    doubted: AbstractSet[str] = frozenset(),
) -> list[CitedSource]:
    """The articles among the sources that must be asked about: new, edited since, checked long ago, or ``doubted``.

    A check that is dated later than ``now`` says nothing: a clock was wrong, then or now.
    """

    def is_due(source: CitedSource) -> bool:
        state = states.get(source.id)
        if state is None:
            return True
        checked = datetime.fromisoformat(state["checked_at"])
        wait = RECHECK_RESOLVED if state["state"] == RESOLVED else RECHECK_UNRESOLVED
        if state["pmid"] in doubted:
            return True
        return not timedelta(0) <= now - checked < wait or state["printed"] != printed(source)

    return [source for source in sources if source.kind == "article" and is_due(source)]


def printed(source: CitedSource) -> str:
    """A fingerprint of what a source is looked up and verified by; another one means that it was edited."""
    return hashlib.sha256(repr([getattr(source, name) for name in _PRINTED]).encode()).hexdigest()[:16]


def find_candidates(client: Eutils, sources: Sequence[CitedSource]) -> Candidates:
    """Asks PubMed, in two requests at most. A request that fails leaves its part out, with a warning."""
    candidates = Candidates()
    citations = [citation(source) for source in sources if source.journal and source.year and source.volume]
    if citations:
        try:
            for key, said in client.match_citations(citations).items():
                if said.isdecimal():
                    candidates.matched[key] = said
                else:
                    candidates.told[key] = said
            candidates.answered = True
        except EvidenceError as error:
            candidates.warnings.append(f"cited sources: {error}")
    query = " OR ".join(f"({term})" for source in sources if (term := search_term(source)))
    if query:
        try:
            candidates.found = client.search(query, most=MOST_CANDIDATES).ids
            candidates.answered = True
        except EvidenceError as error:
            if (warning := f"cited sources: {error}") not in candidates.warnings:
                candidates.warnings.append(warning)
    return candidates


def citation(source: CitedSource) -> Citation:
    page = normal_pages(source.pages)[0]
    return Citation(
        source.id, source.journal.replace(".", ""), str(source.year or ""), source.volume, page, source.first_author
    )


def search_term(source: CitedSource) -> str:
    """A query that the source matches if PubMed has it: the rare words of its title, its place, its identifiers."""
    terms = []
    years = f"{source.year - 1}:{source.year + 1}[dp]" if source.year else ""
    rare = sorted({w for w in words(source.title) if len(w) > 3 and w not in _STOP}, key=lambda w: (-len(w), w))
    if len(rare) >= 3:
        terms.append(" AND ".join([f"{word}[ti]" for word in rare[:_TITLE_WORDS]] + ([years] if years else [])))
    page, author = normal_pages(source.pages)[0], first_author_key(source.first_author)
    if page and source.volume and author:
        place = [f"{author}[au]", f"{source.volume}[vi]", f"{page}[pg]"]
        terms.append(" AND ".join(place + ([years] if years else [])))
    if source.doi:
        terms.append(f'"{source.doi}"[aid]')
    if source.pmcid:
        terms.append(f"{source.pmcid}[pmcid]")
    return " OR ".join(f"({term})" for term in terms)


def settle(source: CitedSource, records: Iterable[Record], candidates: Candidates) -> SourceState:
    """The source's state: the one record that is it, or why none is."""
    comparisons = [compare(source, record) for record in records]
    same = sorted((c for c in comparisons if c.same), key=lambda c: -c.score)
    if same and (len(same) == 1 or same[0].score > same[1].score):
        return SourceState(source.id, source.cited_as, RESOLVED, "", same[0].pmid)
    if same:
        tied = ", ".join(c.pmid for c in same if c.score == same[0].score)
        return SourceState(source.id, source.cited_as, UNRESOLVED, f"several records fit what is printed: PMID {tied}")
    return SourceState(source.id, source.cited_as, UNRESOLVED, _why_not(source, comparisons, candidates))


def _why_not(source: CitedSource, comparisons: Sequence[Comparison], candidates: Candidates) -> str:
    said = candidates.told.get(source.id, "")
    if candidates.warnings:
        return f"PubMed could not be asked: {candidates.warnings[0].removeprefix('cited sources: ')}"
    named = candidates.matched.get(source.id) or source.pmid
    for comparison in comparisons:
        if comparison.pmid == named and comparison.differ:
            return f"PMID {named} was named but is not it: {'; '.join(comparison.differ)}"
    closest = max(comparisons, key=lambda c: c.score, default=None)
    if closest and len(closest.agree & {"title", "pages", "identifier"}):
        missing = "; ".join(closest.differ) or "too little is printed to be sure"
        return f"closest is PMID {closest.pmid}: {missing}"
    if not (source.title or source.doi or source.pmid or source.pmcid or (source.volume and source.pages)):
        return "printed without title, volume, pages or identifier: too little to say which record it is"
    heard = f" (ECitMatch: {said})" if said else ""
    return f"PubMed has no record that fits what is printed{heard}"
