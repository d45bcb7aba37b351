"""How alike a sentence and a report are: bm25 over words and the parts of names, and near words for those missing.

``IL-6`` and ``IL6``, ``Oct4`` and ``OCT3/4`` are one thing written twice: a name of letters and figures counts also by
its parts. For a word that a report does not have, a word that stands in like company counts in part
(``word_relatives.txt``, made by ``benchmarks/word_relatives.py`` from abstracts alone, without a claim or a label).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import filterfalse
from pathlib import Path

from evidence.check.retrieval.stem import stem

RELATIVES_FILE = Path(__file__).with_name("word_relatives.txt")
_PART = re.compile(r"[^\W\d_]+|\d+")
# Okapi's usual constants (Robertson & Zaragoza, The probabilistic relevance framework, 2009); a word of the title
# counts three times. Any k1 from 0.9 to 2 and any title from 1 to 5 are within one claim in 100 on SciFact.
_K1, _B, _TITLE = 1.2, 0.75, 3


@dataclass(frozen=True, slots=True)
class Counted:
    """How often a report has each word, those of its title thrice, and how many words it has."""

    counts: Counter[str]
    length: int


@lru_cache(maxsize=131072)
def _parts(token: str) -> tuple[str, ...]:
    """``oct4`` → ``oct4``, ``oct``; single letters and figures say nothing alone."""
    if token.isalpha() or not token.isalnum():  # "#scs_hf" is a tag
        return (token,)
    parts = _PART.findall(token)
    return (token, *(stem(part) for part in parts if len(part) > 1)) if len(parts) > 1 else (token,)


def with_parts(tokens: Iterable[str]) -> list[str]:
    """Tokens in order, each name of letters and figures followed by its parts."""
    return [part for token in tokens for part in _parts(token)]


def name_start(word: str) -> str:
    """The letters that a name of letters and figures begins with: ``oct3`` → ``oct``; ``""`` when fewer than three."""
    start = _PART.match(word)
    return start.group() if start and 3 <= len(start.group()) < len(word) and start.group().isalpha() else ""


@cache
def _lines() -> dict[str, str]:
    """stem → its relatives as written; few of the 7,000 lines are ever asked for."""
    lines = RELATIVES_FILE.read_text(encoding="utf-8").splitlines()
    return dict(line.split(": ", 1) for line in lines if not line.startswith("#"))


@lru_cache(maxsize=8192)
def relatives(token: str) -> tuple[tuple[str, float], ...]:
    """The stems that stand in like company, with their nearness (0 to 1), nearest first."""
    listed = _lines().get(token, "").split()
    return tuple(zip(listed[::2], map(float, listed[1::2]), strict=True))


@lru_cache(maxsize=8192)
def stand_ins(token: str) -> tuple[tuple[str, float], ...]:
    """What may stand for a word that is missing, and what it is worth: parts of a name, then words in like company."""
    return (*((part, 1.0) for part in _parts(token)[1:]), *relatives(token))


def nearly_held(weights: Mapping[str, float], here: Iterable[str]) -> float:
    """The weight of a sentence's words that some tokens hold, near words and parts of names counted in part."""
    held = frozenset(with_parts(here))
    total = 0.0
    for token, weight in weights.items():
        if token in held:
            total += weight
            continue
        for other, worth in stand_ins(token):
            if other in held:
                total += weight * worth
                break
    return total


def count_words(title: tuple[str, ...], abstract: tuple[str, ...]) -> Counted:
    """A report's tokens counted."""
    counts = Counter(abstract + title * _TITLE)
    for token in tuple(filterfalse(str.isalpha, counts)):
        for part in _parts(token)[1:]:
            counts[part] += counts[token]
    return Counted(counts, len(abstract) + len(title))


def likeness(query: Iterable[str], weight: Callable[[str], float], reports: Sequence[Counted]) -> list[float]:
    """One figure a report: bm25 with near words for missing ones, as a share of what the sentence's words weigh."""
    weights = {token: weight(token) for token in with_parts(query)}
    total = sum(weights.values()) or 1.0
    usual = sum(report.length for report in reports) / (len(reports) or 1) or 1.0
    figures = []
    for report in reports:
        shortness = _K1 * (1 - _B + _B * report.length / usual)
        held = 0.0
        for token, rarity in weights.items():
            count = report.counts.get(token, 0)
            if count:
                held += rarity * count * (_K1 + 1) / (count + shortness)
                continue
            for other, worth in stand_ins(token):
                if other in report.counts:
                    held += rarity * worth
                    break
        figures.append(held / total)
    return figures
