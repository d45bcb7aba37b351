"""Tags: what each means, how well it is given, and its reports."""

from __future__ import annotations

from evidence.derive.schema import CLAIM_TABLE, FACET_TABLE
from evidence.library.search import Selection, filter_bits, search
from evidence.site.pages.charts import charts
from evidence.site.pages.listing import entries
from evidence.site.web import Context, Page, PageNotFound

TAG = "SELECT id, label, definition, mesh, parent, level, synonyms, articles FROM {table} WHERE id = ?"
ACCURACY = """
    SELECT "precision", recall, support, measured_on,
           vocabulary_hash IS NOT (SELECT value FROM build_info WHERE key = 'vocabulary_hash') AS outdated
    FROM tag_accuracy WHERE facet = ? AND tag = ?"""
CLAIMS = """
    SELECT c.id, c.paraphrase, c.fidelity, c.direction, c.status, c.reviewed_by, c.reopened_on
    FROM claim_{table} x JOIN claims c ON c.id = x.claim
    WHERE x.{facet} = ? ORDER BY c.id"""
DEVICES = "SELECT code, name, state, checked_at, recalls_checked_at FROM devices WHERE modality = ? ORDER BY code"
RECALLS = """
    SELECT r.code, r.number, r.event, r.initiated, r.posted, r.status, r.firm, r.product, r.reason, r.cause, r.class,
           r.checked_at
    FROM recalls r JOIN devices d ON d.code = r.code WHERE d.modality = ?
    ORDER BY coalesce(r.initiated, r.posted) DESC, r.number LIMIT 100"""
TOP_REPORTS = 15


def tags_page(context: Context) -> Page:
    """Every tag of every facet, with the number of reports that its own page and a search for it show."""
    context.allow(frozenset())
    index = context.site.index
    counted = filter_bits(index, Selection())
    facets = {
        facet: [
            {
                "id": tag.id,
                "label": tag.label,
                "parent": tag.parent,
                "reports": index.count_reports(counted & index.get(facet, tag.id)),
            }
            for tag in tags.values()
        ]
        for facet, tags in context.site.tags.items()
    }
    return Page("tags.html", "Tags", {"facets": facets}, canonical="/tags")


def tag_page(context: Context) -> Page:
    context.allow(frozenset())
    facet, tag_id = context.path["facet"], context.path["id"]
    tag = context.row(TAG.format(table=FACET_TABLE[facet]), [tag_id]) if facet in FACET_TABLE else None
    if tag is None:
        raise PageNotFound(f"There is no tag {tag_id[:60]!r} of a facet {facet[:20]!r}.")
    selection = Selection(sort="level").toggled(facet, tag_id)
    hits = search(context.conn, context.site.index, selection, limit=TOP_REPORTS)
    table = FACET_TABLE[facet]
    children = [t for t in context.site.tags[facet].values() if t.parent == tag_id]
    data = {
        "facet": facet,
        "tag": tag,
        "children": [{"id": child.id, "label": child.label} for child in children],
        "parent": context.site.label(facet, tag["parent"]) if tag["parent"] else None,
        "accuracy": context.row(ACCURACY, [facet, tag_id]),
        "total": hits.total,
        "studies": context.site.index.count_studies(hits.bits),
        "reports": entries(context, hits.rowids[:TOP_REPORTS]),
        "charts": charts(context, Selection().toggled(facet, tag_id)),
        "devices": context.rows(DEVICES, [tag_id]) if facet == "modality" else [],
        "recalls": context.rows(RECALLS, [tag_id]) if facet == "modality" else [],
        "claims": context.rows(CLAIMS.format(table=table, facet=facet), [tag_id]) if facet in CLAIM_TABLE else [],
    }
    feed = context.plain_url(f"/feeds/tags/{facet}", tag_id) + ".xml"
    canonical = context.plain_url(f"/tags/{facet}", tag_id)
    return Page("tag.html", tag["label"], data, canonical=canonical, feed=feed)
