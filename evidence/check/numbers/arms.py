"""The two arms that an abstract names: "randomised to burst stimulation or to a sham", "TENS versus fentanyl".

A number said of "the control group", "without it" or only of one of the two names is then said of that arm, whatever
the sentence calls it; and of two bare numbers ("migration occurred in 12% and 7%") the first is the first arm's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from evidence.check.retrieval.ranking import tokens

FIRST, SECOND = "first", "second"
_NAME = r"[^.;:,()]{2,80}?"
_ASIDE = r"(?: ?\([^()]*\))?"
_SHARED_OUT = re.compile(
    r"\b(?:received?|(?:randomi[sz]\w*|randomly|allocated|assigned|divided)\b[^.;]{0,60}?"
    r"(?:\b(?:to|into|receive|either|with)\b|:)) (?:either |receive |groups? (?:of|with) |two groups,? (?:of )?)*"
    rf"(?P<a>{_NAME}){_ASIDE},? (?:or|versus|vs\.?)(?: to| of| with)? (?P<b>{_NAME}){_ASIDE}"
    r"(?=[.;:,]|$| (?:for|over|in|at|during|after|between|who|and) )",
    re.I,
)
_BESIDE = re.compile(
    rf"(?:^|[:,;] |\b(?:of|compared?|comparing|between) )(?P<a>(?:[\w-]++ ){{1,6}}?){_ASIDE} ?"
    r"(?:versus|vs\.?|against|compared (?:with|to)) "
    rf"(?P<b>[\w-]++(?: [\w-]++){{0,5}}?){_ASIDE}(?=[.;:,]|$| (?:for|over|in|at|during|after|on|as) )",
    re.I,
)
_COMPARED = re.compile(
    rf"\bcompar\w+ (?:the )?(?:[a-z]+ ){{0,2}}?(?:of|between) (?P<a>{_NAME}){_ASIDE} (?:and|with|versus) "
    rf"(?P<b>{_NAME}){_ASIDE}(?=[.;:,]|$| (?:for|in|on|to|after|during) )",
    re.I,
)
# What both arms have, and what names neither.
_NEUTRAL = frozenset(
    tokens("group arm treatment therapy patient people participant subject receive daily week session care study trial")
)
_CONTROL = frozenset(
    tokens("sham placebo control usual alone standard conventional waiting inactive dummy fake pretend mock comparison")
) | {"without"}  # fmt: skip
# "150 people with cluster headache to vagus nerve stimulation": the arm is what comes last.
_NAMED_LAST = re.compile(r"\b(?:to|either|receive|receiving|of)\b", re.I)
_MOST_WORDS = 9
_CONTROLS = _CONTROL | frozenset(tokens("controls medical management others"))
_ACTIVE = frozenset(tokens("active real verum experimental intervention"))


@dataclass(frozen=True, slots=True)
class Arms:
    """The words that are of one arm and not of the other, as stems."""

    first: frozenset[str] = frozenset()
    second: frozenset[str] = frozenset()
    names: tuple[str, str] = ("", "")  # as printed

    def __bool__(self) -> bool:
        return bool(self.first and self.second)

    @property
    def has_control(self) -> bool:
        """Whether one of the two is a sham, usual care or nothing."""
        return bool((self.first | self.second) & _CONTROL)

    def of(self, words: Iterable[str]) -> str:
        """The arm that some words name; ``""`` where they name none, or both."""
        found = frozenset(words)
        one, other = bool(found & self.first), bool(found & self.second)
        return (FIRST if one else SECOND) if one != other else ""

    def name(self, arm: str) -> str:
        """An arm as it is printed."""
        return self.names[arm == SECOND] if arm else ""


def named_arms(texts: Iterable[str]) -> Arms:
    """The arms of a source, from the first of its sentences that names two; without one, nothing."""
    for text in texts:
        for pattern in (_SHARED_OUT, _BESIDE, _COMPARED):
            for match in pattern.finditer(text):
                arms = _apart(match["a"], match["b"])
                if arms and (pattern is not _BESIDE or arms.has_control):
                    return arms
    return Arms()


def _words(name: str) -> list[str]:
    return [token for token in tokens(name) if token not in _NEUTRAL and not token[0].isdigit()]


def _apart(one: str, other: str) -> Arms:
    one, other = _NAMED_LAST.split(one)[-1], other
    names, others = _words(one), _words(other)
    if len(names) == 1 and len(others) > 1 and names[0] in _CONTROL | _ACTIVE:  # "active or sham stimulation"
        others = others[:-1]
    first, second = frozenset(names), frozenset(others)
    if max(len(first), len(second)) > _MOST_WORDS:
        return Arms()
    alone, beside, printed = first - second, second - first, (one.strip(), other.strip())
    if not beside or not (alone or first):
        return Arms()
    if bool(beside & _CONTROL) == bool(first & _CONTROL):
        return Arms(alone, beside, printed) if alone else Arms()
    if beside & _CONTROL:
        return Arms(alone - _CONTROLS | _ACTIVE, beside | _CONTROL, printed)
    return Arms(alone | _CONTROL, beside - _CONTROLS | _ACTIVE, printed)
