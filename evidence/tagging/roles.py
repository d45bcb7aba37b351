"""What each sentence of a record is for, and which cues it holds.

A printed heading decides where there is one. Elsewhere the cues do: sentences before the first aim or method are
background, an aim stays an aim, and the last sentences that conclude are conclusions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from evidence.tagging.matching import Cue, Matches
from evidence.tagging.text import (
    ADMINISTRATIVE,
    BACKGROUND,
    CONCLUSIONS,
    ELIGIBILITY,
    METHODS,
    OBJECTIVE,
    RESULTS,
    TITLE,
    UNKNOWN,
    Document,
)


_DIGIT = re.compile(r"\d")


@dataclass(slots=True)
class Sentences:
    """For each sentence of a document: its role, the names of its cues, and whether it holds a number."""

    roles: list[str]
    cues: list[frozenset[str]]
    numbers: list[bool]
    placed: dict[int, list[Cue]] = field(default_factory=dict)

    def before(self, sentence: int, start: int, name: str, reach: int) -> bool:
        """Whether a cue ends at most ``reach`` characters before ``start`` in the same sentence."""
        return any(c.name == name and 0 <= start - c.end <= reach for c in self.placed.get(sentence, ()))

    def near(self, sentence: int, start: int, end: int, name: str, reach: int) -> bool:
        """Whether a cue stands at most ``reach`` characters from a span of the same sentence."""
        return any(c.name == name and c.start - end <= reach and start - c.end <= reach for c in self.placed.get(sentence, ()))


def read_sentences(document: Document, matches: Matches) -> Sentences:
    """Roles and cues of a document's sentences."""
    cues = [frozenset(cue.name for cue in matches.cues.get(i, ())) for i in range(len(document.sentences))]
    numbers = [_DIGIT.search(sentence.lower) is not None for sentence in document.sentences]
    roles = [sentence.category for sentence in document.sentences]
    unknown = [i for i, role in enumerate(roles) if role == UNKNOWN]
    if unknown:
        _infer(roles, unknown, cues, numbers)
    return Sentences(roles, cues, numbers, matches.cues)


def _infer(roles: list[str], unknown: list[int], cues: list[frozenset[str]], numbers: list[bool]) -> None:
    opened = False  # the study itself has begun to speak
    for order, i in enumerate(unknown):
        found = cues[i]
        last = order >= len(unknown) - 2
        if "eligibility" in found and "aim" not in found:
            roles[i] = ELIGIBILITY
        elif "aim" in found and not (opened and last):
            roles[i], opened = OBJECTIVE, True
        elif last and opened and "conclusion" in found:
            roles[i] = CONCLUSIONS
        elif opened and "result" in found:
            roles[i] = RESULTS
        elif "method" in found and ("background" not in found or opened):
            roles[i], opened = METHODS, True
        elif "result" in found and numbers[i]:
            roles[i], opened = RESULTS, True
        elif not opened or "background" in found:
            roles[i] = BACKGROUND


TELLING = (TITLE, OBJECTIVE, METHODS, RESULTS)
SILENT = (BACKGROUND, ELIGIBILITY, ADMINISTRATIVE)
CONCLUDING = (CONCLUSIONS,)
