"""``evidence.db`` as the library that references are resolved against: read-only, cached, no writes."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from evidence.bibliography.normal import normal_doi
from evidence.errors import StorageError, UsageError
from evidence.readonly import open_readonly
from evidence.references.types import CitedReport, cited_report

_CACHED_REPORTS = 20_000
_CACHED_TERMS = 100_000
# Terms in one question; SQLite takes some 32,000.
_AT_ONCE = 500


class Library:
    """A built ``evidence.db``. Satisfies :class:`evidence.references.ReferenceLibrary`.

    Open it with :meth:`open`; an open connection may be handed over instead (tests, the site).
    """

    def __init__(self, connection: sqlite3.Connection):
        self.connection = connection
        self._reports: dict[int, CitedReport] = {}
        self._counts: dict[str, int] = {}
        self._size: int | None = None

    @classmethod
    def open(cls, path: Path | str) -> Library:
        """Open read-only. Raises :class:`UsageError` when there is none, :class:`StorageError` when it is damaged."""
        path = Path(path)
        if not path.is_file():
            raise UsageError(f"{path} does not exist: make it with 'evidence build'")
        try:
            connection = open_readonly(path)
            connection.execute("SELECT 1 FROM report_ids LIMIT 1").fetchone()
            connection.execute("SELECT 1 FROM reference_terms LIMIT 1").fetchone()
            connection.execute("SELECT 1 FROM search_words LIMIT 1").fetchone()
        except sqlite3.DatabaseError as error:
            raise StorageError(f"{path} cannot be read ({error}): make it anew with 'evidence build'") from error
        return cls(connection)

    def close(self) -> None:
        self.connection.close()

    def __enter__(self) -> Library:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def get(self, identifier: str) -> CitedReport | None:
        """The report that any id ever shown names: a report or record id, a PMID, a DOI."""
        row = self.connection.execute(
            "SELECT reports.rowid FROM report_ids JOIN reports ON reports.id = report_ids.report "
            "WHERE report_ids.id = ?",
            (identifier,),
        ).fetchone()
        return self._report(row[0]) if row else None

    def reference_count(self) -> int:
        if self._size is None:
            self._size = self.connection.execute("SELECT count(*) FROM reports").fetchone()[0]
        return self._size

    def by_identifier(self, identifier: str) -> CitedReport | None:
        """The report that a PMID, a DOI (any form) or ``PMC123`` names."""
        if identifier.upper().startswith("PMC"):
            row = self.connection.execute(
                "SELECT rowid FROM reports WHERE pmcid = ? LIMIT 1", (identifier.upper(),)
            ).fetchone()
            return self._report(row[0]) if row else None
        return self.get(identifier) or self.get(normal_doi(identifier) or identifier)

    def by_registration(self, number: str) -> list[CitedReport]:
        """The reports of the study with this trial number, oldest first."""
        rows = self.connection.execute(
            "SELECT reports.rowid FROM study_registrations JOIN study_reports USING (study) "
            "JOIN reports ON reports.id = study_reports.report WHERE number = ? ORDER BY reports.year, reports.id",
            (number,),
        )
        return self._read([row[0] for row in rows.fetchall()])

    def term_counts(self, terms: Sequence[str]) -> dict[str, int]:
        """In how many reports each term occurs; terms in none are left out."""
        if len(self._counts) > _CACHED_TERMS:
            self._counts.clear()
        unknown = [term for term in terms if term not in self._counts]
        for start in range(0, len(unknown), _AT_ONCE):
            asked = unknown[start : start + _AT_ONCE]
            self._counts.update(dict.fromkeys(asked, 0))
            marks = ", ".join("?" * len(asked))
            self._counts.update(
                self.connection.execute(f"SELECT term, doc FROM reference_terms WHERE term IN ({marks})", asked)
            )
        return {term: count for term in terms if (count := self._counts[term])}

    def reference_candidates(self, terms: Sequence[str], limit: int) -> list[CitedReport]:
        """The reports with any of these terms (:mod:`evidence.references.lookup`), best bm25 first."""
        if not terms:
            return []
        match = " OR ".join(f'"{term}"' for term in terms)
        rows = self.connection.execute(
            "SELECT rowid FROM reference_fts WHERE reference_fts MATCH ? ORDER BY rank LIMIT ?", (match, limit)
        )
        return self._read([row[0] for row in rows.fetchall()])

    def _report(self, position: int) -> CitedReport:
        return self._read([position])[0]

    def _read(self, positions: Sequence[int]) -> list[CitedReport]:
        """The reports at these rows, in this order; those not read before in one query."""
        if len(self._reports) > _CACHED_REPORTS:
            self._reports.clear()
        unread = [position for position in positions if position not in self._reports]
        if unread:
            marks = ", ".join("?" * len(unread))
            rows = self.connection.execute(f"SELECT * FROM cited_reports WHERE position IN ({marks})", unread)
            columns = [column[0] for column in rows.description]
            for row in rows:
                named = dict(zip(columns, row, strict=True))
                self._reports[named["position"]] = cited_report(named)
        return [self._reports[position] for position in positions]
