"""The evidence map: what a cell counts and where it leads."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest
import site_factory as factory

from evidence.site.server import make_datasette

Get = Callable[..., httpx.Response]


def test_map_counts_studies_and_shows_holes(get: Get) -> None:
    data = get("/map.json").json()["map"]
    columns = [column["id"] for column in data["columns"]]
    rows = {row["id"]: row["cells"] for row in data["rows"]}
    burst = rows["scs_burst"][columns.index("pain_relief")]
    assert burst["count"] == 1 and [part["level"] for part in burst["levels"]] == ["2"]
    hole = rows["pens"][columns.index("opioid_use")]
    assert (hole["count"], hole["claims"]) == (0, 1)
    assert rows["itdd"][columns.index("opioid_use")] is None  # its only report is retracted
    assert get("/map.json?all=1").json()["map"]["rows"]
    assert rows["scs"][columns.index("opioid_use")]["claims"] == 1  # the claim about its child


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("/map?unit=reports", "total"),
        ("/map?unit=studies", "studies"),
        ("/map?facet=condition&unit=reports&design=rct&from=1995", "total"),
        ("/map?unit=reports&status=retracted", "total"),
        ("/map?unit=reports&all=1", "total"),
    ],
)
def test_map_cells_lead_to_just_those_reports(get: Get, address: str, counted: str) -> None:
    cells = re.findall(r'class="cell" href="([^"]+)"[^>]*>([\d,]+)<', get(address).text)
    assert cells
    for link, count in cells[:12]:
        assert get(link.replace("&amp;", "&").replace("/search", "/search.json")).json()[counted] == int(count), link


def test_stored_and_filtered_maps_agree(get: Get) -> None:
    for facet in ("outcome", "condition"):
        for unit in ("studies", "reports"):
            stored = get(f"/map.json?facet={facet}&unit={unit}").json()["map"]
            filtered = get(f"/map.json?facet={facet}&unit={unit}&from=1000").json()["map"]
            assert stored["rows"] == filtered["rows"]


def test_columns_are_those_that_have_studies(tmp_path: Path) -> None:
    db = factory.new_database(tmp_path / "evidence.db")
    for number in range(3):
        tags = {"modality": ("scs", "drg", "tens")[number : number + 1], "condition": ("fbss",)}
        factory.add_report(db, str(number + 1), "Invented title that names no outcome", tags=tags)
    factory.finish(db)
    datasette = make_datasette(evidence_db=tmp_path / "evidence.db")
    for path, facet in (("/map.json", "condition"), ("/index.json", None), ("/map.json?facet=outcome", "outcome")):
        answer = asyncio.run(datasette.client.get(path)).json()
        assert answer["map"]["facet"] == (facet or "condition"), path


def test_bars_of_all_modalities_have_one_scale_and_lead_to_their_reports(get: Callable[..., httpx.Response]) -> None:
    trends = get("/map.json").json()["trends"]
    highest = max(bar["reports"] for trend in trends for bar in trend["bars"])
    assert {trend["highest"] for trend in trends} == {highest}
    for trend in trends:
        for bar in trend["bars"]:
            assert bar["height"] == round(1 + 31 * bar["reports"] / highest, 1)
    page = get("/map").text
    for modality, bar in [(trend["id"], bar) for trend in trends[:2] for bar in trend["bars"][:3]]:
        link = f"/search?retracted=0&modality={modality}&year={bar['year']}"
        assert page.count(link.replace("&", "&amp;") + '"') == 2, "from the bar, and from the table"
        assert get(link.replace("/search?", "/search.json?")).json()["total"] == bar["reports"]
