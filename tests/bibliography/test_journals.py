"""Two names of one journal, and two journals with like names."""

from __future__ import annotations

import pytest

from evidence.bibliography.journals import may_be_same_journal, same_journal

ONE = (
    ("Reg Anesth Pain Med", "Regional anesthesia and pain medicine"),
    ("The Journal of Pain", "J Pain"),
    ("Pain medicine (Malden, Mass.)", "Pain Med"),
    ("Presse medicale (Paris, France : 1983)", "Presse Med"),
    ("N Engl J Med", "NEJM"),
    ("Neuromodulation : journal of the International Neuromodulation Society", "Neuromodulation"),
    ("Lancet (London, England)", "Lancet"),
)
TWO = (
    ("Pain", "Pain Med"),
    ("Pain", "Pain medicine (Malden, Mass.)"),
    ("Pain Pract", "Pain Physician"),
    ("Neurosurgery", "J Neurosurg"),
    ("Spine", "Spine J"),
)


@pytest.mark.parametrize(("left", "right"), ONE)
def test_one_journal(left: str, right: str) -> None:
    assert same_journal(left, right) and same_journal(right, left)
    assert may_be_same_journal(left, right) and may_be_same_journal(right, left)


@pytest.mark.parametrize(("left", "right"), TWO)
def test_two_journals(left: str, right: str) -> None:
    assert not same_journal(left, right) and not same_journal(right, left)


def test_nothing_is_said_of_a_name_that_is_missing_or_of_proceedings() -> None:
    assert may_be_same_journal("", "Pain") is None
    assert may_be_same_journal("Proceedings of the 3rd Congress of Pain", "Invented J") is None
    assert not same_journal("", "Pain")
