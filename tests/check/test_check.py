"""The check of invented drafts: what must be caught, what must be said, and what must never be."""

from __future__ import annotations

import json
import pickle
import re

import pytest
from check_desk import codes, make_desk, sentence

from evidence.check.render import as_markdown, as_text
from evidence.check.warnings import CODES
from evidence.ledger.ledger import EMPTY

OAKES = (
    "1. Oakes A, Birch B. Night-time stimulation of the spinal cord and sleep in failed back surgery syndrome. "
    "J Invented Pain. 2018;3:11-9."
)
SLEEP = (
    "Spinal cord stimulation improved sleep in 61% of patients, as Oakes et al. (2018) showed in 58 patients.\n"
    f"They completely cured insomnia in 12 months [1].\n\nReferences\n\n{OAKES}\n"
)
LIST = "\n\nReferences\n\n" + "\n".join(
    (
        "1. Deer T, Skaribas I, McJunkin T, et al. Results From the Partnership for Advancement in Neuromodulation "
        "Registry: A 24-Month Follow-Up. Neuromodulation. 2016;19(2):179-87.",
        "2. Deer TR, Mekhail N, Provenzano D, et al. The appropriate use of neurostimulation of the spinal cord and "
        "peripheral nervous system for the treatment of chronic pain and ischemic diseases: the Neuromodulation "
        "Appropriateness Consensus Committee. Neuromodulation. 2014;17(6):515-50.",
        "3. Rigoard P, Delmotte A, D'Houtaud S, et al. Back pain: a real target for spinal cord stimulation? "
        "Neurosurgery. 2012;70(3):574-84.",
    )
)


@pytest.fixture(scope="module")
def desk():
    return make_desk()


def test_the_documented_keys_and_offsets(desk) -> None:
    result = desk.check_text(SLEEP)
    assert set(result) >= {"text", "library", "references", "sentences", "warnings"}
    assert result["library"] == {"refreshed_at": "2026-11-19T06:00:00Z", "reports": 5, "pubmed_index": None}
    keys = "text start end claim modalities outcomes conditions references finding bears numbers by_reference claims"
    for row in result["sentences"]:
        assert set(row) >= set(keys.split())
        assert result["text"][row["start"] : row["end"]] == row["text"]
        assert codes(row) <= set(CODES)
    for reference in result["references"]:
        assert set(reference) >= set("text level report pmid fields notices design evidence_level sample_size".split())
    json.dumps(result)
    pickle.dumps(result)


def test_a_sentence_with_its_reference(desk) -> None:
    row = sentence(desk.check_text(SLEEP), "as Oakes")
    assert (row["modalities"], row["outcomes"], row["finding"]) == (["scs"], ["sleep"], "bears")
    assert {"report": "90000001", "section": "results"}.items() <= next(
        b for b in row["bears"] if "61%" in b["text"]
    ).items()
    found = {n["text"]: (n["finding"], n["report"], n["read_from"]) for n in row["numbers"]}
    assert found == {"61%": ("match", "90000001", "abstract"), "58 patients": ("match", "90000001", "abstract")}
    assert codes(row) >= {"no-control-group", "stronger-evidence", "newer-evidence", "hedge-dropped"}
    assert any("“may”" in w["message"] for w in row["warnings"] if w["code"] == "hedge-dropped")
    assert row["reports_on_this"] == 2
    assert row["evidence"][0]["report"] == "90000002"


def test_a_reference_is_said_to_have_been_checked_or_not(desk) -> None:
    checked = desk.check_text(SLEEP)["references"][0]
    assert checked["level"] == "certain"
    assert checked["notices_checked"] == [
        {"source": "pubmed", "checked_at": "2026-11-19T06:00:00Z", "outcome": "no notice"}
    ]
    assert "not-checked" not in codes(checked)
    unchecked = desk.check_text("Leads can move (PMID 90000002).")["references"][0]
    assert unchecked["notices_checked"] == "not checked"
    assert "not-checked" in codes(unchecked)


def test_a_retraction_is_shown_with_source_and_date(desk) -> None:
    result = desk.check_text("Pumps are safe for everybody (Elm, 2015, PMID 90000003).")
    row = result["sentences"][0]
    assert "retracted" in codes(row)
    message = next(w["message"] for w in row["warnings"] if w["code"] == "retracted")
    assert "pubmed" in message and "2026-11-19" in message
    assert result["references"][0]["notices"][0]["kind"] == "retraction"


def test_a_number_that_differs_shows_the_sentence_of_the_source(desk) -> None:
    draft = SLEEP.replace("61%", "91%")
    row = sentence(desk.check_text(draft), "as Oakes")
    number = next(n for n in row["numbers"] if n["text"] == "91%")
    assert (number["finding"], number["source_number"]) == ("differs", "61%")
    assert "61% of patients" in number["source_text"]
    assert "number-differs" in codes(row)


def test_the_small_series_and_the_registry_in_the_usual_retelling(desk) -> None:
    draft = (
        "In 2012, Rigoard, et al. looked at 11 patients with failed back surgery who got a stimulator. "
        "They found that it reliably covers the back. "
        "A 2016 study in Neuromodulation confirmed this for pain, disability, quality of life and satisfaction." + LIST
    )
    result = desk.check_text(draft)
    first = sentence(result, "looked at 11")
    number = first["numbers"][0]
    assert (number["text"], number["finding"], number["role"]) == ("11 patients", "match", "n")
    assert number["read_from"] == "ledger" and "this project's ledger, 2026-11-20" in number["note"]
    assert "no-control-group" in codes(first)
    second = sentence(result, "reliably covers")
    assert second["references_carried_over"] and second["references"] == first["references"]
    assert "absolute-claim" in codes(second)
    registry = sentence(result, "2016 study")
    assert "no-control-group" in codes(registry)
    assert "registry" in next(w["message"] for w in registry["warnings"] if w["code"] == "no-control-group")
    assert result["references"][0]["level"] == "not found" and result["references"][0]["source"] == "deer2016"


def test_deer_2014_is_one_of_several_unless_a_list_says_which(desk) -> None:
    listed = desk.check_text("Complications are becoming rarer (Deer et al., 2014)." + LIST)
    assert "reference-ambiguous" not in {w["code"] for w in listed["warnings"]}
    assert any("Interim" in name for name in listed["references"][1]["named_alike"])
    bare = desk.check_text("Complications are becoming rarer, says Deer (2014).")
    assert bare["references"][0]["level"] != "certain" and "reference-ambiguous" in codes(bare["sentences"][0])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("Deer 2019 followed 614 patients with stimulators.", "the list has Deer 2016, Deer 2014"),
        ("Complications became rarer (Rigoard et al., 2019).", "the list has Rigoard 2012"),
        ("Complications became rarer (Nobody et al., 2016).", "nothing by that author"),
    ],
)
def test_a_paper_of_another_year_is_not_the_one_of_the_list(desk, said: str, told: str) -> None:
    result = desk.check_text(said + LIST)
    (row,) = [r for r in result["references"] if r["kind"] == "mention"]
    assert any(told in w["message"] for w in row["warnings"]), row["warnings"]
    assert result["sentences"][0]["references"] == [result["references"].index(row)]
    assert not any(n["report"] in ("25112889", "21937929") for n in result["sentences"][0]["numbers"])


def test_lines_that_were_broken_at_a_width_are_one_sentence(desk) -> None:
    draft = (
        "Complications of the implanted systems have become rarer in the last\nten years, and patients say that "
        "they sleep\n"
        "much better than they did before they had the implant (Deer et al.\n2014).\n"
    )
    result = desk.check_text(draft + LIST)
    assert len([s for s in result["sentences"] if s["claim"]]) == 1 and len(result["text"]) == len(
        (draft + LIST).strip()
    )
    assert result["sentences"][0]["references"] == [1]


def test_the_guideline_said_it_more_carefully(desk) -> None:
    draft = (
        "Neurostimulation is safe because it is minimally invasive, according to the Neuromodulation Appropriateness "
        "Consensus Committee in its 2014 guideline."
    )
    row = desk.check_text(draft + LIST)["sentences"][0]
    assert row["references"] == [1]
    assert "hedge-dropped" in codes(row)


@pytest.mark.parametrize(
    ("draft", "code", "words"),
    [
        ("Moving to neuromodulation can bring a 40% fall in opioid consumption.", "no-reference", "no source"),
        (
            "Moving to neuromodulation can bring a 40% fall in opioid consumption.",
            "reviewed-claim",
            "nothing was found that says so",
        ),
        (
            "With SCS and DTM more than 80% of patients had less of their worst pain.",
            "reviewed-claim",
            "46 assessed of 128",
        ),
        ("Spinal cord stimulator surgery requires general anesthesia.", "reviewed-claim", "awake"),
        ("Spinal cord stimulator surgery requires general anesthesia.", "absolute-claim", "requires"),
        ("TENS is an effective first choice for mid-back pain.", "stronger-evidence", "Johnson"),
        ("TENS is an effective first choice for mid-back pain.", "newer-evidence", "2022"),
        ("With PNT three to four sessions are usual, once or twice a week.", "number-differs", "nine sessions"),
    ],
)
def test_claims_that_name_no_source(desk, draft: str, code: str, words: str) -> None:
    row = desk.check_text(draft)["sentences"][0]
    assert row["finding"] == "no reference"
    assert any(w["code"] == code and words in w["message"] for w in row["warnings"]), row["warnings"]


@pytest.mark.parametrize(
    ("draft", "number"),
    [
        ("In PNT ten electrodes are put on the back.", "ten electrodes"),
        ("A session of PNT lasts 30 minutes.", "30 minutes"),
    ],
)
def test_numbers_that_agree_with_the_sources_of_a_reviewed_claim(desk, draft: str, number: str) -> None:
    row = desk.check_text(draft)["sentences"][0]
    found = next(n for n in row["numbers"] if n["text"] == number)
    assert (found["finding"], found["beside"], found["read_from"]) == ("match", "reviewed claim", "ledger")
    claim = row["claims"][0]
    assert (claim["direction"], claim["status"], claim["reviewed_by"], claim["basis"]) == ("for", "draft", None, None)
    assert claim["reading"] == "draft reading, not yet confirmed by a reviewer; basis not recorded"


@pytest.mark.parametrize(("kind", "near"), [("DTM", True), ("10 kHz", False)])
def test_a_sentence_on_one_kind_of_stimulation_is_not_near_a_claim_on_another(desk, kind: str, near: bool) -> None:
    draft = f"With {kind} spinal cord stimulation, over 80% of patients had less of their worst back pain."
    row = desk.check_text(draft)["sentences"][0]
    assert ("ic-08" in {claim["id"] for claim in row["claims"]}) is near
    assert bool([n for n in row["numbers"] if n["read_from"] == "ledger"]) is near


def test_a_claim_that_only_shares_the_names_of_treatments_is_not_alike(desk) -> None:
    draft = "Dorsal root ganglion stimulation works better than spinal cord stimulation for CRPS."
    assert "reviewed-claim" not in {w["code"] for w in desk.check_text(draft)["sentences"][0]["warnings"]}


@pytest.mark.parametrize(("year", "told"), [(2013, True), (2012, False)])
def test_a_year_that_the_reference_list_has_not_is_told(desk, year: int, told: bool) -> None:
    reference = (
        "Rigoard P, Delmotte A. Back pain: a real target for spinal cord stimulation? Neurosurgery 2012;70:574-84."
    )
    draft = f"Stimulation reaches the back (Rigoard et al., {year}).\n\nReferences\n1. {reference}\n"
    messages = [w["message"] for w in desk.check_text(draft)["references"][0]["warnings"]]
    assert any("Rigoard et al., 2013" in m and "another year" in m for m in messages) is told


@pytest.mark.parametrize(("printed", "missing", "cited"), [("[1,3]", "no 3", [0]), ("[7]", "no 7", [])])
def test_a_number_without_an_entry_is_told_and_the_others_still_count(
    desk, printed: str, missing: str, cited: list[int]
) -> None:
    reference = (
        "Rigoard P, Delmotte A. Back pain: a real target for spinal cord stimulation? Neurosurgery 2012;70:574-84."
    )
    result = desk.check_text(f"Stimulation reaches the back {printed}. It helps [1].\n\nReferences\n1. {reference}\n")
    assert result["sentences"][0]["references"] == cited
    (told,) = [w for w in result["warnings"] if w["code"] == "reference-not-found" and printed in w["message"]]
    assert missing in told["message"] and told["sentences"] == [0]
    assert not result["sentences"][0]["numbers"]


def test_a_paper_that_the_list_has_not_is_cited_where_its_authors_do_something(desk) -> None:
    reference = (
        "Rigoard P, Delmotte A. Back pain: a real target for spinal cord stimulation? Neurosurgery 2012;70:574-84."
    )
    result = desk.check_text(f"Birk (2000) randomised 54 patients.\n\nReferences\n1. {reference}\n")
    assert [r["text"] for r in result["references"]][1:] == ["Birk (2000)"]
    assert "reference-not-found" in codes(result["references"][1])
    assert [number["text"] for number in result["sentences"][0]["numbers"]] != ["2000"]


@pytest.mark.parametrize(("denied", "near"), [("", True), ("do not ", False)])
def test_a_reading_is_not_shown_beside_the_opposite_of_its_claim(desk, denied: str, near: bool) -> None:
    draft = f"Implants {denied or ''}bring infection, malfunction, battery depletion or more procedures."
    assert ("bt-12" in {claim["id"] for claim in desk.check_text(draft)["sentences"][0]["claims"]}) is near


def test_a_treatment_called_non_invasive_and_described_with_needles(desk) -> None:
    draft = "PNT is a non-invasive treatment for back pain. With PNT, thin needles go through the skin."
    warning = next(w for w in desk.check_text(draft)["warnings"] if w["code"] == "contradicts-itself")
    assert warning["sentences"] == [0, 1] and "needles" in warning["message"]


def test_a_treatment_compared_with_surgery_does_not_contradict_itself(desk) -> None:
    draft = (
        "TENS is a non-invasive treatment for back pain. It may be tried before surgery, or after failed back surgery."
    )
    assert "contradicts-itself" not in {w["code"] for w in desk.check_text(draft)["warnings"]}


def test_two_figures_for_one_thing(desk) -> None:
    draft = "A TENS session at home lasts 20 minutes. Later: a TENS session at home lasts 45 minutes."
    warning = next(w for w in desk.check_text(draft)["warnings"] if w["code"] == "contradicts-itself")
    assert "20 minutes" in warning["message"] and "45 minutes" in warning["message"]


def test_without_a_ledger_and_a_reference_the_library_alone_is_asked() -> None:
    desk = make_desk(EMPTY)
    row = desk.check_text("Night-time stimulation of the spinal cord improves sleep in failed back surgery syndrome.")[
        "sentences"
    ][0]
    assert row["finding"] == "no reference" and row["claims"] == []
    best = row["related"][0]
    assert (best["report"], best["bears"]) == ("90000001", True)
    assert row["bears"][0]["report"] == "90000001"


def test_the_program_gives_no_verdict_of_its_own() -> None:
    """Only people's readings and the draft's own words may hold these words."""
    desk = make_desk(EMPTY)
    result = desk.check_text(SLEEP + LIST)
    said = as_text(result, True) + as_markdown(result, True) + as_text(result) + json.dumps(result)
    said = said.replace("contradicts-itself", "")
    assert not re.search(r"\b(?:support(?:s|ed)|contradict(?:s|ed)|refut\w+)\b", said, re.I)


def test_no_time_is_said_and_nothing_is_guessed(desk) -> None:
    result = desk.check_text(SLEEP, seconds=-1)
    rows = [row for row in result["sentences"] if row["claim"]]
    assert rows and all(row["finding"] == "not checked" and codes(row) == {"not-checked"} for row in rows)


def test_a_library_that_was_never_refreshed_says_so() -> None:
    result = make_desk(refreshed=None).check_text("Leads can move.")
    assert any(w["code"] == "not-checked" and "never refreshed" in w["message"] for w in result["warnings"])


def test_a_reference_that_is_not_in_the_library(desk) -> None:
    result = desk.check_text(
        "Magnets heal (Nobody, 1987). \n\nReferences\n\n1. Nobody N. Magnets. J Nothing. 1987;1:1-2."
    )
    row = result["sentences"][0]
    assert row["finding"] == "not found" and "reference-not-found" in codes(row)
    assert result["references"][0]["report"] is None


def test_online_may_find_what_the_library_lacks(desk) -> None:
    draft = "Magnets heal [1].\n\nReferences\n\n1. Nobody N. Magnets of the north. J Nothing. 1987;1:1-2."
    result = desk.check_text(draft, online=lambda references: ["1234567" for _ in references])
    assert result["references"][0]["pmid"] == "1234567" and result["references"][0]["level"] == "likely"


def test_a_paper_cited_by_number_is_not_taken_for_its_namesakes(desk) -> None:
    result = desk.check_text("Complications are becoming rarer [2]." + LIST)
    assert result["references"][1]["named_alike"]
    assert "reference-ambiguous" not in codes(result["sentences"][0])
