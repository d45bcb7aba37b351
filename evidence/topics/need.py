"""What must stand in a record's bytes for a search to find it: words joined by *and* and *or*.

A need never says too much: a record that the search finds has it. Words are ASCII letters and figures in lower case;
what cannot be said by such words is :data:`ALWAYS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Words:
    """All of these somewhere in the record, as parts of words (``stimulat`` in *stimulation*)."""

    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class Join:
    """``every``: all of the parts, else at least one of them."""

    every: bool
    parts: tuple[Need, ...]


Need: TypeAlias = Words | Join
ALWAYS: Need = Words(frozenset())
# A phrase's words are looked for but for short ones beside longer ones: "of" stands in every record.
_SHORT = 4


def words_needed(words: Iterable[str]) -> Need:
    """The need of words that stand together. Words that are not ASCII are left out: bytes may spell them otherwise."""
    usable = {word for word in words if word.isascii()}
    return Words(frozenset({word for word in usable if len(word) >= _SHORT} or usable))


def any_of(*needs: Need) -> Need:
    return ALWAYS if ALWAYS in needs else _join(False, needs)


def all_of(*needs: Need) -> Need:
    return _join(True, tuple(need for need in needs if need != ALWAYS))


def _join(every: bool, needs: tuple[Need, ...]) -> Need:
    parts: dict[Need, None] = {}
    for need in needs:
        nested = need.parts if isinstance(need, Join) and need.every is every else (need,)
        parts.update(dict.fromkeys(nested))
    if not parts:
        return ALWAYS
    return next(iter(parts)) if len(parts) == 1 else Join(every, tuple(parts))


def words_in(need: Need) -> Iterator[str]:
    """Every word of a need, repeats included."""
    if isinstance(need, Words):
        yield from need.words
    else:
        for part in need.parts:
            yield from words_in(part)


def is_met(need: Need, present: set[str] | frozenset[str]) -> bool:
    """Whether a record with these words (of the need's own) may be one."""
    if isinstance(need, Words):
        return need.words <= present
    met = (is_met(part, present) for part in need.parts)
    return all(met) if need.every else any(met)
