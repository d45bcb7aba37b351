"""Datasette's manners: ``--template-dir``, other plugins' hooks, other databases, other Datasettes in one process."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from datasette import hookimpl
from datasette.app import Datasette
from datasette.plugins import pm

from evidence.site.server import _serve_file, make_datasette
from evidence.site.state import find_site

ROOT = Path(__file__).resolve().parents[2]
INLINE = "document.title = 'invented';"
PAGES = ("/", "/map", "/search?q=burst", "/reports/101", "/about", "/check", "/nope", "/evidence", "/evidence/reports",
         "/evidence/reports/101", "/evidence/open_claims")  # fmt: skip


class Guest:
    """A plugin of somebody else's, with the hooks that reach pages."""

    __name__ = "guest"

    @hookimpl
    def extra_template_vars(self, template: str, view_name: str | None) -> dict[str, str]:
        return {"guest": f"guest of {template} ({view_name})"}

    @hookimpl
    def extra_css_urls(self) -> list[str]:
        return ["/-/static-plugins/guest/guest.css", "https://fonts.example.org/a.css?x=1;2"]

    @hookimpl
    def extra_js_urls(self) -> list[str]:
        return ["https://cdn.example.org/guest.js"]

    @hookimpl
    def extra_body_script(self) -> str:
        return INLINE

    @hookimpl
    def menu_links(self, datasette: Any) -> list[dict[str, str]]:
        return [{"href": datasette.urls.path("/-/guest"), "label": "Guest's page"}]

    @hookimpl
    def render_cell(self, column: str, value: Any) -> str | None:
        return "SEVEN" if column == "volume" and value == "12" else None

    @hookimpl
    def table_actions(self, table: str) -> list[dict[str, str]]:
        return [{"href": "/-/guest-action", "label": f"Do it to {table}"}]


@pytest.fixture
def guest() -> Iterator[None]:
    plugin = Guest()
    pm.register(plugin, "guest")
    yield
    pm.unregister(plugin)


def get(datasette: Any, path: str) -> httpx.Response:
    return asyncio.run(datasette.client.get(path, follow_redirects=True))


def test_other_plugins_reach_every_page(guest: None, evidence_db: Path) -> None:
    site = make_datasette(evidence_db=evidence_db, metadata=ROOT / "metadata.yml")
    digest = base64.b64encode(hashlib.sha256(INLINE.encode()).digest()).decode()
    for path in (*PAGES, "/"):  # home twice: once made, once from memory
        response = get(site, path)
        policy = response.headers["content-security-policy"]
        assert "/-/static-plugins/guest/guest.css" in response.text, path
        assert '<script src="https://cdn.example.org/guest.js"' in response.text, path
        assert f"<script>{INLINE}</script>" in response.text and f"'sha256-{digest}'" in policy, path
        assert "script-src https://cdn.example.org " in policy and "unsafe" not in policy, path
        assert "style-src 'self' https://fonts.example.org;" in policy, path
        assert '<a href="/-/guest">Guest&#39;s page</a>' in response.text, path
    assert "SEVEN" in get(site, "/evidence/reports/101").text
    assert "Do it to reports" in get(site, "/evidence/reports").text


def test_without_them_no_script_is_allowed(datasette: Any) -> None:
    for path in PAGES:
        response = get(datasette, path)
        assert "script-src" not in response.headers["content-security-policy"], path
        assert "<script" not in response.text.replace('<script type="application/ld+json">', ""), path


@pytest.fixture
def dressed(evidence_db: Path, tmp_path: Path) -> Any:
    """A function that serves the small site with templates of one's own."""

    def make(**templates: str) -> Any:
        folder = tmp_path / "templates"
        shutil.rmtree(folder, ignore_errors=True)
        for name, text in templates.items():
            path = folder / f"{name.replace('__', '/')}.html"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        site = Datasette(template_dir=str(folder), settings={"suggest_facets": False})
        _serve_file(site, evidence_db)
        return site

    return make


def test_a_template_of_ones_own_takes_the_place_of_ours(guest: None, dressed: Any) -> None:
    about = "{% extends 'evidence/layout.html' %}{% block content %}{{ guest }}{% endblock %}"
    site = dressed(evidence__about=about)
    assert "guest of evidence/about.html (about)" in get(site, "/about").text
    assert "Evidence map" in get(site, "/about").text, "the layout is still ours"
    assert "guest of evidence/error.html" in get(dressed(evidence__error="{{ guest }} {{ status }}"), "/nope").text
    assert "own layout" in get(dressed(evidence__layout="own layout {% block content %}{% endblock %}"), "/map").text


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("table-evidence-reports", "/evidence/reports"),
        ("table", "/evidence/reports"),
        ("row", "/evidence/reports/101"),
        ("row-evidence-reports", "/evidence/reports/101"),
        ("database", "/evidence"),
        ("database-evidence", "/evidence"),
    ],
)
def test_so_does_one_under_datasettes_names(dressed: Any, name: str, path: str) -> None:
    site = dressed(**{name: "my own {{ database }}"})
    assert get(site, path).text == "my own evidence"
    others = {"/evidence", "/evidence/reports", "/evidence/reports/101"} - {path}
    assert all("my own" not in get(site, other).text for other in others)


def test_another_database_keeps_datasettes_pages(evidence_db: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as conn:
        conn.executescript("CREATE TABLE things(id INTEGER PRIMARY KEY, name TEXT); INSERT INTO things VALUES (1, 'a')")
    both = Datasette([str(tmp_path / "other.db"), str(evidence_db)])
    alone = Datasette([str(tmp_path / "other.db")])
    for path in ("/other", "/other/things", "/other/things/1", "/other?sql=select+1", "/other/nope"):
        assert get(both, path).status_code == get(alone, path).status_code, path
        assert "site.css" not in get(both, path).text and "app.css" in get(both, path).text, path
    assert "site.css" in get(both, "/evidence/reports").text
    assert "app.css" in get(alone, "/").text


def test_nothing_is_hung_on_datasettes_objects(evidence_db: Path) -> None:
    foreign, ours = Datasette([]), Datasette([str(evidence_db)])
    get(foreign, "/")
    get(ours, "/search?q=burst")
    assert set(vars(ours)) <= set(vars(foreign)), set(vars(ours)) - set(vars(foreign))
    assert "execute" not in vars(ours.databases["evidence"])
    assert find_site(ours) is find_site(ours) and find_site(foreign) is None


def test_the_command_line_of_datasette(evidence_db: Path, tmp_path: Path) -> None:
    """``datasette -i evidence.db --template-dir`` in a process of its own, as its users start it."""
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence" / "about.html").write_text("about {{ counts.reports }} reports by {{ datasette_version }}")
    command = [sys.executable, "-m", "datasette", "-i", str(evidence_db), "--template-dir", str(tmp_path)]
    done = subprocess.run([*command, "--get", "/about"], capture_output=True, text=True, check=False)
    assert done.returncode == 0 and done.stdout.startswith("about "), done.stderr
    done = subprocess.run([*command, "--get", "/evidence.json?sql=select+1+as+n"], capture_output=True, text=True)
    assert done.returncode == 0 and '"rows": [' in done.stdout, done.stderr
