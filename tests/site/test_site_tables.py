"""Datasette's own pages over our tables: addresses of rows, and the site's search on the table of reports."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import site_factory as factory
from datasette.utils import tilde_encode
from test_site_hostile import ask_raw

from evidence.site.server import make_datasette
from evidence.site.state import find_site

Get = Callable[..., httpx.Response]
ROOT = Path(__file__).resolve().parents[2]


def keys(path: Path) -> dict[str, list[str]]:
    """Table → the parts of one row's key, as strings; tables without rows are left out."""
    conn = sqlite3.connect(path)
    conn.row_factory = sqlite3.Row
    found = {}
    for (table,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        names = [row["name"] for row in conn.execute(f'PRAGMA table_info("{table}")') if row["pk"]] or ["rowid"]
        rowid = "rowid, " if names == ["rowid"] else ""
        row = conn.execute(f'SELECT {rowid}* FROM "{table}" LIMIT 1').fetchone()
        if row and not any(isinstance(row[name], bytes) for name in names):
            found[table] = [str(row[name]) for name in names]
    return found


def odd_addresses(parts: list[str]) -> list[str]:
    encoded = [tilde_encode(part) for part in parts]
    whole = ",".join(encoded)
    return [
        "%2C".join(encoded), "%2c".join(encoded), "~2C".join(encoded), "%7E2C".join(encoded), "%252C".join(encoded),
        encoded[0], f"{whole},", f",{whole}", f"{whole},x", ",".join(reversed(encoded)), ",,,,,", "~", "~ZZ", "~F",
        "~FF", "~00", "~2C", "%00", "%ff", "%2F", "9" * 30, "x" * 3000, ".json", f"{whole}.nope", f"{whole}/x",
        f"{encoded[0]}.json", f"{whole}.blob", f"{whole}.blob?_blob_column=nope", f"{whole}?_extras=foreign_key_tables",
        f"{encoded[0]}?_extras=foreign_key_tables", f"{whole}.json?_shape=nope", f"{whole}?_col=nope",
    ]  # fmt: skip


def test_no_address_of_a_row_is_a_500(datasette: Any, evidence_db: Path, capfd: pytest.CaptureFixture[str]) -> None:
    async def ask() -> list[Any]:
        wrong = []
        for table, parts in keys(evidence_db).items():
            for address in odd_addresses(parts):
                path = f"/evidence/{table}/{address}"
                status, _, text = await ask_raw(datasette.client.app, path)
                if status not in (200, 302, 400, 404) or "Traceback" in text:
                    wrong.append((path[:100], status))
        return wrong

    assert asyncio.run(ask()) == []
    out, err = capfd.readouterr()
    assert out + err == "", "a stranger's address writes no line"


def test_every_row_has_its_address(datasette: Any, evidence_db: Path) -> None:
    tables = keys(evidence_db)
    assert sum(len(parts) > 1 for parts in tables.values()) > 15

    async def ask() -> list[Any]:
        wrong = []
        for table, parts in tables.items():
            for comma in (",", "%2C", "%2c"):
                for suffix in ("", ".json"):
                    path = f"/evidence/{table}/{comma.join(map(tilde_encode, parts))}{suffix}"
                    status = (await ask_raw(datasette.client.app, path))[0]
                    if status != 200:
                        wrong.append((path, status))
        return wrong

    assert asyncio.run(ask()) == []


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/evidence/authors/101", "the key of authors has 2 parts"),
        ("/evidence/authors/101,0,5", "the key of authors has 2 parts"),
        ("/evidence/relations/107", "the key of relations has 3 parts"),
        ("/evidence/reports/101,102", "the key of reports has one part"),
        ("/evidence/report_texts/1", "A view has no rows"),
        ("/evidence/authors/101,99", "nothing at this address"),
    ],
)
def test_what_is_wrong_with_a_key_is_said(get: Get, path: str, words: str) -> None:
    response = get(path)
    assert response.status_code == 404 and words in response.text
    as_json = get(f"{path}.json")
    assert as_json.status_code == 404 and as_json.json()["ok"] is False


def test_a_comma_within_a_value_is_not_one_between_values(tmp_path: Path) -> None:
    db = factory.new_database(tmp_path / "evidence.db")
    factory.add_report(db, "doi:10.5555/a,b", "A title", source="ris")
    factory.finish(db)
    site = make_datasette(evidence_db=tmp_path / "evidence.db")
    for address, status in (("doi~3A10~2E5555~2Fa~2Cb", 200), ("doi~3A10~2E5555~2Fa,b", 404), ("doi~3A10~2E5555", 404)):
        assert asyncio.run(site.client.get(f"/evidence/reports/{address}")).status_code == status, address


# -- ?_search= ----------------------------------------------------------------------------------------------------


def found(get: Get, query: str) -> set[str]:
    response = get(f"/evidence/reports.json?_shape=array&_size=200&{query}")
    assert response.status_code == 200, response.text
    return {row["id"] for row in response.json()}


def test_search_on_reports_is_the_sites_search(get: Get) -> None:
    for text in (
        "burst",
        "burst trial",
        "burst -trial",
        "(burst AND trial) OR pumps",
        "NOT invented",
        "stimulat*",
        "101 102",
    ):
        answer = get("/search.json", params={"q": text, "all": "1"}).json()
        ids = {report["id"] for report in answer["reports"]}
        rows = get("/evidence/reports.json", params={"_shape": "array", "_size": "200", "_search": text}).json()
        assert len(rows) == answer["total"] and ids <= {row["id"] for row in rows}, text
    assert found(get, "_search=") == found(get, "")


def test_search_goes_with_every_other_filter(get: Get) -> None:
    burst = found(get, "_search=burst")
    assert {"101", "102", "103"} <= burst < found(get, "")
    assert found(get, "_search=burst&year=2022") == {"102"}
    assert found(get, "_search=burst&status=corrected") == {"101"}
    through = '{"table":"report_modalities","column":"modality","value":"drg"}'
    assert found(get, f"_search=burst&_through={through}") == {"103"}
    assert found(get, "_search_title=results") == {"102"} and found(get, "_search_abstract=results") == set()
    assert found(get, "_search=burst&_search_title=results") == {"102"}
    assert get("/evidence/reports.csv?_search=results").text.count("\n") == 2


def test_the_table_page_shows_the_search(get: Get) -> None:
    page = get("/evidence/reports?_search=burst+OR+pumps").text
    assert 'name="_search" value="burst OR pumps"' in page and "found by burst OR pumps" in page
    assert "_search=burst" in page.split("This table as")[1]
    facets = get("/evidence/reports.json?_search=burst").json()["facet_results"]
    assert {v["value"] for v in facets["report_modalities.modality"]["results"]} == {"scs", "scs_burst", "drg"}


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("reports?_search=(burst", "is not closed"),
        ("reports?_search=a*", "at least three letters"),
        ("reports?_search=" + "x" * 1001, "longer than 1000"),
        ("reports?_search_nope=burst", "takes _search, _search_title, _search_abstract"),
        ("reports?_search=burst&_searchmode=raw", "_searchmode is not read here"),
        ("reports?_search=burst&_fts_table=reports_fts", "_fts_table is not read here"),
        ("authors?_search=burst", "the table reports takes"),
        ("reports_fts?_search=burst", "the table reports takes"),
    ],
)
def test_a_search_that_cannot_be_answered_is_a_400(get: Get, query: str, words: str) -> None:
    for path in (query, query.replace("?", ".json?", 1)):
        response = get(f"/evidence/{path}")
        assert response.status_code == 400 and words in response.text, path


def test_a_long_search_on_the_table_has_its_own_thread(
    datasette: Any, get: Get, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = found(get, "_search=burst+OR+stimulation")
    readers = find_site(datasette).readers
    monkeypatch.setattr(readers, "ORDINARY_POSTINGS", 1, raising=False)
    asked = []
    run = readers.searches.run
    monkeypatch.setattr(readers.searches, "run", lambda read: asked.append(read) or run(read))
    assert found(get, "_search=burst+OR+stimulation&_nocol=pmid") == expected and len(asked) == 1
