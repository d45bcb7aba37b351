"""The log of refreshes: what was asked, what came, which topic finds which record, where each topic left off."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field

from evidence.tracker.answers import AnswerLog


@dataclass(slots=True)
class TopicLog:
    """One topic in one refresh. A row with ``error`` never moves the watermark."""

    topic: str
    query: str = ""
    hits: int | None = None
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    gone: int = 0
    failed: int = 0
    poorer: int = 0
    translation: str = ""
    warnings: list[str] = field(default_factory=list)
    error: str | None = None
    watermark: str | None = None


class RefreshLog(AnswerLog):
    """Refreshes, topics and cited sources of one ``tracker.db``."""

    def begin_refresh(self, kind: str = "incremental") -> int:
        """Start the log of a refresh; one that never finished is closed as interrupted."""
        with self._transaction() as execute:
            execute("UPDATE refreshes SET outcome = 'interrupted' WHERE finished_at IS NULL AND outcome IS NULL", ())
            statement = "INSERT INTO refreshes (started_at, kind) VALUES (?, ?) RETURNING id"
            return int(execute(statement, (self.now(), kind)).fetchone()[0])

    def redate_refresh(self, refresh: int, started_at: str) -> None:
        """Put right when a refresh began: the clock it was begun by turned out to be wrong."""
        with self._transaction() as execute:
            execute("UPDATE refreshes SET started_at = ? WHERE id = ?", (started_at, refresh))

    def finish_refresh(
        self,
        refresh: int,
        outcome: str,
        requests: int = 0,
        failure: str | None = None,
        warnings: Sequence[str] = (),
    ) -> None:
        """``outcome`` is done, partly or failed; ``warnings``, what concerns no topic alone."""
        said = json.dumps(list(warnings), ensure_ascii=False)
        with self._transaction() as execute:
            execute(
                """UPDATE refreshes SET finished_at = ?, outcome = ?, requests = ?, failure = ?, warnings = ?
                   WHERE id = ?""",
                (self.now(), outcome, requests, failure, said, refresh),
            )

    def log_topic(self, refresh: int, log: TopicLog) -> None:
        """Write or replace a topic's row of this refresh."""
        row = asdict(log) | {"refresh": refresh, "warnings": json.dumps(log.warnings, ensure_ascii=False)}
        if log.error:
            row["watermark"] = None
        names = ", ".join(row)
        marks = ", ".join(f":{name}" for name in row)
        updates = ", ".join(f"{name} = excluded.{name}" for name in row if name not in ("refresh", "topic"))
        with self._transaction() as execute:
            statement = f"INSERT INTO topic_refreshes ({names}) VALUES ({marks}) ON CONFLICT DO UPDATE SET {updates}"
            execute(statement, row)

    def watermark(self, topic: str) -> str | None:
        """Where the last refresh of this topic that succeeded left off."""
        return next(iter(self.watermarks(topic)), None)

    def watermarks(self, topic: str) -> list[str]:
        """Where each refresh of this topic that succeeded left off, the last one first."""
        statement = """SELECT watermark FROM topic_refreshes WHERE topic = :topic AND error IS NULL
                       AND watermark IS NOT NULL ORDER BY refresh DESC"""
        return [row[0] for row in self._rows(statement, topic=topic)]

    def members(self, topic: str) -> set[str]:
        """PMIDs that the topic's last successful search found, as far as they are stored."""
        statement = """SELECT records.pmid FROM memberships JOIN records ON records.key = memberships.record
                       WHERE topic = :topic AND until_refresh IS NULL"""
        return {row[0] for row in self._rows(statement, topic=topic)}

    def update_membership(
        self, refresh: int, topic: str, joined: Iterable[str] = (), left: Mapping[str, str] | None = None
    ) -> list[str]:
        """Open intervals for PMIDs that joined, close those of PMIDs that left (``{pmid: reason}``).

        Writes only differences. Returns the joined PMIDs that are not stored, which therefore could not join.
        """
        wanted = set(joined) - self.members(topic)
        with self._transaction() as execute:
            keys = self._keys(wanted)
            for key in keys.values():
                execute(
                    """INSERT INTO memberships (topic, record, from_refresh) VALUES (?, ?, ?)
                       ON CONFLICT DO UPDATE SET until_refresh = NULL, reason = NULL""",
                    (topic, key, refresh),
                )
            leaving = left or {}
            for pmid, key in self._keys(leaving).items():
                execute(
                    """UPDATE memberships SET until_refresh = ?, reason = ?
                       WHERE topic = ? AND record = ? AND until_refresh IS NULL""",
                    (refresh, leaving[pmid], topic, key),
                )
        return sorted(wanted - keys.keys())

    def set_source_state(
        self,
        refresh: int | None,
        source: str,
        state: str,
        reason: str = "",
        pmid: str | None = None,
        printed: str | None = None,
    ) -> None:
        """Log what became of a cited source: a new row when it differs, else only when it was last checked.

        ``printed`` is a fingerprint of the source as it stood in ``queries/sources.yml`` when it was asked about.
        """
        at = self.now()
        with self._transaction() as execute:
            last = execute(
                "SELECT since, state, reason, pmid FROM source_states WHERE id = ? ORDER BY rowid DESC LIMIT 1",
                (source,),
            ).fetchone()
            if last and last[1:] == (state, reason, pmid):
                execute(
                    "UPDATE source_states SET checked_at = ?, printed = ? WHERE id = ? AND since = ?",
                    (at, printed, source, last[0]),
                )
            else:
                execute(
                    """INSERT OR REPLACE INTO source_states
                       (id, since, checked_at, refresh, state, reason, pmid, printed)
                       VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
                    (source, at, at, refresh, state, reason, pmid, printed),
                )
