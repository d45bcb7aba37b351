"""Below a ``base_url``: every link has the prefix and answers, also where a proxy takes the prefix off the request."""

from __future__ import annotations

import asyncio
import html
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import yaml

from evidence.site.server import make_datasette

ROOT = Path(__file__).resolve().parents[2]
PREFIX = "/neuro"
LINK = re.compile(r'(?:href|src|action)="([^"]*)"')
SHOWN = {"pubmed": "show", "*": "show"}
ABSOLUTE = re.compile(r'(?:<loc>|href="|content="|"(?:next_url|url|toggle_url|href)": ")(https?://[^<"]+)')
MOST_OF_A_KIND = 4


def mounted(evidence_db: Path, **ours: Any) -> Any:
    metadata = yaml.safe_load((ROOT / "metadata.yml").read_text(encoding="utf-8"))
    metadata["plugins"]["evidence"].update({"abstracts": SHOWN, **ours})
    return make_datasette(evidence_db=evidence_db, metadata=metadata, settings={"base_url": f"{PREFIX}/"})


async def ask(app: Any, address: str) -> tuple[int, dict[str, str], str]:
    path, _, query = address.partition("?")
    scope = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http", "path": unquote(path),
        "raw_path": path.encode(), "query_string": query.encode(), "headers": [(b"host", b"evil.example")],
        "server": ("127.0.0.1", 8001), "client": ("127.0.0.1", 5),
    }  # fmt: skip
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    await app(scope, receive, send)
    headers = {name.decode().lower(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]).decode()


def kind_of(address: str) -> str:
    """``/neuro/evidence/reports/101.json?a=1`` → ``/evidence/reports/*.json?``."""
    path, mark, _ = address.removeprefix(PREFIX).partition("?")
    parts = path.split("/")
    kept = "/".join(parts[: 3 if parts[1] == "evidence" else 2])
    suffix = re.search(r"\.(json|csv|xml)$", path)
    return kept + ("/*" if len(parts) > kept.count("/") + 1 else "") + (suffix[0] if suffix else "") + mark


@pytest.mark.parametrize("taken_off", [False, True], ids=["prefix in the request", "prefix taken off by a proxy"])
def test_every_link_has_the_prefix_and_answers(evidence_db: Path, taken_off: bool) -> None:
    datasette = mounted(evidence_db, site_url="https://tracker.example", public=True)
    app = datasette.app()

    visited: Counter[str] = Counter()

    async def crawl() -> tuple[set[str], list[Any]]:
        await datasette.invoke_startup()
        waiting, seen, wrong = (
            [f"{PREFIX}/", f"{PREFIX}/sitemap.xml", f"{PREFIX}/-/openapi.json", f"{PREFIX}/evidence/reports.csv"],
            set[str](),
            [],
        )
        while waiting:
            address = waiting.pop()
            if address in seen or visited[kind_of(address)] >= MOST_OF_A_KIND:
                continue
            visited[kind_of(address)] += 1
            seen.add(address)
            status, headers, text = await ask(app, address.removeprefix(PREFIX) if taken_off else address)
            if status in (301, 302):
                waiting.append(headers["location"])
                if not headers["location"].startswith(f"{PREFIX}/"):
                    wrong.append((address, "redirects to", headers["location"]))
                continue
            if status != 200:
                wrong.append((address, status))
            links = LINK.findall(text) if "html" in headers["content-type"] else []
            for link in map(html.unescape, links + ABSOLUTE.findall(text)):
                parts = urlsplit(link)
                if parts.netloc not in ("", "tracker.example") or not parts.path:
                    continue
                if not f"{parts.path}/".startswith(f"{PREFIX}/"):
                    wrong.append((address, "links to", link))
                    continue
                if parts.path != PREFIX:  # the site itself, as OpenAPI names it
                    waiting.append(parts.path + (f"?{parts.query}" if parts.query else ""))
        return seen, wrong

    seen, wrong = asyncio.run(crawl())
    assert not wrong
    for kind in (
        "/search?",
        "/evidence/reports?",
        ".json",
        ".csv",
        "/feeds/",
        "/export?",
        "/evidence/authors",
        "/static/",
    ):
        assert any(kind in address for address in seen), kind


@pytest.mark.parametrize(
    "site_url", ["http://tracker.example:8001", "https://example.org", "https://example.org/neuro"]
)
def test_absolute_addresses_have_the_prefix_once(evidence_db: Path, site_url: str) -> None:
    app = mounted(evidence_db, site_url=site_url, public=True).app()
    base = site_url.removesuffix(PREFIX) + PREFIX

    async def answers() -> list[str]:
        paths = ("/reports/101", "/evidence/reports/101", "/evidence/reports", "/feeds/reports.xml", "/sitemap.xml")
        return [(await ask(app, PREFIX + path))[2] for path in (*paths, "/robots.txt", "/-/openapi.json")]

    report, row, table, feed, sitemap, robots, openapi = asyncio.run(answers())
    canonical = re.compile(r'rel="canonical" href="([^"]+)"')
    assert canonical.findall(report) == canonical.findall(row) == [f"{base}/reports/101"]
    assert canonical.findall(table) == [f"{base}/search"]
    assert f'content="{base}/reports/101"' in report
    assert f'href="{base}/feeds/reports.xml"' in feed and f'href="{base}/reports/101"' in feed
    assert f"<loc>{base}/reports/101</loc>" in sitemap and f"Sitemap: {base}/sitemap.xml" in robots
    assert json.loads(openapi)["servers"] == [{"url": base}]
    assert "neuro/neuro" not in report + row + table + feed + sitemap + robots + openapi


def test_the_front_page_as_json(evidence_db: Path) -> None:
    app = mounted(evidence_db).app()

    async def follow(address: str) -> tuple[str, int]:
        text = (await ask(app, address))[2]
        (link,) = re.findall(r'rel="alternate" type="application/json" href="([^"]+)"', text)
        return link, (await ask(app, link))[0]

    for address in (f"{PREFIX}/", "/"):
        assert asyncio.run(follow(address)) == (f"{PREFIX}/index.json", 200)
    assert asyncio.run(follow(f"{PREFIX}/search?q=burst")) == (f"{PREFIX}/search.json?q=burst", 200)


def test_a_page_whose_name_begins_like_the_prefix_is_no_page_below_it(evidence_db: Path) -> None:
    """Mounted at /evi, the database's pages (/evidence, the prefix taken off) keep their name."""
    datasette = make_datasette(evidence_db=evidence_db, settings={"base_url": "/evi/"})

    async def answers() -> list[int]:
        await datasette.invoke_startup()
        app = datasette.app()
        return [
            (await ask(app, path))[0] for path in ("/evidence/reports/101", "/evi/evidence/reports/101", "/evidence")
        ]

    assert asyncio.run(answers()) == [200, 200, 200]
