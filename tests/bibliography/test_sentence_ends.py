"""Abbreviations that end no sentence: the same for drafts and for abstracts. All texts are invented."""

from __future__ import annotations

import pytest

from evidence.bibliography.sentences import breaks, sentences


def of_abstract(text: str) -> list[str]:
    found, start = [], 0
    for end, following in breaks(text):
        if text[start:end]:
            found.append(text[start:end])
        start = following
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Leads by Birch & Co. Oslo were used",
        "Tonic versus. Burst was the question",
        "It began in Sept. 2019 in Oslo",
        "It lasted until Jan. 2020 at least",
        "Two groups, viz. A and others",
        "See no. 12 of the series",
        "See Figs. 2 and 3",
        "Version ver. 3 was used",
        "On pp. 12 to 14 it is told",
        "As in Ash et al. 2001 it fell",
        "A Ph.D. Student asked",
    ],
)
def test_no_sentence_ends_there(text: str) -> None:
    assert sentences(f"{text}. It held.") == of_abstract(f"{text}. It held.") == [f"{text}.", "It held."]


@pytest.mark.parametrize(
    "first", ["Did it help? No.", "Pain may fall in May.", "It went from A to pp.", "It was level V."]
)
def test_a_sentence_ends_there(first: str) -> None:
    *_, last = of_abstract(f"{first} Others rose.")
    assert last == "Others rose."


def test_a_draft_ends_a_sentence_at_its_line_and_an_abstract_does_not() -> None:
    text = "Pain fell\nby half. It held."
    assert sentences(text) == ["Pain fell", "by half.", "It held."]
    assert of_abstract(text) == ["Pain fell\nby half.", "It held."]
