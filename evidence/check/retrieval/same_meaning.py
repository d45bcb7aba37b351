"""Words of one meaning as one word (``same_meaning.yml``)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from evidence import yamlfile
from evidence.check.retrieval.ranking import tokens

SAME_MEANING = Path(__file__).with_name("same_meaning.yml")


@lru_cache(maxsize=1)
def one_word() -> dict[str, str]:
    """Stem → the stem that stands for all of its meaning; words without another of their meaning are not in it."""
    groups = [[str(word) for word in group] for group in yamlfile.load(SAME_MEANING).data]
    stems: dict[str, str] = {}
    for group in groups:
        first = next(iter(tokens(group[0])), group[0])
        for word in group:
            for token in tokens(word):
                stems.setdefault(token, first)
    return stems
