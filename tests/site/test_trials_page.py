"""The page of registered trials, and what a study's page says of its registration."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from evidence.site.wording import SPONSOR_CLASSES

Get = Callable[..., httpx.Response]


def test_states_are_counted_and_filter(get: Get) -> None:
    data = get("/trials.json").json()
    assert data["total"] == 5 and {one["id"]: one["trials"] for one in data["states"]} == {
        "to_come": 1, "under_way": 1, "unreported": 1, "reported": 1, "unknown": 1,
    }  # fmt: skip
    one = get("/trials.json?state=to_come").json()
    assert [trial["number"] for trial in one["trials"]] == ["NCT00000002"]
    assert one["states"] == data["states"]


def test_a_modality_is_that_of_the_studys_reports(get: Get) -> None:
    assert [t["number"] for t in get("/trials.json?modality=scs_burst").json()["trials"]] == ["NCT00000001"]
    assert get("/trials.json?modality=tens").json()["total"] == 0


@pytest.mark.parametrize("query", ["state=nope", "modality=nope", "topic=nope", "page=0", "page=2", "sate=reported"])
def test_what_there_is_not_is_refused_in_words(get: Get, query: str) -> None:
    answer = get(f"/trials.json?{query}")
    assert (answer.status_code == 400 and "there is no" in answer.text) or "page must be" in answer.text


def test_the_page_says_how_the_state_was_decided_and_what_each_report_is(get: Get) -> None:
    page = " ".join(get("/trials?state=reported").text.split())
    assert "gives the status COMPLETED; the library holds 1 of its results: 101." in page
    assert "204 enrolled, 231 planned (as given until 2026-03-01)" in page
    assert "report of results" in page and "secondary analysis" in page
    assert "(industry, by ClinicalTrials.gov)" in page and "<script>" not in page.replace("<script type", "")
    assert "randomized, parallel, masking double" in page


def test_the_studys_page_has_the_registrations_facts(get: Get) -> None:
    page = get("/studies/NCT00000001").text
    for said in ("Registration NCT00000001", "Pain relief", "Sham", "sham comparator", "first seen with the status"):
        assert said in page
    assert get("/studies/NCT00000001.json").json()["trials"][0]["enrolled"] == 204


def test_the_feed_has_what_changed(get: Get) -> None:
    items = get("/feeds/trials.json").json()["items"]
    assert [item["url"].rpartition("/")[2] for item in items] == ["NCT00000001"] * 2
    assert items[1]["title"] == "NCT00000001, first seen with the status RECRUITING: Invented"


def test_every_class_of_sponsor_has_a_word() -> None:
    assert set(SPONSOR_CLASSES) == {
        "NIH", "FED", "OTHER_GOV", "INDIV", "INDUSTRY", "NETWORK", "AMBIG", "OTHER", "UNKNOWN",
    }  # fmt: skip
