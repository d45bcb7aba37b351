"""Hostile input: a clear 4xx, escaped output, no 500."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import site_factory as factory

from evidence.site.server import make_datasette

Get = Callable[..., httpx.Response]
PAYLOADS = (
    factory.SCRIPT,
    "' OR 1=1 --",
    '"; DROP TABLE reports; --',
    "1) UNION SELECT sql FROM sqlite_master --",
    "../../etc/passwd",
    "%",
    "{{7*7}}",
    "a" * 900,
    "\u202e\u0000abc".replace("\0", ""),
    "*" * 50,
    '"' * 31,
    "-" * 40,
    "NEAR(",
    "\ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
)
PARAMETERS = {
    "/search": (
        "q",
        "modality",
        "outcome",
        "condition",
        "design",
        "level",
        "year",
        "status",
        "kind",
        "scope",
        "topic",
        "from",
        "to",
        "sort",
        "page",
        "all",
    ),
    "/map": ("facet", "unit", "layer", "design", "level", "from", "to", "status"),
    "/claims": ("fidelity", "direction", "status", "modality", "reopened"),
    "/changes": ("since",),
    "/trials": ("state", "modality", "topic", "page"),
    "/export": ("id", "format", "q"),
    "/feeds/search.xml": ("q", "modality"),
    "/evidence/reports": (
        "_sort",
        "_sort_desc",
        "_facet",
        "_through",
        "_search",
        "_next",
        "_size",
        "_where",
        "_col",
        "_nocol",
        "id__gt",
        "_timelimit",
        "_shape",
        "_labels",
    ),
    "/evidence": ("sql", "_timelimit"),
    "/evidence/open_claims": ("x", "_timelimit", "_size"),
}


@pytest.mark.parametrize("path", PARAMETERS)
def test_no_parameter_breaks_a_page(get: Get, path: str) -> None:
    for name in PARAMETERS[path]:
        for payload in PAYLOADS:
            response = get(path, params={name: payload})
            assert response.status_code < 500, (path, name, payload, response.status_code)
            if response.headers["content-type"].startswith("text/html"):
                assert factory.SCRIPT not in response.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/search?modality=nope", 400),
        ("/search?sort=nope", 400),
        ("/search?colour=red", 400),
        ("/search?page=0", 400),
        ("/search?page=999", 400),
        ("/search?page=x", 400),
        ("/search?from=abc", 400),
        ("/map?facet=nope", 400),
        ("/about?x=1", 400),
        ("/export?format=doc&q=burst", 400),
        ("/export?id=999", 400),
        ("/search?q=%00", 400),
        ("/search?q=%ff%fe", 400),
        ("/search?" + "q=a&" * 300, 400),
        ("/search?q=" + "a" * 100_000, 414),
        ("/" + "a" * 20_000, 414),
        ("/reports/%00", 404),
        ("/reports/%ff", 404),
        ("/reports/../about", 404),
        ("/reports/..%2f..%2fetc%2fpasswd", 404),
        ("//example.org/", 404),
        ("/%2fexample.org", 404),
        ("/\\example.org", 404),
        ("/%5cexample.org", 404),
        ("/search%0d%0aX-Bad:1", 404),
        ("/evidence?sql=select+1", 403),
        ("/evidence.json?sql=select+1", 403),
        ("/evidence.db", 403),
        ("/evidence/reports?_sort=nope", 400),
        ("/evidence/reports?_through=notjson", 400),
        ("/evidence/reports?_sort=id&_sort_desc=id", 400),
        ("/evidence/reports?_timelimit=x", 400),
        ("/evidence/nope", 404),
        ("/nope", 404),
        ("/-/patterns", 404),
        ("/-/messages", 404),
        ("/-/allow-debug", 404),
        ("/-/permissions", 404),
        ("/-/logout", 404),
        ("/-/threads.json", 404),
        ("/search?utm_source=mail", 200),
    ],
)
def test_clear_answers(datasette: Any, path: str, status: int) -> None:
    # Straight to ASGI: an HTTP client would tidy these addresses up before sending them.
    answer, headers, text = asyncio.run(ask_raw(datasette.client.app, path))
    assert answer == status, text[-300:]
    assert headers[b"content-security-policy"].startswith(b"default-src 'none'")
    assert "location" not in {name.decode() for name in headers} or not headers[b"location"].startswith((b"//", b"/\\"))


async def ask_raw(app: Any, path: str, method: str = "GET", body: bytes = b"") -> tuple[int, dict[bytes, bytes], str]:
    raw_path, _, query = path.partition("?")
    from urllib.parse import unquote

    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path, errors="replace"),
        "raw_path": raw_path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "headers": [(b"host", b"evil.example")],
        "server": ("127.0.0.1", 8001),
        "client": ("127.0.0.1", 5),
    }
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    text = b"".join(message.get("body", b"") for message in sent[1:]).decode()
    return sent[0]["status"], {name.lower(): value for name, value in sent[0]["headers"]}, text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST", "PATCH"])
def test_only_reading(datasette: Any, method: str) -> None:
    assert asyncio.run(ask_raw(datasette.client.app, "/search", method))[0] == 405


def test_the_host_header_is_never_used(datasette: Any) -> None:
    for path in ("/", "/reports/101", "/feeds/reports.xml", "/evidence/reports", "/-/openapi.json", "/nope"):
        assert "evil.example" not in asyncio.run(ask_raw(datasette.client.app, path))[2], path


def test_every_answer_carries_the_security_headers(get: Get) -> None:
    for path in (
        "/",
        "/search.json",
        "/static/site.css",
        "/feeds/reports.xml",
        "/nope",
        "/evidence/reports",
        "/export?id=101",
        "/check",
    ):
        headers = get(path).headers
        assert (
            "unsafe" not in headers["content-security-policy"]
            and "default-src 'none'" in headers["content-security-policy"]
        ), path
        assert headers["x-content-type-options"] == "nosniff" and "referrer-policy" in headers, path


def test_slow_sql_is_stopped_and_says_so(monkeypatch: pytest.MonkeyPatch, get: Get) -> None:
    monkeypatch.setattr("evidence.site.web.TIME_LIMIT_MS", 1)
    monkeypatch.setattr(
        "evidence.library.search.RANKED",
        "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c WHERE x < 0 AND ? IS NOT NULL",
    )
    response = get("/search?q=endless")
    assert response.status_code == 503 and "took too long" in response.text
    assert response.headers["retry-after"] == "5"


def test_a_bug_is_a_500_that_tells_nothing(
    monkeypatch: pytest.MonkeyPatch, get: Get, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("evidence.site.web.search", lambda *args, **named: 1 / 0)
    response = get("/search?q=secretword")
    assert response.status_code == 500 and "ZeroDivision" not in response.text and "ZeroDivisionError" in caplog.text


def test_public_mode(tmp_path: Path, evidence_db: Path) -> None:
    config = {"public": True, "site_url": "https://example.org", "abstracts": {"pubmed": "show", "*": "hide"}}
    datasette = make_datasette(evidence_db=evidence_db, metadata={"plugins": {"evidence": config}})
    client = datasette.client
    for path in (
        "/-/versions.json",
        "/-/plugins.json",
        "/-/settings.json",
        "/-/databases.json",
        "/-/metadata.json",
        "/-/actor.json",
    ):
        assert asyncio.run(client.get(path)).status_code == 404, path
    assert "noindex" not in asyncio.run(client.get("/")).text
    assert 'href="https://example.org/reports/101"' in asyncio.run(client.get("/reports/101")).text
    sitemap = asyncio.run(client.get("/sitemap.xml", headers={"host": "evil.example"}))
    places = re.findall(r"<loc>([^<]+)</loc>", sitemap.text)
    assert "https://example.org/reports/101" in places and "https://example.org/claims/inv-01" in places
    assert not {"https://example.org/reports/105", "https://example.org/reports/106"} & set(places)
    for place in places:
        assert asyncio.run(client.get(place.removeprefix("https://example.org"))).status_code == 200, place
    assert "Sitemap: https://example.org/sitemap.xml" in asyncio.run(client.get("/robots.txt")).text


def test_a_private_site_tells_robots_nothing(get: Get) -> None:
    assert get("/robots.txt").text == "User-agent: *\nDisallow: /\n" and get("/sitemap.xml").status_code == 404


@pytest.mark.parametrize("query", ["_timelimit=x", "_through=x", "_sort=nope", "_shape=zzz"])
def test_a_mistyped_parameter_prints_no_traceback(get: Get, capfd: pytest.CaptureFixture[str], query: str) -> None:
    for path in ("/evidence/reports", "/evidence/reports.json"):
        assert get(f"{path}?{query}").status_code in (200, 400)
    out, err = capfd.readouterr()
    assert "Traceback" not in out + err and "/views/" not in out + err


def test_a_refused_method_names_those_that_are_not(datasette: Any) -> None:
    assert asyncio.run(datasette.client.post("/search")).headers["allow"] == "GET, HEAD"
