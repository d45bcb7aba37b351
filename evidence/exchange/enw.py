"""EndNote's tagged text (.enw, "refer"): a percent sign and a letter before each field."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.exchange.fields import build_record
from evidence.exchange.tagged import Dialect, entries
from evidence.record import Record

DIALECT = Dialect(line=re.compile(r"^%(\S) ?(.*)$"), start=re.compile(r"^%0 "), blank_ends=True)
TAGS: dict[str, str] = {
    "T": "title", "Q": "vernacular", "X": "abstract", "A": "authors", "D": "year", "8": "date", "J": "journal",
    "B": "journal",
    "O": "abbreviation", "V": "volume", "N": "issue", "P": "pages", "R": "doi", "M": "accession", "@": "issn",
    "G": "language",
    "K": "keyword", "U": "url", "Z": "note", "<": "note", "9": "type", "0": "type", "W": "database", "2": "pmcid",
    "1": "note",
    "7": "article_number",
}  # fmt: skip


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    for line, tags in entries(text, DIALECT):
        fields: dict[str, list[str]] = {}
        for tag, values in tags.items():
            if tag in TAGS:
                fields.setdefault(TAGS[tag], []).extend(values)
        database = " ".join(fields.get("database", [])).lower()
        if "medline" in database or "pubmed" in database:
            fields["pmid"] = fields.get("accession", [])
        try:
            yield line, build_record(fields, source)
        except ValueError as error:
            yield line, str(error)
