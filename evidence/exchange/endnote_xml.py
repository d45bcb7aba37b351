"""EndNote XML: a ``<record>`` an entry, values wrapped in ``<style>``."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.exchange.fields import build_record
from evidence.pubmed.parse.element import element_of
from evidence.pubmed.parse.text import Element
from evidence.record import Record

_RECORD = re.compile(r"<record\b[^>]*>.*?</record\s*>", re.S)
_OPENING = re.compile(r"<record\b")
# Paths inside a record, in order of preference.
PATHS: dict[str, tuple[str, ...]] = {
    "title": ("titles/title",),
    "vernacular": ("titles/translated-title",),
    "abstract": ("abstract",),
    "authors": ("contributors/authors/author",),
    "year": ("dates/year",),
    "date": ("dates/pub-dates/date",),
    "journal": ("periodical/full-title", "titles/secondary-title", "titles/full-title"),
    "abbreviation": ("periodical/abbr-1", "titles/alt-title", "titles/short-title"),
    "volume": ("volume",),
    "issue": ("number",),
    "pages": ("pages",),
    "doi": ("electronic-resource-num",),
    "pmid": ("custom-pmid",),
    "pmcid": ("custom2",),
    "accession": ("accession-num",),
    "issn": ("isbn",),
    "language": ("language",),
    "type": ("work-type",),
    "keyword": ("keywords/keyword",),
    "url": ("urls/related-urls/url", "urls/web-urls/url"),
    "note": ("notes", "research-notes", "urls/related-urls/url"),
    "database": ("remote-database-name", "remote-database-provider"),
    "article_number": ("custom7",),
}


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    """Records one by one, so that a damaged or cut one costs only itself."""
    end, line, counted = 0, 1, 0
    for match in _RECORD.finditer(text):
        line += text.count("\n", counted, match.start())
        counted, end = match.start(), match.end()
        try:
            yield line, _record(match.group(), source)
        except ValueError as error:
            yield line, str(error)
    rest = _OPENING.search(text, end)
    if rest:
        yield line + text.count("\n", counted, rest.start()), "the file ends in the middle of this record"


def _record(xml: str, source: str) -> Record:
    element = element_of(re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", xml).encode())
    fields = {key: _texts(element, paths) for key, paths in PATHS.items()}
    kind = element.find("ref-type")
    if kind is not None and kind.get("name"):
        fields["type"] = [*fields["type"], kind.get("name")]
    database = " ".join(fields["database"]).lower()
    fields["pmid"] = [
        value for value in fields["accession"] if re.fullmatch(r"\d{4,8}", value) and "embase" not in database
    ]
    if not ("medline" in database or "pubmed" in database or "nlm" in database.split()):
        fields["pmid"] = [value for value in fields["pmid"] if any("pubmed" in url for url in fields["url"])]
    return build_record(fields, source)


def _texts(element: Element, paths: tuple[str, ...]) -> list[str]:
    for path in paths:
        values = ["".join(found.itertext()).replace("\r", "\n").strip() for found in element.iterfind(path)]
        values = [value for value in values if value]
        if values:
            return values
    return []
