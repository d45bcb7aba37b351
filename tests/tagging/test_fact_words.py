"""Facts in words: what people read as the reason for a tag."""

from __future__ import annotations

import pytest

from evidence.tagging import Tagger
from evidence.tagging.facets.fact_words import _WORDS, in_words, is_so
from evidence.tagging.facets.modality import CHILD_VETOES
from evidence.tagging.facets.weights import Weights, load_weights


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


SO = [
    # fact, facts → whether its words may be said
    ("several sentences", {"several sentences": 0.2, "title": 1}, False),
    ("several sentences", {"several sentences": 0.25}, False),
    ("several sentences", {"several sentences": 0.4}, True),
    ("several sentences", {"several sentences": 0.5}, True),
    ("several sentences", {"several sentences": 0.4, "title": 1, "title only": 1}, False),
    ("named often", {"named often": 2 / 6}, False),
    ("named often", {"named often": 3 / 8}, True),
    ("in several parts", {"in several parts": 1 / 3}, False),
    ("in several parts", {"in several parts": 2 / 3}, True),
    ("share of sentences", {"share of sentences": 1.0, "several sentences": 0.2, "title": 1}, False),
    ("share of sentences", {"share of sentences": 0.5, "several sentences": 0.4, "title": 1}, False),
    ("share of sentences", {"share of sentences": 0.8, "several sentences": 0.8, "title": 1}, True),
    ("share of sentences", {"share of sentences": 0.4, "several sentences": 0.4}, True),
    ("title", {"title": 1}, True),
    ("near a number of a plan", {"near a number of a plan": 0.5}, True),
]


@pytest.mark.parametrize(("fact", "facts", "so"), SO)
def test_a_share_is_said_only_from_where_it_is_so(fact: str, facts: dict[str, float], so: bool) -> None:
    assert is_so(fact, facts) is so


TITLES = (
    "Spinal cord stimulation for chronic low back pain: opioid use and quality of life. A randomised trial",
    "TENS. Or not TENS? TENS for neuropathic pain",
    "Dorsal root ganglion stimulation, spinal cord stimulation and intrathecal morphine for chronic pain",
)


@pytest.mark.parametrize("title", TITLES)
def test_a_title_alone_is_never_said_to_have_sentences_or_an_abstract(tagger: Tagger, make_record, title: str) -> None:  # type: ignore[no-untyped-def]
    tags = tagger.tag(make_record(title, ""))
    rules = [*tags.modalities.values(), *tags.outcomes.values(), *tags.conditions.values()]
    rules += tags.modalities_mentioned.values()
    assert any("named in the title" in rule for rule in rules)
    for words in ("sentence", "abstract", "often", "several", "title names none"):
        assert not any(words in rule for rule in rules), rules


def test_what_several_sentences_say_is_still_told(tagger: Tagger, make_record) -> None:  # type: ignore[no-untyped-def]
    text = "Nobody had needles. " + "".join(f"Spinal cord stimulation ran by {time}. " for time in ("day", "night"))
    rule = tagger.tag(make_record("Spinal cord stimulation at home", text)).modalities["scs"]
    assert "much of the abstract" in rule or "several sentences" in rule or "named often" in rule
