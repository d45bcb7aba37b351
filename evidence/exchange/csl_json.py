"""CSL-JSON, as Zotero, Mendeley, pandoc and Crossref write it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from evidence.exchange.fields import build_record
from evidence.exchange.json_text import objects
from evidence.exchange.text_out import (
    abstract_of,
    form_of,
    isbn_of,
    issn_numbers,
    link_of,
    notes_of,
    one_line,
    types_of,
)
from evidence.exchange.works_json import at, person, texts
from evidence.record import Author, Correction, Record

_TEXTS: dict[str, tuple[str, ...]] = {
    "title": ("title",), "abstract": ("abstract",), "volume": ("volume",), "issue": ("issue",), "pages": ("page",),
    "journal": ("container-title",), "doi": ("DOI",),
    "abbreviation": ("container-title-short", "short-container-title", "journalAbbreviation"),
    "pmid": ("PMID",), "pmcid": ("PMCID",), "issn": ("ISSN", "ISBN"), "language": ("language",), "url": ("URL",),
    "note": ("note",), "vernacular": ("original-title",), "article_number": ("article-number", "number"),
    "type": ("genre",), "accession": ("accession", "archive_location"), "database": ("source", "archive"),
}  # fmt: skip
_TYPES = {
    "article": "Preprint", "posted-content": "Preprint",
    "article-journal": "Journal Article", "journal-article": "Journal Article",
    "chapter": "Book Chapter", "book-chapter": "Book Chapter",
    "paper-conference": "Conference Paper", "proceedings-article": "Conference Paper",
}  # fmt: skip
# When it was published, the issue's own date before the day it went online.
_DATES = ("published-print", "issued", "published", "published-online", "created")
# What Crossref calls the updates that a notice makes to other works, as PubMed's publication types and relations.
_UPDATES = {
    "retraction": ("Retraction Notice", "RetractionOf"), "partial_retraction": ("Partial Retraction", "RetractionOf"),
    "withdrawal": ("Withdrawal", "RetractionOf"), "removal": ("Withdrawal", "RetractionOf"),
    "expression_of_concern": ("Expression of Concern", "ExpressionOfConcernFor"),
    "correction": ("Published Erratum", "ErratumFor"), "corrigendum": ("Published Erratum", "ErratumFor"),
    "erratum": ("Published Erratum", "ErratumFor"), "addendum": ("Published Erratum", "ErratumFor"),
}  # fmt: skip


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    for line, item in objects(text):
        if isinstance(item, str):
            yield line, item
            continue
        try:
            yield line, _record(item, source)
        except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
            yield line, f"a key does not hold what CSL-JSON says it does ({error})"


def _record(item: dict[str, Any], source: str) -> Record:
    fields = {key: [text for name in names for text in texts(item.get(name))] for key, names in _TEXTS.items()}
    subtitle = texts(item.get("subtitle"))
    if subtitle and fields["title"] and subtitle[0] not in fields["title"][0]:
        fields["title"] = [f"{fields['title'][0].rstrip(' :')}: {subtitle[0]}"]
    fields["date"] = [date for name in _DATES if (date := _date(item.get(name)))][:1]
    fields["keyword"] = [
        word for text in texts(item.get("keyword")) for word in text.split(";" if ";" in text else ",")
    ]
    fields["type"] = [_TYPES.get(str(item.get("type")), ""), *fields["type"]]
    updates = [update for update in item.get("update-to") or [] if isinstance(update, dict)]
    fields["type"] += [_UPDATES[kind][0] for update in updates if (kind := _kind_of(update)) in _UPDATES]
    fields["databank"] = [number.upper() for number in texts(at(item, "clinical-trial-number/clinical-trial-number"))]
    record = build_record(fields, source)
    record.authors = [author for one in item.get("author") or [] if isinstance(one, dict) and (author := _author(one))]
    if not record.authors and isinstance(item.get("authors"), list):
        record.authors = [Author(collective=str(name)) for name in item["authors"]]
    record.grants = record.grants or [
        "/".join([*texts(funder.get("award"))[:1], *texts(funder.get("name"))[:1]])
        for funder in item.get("funder") or []
        if isinstance(funder, dict)
    ]
    record.corrections += [
        Correction(_UPDATES[kind][1], ref_source=f"doi: {update.get('DOI')}")
        for update in updates
        if (kind := _kind_of(update)) in _UPDATES and update.get("DOI")
    ]
    return record


def _kind_of(update: dict[str, Any]) -> str:
    return str(update.get("type") or "").lower().replace("-", "_").replace(" ", "_")


def _author(given: dict[str, Any]) -> Author | None:
    group = given.get("literal") or given.get("name")
    if group:
        return person("", "", group, group=True)
    particle = given.get("non-dropping-particle") or given.get("dropping-particle") or ""
    family = f"{particle} {given.get('family') or ''}".strip()
    found = person(family, given.get("given"), "", False, given.get("ORCID"))
    if found is None:
        return None
    found.suffix = str(given.get("suffix") or "")
    found.affiliations = texts(at(given.get("affiliation"), "name"))
    return found


def _date(value: Any) -> str:
    """CSL's ways to say a date: ``date-parts`` of numbers or texts, ``raw``, ``literal``, ``year``, or a text."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if not isinstance(value, dict):
        return str(value or "")
    parts = value.get("date-parts") or [[value.get(name) for name in ("year", "month", "day")]]
    first = parts[0] if parts and isinstance(parts[0], list) else parts
    numbers = [str(part).strip() for part in first if part not in (None, "")]
    if numbers:
        return "-".join([numbers[0], *(part.zfill(2) for part in numbers[1:3])])
    return str(value.get("raw") or value.get("literal") or value.get("date-time") or "")


def write(records: Iterable[Record]) -> Iterator[str]:
    separator = "[\n"
    for record in records:
        item = {key: value for key, value in _item(record).items() if value}
        yield separator + json.dumps(item, ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"


def _item(record: Record) -> dict[str, Any]:
    return {
        "id": record.pmid or record.id,
        "type": form_of(record).csl,
        "title": record.title or record.vernacular_title,
        "author": [_person(author) for author in record.authors],
        "issued": {"date-parts": [[int(part) for part in (record.publication_date or str(record.year)).split("-")]]}
        if record.publication_date or record.year
        else None,
        "container-title": record.journal,
        "container-title-short": record.journal_abbreviation,
        "volume": record.volume,
        "issue": record.issue,
        "page": record.pages,
        "DOI": record.doi,
        "PMID": record.pmid,
        "PMCID": record.pmcid,
        "ISSN": ", ".join(issn_numbers(record)),
        "ISBN": isbn_of(record),
        "language": ", ".join(record.languages),
        "keyword": _keywords(record.keywords),
        "abstract": abstract_of(record),
        "original-title": record.vernacular_title if record.title else "",
        "genre": "; ".join(types_of(record)),
        "note": "\n".join([*([f"PMID: {record.pmid}"] if record.pmid else []), *notes_of(record)]),
        "URL": link_of(record),
    }


def _keywords(words: list[str]) -> str:
    """Parted by commas, or by semicolons where a keyword has a comma of its own."""
    return ("; " if any("," in word for word in words) else ",").join(one_line(word) for word in words)


def _person(author: Author) -> dict[str, str]:
    if author.collective:
        return {"literal": author.collective}
    person = {"family": author.family, "given": author.given or author.initials, "suffix": author.suffix}
    return {key: value for key, value in person.items() if value}
