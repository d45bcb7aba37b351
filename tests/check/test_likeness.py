"""Likeness of a sentence and a report: parts of names, near words, and what a missing word is worth."""

from __future__ import annotations

from check_desk import make_check_library

from evidence.check.evidence import Words
from evidence.check.retrieval.likeness import count_words, likeness, name_start, relatives, with_parts
from evidence.check.retrieval.ranking import tokens


def rarity(token: str) -> float:
    return 1.0


def alike(sentence: str, *reports: str) -> list[float]:
    counted = [count_words((), tokens(report)) for report in reports]
    return likeness(tokens(sentence), rarity, counted)


def test_a_name_of_letters_and_figures_counts_also_by_its_parts() -> None:
    assert with_parts(["oct4", "pain", "1"]) == ["oct4", "oct", "pain", "1"]
    assert [name_start(word) for word in ("oct3", "nlrp3", "il6", "pain", "3t3", "10")] == [
        "oct",
        "nlrp",
        "",
        "",
        "",
        "",
    ]


def test_a_name_written_otherwise_is_found() -> None:
    joined, other = alike("IL-6 falls", "Levels of IL6 dropped", "Levels of TNF dropped")
    assert joined > other


def test_a_near_word_counts_for_a_missing_one_but_less_than_the_word() -> None:
    same, near, none = alike("seizures stop", "a seizure here", "an epilepsy here", "a garden here")
    assert same > near > none


def test_relatives_are_nearest_first_and_words_without_company_have_none() -> None:
    found = relatives("seizur")
    assert found and [nearness for _, nearness in found] == sorted((n for _, n in found), reverse=True)
    assert all(0.5 <= nearness <= 1 for _, nearness in found)
    assert relatives("no such word") == ()


def test_the_title_weighs_more_than_the_abstract_and_a_long_report_less() -> None:
    padding = tuple(f"word{n}" for n in range(200))
    headed, named, long = likeness(
        ["pain"],
        rarity,
        [count_words(("pain",), ("x", "y")), count_words(("x",), ("pain", "y")), count_words((), ("pain", *padding))],
    )
    assert headed > named > long


def test_nothing_to_compare() -> None:
    assert likeness([], rarity, [count_words((), ())]) == [0.0]
    assert likeness(["pain"], rarity, []) == []


def test_a_search_finds_words_by_their_beginning() -> None:
    library = make_check_library(None)
    assert {hit.report for hit in library.sharing_words(["random*"], 5)} >= {"90000002"}
    assert library.sharing_words(["rando"], 5) == []


def test_a_common_word_with_a_footnote_is_no_name() -> None:
    library = make_check_library(None)
    assert Words(library, 5).rarest("random1") == ["random*"]
    library.document_frequency = lambda token: 5_000  # type: ignore[method-assign]
    assert Words(library, 5_000).rarest("random1") == ["random1"]
