"""SQL, facets of one's own choice, whole CSV files, the download: on for one's own machine, closed to strangers."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from click.testing import CliRunner

from evidence.cli.app import evidence as command
from evidence.site.access import comes_from_here, opening
from evidence.site.server import Live, make_datasette
from evidence.site.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PUBLIC = {"public": True, "site_url": "https://example.org", "abstracts": {"pubmed": "show", "*": "hide"}}
OPENED = (
    "/evidence?sql=select+count(*)+from+reports",
    "/evidence.json?sql=select+1+as+one&_shape=array",
    "/evidence/reports?_facet=journal",
    "/evidence/reports.json?_facet=year",
    "/evidence/reports.json?_facet_array=issns",
    "/evidence/reports.json?_facet_join=report_designs.design",
    "/evidence/reports.csv?_stream=on",
    "/evidence/reports?_where=year>2019",
    "/evidence.db",
)
ALWAYS = ("/evidence", "/evidence/reports", "/evidence/reports?year=2022", "/evidence/claims.csv", "/search?q=burst")


def ask(datasette: Any, path: str, host: str = "127.0.0.1:8001", client: str = "127.0.0.1", **headers: str) -> Any:
    async def answer() -> httpx.Response:
        transport = httpx.ASGITransport(app=datasette.app(), client=(client, 5))
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8001") as http:
            return await http.get(path, headers={"host": host, **{k.replace("_", "-"): v for k, v in headers.items()}})

    return asyncio.run(answer())


@pytest.mark.parametrize("path", OPENED)
def test_open_to_ones_own_machine(datasette: Any, path: str) -> None:
    for host in ("127.0.0.1:8001", "localhost", "[::1]:8001"):
        assert ask(datasette, path, host).status_code == 200, host
    for host in ("evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8001", "192.168.1.5:8001", "", "[x"):
        response = ask(datasette, path, host)
        assert response.status_code == 403 and "machine that this site runs on" in response.text, host
    assert ask(datasette, path, client="192.168.1.7").status_code == 403
    assert ask(datasette, path, x_forwarded_for="203.0.113.5").status_code == 403, "behind a proxy"


@pytest.mark.parametrize("path", OPENED)
def test_closed_where_the_site_is_public_or_listens_to_others(evidence_db: Path, path: str) -> None:
    public = make_datasette(evidence_db=evidence_db, metadata={"plugins": {"evidence": PUBLIC}})
    shared = make_datasette(evidence_db=evidence_db, metadata=ROOT / "metadata.yml", host="0.0.0.0")
    for site in (public, shared):
        assert ask(site, path).status_code == 403


@pytest.mark.parametrize("path", ALWAYS)
def test_what_is_open_to_all(evidence_db: Path, datasette: Any, path: str) -> None:
    public = make_datasette(evidence_db=evidence_db, metadata={"plugins": {"evidence": PUBLIC}})
    for site, host in ((datasette, "127.0.0.1"), (datasette, "evil.example"), (public, "example.org")):
        response = ask(site, path, host)
        assert response.status_code == 200
        assert ('name="sql"' in response.text) is (host == "127.0.0.1" and path == "/evidence")


def test_a_whole_csv_has_every_row(datasette: Any) -> None:
    whole = ask(datasette, "/evidence/report_ids.csv?_stream=on").text.splitlines()
    total = ask(datasette, "/evidence.json?sql=select+count(*)+as+n+from+report_ids&_shape=array").json()[0]["n"]
    assert len(whole) == total + 1


def test_what_metadata_says_of_sql_is_kept(evidence_db: Path) -> None:
    closed = {"databases": {"evidence": {"allow_sql": False}}}
    site = make_datasette(evidence_db=evidence_db, metadata=closed)
    assert ask(site, OPENED[0]).status_code == 403 and ask(site, OPENED[2]).status_code == 200
    opened = make_datasette(evidence_db=evidence_db, metadata={"plugins": {"evidence": {**PUBLIC, "allow_sql": True}}})
    assert ask(opened, OPENED[0], "example.org").status_code == 200
    assert ask(opened, OPENED[2], "example.org").status_code == 403


def test_only_one_loopback_host_is_this_machine() -> None:
    scope: dict[str, Any] = {"headers": [(b"Host", b"127.0.0.1")], "client": ("127.0.0.1", 1)}
    assert comes_from_here(scope) and comes_from_here({**scope, "client": None})
    assert not comes_from_here({**scope, "headers": []})
    assert not comes_from_here({**scope, "headers": [(b"host", b"127.0.0.1"), (b"host", b"evil.example")]})


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (Settings(), "open to this machine"),
        (Settings(host="0.0.0.0"), "--host 0.0.0.0 can be reached from other machines"),
        (Settings(host="192.168.1.5"), "does not say public: true"),
        (Settings(public=True), "closed: SQL"),
    ],
)
def test_serve_says_why(settings: Settings, words: str) -> None:
    assert words in opening(settings)


def test_the_command_says_it(evidence_db: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``evidence serve`` up to the moment that it would listen."""
    project = tmp_path / "project"
    assert CliRunner().invoke(command, ["init", str(project)]).exit_code == 0
    (project / "data").mkdir(exist_ok=True)
    (project / "data" / "evidence.db").write_bytes(evidence_db.read_bytes())
    monkeypatch.setattr("evidence.site.server.uvicorn.Server.serve", lambda self, sockets: asyncio.sleep(0))
    monkeypatch.setattr(Live, "_watch", lambda self: asyncio.sleep(0))
    for host, words in (("127.0.0.1", "open to this machine"), ("0.0.0.0", "closed: SQL")):
        done = CliRunner().invoke(command, ["serve", "--project", str(project), "--host", host, "--port", "0"])
        assert done.exit_code == 0 and words in done.stderr, done.output
