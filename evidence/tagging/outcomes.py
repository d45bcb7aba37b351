"""Was an outcome measured, planned or reported, or only hoped for? (guideline, Outcomes)

As for modalities: facts by name, weights of ``weights.json``, shown as the rule.
"""

from __future__ import annotations

from collections import defaultdict

from evidence.tagging.automaton import ABBREVIATION, MEASURE, PATTERN
from evidence.tagging.matching import Hit
from evidence.tagging.roles import Sentences
from evidence.tagging.text import BACKGROUND, CONCLUSIONS, ELIGIBILITY, METHODS, OBJECTIVE, RESULTS, TITLE, UNKNOWN, Document

STRONG = frozenset({MEASURE, ABBREVIATION})
HOPE_REACH = 70


def features(tag: str, hits: list[Hit], document: Document, sentences: Sentences) -> dict[str, float]:
    """The facts about one outcome of a record, by name; absent is 0."""
    facts: dict[str, float] = defaultdict(float)
    facts[f"tag {tag}"] = 1
    hoped = 0
    for hit in hits:
        role, cues = sentences.roles[hit.sentence], sentences.cues[hit.sentence]
        strength = "measure" if hit.kind in STRONG else "pattern" if hit.kind == PATTERN else "term"
        if hit.part is not None and role not in (METHODS, RESULTS) and sentences.before(hit.sentence, hit.start, "hope", HOPE_REACH):
            hoped += 1
            facts["hoped for"] = 1
            continue
        if "purpose" in cues and sentences.near(hit.sentence, hit.start, hit.end, "purpose", 0):
            facts["as a purpose"] = 1
            continue
        facts[f"{strength} in {role}"] = 1
        if role not in (BACKGROUND, ELIGIBILITY, TITLE):
            if "result" in cues and sentences.numbers[hit.sentence]:
                facts["beside a number"] = 1
            if "method" in cues:
                facts["beside measuring"] = 1
            if "result" in cues:
                facts["beside a finding"] = 1
    facts["only hoped for"] = hoped == len(hits)
    facts["several sentences"] = min(len({h.sentence for h in hits}), 4) / 4
    facts["in several parts"] = min(len({sentences.roles[h.sentence] for h in hits} - {BACKGROUND}), 3) / 3
    return {name: float(value) for name, value in facts.items() if value}
