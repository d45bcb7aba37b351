"""The numbers of a sentence, and a draft's numbers beside its source's."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import pytest

from evidence.check.numbers.alignment import line_up, source_numbers
from evidence.check.numbers.numbers import find_numbers
from evidence.check.numbers.short_forms import _DEFINED


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They saw 11 failed back surgery patients.", [("11 failed back surgery patients", 11, "patients", "n")]),
        ("A series (n = 23) of cases.", [("23", 23, "patients", "n")]),
        ("Six hundred and fourteen people took part.", [("Six hundred and fourteen people", 614, "patients", "n")]),
        ("It lasts about 30 minutes.", [("30 minutes", 30, "minutes", "duration")]),
        ("It lasts half an hour.", [("half an hour", 30, "minutes", "duration")]),
        ("Followed for 24 months.", [("24 months", 24, "months", "followup")]),
        ("A 40% fall in opioid use.", [("40%", 40, "%", "change")]),
        ("Use fell by 40 per cent.", [("40 per cent", 40, "%", "change")]),
        ("In 61% of patients it helped.", [("61%", 61, "%", "percent")]),
        ("Responders were 80.1%.", [("80.1%", 80.1, "%", "responder")]),
        ("They had at least 50% relief.", [("50%", 50, "%", "threshold")]),
        ("Twice a week.", [("Twice a week", 2, "per week", "frequency")]),
        ("At 10 kHz and 20 mg.", [("10 kHz", 10, "kHz", "dose"), ("20 mg", 20, "mg", "dose")]),
        ("Ten needles, 39 sites, 12 trials.", [("Ten needles", 10, "electrodes", "count"), ("39 sites", 39, "sites",
        "sites"),
                                               ("12 trials", 12, "trials", "studies")]),
        ("Since 2016.", [("2016", 2016, "year", "year")]),
        ("15 of 110 answered.", [("15", 15, "patients", "n_part"), ("110", 110, "patients", "n_part")]),
        ("Sessions of 30 and 45 minutes.", [("30", 30, "minutes", "duration"), ("45 minutes", 45, "minutes",
        "duration")]),
        ("Four in five were content.", [("Four in five", 80, "%", "percent")]),
        ("Changed by -10.6 points.", [("-10.6 points", -10.6, "points", "change")]),
    ],
)  # fmt: skip
def test_value_unit_and_role(text: str, expected: list[tuple[str, float, str, str]]) -> None:
    assert [(n.text, n.value, n.unit, n.role) for n in find_numbers(text)] == expected


@pytest.mark.parametrize(
    "text",
    ["People with type 2 diabetes.", "As shown before [3].", "The leads lay at L4-L5.",
    "COVID-19 came.",
     "See Figure 2 and Table 1.", "doi 10.1000/182", "One of them left."],
)  # fmt: skip
def test_numbers_that_only_name_something_are_left_out(text: str) -> None:
    assert find_numbers(text) == []


def test_offsets_and_ranges() -> None:
    text = "Most people need 3–4 sessions over 10 to 12 weeks."
    sessions, weeks = find_numbers(text)
    assert text[sessions.start : sessions.end] == "3–4 sessions" and (sessions.low, sessions.high) == (3, 4)
    assert (weeks.low, weeks.high, weeks.unit) == (10, 12, "weeks")


@pytest.mark.parametrize(
    ("draft", "source", "finding"),
    [
        ("We saw 80% respond.", "Responders were 80.1%.", "match"),
        ("We saw 80% respond.", "Responders were 80.9%.", "differs"),
        ("About 8,500 patients.", "There were 8,497 patients.", "match"),
        ("Exactly 8,500 patients.", "There were 8,497 patients.", "differs"),
        ("Followed for two years.", "Follow-up was 24 months.", "match"),
        ("Followed for 3 months.", "Follow-up was 12 weeks.", "match"),
        ("More than 80% of people responded.", "80.1% of people responded.", "match"),
        ("Up to 40 Hz.", "Pulses at 2 kHz.", "differs"),
        ("It cost 900 dollars.", "There were 12 patients.", "absent"),
        ("A visit lasts 30 minutes.", "Follow-up was 12 months.", "absent"),
        ("Sessions were 3-4 in all, 3-4 sessions.", "Nine sessions were given.", "differs"),
    ],
)
def test_rounding_units_and_roles(draft: str, source: str, finding: str) -> None:
    lined = line_up(draft, find_numbers(draft), source_numbers("r", [("results", source)]))
    assert lined[-1].finding == finding
    assert (lined[-1].source is None) == (finding == "absent")


def test_the_number_of_the_same_thing_is_chosen() -> None:
    sources = source_numbers("r", [("results", "Infection was seen in 3.8% and migration in 5.6% of patients.")])
    draft = "Migration was seen in 9% of patients."
    (lined,) = line_up(draft, find_numbers(draft), sources)
    assert lined.source is not None and lined.source.number.text == "5.6%"


def test_the_invented_sets_are_paired_right() -> None:
    """At least 95% of the numbers, as docs/accuracy/numbers.md says."""
    path = Path(__file__).resolve().parents[2] / "benchmarks" / "number_pairs.py"
    spec = importlib.util.spec_from_file_location("number_pairs", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name in module.SETS.values():
        right, total, _ = module.score(name)
        assert right / total >= 0.95, name


@pytest.mark.parametrize(
    ("text", "printed", "value", "dimension"),
    [
        ("Stimulation tripled the odds.", "tripled", 3, "fold"), ("a threefold rise", "threefold", 3, "fold"),
        ("They were twice as likely to stop.", "twice as", 2, "fold"),
        ("It fell by a factor of four.", "four", 4, "fold"),
        ("Infection came in 1 in 25 patients.", "1 in 25", 4, "percent"),
        ("One in forty had one.", "One in forty", 2.5, "percent"),
        ("Every third patient had one.", "Every third patient", 100 / 3, "percent"),
        ("More than half had relief.", "half", 50, "percent"), ("It was cut in half.", "in half", 50, "percent"),
        ("at week 12 it was low", "week 12", 12, "time"), ("half a year later", "half a year", 6, "time"),
        ("after a year and a half", "a year and a half", 1.5, "time"),
        ("A week later, a year after it", "A week", 1, "time"),
        ("6.1 days per month", "6.1 days per month", 6.1, "rate"), ("9 attacks a week", "9 attacks a week", 9, "rate"),
        ("The count was 3.2 \u00d7 10\u00b3.", "3.2 \u00d7 10\u00b3", 3200, "plain"),
        ("95% CI -2.1 to -0.9", "-2.1 to -0.9", -1.5, "plain"), ("eight of the eleven patients", "eight", 8, "people"),
        ("45/68 patients completed it.", "45", 45, "people"), ("It was so (p = 0.03).", "0.03", 0.03, "p"),
    ],
)  # fmt: skip
def test_what_people_write(text: str, printed: str, value: float, dimension: str) -> None:
    found = {n.text: n for n in find_numbers(text)}
    assert printed in found, list(found)
    assert found[printed].value == pytest.approx(value) and found[printed].dimension == dimension


@pytest.mark.parametrize(
    "text",
    ["A double-blind trial.", "It was open 24/7.", "The 4/5 rule.", "one in 12 centres", "Tell one in 2019.",
     "Half an hour of it is enough, a half-hearted one."],
)  # fmt: skip
def test_what_is_no_share_and_no_factor(text: str) -> None:
    assert not [n for n in find_numbers(text) if n.dimension in ("fold", "percent", "people")]


@pytest.mark.parametrize(
    ("draft", "source", "findings"),
    [
        ("It was better by 21.9 percentage points.", "Responders were more (difference 21.9%).", ["match"]),
        ("It was better by 12.9 percentage points.", "It was better by 21.9 percentage points.", ["differs"]),
        ("Pain fell by 1.5 points more (0.9 to 2.1).", "Pain fell more (difference -1.5, 95% CI -2.1 to -0.9).",
         ["match", "match"]),
        ("The odds tripled.", "The odds doubled (OR 2.0).", ["differs"]),
        ("The odds doubled.", "The odds were higher (OR 2.0).", ["match"]),
        ("It beat sham (p = 0.03).", "It beat sham (p = 0.003).", ["differs"]),
        ("It beat sham (p < 0.05).", "It beat sham (p = 0.003).", ["match"]),
        ("Eight of them had relief.", "Eight of the eleven patients had relief.", ["match"]),
        ("Infection struck 1 in 25.", "Infection occurred in 4% of patients.", ["match"]),
        ("Sham helped 40%.", "Relief was seen in 62% with stimulation and in 30% with sham.", ["differs"]),
    ],
)  # fmt: skip
def test_forms_beside_a_source(draft: str, source: str, findings: list[str]) -> None:
    lined = line_up(draft, find_numbers(draft), source_numbers("s", [("", source)]))
    assert [one.finding for one in lined] == findings
    if draft.startswith("Sham"):
        assert lined[0].source is not None and lined[0].source.number.text == "30%"


@pytest.mark.parametrize("unit", ["7-", "a-b-", "a ", "(A", "a"])
def test_what_defines_no_short_form_is_passed_at_once(unit: str) -> None:
    """Hyphens that were both in a word and between two made sixty characters take a third of a second."""
    started = time.process_time()
    assert not list(_DEFINED.finditer(unit * (2_000 // len(unit))))
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Relief had 57,1 % of the patients.", [57.1]),
        ("The score sank from 7,0 to 4,4.", [7.0, 4.4]),
        ("It held 6,5 hours.", [6.5]),
        ("A dose of 2,5 mg.", [2.5]),
        ("It cost 9,219 pounds.", [9219.0]),
        ("Of 1,177 patients 221 came back.", [1177.0, 221.0]),
        ("Levels of 1,2 and 3 were used.", [1.0, 2.0, 3.0]),
        ("It was seen at 3, 6 and 12 months.", [3.0, 6.0, 12.0]),
    ],
)
def test_decimal_commas_and_other_commas(text: str, values: list[float]) -> None:
    assert [number.value for number in find_numbers(text)] == values
    assert all(text[number.start : number.end] == number.text for number in find_numbers(text))
