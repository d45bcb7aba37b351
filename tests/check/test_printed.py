"""Words of arms as their sentences print them."""

from __future__ import annotations

import pytest

from evidence.check.numbers.alignment import line_up, source_numbers
from evidence.check.numbers.numbers import find_numbers
from evidence.check.numbers.printed import as_printed
from evidence.check.retrieval.ranking import tokens


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("stimulation", "Relief came in 40% with stimulation."),
        ("Stimulation", "Stimulation relieved 40%."),
        ("migraine episodic", "Of those with migraine that was episodic, 40% responded."),
        ("complications", "There were complications in 12%."),
    ],
)
def test_stems_are_shown_as_words(words: str, sentence: str) -> None:
    stems = " ".join(token for word in words.split() for token in tokens(word))
    assert as_printed(stems, sentence) == words


@pytest.mark.parametrize("said", ["the sham group", "sham", "dorsal root ganglion", ""])
def test_what_a_sentence_prints_stays(said: str) -> None:
    assert as_printed(said, "In the sham group of dorsal root ganglion stimulation 12% responded.") == said


def test_a_stem_without_a_word_in_the_sentence_stays() -> None:
    assert as_printed("stimul", "In 12% nothing happened.") == "stimul"


def test_messages_of_arms_have_words_of_their_sentences() -> None:
    text = "Infections occurred in 4% and migrations in 11% of patients."
    draft = "Infections occurred in 11% of patients."
    (one,) = line_up(draft, find_numbers(draft), source_numbers("r", [("", text)]))
    assert one.finding == "other-role"
    for why in one.why:
        assert all(word.lower() in draft.lower() for word in why.draft.split())
        assert all(word.lower() in text.lower() for word in why.source.split())
        assert why.source in ("", "migrations")
