"""Everything derived, written into the public tables: parents before children, indexes and search at the end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version

from evidence.derive.claim_rows import ledger_rows
from evidence.derive.derive import Derived, Progress
from evidence.derive.hidden import leave_out_hidden_abstracts
from evidence.derive.inputs import Inputs
from evidence.derive.reference_index import build_reference_index
from evidence.derive.reopening import event_rows, first_reasons
from evidence.derive.reports import Report
from evidence.derive.rows import Row, detail_rows, record_rows, report_row
from evidence.derive.site_tables import fill_site_tables
from evidence.derive.support import fill_support
from evidence.derive.tag_tables import accuracy_rows, tag_rows, vocabulary_rows
from evidence.derive.topic_rows import refresh_rows, topic_report_rows, topic_rows
from evidence.derive.write import Writer, add_indexes, add_search
from evidence.model import WORD_FACETS
from evidence.project import Project
from evidence.tagging.statements.values import values as stated_values


def publish(writer: Writer, project: Project, inputs: Inputs, derived: Derived, tell: Progress) -> None:
    """Write every table, then indexes, search, the reference index and what the site wants ready."""
    writer.add_all(vocabulary_rows(inputs.vocabulary))
    writer.add_all(accuracy_rows(project.vocabulary, inputs.vocabulary))
    study_of = _write_studies(writer, derived)
    _write_reports(writer, inputs, derived, study_of, tell)
    writer.add_all(_between(derived))
    known_topics = {topic.id for topic in inputs.topics}
    writer.add_all(topic_rows(inputs.topics, derived.presence, study_of, derived.topic_refreshes))
    writer.add_all(topic_report_rows(derived.presence, known_topics))
    writer.add_all(refresh_rows(derived.refreshes, derived.topic_refreshes))
    writer.add_all(ledger_rows(inputs.ledger, derived.source_states, first_reasons(derived.reopenings)))
    writer.add_all(event_rows(derived.reopenings))
    writer.flush()
    leave_out_hidden_abstracts(writer.db.conn, inputs.settings)
    tell("indexing", 0, None)
    add_indexes(writer.db)
    add_search(writer.db)
    build_reference_index(writer.db.conn)
    fill_support(writer.db.conn, [inputs.vocabulary.general(facet) for facet in WORD_FACETS])
    fill_site_tables(writer.db.conn)


def _write_studies(writer: Writer, derived: Derived) -> dict[str, str]:
    """Studies first, since reports name theirs; returns report → study (the first, when it has several)."""
    study_of: dict[str, str] = {}
    for study in derived.related.studies:
        writer.add("studies", {"id": study.id, "title": study.title, "reason": study.reason})
        for registry, number in study.registrations:
            writer.add("study_registrations", {"study": study.id, "registry": registry, "number": number})
        for report, role in study.reports:
            writer.add("study_reports", {"study": study.id, "report": report, "role": role})
            study_of.setdefault(report, study.id)
    return study_of


def _write_reports(writer: Writer, inputs: Inputs, derived: Derived, study_of: dict[str, str], tell: Progress) -> None:
    known = {facet: set(tags) for facet, tags in inputs.vocabulary.tags.items()}
    known |= {facet: set(values) for facet, values in stated_values().items()}
    labels = {tag.id: tag.label for tag in inputs.vocabulary.tags["design"].values()}
    checked = _checked_at(derived)
    total = len(derived.reports)
    for done, report in enumerate(derived.reports, 1):
        writer.add("reports", report_row(report, derived.related, study_of.get(report.id), labels))
        writer.add_all(detail_rows(report))
        writer.add_all(record_rows(report))
        writer.add_all(tag_rows(report, known))
        if report.id in checked:
            row = {
                "report": report.id,
                "source": "pubmed",
                "checked_at": checked[report.id],
                "outcome": _outcome(report, derived),
            }
            writer.add("checks", row)
        if done % 500 == 0 or done == total:
            tell("writing reports", done, total)
    for name, report_id in derived.names.items():
        writer.add("report_ids", {"id": name, "report": report_id})


def _checked_at(derived: Derived) -> dict[str, str]:
    """When PubMed was last asked about each report: its last arrival, or a later refresh of a topic it is in.

    A refresh asks for everything revised in its topic, so a record that did not come again has no new notice.
    """
    found = {
        report.id: max(held.last_received for held in report.held if held.source == "pubmed")
        for report in derived.reports
        if any(held.source == "pubmed" for held in report.held)
    }
    refreshed: dict[str, str] = {}
    for row in derived.topic_refreshes:
        if not row["error"] and row["finished_at"]:
            refreshed[row["topic"]] = row["finished_at"]  # the last one's, whatever clock an earlier one had
    for (topic, report_id), presence in derived.presence.items():
        if presence.here and report_id in found:
            found[report_id] = max(found[report_id], refreshed.get(topic, ""))
    return found


def _outcome(report: Report, derived: Derived) -> str:
    return "notice found" if derived.related.status_of(report.id) != "no_notice" else "no notice found"


def _between(derived: Derived) -> Iterator[Row]:
    """Relations, notices and revisions."""
    seen = set()
    for relation in derived.related.relations:
        key = (relation.report, relation.related, relation.kind)
        if key not in seen:
            seen.add(key)
            yield (
                "relations",
                {
                    "report": relation.report,
                    "related": relation.related,
                    "kind": relation.kind,
                    "source": relation.source,
                    "why": relation.why or None,
                },
            )
    checked = _checked_at(derived)
    for notice, first_seen in zip(derived.related.notices, derived.notice_dates, strict=True):
        yield (
            "notices",
            {
                "id": f"{notice.report}-{notice.kind}-{notice.notice_pmid or first_seen}",
                "report": notice.report,
                "kind": notice.kind,
                "notice_pmid": notice.notice_pmid,
                "notice_date": notice.notice_date,
                "notice_text": notice.text or None,
                "source": notice.source,
                "first_seen": first_seen,
                "checked_at": checked.get(notice.report),
            },
        )
    yield from derived.history.changes


def info_rows(
    inputs: Inputs, derived: Derived, inputs_hash: str, as_of: str | None, built_at: datetime
) -> Iterator[Row]:
    """``build_info``: what this build is, for every page's foot and for ``evidence up``."""
    finished = [row["finished_at"] for row in derived.refreshes if row.get("finished_at")]  # in the order they began
    values = {
        "built_at": built_at.isoformat(timespec="seconds"),
        "refreshed_at": finished[-1] if finished else None,
        "as_of": as_of,
        "starter": "1" if derived.starter_only else "0",
        "inputs_hash": inputs_hash,
        "vocabulary_hash": inputs.vocabulary.hash,
        "profile": json.dumps(inputs.profile.texts(), ensure_ascii=False),
        "program_version": _program_version(),
        "reports": str(len(derived.reports)),
        "records": str(sum(len(report.held) for report in derived.reports)),
        "log": json.dumps(derived.log, ensure_ascii=False),
    }
    for key, value in values.items():
        yield "build_info", {"key": key, "value": value}


def _program_version() -> str:
    try:
        return version("neuromodulation-evidence")
    except PackageNotFoundError:
        return "unreleased"
