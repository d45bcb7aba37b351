"""Searching by any name: of tags, of authors beside a year, in other spellings, mistyped; and pages that are empty."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest
import site_factory as factory
import yaml

from evidence.derive import spelling
from evidence.derive.facet_index import FacetIndex
from evidence.derive.search_names import keys_of, names_of
from evidence.library.search import Hits, Selection, search
from evidence.site.pages.search import quoted
from evidence.site.server import make_datasette

SYNONYMS = {
    ("modalities", "pens"): "needle stimulation therapy; PENS; PNT",
    ("modalities", "drg"): "DRG; DRG-S",
    ("modalities", "tens"): "TENS; TEN",
    ("conditions", "fbss"): "failed back surgery; FBSS; PSPS; paraesthesia-free pain",
    ("outcomes", "opioid_use"): "opioid sparing; MME; ACT",
}
NEEDLES = {"modality": ("pens",)}
# id, title, year, authors, tags, abstract
REPORTS = (
    ("801", "Percutaneous electrical nerve stimulation of kestrels", 2016, ("Wexel TR", "Lindqv A"), NEEDLES, ""),
    ("802", "Needles and electricity: a tagged report", 2017, ("Lindqv A",), NEEDLES, ""),
    ("803", "PENS were written with", 2016, ("Ardent B", "Wexel TR"), {}, ""),
    ("804", "After the operation on the back", 2018, ("Wexel TR",), {"condition": ("fbss",)}, "Randomised falcons."),
    ("805", "A randomized comparison of analyzed data", 2018, ("van der Ling J",), {}, "Tumours and anaesthesia."),
    ("806", "Wexel revisited: stimulation of ospreys", 2019, ("Long P",), {}, "Stimulation for a long time."),
    ("807", "Opioids in harriers", 2020, ("Merle-Ponti M",), {"outcome": ("opioid_use",)}, "Ten acts."),
)  # fmt: skip


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("names") / "evidence.db"
    db = factory.new_database(path)
    for (table, tag), synonyms in SYNONYMS.items():
        db.conn.execute(f"UPDATE {table} SET synonyms = ? WHERE id = ?", [synonyms, tag])
    for report, title, year, authors, tags, abstract in REPORTS:
        text = (("", abstract),) if abstract else ()
        factory.add_report(
            db, report, title, year=year, tags=tags, abstract=text, first_author=authors[0], pmcid=f"PMC{report}"
        )
        db.conn.execute("DELETE FROM authors WHERE report = ?", [report])
        for position, name in enumerate(authors):
            family = name.rsplit(" ", 1)[0]
            factory.insert(db, "authors", report=report, position=position, name=name, family=family, given=name[-1])
    factory.finish(db)
    return path


@pytest.fixture(scope="module")
def library(path: Path) -> tuple[sqlite3.Connection, FacetIndex]:
    conn = sqlite3.connect(path)
    return conn, FacetIndex.load(conn)


def ask(library: tuple[sqlite3.Connection, FacetIndex], text: str) -> tuple[list[str], Hits]:
    hits = search(*library, Selection(text=text))
    by_row = dict(library[0].execute("SELECT rowid, id FROM reports"))
    return [by_row[row] for row in hits.rowids], hits


@pytest.mark.parametrize(
    ("typed", "found", "told"),
    [
        # names of tags: the reports tagged so, those that write it out, and those with the word
        ("PENS", "801 802 803", "Also searched: “Percutaneous electrical nerve stimulation”, and reports tagged"),
        ("pnt", "801 802", "reports tagged Percutaneous"),
        ("percutaneous electrical nerve stimulation", "801 802", "Also searched: reports tagged Percutaneous"),
        ("needle stimulation therapy", "801 802", "reports tagged Percutaneous"),
        ("FBSS", "804", "reports tagged Persistent"),
        ("psps operation", "804", "reports tagged Persistent"),
        ("paresthesia free pain", "804", "reports tagged Persistent"),
        ("PENS OR FBSS", "801 802 803 804", "reports tagged Persistent"),
        ("PENS -kestrels", "802 803", "reports tagged Percutaneous"),
        ("PENS needles", "802", "reports tagged Percutaneous"),
        ("MME", "807", "reports tagged Opioid"),
        ('"PENS"', "803", "“PENS” is what a tag is called"),
        ("PENS[tiab]", "803", ""),
        ("pens*", "803", ""),
        ("opioid sparing", "", "“opioid sparing” is what a tag is called"),
        # short forms that are words: only in capitals
        ("ten acts", "807", ""),
        ("act", "807", "is what a tag is called"),
        ("ACT", "807", "reports tagged Opioid"),
        # other spellings
        ("randomised", "804 805", "Also searched: “randomized”"),
        ("randomized", "804 805", "Also searched: “randomised”"),
        ('"randomized"', "805", ""),
        ("analysed", "805", "“analyzed”"),
        ("tumor anesthesia", "805", "“anaesthesia”"),
        # mistyped words, names
        ("kestrles", "801", "“kestrels” was searched instead"),
        ("percutaneos electrcial", "801", "“electrical” was searched instead"),
        ("falcns OR ospreys", "804 806", "“falcons” was searched instead"),
        ('"kestrles"', "", ""),
        ("kestrles[ti]", "", ""),
        ("zzzzzz", "", ""),
        ("Merlponti", "", ""),
        ("Ardnet", "803", "the author “Ardent” was looked for instead"),
        ("ardnet", "", "Did you mean the author “Ardent”?"),
        # a word of texts that is a family name too, where no text has all the words
        ("Long ospreys", "806", ""),
        ("Long electricity", "", ""),
        ("Wexel back", "804", "“Wexel” was also looked for as an author"),
    ],
)
def test_found(library: tuple[sqlite3.Connection, FacetIndex], typed: str, found: str, told: str) -> None:
    ids, hits = ask(library, typed)
    assert sorted(ids) == sorted(found.split()), hits.notes
    notes = " ".join(note.text for note in hits.notes)
    assert told in notes and (told or not notes), notes


@pytest.mark.parametrize(
    ("typed", "first", "all_found"),
    [
        ("Wexel 2016", "801", "801 803"),
        ("wexel 2016", "801", "801 803"),
        ("Wexel TR 2016", "801", "801 803"),
        ("Wexel et al., 2016", "801", "801 803"),
        ("Wexel and Lindqv 2016", "801", "801"),
        ("Lindqv and Wexel 2016", "801", "801"),
        ("Wexel (2018)", "804", "804"),
        ("Wexel 2018 falcons", "804", "804"),
        ("2016 Wexel", "801", "801 803"),
        ("Wexle 2016", "801", "801 803"),
        ("Wexel 2020", "", ""),
        ("van der Ling 2018", "805", "805"),
        ("Ling 2018", "805", "805"),
        ("Merle-Ponti 2020", "807", "807"),
        ("Long 2019", "806", "806"),
        ("Lindqv 2016 Journal of Invented Pain", "801", "801"),
    ],
)
def test_author_and_year(
    library: tuple[sqlite3.Connection, FacetIndex], typed: str, first: str, all_found: str
) -> None:
    ids, hits = ask(library, typed)
    assert ids[:1] == first.split() and sorted(ids) == all_found.split(), hits.notes


def test_spellings_find_one_another_and_nothing_else() -> None:
    entries = yaml.safe_load(spelling.RULES.read_text(encoding="utf-8"))
    pairs = [pair.split() for entry in entries for pair in entry["pairs"]]
    alone = {word for entry in entries for word in entry["alone"]}
    lexicon = {word for pair in pairs for word in pair} | alone
    for british, american in pairs:
        assert american in spelling.other_spellings(british) and british in spelling.other_spellings(american), british
        assert spelling.american(british) == spelling.american(american), british
    for word in alone:
        assert not lexicon & set(spelling.other_spellings(word)), word
    for entry in entries:
        assert entry["pairs"], entry


@pytest.mark.parametrize(
    ("facet", "label", "name", "kinds"),
    [
        ("modality", "Needles", "PENS", "=?"),
        ("modality", "Needles", "TEN", "!?"),
        ("modality", "Needles", "SCS", "=?"),
        ("modality", "Needles", "needle therapy", "~?"),
        ("modality", "Needles", "vertis", "=?"),
        ("condition", "Epilepsy", "Epilepsy", "=?"),
        ("condition", "Knee pain", "knee", "?"),
        ("outcome", "Sleep", "insomnia", "?"),
        ("outcome", "Opioid use", "MME", "!?"),
    ],
)
def test_how_a_name_is_compared(facet: str, label: str, name: str, kinds: str) -> None:
    assert "".join(key[0] for key in keys_of(facet, label, name)) == kinds


def test_brackets_of_labels() -> None:
    assert names_of("Burst (type not specified)") == ["Burst"]
    assert names_of("A and B (CD)", "E") == ["A and B", "CD", "E"]


@pytest.mark.parametrize(
    ("text", "typed", "becomes"),
    [
        ("PENS back", "PENS", '"PENS" back'),
        ("pens", "PENS", '"PENS"'),
        ("a back  pain b", "back pain", 'a "back pain" b'),
        ('"PENS" pens', "pens", '"PENS" "pens"'),
        ("pens*", "pens", ""),
        ("a.b", "a?b", ""),
    ],
)
def test_one_click_off(text: str, typed: str, becomes: str) -> None:
    assert quoted(text, typed) == becomes


# -- The page ------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def site(path: Path) -> Any:
    return make_datasette(evidence_db=path)


def get(site: Any, path: str, **params: str) -> httpx.Response:
    return asyncio.run(site.client.get(path, params=params or None))


def test_what_was_searched_is_said_and_is_one_click_off(site: Any) -> None:
    page = get(site, "/search", q="PENS electricity", modality="pens").text
    assert "Also searched" in page and "/search?q=%22PENS%22+electricity&amp;modality=pens" in page
    assert 'href="/tags/modality/pens"' in page
    note = get(site, "/search.json", q="PENS electricity").json()["notes"][0]
    assert note["query"] == '"PENS" electricity' and note["tag"]["id"] == "pens"


@pytest.mark.parametrize("name", ["10.5555/801", "https://doi.org/10.5555/801", "PMID 801", "PMC801", "pmid:801"])
def test_an_id_goes_to_its_report(site: Any, name: str) -> None:
    response = get(site, "/search", q=name)
    assert response.status_code == 302 and response.headers["location"] == "/reports/801"
    assert get(site, "/search.json", q=name).json()["known_item"] == "801"
    assert get(site, "/search", q=name, sort="date").status_code == 200
    assert get(site, "/search", q=f"{name} PMID 802").status_code == 200


def test_an_empty_page_says_which_filter_empties_it(site: Any) -> None:
    data = get(site, "/search.json", q="kestrels", modality="drg").json()
    assert [(one["filter"], one["count"]) for one in data["narrowed_by"]] == [("Modality", 1)]
    page = get(site, "/search", q="kestrels", modality="drg").text
    assert "because of a filter" in page and "Without “Modality”" in page and "1 report" in page
    years = get(site, "/search.json", **{"q": "kestrels", "from": "2020"}).json()["narrowed_by"]
    assert [one["filter"] for one in years] == ["Years"] and years[0]["pairs"] == [["q", "kestrels"]]
    both = get(site, "/search.json", q="kestrels", modality="drg", year="2020").json()
    assert both["narrowed_by"] == [] and both["found_by_part"] == []


def test_an_empty_page_says_what_each_part_finds(site: Any) -> None:
    data = get(site, "/search.json", q="kestrels harriers").json()
    assert data["found_by_part"] == [{"part": "kestrels", "count": 1}, {"part": "harriers", "count": 1}]
    assert "<code>harriers</code> alone: 1 report" in get(site, "/search", q="kestrels harriers").text
    assert get(site, "/search.json", q="kestrels").json()["found_by_part"] == []
