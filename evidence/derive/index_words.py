"""Text as the search index sees it, asked of SQLite's own tokenizers."""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from threading import Lock

from evidence.derive.schema import STEMMED, UNSTEMMED

_lock = Lock()


@lru_cache(maxsize=1)
def _desk() -> sqlite3.Connection:
    conn = sqlite3.connect(":memory:", check_same_thread=False)
    for name, tokenizer in (("word", UNSTEMMED), ("stem", STEMMED)):
        conn.execute(f'CREATE VIRTUAL TABLE {name} USING fts5(text, tokenize="{tokenizer}")')
        conn.execute(f"CREATE VIRTUAL TABLE {name}_tokens USING fts5vocab({name}, instance)")
    return conn


def _tokens(kind: str, text: str) -> tuple[str, ...]:
    with _lock:
        conn = _desk()
        conn.execute(f"INSERT INTO {kind}(rowid, text) VALUES (1, ?)", [text])
        rows = conn.execute(f"SELECT term FROM {kind}_tokens ORDER BY offset").fetchall()
        conn.execute(f"DELETE FROM {kind}")
    return tuple(term for (term,) in rows)


@lru_cache(maxsize=4096)
def words(text: str) -> tuple[str, ...]:
    """The words of a text in small letters without accents.

    >>> words("High-frequency Naïve")
    ('high', 'frequency', 'naive')
    """
    return _tokens("word", text)


@lru_cache(maxsize=4096)
def stems(text: str) -> tuple[str, ...]:
    """The stems of a text's words.

    >>> stems("stimulation stimulating")
    ('stimul', 'stimul')
    """
    return _tokens("stem", text)
