"""The evidence map: what a cell counts and where it leads."""

from __future__ import annotations

import re
from collections.abc import Callable

import httpx
import pytest

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
