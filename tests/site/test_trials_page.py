"""The page of registered trials, and what a study's page says of its registration."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import site_factory as factory

from evidence.site.server import make_datasette
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


def test_changes_list_what_changed_in_the_registry(get: Get) -> None:
    data = get("/changes.json?since=2026-04-01").json()
    assert data["totals"]["trials"] == 1 and data["trials"][0]["number"] == "NCT00000001"
    assert "first seen with the status RECRUITING" in get("/changes?since=2026-03-01").text


def test_registrations_are_no_new_reports(followed: Path) -> None:
    data = answer(followed, "/changes.json?since=2000-01-01")
    assert [report["id"] for report in data["new"]] == ["1"] and data["totals"]["new"] == 1


def test_a_reports_page_says_what_it_is_to_each_trial(get: Get) -> None:
    page = " ".join(get("/reports/101").text.split())
    assert "report of results" in page and "Completed, reported here" in page
    assert get("/reports/102.json").json()["trials"][0]["relation"] == "secondary"
    assert get("/reports/103.json").json()["trials"] == []


def test_every_class_of_sponsor_has_a_word() -> None:
    assert set(SPONSOR_CLASSES) == {
        "NIH", "FED", "OTHER_GOV", "INDIV", "INDUSTRY", "NETWORK", "AMBIG", "OTHER", "UNKNOWN",
    }  # fmt: skip


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One report of results, and four registrations: to come (two), unreported, and one that is off the subject."""
    path = tmp_path_factory.mktemp("trials") / "evidence.db"
    db = factory.new_database(path)
    tags = {"modality": ("scs",), "outcome": ("pain_relief",), "condition": ("fbss",)}
    factory.add_report(db, "1", "Invented results", tags=tags)
    states = {
        "NCT00000011": "to_come",
        "NCT00000012": "to_come",
        "NCT00000013": "unreported",
        "NCT00000014": "unreported",
    }
    for number, state in states.items():
        off = number.endswith("4")
        own = {**tags, "outcome": ("function",)} if number.endswith("2") else tags
        factory.insert(db, "studies", id=number, title="Invented", state=state)
        scope = {"scope": "off_topic"} if off else {}
        factory.add_report(
            db, f"clinicaltrials:{number}", "Plan", tags=own, kind="registration", source="clinicaltrials",
            study=number, doi=None, **scope,
        )  # fmt: skip
        factory.insert(db, "study_reports", study=number, report=f"clinicaltrials:{number}", role="registration")
        row = {"number": number, "registry": "ClinicalTrials.gov", "study": number, "title": "Plan", "state": state}
        times = dict.fromkeys(("asked_at", "first_seen", "changed_at"), factory.FIRST_SEEN)
        factory.insert(db, "trials", **row, **times, state_why="Invented.")
        link = {"number": number, "report": f"clinicaltrials:{number}", "trial": number, "relation": "registration"}
        factory.insert(db, "trial_reports", **link, basis="databank", why="it is")
    factory.finish(db)
    return path


def answer(path: Path, address: str) -> Any:
    async def ask() -> httpx.Response:
        datasette = make_datasette(evidence_db=path)
        await datasette.invoke_startup()
        return await datasette.client.get(address)

    return asyncio.run(ask()).json()


@pytest.mark.parametrize("more", ["", "&from=1900"])
def test_the_map_has_a_layer_of_trials_which_count_for_nothing(followed: Path, more: str) -> None:
    plain, layered = (
        answer(followed, f"/map.json?facet=outcome{layer}{more}")["map"] for layer in ("", "&layer=trials")
    )
    cells = {
        (row["id"], column["id"]): cell
        for row in layered["rows"]
        for column, cell in zip(layered["columns"], row["cells"], strict=True)
        if cell
    }
    relief, function = cells["scs", "pain_relief"], cells["scs", "function"]
    assert (relief["count"], relief["trials"]) == (1, {"to_come": 1, "unreported": 1})
    assert relief["trials_in_words"] == "1 to come, 1 unreported"
    assert (function["count"], function["trials_in_words"]) == (0, "1 to come")
    assert [column["id"] for column in plain["columns"]] == ["pain_relief"]
    assert "trials" not in plain["rows"][0]["cells"][0]


def test_a_registration_off_the_subject_is_not_listed(followed: Path) -> None:
    found = answer(followed, "/trials.json")
    assert [trial["number"] for trial in found["trials"]] == ["NCT00000011", "NCT00000012", "NCT00000013"]


def test_the_state_is_a_facet_of_reports(followed: Path) -> None:
    found = answer(followed, "/search.json?trial=unreported&kind=registration")
    assert [report["id"] for report in found["reports"]] == ["clinicaltrials:NCT00000013"]
    facet = next(one for one in found["facets"] if one["name"] == "trial")
    labels = {value["value"]: value["label"] for value in facet["values"]}
    assert labels["unreported"] == "Completed more than 12 months ago, no report found by us"
    assert "there is no trial" in str(answer(followed, "/search.json?trial=nope"))
