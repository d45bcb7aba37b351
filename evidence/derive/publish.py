"""Everything derived, written into the public tables: parents before children, indexes and search at the end."""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from evidence.derive.citations import SCRATCH, fill_citations
from evidence.derive.claim_rows import ledger_rows
from evidence.derive.copies import fill_copies
from evidence.derive.derive import Derived, Progress
from evidence.derive.digest import unpack_rows
from evidence.derive.elsewhere import NO_NOTICE, NOTICE, SERVICE_OF, repeats
from evidence.derive.hidden import leave_out_hidden_abstracts
from evidence.derive.inputs import Inputs
from evidence.derive.recall import fill_recall, title_tags
from evidence.derive.recalls import fill_recalls
from evidence.derive.reference_index import build_reference_index
from evidence.derive.reopening import event_rows, first_reasons
from evidence.derive.rows import Row
from evidence.derive.search_index import add_fields
from evidence.derive.search_names import add_names
from evidence.derive.site_tables import fill_site_tables
from evidence.derive.support import fill_support
from evidence.derive.tag_tables import accuracy_rows, vocabulary_rows
from evidence.derive.text_index import texts_indexed
from evidence.derive.topic_rows import refresh_rows, topic_report_rows, topic_rows
from evidence.derive.trials import study_states, tag_sponsors
from evidence.derive.write import Writer, add_indexes
from evidence.model import WORD_FACETS, Status
from evidence.project import Project
from evidence.tagging import Tagger
from evidence.tracker import Tracker


def publish(
    writer: Writer,
    project: Project,
    inputs: Inputs,
    derived: Derived,
    tracker: Tracker,
    as_of: str | None,
    tell: Progress,
) -> None:
    """Write every table, then indexes, search, the reference index and what the site wants ready."""
    writer.add_all(vocabulary_rows(inputs.vocabulary))
    writer.add_all(accuracy_rows(project.vocabulary, inputs.vocabulary))
    study_of = _write_studies(writer, derived)
    writer.db.conn.execute(SCRATCH)
    _write_reports(writer, derived, study_of, tell)
    writer.add_all(_between(derived))
    known_topics = {topic.id for topic in inputs.topics}
    writer.add_all(topic_rows(inputs.topics, derived.presence, study_of, derived.topic_refreshes))
    writer.add_all(topic_report_rows(derived.presence, known_topics))
    writer.add_all(derived.trials)
    writer.add_all(refresh_rows(derived.refreshes, derived.topic_refreshes))
    writer.add_all(ledger_rows(inputs.ledger, derived.source_states, first_reasons(derived.reopenings)))
    writer.add_all(event_rows(derived.reopenings))
    writer.flush()
    tell("citations", 0, None)
    fill_citations(writer.db.conn, tracker, derived.names, as_of)
    fill_copies(writer.db.conn, tracker, derived.names, as_of)
    fill_recalls(writer.db.conn, tracker, inputs.devices, as_of)
    fill_recall(writer.db.conn, inputs.topics, title_tags(Tagger(inputs.vocabulary)))
    tag_sponsors(writer.db.conn)
    leave_out_hidden_abstracts(writer.db.conn, inputs.settings)
    tell("indexing", 0, None)
    with texts_indexed(writer.db.conn, writer.path) as bring_in:
        add_indexes(writer.db)
        add_fields(writer.db.conn)
        add_names(writer.db.conn)
        build_reference_index(writer.db.conn)
        fill_support(writer.db.conn, [inputs.vocabulary.general(facet) for facet in WORD_FACETS])
        fill_site_tables(writer.db.conn)
        bring_in()


def _write_studies(writer: Writer, derived: Derived) -> dict[str, str]:
    """Studies first, since reports name theirs; returns report → study (the first, when it has several)."""
    study_of: dict[str, str] = {}
    states = study_states(row for table, row in derived.trials if table == "trials")
    for study in derived.related.studies:
        state, why = states.get(study.id, (None, None))
        row = {"id": study.id, "title": study.title, "reason": study.reason, "state": state, "state_why": why}
        writer.add("studies", row)
        for registry, number in study.registrations:
            writer.add("study_registrations", {"study": study.id, "registry": registry, "number": number})
        for report, role in study.reports:
            writer.add("study_reports", {"study": study.id, "report": report, "role": role})
            study_of.setdefault(report, study.id)
    return study_of


def _write_reports(writer: Writer, derived: Derived, study_of: dict[str, str], tell: Progress) -> None:
    checked = _Checked(derived)
    noted = frozenset(notice.report for notice in derived.related.notices if notice.source not in SERVICE_OF)
    total = len(derived.reports)
    for done, (name, packed) in enumerate(derived.reports.rows(), 1):
        for table, (columns, rows) in unpack_rows(packed).items():
            if table == "reports":
                rows = [_settled(columns, row, name, derived, study_of) for row in rows]
            writer.add_values(table, columns, rows)
        if checked_at := checked.at(name):
            outcome = NOTICE if name in noted else NO_NOTICE  # what PubMed said, whatever others did
            row = {"report": name, "source": "pubmed", "checked_at": checked_at, "outcome": outcome}
            writer.add("checks", row)
        if done % 500 == 0 or done == total:
            tell("writing reports", done, total)
    for (name, source), (checked_at, outcome) in sorted(derived.elsewhere.checks.items()):
        writer.add("checks", {"report": name, "source": source, "checked_at": checked_at, "outcome": outcome})


def _settled(
    columns: tuple[str, ...], row: tuple[Any, ...], name: str, derived: Derived, study_of: dict[str, str]
) -> tuple[Any, ...]:
    """A row of ``reports`` with what other reports decide: its status, its study, and that it is a notice where no type
    said so, as in a journal's own "Retracted: TITLE"."""
    related = derived.related
    changes: dict[str, Any] = {}
    if name in study_of:
        changes["study"] = study_of[name]
    if name in related.statuses:
        changes["status"] = related.statuses[name]
    elif derived.elsewhere.asked(name):
        changes["status"] = Status.NO_NOTICE.value
    if name in related.issued:
        changes["kind"] = "notice"
    return tuple(changes.get(column, value) for column, value in zip(columns, row, strict=True)) if changes else row


class _Checked:
    """When PubMed was last asked about a report: its last arrival, or a later refresh of a topic it is in.

    A refresh asks for everything revised in its topic, so a record that did not come again has no new notice.
    """

    def __init__(self, derived: Derived):
        refreshed: dict[str, str] = {}
        for row in derived.topic_refreshes:
            if not row["error"] and row["finished_at"]:
                refreshed[row["topic"]] = row["finished_at"]  # the last one's, whatever clock an earlier one had
        self._reports = derived.reports
        self._times = sorted({"", *refreshed.values()})
        self._refreshed = array("I", bytes(4 * len(derived.reports)))
        for topic in refreshed.keys() & set(derived.presence.topics()):
            number = self._times.index(refreshed[topic])
            for place, presence in derived.presence.places(topic):
                if presence.here and number > self._refreshed[place]:
                    self._refreshed[place] = number

    def at(self, name: str) -> str | None:
        """``None`` for a report that PubMed never sent a record of."""
        asked = self._reports.slip(name).asked
        return asked and max(asked, self._times[self._refreshed[self._reports.place(name)]])


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
    checked = _Checked(derived)
    repeated = repeats(derived.related.notices, derived.notice_dates)
    for notice, first_seen, repeat in zip(derived.related.notices, derived.notice_dates, repeated, strict=True):
        service = SERVICE_OF.get(notice.source)
        named = notice.notice_pmid or notice.notice_doi or (service and notice.notice_date) or first_seen
        asked_at = derived.elsewhere.asked_at(notice.report, service) if service else checked.at(notice.report)
        yield (
            "notices",
            {
                "id": f"{notice.report}-{notice.kind}-{f'{notice.source}-' if service else ''}{named}",
                "report": notice.report,
                "kind": notice.kind,
                "notice_pmid": notice.notice_pmid,
                "notice_doi": notice.notice_doi,
                "notice_date": notice.notice_date,
                "notice_text": notice.text or None,
                "source": notice.source,
                "first_seen": first_seen,
                "checked_at": asked_at,
                "repeats": repeat,
            },
        )
    yield from derived.history.changes()


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
        "records": str(derived.records),
        "log": json.dumps(derived.log, ensure_ascii=False),
    }
    for key, value in values.items():
        yield "build_info", {"key": key, "value": value}


def _program_version() -> str:
    try:
        return version("neuromodulation-evidence")
    except PackageNotFoundError:
        return "unreleased"
