"""Cited sources: what is read, and every complaint with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.cited_sources import load_sources
from evidence.errors import InputError

GOOD = """review_note: one reader
sources:
  oak2019:
    cited_as: "Oak A. Roots. J Trees. 2019;1:2-9."
    authors: [Oak A, Ash B]
    year: 2019
    pmid: "00123"
    doi: https://doi.org/10.1234/ABC
    confirmed: false
    n: 12
    facts: [Twelve trees were measured.]
    numbers:
      - {value: 12, unit: trees, role: n, what: measured}
      - {low: 3, high: 4, unit: weeks, role: followup}
    reviewed_on: 2026-11-20
"""


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "sources.yml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_source_as_printed(tmp_path: Path) -> None:
    (source,) = load_sources(write(tmp_path, GOOD))
    assert (source.id, source.year, source.n, source.confirmed) == ("oak2019", 2019, 12, False)
    assert (source.pmid, source.doi) == ("123", "10.1234/abc")
    assert source.first_author == "Oak A"
    assert [(n.value, n.low, n.high, n.role) for n in source.numbers] == [
        (12, None, None, "n"),
        (None, 3, 4, "followup"),
    ]
    assert source.noted_on == "2026-11-20"


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("    year: 2019", "    yeer: 2019", 6, "unknown key 'yeer'"),
        ('    cited_as: "Oak A. Roots. J Trees. 2019;1:2-9."', '    title: "Roots"', 3, "'cited_as' is missing"),
        ('    pmid: "00123"', "    pmid: unknown", 7, "is not a PMID"),
        ("    doi: https://doi.org/10.1234/ABC", "    doi: 12345", 8, "is not a DOI"),
        ("    confirmed: false", "    confirmed: perhaps", 9, "must be true or false"),
        ("    n: 12", "    n: twelve", 10, "must be a whole number"),
        ("role: n,", "role: size,", 13, "role 'size' is not one of"),
        ("{low: 3, high: 4,", "{low: 3,", 14, "needs 'value', or 'low' and 'high'"),
        ("reviewed_on: 2026-11-20", "reviewed_on: last week", 15, "is not a date"),
        ("    authors: [Oak A, Ash B]", "    kind: rumour", 5, "kind 'rumour' is not one of"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        load_sources(write(tmp_path, GOOD.replace(old, new)))
    assert caught.value.line == line and reason in caught.value.reason


def test_the_projects_own_sources(root: Path) -> None:
    sources = {source.id: source for source in load_sources(root / "queries" / "sources.yml")}
    assert len(sources) == 31
    assert not sources["deer2016"].confirmed and sources["deer2014"].confirmed
    assert all(source.noted_on for source in sources.values())
    assert all(source.facts for source in sources.values() if source.numbers)
