"""Feeds and exports of any selection."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from xml.etree import ElementTree

import httpx
import pytest

from evidence.site import feeds

Get = Callable[..., httpx.Response]
ATOM = {"a": "http://www.w3.org/2005/Atom"}
FEEDS = (
    "/feeds/reports.xml",
    "/feeds/notices.xml",
    "/feeds/claims.xml",
    "/feeds/trials.xml",
    "/feeds/topics/scs.xml",
    "/feeds/topics/empty.xml",
    "/feeds/tags/modality/scs.xml",
    "/feeds/claims/inv-01.xml",
    "/feeds/search.xml?modality=scs&outcome=pain_intensity",
    "/feeds/search.xml?q=burst",
)


@pytest.mark.parametrize("path", FEEDS)
def test_feeds_are_atom_with_lasting_ids_and_absolute_links(get: Get, path: str) -> None:
    response = get(path, headers={"host": "evil.example"})
    assert response.status_code == 200 and response.headers["content-type"].startswith("application/atom+xml")
    assert "evil.example" not in response.text
    root = ElementTree.fromstring(response.content)
    assert root.find("a:id", ATOM).text.startswith("tag:127.0.0.1,2026:/feeds/")
    for entry in root.findall("a:entry", ATOM):
        assert entry.find("a:id", ATOM).text.startswith("tag:127.0.0.1,2026:")
        link = entry.find("a:link", ATOM).get("href")
        assert (
            link.startswith("http://127.0.0.1:8001/")
            and get(link.removeprefix("http://127.0.0.1:8001")).status_code == 200
        )
        assert entry.find("a:title", ATOM).text and entry.find("a:updated", ATOM).text.endswith("+00:00")
    ids = [entry.find("a:id", ATOM).text for entry in root.findall("a:entry", ATOM)]
    assert len(ids) == len(set(ids)) and (ids or "empty" in path)
    for held in (response.headers["etag"], f"W/{response.headers['etag']}", f'"other", {response.headers["etag"]}'):
        assert get(path, headers={"if-none-match": held}).status_code == 304, held


@pytest.mark.parametrize("path", FEEDS)
@pytest.mark.parametrize("size", [1, 2, 50])
def test_the_pages_of_a_feed_hold_each_entry_once(
    get: Get, path: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """RFC 5005: whoever follows ``next`` comes by every entry, in one order, and back by ``previous``."""
    monkeypatch.setattr(feeds, "ENTRIES", 10_000)
    whole = ids_of(ElementTree.fromstring(get(path).content))
    monkeypatch.setattr(feeds, "ENTRIES", size)
    found: list[str] = []
    address, before = path, ""
    while address:
        root = ElementTree.fromstring(get(address).content)
        links = {link.get("rel"): link.get("href") for link in root.findall("a:link", ATOM)}
        assert links.get("previous", "") == before and ("first" in links) == bool(before)
        assert get(address.replace(".xml", ".json")).json().get("next_url", "") == links.get("next", "").replace(
            ".xml", ".json"
        )
        found += ids_of(root)
        before = links["self"]
        address = links.get("next", "").removeprefix("http://127.0.0.1:8001")
    assert found == whole


def ids_of(root: ElementTree.Element) -> list[str]:
    return [entry.find("a:id", ATOM).text for entry in root.findall("a:entry", ATOM)]  # type: ignore[union-attr, misc]


@pytest.mark.parametrize("page", ["0", "-1", "x", "201", "1e3", "٣", "99999999999"])
def test_no_such_page_of_a_feed(get: Get, page: str) -> None:
    response = get(f"/feeds/reports.xml?page={page}")
    assert response.status_code == 400 and "from 1 to 200" in response.text


@pytest.mark.parametrize("path", FEEDS)
def test_the_json_form_says_the_same(get: Get, path: str) -> None:
    root = ElementTree.fromstring(get(path).content)
    response = get(path.replace(".xml", ".json"), headers={"host": "evil.example"})
    assert response.status_code == 200 and response.headers["content-type"].startswith("application/feed+json")
    assert "evil.example" not in response.text
    feed = response.json()
    assert (
        feed["version"] == "https://jsonfeed.org/version/1.1"
        and feed["title"]
        and feed["feed_url"].endswith(path.replace(".xml", ".json"))
    )
    entries = root.findall("a:entry", ATOM)
    assert [item["id"] for item in feed["items"]] == [entry.find("a:id", ATOM).text for entry in entries]
    for item, entry in zip(feed["items"], entries, strict=True):
        assert item["url"] == entry.find("a:link", ATOM).get("href") and item["title"]
        assert item["date_published"] == entry.find("a:updated", ATOM).text
    assert get(path.replace(".xml", ".json"), headers={"if-none-match": response.headers["etag"]}).status_code == 304


def test_entries_are_dated_by_first_seen(get: Get) -> None:
    root = ElementTree.fromstring(get("/feeds/topics/scs.xml").content)
    assert {entry.find("a:updated", ATOM).text for entry in root.findall("a:entry", ATOM)} == {
        "2026-04-02T11:00:00+00:00"
    }


def test_pages_link_to_their_feed(get: Get) -> None:
    for page, feed in (
        ("/", "reports"),
        ("/topics/scs", "topics/scs"),
        ("/tags/modality/scs", "tags/modality/scs"),
        ("/claims/inv-01", "claims/inv-01"),
        ("/claims", "claims"),
        ("/search", "search"),
    ):
        assert f'type="application/atom+xml" title="Feed of this page" href="/feeds/{feed}.xml' in get(page).text, page


def test_hostile_titles_do_not_break_feeds(get: Get) -> None:
    root = ElementTree.fromstring(get("/feeds/search.xml?modality=drg&condition=crps").content)
    assert any("<script>" in entry.find("a:title", ATOM).text for entry in root.findall("a:entry", ATOM))


@pytest.mark.parametrize(
    ("format_", "extension", "start"),
    [
        ("ris", "ris", "TY  -"),
        ("bibtex", "bib", "@"),
        ("nbib", "nbib", "PMID- "),
        ("csv", "csv", ""),
        ("csl-json", "json", "["),
    ],
)
def test_exports_hold_every_report_of_a_selection(get: Get, format_: str, extension: str, start: str) -> None:
    total = get("/search.json?modality=scs").json()["total"]
    response = get(f"/export?modality=scs&format={format_}")
    assert response.status_code == 200 and response.text.lstrip("\ufeff").startswith(start)
    assert response.headers["content-disposition"] == f'attachment; filename="neuromodulation-{total}.{extension}"'
    count = {"ris": "\nER  -", "bibtex": "\n@", "nbib": "PMID- ", "csv": "", "csl-json": '"title"'}[format_]
    if format_ == "csv":
        assert len(list(csv.DictReader(io.StringIO(response.text.lstrip("\ufeff"))))) == total
    elif format_ == "csl-json":
        assert len(json.loads(response.text)) == total
    else:
        assert ("\n" + response.text).count(count) == total


def test_one_report_is_exported_by_any_of_its_ids(get: Get) -> None:
    for name in ("101", "ris:9f", "10.5555/101"):
        text = get("/export", params={"id": name, "format": "ris"}).text
        assert "Burst spinal cord stimulation for failed back surgery" in text and text.count("TY  -") == 1
        assert "Forty people with failed back surgery" in text


def test_hidden_abstracts_do_not_leave(get: Get) -> None:
    assert "Abstract not" not in get("/export", params={"id": "starter:ab12/c d"}).text


def test_a_cut_export_says_so(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.site.export.MOST", 5)
    response = get("/export?modality=scs&format=csv")
    assert response.headers["x-export-cut"] == "5 of 12" and "first-5-of-12" in response.headers["content-disposition"]
    assert len(list(csv.DictReader(io.StringIO(response.text.lstrip("\ufeff"))))) == 5
    assert "x-export-cut" not in get("/export?id=101").headers


def test_an_export_of_nothing_is_empty_and_not_everything(get: Get) -> None:
    assert get("/export").status_code == 302
    assert get("/export?q=qwertyuiop&format=csl-json").json() == []


def test_a_selection_links_to_its_own_feed(get: Get) -> None:
    assert 'href="/feeds/search.xml?q=burst&amp;modality=scs"' in get("/search?q=burst&modality=scs&sort=date").text


@pytest.mark.parametrize(
    ("format_", "line"),
    [
        ("ris", "KW  - SCS - burst"),
        ("nbib", "OT  - SCS - burst"),
        ("bibtex", "SCS - burst, Pain intensity, Persistent spinal pain syndrome type 2, Randomised controlled trial"),
        ("csl-json", "SCS - burst"),
        ("csv", "Spinal cord stimulation; SCS - burst; Pain intensity"),
    ],
)
def test_exports_carry_our_tags_where_they_are_asked_for(get: Get, format_: str, line: str) -> None:
    with_tags, without = (get(f"/export?id=101&format={format_}{more}").text for more in ("&tags=1", ""))
    assert line in with_tags and line not in without
    assert get(f"/export?id=101&format={format_}&tags=0").text == without


def test_the_links_of_a_search_ask_for_them(get: Get) -> None:
    assert "/export?q=burst&amp;format=ris&amp;tags=1" in get("/search?q=burst").text
