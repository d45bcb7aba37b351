"""A draft's numbers beside its source's: match, differs or absent, each with the sentence of the source.

Two numbers are compared only when they measure the same kind of thing (people with people, months with weeks). An
equal one is a match, as far as the draft's rounding goes; without one, the number that stands in the most alike
words differs; without a number that could be meant, it is absent. Nothing is said of what the numbers prove.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from evidence.check.numbers.numbers import PEOPLE, PERCENT, PLAIN, TIME, YEAR, Number, find_numbers
from evidence.check.retrieval.ranking import tokens

MATCH, DIFFERS, ABSENT = "match", "differs", "absent"
# "fell from 62 to 38": which end of a change a number is.
_END = re.compile(r"\b(from|to)\s*$", re.I)
# After so many words between, a word says half as much of a number.
_FADES = 4.0
# "12 weeks" and "3 months" are the same follow-up; within one unit nothing but rounding is forgiven.
_OTHER_UNIT = 0.09
_ABOUT = 0.06
# Bare figures are lined up only where the words around them are much the same; nearer values first among alike ones.
_BARE, _ALIKE_STEP = 0.25, 0.15
# Parts that may stand for one another: a share of people may be printed as a responder rate.
_ALIKE = {"percent": "share", "responder": "share", "n": "people", "n_part": "people"}


_HALVED = re.compile(r"halved|halving", re.I)


@dataclass(frozen=True, slots=True)
class SourceNumber:
    """A number of a source with the sentence and report it comes from. ``words`` are the tokens around it."""

    number: Number
    report: str
    section: str
    sentence: str
    words: dict[str, float]
    main: bool = False  # the report's sample size


@dataclass(frozen=True, slots=True)
class LinedUp:
    """A draft's number and what the source has. ``source`` is ``None`` when absent."""

    number: Number
    finding: str
    source: SourceNumber | None = None


def source_numbers(
    report: str, passages: Iterable[tuple[str, str]], sample_size: int | None = None
) -> list[SourceNumber]:
    """Every number of a source's ``(section, sentence)`` pairs. The first that equals ``sample_size`` is marked."""
    found: list[SourceNumber] = []
    marked = False
    for section, sentence in passages:
        for number in find_numbers(sentence):
            main = not marked and number.dimension == PEOPLE and number.value == sample_size
            marked = marked or main
            found.append(SourceNumber(number, report, section, sentence, around(sentence, number), main))
    return found


def around(sentence: str, number: Number) -> dict[str, float]:
    """The tokens of a number's sentence and how close each stands: 1 beside it, less with every word between.

    What stands before a number says more of it than what follows: "migration (5.6%), infection (3.8%)".
    """
    before, after = tokens(sentence[: number.start]), tokens(sentence[number.end :])
    near: dict[str, float] = {}
    for words, halved in ((reversed(before), _FADES), (after, _FADES / 2)):
        for distance, token in enumerate(words):
            if not token[0].isdigit():
                near[token] = max(near.get(token, 0.0), 1 / (1 + distance / halved))
    if end := _END.search(sentence[: number.start]):
        near[f"<{end.group(1).lower()}>"] = 1.0
    return near


def line_up(
    sentence: str,
    numbers: Sequence[Number],
    sources: Sequence[SourceNumber],
    weight: Callable[[str], float] | None = None,
) -> list[LinedUp]:
    """Line up each number of a sentence. ``weight`` says how telling a word is (its idf); all the same without."""
    weigh = weight or (lambda token: 1.0)
    return [_one(number, around(sentence, number), sources, weigh) for number in numbers]


def _one(
    number: Number, words: dict[str, float], sources: Sequence[SourceNumber], weigh: Callable[[str], float]
) -> LinedUp:
    rivals = [(s, _alike(words, s.words, weigh)) for s in sources if _comparable(number, s.number)]
    equal = [(s, alike) for s, alike in rivals if same(number, s.number)]
    if not equal and _HALVED.fullmatch(number.text):  # "had their pain halved" is the source's "at least 50% relief"
        equal = [(s, _alike(words, s.words, weigh)) for s in sources if _halves(s.number)]
    if equal:
        best = max(equal, key=lambda pair: (_role(number, pair[0].number), -_apart(number, pair[0].number), pair[1]))
        if _role(number, best[0].number) or best[1] > 0 or number.dimension not in (PERCENT, PLAIN):
            return LinedUp(number, MATCH, best[0])
    rivals = [(s, alike) for s, alike in rivals if _role(number, s.number) and _could_be_meant(number, s, alike)]
    if not rivals:
        return LinedUp(number, ABSENT)
    best = max(rivals, key=lambda pair: (_steps(pair), -_distance(number, pair[0].number)))
    return LinedUp(number, DIFFERS, best[0])


def _steps(pair: tuple[SourceNumber, float]) -> int:
    """How alike, in steps: words that are about as near leave the choice to the values."""
    return round((pair[1] + (1.0 if pair[0].main else 0.0)) / _ALIKE_STEP)


def _alike(one: dict[str, float], other: dict[str, float], weigh: Callable[[str], float]) -> float:
    """How much two numbers are said of the same thing: 0 without a word in common."""
    shared = sum(weigh(token) * near * other[token] for token, near in one.items() if token in other)
    return shared / (1.0 + sum(weigh(token) * near for token, near in one.items())) if shared else 0.0


def _comparable(number: Number, other: Number) -> bool:
    if number.dimension == PLAIN or other.dimension == PLAIN:
        return {number.dimension, other.dimension} <= {PLAIN, PEOPLE, "points", "ratio"}
    if number.dimension != other.dimension:
        return False
    if number.dimension == TIME:  # a session's minutes are not a follow-up's months
        return (number.base[1] < 1) == (other.base[1] < 1) and (number.role == "age") == (other.role == "age")
    return (number.role == "threshold") == (other.role == "threshold")


def _halves(other: Number) -> bool:
    return other.dimension == PERCENT and other.role == "threshold" and other.base == (50.0, 50.0)


def _role(number: Number, other: Number) -> bool:
    if number.dimension == other.dimension == TIME:
        return (number.role == "age") == (other.role == "age")
    return number.role == other.role or _ALIKE.get(number.role, "-") == _ALIKE.get(other.role, "+")


def _could_be_meant(number: Number, source: SourceNumber, alike: float) -> bool:
    """Whether a number that is not equal may be what the draft's number is about."""
    if number.dimension == YEAR:
        return False
    if PLAIN in (number.dimension, source.number.dimension):
        return number.dimension == source.number.dimension and alike >= _BARE
    if number.role == source.number.role == "n" or number.dimension == TIME:
        return True
    if number.dimension in (PERCENT, PEOPLE, "points"):
        return alike > 0 or source.main
    return True


def same(number: Number, other: Number) -> bool:
    """Whether a source's number is the draft's, as far as rounding, ``about`` and ``more than`` go."""
    low, high = number.base
    other_low, other_high = other.base
    slack = _slack(number, other)
    if number.low != number.high or other.low != other.high:
        if number.low != number.high and other.low != other.high:
            return abs(low - other_low) <= slack and abs(high - other_high) <= slack
        if number.low != number.high:
            return low - slack <= other_low and other_high <= high + slack
        return min(abs(low - other_low), abs(low - other_high)) <= slack  # one end of the source's range
    if abs(abs(low) - abs(other_low)) <= slack:
        return True
    if number.compare == ">":
        return low < other_low <= low * (1 + 2 * _ABOUT)
    return number.compare == "<" and low * (1 - 2 * _ABOUT) <= other_low < low


def _slack(number: Number, other: Number) -> float:
    """How far two equal numbers may lie apart: half of the draft's last printed place; more for ``about``."""
    size = max(abs(number.base[0]), abs(number.base[1]))
    rounding = 0.5 * 10.0**-number.decimals * number.factor if other.decimals > number.decimals else 1e-9
    slack = max(rounding, 1e-9)
    if number.unit != other.unit and number.dimension == TIME:
        slack = max(slack, _OTHER_UNIT * size)
    if "~" in (number.compare, other.compare):
        slack = max(slack, _ABOUT * size)
    return slack


def _apart(number: Number, other: Number) -> int:
    """0 for the very number, 1 for one that only rounding or "about" makes equal."""
    return int(abs(abs(number.base[0]) - abs(other.base[0])) > 1e-9)


def _distance(number: Number, other: Number) -> float:
    return abs(number.base[0] - other.base[0])
