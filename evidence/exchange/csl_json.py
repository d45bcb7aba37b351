"""CSL-JSON, as Zotero, Mendeley, pandoc and Crossref write it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from evidence.exchange.fields import build_record
from evidence.exchange.json_lines import objects
from evidence.exchange.text_out import abstract_of, link_of
from evidence.record import Author, Record

_TEXTS: dict[str, tuple[str, ...]] = {
    "title": ("title",), "abstract": ("abstract",), "volume": ("volume",), "issue": ("issue",), "pages": ("page",),
    "journal": ("container-title",), "abbreviation": ("container-title-short", "journalAbbreviation"), "doi": ("DOI",),
    "pmid": ("PMID",), "pmcid": ("PMCID",), "issn": ("ISSN",), "language": ("language",), "url": ("URL",),
    "note": ("note",), "vernacular": ("original-title",), "article_number": ("number", "article-number"),
    "type": ("genre",), "accession": ("accession", "archive_location"), "database": ("source", "archive"),
}  # fmt: skip
_TYPES = {
    "article": "Preprint",
    "posted-content": "Preprint",
    "article-journal": "Journal Article",
    "chapter": "Book Chapter",
}
_CSL_TYPES = {"book": "chapter", "preprint": "article"}


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    for line, item in objects(text):
        if isinstance(item, str):
            yield line, item
            continue
        try:
            yield line, _record(item, source)
        except (ValueError, TypeError, AttributeError) as error:
            yield line, str(error)


def _record(item: dict[str, Any], source: str) -> Record:
    fields = {key: [text for name in names for text in _texts(item.get(name))] for key, names in _TEXTS.items()}
    fields["date"] = [_date(item.get("issued") or item.get("published") or item.get("created"))]
    fields["keyword"] = [word for text in _texts(item.get("keyword")) for word in text.split(",")]
    fields["type"] = [_TYPES.get(str(item.get("type")), ""), *fields["type"]]
    record = build_record(fields, source)
    people = item.get("author") or []
    record.authors = [_author(person) for person in people if isinstance(person, dict)]
    if not people and isinstance(item.get("authors"), list):
        record.authors = [_author({"literal": str(name)}) for name in item["authors"]]
    return record


def _texts(value: Any) -> list[str]:
    """A text, or several where Crossref has a list (``title``, ``ISSN``)."""
    if isinstance(value, list):
        return [str(part) for part in value if part not in (None, "")]
    return [] if value in (None, "", {}) else [str(value)]


def _author(person: dict[str, Any]) -> Author:
    if person.get("literal") or person.get("name"):
        return Author(collective=str(person.get("literal") or person["name"]))
    particle = person.get("non-dropping-particle") or person.get("dropping-particle") or ""
    given = str(person.get("given") or "")
    initials = "".join(part[0] for part in given.replace(".", " ").replace("-", " ").split())
    return Author(
        family=f"{particle} {person.get('family') or ''}".strip(),
        given=given,
        initials=given if given.isupper() and len(given) <= 4 else initials,
        suffix=str(person.get("suffix") or ""),
        orcid=str(person.get("ORCID") or "").rpartition("/")[2],
    )


def _date(value: Any) -> str:
    if not isinstance(value, dict):
        return str(value or "")
    parts = (value.get("date-parts") or [[]])[0]
    numbers = [str(part) for part in parts if part not in (None, "")]
    if numbers:
        return "-".join([numbers[0], *(f"{int(part):02}" for part in numbers[1:3])])
    return str(value.get("raw") or value.get("literal") or "")


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
        "type": _CSL_TYPES.get(record.kind, "article-journal"),
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
        "ISSN": record.issn,
        "language": ", ".join(record.languages),
        "keyword": ",".join(record.keywords),
        "abstract": abstract_of(record),
        "original-title": record.vernacular_title if record.title else "",
        "genre": next((name for _, name in record.publication_types if name != "Journal Article"), ""),
        "note": f"PMID: {record.pmid}" if record.pmid else "",
        "URL": link_of(record),
    }


def _person(author: Author) -> dict[str, str]:
    if author.collective:
        return {"literal": author.collective}
    person = {"family": author.family, "given": author.given or author.initials, "suffix": author.suffix}
    return {key: value for key, value in person.items() if value}
