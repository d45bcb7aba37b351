"""Serving: rebuilt files, foreign databases, settings that forbid."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from typing import Any

import httpx
import pytest
import site_factory as factory
import small_site
from datasette.app import Datasette

import evidence.site as plugin
from evidence.errors import StorageError, UsageError
from evidence.project import Project
from evidence.site.server import Live, make_datasette, with_local_url

ROOT = Path(__file__).resolve().parents[2]


def make_project(root: Path) -> Project:
    (root / "data").mkdir(parents=True)
    (root / "queries").mkdir()
    (root / "metadata.yml").write_text((ROOT / "metadata.yml").read_text(encoding="utf-8"), encoding="utf-8")
    return Project(root)


def one_report(path: Path, title: str) -> None:
    beside = path.with_suffix(".new")
    db = factory.new_database(beside)
    factory.add_report(db, "1", title)
    factory.finish(db, inputs_hash=title)
    beside.replace(path)


def test_a_rebuilt_file_is_served_without_a_lost_request(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    one_report(project.evidence, "The old title")

    async def run() -> tuple[str, str, list[int]]:
        live = Live(project)
        await live._current.start()
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=live), base_url="http://localhost") as client:
            old = (await client.get("/reports/1")).text
            one_report(project.evidence, "The new title")
            asking = [asyncio.create_task(client.get("/search?q=title")) for _ in range(10)]
            assert await live.refresh() is True
            codes = [response.status_code for response in await asyncio.gather(*asking)]
            new = (await client.get("/reports/1")).text
            assert await live.refresh() is False
        await live._current.close()
        return old, new, codes

    old, new, codes = asyncio.run(run())
    assert "The old title" in old and "The new title" in new and "The old title" not in new
    assert codes == [200] * 10


def test_links_follow_the_port_unless_an_address_is_set() -> None:
    untouched = {"title": "T", "plugins": {"evidence": {"site_url": "https://example.org"}}}
    assert with_local_url(untouched, "http://127.0.0.1:9000") == untouched
    for default in ({}, {"plugins": {"evidence": {"site_url": "http://127.0.0.1:8001/", "public": False}}}):
        changed = with_local_url(default, "http://127.0.0.1:9000")
        assert changed["plugins"]["evidence"]["site_url"] == "http://127.0.0.1:9000"


def test_a_file_that_cannot_be_served_leaves_the_old_one_up(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p")
    one_report(project.evidence, "The old title")

    async def run() -> str:
        live = Live(project)
        await live._current.start()
        (tmp_path / "broken").write_bytes(b"not a database" * 100)
        (tmp_path / "broken").replace(project.evidence)
        assert await live.refresh() is False
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=live), base_url="http://localhost") as client:
            text = (await client.get("/reports/1")).text
        await live._current.close()
        return text

    assert "The old title" in asyncio.run(run())


def test_missing_broken_and_foreign_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="evidence build"):
        make_datasette(evidence_db=tmp_path / "evidence.db")
    (tmp_path / "text.db").write_bytes(b"nothing like a database, and long enough" * 50)
    with pytest.raises(StorageError, match="cannot be read"):
        make_datasette(evidence_db=tmp_path / "text.db")
    sqlite3.connect(tmp_path / "other.db").execute("CREATE TABLE dogs (id INTEGER)")
    with pytest.raises(StorageError, match="not an evidence"):
        make_datasette(evidence_db=tmp_path / "other.db")


@pytest.fixture
def foreign(tmp_path: Path) -> Path:
    conn = sqlite3.connect(tmp_path / "dogs.db")
    conn.execute("CREATE TABLE dogs (id INTEGER PRIMARY KEY, name TEXT)")
    conn.execute("INSERT INTO dogs VALUES (1, 'Cleo')")
    conn.commit()
    return tmp_path / "dogs.db"


def get(datasette: Any, path: str) -> httpx.Response:
    return asyncio.run(datasette.client.get(path))


def test_a_datasette_without_our_database_is_left_alone(foreign: Path) -> None:
    assert plugin  # registered, as the entry point does
    datasette = Datasette([str(foreign)])
    home = get(datasette, "/")
    assert "dogs" in home.text and "Neuromodulation" not in home.text and "content-security-policy" not in home.headers
    assert get(datasette, "/dogs?sql=select+1").status_code == 200
    assert get(datasette, "/map").status_code == 404 and get(datasette, "/-/versions.json").status_code == 200


def test_a_foreign_database_beside_ours_keeps_its_pages(foreign: Path, evidence_db: Path) -> None:
    datasette = Datasette([str(foreign)], immutables=[str(evidence_db)])
    assert "Evidence map" in get(datasette, "/").text
    dogs = get(datasette, "/dogs/dogs")
    assert (
        "Cleo" in dogs.text and "Methods and limits" not in dogs.text and "content-security-policy" not in dogs.headers
    )
    for path in ("/dogs", "/dogs/dogs/1", "/dogs?sql=select+1"):
        response = get(datasette, path)
        assert response.status_code == 200 and "Methods and limits" not in response.text, path
    assert "Methods and limits" in get(datasette, "/evidence").text
    assert get(datasette, "/evidence?sql=select+1").status_code == 200, "one's own machine: see test_access.py"


def test_plain_datasette_works(evidence_db: Path) -> None:
    datasette = Datasette(immutables=[str(evidence_db)])
    assert get(datasette, "/reports/101").status_code == 200
    for path in ("/evidence?sql=select+1", "/evidence.db"):
        assert get(datasette, path).status_code == 200, path
        stranger = datasette.client.get(path, headers={"host": "evil.example"})
        assert asyncio.run(stranger).status_code == 403, path


def test_another_file_name_has_the_same_addresses(tmp_path: Path) -> None:
    path = small_site.small_database(tmp_path / "library-2024.db", as_of="2024-01-31")
    datasette = make_datasette(evidence_db=path)
    assert (
        get(datasette, "/evidence/reports/101").status_code == 200
        and get(datasette, "/library-2024").status_code == 404
    )
    assert "as of 2024-01-31" in get(datasette, "/reports/101").text


HERE = "https://evidence.example.org"


def with_settings(evidence_db: Path, **settings: Any) -> Any:
    return make_datasette(evidence_db=evidence_db, metadata={"plugins": {"evidence": settings}})


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"public": True, "site_url": HERE}, "abstracts is not set"),
        ({"public": True, "site_url": HERE, "abstracts": {"*": "hide"}}, "holds an abstract that metadata.yml hides"),
        ({"public": True, "abstracts": {"*": "show"}}, "must lead|lead to it"),
        ({"abstracts": {"pubmed": "perhaps"}}, "show or hide"),
        ({"site_url": "example.org"}, "must start with http"),
    ],
)
def test_settings_that_forbid_serving(evidence_db: Path, settings: dict[str, Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        with_settings(evidence_db, **settings)


def test_hidden_abstracts_are_not_shown(evidence_db: Path) -> None:
    datasette = with_settings(evidence_db, abstracts={"pubmed": "hide", "*": "hide"})
    assert "Forty people" not in get(datasette, "/reports/101").text.split("At a glance")[0]
    assert get(datasette, "/reports/101.json").json()["abstract"] == []
    assert "Forty people with" not in get(datasette, "/export?id=101").text
    assert "Forty people" not in get(datasette, "/search?q=burst").text


def test_mounted_below_a_prefix(evidence_db: Path) -> None:
    config = {"plugins": {"evidence": {"site_url": "https://example.org/tracker"}}}
    datasette = make_datasette(evidence_db=evidence_db, metadata=config, settings={"base_url": "/tracker/"})
    text = get(datasette, "/reports/101").text
    assert 'href="/tracker/search"' in text and 'href="/search' not in text
    assert get(datasette, "/reports/ris:9f").headers["location"] == "/tracker/reports/101"
    assert get(datasette, "/-/patterns").status_code == 404
    assert 'rel="canonical" href="https://example.org/tracker/reports/101"' in text
    feed = get(datasette, "/feeds/reports.xml").text
    assert 'href="https://example.org/tracker/feeds/reports.xml"' in feed and "tracker/tracker" not in feed


def test_an_empty_library_has_all_its_pages(tmp_path: Path) -> None:
    factory.finish(factory.new_database(tmp_path / "evidence.db"))
    datasette = make_datasette(evidence_db=tmp_path / "evidence.db")
    for path in (
        "/",
        "/map",
        "/map?from=2000",
        "/search",
        "/search?q=pain",
        "/search?sort=level",
        "/topics",
        "/tags",
        "/tags/modality/scs",
        "/claims",
    ):
        assert get(datasette, path).status_code == 200, path
    for path in (
        "/articles",
        "/changes",
        "/about",
        "/feeds/reports.xml",
        "/feeds/search.xml?modality=scs",
        "/evidence",
    ):
        assert get(datasette, path).status_code == 200, path
    assert get(datasette, "/export?modality=scs&format=csl-json").json() == []
