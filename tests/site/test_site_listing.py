"""The table of reports as it opens: whole titles and labels, facets with counts, and the way to the search and back."""

from __future__ import annotations

import asyncio
import html
import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from evidence import yamlfile
from evidence.library.search import FACETS, Selection, from_pairs
from evidence.site.server import make_datasette
from evidence.site.state import find_site
from evidence.site.table_links import COLUMNS, THROUGH, search_pairs, table_pairs

Get = Callable[..., httpx.Response]
ROOT = Path(__file__).resolve().parents[2]
SELECTIONS = (
    "", "q=burst", "q=burst&modality=drg", "q=zzz", "modality=scs", "modality=scs&outcome=function&condition=fbss",
    "year=2022", "year=2022&year=2020", "from=2000&to=2010", "status=retracted", "status=corrected&status=retracted",
    "kind=notice", "kind=notice&kind=article", "scope=core&scope=off_topic", "scope=core", "scope=off_topic",
    "level=2", "level=none", "level=1&level=2", "design=rct", "all=1",
    "retracted=0", "q=(burst+OR+pumps)+NOT+trial&retracted=0&from=1990", "q=burst&all=1&sort=date",
)  # fmt: skip
UNSAYABLE = ("modality=scs&modality=drg", "topic=scs", "level=none&level=1")


@pytest.mark.parametrize("query", SELECTIONS)
def test_a_search_and_its_table_have_the_same_reports(datasette: Any, get: Get, query: str) -> None:
    selection = from_pairs(parse_qsl(query), find_site(datasette).known)  # type: ignore[union-attr]
    pairs = table_pairs(selection)
    assert pairs is not None
    rows = get("/evidence/reports.json", params=[*pairs, ("_shape", "array"), ("_size", "max")]).json()
    found = get(f"/search.json?{query}").json()
    assert len(rows) == found["total"]
    assert {report["id"] for report in found["reports"]} <= {row["id"] for row in rows}
    back = search_pairs(pairs)
    assert back is not None
    again = from_pairs(back, find_site(datasette).known)  # type: ignore[union-attr]
    assert {**dict(selection_of(again))} == {**dict(selection_of(selection))}


def selection_of(selection: Selection) -> list[tuple[str, Any]]:
    names = [name for name in Selection.__dataclass_fields__ if name != "sort"]
    return [(name, getattr(selection, name)) for name in names]


def test_no_facet_of_the_search_is_forgotten() -> None:
    assert set(FACETS) == {*THROUGH, *COLUMNS, "size", "topic", "trial"}


@pytest.mark.parametrize("query", UNSAYABLE)
def test_what_the_table_cannot_say_is_not_linked(datasette: Any, get: Get, query: str) -> None:
    assert table_pairs(from_pairs(parse_qsl(query), find_site(datasette).known)) is None  # type: ignore[union-attr]
    assert "As a table" not in get(f"/search?{query}").text


@pytest.mark.parametrize(
    "query",
    [
        "id__gt=5",
        "title__contains=x",
        "_through=nonsense",
        "_search=a&doi=1",
        "scope__not=off_topic",
        "_search_title=x",
    ],
)
def test_what_the_search_cannot_say_is_not_linked(query: str) -> None:
    assert search_pairs(parse_qsl(query, keep_blank_values=True)) is None


def test_the_links_lead_there_and_back(get: Get) -> None:
    page = get("/search?q=burst&modality=drg").text
    link = re.search(r'href="(/evidence/reports\?[^"]+)"[^>]*>As a table', page)
    assert link
    table = get(html.unescape(link[1])).text
    back = re.search(r'href="([^"]+)"[^>]*>The same reports on the page of the search', table)
    assert back and dict(parse_qsl(urlsplit(html.unescape(back[1])).query)) == {"q": "burst", "modality": "drg"}


def test_the_table_opens_with_whole_titles_and_labels(get: Get) -> None:
    page = get("/evidence/reports").text
    headings = re.findall(r"<th scope=\"col\"[^>]*>(?:<a[^>]*>)?([^<↑↓]+)", page)
    assert [h.strip() for h in headings] == [
        "Title", "First author", "Journal", "Year", "Design", "Level", "n", "Modalities", "Outcomes",
    ]  # fmt: skip
    row = page.split("Burst spinal cord stimulation for failed back surgery: an invented trial")[1].split("</tr>")[0]
    assert 'href="/reports/101"' in page and "Corrected" in row and ">40<" in row
    assert "SCS - burst" in row and "Pain intensity" in row and "Randomised controlled trial" in row
    assert "<script>alert" not in page


def test_facets_open_with_counts_and_combine(get: Get) -> None:
    page = get("/evidence/reports?_size=max").text
    names = re.findall(r"<details open><summary>([^<]+)", page)
    assert names == ["Modality", "Outcome", "Condition", "Study design", "Year", "Notices"]
    data = get("/evidence/reports.json?status=no_notice").json()["facet_results"]
    chosen = next(v for v in data["report_modalities.modality"]["results"] if v["value"] == "scs")
    both = get(urlsplit(chosen["toggle_url"]).path + "?" + urlsplit(chosen["toggle_url"]).query)
    rows = both.json()
    assert rows["filtered_table_rows_count"] == chosen["count"]
    design = next(v for v in rows["facet_results"]["report_designs.design"]["results"] if v["value"] == "rct")
    assert 0 < design["count"] < chosen["count"]


def test_columns_can_be_chosen(get: Get) -> None:
    page = get("/evidence/reports?_col=title&_col=doi&year=2022").text
    assert re.findall(r'<th scope="col"><a[^>]*>(\w+)', page) == ["id", "title", "doi"]
    assert '<input type="checkbox" name="_col" value="doi" checked>' in page
    assert 'name="year" value="2022"' in page and 'href="/evidence/reports?year=2022">The usual ones' in page


def test_csv_is_whole_or_marked_as_cut(get: Get, evidence_db: Path) -> None:
    assert "_stream=on" in get("/evidence/reports").text
    policy = {"public": True, "site_url": "https://example.org", "abstracts": {"pubmed": "show", "*": "hide"}}
    settings = {"max_returned_rows": 30}
    site = make_datasette(evidence_db=evidence_db, metadata={"plugins": {"evidence": policy}}, settings=settings)
    page = asyncio.run(site.client.get("/evidence/reports")).text
    assert "cut: the first 30 only" in page and "_stream" not in page and "/export?" in page
    few = asyncio.run(site.client.get("/evidence/reports?year=2022")).text
    assert "cut" not in few.split("This table as")[1]


QUERIES = yamlfile.load(ROOT / "metadata.yml").data["databases"]["evidence"]["queries"]


@pytest.mark.parametrize("name", QUERIES)
def test_canned_queries_answer(get: Get, name: str) -> None:
    page = get(f"/evidence/{name}")
    assert page.status_code == 200 and QUERIES[name]["title"] in html.unescape(page.text)
    assert f"/evidence/{name}" in get("/evidence").text
    data = get(f"/evidence/{name}.json?_shape=objects").json()
    assert data["ok"] is True if "ok" in data else "rows" in data


def test_what_researchers_ask_is_found(get: Get, evidence_db: Path) -> None:
    conn = sqlite3.connect(evidence_db)
    trials = get("/evidence/trials_by_modality_and_year.json?_shape=array").json()
    count = "SELECT count(*) FROM report_modalities t JOIN reports r ON r.id = t.report WHERE r.design = 'rct'"
    assert sum(row["trials"] for row in trials) == conn.execute(count).fetchone()[0]
    largest = get("/evidence/largest_studies_per_condition.json?_shape=array").json()
    assert [(row["report"], row["n"]) for row in largest] == [("101", 40)]
    retracted = get("/evidence/retracted_and_cited").text
    assert 'href="/reports/104"' in retracted
