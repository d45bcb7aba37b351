"""What a writer reads: agreements that count, readings of claims that say the same, and no line twice. All invented."""

from __future__ import annotations

import pytest
from check_desk import codes, make_check_library, make_desk, project_ledger, project_tagger, sentence

from evidence.check.draft.tags import SentenceTags
from evidence.check.evidence import beside
from evidence.check.numbers.alignment import line_up, source_numbers
from evidence.check.numbers.numbers import find_numbers
from evidence.check.render import as_markdown, as_text
from evidence.library.desk import Desk

LIST = (
    "\n\nReferences\n\n1. Oakes A, Birch B. Night-time stimulation of the spinal cord and sleep in failed back surgery "
    "syndrome. J Invented Pain. 2017;3:11-9.\n2. Elm C. A pump for everybody: intrathecal morphine without any harm. "
    "Invented Med. 2015;1:1-4.\n"
)


@pytest.fixture(scope="module")
def desk() -> Desk:
    return make_desk()


def test_a_number_that_agrees_bears(desk) -> None:
    row = sentence(desk.check_text("Some 58 people wore one for a whole year and were asked again [1]." + LIST), "58")
    assert row["numbers"][0]["finding"] == "match"
    assert row["finding"] == "bears" and any("Fifty-eight" in found["text"] for found in row["bears"])


def test_a_field_that_differs_is_shown_with_both_values(desk) -> None:
    warnings = desk.check_text("Sleep improved [1]." + LIST)["references"][0]["warnings"]
    (said,) = [w["message"] for w in warnings if w["code"] == "reference-differs"]
    assert "year (printed 2017, in the library 2018)" in said


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("The dorsal root ganglion may be a target for pain.", False),  # only the subject is shared
        ("Painful diabetic neuropathy is common.", False),
        ("General anaesthesia is required for the spinal cord stimulator.", True),
        ("It reduces opioid use by 40%.", True),
    ],
)
def test_a_reading_is_shown_beside_a_claim_that_says_the_same(desk, text: str, warned: bool) -> None:
    result = desk.check_text(text)
    assert ("reviewed-claim" in codes(result["sentences"][0])) is warned
    assert ("Draft reading" in " ".join(as_text(result, details=True).split())) is warned
    assert ("draft reading of a claim like it" in " ".join(as_text(result).split())) is warned


def test_all_claims_that_a_sentence_repeats_are_shown_the_least_favourable_first(desk) -> None:
    draft = (
        "The researchers wanted to see whether the newer multi-column, tripolar leads for spinal cord stimulation would"
    )
    row = desk.check_text(f"{draft} make back pain go completely.")["sentences"][0]
    alike = [claim for claim in row["claims"] if claim["alike"]]
    assert [claim["id"] for claim in alike] == ["vw-14", "vw-13"]  # misreported before faithful
    assert alike[0]["similarity"] < alike[1]["similarity"] or alike[0]["fidelity"] == "misreported"


@pytest.mark.parametrize(
    ("text", "claim"),
    [
        ("Drugs given intrathecally reach the spinal fluid, so doses are smaller and side effects fewer.", "hong-07"),
        ("Instead of pain, people with a spinal cord stimulator may feel nothing.", "bt-07"),
        ("With PNT ten electrodes are stuck to the back.", "pnt-10"),
    ],
)
def test_a_claim_is_known_in_other_words(desk, text: str, claim: str) -> None:
    assert claim in {c["id"] for c in desk.check_text(text)["sentences"][0]["claims"] if c["alike"]}


@pytest.mark.parametrize(
    "text",
    [
        "The pump is refilled through the skin every few months.",
        "Patients kept a diary for two weeks.",
        "One adult in five lives with chronic pain.",
        "Implants do not bring infection, malfunction, battery depletion or more procedures.",
    ],
)
def test_a_sentence_on_the_subject_is_given_no_claim(desk, text: str) -> None:
    assert not [c for c in desk.check_text(text)["sentences"][0]["claims"] if c["alike"]]


def test_topics_are_in_words(desk) -> None:
    result = desk.check_text("Spinal cord stimulation improves sleep [1]." + LIST)
    assert result["sentences"][0]["topic"].startswith("spinal cord stimulation × sleep")
    assert "the library holds 2 reports on spinal cord stimulation × sleep" in " ".join(
        as_text(result, details=True).split()
    )


@pytest.mark.parametrize("render", [as_text, as_markdown])
def test_what_a_reference_says_is_not_said_again_under_each_sentence(desk, render) -> None:
    said = " ".join(render(desk.check_text("Sleep improved in 61% [1]. Patients slept well [1]." + LIST), True).split())
    assert said.count("printed 2017") == 1 and said.count("printed differently") == 3
    assert said.count("Abstracts were read") == 1 and "only the abstract was read" not in said


@pytest.mark.parametrize("render", [as_text, as_markdown])
def test_a_retraction_is_said_wherever_the_report_is_cited(desk, render) -> None:
    said = render(desk.check_text("Pumps do no harm [2]." + LIST), True)
    assert said.count("retraction, 2017-05") == 2


def test_halved_is_at_least_half() -> None:
    text = "About 74% had their pain halved."
    source = source_numbers("r", [("results", "At a year 74% of patients had at least 50% pain relief.")], None)
    assert [one.finding for one in line_up(text, find_numbers(text), source)] == ["match", "match"]


def test_two_lengths_of_a_session_do_not_go_together(desk) -> None:
    result = desk.check_text("A session lasts 30 minutes. Each session takes 45 minutes.")
    assert [w["sentences"] for w in result["warnings"] if w["code"] == "contradicts-itself"] == [[0, 1]]


def test_another_report_of_the_same_study_is_named() -> None:
    library = make_check_library("2026-11-19T06:00:00Z")
    library.connection.execute("INSERT INTO studies(id, title) VALUES ('night', 'Night-time stimulation')")
    library.connection.executemany(
        "INSERT INTO study_reports(study, report) VALUES ('night', ?)", [("90000001",), ("90000002",)]
    )
    desk = Desk(library, project_tagger(), project_ledger())
    (reference,) = desk.check_text("Sleep improved (PMID 90000001).")["references"]
    (said,) = [w["message"] for w in reference["warnings"] if w["code"] == "same-study"]
    assert reference["same_study"] == ["90000002"] and "90000002" in said


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Sleep improved (PMID 90000002).", "open-label"),
        ("Sleep improved in 140 patients at 400 Hz (PMID 90000002).", "number-absent"),
    ],
)
def test_codes_of_a_trial(desk, text: str, code: str) -> None:
    assert code in codes(desk.check_text(text)["sentences"][0])


def test_relief_of_pain_is_looked_for_in_reports_of_its_intensity() -> None:
    library = make_check_library("2026-11-19T06:00:00Z")
    library.connection.execute(
        "INSERT INTO report_outcomes(report, outcome, source) VALUES ('90000002', 'pain_intensity', 'rule')"
    )
    tags = SentenceTags(["scs"], ["pain_relief"], alike=["pain_intensity", "pain_relief"])
    around = beside(tags, library)
    assert [facts.id for facts in around.strongest] == ["90000002"]


def test_a_site_that_hides_a_source_s_abstracts_reads_none_of_them() -> None:
    library = make_check_library("2026-11-19T06:00:00Z")
    library.connection.execute(
        "INSERT INTO records(id, source, source_id, report) VALUES ('x:1', 'x', '1', '90000001')"
    )
    library.abstracts_shown = {"pubmed": "show", "*": "hide"}
    assert library.abstract("90000001") == ()
    other = make_check_library("2026-11-19T06:00:00Z")
    assert other.abstract("90000001")


def test_evidence_on_chronic_pain_comes_before_any_other() -> None:
    library = make_check_library("2026-11-19T06:00:00Z")
    assert {facts.id for facts in library.evidence_on(["scs"], ["sleep"], 9)} == {"90000001", "90000002"}
    library = make_check_library("2026-11-19T06:00:00Z")
    library.connection.execute("UPDATE reports SET scope = iif(id = '90000001', 'core', 'neighbour')")
    assert [facts.id for facts in library.evidence_on(["scs"], ["sleep"], 9)] == ["90000001"]
