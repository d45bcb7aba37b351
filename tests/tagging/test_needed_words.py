"""Words that an expression needs, and that looking for them first changes nothing it finds."""

from __future__ import annotations

import re

import pytest

from evidence.tagging.design import rules
from evidence.tagging.matching.needed_words import Guarded, begins, endings, needed_words
from evidence.tagging.matching.rule import rule
from evidence.tagging.sample_size.cues import CUES

# Invented sentences, in the manner of abstracts, of which many expressions match some.
SENTENCES = (
    "we randomly assigned 40 patients to sham (n = 20) or stimulation in a double-blind, placebo-controlled trial.",
    "this randomised crossover trial enrolled a total of 12 healthy volunteers; 3 of 12 participants withdrew.",
    "medline and embase were searched, and 14 trials met the inclusion criteria of this systematic review.",
    "a 54-year-old woman with phantom pain was treated; we report a case and review the literature.",
    "the charts of 61 consecutive patients were reviewed retrospectively, and data were extracted by two of us.",
    "this article discusses what is known, and the authors summarise current concepts and areas covered.",
    "respondents answered a postal questionnaire, and semi-structured interviews were held with 9 nurses.",
    "twenty-two male sprague-dawley rats were anesthetized and studied in vitro, p < 0.05.",
    "participants will be randomized in this study protocol; 60 adults with back pain will be recruited.",
    "a markov model of cost-effectiveness was built from claims data of 300 patients (41%) per group.",
)


@pytest.mark.parametrize(
    ("pattern", "words"),
    [
        (r"\bcost (?:model|study)\b", {"cost model", "cost study"}),
        (r"randomi[sz]ed", {"randomised", "randomized"}),
        (r"\b(?:the )?sham\b", {"sham"}),
        (r"\w+ (?:of|from) \d+ patients", {" patients"}),
        (r"(?:double|triple)-blind\b[^.;]{0,60}\bplacebo", {"double-blind", "triple-blind"}),
        (r"\w+(?:\d|trial)", set()),  # a digit or the word: no word is needed
        (r"a", set()),  # one letter is in every text
        (r"(?:trial)?\d", set()),
        (r"(?:trial){2}", {"trial"}),
    ],
)  # fmt: skip
def test_the_words_of_an_expression(pattern: str, words: set[str]) -> None:
    assert {word.strip() for word in needed_words(pattern)} == {word.strip() for word in words}


def test_words_that_are_known_to_be_there_tell_nothing() -> None:
    pattern = r"\b(?:previous|earlier) (?:\w+ ){0,3}randomi[sz]ed"
    assert needed_words(pattern) == {"randomised", "randomized"}
    assert needed_words(pattern, ("randomised ", "randomized ")) == {"previous ", "earlier "}
    guarded = Guarded(pattern, known=("randomised", "randomized"))
    assert guarded.search("an earlier randomised trial") and not guarded.search("a randomised trial")


@pytest.mark.parametrize(
    ("pattern", "ends"),
    [
        (r"\b(?:seen|found) (?:in|by) (?:the )?$", {" in ", " by ", " in the ", " by the "}),
        (r"\bfound in $|\ba total of $", {"found in ", "a total of "}),
        (r"\b(?:found|seen) in|of $", set()),  # one of the two may end anywhere
        (r"\b(?:seen|found) (?:\w+ )?$", set()),  # in any word
        (r"\bfound", set()),
    ],
)
def test_the_ends_of_an_expression(pattern: str, ends: set[str]) -> None:
    told = endings(pattern)
    assert bool(told) == bool(ends) and all(any(end.endswith(t) or t.endswith(end) for t in told) for end in ends)


def test_expressions_that_begin_the_text() -> None:
    assert begins(r"^a|^b") and begins(r"^(?:a|b)")
    assert not begins(r"^a|b") and not begins(r"a") and not begins("")


def test_no_match_of_a_cue_lacks_its_end_or_begins_elsewhere() -> None:
    matched = 0
    for cue in CUES:
        ends = endings(cue.printed)
        for sentence in SENTENCES:
            for at in range(len(sentence)):
                if re.search(cue.printed, sentence[:at]):
                    matched += 1
                    assert not ends or sentence[:at].endswith(tuple(ends)), (cue.name, sentence[:at])
    assert matched > 60


def expressions() -> list[str]:
    tables = [*rules.TITLE_RULES, *rules.TEXT_RULES]
    guarded = [value.pattern.pattern for value in vars(rules).values() if isinstance(value, Guarded)]
    stops = [one.unless.pattern.pattern for one in tables if one.unless]
    return [*(one.pattern.pattern for one in tables), *stops, *guarded, *(cue.printed for cue in CUES)]


def test_no_match_lacks_its_words() -> None:
    matched = 0
    for pattern in expressions():
        words = needed_words(pattern)
        for sentence in SENTENCES:
            if re.search(pattern, sentence):
                matched += 1
                assert not words or any(word in sentence for word in words), (pattern, sentence)
    assert matched > 60


def test_a_guarded_expression_finds_the_same() -> None:
    guarded = Guarded(r"\b(?:open|single)[- ](?:label|arm)\b")
    for text in ("an open-label study", "the single arm", "an open question", "nothing"):
        found, plain = guarded.search(text), guarded.pattern.search(text)
        assert (found and found.span()) == (plain and plain.span())


def test_a_rule_without_words_must_be_given_anchors() -> None:
    with pytest.raises(ValueError, match="give it anchors"):
        rule("rct", "a name", r"\w+\d")
    assert rule("rct", "a name", r"\w+\d", anchors="trial|study @").anchors == ("trial", "study ")
