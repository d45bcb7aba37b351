"""The text layer: sentences, offsets, categories, bad input. All texts are invented."""

from __future__ import annotations

import time

import pytest

from evidence.record import Record, Section
from evidence.tagging.text import document as text


def read(*sections: str | Section, title: str = "") -> text.Document:
    parts = [s if isinstance(s, Section) else Section(s) for s in sections]
    return text.read(Record(source="test", title=title, abstract=parts))


def printed(document: text.Document) -> list[str]:
    return [document.text(sentence) for sentence in document.sentences]


def test_sentences_end_at_full_stops_not_at_abbreviations_or_decimals():
    document = read(
        "Leads were placed at T9 vs. T10 (e.g. Smith et al. 2001). Pain fell by 2.5 points. Was it safe? Yes."
    )
    assert printed(document) == [
        "Leads were placed at T9 vs. T10 (e.g. Smith et al. 2001).",
        "Pain fell by 2.5 points.",
        "Was it safe?",
        "Yes.",
    ]


def test_offsets_are_code_points_of_the_text_as_received():
    document = read("Schmerz – “stark”. Größe ≥ 5 µg; \U0001d6fc wave. Danach besser.")
    section = document.sections[0]
    assert len(section.lower) == len(section.text)
    for sentence in document.sentences:
        assert section.lower[sentence.start : sentence.end] == sentence.lower
    assert document.sentences[0].lower == 'schmerz - "stark".'


@pytest.mark.parametrize(
    "received", ["İstanbul’da ağrı", "a <i>sham</i> arm &lt;5 &amp; more", "x\u00a0y\u2009z", "ﬁbre ǅ ß"]
)
def test_plain_lower_keeps_the_length(received: str):
    assert len(text.plain_lower(received)) == len(received)


def test_categories_come_from_nlm_then_the_label_then_headings_in_the_text():
    document = read(
        Section("Pain is common.", "WHY", "BACKGROUND"),
        Section("We implanted ten leads.", "Patients and Methods"),
        Section("AIM: To try. METHODS We tried. RESULTS: It worked. CONCLUSIONS: Try more."),
    )
    assert [s.category for s in document.sentences] == [
        "background", "methods", "objective", "methods", "results", "conclusions",
    ]  # fmt: skip


def test_a_background_section_becomes_the_study_where_it_says_so():
    document = read("BACKGROUND: Pain is common. In this study we compared two leads. Leads were programmed.")
    assert [s.category for s in document.sentences] == ["background", "objective", "objective"]


def test_a_heading_without_a_blank_before_it_starts_a_sentence():
    assert printed(read("The cause is unknown.METHODS: We looked."))[1] == "METHODS: We looked."


def test_headings_may_stand_in_brackets():
    document = read("[Purpose] To test a lead. [Results] Pain fell by half. [A lead] was lost.")
    assert [s.category for s in document.abstract_sentences] == ["objective", "results", "results"]


def test_a_colon_in_a_sentence_is_no_heading():
    document = read("RESULTS: It worked. The method that we had used in every one of them: patience.")
    assert document.sentences[-1].category == "results"


def test_eligibility_of_a_registration_is_apart():
    document = read("Purpose: To test leads. Inclusion Criteria: adults. Prior stimulation is allowed.")
    assert [s.category for s in document.sentences] == ["objective", "eligibility", "eligibility"]


def test_an_empty_record_has_no_sentences():
    document = read()
    assert document.sentences == [] and document.sections == [] and not document.truncated


@pytest.mark.parametrize("unit", ["word ", "A. ", "(", "\n", "no. ", "疼痛。", "a&b<i>"])
def test_a_megabyte_is_cut_said_so_and_quick(unit: str):
    huge = unit * (1_000_000 // len(unit))
    start = time.process_time()
    document = read(huge, huge)
    assert time.process_time() - start < 1.0
    assert document.truncated
    assert sum(len(section.text) for section in document.sections) <= text.MAX_CHARACTERS


def test_other_scripts_are_split_at_their_full_stop():
    assert len(read("脊髓电刺激有效。疼痛减轻。").sentences) == 2
