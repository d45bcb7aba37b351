"""ClinicalTrials.gov's studies, as recorded: what is read of them, and which answers are none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evidence.http import Fault
from evidence.sources import clinicaltrials
from evidence.sources.clinicaltrials import read, read_page, record_of, request, search_request, subjects_of, trial_of

ANSWERS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "sources" / "clinicaltrials.json").read_text(encoding="utf-8")
)


def answer(*studies: Any, **more: Any) -> bytes:
    return json.dumps({"studies": studies, **more}).encode()


def study(number: str, **modules: Any) -> dict[str, Any]:
    return {"protocolSection": {"identificationModule": {"nctId": number}, **modules}}


def test_a_recorded_study_without_results() -> None:
    trial = trial_of(ANSWERS["study_full_no_results"])
    assert (trial.number, trial.status, trial.enrolment, trial.enrolment_type) == (
        "NCT03516279", "ACTIVE_NOT_RECRUITING", 40, "ESTIMATED",
    )  # fmt: skip
    assert (trial.start, trial.primary_completion, trial.completion) == ("2019-06-26", "2028-08-31", "2031-08-31")
    assert (trial.allocation, trial.masking, trial.sponsor_class) == ("NA", "NONE", "NETWORK")
    assert trial.results_posted is False and ("National Cancer Institute (NCI)", "NIH") in trial.collaborators
    assert trial.title.startswith("Phase II Study of Adding") and trial.primary_outcomes and trial.arms


def test_a_recorded_study_to_come_has_months_for_dates() -> None:
    trial = trial_of(ANSWERS["study_not_yet_recruiting"])
    assert (trial.start, trial.completion, trial.first_posted) == ("2026-10", "2027-07", "2026-10-02")
    assert (trial.masking, trial.who_masked) == ("DOUBLE", ("PARTICIPANT", "INVESTIGATOR")) and not trial.references


def test_a_projection_without_has_results_does_not_say_that_there_are_none() -> None:
    trial = trial_of(ANSWERS["study_terminated_projection"])
    assert (trial.status, trial.results_posted, trial.enrolment_type) == ("TERMINATED", None, "")


def test_references_keep_their_types_and_those_without_a_pmid_are_left_out() -> None:
    trial = trial_of(ANSWERS["BUILT_scs_trial_with_results"])
    assert trial.references == (("RESULT", "11111111"), ("DERIVED", "22222222"), ("BACKGROUND", "33333333"))
    assert trial.results_posted is True and trial.results_posted_on == "2023-03-28"


def test_a_record_is_a_registration_under_its_number() -> None:
    record = record_of(trial_of(ANSWERS["study_not_yet_recruiting"]))
    assert (record.id, record.kind, record.year) == ("clinicaltrials:NCT07854847", "registration", 2026)
    assert record.databanks[0] == ("ClinicalTrials.gov", "NCT07854847") and "Hepatitis B" not in record.abstract_text()
    assert record.url == "https://clinicaltrials.gov/study/NCT07854847"


def test_a_number_that_was_given_up_finds_the_study_that_has_it_now() -> None:
    held = study("NCT00000200")
    held["protocolSection"]["identificationModule"]["nctIdAliases"] = ["NCT00000100"]
    assert read(answer(held), ["nct:NCT00000100"]) == {"nct:NCT00000100": held}
    assert trial_of(held).aliases == ("NCT00000100",)


def test_an_answer_about_more_is_read_for_one_of_its_subjects() -> None:
    """As a build does, when another version of the others came later."""
    both = answer(study("NCT00000001"), study("NCT00000002"))
    assert read(both, ["nct:NCT00000002"]) == {"nct:NCT00000002": study("NCT00000002")}


def test_a_number_that_is_not_there_is_in_no_list() -> None:
    assert read(json.dumps(ANSWERS["search_ids_none"]).encode(), ["nct:NCT99999999"]) == {}


@pytest.mark.parametrize(
    "body",
    [
        b"{}", b'{"version": "6.9"}', b'{"studies": null}', b'{"studies": {}}', b'{"studies": [1]}',
        b'{"studies": [{}]}', b'{"studies": [{"protocolSection": {"identificationModule": {"nctId": "X1"}}}]}',
        answer(study("NCT00000002")), answer(study("NCT00000001"), nextPageToken="x"), b"<html></html>", b"[]",
        ANSWERS["400_bad_filter_ids"].encode(), ANSWERS["404_not_found"].encode(),
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_a_fault(body: bytes) -> None:
    with pytest.raises(Fault):
        read(body, ["nct:NCT00000001"])


@pytest.mark.parametrize(
    "modules",
    [
        {"statusModule": []}, {"designModule": {"enrollmentInfo": {"count": "60"}}}, {"designModule": {"phases": "NA"}},
        {"designModule": {"enrollmentInfo": {"count": True}}}, {"referencesModule": {"references": [{"pmid": 5}, 7]}},
        {"armsInterventionsModule": {"armGroups": {"label": "x"}}}, {"statusModule": {"startDateStruct": "soon"}},
        {"sponsorCollaboratorsModule": {"leadSponsor": "Inc"}}, {"statusModule": {"overallStatus": None}},
    ],
)  # fmt: skip
def test_a_module_of_another_shape_counts_as_missing(modules: dict[str, Any]) -> None:
    assert trial_of(study("NCT00000001", **modules)) == trial_of(study("NCT00000001"))


def test_escapes_of_markdown_are_undone_in_titles() -> None:
    held = study("NCT00000001", outcomesModule={"primaryOutcomes": [{"measure": r"Relief \>= 50\% \[VAS\]"}]})
    assert trial_of(held).primary_outcomes == ((r"Relief >= 50\% [VAS]", ""),)


def test_only_numbers_that_the_registry_takes_are_asked_about() -> None:
    numbers = [
        ("ClinicalTrials.gov", "NCT00000000"),
        ("ISRCTN", "ISRCTN12345678"),
        ("ClinicalTrials.gov", "NCT12345678"),
    ]
    assert list(subjects_of(numbers)) == ["nct:NCT12345678"]


def test_what_is_asked() -> None:
    asked = request(["nct:NCT00000001", "nct:NCT00000002"])
    assert asked.path == "studies" and asked.query["filter.ids"] == "NCT00000001,NCT00000002"
    assert "HasResults" in asked.query["fields"].split("|") and int(asked.query["pageSize"]) >= clinicaltrials.BATCH
    first, second = search_request("a AND b"), search_request("a AND b", "T")
    assert second.query == {**first.query, "pageToken": "T"}


def test_recorded_pages_of_a_search() -> None:
    first, second = (read_page(json.dumps(ANSWERS[f"search_page{n}"]).encode()) for n in (1, 2))
    assert (first.total, second.total, len(first.numbers)) == (21, None, 5) and first.token != second.token
    assert not set(first.numbers) & set(second.numbers)
