"""Anchors cover their patterns: a rule is tried wherever its pattern is found. Texts are drawn from the patterns."""

from __future__ import annotations

import re

import pytest
from expression_samples import samples

from evidence.record import Record, Section
from evidence.tagging.design import flags, rules
from evidence.tagging.design.describe import describe
from evidence.tagging.matching.anchors import Anchors
from evidence.tagging.matching.needed_words import Guarded
from evidence.tagging.sample_size import counts as people
from evidence.tagging.text import document as text

# The anchors of the design rules, looked for in every category of sentence.
EVERYWHERE = rules.OTHER_ANCHORS | flags.ANCHORS | people.ANCHORS
ANCHORS = Anchors(
    title={rule.name: rule.anchors for rule in rules.TITLE_RULES} | EVERYWHERE,
    abstract={rule.name: rule.anchors for rule in rules.TEXT_RULES} | EVERYWHERE,
    placed=people.PLACED,
    left_out={},
)
BESIDE_THE_RULES: dict[str, Guarded | re.Pattern[str]] = {
    "one case": rules.ONE_CASE,
    "databases": rules.DATABASE_SEARCH,
    "selection": rules.STUDY_SELECTION,
    "protocol": rules.PROTOCOL_TEXT,
    "secondary": rules.SECONDARY,
    "discussion": rules.DISCUSSION,
    "controlled": flags._CONTROLLED,
    "healthy controls": flags._HEALTHY_CONTROLS,
}
IN_TITLES = [*((rule.name, rule.pattern) for rule in rules.TITLE_RULES), ("protocol title", rules.PROTOCOL_TITLE)]
IN_SENTENCES = [*((rule.name, rule.pattern) for rule in rules.TEXT_RULES), *BESIDE_THE_RULES.items()]
GUARDED = [
    *(value for value in vars(rules).values() if isinstance(value, Guarded)),
    *(rule.unless for rule in (*rules.TITLE_RULES, *rules.TEXT_RULES) if rule.unless),
]


def printed(pattern: Guarded | re.Pattern[str]) -> str:
    return (pattern.pattern if isinstance(pattern, Guarded) else pattern).pattern


def as_title(drawn: str) -> text.Document:
    part = text.Part(None, drawn, drawn, "", text.TITLE)
    return text.Document(part, [], [text.Sentence(None, 0, len(drawn), text.TITLE, drawn)])


def as_sentence(drawn: str) -> text.Document:
    part = text.Part(0, drawn, drawn, "", text.UNKNOWN)
    return text.Document(as_title("").title, [part], [text.Sentence(0, 0, len(drawn), text.UNKNOWN, drawn)])


def test_titles_are_tried_wherever_a_pattern_is_found() -> None:
    for name, pattern in IN_TITLES:
        drawn = samples(printed(pattern))
        assert drawn, name
        missed = [match.group() for t, match in drawn.items() if name not in ANCHORS.scan(as_title(t)).title]
        assert not missed, (name, missed[:9])


def test_sentences_are_tried_wherever_a_pattern_is_found() -> None:
    for name, pattern in IN_SENTENCES:
        drawn = samples(printed(pattern))
        assert drawn, name
        missed = [match.group() for t, match in drawn.items() if name not in ANCHORS.scan(as_sentence(t)).sentences]
        assert not missed, (name, missed[:9])


def test_a_guarded_pattern_finds_what_the_bare_one_does() -> None:
    for guarded in GUARDED:
        drawn = samples(printed(guarded), 1000)
        assert drawn, printed(guarded)
        missed = [match.group() for t, match in drawn.items() if not guarded.search(t)]
        assert not missed, (printed(guarded), missed[:9])


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
