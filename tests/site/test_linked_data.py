"""What Zotero and search engines take from a page: linked data of a report, ContextObjects of a list."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from urllib.parse import parse_qs

import httpx

from evidence.site.citing import coins, json_ld

Get = Callable[..., httpx.Response]
REPORT = {
    "id": "1", "title": "A </script> & <b>title</b>", "publication_date": "2020-05", "year": 2020,
    "journal": "Invent J", "journal_full": "", "issn": "1234-5678", "volume": "4", "issue": "", "pages": "11-9",
    "language": "eng",
    "pmid": "80000001", "doi": "10.5555/(a)<b>", "pmcid": None, "status": "retracted",
}  # fmt: skip
AUTHORS = [
    {"name": "Moe A", "family": "Moe", "given": "A", "orcid": "0000-0001-2345-6789"},
    {"name": "The Invented Group", "family": "", "given": "", "orcid": None},
]


def test_linked_data_is_safe_in_a_page_and_says_what_a_report_is() -> None:
    said = json_ld(REPORT, AUTHORS, "https://evidence.example.org")
    assert "<" not in said and "&" not in said
    data = json.loads(said)
    assert data["@type"] == "ScholarlyArticle" and data["headline"] == REPORT["title"]
    assert [one["@type"] for one in data["author"]] == ["Person", "Organization"]
    assert data["author"][0]["@id"].endswith("0000-0001-2345-6789")
    assert data["creativeWorkStatus"] == "retracted" and "issueNumber" not in data
    assert {one["propertyID"] for one in data["identifier"]} == {"PMID", "DOI"}
    assert "https://doi.org/10.5555/%28a%29%3Cb%3E" in data["sameAs"]


def test_every_report_page_has_linked_data_without_a_verdict(get: Get) -> None:
    page = get("/reports/101").text
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)
    data = json.loads(said)
    assert data["@id"].endswith("/reports/101") and data["headline"] and "ClaimReview" not in page


def test_every_entry_of_a_list_is_a_context_object(get: Get) -> None:
    page = get("/search?q=burst").text
    titles = [html.unescape(title) for title in re.findall(r'<span class="Z3988" title="([^"]*)"', page)]
    assert len(titles) == page.count('class="report-title"') > 0
    for title in titles:
        fields = parse_qs(title)
        assert fields["rft_val_fmt"] == ["info:ofi/fmt:kev:mtx:journal"] and fields["rft.atitle"][0]


def test_a_context_object_has_what_is_known() -> None:
    fields = parse_qs(coins(REPORT | {"authors": "Moe A, Noe B"}))
    assert fields["rft_id"] == ["info:pmid/80000001", "info:doi/10.5555/(a)<b>"] and fields["rft.au"] == ["Moe A"]
    bare = parse_qs(coins(dict.fromkeys(REPORT, "") | {"title": "T", "authors": None}))
    assert bare.keys() == {"ctx_ver", "rft_val_fmt", "rft.genre", "rft.atitle"}
