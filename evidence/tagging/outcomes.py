"""Was an outcome measured, planned or reported, or only hoped for? (guideline, Outcomes)

As for modalities: facts by name, weights of ``weights.json``, shown as the rule.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterator

from evidence.tagging.automaton import ABBREVIATION, MEASURE, PATTERN
from evidence.tagging.matching import Hit
from evidence.tagging.roles import Sentences
from evidence.tagging.text import BACKGROUND, ELIGIBILITY, METHODS, OBJECTIVE, RESULTS, TITLE, Document

STRONG = frozenset({MEASURE, ABBREVIATION})
HOPE_REACH = 70
NEAR = 55  # characters between an outcome and the word that says what was done with it
FAR = 300  # anywhere before it in the sentence
TOLD = frozenset({METHODS, RESULTS})
QUIET = frozenset({BACKGROUND, ELIGIBILITY, TITLE})
_DIGIT = re.compile(r"\d")


def features(tag: str, hits: list[Hit], document: Document, sentences: Sentences) -> dict[str, float]:
    """The facts about one outcome of a record, by name; absent is 0."""
    facts: dict[str, float] = defaultdict(float)
    facts[f"tag {tag}"] = 1
    counted = 0
    for hit in hits:
        excuse = _excuse(hit, sentences)
        if excuse:
            facts[excuse] = 1
            continue
        counted += 1
        role, cues = sentences.roles[hit.sentence], sentences.cues[hit.sentence]
        strength = "measure" if hit.kind in STRONG else "pattern" if hit.kind == PATTERN else "term"
        facts[f"{strength} in {role}"] = 1
        if role not in QUIET:
            for cue, fact in (("method", "measuring"), ("result", "a finding")):
                if cue in cues:
                    near = sentences.near(hit.sentence, hit.start, hit.end, cue, NEAR)
                    facts[f"{'near' if near else 'with'} {fact}"] = 1
            if _number_near(hit, document):
                facts["near a number"] = 1
            if "predictor" in cues:
                facts["as a predictor"] = 1
            for fact in _of_aims(hit, role, cues, sentences):
                facts[fact] = 1
    facts["nothing but excuses"] = not counted
    facts["several sentences"] = min(len({h.sentence for h in hits}), 4) / 4
    facts["in several parts"] = min(len({sentences.roles[h.sentence] for h in hits} - QUIET), 3) / 3
    return {name: float(value) for name, value in facts.items() if value}


def _of_aims(hit: Hit, role: str, cues: Container[str], sentences: Sentences) -> Iterator[str]:
    """Whether a sentence aims at an outcome, or only tells what is known about it."""
    if role == OBJECTIVE:
        if "aim" not in cues:
            yield "beside no aim"
        elif sentences.before(hit.sentence, hit.start, "aim", FAR):
            yield "after an aim"
    if role in TOLD and "known" in cues:
        yield "told as known"
    if sentences.near(hit.sentence, hit.start, hit.end, "versus", 30):
        yield "effect on it"


def _excuse(hit: Hit, sentences: Sentences) -> str:
    """Why a hit says nothing of what was measured: hoped for, a purpose, or the result of an earlier treatment."""
    if hit.part is None:
        return ""
    role = sentences.roles[hit.sentence]
    aimed = role == OBJECTIVE and "aim" in sentences.cues[hit.sentence]
    if role not in TOLD and not aimed and sentences.before(hit.sentence, hit.start, "hope", HOPE_REACH):
        return "hoped for"
    if hit.kind not in STRONG and not (aimed and hit.kind == PATTERN):
        if sentences.before(hit.sentence, hit.start, "lead", 1):
            return "as a purpose"
        if "purpose" in sentences.cues[hit.sentence] and sentences.near(hit.sentence, hit.start, hit.end, "purpose", 0):
            return "as a purpose"
    if role != RESULTS and hit.kind not in STRONG and sentences.near(hit.sentence, hit.start, hit.end, "prior", 40):
        return "of an earlier treatment"
    return ""


def _number_near(hit: Hit, document: Document) -> bool:
    lower = document.part(hit.part).lower
    return _DIGIT.search(lower, max(0, hit.start - 25), hit.end + 45) is not None
