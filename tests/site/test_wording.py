"""Sentences in edge cases: situation → what a page says."""

from __future__ import annotations

from typing import Any

import pytest

from evidence.ledger.reading import DIRECTIONS, FIDELITIES
from evidence.site.wording import counted, quantity

NUMBERS: list[tuple[dict[str, Any], str]] = [
    ({"value": 2012.0, "unit": "year", "what": "publication"}, "2012 (publication)"),
    ({"low": 2012.0, "high": 2016.0, "unit": "year"}, "2012 to 2016"),
    ({"value": 1.0, "unit": "patients", "what": "implanted"}, "1 patient (implanted)"),
    ({"value": 1200.0, "unit": "patients"}, "1,200 patients"),
    ({"value": 47.1, "unit": "%", "what": "had less"}, "47.1% (had less)"),
    ({"low": 1.0, "high": 2.0, "unit": "months"}, "1 to 2 months"),
    ({"value": 0.0, "unit": "patients"}, "0 patients"),
    ({"what": "no figure given"}, "no figure given"),
]


@pytest.mark.parametrize(("number", "words"), NUMBERS)
def test_a_number_of_a_claim(number: dict[str, Any], words: str) -> None:
    assert quantity({"value": None, "low": None, "high": None, "unit": None, "what": None} | number) == words


def test_no_reading_says_that_a_source_was_read() -> None:
    labels = [*FIDELITIES.values(), *DIRECTIONS.values()]
    assert not any("read" in label.split() for label in labels)


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 reports"), (1, "1 report"), (2, "2 reports"), (1234, "1,234 reports")]
)
def test_counts(count: int, words: str) -> None:
    assert counted(count, "report") == words
