"""``evidence.db`` as the library that a draft is checked against: what bears on a sentence, and what is known of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Any

from evidence.bibliography.normal import first_author_key
from evidence.check.library_protocol import CheckFacts, Found, NoticeFacts, ReportFacts, TrialFacts
from evidence.derive.hidden import may_show
from evidence.derive.schema import ABSTRACT_WEIGHT, TITLE_WEIGHT
from evidence.library.references import Library
from evidence.model import Scope, evidence_sql

_COLUMNS = """
    r.id, r.pmid, r.title, r.kind, r.year, r.publication_date, r.design, r.design_label, r.evidence_level,
    r.sample_size,
    r.follow_up_months, r.open_label, r.controlled, r.funding, r.conflict_statement, r.status, r.study, r.citation,
    r.first_author, r.journal, r.scope"""
_EVIDENCE = evidence_sql("r")
_STRONGEST = "r.evidence_level IS NULL, r.evidence_level, r.publication_date DESC, r.year DESC, r.id"
_VOCABULARY = "CREATE VIRTUAL TABLE temp.search_terms USING fts5vocab(main, reports_fts, row)"
_SHARING = """
    SELECT r.id, r.title, hit.distance,
        (SELECT group_concat(modality) FROM report_modalities WHERE report = r.id),
        (SELECT group_concat(outcome) FROM report_outcomes WHERE report = r.id)
    FROM (
        SELECT rowid AS row, bm25(reports_fts, ?, ?) AS distance FROM reports_fts WHERE reports_fts MATCH ?
        ORDER BY distance LIMIT ?) hit
    JOIN reports r ON r.rowid = hit.row ORDER BY hit.distance"""
_TRIALS = """
    SELECT t.number, t.registry, t.planned, t.enrolled, t.enrolment, t.asked_at FROM trials t WHERE {which}
    ORDER BY t.number"""
_OF_REPORT = """t.number IN (SELECT trial FROM trial_reports WHERE report = ?
    AND relation IN ('results', 'secondary', 'protocol'))"""
_CACHED = 20_000


class CheckLibrary(Library):
    """Satisfies :class:`evidence.check.library_protocol.CheckLibrary`. Open it with :meth:`Library.open`."""

    def __init__(self, connection: sqlite3.Connection):
        super().__init__(connection)
        self.abstracts_shown: Mapping[str, str] | None = None  # by source; a site sets its own, before the first check
        self._facts = lru_cache(_CACHED)(self._read_facts)
        self._abstract = lru_cache(_CACHED)(self._read_abstract)
        self._tags = lru_cache(_CACHED)(self._read_tags)
        self._frequency = lru_cache(100_000)(self._read_frequency)
        self._on = lru_cache(1_000)(self._read_on)
        self._beside = lru_cache(1_000)(self._read_beside)
        self._number_on = lru_cache(1_000)(self._read_number_on)
        self._vocabulary_open = False

    def refreshed_at(self) -> str | None:
        row = self.connection.execute("SELECT value FROM build_info WHERE key = 'refreshed_at'").fetchone()
        return row[0] if row else None

    def facts(self, report: str) -> ReportFacts | None:
        return self._facts(report)

    def abstract(self, report: str) -> Sequence[tuple[str, str]]:
        """``(section, text)``: the section as NLM's category in lower case, else as printed."""
        return self._abstract(report)

    def tags(self, report: str) -> tuple[frozenset[str], frozenset[str]]:
        return self._tags(report)

    def document_frequency(self, token: str) -> int:
        return self._frequency(token)

    def count_on(self, modalities: Collection[str], outcomes: Collection[str]) -> int:
        return self._number_on(tuple(sorted(modalities)), tuple(sorted(outcomes)))

    def evidence_on(self, modalities: Collection[str], outcomes: Collection[str], limit: int) -> Sequence[ReportFacts]:
        return self._on(tuple(sorted(modalities)), tuple(sorted(outcomes)), limit)

    def support(self, claim: str) -> str | None:
        row = self.connection.execute("SELECT support FROM claims WHERE id = ?", (claim,)).fetchone()
        return row[0] if row else None

    def conditions(self, report: str) -> frozenset[str]:
        rows = self.connection.execute("SELECT condition FROM report_conditions WHERE report = ?", (report,))
        return frozenset(row[0] for row in rows)

    def evidence_beside(
        self, modalities: Collection[str], outcomes: Collection[str], conditions: Collection[str],
        general: str, without: Collection[str], limit: int,
    ) -> Sequence[ReportFacts]:  # fmt: skip
        asked = (tuple(sorted(group)) for group in (modalities, outcomes, conditions, without))
        return self._beside(*asked, general, limit)

    def notices(self, report: str) -> Sequence[NoticeFacts]:
        rows = self.connection.execute(
            "SELECT kind, source, notice_date, notice_pmid, checked_at FROM notices WHERE report = ? ORDER BY id",
            (report,),
        )
        return [NoticeFacts(*row) for row in rows]

    def checks(self, report: str) -> Sequence[CheckFacts]:
        rows = self.connection.execute(
            "SELECT source, checked_at, outcome FROM checks WHERE report = ? ORDER BY source", (report,)
        )
        return [CheckFacts(*row) for row in rows]

    def free_copy(self, report: str) -> str | None:
        row = self.connection.execute(
            "SELECT url FROM copies WHERE report = ? ORDER BY terms = 'free', site LIKE '%PDF', url LIMIT 1", (report,)
        ).fetchone()
        return str(row[0]) if row else None

    def siblings(self, report: str) -> Sequence[ReportFacts]:
        return self._select(
            "JOIN study_reports s ON s.report = r.id WHERE s.study IN (SELECT study FROM study_reports WHERE report "
            "= ?) "
            "AND r.id != ? AND r.kind != 'registration' GROUP BY r.id ORDER BY r.year, r.id",
            (report, report),
        )

    def trials(self, report: str) -> Sequence[TrialFacts]:
        rows = self.connection.execute(_TRIALS.format(which=_OF_REPORT), (report,))
        return [TrialFacts(*row) for row in rows]

    def trial(self, number: str) -> TrialFacts | None:
        row = self.connection.execute(_TRIALS.format(which="t.number = ?"), (number,)).fetchone()
        return TrialFacts(*row) if row else None

    def sharing_words(self, words: Sequence[str], limit: int) -> Sequence[Found]:
        if not words:
            return []
        match = " OR ".join(map(_phrase, words))
        rows = self.connection.execute(_SHARING, (TITLE_WEIGHT, ABSTRACT_WEIGHT, match, limit)).fetchall()
        return [
            Found(report, title, -distance, _ids(modalities), _ids(outcomes))
            for report, title, distance, modalities, outcomes in rows
        ]

    def named_alike(self, first_author: str, year: int) -> Sequence[ReportFacts]:
        key = first_author_key(first_author)
        longest = max(first_author.replace(",", " ").split(), key=len, default="")
        where = "WHERE r.year = ? AND r.first_author LIKE ? ORDER BY r.id"
        rows = self._select(where, (year, f"%{longest}%"))
        return [facts for facts in rows if first_author_key(facts.first_author) == key]

    def _select(self, where: str, values: Sequence[Any]) -> list[ReportFacts]:
        rows = self.connection.execute(f"SELECT {_COLUMNS} FROM reports r {where}", tuple(values))
        return [_report_facts(tuple(row)) for row in rows]

    def _read_facts(self, report: str) -> ReportFacts | None:
        return next(iter(self._select("WHERE r.id = ?", (report,))), None)

    def _read_abstract(self, report: str) -> tuple[tuple[str, str], ...]:
        if self.abstracts_shown is not None:
            sources = self.connection.execute("SELECT DISTINCT source FROM records WHERE report = ?", (report,))
            if not any(may_show(self.abstracts_shown, source) for (source,) in sources):
                return ()
        rows = self.connection.execute(
            "SELECT coalesce(nullif(category, ''), section, ''), text FROM abstracts WHERE report = ? ORDER BY "
            "position",
            (report,),
        )
        return tuple((section.lower(), text) for section, text in rows)

    def _read_tags(self, report: str) -> tuple[frozenset[str], frozenset[str]]:
        modalities = self.connection.execute("SELECT modality FROM report_modalities WHERE report = ?", (report,))
        outcomes = self.connection.execute("SELECT outcome FROM report_outcomes WHERE report = ?", (report,))
        return frozenset(row[0] for row in modalities), frozenset(row[0] for row in outcomes)

    def _read_frequency(self, token: str) -> int:
        if not self._vocabulary_open:
            self.connection.execute(_VOCABULARY)
            self._vocabulary_open = True
        row = self.connection.execute("SELECT doc FROM temp.search_terms WHERE term = ?", (token,)).fetchone()
        return row[0] if row else 0

    def _read_on(self, modalities: tuple[str, ...], outcomes: tuple[str, ...], limit: int) -> tuple[ReportFacts, ...]:
        """Reports on chronic pain, if any: baclofen for spasticity says nothing of pumps for cancer pain."""
        where, values = _on(modalities, outcomes)
        core = f"EXISTS (SELECT 1 FROM reports r WHERE {_EVIDENCE} AND {where} AND r.scope = '{Scope.CORE}')"
        wanted = (
            f"WHERE {_EVIDENCE} AND {where} AND (r.scope = '{Scope.CORE}' OR NOT {core}) ORDER BY {_STRONGEST} LIMIT ?"
        )
        return tuple(self._select(wanted, (*values, *values, limit)))

    def _read_beside(
        self, modalities: tuple[str, ...], outcomes: tuple[str, ...], conditions: tuple[str, ...],
        without: tuple[str, ...], general: str, limit: int,
    ) -> tuple[ReportFacts, ...]:  # fmt: skip
        where, values = _on(modalities, outcomes)
        where = f"{_EVIDENCE} AND {where}"
        if without:
            where += f" AND r.id NOT IN ({', '.join('?' * len(without))})"
            values = (*values, *without)
        if conditions:  # a report on chronic pain at large, or on no condition, is on this one too
            named = ", ".join("?" * len(conditions))
            where += (
                f" AND (r.id IN (SELECT report FROM report_conditions WHERE condition IN ({named}))"
                " OR NOT EXISTS (SELECT 1 FROM report_conditions c WHERE c.report = r.id AND c.condition != ?))"
            )
            values = (*values, *conditions, general)
        found = self._select(
            f"WHERE {where} ORDER BY r.scope != '{Scope.CORE}', {_STRONGEST} LIMIT ?", (*values, limit)
        )
        core = [facts for facts in found if facts.scope == Scope.CORE]
        return tuple(core or found)

    def _read_number_on(self, modalities: tuple[str, ...], outcomes: tuple[str, ...]) -> int:
        where, values = _on(modalities, outcomes)
        row = self.connection.execute(
            f"SELECT count(*) FROM reports r WHERE {_EVIDENCE} AND {where}", values
        ).fetchone()
        return int(row[0])


def _on(modalities: tuple[str, ...], outcomes: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """The condition "on any of these modalities and any of these outcomes" and its values."""
    parts = [
        f"r.id IN (SELECT report FROM report_{table} WHERE {facet} IN ({', '.join('?' * len(tags))}))"
        for table, facet, tags in (("modalities", "modality", modalities), ("outcomes", "outcome", outcomes))
        if tags
    ]
    return " AND ".join(parts) or "1", (*modalities, *outcomes)


def _report_facts(row: tuple[Any, ...]) -> ReportFacts:
    (
        identifier, pmid, title, kind, year, date, design, label, level, size, months, open_label, controlled, funding,
        conflict, status, study, citation, author, journal, scope,
    ) = row  # fmt: skip
    return ReportFacts(
        id=identifier, pmid=pmid, title=title, kind=kind, year=year, publication_date=date or str(year or ""),
        design=design,
        design_label=label or design or "", evidence_level=level, sample_size=size, follow_up_months=months,
        open_label=_flag(open_label), controlled=_flag(controlled), funding=funding or "",
        conflict_statement=conflict or "",
        status=status, study=study, citation=citation or "", first_author=author or "", journal=journal or "",
        scope=scope or "",
    )  # fmt: skip


def _phrase(word: str) -> str:
    """A word as the index is asked for it: ``oct*`` is every word that begins so."""
    begins = "*" if word.endswith("*") else ""
    return '"' + word.removesuffix("*").replace('"', '""') + '"' + begins


def _ids(joined: str | None) -> frozenset[str]:
    return frozenset(joined.split(",")) if joined else frozenset()


def _flag(value: int | None) -> bool | None:
    return None if value is None else bool(value)
