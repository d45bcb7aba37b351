"""Sentences with their offsets, which of them claim something, their tags and their tone."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from check_desk import project_tagger
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.bibliography.sentences import sentences, split
from evidence.check.draft.hedges import dropped, tone
from evidence.check.draft.sentences import draft_sentences, needs_source
from evidence.check.draft.tags import DraftTagger, tag_sentences
from evidence.check.numbers.numbers import find_numbers
from evidence.check.retrieval.stem import stem


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One ends. Two ends! Three?", ["One ends.", "Two ends!", "Three?"]),
        ("In 2012, Oak et al. saw it. So did Dr. Ash.", ["In 2012, Oak et al. saw it.", "So did Dr. Ash."]),
        ("It fell to 3.5 points. It rose.", ["It fell to 3.5 points.", "It rose."]),
        ("We used the U.S. form, e.g. for pain. Good.", ["We used the U.S. form, e.g. for pain.", "Good."]),
        ("It helped.[3] It lasted.", ["It helped.[3]", "It lasted."]),
        ("First line\nsecond line", ["First line", "second line"]),
        ("هذا آمن. هذا جديد؟ نعم", ["هذا آمن.", "هذا جديد؟", "نعم"]),
        ("", []),
    ],
)
def test_splitting(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_spans_lie_in_the_text_in_order_and_lose_nothing(text: str) -> None:
    spans = split(text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    covered = set().union(*(range(s.start, s.end) for s in spans)) if spans else set()
    assert all(i in covered or text[i].isspace() for i in range(len(text)))


def test_headings_questions_and_invitations_claim_nothing() -> None:
    text = (
        "Fewer Side Effects\n\nIs it safe?\n\nIt reduces pain. To learn more, click here.\n\n• Pumps lower the dose.\n"
    )
    rows = [(s.kind, s.claim) for s in draft_sentences(text)]
    assert rows == [("heading", False), ("heading", False), ("prose", True), ("prose", False), ("item", True)]


def test_nothing_in_a_reference_list_is_a_claim() -> None:
    text = "It helps people.\nOak A. Roots help trees. J Trees. 2019."
    rows = draft_sentences(text, [(17, len(text))])
    assert [s.claim for s in rows] == [True, False, False, False]


def test_lay_words_abbreviations_and_what_was_named_before() -> None:
    text = (
        "Spinal cord stimulation (SCS) is done with implants. SCS eases back pain. It also helps people to sleep.\n\n"
        "Drug pumps lower the dose of opioids.\n\nWhat Else?\n\nThe sessions are short."
    )
    rows = draft_sentences(text)
    tags = tag_sentences(rows, DraftTagger(project_tagger()))
    by_text = {row.text: tag for row, tag in zip(rows, tags, strict=True)}
    assert by_text["SCS eases back pain."].modalities == ["scs"]
    assert "clbp" in by_text["SCS eases back pain."].conditions
    sleep = by_text["It also helps people to sleep."]
    assert (sleep.modalities, sleep.inherited, sleep.outcomes) == (["scs"], ["scs"], ["sleep"])
    pump = by_text["Drug pumps lower the dose of opioids."]
    assert pump.modalities == ["itdd"] and "opioid_use" in pump.outcomes
    assert by_text["The sessions are short."].modalities == []  # a heading starts afresh


def test_tone() -> None:
    said = tone("It may help, and it never fails completely in May 2014.")
    assert said.hedges == ("may",) and said.absolutes == ("never", "completely")
    assert dropped(tone("It is safe."), "It is relatively safe; harm is not uncommon.") == (
        "relatively",
        "not uncommon",
    )
    assert dropped(tone("It may be safe."), "It is relatively safe.") == ()


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("stimulators", "stimul"),
        ("relational", "relat"),
        ("hopping", "hop"),
        ("ponies", "poni"),
        ("as", "as"),
        ("électrode", "électrode"),
    ],
)
def test_stems(word: str, expected: str) -> None:
    assert stem(word) == expected


def test_stems_are_those_of_the_index() -> None:
    """Words must have the stem that SQLite's porter tokenizer gives them, or searches and weights go apart."""
    import sqlite3

    words = "neuromodulation electrodes sensitisation paresthesia randomised generally happiness flying".split()
    db = sqlite3.connect(":memory:")
    db.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='porter unicode61')")
    db.executemany("INSERT INTO t(x) VALUES (?)", [(word,) for word in words])
    db.execute("CREATE VIRTUAL TABLE v USING fts5vocab(t, instance)")
    assert {words[row - 1]: term for term, row in db.execute("SELECT term, doc FROM v")} == {w: stem(w) for w in words}


@pytest.mark.parametrize(
    ("line", "heading"),
    [
        ("High-frequency stimulation is safe.[2]", False), ("It helped most of them. (1)", False),
        ("Burst stimulation helped many.\u00b2", False), ("Alternatives [2]", True), ("Fewer Side Effects", True),
        ("Does It Hurt?", True),
    ],
)  # fmt: skip
def test_a_short_sentence_with_its_citation_is_no_heading(line: str, heading: bool) -> None:
    (found, *_) = draft_sentences(f"{line}\n\nMore is said here.")
    assert (found.kind == "heading") is heading


@pytest.mark.parametrize(
    ("sentence", "needs"),
    [
        ("Women benefit more than men.", True), ("Only 2% of leads break.", True), ("TENS is safe.", True),
        ("The belt has 4 pockets.", False), ("The lecture hall has 120 seats.", False),
        ("The lead lies beside the nerve.", False),
    ],
)  # fmt: skip
def test_what_needs_a_source(sentence: str, needs: bool) -> None:
    assert needs_source(sentence, numbers=bool(find_numbers(sentence))) is needs


def test_a_sentence_that_cites_is_a_claim() -> None:
    said = "Keep the wound dry for 10 days (1)."
    assert not draft_sentences(said)[0].claim and draft_sentences(said, cited=[31])[0].claim


@pytest.mark.parametrize("unit", ["\u00b9", "\u00b9 ", "[1]", "(1) ", " ", "[1, "])
def test_a_short_line_of_marks_is_read_at_once(unit: str) -> None:
    """Raised figures at the end of a heading took a time that doubled with each of them."""
    text = "One\n" + ("Word " + unit * (390 // len(unit)) + "x\n") * 100
    started = time.process_time()
    draft_sentences(text)
    assert time.process_time() - started < 1
