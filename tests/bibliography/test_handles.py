"""Handles of sentences: the same for the same words in the same place, another for anything else."""

from __future__ import annotations

import pytest

from evidence.bibliography.handles import HANDLE, handle, quoted, same_words, sentences_of

SECTIONS = ["We treated 40 people. None left.", "Pain fell from 7.4 to 3.1. Two leads moved."]


def test_every_sentence_has_a_handle_of_its_own() -> None:
    found = sentences_of("123", "Roots and pain", SECTIONS)
    assert [(s.place, s.text) for s in found] == [
        ("t.1", "Roots and pain"), ("0.1", "We treated 40 people."), ("0.2", "None left."),
        ("1.1", "Pain fell from 7.4 to 3.1."), ("1.2", "Two leads moved."),
    ]  # fmt: skip
    assert len({s.handle for s in found}) == len(found)
    assert all(HANDLE.fullmatch(s.handle) for s in found)
    assert found == sentences_of("123", "Roots and pain", SECTIONS)


@pytest.mark.parametrize(
    ("report", "place", "text"),
    [("124", "1.1", "Two leads moved."), ("123", "1.2", "Two leads moved."), ("123", "1.1", "Three leads moved.")],
)
def test_another_report_place_or_word_is_another_handle(report: str, place: str, text: str) -> None:
    assert handle(report, place, text) != handle("123", "1.1", "Two leads moved.")


def test_blanks_and_signs_make_no_other_handle() -> None:
    assert handle("1", "0.1", "It\u2019s  \u201cgood\u201d \u2013 so") == handle("1", "0.1", 'It\'s "good" - so')


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("It says “Two leads moved.” {}.", "Two leads moved."),
        ('It says "Two leads moved" ({}).', "Two leads moved"),
        ("{}: “Two leads moved.”", "Two leads moved."),
        ("Two leads moved {}", ""),
        ("“Another thing.” was said. Then {}", ""),
    ],
)
def test_the_words_quoted_beside_a_handle(line: str, words: str) -> None:
    name = handle("10.5555/a(1)".replace("(1)", ""), "1.2", "Two leads moved.")
    (found,) = quoted(line.format(name))
    assert (found.handle, found.report, found.place, found.words) == (name, "10.5555/a", "1.2", words)


@pytest.mark.parametrize(
    "text", ["1/1.1~abc", "1/1.1~0123456789abc", "1/1~0123456789ab", "/1.1~0123456789ab", "1/x.1~0123456789ab"]
)
def test_what_is_no_handle(text: str) -> None:
    assert not list(quoted(text))


def test_one_word_more_or_less_is_told() -> None:
    assert same_words("Two leads moved", "Two  leads moved.")
    assert not same_words("Two leads moved", "Two leads had moved.")
    assert not same_words("two leads moved", "Two leads moved.")
