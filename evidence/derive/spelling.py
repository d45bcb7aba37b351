"""Other spellings of a typed word: British and American, and the nearest word there is for one that nothing has."""

from __future__ import annotations

import sqlite3
from functools import lru_cache
from pathlib import Path

import yaml
from rapidfuzz.distance import OSA

RULES = Path(__file__).with_name("spelling.yml")
# Letters that a mistyped word may differ in, by its length; shorter words are too near one another.
MOST_WRONG = ((8, 2), (4, 1))
NEAR = "SELECT word, reports FROM {table} WHERE word >= ? AND word < ? AND length(word) BETWEEN ? AND ?"
HIGHEST = "\U0010ffff"


@lru_cache(maxsize=1)
def rules() -> tuple[tuple[str, str, str], ...]:
    """``(British, American, where)`` of ``spelling.yml``."""
    entries = yaml.safe_load(RULES.read_text(encoding="utf-8"))
    return tuple((entry["british"], entry["american"], entry["where"]) for entry in entries)


@lru_cache(maxsize=4096)
def other_spellings(word: str) -> tuple[str, ...]:
    """What a word in small letters may be on the other side of the ocean; most of it is no word at all.

    >>> other_spellings("randomised"), other_spellings("paresthesia")
    (('randomized',), ('paraesthesia',))
    """
    found: dict[str, None] = {}
    for british, american, where in rules():
        for old, new in ((british, american), (american, british)):
            if old == american and british in word:
                continue
            if where == "start" and word.startswith(old):
                found[new + word[len(old) :]] = None
            elif where == "end" and word.endswith(old):
                found[word[: -len(old)] + new] = None
            elif where == "any" and old in word:
                found[word.replace(old, new)] = None
    found.pop(word, None)
    return tuple(found)


@lru_cache(maxsize=4096)
def american(word: str) -> str:
    """A word in small letters as an American would spell it, for comparing names; it need not be a word.

    >>> american("paraesthesia"), american("randomised")
    ('paresthesia', 'randomized')
    """
    for british, new, where in rules():
        if where == "start" and word.startswith(british):
            word = new + word[len(british) :]
        elif where == "end" and word.endswith(british):
            word = word[: -len(british)] + new
        elif where == "any":
            word = word.replace(british, new)
    return word


def nearest(conn: sqlite3.Connection, word: str, table: str) -> list[str]:
    """The words of ``search_words`` or ``author_words`` that may have been meant, the likeliest first.

    Counted are letters left out, added, changed and swapped; of equally near words the one that most reports have is
    first. Words that begin with another letter are tried only where no other is near.
    """
    most = next((wrong for length, wrong in MOST_WRONG if len(word) >= length), 0)
    if not most or not word.isalpha():
        return []
    for start, end in ((word[0], word[0] + HIGHEST), ("", HIGHEST)):
        rows = conn.execute(NEAR.format(table=table), [start, end, len(word) - most, len(word) + most])
        near = (
            (OSA.distance(word, other, score_cutoff=most), -reports, other) for other, reports in rows if other != word
        )
        found = sorted(entry for entry in near if entry[0] <= most)
        if found:
            return [other for _, _, other in found]
    return []
