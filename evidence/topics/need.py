"""What must stand in a record's bytes for a search to find it: words joined by *and* and *or*.

A need never says too much: a record that the search finds has it. Words are ASCII letters and figures in lower case,
whole ones but for those that end with a star; what cannot be said by such words is :data:`ALWAYS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Words:
    """All of these somewhere in the record; ``stimulat*`` is any word that begins so."""

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


def words_needed(words: Iterable[str], cut: bool = False) -> Need:
    """The need of words that stand together, the last one ``cut`` short or not.

    Words that are not ASCII are left out: bytes may spell them otherwise.
    """
    sought = list(words)
    if cut and sought:
        sought[-1] += "*"
    usable = {word for word in sought if word.isascii()}
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


def test_of(need: Need, numbers: Mapping[str, int]) -> Callable[[int], bool]:
    """Whether a record that has some words may be one: a function of the words, a bit each where ``numbers`` say.

    >>> may_be = test_of(any_of(words_needed(["pain"]), words_needed(["ache"])), {"pain": 0, "ache": 1})
    >>> may_be(0b10), may_be(0b00)
    (True, False)
    """
    if isinstance(need, Words):
        mask = sum(1 << numbers[word] for word in need.words)
        return lambda present: present & mask == mask
    masks = [sum(1 << numbers[word] for word in part.words) for part in need.parts if isinstance(part, Words)]
    tests = [test_of(part, numbers) for part in need.parts if isinstance(part, Join)]
    if need.every:
        whole = 0
        for mask in masks:
            whole |= mask
        return lambda present: present & whole == whole and all(test(present) for test in tests)

    def some(present: int) -> bool:
        for mask in masks:
            if present & mask == mask:
                return True
        return any(test(present) for test in tests)

    return some
