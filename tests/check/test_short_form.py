"""A writer is done in a minute: what needs action first, words for codes, drafts never in the box. All invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from check_desk import make_check_library, make_desk, project_ledger, project_tagger

from evidence.check.actions import actions
from evidence.check.render import NOTHING, as_markdown, as_text, marked
from evidence.check.warnings import CODES
from evidence.check.wording import ADVICE, LABELS, searches, what_was_read
from evidence.ledger.reading import Reading
from evidence.library.desk import Desk

LIST = (
    "\n\nReferences\n\n1. Oakes A, Birch B. Night-time stimulation of the spinal cord and sleep in failed back surgery "
    "syndrome. J Invented Pain. 2018;3:11-9.\n2. Elm C. A pump for everybody: intrathecal morphine without any harm. "
    "Invented Med. 2015;1:1-4.\n3. Nobody N. A title that no library holds at all. J Nowhere. 2019;1:1-2.\n"
)
DRAFT = (
    "Sleep quality improved in 73% of patients [1]. Pumps do no harm [2]. Sleep lasts longer [3]. A TENS session at "
    "home lasts 20 minutes. Later: a TENS session at home lasts 45 minutes. Spinal cord stimulator surgery requires "
    "general anaesthesia." + LIST
)


@pytest.fixture(scope="module")
def result():
    return make_desk().check_text(DRAFT)


def test_every_code_has_words() -> None:
    assert set(LABELS) == set(CODES)
    assert not any("-" in words or "_" in words for words in LABELS.values())


def test_the_worst_comes_first(result) -> None:
    assert [one.code for one in actions(result)] == [
        "retracted", "reference-not-found", "number-differs", "contradicts-itself",
    ]  # fmt: skip
    assert actions(result)[0].references == (1,) and actions(result)[0].sentences == (1,)


def test_a_draft_never_stands_in_the_box_and_a_confirmed_reading_does(result) -> None:
    assert any(w["code"] == "reviewed-claim" for w in result["sentences"][5]["warnings"])
    assert not [one for one in actions(result) if one.code == "reviewed-claim"]
    ledger = project_ledger()
    read = Reading("no_source_named", "against", "abstract", "Awake.", "2026-12-01", ("Ada Byron",))
    claims = tuple(replace(c, reading=read) if c.id == "bt-09" else c for c in ledger.claims)
    desk = Desk(make_check_library("2026-11-19T06:00:00Z"), project_tagger(), replace(ledger, claims=claims))
    (found,) = [one for one in actions(desk.check_text(DRAFT)) if one.code == "reviewed-claim"]
    assert found.sentences == (5,) and "Ada Byron" in found.said and "says otherwise" in found.said


@pytest.mark.parametrize("render", [as_text, as_markdown])
@pytest.mark.parametrize("details", [False, True])
def test_every_answer_begins_with_what_needs_action_and_ends_with_what_it_is_not(result, render, details) -> None:
    said = " ".join(render(result, details).split())
    assert said.casefold().index("what needs action") < said.casefold().index("elm c.")
    assert said.endswith(" ".join(ADVICE.split()))
    shown = said.replace("contradicts itself", "")
    assert not [code for code in CODES if "-" in code and code in shown]
    assert "case_report" not in said and "bt-09" not in said


def test_the_short_form_is_short(result) -> None:
    short, whole = as_text(result).split(), as_text(result, details=True).split()
    assert len(short) < 1.5 * len(DRAFT.split()) + 150 < len(whole)


def test_a_clean_draft_says_that_this_is_no_approval() -> None:
    assert NOTHING in " ".join(as_text(make_desk().check_text("Ask at the desk where to park.")).split())


def test_a_title_that_was_not_found_can_be_looked_for(result) -> None:
    links = result["references"][2]["searches"]
    assert links["pubmed"] == "https://pubmed.ncbi.nlm.nih.gov/?term=title%20that%20no%20library%20holds%20at%20all"
    assert links["doi"].startswith("https://search.crossref.org/")
    assert result["references"][0]["searches"] == {}
    assert links["pubmed"] in as_text(result) and links["doi"] in as_text(result, details=True)


def test_a_link_holds_nothing_but_plain_characters() -> None:
    assert (
        searches("Pain & “sleep” <b>?é")["pubmed"].split("=")[1]
        == "Pain%20%26%20%E2%80%9Csleep%E2%80%9D%20%3Cb%3E%3F%C3%A9"
    )
    assert searches(" ") == {}


def test_it_says_what_was_read() -> None:
    desk = make_desk()
    assert what_was_read(desk.check_text("Sleep improved in 61% [1]." + LIST)).startswith("Abstracts were read")
    library = make_check_library("2026-11-19T06:00:00Z")
    library.connection.execute("DELETE FROM abstracts")
    library.connection.execute("INSERT INTO reports_fts(reports_fts) VALUES ('rebuild')")
    bare = Desk(library, project_tagger(), project_ledger())
    assert "No abstract was read" in what_was_read(bare.check_text("Sleep improved in 61% [1]." + LIST))
    assert "notes of this project" in what_was_read(bare.check_text("In PNT ten electrodes are put on the back."))


def test_the_draft_itself_is_whole_and_marked(result) -> None:
    pieces = marked(result)
    assert "".join(piece.text for piece in pieces) == result["text"]
    states = {piece.sentence: (piece.state, piece.labels[:1]) for piece in pieces if piece.sentence is not None}
    assert states[1] == ("act", ("retracted",)) and states[0] == ("act", ("number differs",))
    assert states[5][0] == "look"


def test_a_number_of_another_role_is_no_match() -> None:
    text = "Sleep improved in 44% of patients with usual care (PMID 90000002)."
    result = make_desk().check_text(text)
    (number,) = [n for n in result["sentences"][0]["numbers"] if n["text"] == "44%"]
    shown = as_text(result, details=True)
    assert (number["finding"] == "match") == ("“44%”: match" in shown)
