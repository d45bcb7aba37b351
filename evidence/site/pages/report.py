"""One report: what it is, why it is tagged as it is, what became of it, and what rests on it."""

from __future__ import annotations

from typing import Any

from evidence.bibliography.handles import sentences_of
from evidence.site.citing import citation_links, highwire_tags, json_ld
from evidence.site.marking import marked_sections, marked_title
from evidence.site.pages.listing import shown_abstracts
from evidence.site.pages.trials import named_by
from evidence.site.web import Context, Page, PageNotFound

RESOLVE = "SELECT report FROM report_ids WHERE id = ?"
REPORT = "SELECT * FROM reports WHERE id = ?"
ABSTRACT = "SELECT position, section, category, text, language FROM abstracts WHERE report = ? ORDER BY position"
AUTHORS = "SELECT name, family, given, orcid, affiliation FROM authors WHERE report = ? ORDER BY position"
EVIDENCE = """
    SELECT facet, tag, section, field, phrase, start, "end", rule FROM tag_evidence WHERE report = ?
    ORDER BY facet, tag, field DESC, section, start"""
TAGS = """
    SELECT t.*, a."precision", a.support,
           a.vocabulary_hash IS NOT (SELECT value FROM build_info WHERE key = 'vocabulary_hash') AS outdated
    FROM (
        SELECT 'modality' AS facet, modality AS tag, rule, source, who, why FROM report_modalities WHERE report = :id
        UNION ALL SELECT 'outcome', outcome, rule, source, who, why FROM report_outcomes WHERE report = :id
        UNION ALL SELECT 'condition', condition, rule, source, who, why FROM report_conditions WHERE report = :id
        UNION ALL SELECT 'design', design, rule, source, who, why FROM report_designs WHERE report = :id
        UNION ALL SELECT 'comparator', comparator, rule, source, who, why FROM report_comparators WHERE report = :id
        UNION ALL SELECT 'blinding', blinding, rule, source, who, why FROM report_blinding WHERE report = :id
        UNION ALL SELECT 'funding', funding, rule, source, who, why FROM report_funding WHERE report = :id
        UNION ALL SELECT 'interests', interests, rule, source, who, why FROM report_interests WHERE report = :id
    ) t LEFT JOIN tag_accuracy a ON a.facet = t.facet AND a.tag = t.tag"""
MENTIONED = "SELECT modality AS tag FROM report_modalities_mentioned WHERE report = ? ORDER BY 1"
NOTICES = "SELECT * FROM notices WHERE report = ? ORDER BY coalesce(notice_date, first_seen) DESC"
CHECKS = "SELECT source, checked_at, outcome FROM checks WHERE report = ? ORDER BY source != 'pubmed', source"
RELATIONS = """
    SELECT x.kind, x.source, x.why, 'from' AS direction, r.id, r.title, r.year, r.kind AS report_kind
    FROM relations x JOIN reports r ON r.id = x.related WHERE x.report = :id
    UNION ALL SELECT x.kind, x.source, x.why, 'to', r.id, r.title, r.year, r.kind
    FROM relations x JOIN reports r ON r.id = x.report WHERE x.related = :id"""
CITATIONS = """
    SELECT 'cites' AS direction, r.id, r.title, r.journal, r.year, group_concat(DISTINCT x.source) AS sources
    FROM citations x JOIN reports r ON r.id = x.cited WHERE x.citing = :id GROUP BY r.id
    UNION ALL SELECT 'cited by', r.id, r.title, r.journal, r.year, group_concat(DISTINCT x.source)
    FROM citations x JOIN reports r ON r.id = x.citing WHERE x.cited = :id GROUP BY r.id
    ORDER BY 1, 5 DESC, 2"""
COUNTED = "SELECT count, rcr, percentile, provisional, source, checked_at FROM citation_counts WHERE report = ?"
COPIES = """
    SELECT url, terms, licence, version, site, source, checked_at FROM copies WHERE report = ?
    ORDER BY terms = 'free', source != 'pubmed', source, site LIKE '%PDF', url LIMIT 12"""
VERSIONS = """
    SELECT v.kind, v.other, r.title, v.number, v.scheme, v.guessed, v.note, v.source, v.checked_at
    FROM versions v LEFT JOIN reports r ON r.id = v.other WHERE v.report = ? ORDER BY v.guessed, v.source, v.number"""
STUDIES = """
    SELECT s.id, s.title, s.reason, x.role FROM study_reports x JOIN studies s ON s.id = x.study WHERE x.report = ?"""
REGISTRATIONS = "SELECT registry, number FROM study_registrations WHERE study = ? ORDER BY number"
SIBLINGS = """
    SELECT r.id, r.title, r.year, r.journal, x.role FROM study_reports x JOIN reports r ON r.id = x.report
    WHERE x.study = ? AND r.id != ? ORDER BY r.publication_date"""
MESH = "SELECT ui, heading, major, qualifiers FROM report_mesh WHERE report = ? ORDER BY major DESC, heading"
TYPES = "SELECT name FROM report_types WHERE report = ? ORDER BY name"
RECORDS = """
    SELECT r.id, r.source, r.pmid, r.first_seen, r.last_received, r.versions, r.gone_since, m.rule, m.score, m.other,
           m.why
    FROM records r LEFT JOIN merges m ON m.record = r.id AND m.report = r.report
    WHERE r.report = ? ORDER BY r.first_seen, r.id"""
TOPICS = """
    SELECT t.id, t.title, x.first_seen, x.left_at, x.reason FROM topic_reports x JOIN topics t ON t.id = x.topic
    WHERE x.report = ? ORDER BY x.first_seen"""
REVISIONS = """
    SELECT record, field, old, new, received_at FROM revisions WHERE report = ?
    ORDER BY received_at DESC LIMIT 100"""
CLAIMS = """
    SELECT c.id, c.paraphrase, c.fidelity, c.direction, c.status, c.reviewed_by, c.reopened_on, x.role,
           a.id AS article, a.title AS article_title
    FROM sources s JOIN claim_sources x ON x.source = s.id JOIN claims c ON c.id = x.claim
    JOIN articles a ON a.id = c.article
    WHERE s.report = ? GROUP BY c.id ORDER BY c.id"""


def report_page(context: Context) -> Page:
    """``/reports/ID``: 301 from any other id the report has or had."""
    context.allow(frozenset())
    wanted = context.path["id"]
    tried = (context.row(RESOLVE, [name]) for name in (wanted, wanted.lower(), wanted.upper()))
    row = next(filter(None, tried), None)
    if row is None:
        raise PageNotFound(f"The library holds no report {wanted[:80]!r}.")
    if row["report"] != wanted:
        suffix = ".json" if context.as_json else ""
        return Page("report.html", "", {}, status=301, redirect=context.url("/reports", row["report"]) + suffix)
    report = context.row(REPORT, [wanted])
    assert report is not None
    data = {
        "report": report,
        **_content(context, wanted, report),
        **_tags(context, wanted),
        **_history(context, wanted),
    }
    extra = {
        "title_segments": marked_title(report["title"], data["evidence"]),
        "sections": marked_sections(data["abstract"], data["evidence"]),
        "head_tags": highwire_tags(report, data["authors"], context.site.address),
        "linked_data": json_ld(report, data["authors"], context.site.address),
        "cite": citation_links(wanted),
    }
    description = f"{report['journal'] or ''} {report['year'] or ''}: {report['design_label'] or 'report'}"
    return Page(
        "report.html",
        report["title"],
        data,
        canonical=context.plain_url("/reports", wanted),
        description=description.strip(),
        extra=extra,
    )


def _content(context: Context, report_id: str, report: dict[str, Any]) -> dict[str, Any]:
    abstract = context.rows(ABSTRACT, [report_id])
    if abstract and not shown_abstracts(context, [report_id]):
        abstract, report["abstract_state"], report["sample_size_sentence"] = [], "hidden", None
    return {
        "authors": context.rows(AUTHORS, [report_id]),
        "abstract": abstract,
        "sentences": [
            {"handle": sentence.handle, "text": sentence.text}
            for sentence in sentences_of(report_id, report["title"] or "", [row["text"] for row in abstract])
        ],
        "mesh": context.rows(MESH, [report_id]),
        "publication_types": [row["name"] for row in context.rows(TYPES, [report_id])],
    }


def _tags(context: Context, report_id: str) -> dict[str, Any]:
    """Tags with their evidence, parents without words of their own included."""
    evidence = context.rows(EVIDENCE, [report_id])
    tags = context.rows(TAGS, {"id": report_id})
    for tag in tags:
        tag["label"] = context.site.label(tag["facet"], tag["tag"])
        own = [e for e in evidence if (e["facet"], e["tag"]) == (tag["facet"], tag["tag"])]
        tag["phrases"] = list(dict.fromkeys((e["phrase"], e["field"]) for e in own))
    mentioned = [context.site.label("modality", row["tag"]) for row in context.rows(MENTIONED, [report_id])]
    return {"tags": tags, "evidence": evidence, "mentioned": mentioned}


def _history(context: Context, report_id: str) -> dict[str, Any]:
    studies = context.rows(STUDIES, [report_id])
    for study in studies:
        study["registrations"] = context.rows(REGISTRATIONS, [study["id"]])
        study["reports"] = context.rows(SIBLINGS, [study["id"], report_id])
    return {
        "notices": context.rows(NOTICES, [report_id]),
        "checks": context.rows(CHECKS, [report_id]),
        "relations": context.rows(RELATIONS, {"id": report_id}),
        "citations": context.rows(CITATIONS, {"id": report_id}),
        "citation_count": context.row(COUNTED, [report_id]),
        "copies": context.rows(COPIES, [report_id]),
        "versions": context.rows(VERSIONS, [report_id]),
        "studies": studies,
        "trials": named_by(context, report_id),
        "records": context.rows(RECORDS, [report_id]),
        "topics": context.rows(TOPICS, [report_id]),
        "revisions": context.rows(REVISIONS, [report_id]),
        "claims": context.rows(CLAIMS, [report_id]),
    }
