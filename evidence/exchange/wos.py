"""Web of Science plain text (FN/VR header, PT … ER)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from evidence.exchange.entry import Entry, Unread
from evidence.exchange.fields import build_record
from evidence.exchange.tagged import Dialect, blocks, fields_of, first_fields, read_tags, unread
from evidence.record import Record

DIALECT = Dialect(
    line=re.compile(r"^([A-Z][A-Z0-9])(?: (.*)|\s*)$"),
    repeats=frozenset(("AU", "AF", "CA", "BA", "BF", "GP", "C1", "CR", "OI")),
)
TAGS: dict[str, tuple[str, ...]] = {
    "title": ("TI",), "abstract": ("AB",), "year": ("PY", "EA"), "journal": ("SO", "SE"), "abbreviation": ("JI", "J9"),
    "volume": ("VL",), "issue": ("IS",), "start": ("BP",), "end": ("EP",), "pages": ("PS",), "article_number": ("AR",),
    "doi": ("DI", "D2"), "pmid": ("PM",), "accession": ("UT", "AN"), "issn": ("SN", "EI", "BN"), "language": ("LA",),
    "type": ("DT",), "month": ("PD",), "vernacular": ("FT",), "grant": ("FU",),
}  # fmt: skip
# Lists that two tags print in full: the first that is there counts.
LISTS: dict[str, tuple[str, ...]] = {
    "authors": ("AF", "AU", "BF", "BA"), "collective": ("CA",),
}  # fmt: skip
# Keywords of the authors and of the index; also types, each with semicolons.
_KEYWORDS = ("DE", "ID")
# Addresses, cited references, counts, publisher, conference, categories, people's identifiers, the export's date.
LEFT_OUT = frozenset(
    "PT ER EF FN VR BE C1 C3 RP EM RI OI FX CR NR TC Z9 U1 U2 PU PI PA PG WC WE SC GA DA OA HC HP CT CY CL SP HO DL MA"
    " PN SI ED ZB Z8 ZA ZR ZS BS P2 SS EY MQ".split()
)
KNOWN = (
    frozenset(tag for table in (TAGS, LISTS) for tags in table.values() for tag in tags)
    | LEFT_OUT
    | {*_KEYWORDS, "SU", "GP"}
)
_START = re.compile(r"^(?:PT |FN |EF\s*$)")
_PROBLEM = "the entry has no ER line: the file seems to be cut"


def read(text: str, source: str) -> Iterator[Entry]:
    """Entries of an export; the FN and VR lines before them are no entry."""
    missed: Counter[str] = Counter()
    for line, lines in blocks(text, _START):
        tags = read_tags(lines, DIALECT)
        if "PT" not in tags:
            continue
        unread(tags, KNOWN, missed)
        if "ER" not in tags:
            yield line, _PROBLEM
            continue
        try:
            yield line, record_of(tags, source)
        except ValueError as error:
            yield line, str(error)
    yield 1, Unread(missed)


def record_of(tags: Mapping[str, list[str]], source: str) -> Record:
    """The record of an entry's tags; the tab-delimited export has the same tags for columns."""
    fields = fields_of(tags, TAGS) | first_fields(tags, LISTS)
    if not (fields["authors"] or fields["collective"]):  # else it is whoever holds the conference
        fields["collective"] = list(tags.get("GP", ()))
    fields["keyword"] = [word for tag in _KEYWORDS for value in tags.get(tag, ()) for word in value.split(";")]
    fields["pmid"] += [value.partition(":")[2] for value in fields["accession"] if value.startswith("MEDLINE:")]
    fields["type"] = [part for value in fields["type"] for part in value.split(";")]
    fields["grant"] = [part for value in fields["grant"] for part in value.split(";")]
    fields["issue"] += [f"Suppl {value.lstrip('S')}".strip() for value in tags.get("SU", ()) if value]
    return build_record(fields, source)
