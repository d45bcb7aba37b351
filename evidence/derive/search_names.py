"""The names that tags go by in a search: ``PENS``, ``PNT`` and the words written out are one tag.

A name is kept under a key that says how it is compared: ``~`` by the stems of its words, ``=`` as one word in any case,
``!`` letter by letter (short forms that are words too), ``?`` by stems, only to offer the tag.
"""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from evidence.derive.index_words import stems, words
from evidence.derive.schema import FACET_TABLE
from evidence.derive.spelling import american

# A name of more tags than this names none of them.
MOST_TAGS = 3
# What a modality or a condition is called widens a search; outcomes and designs have names that are plain words.
WIDENING = ("modality", "condition")
_BRACKET = re.compile(r"\s*\(([^()]*)\)")
_VAGUE = re.compile(r"\b(?:not|or|and|general|other|type|unspecified)\b|,")


def names_of(label: str, synonyms: str | None = None) -> list[str]:
    """The names of a tag: its label without and in its brackets, then its synonyms.

    >>> names_of("Failed back surgery syndrome (FBSS)", "failed back; PSPS")
    ['Failed back surgery syndrome', 'FBSS', 'failed back', 'PSPS']
    """
    inside = [part for part in _BRACKET.findall(label) if not _VAGUE.search(part)]
    found = [_BRACKET.sub("", label), *inside, *(synonyms or "").split("; ")]
    return list(dict.fromkeys(name.strip() for name in found if name.strip()))


def is_short_form(name: str) -> bool:
    """Whether a name is an abbreviation: ``PENS``, ``rTMS``, ``HF10``."""
    return " " not in name and len(name) >= 3 and sum(character.isupper() for character in name) >= 2


def keys_of(facet: str, label: str, name: str) -> Iterator[str]:
    """The keys that a name is found by."""
    by_stems = stems_key(name)
    if is_short_form(name):
        # "ten" and "act" are words; "scs" is none.
        as_word = facet in WIDENING and (len(name) > 3 or not re.search("[aeiou]", name, re.I))
        yield f"={' '.join(words(name))}" if as_word else f"!{name}"
    elif facet in WIDENING and (len(words(name)) > 1 or facet == "modality" or name == label):
        yield f"~{by_stems}" if len(words(name)) > 1 else f"={' '.join(words(name))}"
    yield f"?{by_stems}"


def stems_key(text: str) -> str:
    """The stems that a name of several words is compared by: as Americans spell them, without "and", as in a search."""
    return " ".join(map(_stem, words(text))).strip().replace("  ", " ")


@lru_cache(maxsize=8192)
def _stem(word: str) -> str:
    return "" if word == "and" else " ".join(stems(american(word)))


def add_names(conn: sqlite3.Connection) -> None:
    """Fill ``search_names`` from the tags, and ``author_words`` from the authors' family names."""
    tags: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for facet, table in FACET_TABLE.items():
        for tag, label, synonyms in conn.execute(f"SELECT id, label, synonyms FROM {table}").fetchall():
            for name in names_of(label, synonyms):
                for key in keys_of(facet, label, name):
                    tags[key].add((facet, tag))
    rows = [(key, *tag) for key, found in sorted(tags.items()) if len(found) <= MOST_TAGS for tag in sorted(found)]
    conn.executemany("INSERT INTO search_names(key, facet, tag) VALUES (?, ?, ?)", rows)
    counts: dict[str, int] = defaultdict(int)
    for family, reports in conn.execute("SELECT coalesce(family, name), count(*) FROM authors GROUP BY 1").fetchall():
        for word in words(family):
            if len(word) > 2:
                counts[word] += reports
    conn.executemany("INSERT INTO author_words(word, reports) VALUES (?, ?)", sorted(counts.items()))
