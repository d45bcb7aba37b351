"""What reference managers read: Highwire ``citation_*`` tags, and links to one report in every format."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

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


def _author(author: dict[str, Any]) -> str:
    """``Deer, Timothy R`` for a person, a group's name as it is."""
    if author["family"]:
        return f"{author['family']}, {author['given']}" if author["given"] else str(author["family"])
    return str(author["name"])
