"""The Cochrane Library's plain text export of CENTRAL (``Record #1 of 20``)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.exchange.fields import build_record
from evidence.exchange.tagged import Dialect, entries
from evidence.record import Record

DIALECT = Dialect(line=re.compile(r"^([A-Z]{2,3}): (.*)$"), start=re.compile(r"^Record #\d+ of \d+|^ID: "))
TAGS: dict[str, tuple[str, ...]] = {
    "title": ("TI",), "abstract": ("AB",), "authors": ("AU",), "year": ("YR",), "journal": ("SO",), "volume": ("VL",),
    "issue": ("NO",), "pages": ("PG",), "doi": ("DOI", "DO"), "pmid": ("PM",), "accession": ("ID",), "type": ("PT",),
    "issn": ("SN",), "url": ("US",), "note": ("XR",),
}  # fmt: skip


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    for line, tags in entries(text, DIALECT):
        fields = {key: next((tags[name] for name in names if name in tags), []) for key, names in TAGS.items()}
        fields["pmid"] = [value for value in fields["pmid"] if re.match(r"(?:PUBMED|MEDLINE)?\s*\d+$", value, re.I)]
        fields["keyword"] = [word for tag in ("KY", "MH") for value in tags.get(tag, []) for word in value.split(";")]
        try:
            yield line, build_record(fields, source)
        except ValueError as error:
            yield line, str(error)
