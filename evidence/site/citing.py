"""What other programs read of pages: Highwire ``citation_*`` tags, JSON-LD, COinS, links to every format."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any
from urllib.parse import quote, urlencode

from evidence.bibliography.normal import normal_pages

FORMATS = {"ris": "RIS", "bibtex": "BibTeX", "csl-json": "CSL-JSON", "nbib": "PubMed .nbib", "csv": "CSV"}


def citation_links(report_id: str) -> list[tuple[str, str]]:
    """``(label, path)`` of every export of one report."""
    return [(label, f"/export?id={quote(report_id)}&format={name}") for name, label in FORMATS.items()]


def highwire_tags(report: dict[str, Any], authors: Iterable[dict[str, Any]], site_url: str) -> list[tuple[str, str]]:
    """``(name, content)`` of the meta tags that Zotero's button and Google Scholar read."""
    pages = report["pages"] or ""
    first, last = (page.upper() if pages[:1].isupper() else page for page in normal_pages(pages))
    plain = (
        ("citation_title", report["title"]),
        *(("citation_author", _author(author)) for author in authors),
        ("citation_publication_date", str(report["publication_date"] or report["year"] or "").replace("-", "/")),
        ("citation_journal_title", report["journal_full"] or report["journal"]),
        ("citation_journal_abbrev", report["journal"]),
        ("citation_volume", report["volume"]),
        ("citation_issue", report["issue"]),
        ("citation_firstpage", first),
        ("citation_lastpage", last),
        ("citation_issn", report["issn"]),
        ("citation_doi", report["doi"]),
        ("citation_pmid", report["pmid"]),
        ("citation_language", report["language"]),
        ("citation_abstract_html_url", f"{site_url}/reports/{quote(report['id'])}"),
    )
    return [(name, str(value)) for name, value in plain if value]


def json_ld(report: dict[str, Any], authors: Iterable[dict[str, Any]], site_url: str) -> str:
    """A report as schema.org's ScholarlyArticle, safe inside ``<script type="application/ld+json">``.

    Nothing is said of what it finds: a structured verdict would be repeated without its reason.
    """
    people = [_agent(author) for author in authors]
    ids = (
        ("PMID", report["pmid"], "https://pubmed.ncbi.nlm.nih.gov/{}/"),
        ("DOI", report["doi"], "https://doi.org/{}"),
        ("PMCID", report["pmcid"], "https://pmc.ncbi.nlm.nih.gov/articles/{}/"),
    )
    journal = report["journal_full"] or report["journal"]
    described = {
        "@context": "https://schema.org",
        "@type": "ScholarlyArticle",
        "@id": f"{site_url}/reports/{quote(report['id'])}",
        "headline": report["title"],
        "author": people,
        "datePublished": report["publication_date"] or (str(report["year"]) if report["year"] else None),
        "isPartOf": {"@type": "Periodical", "name": journal, "issn": report["issn"]} if journal else None,
        "volumeNumber": report["volume"],
        "issueNumber": report["issue"],
        "pagination": report["pages"],
        "inLanguage": report["language"],
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": value} for name, value, _ in ids if value
        ],
        "sameAs": [address.format(quote(value)) for _, value, address in ids if value],
        "creativeWorkStatus": report["status"] if report["status"] in ("retracted", "withdrawn", "concern") else None,
    }
    said = json.dumps({name: value for name, value in described.items() if value}, ensure_ascii=False)
    return said.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _agent(author: dict[str, Any]) -> dict[str, str]:
    kind = "Person" if author["family"] else "Organization"
    orcid = {"@id": f"https://orcid.org/{author['orcid']}"} if author["orcid"] else {}
    return {"@type": kind, "name": author["name"], **orcid}


def coins(report: dict[str, Any]) -> str:
    """A list entry as a ContextObject (COinS, Z39.88-2004), from which Zotero takes a whole page of results."""
    first = str(report["authors"] or "").split(", ")[0]
    pairs = (
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:journal"),
        ("rft.genre", "article"),
        ("rft.atitle", report["title"]),
        ("rft.jtitle", report["journal"]),
        ("rft.date", report["publication_date"] or report["year"]),
        ("rft.au", first),
        ("rft_id", f"info:pmid/{report['pmid']}" if report["pmid"] else ""),
        ("rft_id", f"info:doi/{report['doi']}" if report.get("doi") else ""),
    )
    return urlencode([(name, str(value)) for name, value in pairs if value])


def _author(author: dict[str, Any]) -> str:
    """``Deer, Timothy R`` for a person, a group's name as it is."""
    if author["family"]:
        return f"{author['family']}, {author['given']}" if author["given"] else str(author["family"])
    return str(author["name"])
