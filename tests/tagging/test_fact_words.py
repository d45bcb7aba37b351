"""Facts in words: what people read as the reason for a tag."""

from __future__ import annotations

import pytest

from evidence.tagging import Tagger
from evidence.tagging.fact_words import _WORDS, in_words
from evidence.tagging.studied import CHILD_VETOES
from evidence.tagging.weights import Weights, load_weights


def test_every_fact_has_words() -> None:
    facts = {fact for weights in load_weights().values() for fact in weights.facts} | set(CHILD_VETOES)
    without = {fact for fact in facts if not fact.startswith("tag ") and in_words(fact) == fact and fact not in _WORDS}
    assert len(facts) > 100 and not without


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("measure in results", "named as a measure in the results"),
        ("pattern in objective of a plan", "told in the objectives"),
        ("term in unknown of an essay", "named in a part without a heading"),
        ("in eligibility", "named in the criteria of eligibility"),
        ("near a finding of an essay", "beside a finding"),
        ("tag mood", ""),
    ],
)
def test_a_fact_in_words(fact: str, words: str) -> None:
    assert in_words(fact) == words


def test_a_reason_names_the_weightiest_facts_once_and_never_the_tag_itself() -> None:
    weights = Weights(
        0.0, {"tag mood": 9, "near a finding": 2, "near a finding of a plan": 3, "title": 1, "hoped for": -4}
    )
    found = dict.fromkeys(weights.facts, 1.0)
    assert weights.reason(found, True) == "beside a finding; named in the title"
    assert weights.reason(found, False) == "hoped for"
    assert weights.reason({"tag mood": 1.0}, True) == "phrase"


def test_rules_are_told_in_words(tagger: Tagger, make_record) -> None:  # type: ignore[no-untyped-def]
    tags = tagger.tag(
        make_record("Spinal cord stimulation for back pain: a trial", "RESULTS: Pain scores fell by 40%.")
    )
    assert "named in the title" in tags.modalities["scs"]
    assert "named as a measure in the results" in tags.outcomes["pain_intensity"]
