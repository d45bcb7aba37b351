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


# A number that reports something, not a reference or a dose: "12%", "p < 0.05", "n = 8", "42 of 53", "26 patients".
_REPORTED = re.compile(
    r"\d ?%|\bp ?[<=>]|\bn ?= ?\d|\d\.\d|\u00b1|\+/-|\d of (?:the )?\d|"
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|all|most|both|none) (?:of (?:the )?)?"
    r"(?:\w+ )?(?:patients?|subjects?|participants?|cases|women|men|children)\b"
)
_P_VALUE = re.compile(r"\bp ?[<=>] ?0?\.\d")
SENTENCES_OF_A_PLAN = 2
SEGMENTS_OF_A_STRUCTURED_ABSTRACT = 4


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


def read_sentences(document: Document, matches: Matches, planned: bool = False) -> Sentences:
    """Roles and cues of a document's sentences; ``planned`` says that it is a protocol or a registration."""
    cues = [frozenset(cue.name for cue in matches.cues.get(i, ())) for i in range(len(document.sentences))]
    numbers = [_REPORTED.search(sentence.lower) is not None for sentence in document.sentences]
    roles = [sentence.category for sentence in document.sentences]
    unknown = [i for i, role in enumerate(roles) if role == UNKNOWN]
    if unknown and not _by_position(roles, unknown, document, cues):
        if planned or _is_plan(document, cues):
            _infer_plan(roles, unknown, cues)
        else:
            _infer(roles, unknown, cues, numbers)
    for i, role in enumerate(roles):  # "BACKGROUND: ... We aimed to ..."
        if role == BACKGROUND and "aim" in cues[i] and "known" not in cues[i]:
            roles[i] = OBJECTIVE
    return Sentences(roles, cues, numbers, matches.cues)


def _by_position(roles: list[str], unknown: list[int], document: Document, cues: list[frozenset[str]]) -> bool:
    """Sections exported without labels, joined by ";": the order of a structured abstract tells what they are."""
    segment, segments = 0, []
    for i in unknown:
        segments.append(segment)
        text = document.text(document.sentences[i])
        segment += text.endswith(".;") or text.endswith("?;")
    if segment < SEGMENTS_OF_A_STRUCTURED_ABSTRACT - 1:
        return False
    for i, position in zip(unknown, segments, strict=True):
        if position == segment:
            roles[i] = CONCLUSIONS
        elif position == segment - 1:
            roles[i] = RESULTS
        elif position:
            roles[i] = METHODS
        else:
            roles[i] = OBJECTIVE if "aim" in cues[i] else BACKGROUND if "background" in cues[i] else OBJECTIVE
    return True


def _is_plan(document: Document, cues: list[frozenset[str]]) -> bool:
    """Whether a record speaks of a study that is still to be done: nothing in it can be a result."""
    return sum("plan" in found for found in cues) >= SENTENCES_OF_A_PLAN and not _P_VALUE.search(document.lower)


def _infer_plan(roles: list[str], unknown: list[int], cues: list[frozenset[str]]) -> None:
    for i in unknown:
        found = cues[i]
        if "aim" in found and "known" not in found:
            roles[i] = OBJECTIVE
        elif "eligibility" in found:
            roles[i] = ELIGIBILITY
        elif "plan" in found or ("method" in found and "known" not in found):
            roles[i] = METHODS
        elif "result" in found or "background" in found or "known" in found:
            roles[i] = BACKGROUND


def _infer(roles: list[str], unknown: list[int], cues: list[frozenset[str]], numbers: list[bool]) -> None:
    opened = False  # the study itself has begun to speak
    for order, i in enumerate(unknown):
        found = cues[i]
        last = order >= len(unknown) - 2
        if "case" in found:
            roles[i], opened = RESULTS, True
        elif "eligibility" in found and "aim" not in found:
            roles[i] = ELIGIBILITY
        elif "aim" in found and not (opened and last):
            roles[i], opened = OBJECTIVE, True
        elif last and opened and "conclusion" in found:
            roles[i] = CONCLUSIONS
        elif "known" in found and not numbers[i]:
            roles[i] = BACKGROUND
        elif opened and ("result" in found or numbers[i]):
            roles[i] = RESULTS if "result" in found else METHODS if "method" in found else RESULTS
        elif "method" in found and ("background" not in found or opened):
            roles[i], opened = METHODS, True
        elif "result" in found and numbers[i]:
            roles[i], opened = RESULTS, True
        elif numbers[i] and "known" not in found:
            roles[i], opened = METHODS, True
        elif not opened or "background" in found:
            roles[i] = BACKGROUND
    if not opened:  # nothing says where the study begins: a short report or an essay
        for i in unknown:
            roles[i] = UNKNOWN if roles[i] == BACKGROUND and "known" not in cues[i] else roles[i]

