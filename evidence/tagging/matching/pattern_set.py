"""Which of several rules may match in a text: all told by RE2 in one pass, before any of them is tried."""

from __future__ import annotations

import re
from collections.abc import Mapping

import re2

from evidence.rules import RuleFile
from evidence.tagging.matching.prefilter import without_look_around

# RE2's classes know ASCII only: "naïve" would be two words to it.
_FOREIGN = re.compile(r"[^\x00-\x7f]")
_MEMORY = 1 << 26  # bytes for RE2's automaton; with its default it falls back to a slower way


Place = tuple[str, int]


class PatternSet:
    """Patterns for text in lower case, each by the part of the rules that it is of and its place there; ``at_start``
    says that they match where a text begins."""

    def __init__(self, patterns: Mapping[Place, str], at_start: bool = False):
        options = re2.Options()
        options.never_capture, options.max_mem = True, _MEMORY
        self._set = re2.Set.MatchSet(options) if at_start else re2.Set.SearchSet(options)
        for pattern in patterns.values():
            self._set.Add(without_look_around(pattern))
        self._set.Compile()
        self._places = tuple(patterns)

        self._literal = frozenset(sign for pattern in patterns.values() for sign in pattern if not sign.isascii())

    def which(self, lower: str) -> list[Place]:
        """The patterns that may match, in order."""
        text = lower if lower.isascii() else _FOREIGN.sub(self._ascii, lower)
        found = self._set.Match(text.encode(errors="replace"))
        return [self._places[place] for place in sorted(found)] if found else []

    def _ascii(self, match: re.Match[str]) -> str:
        """A sign that RE2's ``\\w``, ``\\d``, ``\\s`` and ``\\b`` take as Python's do of the one that stands there."""
        sign = match.group()
        if sign in self._literal:
            return sign
        return "0" if sign.isdecimal() else "q" if sign.isalnum() else " " if sign.isspace() else sign


def either(rules: RuleFile, *parts: str) -> str:
    """One pattern for all rules of these parts."""
    return "|".join(f"(?:{rule.pattern.pattern})" for part in parts for rule in rules.parts[part])
