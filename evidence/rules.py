"""Rules of language as data: a pattern, what it says, and the sentences that it must and must not match.

    fragments:
      people: patients|adults|women|men
    part:
      - is: screened
        pattern: '\\b(?:screened|assessed for eligibility)\\b'
        yes: ["Of 231 adults screened at 14 hospitals"]
        no: ["231 adults were randomised"]

``yes`` and ``no`` are the rule's tests (``tests/test_rules.py`` goes through every file). Besides, a rule may have

``unless``
    a pattern that silences it in the same text;
``name``
    what readers are told of it, where that is more than ``is``;
``score``
    what it adds;
``where`` and ``reach``
    for a rule that looks ``before``, ``after`` or ``between`` the parts of something: at so many characters of it
    (``aside: false`` leaves brackets out of what comes after). Its examples have that something in brackets:
    ``We treated [40 consecutive patients] with pain``.
``dimension`` and ``factor``
    for a rule that names a unit: what is measured in it, and how many of the dimension's base it is (``1/24``).

A pattern may be printed as a list: any of them. ``{name}`` in it stands for the fragment of that name under
``fragments:``, ``{number}`` for a number in figures or words (:mod:`evidence.number_words`). Case does not matter; in a
file with ``lower_case: true`` the texts are in lower case already, which is read in half the time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.number_words import NUMBER
from evidence.yamlfile import YamlFile

_FRAGMENT = re.compile(r"\{([a-z_]+)\}")
_KEYS = frozenset("is pattern yes no why unless name score where reach aside dimension factor".split())
_SETTINGS = frozenset({"fragments", "lower_case"})
_ASIDE = re.compile(r" ?\([^()]*(?:\)|$)")
SIDES = ("before", "after", "between")


@dataclass(frozen=True, slots=True)
class Rule:
    """``name`` is what a text is said to be where ``pattern`` is found in it and ``unless`` is not.

    ``label`` is what readers are told (``name`` where there is none); ``score``, ``where``, ``reach`` (characters) and
    ``aside`` are as printed; ``dimension`` and ``factor`` those of a unit.
    """

    name: str
    pattern: re.Pattern[str]
    yes: tuple[str, ...]
    no: tuple[str, ...]
    unless: re.Pattern[str] | None = None
    label: str = ""
    score: float = 0.0
    where: str = ""
    reach: int = 0
    aside: bool = True
    lower_case: bool = False
    dimension: str = ""
    factor: float = 1.0

    def search(self, text: str) -> re.Match[str] | None:
        """Where the rule holds in a text, or ``None``."""
        found = self.pattern.search(text)
        return found if found and not (self.unless and self.unless.search(text)) else None

    def holds(self, example: str) -> bool:
        """Whether the rule holds for one of its examples, read as the module says."""
        text = example.lower() if self.lower_case else example
        return self.search(self._beside(text) if self.where else text) is not None

    def _beside(self, text: str) -> str:
        """The part of an example that a rule with ``where`` looks at."""
        before, _, rest = text.partition("[")
        inside, _, after = rest.rpartition("]")
        if self.where == "before":
            return before[-self.reach :]
        if self.where == "after":
            return (after if self.aside else without_brackets(after))[: self.reach]
        words = inside.split(" ")
        return f" {' '.join(words[1:-1])} " if len(words) > 2 else " "


def without_brackets(text: str) -> str:
    """A text without what stands in round brackets."""
    return _ASIDE.sub("", text) if "(" in text else text


class RuleFile:
    """A YAML file of rules. Raises :class:`~evidence.errors.InputError` with file, line and reason for a mistake."""

    def __init__(self, path: Path):
        self.path = path
        self._file: YamlFile = yamlfile.load(path)
        data = self._file.data or {}
        self._fragments: dict[str, str] = {"number": NUMBER, **(data.get("fragments") or {})}
        self._lower_case = bool(data.get("lower_case"))
        self.parts = {
            part: tuple(self._rule(part, place, entry) for place, entry in enumerate(entries))
            for part, entries in data.items()
            if part not in _SETTINGS and entries and isinstance(entries[0], dict)
        }
        self.lists = {
            part: tuple(tuple(words) for words in entries)
            for part, entries in data.items()
            if part not in _SETTINGS and entries and isinstance(entries[0], list)
        }

    def first(self, part: str, text: str) -> tuple[str, str]:
        """The first rule of a part that a text has: ``(what it is, the words)``; two empty texts without one."""
        for rule in self.parts[part]:
            found = rule.search(text)
            if found:
                return rule.name, found.group()
        return "", ""

    def every(self, part: str, text: str) -> Iterator[tuple[str, str]]:
        """Each rule of a part that a text has, in order: what it is, and the words."""
        for rule in self.parts[part]:
            if found := rule.search(text):
                yield rule.name, found.group()

    def pattern(self, part: str, name: str) -> re.Pattern[str]:
        """The pattern of the rule of that name. ``KeyError`` where there is none."""
        for rule in self.parts[part]:
            if rule.name == name:
                return rule.pattern
        raise KeyError(f"{self.path.name}: {part} has no rule {name}")

    def fragment(self, name: str) -> str:
        """A fragment as one group of a pattern. ``KeyError`` where there is none."""
        return f"(?:{_FRAGMENT.sub(lambda match: self.fragment(match.group(1)), self._fragments[name])})"

    def __iter__(self) -> Iterator[tuple[str, Sequence[Rule]]]:
        return iter(self.parts.items())

    def _rule(self, part: str, place: int, entry: dict[str, Any]) -> Rule:
        unknown = set(entry) - _KEYS
        if unknown or "is" not in entry or "pattern" not in entry or not entry.get("yes") or not entry.get("no"):
            raise self._file.error(f"a rule of {part} has is, pattern, yes and no (why if it helps)", part, place)
        where, reach = str(entry.get("where", "")), int(entry.get("reach", 0))
        if where and (where not in SIDES or (where != "between" and reach < 1)):
            raise self._file.error(f"{part}: where is one of {', '.join(SIDES)}, with a reach", part, place)
        try:
            factor = float(Fraction(str(entry.get("factor", 1))))
        except (ValueError, ZeroDivisionError) as error:
            raise self._file.error(f"{part}: factor is a number, or two with a stroke: 1/24", part, place) from error
        yes, no = (tuple(map(str, entry[key])) for key in ("yes", "no"))
        return Rule(
            str(entry["is"]), self._compiled(entry, "pattern", part, place), yes, no,
            self._compiled(entry, "unless", part, place) if "unless" in entry else None,
            str(entry.get("name", entry["is"])), float(entry.get("score", 0)), where, reach,
            bool(entry.get("aside", True)), self._lower_case, str(entry.get("dimension", "")),
            factor,
        )  # fmt: skip

    def _compiled(self, entry: dict[str, Any], key: str, part: str, place: int) -> re.Pattern[str]:
        printed = entry[key] if isinstance(entry[key], list) else [entry[key]]
        try:
            pattern = self._with_fragments("|".join(map(str, printed)), part, place)
            return re.compile(pattern, re.NOFLAG if self._lower_case else re.IGNORECASE)
        except re.error as error:
            raise self._file.error(f"{part}: the {key} cannot be read ({error})", part, place, key) from error

    def _with_fragments(self, pattern: str, part: str, place: int) -> str:
        def fragment(match: re.Match[str]) -> str:
            name = match.group(1)
            try:
                return self.fragment(name)
            except KeyError as error:
                raise self._file.error(
                    f"{part}: no fragment is called {error.args[0]}", part, place, "pattern"
                ) from None
            except RecursionError:
                raise self._file.error(f"{part}: the fragment {name} holds itself", part, place, "pattern") from None

        return _FRAGMENT.sub(fragment, pattern)


@lru_cache(maxsize=64)
def load_rules(path: Path) -> RuleFile:
    """The rules of a file, read once."""
    return RuleFile(path)
