"""What each page must say."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import site_factory as factory

from evidence.site.server import make_datasette
from evidence.site.state import find_site

Get = Callable[..., httpx.Response]
LINKED_DATA = '<script type="application/ld+json">'  # data, which no browser runs
PAGES = (
    "/",
    "/map",
    "/search",
    "/search?q=burst",
    "/reports/101",
    "/studies/NCT00000001",
    "/topics",
    "/topics/scs",
    "/trials",
    "/trials?state=unreported&modality=scs",
    "/tags",
    "/tags/modality/scs",
    "/claims",
    "/claims/inv-01",
    "/articles",
    "/articles/invented-page",
    "/changes",
    "/about",
)


def body(response: httpx.Response) -> str:
    """The text of a page without tags, entities decoded, blanks joined."""
    import html

    text = re.sub(r"<[^>]+>", " ", response.text)
    return " ".join(html.unescape(text).split())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_json_too_and_says_so(get: Get, path: str) -> None:
    html_page = get(path)
    assert html_page.status_code == 200
    found = re.search(r'rel="alternate" type="application/json" href="([^"]+)"', html_page.text)
    assert found
    answer = get(found[1].replace("&amp;", "&"))
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("application/json")
    assert isinstance(answer.json(), dict)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_a_head_that_helps(get: Get, path: str) -> None:
    text = get(path).text
    assert '<html lang="en">' in text and text.count("<h1") == 1 and text.count("<main") == 1
    assert re.search(r"<title>[^<]{5,}</title>", text)
    assert "<script" not in text.lower().replace("&lt;script", "").replace(LINKED_DATA, "") and "style=" not in text


def test_home_tells_freshness_warnings_and_open_claims(get: Get) -> None:
    text = body(get("/"))
    assert "Search 45 reports" in text
    assert "PubMed warned about the search" in text
    assert "Burst stimulation helps most people after back surgery" in text and "Open again since 2026-04-02" in text
    assert "A retracted invented report on pumps" in text and "2026-04-02" in text


def test_report_shows_why_and_whence(get: Get) -> None:
    response = get("/reports/101")
    text = body(response)
    assert "Corrected" in text and "Erratum, 2021-03" in text and "checked 2026-04-02" in text
    assert (
        '<mark class="e-condition" title="Condition: Persistent spinal pain syndrome type 2">failed back surgery</mark>'
        in response.text
    )
    assert (
        'title="Modality: Spinal cord stimulation; Modality: SCS - burst">spinal cord stimulation</mark>'
        in response.text
    )
    assert "Forty people with failed back surgery" in text and "same-doi" in text and "the DOI is the same" in text
    assert "An old title" in text and "A new title" in text
    assert "Burst stimulation helps most people" in text and "Two-year results of an invented trial" in text
    assert "Only mentioned, not studied: Transcutaneous electrical nerve stimulation" in text
    for link in (
        "https://pubmed.ncbi.nlm.nih.gov/101/",
        "https://doi.org/10.5555/101",
        "PMC101",
        "https://clinicaltrials.gov/study/NCT00000001",
    ):
        assert link in response.text


def test_report_has_what_zotero_reads(get: Get) -> None:
    text = get("/reports/101").text
    for name, content in (
        ("citation_title", "Burst spinal cord stimulation for failed back surgery: an invented trial"),
        ("citation_author", "Example, Ann B"),
        ("citation_author", "Sample, Cyd D"),
        ("citation_journal_title", "Journal of Invented Pain"),
        ("citation_firstpage", "101"),
        ("citation_lastpage", "109"),
        ("citation_doi", "10.5555/101"),
        ("citation_pmid", "101"),
        ("citation_publication_date", "2020/05"),
    ):
        assert f'<meta name="{name}" content="{content}">' in text


def test_notices_are_never_called_ok(get: Get) -> None:
    assert "No notice found in PubMed, 2026-04-02" in body(get("/reports/102"))
    assert "Not checked for notices" in body(get("/reports/starter:ab12%2Fc%20d"))
    retracted = body(get("/reports/104"))
    assert "Retracted" in retracted and "Retraction, 2021-03" in retracted


def test_missing_abstract_says_why(get: Get) -> None:
    assert "Abstract not in the starter library." in body(get("/reports/starter:ab12%2Fc%20d"))
    response = get("/reports/104")
    assert (
        "PubMed has no abstract for this report." in body(response)
        and "https://pubmed.ncbi.nlm.nih.gov/104/" in response.text
    )


@pytest.mark.parametrize("name", ["pubmed:101", "ris:9f", "10.5555/101", "10.5555%2F101"])
def test_any_id_leads_to_its_report(get: Get, name: str) -> None:
    response = get(f"/reports/{name}")
    assert (response.status_code, response.headers["location"]) == (301, "/reports/101")
    assert get(f"/reports/{name}.json").headers["location"] == "/reports/101.json"


def test_unknown_things_are_404(get: Get) -> None:
    for path in (
        "/reports/999",
        "/studies/x",
        "/topics/x",
        "/tags/modality/x",
        "/tags/colour/scs",
        "/claims/x",
        "/articles/x",
        "/feeds/x.xml",
    ):
        assert get(path).status_code == 404, path
        assert get(path.removesuffix(".xml") + ".json").status_code == 404


def test_search_marks_snippets_and_offers_the_known_item(get: Get) -> None:
    response = get("/search?q=burst")
    assert "<mark>Burst</mark>" in response.text and "<mark>burst</mark>" in response.text
    assert "open report 101" in body(get("/search?q=101"))
    assert "Nothing matches" in body(get("/search?q=qwertyuiop"))


def test_search_leaves_out_what_is_no_evidence_until_asked(get: Get) -> None:
    assert get("/search.json").json()["total"] == 45 and get("/search.json?all=1").json()["total"] == 48
    assert get("/search.json?kind=notice").json()["total"] == 1
    assert get("/search.json?status=retracted").json()["total"] == 1
    assert get("/search.json?retracted=0").json()["total"] == 44


def test_topic_page_is_prisma_s(get: Get) -> None:
    text = body(get("/topics/scs"))
    for words in (
        "PubMed",
        "NCBI E-utilities",
        '"burst stimulat*"[tiab]',
        '"burst"[All Fields]',
        "3 records identified",
        "1 duplicate removed",
        "2 reports",
        "1 study",
        "Nothing was screened by people",
        "phrase not found",
        "As sent on 2026-04-02",
        "Run it on PubMed",
    ):
        assert words in text


def test_a_topic_that_was_never_searched_counts_what_is_there(get: Get) -> None:
    topic = get("/topics/empty.json").json()["topic"]
    there = get("/search.json?modality=scs").json()
    assert there["total"] > 10
    assert topic["held"] == {"reports": there["total"], "studies": there["studies"]}
    text = body(get("/topics/empty"))
    assert f"the library holds {there['total']} reports of {there['studies']} studies" in text
    assert "PubMed has not answered this search yet" in text and "0 records identified" not in text
    assert get("/topics/scs.json").json()["topic"]["held"] is None
    for page in ("/topics.json", "/index.json"):
        held = {topic["id"]: topic["held"] for topic in get(page).json()["topics"]}
        assert held == {"empty": topic["held"], "scs": None}


def test_home_counts_what_its_search_shows(get: Get) -> None:
    assert get("/index.json").json()["on_topic"] == get("/search.json").json()["total"]


def test_tags_are_counted_as_their_pages_count_them(get: Get) -> None:
    for facet, tags in get("/tags.json").json()["facets"].items():
        for tag in tags:
            assert tag["reports"] == get(f"/tags/{facet}/{tag['id']}.json").json()["total"], tag
    assert any(tag["reports"] for tag in get("/tags.json").json()["facets"]["modality"])


def test_an_old_measurement_says_so(get: Get) -> None:
    for path in ("/tags/modality/scs", "/about"):
        assert "The vocabulary has changed since" in get(path).text, path
    assert get("/tags/modality/scs.json").json()["accuracy"]["outdated"] == 1
    assert "The vocabulary has changed" not in get("/tags/modality/drg").text


def test_a_report_says_beside_each_tag_how_well_it_is_told(get: Get) -> None:
    page = get("/reports/101").text
    assert "precision 0.97 on 120 labels, before the vocabulary changed" in page
    assert "not measured" in page  # of a tag without labelled reports
    assert {t["precision"] for t in get("/reports/101.json").json()["tags"]} == {0.97, None}


def test_claim_page_has_the_reading_its_reason_and_its_sources(get: Get) -> None:
    text = body(get("/claims/inv-01"))
    for words in (
        "Confirmed reading: the named source says less; what was found says so in part",
        "one invented trial says something weaker",
        "Confirmed by Ada Byron, 2026-03-01; the abstract was read.",
        "the library holds 2 studies on it, the best of level 2",
        "no control group",
        "An invented fact in our own words.",
        "80",
        "a new randomised trial arrived",
    ):
        assert words in text
    assert [c["id"] for c in get("/claims.json?fidelity=overstated").json()["claims"]] == ["inv-01"]
    assert [c["id"] for c in get("/claims.json?modality=scs").json()["claims"]] == ["inv-01"]


def test_a_claim_without_a_reading_says_so(get: Get) -> None:
    text = body(get("/claims/inv-02"))
    assert "No reading" in text and "Draft reading" not in text
    assert [c["id"] for c in get("/claims.json?status=none").json()["claims"]] == ["inv-02"]


def test_changes_since_a_day(get: Get) -> None:
    data = get("/changes.json?since=2026-04-02").json()
    assert data["totals"] == {"new": 47, "notices": 2, "revisions": 1, "gone": 0, "claims": 1, "trials": 1}
    assert get("/changes.json?since=2026-05-01").json()["totals"]["new"] == 0
    assert get("/changes?since=yesterday").status_code == 400


def test_what_a_library_begins_with_is_no_news(get: Get, tmp_path: Path) -> None:
    data = get("/changes.json").json()
    assert (data["began"], data["since"], data["totals"]["new"]) == ("2026-04-02", "2026-04-03", 0)
    page = body(get("/changes"))
    assert "Changes since the library began on 2026-04-02" in page and "list it" in page
    db = factory.new_database(tmp_path / "evidence.db")
    factory.add_report(db, "1", "From the beginning", first_seen="2024-01-05T00:00:00+00:00")
    factory.add_report(db, "2", "Lately")
    factory.finish(db)
    datasette = make_datasette(evidence_db=tmp_path / "evidence.db")
    later = asyncio.run(datasette.client.get("/changes.json")).json()
    assert (later["began"], later["since"], [row["id"] for row in later["new"]]) == (None, "2026-03-04", ["2"])


def test_starter_and_dated_builds_are_announced_on_every_page(tmp_path: Path) -> None:
    db = factory.new_database(tmp_path / "evidence.db")
    factory.add_report(
        db, "1", "Spinal cord stimulation, invented", source="starter", abstract_state="starter", status="unchecked"
    )
    factory.finish(db, starter="1", as_of="2024-01-31")
    datasette = make_datasette(evidence_db=tmp_path / "evidence.db")
    for path in ("/", "/reports/1", "/about", "/evidence/reports", "/nope"):
        text = body(asyncio.run(datasette.client.get(path)))
        assert "Built from the starter library only" in text and "evidence refresh" in text, path
        assert "The library as of 2024-01-31" in text, path


def test_core_pages_wear_the_same_dress_and_point_to_ours(get: Get) -> None:
    row = get("/evidence/reports/101").text
    assert '<link rel="canonical" href="http://127.0.0.1:8001/reports/101">' in row and "Methods and limits" in row
    for path in ("/evidence", "/evidence/reports", "/evidence/open_claims", "/evidence/modalities"):
        text = get(path).text
        assert "Methods and limits" in text and "<script" not in text.replace("&lt;script", "").replace(
            LINKED_DATA, ""
        ), path


def test_join_facets_on_the_table_page(get: Get) -> None:
    facets = get("/evidence/reports.json").json()["facet_results"]
    by_value = {value["label"]: value["count"] for value in facets["report_modalities.modality"]["results"]}
    assert by_value["Spinal cord stimulation"] == 12 and by_value["SCS - burst"] == 2
    link = facets["report_modalities.modality"]["results"][0]["toggle_url"]
    assert get(link).status_code == 200
    filtered = get("/evidence/reports.json?evidence_level=2").json()["facet_results"]["report_modalities.modality"][
        "results"
    ]
    assert sum(value["count"] for value in filtered) < sum(by_value.values())


def test_openapi_names_addresses_that_answer(get: Get) -> None:
    document = get("/-/openapi.json").json()
    examples = {
        "/reports/{id}.json": "/reports/101.json",
        "/studies/{id}.json": "/studies/NCT00000001.json",
        "/topics/{id}.json": "/topics/scs.json",
        "/tags/{facet}/{id}.json": "/tags/modality/scs.json",
        "/claims/{id}.json": "/claims/inv-01.json",
        "/articles/{id}.json": "/articles/invented-page.json",
    }
    for path, methods in document["paths"].items():
        if "get" in methods:
            assert get(examples.get(path, path) + ("?id=101" if path == "/export" else "")).status_code == 200, path
        for parameter in methods.get("get", {}).get("parameters", []):
            assert parameter["in"] != "path" or "{" + parameter["name"] + "}" in path
    json.dumps(document)


def test_pages_are_cached_with_an_etag(get: Get, datasette: Any) -> None:
    first = get("/tags/modality/drg")
    again = get("/tags/modality/drg", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert first.headers["cache-control"] == "public, max-age=60"
    assert get("/tags/modality/tens").headers["etag"] != first.headers["etag"]
    assert find_site(datasette).cache.size > 0
    with_cookie = get("/tags/modality/drg", headers={"cookie": "ds_csrftoken=abc"})
    assert with_cookie.headers["cache-control"] == "public, max-age=60" and "set-cookie" not in with_cookie.headers
