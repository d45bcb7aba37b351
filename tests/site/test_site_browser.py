"""The site as a person uses it, in Chromium: search, map, check, feed; dark, narrow, by keyboard, without scripts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import worker_stubs
from browser import FLAGS, axe_or_skip, chromium_or_skip, served

from evidence.site.server import make_datasette
from evidence.site.state import find_site
from evidence.site.workers import CheckPool

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    "/",
    "/map",
    "/map?facet=condition&unit=reports",
    "/map?layer=trials",
    "/search",
    "/search?q=burst&modality=scs",
    "/search?q=nothingatall",
    "/search?q=(burst+OR+tonic)+NOT+pumps+Example+AB",
    "/reports/101",
    "/reports/103",
    "/reports/104",
    "/studies/NCT00000001",
    "/topics",
    "/topics/scs",
    "/trials",
    "/selection?pick=101&pick=103",
    "/tags",
    "/tags/modality/scs",
    "/claims",
    "/claims/inv-01",
    "/articles",
    "/articles/invented-page",
    "/check",
    "/changes",
    "/about",
    "/nope",
    "/evidence",
    "/evidence/reports",
    "/evidence/reports?_search=burst+OR+pumps",
    "/evidence/reports/101",
    "/evidence/open_claims",
)


# A page of each kind of coloured thing: only colours can differ in the dark.
DARK_PAGES = (
    "/",
    "/map",
    "/search?q=burst&modality=scs",
    "/reports/101",
    "/reports/103",
    "/topics/scs",
    "/tags/modality/scs",
    "/claims/inv-01",
)


@pytest.fixture(scope="module")
def address(evidence_db: Path) -> Iterator[str]:
    chromium_or_skip()
    datasette = make_datasette(evidence_db=evidence_db, metadata=ROOT / "metadata.yml")
    find_site(datasette).check_pool = CheckPool(worker_stubs.obedient)
    with served(datasette.app()) as url:
        yield url
    find_site(datasette).check_pool.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    path = chromium_or_skip()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Any) -> Iterator[Any]:
    """A page with JavaScript off, as the site must be readable; it fails the test on any console error."""
    context = chromium.new_context(java_script_enabled=False, accept_downloads=True)
    yield context.new_page()
    context.close()


def test_search_facet_report_export(page: Any, address: str) -> None:
    page.goto(address)
    page.get_by_label(re.compile("Search \\d+ reports")).fill("pain relief")
    page.keyboard.press("Enter")
    page.get_by_role("complementary", name="Filters").get_by_role("link", name="Spinal cord stimulation").click()
    assert (
        "modality=scs" in page.url and page.get_by_role("link", name="Modality: Spinal cord stimulation").is_visible()
    )
    page.get_by_text("Export and follow").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="RIS").click()
    assert Path(download.value.path()).read_text(encoding="utf-8").startswith("TY  -")
    page.locator(".report-title a").first.click()
    assert "/reports/" in page.url and page.get_by_role("heading", name="Abstract").is_visible()
    with page.expect_download() as download:
        page.locator(".cite").get_by_role("link", name="BibTeX").click()
    assert download.value.suggested_filename == "neuromodulation-1.bib"


def test_map_cell_to_reports(page: Any, address: str) -> None:
    page.goto(f"{address}/map?unit=reports")
    cell = page.locator("a.cell").first
    count = int(cell.inner_text().strip())
    cell.click()
    assert page.locator(".count strong").first.inner_text() == str(count)


def test_paste_and_check(page: Any, address: str) -> None:
    page.goto(f"{address}/check")
    page.get_by_label(re.compile("Text")).fill("Stimulation helped 11 patients. [1]")
    page.get_by_role("button", name="Check").click()
    assert page.get_by_role("heading", name="What was found").is_visible()
    box = page.get_by_role("region", name="What needs action")
    assert "number differs: “11 patients”" in box.inner_text()
    assert not page.get_by_text("the source says 40").is_visible()  # folded until a mark or a link is followed
    box.get_by_role("link", name="sentence 1").first.click()
    assert page.get_by_text("the source says 40").is_visible()


def test_feed_link_on_a_topic(page: Any, address: str) -> None:
    page.goto(f"{address}/topics/scs")
    link = page.get_by_role("link", name="Atom feed").get_attribute("href")
    assert page.request.get(address + link).headers["content-type"].startswith("application/atom+xml")


def test_dark_and_light_differ(chromium: Any, address: str) -> None:
    colours = {}
    for scheme in ("light", "dark"):
        context = chromium.new_context(color_scheme=scheme)
        page = context.new_page()
        page.goto(address)
        colours[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        context.close()
    assert colours == {"light": "rgb(253, 253, 252)", "dark": "rgb(17, 24, 28)"}


def test_nothing_runs_out_of_the_page(chromium: Any, address: str) -> None:
    """At the width of a phone, of a window at 200% zoom, and of a wide screen."""
    context = chromium.new_context()
    page = context.new_page()
    wide = []
    for path in PAGES:
        page.goto(address + path)
        for width in (320, 360, 640, 1600):
            page.set_viewport_size({"width": width, "height": 800})
            if page.evaluate("document.documentElement.scrollWidth") > width:
                wide.append((path, width))
    context.close()
    assert not wide


def test_by_keyboard(page: Any, address: str) -> None:
    page.goto(f"{address}/search?q=burst")
    page.keyboard.press("Tab")
    assert page.locator(":focus").inner_text() == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.locator(":focus").get_attribute("name") == "q"


def test_nothing_is_asked_of_other_servers_and_nothing_is_blocked(chromium: Any, address: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    asked, complaints = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type == "error" and "404" not in message.text else None
        ),
    )
    for path in PAGES:
        page.goto(address + path)
    context.close()
    assert all(url.startswith(address) for url in asked) and not complaints


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(chromium: Any, address: str, scheme: str) -> None:
    axe = axe_or_skip(ROOT)
    context = chromium.new_context(color_scheme=scheme, bypass_csp=True)
    page = context.new_page()
    rules = "{resultTypes: ['violations']}" if scheme == "light" else "{runOnly: ['color-contrast']}"

    def violations() -> list[Any]:
        page.evaluate(axe)
        found = f"axe.run({rules}).then(r => r.violations.map(v => [v.id, v.nodes.map(n => n.target.join(' '))]))"
        return page.evaluate(found)

    found = {}
    for path in PAGES if scheme == "light" else DARK_PAGES:
        page.goto(address + path)
        found[path] = violations()
    page.goto(f"{address}/check")
    page.get_by_label(re.compile("Text")).fill("Stimulation helped 11 patients. [1]")
    page.get_by_role("button", name="Check").click()
    found["findings"] = violations()
    context.close()
    assert not {path: what for path, what in found.items() if what}
