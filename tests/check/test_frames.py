"""A number matches only in its role: of the same arm, time point, measure, population and end of a change.

Every sentence here is invented. Each case: what a source and a draft say, and what is found for the number named.
"""
# ruff: noqa: E501 - a case stands on one line

from __future__ import annotations

import pytest

from evidence.check.numbers.alignment import line_up, source_numbers
from evidence.check.numbers.frames import read_frames
from evidence.check.numbers.numbers import find_numbers

ARMS = "At 3 months success was reached by 82.1% with ganglion stimulation and by 54.8% with cord stimulation."
LATER = "At 12 months the proportions were 66% and 8%."
EARLY = "At 3 months, 74% of the stimulation group were responders, against 9% of the medical care group."
FLOW = "Of 231 adults screened, 204 were randomised and 91 received an implant."
MEAN = "Mean pain relief was 71%, and 84% of participants were responders."
EVENTS = "Lead migration occurred in 7.4%, hardware failure in 9.8% and infection in 3.6%."
CHANGE = "Mean pain fell from 7.4 to 3.1 points at 6 months."
FORMS = "In episodic headache 47% of attacks ended. In the chronic form it was 5%."
BOUND = "The response rate was 40% (95% CI 28 to 52)."

OTHER_ROLE = [
    ("arms swapped", [ARMS], "Success was 54.8% with ganglion stimulation.", "54.8%"),
    ("arms swapped, both named", [ARMS], "It was 54.8% with ganglion and 82.1% with cord stimulation.", "82.1%"),
    ("the other group", [EARLY], "Responders were 9% of the stimulation group.", "9%"),
    ("another time point", [EARLY, LATER], "At twelve months 74% of the stimulation group were responders.", "74%"),
    ("weeks for months", ["At 6 months 76% were responders."], "Six weeks later 76% were responders.", "76%"),
    ("screened for treated", [FLOW], "In all 231 adults were treated.", "231 adults"),
    ("screened for randomised", [FLOW], "The trial randomised 231 adults.", "231 adults"),
    ("responders for the mean", [MEAN], "Their mean pain relief was 84%.", "84%"),
    ("the mean for responders", [MEAN], "In this study 71% of participants were responders.", "71%"),
    ("another event", [EVENTS], "Infection was seen in 7.4% and migration in 3.6%.", "7.4%"),
    ("before for after", [CHANGE], "Pain fell from 3.1 to 7.4 points.", "7.4 points"),
    ("another form", FORMS.split(". "), "In the chronic form 47% of attacks ended.", "47%"),
    ("places", ["Recurrence in stage one and stage two was 49% and 20%, respectively."],
     "Recurrence in stage one and stage two was 20% and 49%, respectively.", "20%"),
    ("a bound for the estimate", [BOUND], "The response rate was 28.", "28"),
]  # fmt: skip

MATCH = [
    ("the arm by its name", [ARMS], "Success was 82.1% with ganglion stimulation.", "82.1%"),
    ("both arms in the other order", [ARMS], "It was 54.8% with cord and 82.1% with ganglion stimulation.", "54.8%"),
    ("no arm named", [ARMS], "After three months the treatment succeeded in 82.1%.", "82.1%"),
    ("an arm by another word", [ARMS], "In 54.8% of the control patients it succeeded.", "54.8%"),
    ("the right time point", [EARLY, LATER], "At twelve months 66% of the stimulation group were responders.", "66%"),
    ("no time named", [EARLY], "Of those stimulated 74% were responders.", "74%"),
    ("the same time in another unit", ["At 6 months 76% were responders."], "Half a year on, 76% responded.", "76%"),
    ("randomised people took part", [FLOW], "In this trial 204 people took part.", "204 people"),
    ("randomised people were treated", ["We randomised 52 patients to burst or placebo."],
     "In all 52 patients were treated.", "52 patients"),
    ("responders", [MEAN], "In this study 84% of participants were responders.", "84%"),
    ("the mean", [MEAN], "Pain relief averaged 71%.", "71%"),
    ("an event by a near word", [EVENTS], "Leads migrated in 7.4% and there was infection in 3.6%.", "3.6%"),
    ("both ends", [CHANGE], "Pain dropped from 7.4 to 3.1 points.", "3.1 points"),
    ("the right form", FORMS.split(". "), "In episodic headache 47% of attacks ended.", "47%"),
    ("the estimate", [BOUND], "The response rate was 40%.", "40%"),
]  # fmt: skip


def found(source: list[str], draft: str, words: str) -> str:
    sources = source_numbers("source", [("", sentence) for sentence in source])
    return next(one for one in line_up(draft, find_numbers(draft), sources) if one.number.text == words).finding


@pytest.mark.parametrize(
    ("kind", "source", "draft", "words"), OTHER_ROLE, ids=lambda v: v if isinstance(v, str) else ""
)
def test_another_role(kind: str, source: list[str], draft: str, words: str) -> None:
    assert found(source, draft, words) in ("other-role", "differs"), kind


@pytest.mark.parametrize(("kind", "source", "draft", "words"), MATCH, ids=[case[0] for case in MATCH])
def test_the_same_role(kind: str, source: list[str], draft: str, words: str) -> None:
    assert found(source, draft, words) == "match", kind


def test_both_sides_are_told_in_words() -> None:
    sources = source_numbers("source", [("", MEAN)])
    draft = "Their mean pain relief was 84%."
    (one,) = line_up(draft, find_numbers(draft), sources)
    assert one.finding == "other-role" and one.why[0].part == "measure"
    assert "mean pain relief" in one.why[0].draft and "responders" in one.why[0].source
    assert one.meant is not None and one.meant.number.text == "71%"


@pytest.mark.parametrize(
    ("sentence", "own"),
    [
        (ARMS, [{"ganglion", "stimul"}, {"cord", "stimul"}]),
        (EVENTS, [{"lead", "migrat", "occur"}, {"hardwar", "failur"}, {"infect"}]),
        ("It was higher in the burst group (82%) than in the tonic group (54%).", [{"burst", "group"}, {"tonic", "group"}]),
    ],
)  # fmt: skip
def test_which_words_are_said_of_which_number(sentence: str, own: list[set[str]]) -> None:
    numbers = find_numbers(sentence)
    frames = [f for n, f in zip(numbers, read_frames(sentence, numbers), strict=True) if n.unit == "%"]
    assert [set(frame.own) for frame in frames] == own


@pytest.mark.parametrize(
    ("source", "draft", "words", "finding"),
    [
        # A short form that the abstract defines is its long form.
        (["An implanted defibrillator (ID) was compared with drugs.", "Patients had an ID (n = 311) or drugs (n = 342)."],
         "311 patients got an implanted defibrillator.", "311 patients", "match"),
        (["An implanted defibrillator (ID) was compared with drugs.", "Patients had an ID (n = 311) or drugs (n = 342)."],
         "342 patients got an implanted defibrillator.", "342 patients", "other-role"),
        # Two arms named, then their numbers.
        (["More active vs. sham patients were free of it (n = 19 [61%] vs. n = 7 [33%])."],
         "With active treatment 33% were free of it.", "33%", "other-role"),
        # The time point of the sentence before still holds.
        (["At 6 months patients felt better.", "They were free of it in 61%."], "At 12 months 61% were free of it.", "61%",
         "other-role"),
        (["At 6 months patients felt better.", "They were free of it in 61%."], "At 6 months 61% were free of it.", "61%",
         "match"),
        # Withdrawals of two groups.
        (["Withdrawals occurred in 8 patients of the drug group and in 4 patients of the pacing group."],
         "Four patients withdrew from the drug group.", "Four patients", "other-role"),
        (["Morbidity (5.1%) and mortality (2.5%) did not differ."], "5.1% of them died.", "5.1%", "other-role"),
    ],
)  # fmt: skip
def test_roles_in_other_abstracts(source: list[str], draft: str, words: str, finding: str) -> None:
    assert found(source, draft, words) == finding
