"""Stronger and newer evidence on the same treatment, outcome and condition; later versions. Invented."""

from __future__ import annotations

import pytest
from check_desk import make_desk, project_ledger, project_tagger
from library_factory import make_database

from evidence.check.library_protocol import ReportFacts
from evidence.check.retrieval.ranking import tokens
from evidence.derive.schema import SEARCH_TABLE, SEARCH_VIEW
from evidence.library.bearing import CheckLibrary
from evidence.library.desk import Desk

ROWS = {
    "1": ("Burst stimulation and legs: a case series", 2012, "case_report", 4, "article", ["pain_relief"], ["fbss"]),
    "2": ("Burst stimulation in an old disease of the feet", 2020, "rct", 2, "article", ["pain_relief"], ["pdn"]),
    "3": ("Burst stimulation after failed operations", 2019, "rct", 2, "article", ["pain_relief"], ["fbss"]),
    "4": ("Closed loops and sleep: a single-arm study", 2021, "prospective", 4, "preprint", ["sleep"], ["clbp"]),
    "5": ("Closed loops and sleep: a single-arm prospective study", 2022, "prospective", 4, "article", ["sleep"],
          ["clbp"]),
    "6": ("Warm pads for sore knees", 2014, "systematic_review", 1, "article", ["pain_relief"], ["knee"]),
    "7": ("Warm pads for sore knees", 2023, "systematic_review", 1, "article", ["pain_relief"], ["knee"]),
    "8": ("Burst stimulation: a guideline", 2023, "guideline", None, "article", [], ["chronic_pain"]),
}  # fmt: skip


@pytest.fixture(scope="module")
def desk() -> Desk:
    rows = [
        {"id": pmid, "pmid": pmid, "title": title, "year": year, "design": design, "evidence_level": level,
         "kind": kind, "publication_date": str(year), "authors": ["Oak" if pmid in "45" else f"Elm{pmid}"],
         "journal": "Cochrane Database Syst Rev" if pmid in "67" else f"J Invented {pmid}", "scope": "core"}
        for pmid, (title, year, design, level, kind, _, _) in ROWS.items()
    ]  # fmt: skip
    db = make_database(rows)
    for pmid, (*_, outcomes, conditions) in ROWS.items():
        modality = {"4": "scs_closed_loop", "5": "scs_closed_loop", "6": "tens", "7": "tens"}.get(pmid, "scs_burst")
        db.execute("INSERT INTO report_modalities(report, modality, source) VALUES (?, ?, 'rule')", (pmid, modality))
        for outcome in outcomes:
            db.execute("INSERT INTO report_outcomes(report, outcome, source) VALUES (?, ?, 'rule')", (pmid, outcome))
        for condition in conditions:
            db.execute(
                "INSERT INTO report_conditions(report, condition, source) VALUES (?, ?, 'rule')", (pmid, condition)
            )
        db.execute(
            "INSERT INTO abstracts(report, position, category, text) VALUES (?, 0, 'RESULTS', 'It was tried.')", (pmid,)
        )
    for statement in (SEARCH_VIEW, SEARCH_TABLE, "INSERT INTO reports_fts(reports_fts) VALUES ('rebuild')"):
        db.execute(statement)
    return Desk(CheckLibrary(db), project_tagger(), project_ledger())


def told(desk: Desk, draft: str, code: str) -> str:
    (row,) = desk.check_text(draft)["sentences"]
    return " ".join(w["message"] for w in row["warnings"] if w["code"] == code)


def test_stronger_evidence_is_on_the_same_condition(desk: Desk) -> None:
    said = told(desk, "Burst stimulation relieves pain after failed back surgery (PMID 1).", "stronger-evidence")
    assert "after failed operations" in said and "feet" not in said
    said = told(desk, "Burst stimulation relieves painful diabetic neuropathy (PMID 1).", "stronger-evidence")
    assert "old disease of the feet" in said


def test_a_sentence_that_names_no_outcome_and_asserts_an_effect_is_looked_up(desk: Desk) -> None:
    assert told(desk, "Burst stimulation cures failed back surgery syndrome (PMID 1).", "stronger-evidence")
    assert not told(desk, "Burst stimulation was tried in failed back surgery syndrome (PMID 1).", "stronger-evidence")


def test_a_newer_guideline_is_told_though_it_is_not_graded(desk: Desk) -> None:
    said = told(desk, "Burst stimulation relieves pain after failed back surgery (PMID 3).", "newer-evidence")
    assert "a guideline" in said
    assert not told(desk, "Burst stimulation relieves pain after failed back surgery (PMID 8).", "newer-evidence")


@pytest.mark.parametrize(
    ("pmid", "said"), [("4", "published as an article in 2022"), ("6", "updated in 2023"), ("5", ""), ("7", "")]
)
def test_a_later_version_is_told(desk: Desk, pmid: str, said: str) -> None:
    (row,) = desk.check_text(f"This was tried before (PMID {pmid}).")["references"]
    messages = [w["message"] for w in row["warnings"] if w["code"] == "newer-evidence"]
    assert [said in message for message in messages] == ([True] if said else [])


def test_the_library_says_what_is_beside(desk: Desk) -> None:
    found = desk.library.evidence_beside(["scs_burst"], ["pain_relief"], ["fbss"], "chronic_pain", ["1"], 9)
    assert [facts.id for facts in found] == ["3"] and isinstance(found[0], ReportFacts)


@pytest.mark.parametrize(
    ("one", "other"),
    [("anaesthesia", "anesthesia"), ("randomised", "randomized"), ("tumours", "tumors"), ("centres", "centers"),
     ("behavioural", "behavioral"), ("paediatric", "pediatric")],
)  # fmt: skip
def test_two_spellings_are_one_word(one: str, other: str) -> None:
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize("word", ["hour", "aerobic", "exercise", "genre", "wise"])
def test_a_word_of_one_spelling_is_itself_in_every_text(word: str) -> None:
    assert tokens(word) == tokens(word.upper()) and tokens(word)


def test_the_sentence_with_the_number_is_shown(desk: Desk) -> None:
    (row,) = make_desk().check_text("Sleep was better in 44% of patients (PMID 90000002).")["sentences"]
    assert any("44% with stimulation" in passage["text"] for passage in row["bears"])
    (row,) = make_desk().check_text("In that trial sleep improved in 64% with stimulation (PMID 90000002).")[
        "sentences"
    ]
    assert row["finding"] == "bears" and any("44% with stimulation" in passage["text"] for passage in row["bears"])


def test_a_name_of_several_papers_is_not_compared_with_the_wrong_one(desk: Desk) -> None:
    rows = [
        {"id": pmid, "pmid": pmid, "title": f"Oaks and pain, part {pmid}", "year": 2019, "authors": ["Elm"],
         "journal": f"J {pmid}", "scope": "core"} for pmid in ("11", "12")
    ]  # fmt: skip
    db = make_database(rows)
    db.execute(
        "INSERT INTO abstracts(report, position, category, text) VALUES ('11', 0, 'RESULTS', 'Pain fell by 4%.')"
    )
    for statement in (SEARCH_VIEW, SEARCH_TABLE, "INSERT INTO reports_fts(reports_fts) VALUES ('rebuild')"):
        db.execute(statement)
    two = Desk(CheckLibrary(db), project_tagger(), project_ledger())
    result = two.check_text("Elm et al. (2019) found that pain fell by 31%.")
    assert {"number-differs", "number-absent"}.isdisjoint(w["code"] for w in result["sentences"][0]["warnings"])
    assert "reference-ambiguous" in {w["code"] for w in result["references"][0]["warnings"]}
