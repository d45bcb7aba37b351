"""The language of terms, and what is refused."""

from __future__ import annotations

import pytest

from evidence.tagging.matching.patterns import compile_pattern
from evidence.tagging.matching.terms import expand


@pytest.mark.parametrize(
    ("term", "spellings"),
    [
        ("Spinal Cord Stimulation", {"spinal cord stimulation"}),
        ("post-operative pain", {"post operative pain", "postoperative pain"}),
        ("(dorsal|posterior) column", {"dorsal column", "posterior column"}),
        ("pain (score|)", {"pain score", "pain"}),
        ("paraesthesia", {"paraesthesia", "paresthesia"}),
        ("paresthesia", {"paraesthesia", "paresthesia"}),
        ("randomised", {"randomised", "randomized"}),
        ("ischemic leg", {"ischemic leg", "ischaemic leg"}),
        ("neuropathy", {"neuropathy", "neuropathies"}),
        ("stimulat*", {"stimulat*"}),
    ],
)
def test_a_term_stands_for_its_spellings(term: str, spellings: set[str]) -> None:
    assert set(expand(term)) == spellings


@pytest.mark.parametrize("term", ["stimul* cord", "(a|b", "pain)", "", "(x|y)(", "***"])
def test_what_is_not_a_phrase_is_refused(term: str) -> None:
    with pytest.raises(ValueError):
        expand(term)


def test_too_many_spellings_are_refused() -> None:
    many = "(" + "|".join(f"word{i}" for i in range(40)) + ")"
    with pytest.raises(ValueError, match="several terms"):
        expand(f"{many} {many}")


@pytest.mark.parametrize(
    "pattern",
    [r"(\w+ )+pain", r"(a*)*b", r"(?:x+)+", r"(\w+)\1", r"(", r"\w*", r"\w+\W+\w+\W+\w+\W+\w+", r"((ab)+c)*d"],
)
def test_patterns_that_could_run_for_ever_are_refused(pattern: str) -> None:
    with pytest.raises(ValueError):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", ["-related", "low-back pain", r"(?:self-)care", "x|y-z"])
def test_a_pattern_that_could_never_match_is_refused(pattern: str) -> None:
    """The text has blanks for hyphens."""
    with pytest.raises(ValueError, match="never match"):
        compile_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    [
        r"low[- ]back",
        r"pain[^.;]{0,25}\breduc\w+",
        r"(?: \w+){0,3} pump",
        r"\b\d\d ?%[^.]{0,20}relief(?! of)",
        r"(?:[^.;]|\.\d){0,60}\bmorphine",
    ],
)
def test_bounded_patterns_are_allowed(pattern: str) -> None:
    assert compile_pattern(pattern).pattern == pattern
