"""Claims of health articles: the paraphrase, how people read it, and what the library holds on it."""

from __future__ import annotations

from typing import Any

from evidence.derive.schema import FACET_TABLE
from evidence.errors import UsageError
from evidence.ledger.reading import DIRECTIONS, FIDELITIES, STATUSES
from evidence.library.search import from_pairs, search
from evidence.site.pages.listing import entries
from evidence.site.pages.topics import as_list
from evidence.site.web import Context, Page, PageNotFound

CLAIMS = """
    SELECT c.id, c.paraphrase, c.fidelity, c.direction, c.status, c.reviewed_by, c.support, c.kind,
           c.reopened_on, c.reopened_because, c.article,
           a.title AS article_title
    FROM claims c JOIN articles a ON a.id = c.article
    WHERE (:fidelity = '' OR c.fidelity = :fidelity) AND (:direction = '' OR c.direction = :direction)
      AND (:status = '' OR coalesce(c.status, 'none') = :status) AND (:reopened = '' OR c.reopened_on IS NOT NULL)
      AND (:modality = '' OR c.id IN (SELECT claim FROM claim_modalities WHERE modality IN ({modality})))
      AND (:outcome = '' OR c.id IN (SELECT claim FROM claim_outcomes WHERE outcome IN ({outcome})))
      AND (:condition = '' OR c.id IN (SELECT claim FROM claim_conditions WHERE condition IN ({condition})))
    ORDER BY a.title, c.id"""
CLAIM = """
    SELECT c.*, a.title AS article_title, a.url AS article_url, a.publisher
    FROM claims c JOIN articles a ON a.id = c.article WHERE c.id = ?"""
SOURCES = """
    SELECT s.id, s.cited_as, s.state, s.reason, s.report, s.checked_at, s.design, s.sample_size, s.noted_on, x.role,
           r.title, r.status, r.journal, r.year, r.design_label, r.evidence_level
    FROM claim_sources x JOIN sources s ON s.id = x.source LEFT JOIN reports r ON r.id = s.report
    WHERE x.claim = ? ORDER BY x.role DESC, s.id"""
FACTS = "SELECT text FROM source_facts WHERE source = ? ORDER BY position"
NUMBERS = 'SELECT value, low, high, unit, what FROM claim_numbers WHERE claim = ? ORDER BY "position"'
EVENTS = "SELECT happened_on, kind, report, text FROM claim_events WHERE claim = ? ORDER BY happened_on DESC LIMIT 100"
TAGS = ("modality", "outcome", "condition")
READINGS = {"fidelity": tuple(FIDELITIES), "direction": tuple(DIRECTIONS), "status": (*STATUSES, "none")}
FILTERS = (*READINGS, *TAGS)


def claims_page(context: Context) -> Page:
    """All claims, filtered by reading, by tag (as the cells of the map link here), or to the reopened ones."""
    context.allow(frozenset(("reopened", *FILTERS)))
    chosen = {name: context.get(name) for name in FILTERS}
    known = {**READINGS, **{facet: list(context.site.tags[facet]) for facet in TAGS}}
    for name, value in chosen.items():
        if value and value not in known[name]:
            raise UsageError(f"there is no {name} {value[:60]!r}; there is: {', '.join(known[name])}")
    reopened = context.get("reopened")
    families = {facet: _family(context, facet, chosen[facet]) for facet in TAGS}
    claims = context.rows(CLAIMS.format(**families), {**chosen, "reopened": reopened})
    tags = [context.site.label(facet, chosen[facet]) for facet in TAGS if chosen[facet]]
    data = {
        "claims": claims,
        **{name: chosen[name] for name in READINGS},
        "tags": tags,
        "reopened": bool(reopened),
        "fidelities": list(FIDELITIES),
    }
    return Page("claims.html", "Claims of health articles", data, canonical="/claims", feed="/feeds/claims.xml")


def _family(context: Context, facet: str, tag: str) -> str:
    """A tag and its descendants as an SQL list; all of them are ids of the vocabulary."""
    family, tags = {tag}, context.site.tags[facet].values()
    for _ in range(5):
        family |= {child.id for child in tags if child.parent in family}
    return ", ".join("'" + name.replace("'", "''") + "'" for name in sorted(family))


def claim_page(context: Context) -> Page:
    context.allow(frozenset())
    claim = context.row(CLAIM, [context.path["id"]])
    if claim is None:
        raise PageNotFound(f"There is no claim {context.path['id'][:80]!r}.")
    claim["flags"] = as_list(claim["flags"])
    tags = {facet: claim_tags(context, claim["id"], facet) for facet in ("modality", "outcome", "condition")}
    sources = context.rows(SOURCES, [claim["id"]])
    for source in sources:
        source["facts"] = [row["text"] for row in context.rows(FACTS, [source["id"]])]
    subject = _subject(tags)
    total, on_it = _reports_on(context, subject)
    data = {
        "claim": claim,
        "tags": tags,
        "sources": sources,
        "numbers": context.rows(NUMBERS, [claim["id"]]),
        "events": context.rows(EVENTS, [claim["id"]]),
        "reports_total": total,
        "reports": on_it,
    }
    feed = context.plain_url("/feeds/claims", claim["id"]) + ".xml"
    canonical = context.plain_url("/claims", claim["id"])
    return Page(
        "claim.html", claim["paraphrase"], data, canonical=canonical, feed=feed, extra={"selection_pairs": subject}
    )


def claim_tags(context: Context, claim: str, facet: str) -> list[dict[str, str]]:
    sql = f"SELECT {facet} AS id FROM claim_{FACET_TABLE[facet]} WHERE claim = ?"
    return [{"id": row["id"], "label": context.site.label(facet, row["id"])} for row in context.rows(sql, [claim])]


def _reports_on(context: Context, pairs: list[tuple[str, str]]) -> tuple[int, list[dict[str, Any]]]:
    """What the library holds on it, strongest first."""
    if not pairs:
        return 0, []
    selection = from_pairs([*pairs, ("sort", "level")], context.site.known)
    hits = search(context.conn, context.site.index, selection, limit=8)
    return hits.total, entries(context, hits.rowids)


def _subject(tags: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    """What a claim is about, as filters: its modality with its outcome, or else with its condition."""
    if not tags["modality"]:
        return []
    beside = "outcome" if tags["outcome"] else "condition"
    return [(facet, tag["id"]) for facet in ("modality", beside) for tag in tags[facet]]
