"""Reports by year, by year and design, by year and sample size: what is drawn is what its links find."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from html import unescape
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpx
import pytest
import site_factory as factory

from evidence.library.search import Selection
from evidence.model import SAMPLE_SIZES
from evidence.site.pages.charts import LARGEST_DOT, SMALLEST_DOT
from evidence.site.server import make_datasette
from evidence.site.table_links import search_pairs, table_pairs

Get = Callable[..., httpx.Response]
PAGES = ("/tags/modality/scs", "/tags/condition/fbss", "/topics/scs")


@pytest.mark.parametrize("page", PAGES)
def test_every_number_of_the_tables_is_what_its_year_finds(get: Get, page: str) -> None:
    text = get(page).text
    rows = re.findall(r'<a href="([^"]+)" rel="nofollow">(\d{4})</a>(?:: |</th><td class="num">)(\d+)', text)
    assert rows
    for link, year, count in rows[:40]:
        assert f"year={year}" in link
        assert get(unescape(link).replace("/search", "/search.json")).json()["total"] == int(count), link


@pytest.mark.parametrize("page", PAGES)
def test_what_is_drawn_stands_in_a_table_too(get: Get, page: str) -> None:
    text = get(page).text
    drawn = re.findall(r'<a href="([^"]+)" tabindex="-1" rel="nofollow"><(?:rect|circle) ', text)
    listed = re.findall(r'<a href="([^"]+year=\d{4})" rel="nofollow">\d{4}</a>', text)
    assert drawn and set(drawn) == set(listed)
    assert not re.search(r"<svg(?![^>]*aria-hidden)[^>]*>(?:(?!</svg>).)*tabindex", text)


def made(tmp_path: Path, reports: list[dict[str, Any]]) -> Get:
    db = factory.new_database(tmp_path / "evidence.db")
    for number, report in enumerate(reports):
        factory.add_report(db, str(number + 1), f"Invented title {number}", **report)
    factory.finish(db)
    datasette = make_datasette(evidence_db=tmp_path / "evidence.db")
    return lambda path: asyncio.run(datasette.client.get(path))


def tagged(year: int, design: str = "rct", **more: Any) -> dict[str, Any]:
    return {"year": year, "tags": {"modality": ("scs",), "design": (design,)}, **more}


def test_areas_are_in_proportion_and_no_dot_meets_another(tmp_path: Path) -> None:
    get = made(tmp_path, [tagged(2001)] * 16 + [tagged(2002)] * 4 + [tagged(2003, "cohort")])
    plot = get("/tags/modality/scs.json").json()["charts"]["design"]
    radius = {(row["id"], dot["year"]): dot["r"] for row in plot["rows"] for dot in row["dots"]}
    assert radius == {("rct", 2001): LARGEST_DOT, ("rct", 2002): LARGEST_DOT / 2, ("cohort", 2003): SMALLEST_DOT}
    places = sorted(dot["x"] for row in plot["rows"] for dot in row["dots"])
    assert all(b - a >= 2 * LARGEST_DOT for a, b in pairwise(places))
    assert plot["highest"] == 16 and all(0 < place < plot["width"] for place in places)


@pytest.mark.parametrize(
    ("size", "row"),
    [(1, "1-9"), (9, "1-9"), (10, "10-19"), (19, "10-19"), (49, "20-49"), (50, "50-99"), (199, "100-199"),
     (200, "200-499"), (999, "500-999"), (1000, "1000-up"), (250_000, "1000-up"), (0, None), (None, None)],
)  # fmt: skip
def test_a_sample_size_stands_in_its_row(tmp_path: Path, size: int | None, row: str | None) -> None:
    get = made(tmp_path, [tagged(2001, sample_size=size), tagged(2002)])
    plot = get("/tags/modality/scs.json").json()["charts"]["size"]
    assert [(one["id"], one["total"]) for one in plot["rows"]] == [(row, 1)] if row else plot is None


def test_what_came_before_and_what_is_misdated(tmp_path: Path) -> None:
    get = made(tmp_path, [tagged(1971), tagged(2001), tagged(2001), tagged(9051)])
    charts = get("/tags/modality/scs.json").json()["charts"]
    assert [bar["year"] for bar in charts["years"]["bars"]] == [2001] and charts["years"]["earlier"] == 1
    assert charts["design"]["rows"][0]["total"] == 3 and charts["design"]["rows"][0]["earlier"] == 1
    assert "before 1985: 1" in get("/tags/modality/scs").text


@pytest.mark.parametrize("reports", [[], [tagged(2001)], [tagged(1971), tagged(1972)], [tagged(9051), tagged(9052)]])
def test_no_chart_where_there_is_no_trend(tmp_path: Path, reports: list[dict[str, Any]]) -> None:
    get = made(tmp_path, reports)
    assert get("/tags/modality/scs.json").json()["charts"] is None
    assert get("/tags/modality/scs").status_code == 200 and "Reports by year" not in get("/tags/modality/scs").text


def test_sizes_filter_a_search_and_lead_to_the_table_and_back(get: Get) -> None:
    for size in SAMPLE_SIZES:
        pairs = table_pairs(Selection(size=(size,), everything=True))
        assert pairs is not None and search_pairs(pairs) == [("size", size), ("all", "1")]
    assert table_pairs(Selection(size=("1-9", "10-19"))) is None
    assert search_pairs([("sample_size__gte", "11")]) is None
    assert get("/search?size=5-7").status_code == 400
    facets = {facet["name"]: facet for facet in get("/search.json").json()["facets"]}
    order = [value["value"] for value in facets["size"]["values"]]
    assert order and order == [size for size in SAMPLE_SIZES if size in order]
    for value in facets["size"]["values"]:
        assert get(f"/search.json?size={value['value']}").json()["total"] == value["count"]
