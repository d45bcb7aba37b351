"""Answers that are not believed: a record that came poorer than it was, kept apart as it came until it is settled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from evidence.exchange.pubmed import Received, revision
from evidence.tracker.refreshes import RefreshLog

BELIEVED, OTHERWISE, GONE = "believed", "came otherwise", "gone from PubMed"


@dataclass(frozen=True, slots=True)
class Doubt:
    """An open doubt: what the record lacked when it last came, since when, and on how many different days."""

    lost: tuple[str, ...]
    since: str
    days: int


class DoubtLog(RefreshLog):
    """Doubts of one ``tracker.db``. What is doubted is no version: no build sees it, at no date."""

    def differing(self, received: Iterable[Received]) -> dict[str, tuple[bytes, str]]:
        """Of records that came with another content, by PMID: the stored one, and the last revision seen with it."""
        hashes = {item.record.pmid: item.content_hash for item in received}
        statement = """SELECT pmid, records.content_hash, content, coalesce(revision, '') FROM records
                       JOIN versions ON versions.record = key AND number = current
                       WHERE source = 'pubmed' AND pmid IN ({})"""
        found = self._chunks(statement, [pmid for pmid in hashes if pmid])
        contents: dict[str, tuple[bytes, str]] = {}
        for pmid, stored, packed, seen in found:
            if stored != hashes[pmid]:
                with suppress(ValueError):  # a damaged version has nothing to compare with; what came replaces it
                    contents[pmid] = self.archive.unpack(packed), seen
        return contents

    def note_revisions(self, received: Iterable[Received]) -> None:
        """Remember dates of records that PubMed touched without changing them: no later loss is excused by one."""
        dates = {item.record.pmid: revision(item.xml) for item in received if item.record.pmid}
        statement = "SELECT key, pmid, revision FROM records WHERE source = 'pubmed' AND pmid IN ({})"
        with self._transaction() as execute:
            for key, pmid, known in list(self._chunks(statement, dates)):
                if dates[pmid] > (known or ""):
                    execute("UPDATE records SET revision = ? WHERE key = ?", (dates[pmid], key))

    def doubt(self, refresh: int, received: Received, lost: Sequence[str]) -> int:
        """Keep a poorer record apart. Returns on how many different days it came so, this one included."""
        said, size = ", ".join(lost), len(received.xml)
        with self._transaction() as execute:
            (key,) = self._keys([received.record.pmid or ""]).values()
            kept = execute(
                "SELECT 1 FROM doubts WHERE record = ? AND content_hash = ? AND content IS NOT NULL",
                (key, received.content_hash),
            ).fetchone()
            dictionary = execute("SELECT max(id) FROM dictionaries WHERE format = 'pubmed-xml'", ()).fetchone()[0]
            packed = None if kept else self.archive.pack(received.xml, dictionary)
            execute(
                """INSERT INTO doubts VALUES (?, ?, ?, ?, NULL, 'pubmed-xml', ?, ?, ?, ?)
                   ON CONFLICT DO NOTHING""",
                (key, refresh, self.now(), said, received.content_hash, size, dictionary, packed),
            )
            days = """SELECT count(DISTINCT substr(received_at, 1, 10)) FROM doubts
                      WHERE record = ? AND lost = ? AND settled IS NULL"""
            return int(execute(days, (key, said)).fetchone()[0])

    def doubts(self) -> dict[str, Doubt]:
        """Every open doubt, by PMID."""
        statement = """SELECT pmid, lost, min(received_at), count(DISTINCT substr(received_at, 1, 10))
                       FROM doubts JOIN records ON key = record WHERE settled IS NULL
                       GROUP BY record, lost ORDER BY max(doubts.rowid)"""
        return {row[0]: Doubt(tuple(row[1].split(", ")), row[2], row[3]) for row in self._rows(statement)}

    def settle_doubts(self, pmids: Iterable[str], how: str) -> None:
        """Close what is open about records; ``how`` is one of the three above."""
        statement = f"""UPDATE doubts SET settled = '{how}' WHERE settled IS NULL AND record IN
                        (SELECT key FROM records WHERE source = 'pubmed' AND pmid IN ({{}})) RETURNING record"""
        with self._transaction():
            for _ in self._chunks(statement, pmids):
                pass
