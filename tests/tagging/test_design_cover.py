"""A rule is tried wherever it can match: texts are drawn from every pattern, and the sieve finds each."""

from __future__ import annotations

import re

import pytest
from expression_samples import samples

from evidence.record import Record, Section
from evidence.rules import Rule
from evidence.tagging.design import rules
from evidence.tagging.design.describe import SIEVE, describe
from evidence.tagging.matching.prefilter import Prefilter, Sieve, without_look_around
from evidence.tagging.sample_size import counts as people
from evidence.tagging.sample_size.cues import CUES
from evidence.tagging.text import document as text

TITLES = {rule.label: rule.pattern for rule in rules.TITLE_RULES}
SENTENCES = {rule.label: rule.pattern for rule in rules.TEXT_RULES}
BESIDE = {rule.name: rule.pattern for rule in (*rules.SIGNS.values(), *rules.MARKS.values())} | people.PATTERNS
# Looked for in every category of sentence.
EVERYWHERE = Sieve(title=TITLES | BESIDE, abstract=SENTENCES | BESIDE, left_out={})


def as_title(drawn: str) -> text.Document:
    part = text.Part(None, drawn, drawn, "", text.TITLE)
    return text.Document(part, [], [text.Sentence(None, 0, len(drawn), text.TITLE, drawn)])


def as_sentence(drawn: str) -> text.Document:
    part = text.Part(0, drawn, drawn, "", text.UNKNOWN)
    return text.Document(as_title("").title, [part], [text.Sentence(0, 0, len(drawn), text.UNKNOWN, drawn)])


@pytest.mark.parametrize("name", (TITLES | BESIDE).keys())
def test_titles_are_tried_wherever_a_pattern_is_found(name: str) -> None:
    drawn = samples((TITLES | BESIDE)[name].pattern, 1500)
    assert drawn
    assert [match.group() for t, match in drawn.items() if name not in EVERYWHERE.scan(as_title(t)).title] == []


@pytest.mark.parametrize("name", (SENTENCES | BESIDE).keys())
def test_sentences_are_tried_wherever_a_pattern_is_found(name: str) -> None:
    drawn = samples((SENTENCES | BESIDE)[name].pattern, 1500)
    assert drawn
    assert [match.group() for t, match in drawn.items() if name not in EVERYWHERE.scan(as_sentence(t)).sentences] == []


@pytest.mark.parametrize("cue", CUES, ids=lambda cue: cue.name)
def test_cues_are_tried_wherever_a_pattern_is_found(cue: Rule) -> None:
    prefilter = Prefilter([re.compile("nowhere to be found"), cue.pattern])
    drawn = samples(cue.pattern.pattern, 1500)
    assert drawn
    assert [match.group() for t, match in drawn.items() if 1 not in prefilter.which(t)] == []


def test_a_prefilter_is_one() -> None:
    prefilter = Prefilter([re.compile(r"\bmarkov\b(?! chains)"), re.compile("VAS", re.IGNORECASE)])
    assert list(prefilter.which("a markov model of cost")) == [0]
    assert list(prefilter.which("pain by vas")) == [1]
    assert list(prefilter.which("pain fell by half")) == []


@pytest.mark.parametrize(
    ("pattern", "kept"),
    [
        (r"(?<!non-)blind(?:ed)?(?! (?:review|date)s?)\b", r"blind(?:ed)?\b"),
        (r"[(?=](?![)])x", "[(?=]x"),
        (r"\(?!x", r"\(?!x"),
        (r"(?:(?!trials|studies)\S+ ){0,4}?to", r"(?:\S+ ){0,4}?to"),
    ],
)
def test_without_look_around(pattern: str, kept: str) -> None:
    assert without_look_around(pattern) == kept


def test_groups_are_left_out_where_they_say_nothing() -> None:
    eligible = text.Sentence(0, 0, 40, text.ELIGIBILITY, "patients were randomised to sham or burst")
    document = as_sentence(eligible.lower)
    document.sentences[:] = [eligible]
    assert "text: allocated at random" not in SIEVE.scan(document).sentences
    assert "text: allocated at random" in SIEVE.scan(as_sentence(eligible.lower)).sentences


def test_every_alternative_is_drawn() -> None:
    drawn = {match.group() for match in samples(r"\b(?:medical|case) (?:notes|files?)\b|\baudit(?! of)").values()}
    assert drawn == {"medical notes", "medical file", "medical files", "case notes", "case file", "case files", "audit"}


ONE_TOWN = "Spinal cord stimulation for back pain in one town"
TOLD = [
    ("The medical notes of all patients were gone through. Relief lasted in 22 of 50 patients.", "retrospective"),
    ("Hospital notes of 40 patients gave what was spent.", "retrospective"),
    ("Case files of all patients were gone through. Relief lasted in 22 of 50 patients.", "retrospective"),
    ("Patient files were gone through: relief lasted in 22 of 50 patients.", "retrospective"),
    ("The records of 40 patients were audited.", "retrospective"),
    ("We analysed the implantations of 40 patients.", "retrospective"),
    ("Our guideline says who should have a stimulator. Grades are given.", "guideline"),
    ("Our new practice guide says who should have a stimulator.", "guideline"),
    ("A task force was convened to say who should have a stimulator.", "guideline"),
    ("PubMed and Embase were searched. Of 400 hits 17 papers were selected.", "systematic_review"),
    ("A literature search gave 400 hits in PubMed. In the end 17 RCTs were selected.", "systematic_review"),
    # A study that only names its files or its guideline stays what it is.
    ("Forty patients were randomised to stimulation or sham. Case files were kept; our guideline was followed.", "rct"),
    ("This trial followed our guideline. Forty patients were randomised to stimulation or sham.", "rct"),
    ("In this prospective trial 40 patients had stimulation. Case files were kept for two years.", "prospective"),
    ("In this prospective study 40 patients had stimulation. Costs are from hospital notes.", "prospective"),
    ("In this prospective study 40 patients took part. Medical records were reviewed for costs.", "retrospective"),
    ("We report a case of a man with back pain. Our guideline was made for him.", "case_report"),
    ("Healthy volunteers were stimulated. Our guideline sets the current.", "experimental_human"),
    ("Rats were implanted under anaesthesia. Our guideline sets the current.", "animal"),
    ("Semi-structured interviews were held with nurses about our guideline.", "qualitative"),
    ("Patients were treated by our guideline. Pain fell.", None),
    ("The sham group developed headaches. Pain fell.", None),
    ("A control group was formed. Pain fell.", None),
]  # fmt: skip


@pytest.mark.parametrize(("abstract", "design"), TOLD)
def test_words_that_no_anchor_had(abstract: str, design: str | None) -> None:
    record = Record(source="test", title=ONE_TOWN, abstract=[Section(abstract)])
    assert describe(record, text.read(record)).design == design
