"""Words that make a statement weaker (hedges) or stronger (absolutes), and hedges of a source that a draft dropped.

The words are ``hedges.yml``'s.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from evidence.rules import load_rules

HEDGES_FILE = Path(__file__).with_name("hedges.yml")
_RULES = load_rules(HEDGES_FILE).parts


def _any_of(part: str, name: str = "") -> re.Pattern[str]:
    """The rules of a part, or those of a name, as one pattern, so that no word is found twice."""
    return re.compile("|".join(rule.pattern.pattern for rule in _RULES[part] if name in ("", rule.name)), re.I)


HEDGE, ABSOLUTE = _any_of("hedge"), _any_of("absolute")
_WEIGHTY = _any_of("hedge", "weighty")
# "May 2014" is a month.
_MONTH = re.compile(r"\bMay(?= \d)|(?<=\d )May\b")


@dataclass(frozen=True, slots=True)
class Tone:
    """The hedges and the absolutes of a sentence, as printed, in order, each once."""

    hedges: tuple[str, ...]
    absolutes: tuple[str, ...]


def tone(sentence: str) -> Tone:
    sentence = _MONTH.sub("   ", sentence)
    return Tone(_found(HEDGE, sentence), _found(ABSOLUTE, sentence))


def dropped(draft: Tone, source_sentence: str) -> tuple[str, ...]:
    """The hedges of a source's sentence when the draft, saying the same, has none at all; ``()`` otherwise."""
    if draft.hedges:
        return ()
    return tuple(hedge for hedge in tone(source_sentence).hedges if _WEIGHTY.fullmatch(hedge))


def _found(pattern: re.Pattern[str], sentence: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.group().lower() for match in pattern.finditer(sentence)))
