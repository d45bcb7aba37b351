"""Who did not know which treatment was given, where treatments are compared.

Randomised, sham-controlled or placebo-controlled does not mean blinded; "blinded" without a word on who says nothing.
What background tells of other studies, and masking of those who did a review, earn nothing.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from evidence.record import Record
from evidence.rules import load_rules
from evidence.tagging.statements.comparator import Comparison
from evidence.tagging.statements.statement import MESH, of_sentence
from evidence.tagging.statements.values import NOT_APPLICABLE, NOT_STATED
from evidence.tagging.text.document import Document, Sentence
from evidence.tagging.types import Evidence

FACET = "blinding"
RULES = load_rules(Path(__file__).with_name("blinding.yml"))
SINGLE_BLIND = "single-blind"
_MESH = {"Double-Blind Method": "double", "Single-Blind Method": "single"}
# "Assessors, but not patients, were blinded".
_BUT_NOT = re.compile(r"\b(?:but|and|though) not\b|, not\b")
_ORDER = ("single", "assessor", "open")


def blinding(record: Record, document: Document, comparison: Comparison) -> list[Evidence]:
    """The words of the value, one entry or more; empty where nothing is said or nothing is compared."""
    if not comparison.compared:
        return []
    sentences = comparison.sentences
    if comparison.review:
        return _found("of_trials", "double", document, sentences)
    if double := _found("double", "double", document, sentences):
        return double
    found = {value: _found(value, value, document, sentences) for value in _ORDER}
    if found["single"] and found["assessor"]:
        # Participants and assessors, each in a sentence; or a "single-blind" that says that it is the assessor.
        told = [e for e in found["single"] if e.rule != SINGLE_BLIND]
        return [replace(e, tag="double") for e in (*told, *found["assessor"])] if told else found["assessor"]
    for value in _ORDER:
        if found[value]:
            return found[value]
    return [
        Evidence(FACET, _MESH[heading.heading], MESH, heading.heading, rule=f"MeSH: {heading.heading}")
        for heading in record.mesh
        if heading.heading in _MESH
    ][:1]


def _found(part: str, value: str, document: Document, sentences: list[Sentence]) -> list[Evidence]:
    """The first words of each rule of a part, as evidence of a value."""
    found: list[Evidence] = []
    for rule in RULES.parts[part]:
        for sentence in sentences:
            match = rule.pattern.search(sentence.lower)
            if match and not (value == "double" and _BUT_NOT.search(match.group())):
                found.append(of_sentence(document, sentence).quote(FACET, value, *match.span(), rule.name))
                break
    return found


def value(evidence: list[Evidence], comparison: Comparison) -> str:
    """The facet's value for what was found."""
    if evidence:
        return evidence[0].tag
    return NOT_STATED if comparison.compared else NOT_APPLICABLE
