"""The kind of a treatment by its words: a drug, or another active treatment (``treatments.yml``)."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

from evidence import yamlfile

_WORD = re.compile(r"[a-zμ][a-zμ-]*[a-zμ]")
_LEAST_STEM = 2  # letters before an ending
_DATA: dict[str, dict[str, list[str]]] = yamlfile.load(Path(__file__).with_name("treatments.yml")).data
_WORDS = {word: kind for kind in reversed(_DATA) for word in _DATA[kind]["words"]}
_WORDS |= {f"{word}s": kind for word, kind in _WORDS.items()}
_BEGINNINGS = tuple((tuple(_DATA[kind].get("beginnings", ())), kind) for kind in _DATA)
_ENDINGS = tuple((ending, kind) for kind in _DATA for ending in _DATA[kind].get("endings", ()))


Named = tuple[str, int, int, str]


def named(text: str) -> list[Named]:
    """The treatments named in a text in lower case: ``(kind, start, end, word)``, in its order."""
    if not any(map(_kind, _WORD.findall(text))):  # most texts name none
        return []
    return [
        (kind, match.start(), match.end(), match.group())
        for match in _WORD.finditer(text)
        if (kind := _kind(match.group()))
    ]


@lru_cache(maxsize=1 << 14)
def _kind(word: str) -> str:
    """
    >>> _kind("duloxetine"), _kind("stimulators"), _kind("insulin-sensitizing"), _kind("nurses")
    ('drug', 'active_other', 'drug', '')
    """
    known = _WORDS.get(word)
    if known:
        return known
    for beginnings, kind in _BEGINNINGS:
        if word.startswith(beginnings):
            return kind
    for ending, kind in _ENDINGS:
        if ending in word[_LEAST_STEM:] and word.removesuffix("s").endswith(ending):
            return kind
    return next(filter(None, map(_kind, word.split("-"))), "") if "-" in word else ""
