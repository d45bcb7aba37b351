"""iCite's papers, in the shapes that were recorded over the years."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evidence.http import Fault
from evidence.sources import icite

ANSWERS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "sources" / "icite.json").read_text(encoding="utf-8")
)


def read(name: str, *pmids: str) -> dict[str, Any]:
    return icite.read(json.dumps(ANSWERS[name]).encode(), [f"pmid:{pmid}" for pmid in pmids])


def test_answers_in_another_order_are_matched_by_pmid() -> None:
    found = read("pubs_fl_order", "31461780", "22882545", "20050301", "1")
    assert [found[f"pmid:{pmid}"]["relative_citation_ratio"] for pmid in ("31461780", "22882545")] == [0.16, 1.46]
    assert "pmid:1" not in found


def test_both_recorded_shapes() -> None:
    old, new = (
        read("pubs_2024_shape", "23456789")["pmid:23456789"],
        read("pubs_2025_shape", "32162448")["pmid:32162448"],
    )
    assert (old["citation_count"], icite.truth(old["provisional"]), icite.pmids(old["cited_by"])) == (46, False, [])
    assert (new["citation_count"], icite.truth(new["provisional"])) == (17, False)
    assert icite.pmids(new["references"]) == ["30500064", "27595380", "25940831"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([1, "2", 3], ["1", "2", "3"]), ("1 2", ["1", "2"]), ("1,2;3", ["1", "2", "3"]), ("", []), (None, []),
        ([None, True, "x", 0, -4, 1.5, {}], []), ({"1": 2020}, []), (["0123"], []),
    ],
)  # fmt: skip
def test_lists_of_pmids_as_they_come(value: Any, expected: list[str]) -> None:
    assert icite.pmids(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(1, 1.0), ("2.5", 2.5), (None, None), ("", None), (True, None), ("x", None), (-1, None)]
)
def test_figures(value: Any, expected: float | None) -> None:
    assert icite.number(value) == expected


@pytest.mark.parametrize("body", [b"{}", b'{"data": {}}', b'{"data": [1]}', b'{"data": [{"title": "x"}]}'])
def test_an_answer_of_another_shape_is_a_fault(body: bytes) -> None:
    with pytest.raises(Fault):
        icite.read(body, ["pmid:1"])


def test_an_answer_about_others_is_a_fault_and_an_empty_one_is_not() -> None:
    with pytest.raises(Fault):
        icite.read(b'{"data": [{"pmid": 2}]}', ["pmid:1"])
    assert icite.read(b'{"data": []}', ["pmid:1"]) == {}


def test_two_hundred_go_together_by_pmid_alone() -> None:
    assert icite.subject(["10.5555/a"], None) is None and icite.subject([], "12") == "pmid:12"
    subjects = [f"pmid:{n}" for n in range(1, 302)]
    assert [len(batch) for batch in icite.batches(subjects)] == [200, 101]
    assert icite.request(subjects[:2]).query == {"pmids": "1,2"}
