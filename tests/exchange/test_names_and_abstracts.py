"""Author lists and abstracts that came as one text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.bibliography.headings import category_of
from evidence.exchange.abstracts import split_abstract
from evidence.exchange.names import author_of, authors_of


@pytest.mark.parametrize(
    ("text", "family", "name"),
    [
        ("Deer TR", "Deer", "Deer TR"),
        ("Deer T.R.", "Deer", "Deer TR"),
        ("Deer T R", "Deer", "Deer TR"),
        ("Deer, Timothy R.", "Deer", "Deer TR"),
        ("Deer, T. R.", "Deer", "Deer TR"),
        ("Deer, TR", "Deer", "Deer TR"),
        ("Timothy R. Deer", "Deer", "Deer TR"),
        ("van Kleef M", "van Kleef", "van Kleef M"),
        ("Maarten van Kleef", "van Kleef", "van Kleef M"),
        ("Lefaucheur J-P", "Lefaucheur", "Lefaucheur JP"),
        ("Lefaucheur, Jean-Pascal", "Lefaucheur", "Lefaucheur JP"),
        ("Smith, Jr., John", "Smith", "Smith J"),
        ("Smith, John, Jr.", "Smith", "Smith J"),
        ("Al-Kaisy A", "Al-Kaisy", "Al-Kaisy A"),
        ("O'Brien, Ó.", "O'Brien", "O'Brien Ó"),
        ("Plato", "Plato", "Plato"),
    ],
)
def test_one_name(text: str, family: str, name: str) -> None:
    author = author_of(text)
    assert author is not None and (author.family, author.name) == (family, name)


@pytest.mark.parametrize("text", ["PROMISE Study Group", "The Neuromodulation Therapy Access Coalition and Committee"])
def test_groups(text: str) -> None:
    author = author_of(text)
    assert author is not None and author.collective == text


@pytest.mark.parametrize("text", ["", " ", "et al.", "Anonymous"])
def test_nobody(text: str) -> None:
    assert author_of(text) is None


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Deer TR and Mekhail N and Provenzano D", ["Deer TR", "Mekhail N", "Provenzano D"]),
        ("Zuna, R E and Wang, S S", ["Zuna RE", "Wang SS"]),
        ("Deer TR; Mekhail N;", ["Deer TR", "Mekhail N"]),
        ("Deer, T.R., Mekhail, N.", ["Deer TR", "Mekhail N"]),
        ("Deer TR, Mekhail N, Provenzano D.", ["Deer TR", "Mekhail N", "Provenzano D"]),
        ("Deer, Timothy R.", ["Deer TR"]),
        ("Deer, Timothy R.; Mekhail, Nagy", ["Deer TR", "Mekhail N"]),
        ("Deer TR, Mekhail N and Provenzano D", ["Deer TR", "Mekhail N", "Provenzano D"]),
        ("Deer TR|Mekhail N", ["Deer TR", "Mekhail N"]),
        ("Deer TR, et al.", ["Deer TR"]),
        ("", []),
    ],
)
def test_lists_of_names(text: str, names: list[str]) -> None:
    assert [author.name for author in authors_of(text)] == names


def test_capital_labels() -> None:
    text = "BACKGROUND AND AIMS: Why. METHODS: How (n = 3): so. RESULTS: What. TRIAL REGISTRATION: NCT00000001."
    assert [(s.label, s.text, s.category) for s in split_abstract(text)] == [
        ("BACKGROUND AND AIMS", "Why.", "OBJECTIVE"),
        ("METHODS", "How (n = 3): so.", "METHODS"),
        ("RESULTS", "What.", "RESULTS"),
        ("TRIAL REGISTRATION", "NCT00000001.", "UNASSIGNED"),
    ]


def test_labels_in_title_case_need_company() -> None:
    assert [s.label for s in split_abstract("Objective: Why. Methods: How. Results: What.")] == [
        "Objective",
        "Methods",
        "Results",
    ]
    alone = "We asked. Results: nothing came of it."
    assert [s.text for s in split_abstract(alone)] == [alone]


@pytest.mark.parametrize(
    "text",
    [
        "The ratio was 3: 4 in TENS: a device. It stopped.",
        "Two arms were compared: sham and real. Nobody knew.",
        "No colon here.",
        "see https://example.org/x: there",
        "DTM: a waveform. SCS: a method.",
    ],
)
def test_running_text_is_left_whole(text: str) -> None:
    assert [(s.text, s.label) for s in split_abstract(text)] == [(text, "")]


def test_text_before_the_first_label_is_kept() -> None:
    sections = split_abstract("A preface. METHODS: How. RESULTS: What.")
    assert [(s.label, s.text) for s in sections] == [("", "A preface."), ("METHODS", "How."), ("RESULTS", "What.")]


def test_an_empty_abstract_has_no_section() -> None:
    assert split_abstract(" ") == []


@pytest.mark.parametrize(
    ("label", "category"),
    [("Aims", "OBJECTIVE"), ("MATERIALS AND METHODS", "METHODS"), ("Materials & Methods", "METHODS"),
     ("Authors’ Conclusions", "CONCLUSIONS"), ("Main Outcome Measures", "METHODS"), ("Methods/Results", "METHODS"),
     ("PURPOSE AND HYPOTHESIS", "OBJECTIVE"), ("Whatever", ""), ("Pain and Results", "")],
)  # fmt: skip
def test_categories(label: str, category: str) -> None:
    assert category_of(label) == category


@given(st.text(alphabet="ABCmethodsRESULTS: .\n,()3", max_size=200))
def test_no_word_is_ever_lost(text: str) -> None:
    sections = split_abstract(text)
    joined = " ".join(f"{s.label}: {s.text}" if s.label else s.text for s in sections)
    assert joined.replace(" ", "").replace("\n", "") == text.replace(" ", "").replace("\n", "")
