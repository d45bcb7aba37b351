"""Rules of language as data: a pattern, what it says, and the sentences that it must and must not match.

    part:
      - is: screened
        pattern: '\\b(?:screened|assessed for eligibility)\\b'
        yes: ["Of 231 adults screened at 14 hospitals"]
        no: ["231 adults were randomised"]

``yes`` and ``no`` are the rule's tests (``tests/test_rules.py`` goes through every file). ``{name}`` in a pattern
stands for the fragment of that name under ``fragments:``. Case does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.yamlfile import YamlFile

_FRAGMENT = re.compile(r"\{([a-z_]+)\}")
_KEYS = frozenset({"is", "pattern", "yes", "no", "why"})


@dataclass(frozen=True, slots=True)
class Rule:
    """``name`` is what a text is said to be where ``pattern`` is found in it."""

    name: str
    pattern: re.Pattern[str]
    yes: tuple[str, ...]
    no: tuple[str, ...]


class RuleFile:
    """A YAML file of rules. Raises :class:`~evidence.errors.InputError` with file, line and reason for a mistake."""

    def __init__(self, path: Path):
        self.path = path
        self._file: YamlFile = yamlfile.load(path)
        data = self._file.data or {}
        self._fragments: dict[str, str] = data.get("fragments") or {}
        self.parts = {
            part: tuple(self._rule(part, place, entry) for place, entry in enumerate(entries))
            for part, entries in data.items()
            if part != "fragments" and entries and isinstance(entries[0], dict)
        }
        self.lists = {
            part: tuple(tuple(words) for words in entries)
            for part, entries in data.items()
            if part != "fragments" and entries and isinstance(entries[0], list)
        }

    def first(self, part: str, text: str) -> tuple[str, str]:
        """The first rule of a part that a text has: ``(what it is, the words)``; two empty texts without one."""
        for rule in self.parts[part]:
            found = rule.pattern.search(text)
            if found:
                return rule.name, found.group()
        return "", ""

    def __iter__(self) -> Iterator[tuple[str, Sequence[Rule]]]:
        return iter(self.parts.items())

    def _rule(self, part: str, place: int, entry: dict[str, Any]) -> Rule:
        unknown = set(entry) - _KEYS
        if unknown or "is" not in entry or "pattern" not in entry or not entry.get("yes") or not entry.get("no"):
            raise self._file.error(f"a rule of {part} has is, pattern, yes and no (why if it helps)", part, place)
        try:
            pattern = re.compile(self._with_fragments(str(entry["pattern"]), part, place), re.IGNORECASE)
        except re.error as error:
            raise self._file.error(f"{part}: the pattern cannot be read ({error})", part, place, "pattern") from error
        yes, no = (tuple(map(str, entry[key])) for key in ("yes", "no"))
        return Rule(str(entry["is"]), pattern, yes, no)

    def _with_fragments(self, pattern: str, part: str, place: int) -> str:
        def fragment(match: re.Match[str]) -> str:
            name = match.group(1)
            if name not in self._fragments:
                raise self._file.error(f"{part}: no fragment is called {name}", part, place, "pattern")
            return f"(?:{self._fragments[name]})"

        return _FRAGMENT.sub(fragment, pattern)


@lru_cache(maxsize=64)
def load_rules(path: Path) -> RuleFile:
    """The rules of a file, read once."""
    return RuleFile(path)
