"""Reports picked one by one: the picks stand in the address, go along with searches and pages, and are exported."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from urllib.parse import parse_qsl, urlsplit

import httpx
import pytest

from evidence.site.pages.selection import MOST_PICKED

Get = Callable[..., httpx.Response]


@pytest.fixture
def ids(get: Get) -> list[str]:
    """The reports of the first page, newest first."""
    return [report["id"] for report in get("/search.json?sort=date").json()["reports"]]


def links(page: httpx.Response, path: str) -> list[list[tuple[str, str]]]:
    """The parameters of the page's links to a path."""
    found = (urlsplit(html.unescape(href)) for href in re.findall(r'href="([^"]+)"', page.text))
    return [parse_qsl(link.query) for link in found if link.path == path]


def hidden(page: httpx.Response, form: str) -> list[tuple[str, str]]:
    """The hidden fields of a form."""
    text = page.text[page.text.index(f'<form id="{form}"') :].partition("</form>")[0]
    return [(n, html.unescape(v)) for n, v in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', text)]


def test_each_report_of_a_search_can_be_ticked(get: Get, ids: list[str]) -> None:
    page = get("/search?sort=date")
    assert re.findall(r'name="pick" value="([^"]+)"', page.text) == ids
    assert " checked>" not in page.text


def test_a_pick_stays_ticked_and_goes_along_with_every_link_of_the_search(get: Get, ids: list[str]) -> None:
    page = get("/search", params=[("q", "stimulation"), ("pick", ids[0])])
    for pairs in links(page, "/search"):
        elsewhere = pairs in ([], [("q", "stimulation")])  # the page's header, and "drop it"
        assert ("pick", ids[0]) in pairs or elsewhere, pairs
    assert [("pick", ids[0])] in links(page, "/selection")
    assert "1 report picked" in page.text


def test_a_pick_that_the_page_does_not_show_is_kept_by_the_form(get: Get, ids: list[str]) -> None:
    page = get("/search", params=[("q", "zzz"), ("pick", ids[0])])
    assert "1 report picked" in page.text
    page = get("/search", params=[("kind", "notice"), ("pick", ids[0])])
    if 'id="picks"' in page.text:
        shown = re.findall(r'type="checkbox" form="picks" name="pick" value="([^"]+)"', page.text)
        assert (ids[0] in shown) != (("pick", ids[0]) in hidden(page, "picks"))


def test_the_selection_lists_removes_and_exports(get: Get, ids: list[str]) -> None:
    picks = [("pick", ids[2]), ("pick", ids[0])]
    page = get("/selection", params=picks)
    assert page.status_code == 200
    data = get("/selection.json", params=picks).json()
    assert data["picked"] == [ids[2], ids[0]] == [report["id"] for report in data["reports"]]
    assert [[("pick", ids[0])], [("pick", ids[2])]] == [p for p in links(page, "/selection") if len(p) == 1]
    exports = links(page, "/export")
    assert {dict(pairs)["format"] for pairs in exports} >= {"ris", "bibtex", "csl-json", "nbib", "csv"}
    for pairs in exports:
        assert [value for name, value in pairs if name == "id"] == [ids[2], ids[0]]
        assert ("tags", "1") in pairs
        answer = get("/export", params=pairs)
        assert answer.status_code == 200 and answer.headers["x-export-count"] == "2"


def test_nothing_picked_says_how(get: Get) -> None:
    assert "No report is picked" in get("/selection").text


def test_a_report_counts_once_under_all_its_ids(get: Get, ids: list[str]) -> None:
    twice = get("/selection.json", params=[("pick", ids[0]), ("pick", ids[0])]).json()
    assert twice["picked"] == [ids[0]]


@pytest.mark.parametrize("path", ["/selection", "/search"])
def test_an_unknown_id_is_told(get: Get, path: str) -> None:
    answer = get(path, params=[("pick", "<b>nobody</b>")])
    assert answer.status_code == 400
    assert "the library holds no report" in answer.text.lower()
    assert "<b>nobody" not in answer.text


def test_more_than_can_be_picked_is_told(get: Get, ids: list[str]) -> None:
    answer = get("/selection", params=[("pick", ids[0])] * (MOST_PICKED + 1))
    assert answer.status_code == 400
    assert f"no more than {MOST_PICKED}" in answer.text.lower()


def test_a_report_offers_to_be_picked(get: Get, ids: list[str]) -> None:
    assert [("pick", ids[0])] in links(get(f"/reports/{ids[0]}"), "/search")
