"""The Cochrane Library's plain text export of CENTRAL (``Record #1 of 20``)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from evidence.exchange.entry import Entry, Unread
from evidence.exchange.fields import build_record
from evidence.exchange.tagged import Dialect, Tags, blocks, fields_of, read_tags, unread
from evidence.record import Record

TAGS: dict[str, tuple[str, ...]] = {
    "title": ("TI",), "abstract": ("AB",), "authors": ("AU",), "year": ("YR",), "journal": ("SO",), "volume": ("VL",),
    "issue": ("NO",), "pages": ("PG",), "doi": ("DOI", "DO"), "pmid": ("PM",), "accession": ("ID",), "type": ("PT",),
    "issn": ("SN", "ISSN"), "url": ("US",), "citation": ("SO",), "language": ("LA",),
}  # fmt: skip
# Cross-references to Embase, Cochrane's own codes, corresponding address, publisher.
LEFT_OUT = frozenset(("XR", "CC", "CA", "C1", "PB", "CN", "AD", "CRGC", "DE"))
_KNOWN = frozenset(tag for tags in TAGS.values() for tag in tags) | LEFT_OUT | {"KY", "MH"}
# Only its own tags: "SCS: a method" at the start of a line is running text.
DIALECT = Dialect(line=re.compile(rf"^({'|'.join(sorted(_KNOWN))}): ?(.*)$"), paragraphs=frozenset(("AB",)))
_START = re.compile(r"^Record #\d+ of \d+")


def read(text: str, source: str) -> Iterator[Entry]:
    missed: Counter[str] = Counter()
    for line, lines in blocks(text, _START):
        tags = read_tags(lines, DIALECT)
        unread(tags, _KNOWN, missed)
        try:
            yield line, _record(tags, source)
        except ValueError as error:
            yield line, str(error)
    yield 1, Unread(missed)


def _record(tags: Tags, source: str) -> Record:
    fields = fields_of(tags, TAGS)
    fields["pmid"] = [value for value in fields["pmid"] if re.match(r"(?:PUBMED|MEDLINE)?\s*\d+$", value, re.I)]
    fields["keyword"] = [word for tag in ("KY", "MH") for value in tags.get(tag, []) for word in value.split(";")]
    return build_record(fields, source)
