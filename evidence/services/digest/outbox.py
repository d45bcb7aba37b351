"""``data/digests.db``: which events are in which message, and where the message went.

An event goes into a message in the transaction that makes the message. Each address that a message goes to is noted
before it is sent (``sending``) and after it (``sent``). When a run ends in between, nobody can know whether it arrived:
it is ``in doubt``, is told, and is sent again only when somebody says so. A message that goes to ``data/outbox/`` is
never in doubt: its file's name is its number, and to write it again changes nothing. Addresses are kept as hashes.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from evidence.errors import StorageError
from evidence.services.digest.events import Event

WAITING, DONE = "waiting", "done"
SENDING, SENT, DOUBT = "sending", "sent", "in doubt"
SCHEMA = """
    CREATE TABLE IF NOT EXISTS digests (id TEXT PRIMARY KEY, since TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS messages (
        number INTEGER PRIMARY KEY, digest TEXT NOT NULL, made_at TEXT NOT NULL, subject TEXT NOT NULL,
        text TEXT NOT NULL, html TEXT NOT NULL, state TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS deliveries (
        message INTEGER NOT NULL REFERENCES messages(number), address TEXT NOT NULL, state TEXT NOT NULL,
        at TEXT NOT NULL, PRIMARY KEY (message, address));
    CREATE TABLE IF NOT EXISTS told (
        digest TEXT NOT NULL, event TEXT NOT NULL, message INTEGER NOT NULL REFERENCES messages(number),
        PRIMARY KEY (digest, event));
"""


@dataclass(frozen=True, slots=True)
class Message:
    number: int
    digest: str
    subject: str
    text: str
    html: str
    state: str


class Outbox:
    """One connection; every method is one transaction. Raises :class:`StorageError` when the file is no outbox."""

    def __init__(self, path: Path):
        self.path = path
        try:
            self._db = sqlite3.connect(path, isolation_level=None, timeout=30)
            self._db.executescript(f"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; {SCHEMA}")
        except sqlite3.Error as error:
            raise StorageError(f"{path} cannot be used ({error}): restore it from a backup, or move it away") from error

    def __enter__(self) -> Outbox:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
        except BaseException:
            self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def begin(self, digest: str, now: str) -> str | None:
        """Since when the digest tells; ``None`` when it begins now."""
        with self._transaction() as db:
            row = db.execute("SELECT since FROM digests WHERE id = ?", [digest]).fetchone()
            if row:
                return str(row[0])
            db.execute("INSERT INTO digests VALUES (?, ?)", [digest, now])
        return None

    def told(self, digest: str) -> set[str]:
        return {row[0] for row in self._db.execute("SELECT event FROM told WHERE digest = ?", [digest])}

    def put(self, digest: str, events: Iterable[Event], message: tuple[str, str, str], now: str) -> int:
        """A message of (subject, text, HTML) that tells these events; returns its number."""
        with self._transaction() as db:
            number = db.execute(
                "INSERT INTO messages (digest, made_at, subject, text, html, state) VALUES (?, ?, ?, ?, ?, ?)",
                [digest, now, *message, WAITING],
            ).lastrowid
            db.executemany("INSERT INTO told VALUES (?, ?, ?)", [(digest, event.key, number) for event in events])
        assert number is not None
        return number

    def waiting(self, digest: str) -> list[Message]:
        return self._messages("digest = ? AND state = ?", digest, WAITING)

    def in_doubt(self) -> list[Message]:
        return self._messages("number IN (SELECT message FROM deliveries WHERE state = ?)", DOUBT)

    def message(self, number: int) -> Message | None:
        return next(iter(self._messages("number = ?", number)), None)

    def left(self, number: int, addresses: Iterable[str]) -> list[str]:
        """Those of the addresses that the message neither went to nor may have gone to."""
        rows = self._db.execute("SELECT address FROM deliveries WHERE message = ?", [number])
        known = {row[0] for row in rows}
        return [address for address in addresses if _hashed(address) not in known]

    def note(self, number: int, address: str, state: str, at: str) -> None:
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO deliveries VALUES (?, ?, ?, ?)", [number, _hashed(address), state, at])

    def forget(self, number: int, address: str) -> None:
        """It was refused, and did not arrive."""
        with self._transaction() as db:
            db.execute("DELETE FROM deliveries WHERE message = ? AND address = ?", [number, _hashed(address)])

    def done(self, number: int) -> None:
        with self._transaction() as db:
            db.execute("UPDATE messages SET state = ? WHERE number = ?", [DONE, number])

    def doubt_what_was_cut(self) -> None:
        """What is ``sending`` when a run begins was cut by the end of another."""
        with self._transaction() as db:
            db.execute("UPDATE deliveries SET state = ? WHERE state = ?", [DOUBT, SENDING])

    def allow_again(self, number: int) -> None:
        """Somebody says that what is in doubt did not arrive."""
        with self._transaction() as db:
            db.execute("DELETE FROM deliveries WHERE message = ? AND state = ?", [number, DOUBT])
            db.execute("UPDATE messages SET state = ? WHERE number = ?", [WAITING, number])

    def _messages(self, where: str, *values: object) -> list[Message]:
        columns = "number, digest, subject, text, html, state"
        with closing(self._db.execute(f"SELECT {columns} FROM messages WHERE {where} ORDER BY number", values)) as rows:
            return [Message(*row) for row in rows]


def _hashed(address: str) -> str:
    """What an address is known by: it may hold a password."""
    return hashlib.sha256(address.encode()).hexdigest()[:32]
