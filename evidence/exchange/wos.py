"""Web of Science plain text (FN/VR header, PT … ER)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.exchange.fields import build_record
from evidence.exchange.tagged import Dialect, entries
from evidence.record import Record

DIALECT = Dialect(
    line=re.compile(r"^([A-Z][A-Z0-9]) (.*)$"),
    start=re.compile(r"^PT "),
    end=re.compile(r"^(?:ER|EF)\s*$"),
    repeats=frozenset(("AU", "AF", "CA", "C1", "CR")),
)
TAGS: dict[str, tuple[str, ...]] = {
    "title": ("TI",), "abstract": ("AB",), "authors": ("AF", "AU"), "collective": ("CA",), "year": ("PY",),
    "journal": ("SO",), "abbreviation": ("JI", "J9"), "volume": ("VL",), "issue": ("IS",), "start": ("BP",),
        "end": ("EP",),
    "article_number": ("AR",), "doi": ("DI",), "pmid": ("PM",), "accession": ("UT",), "issn": ("SN", "EI"),
    "language": ("LA",), "type": ("DT",),
}  # fmt: skip


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    """Entries of an export; the FN and VR lines before them are no entry."""
    for line, tags in entries(text, DIALECT):
        if "PT" not in tags:
            continue
        fields = {key: next((tags[name] for name in names if name in tags), []) for key, names in TAGS.items()}
        fields["keyword"] = [word for tag in ("DE", "ID") for value in tags.get(tag, []) for word in value.split(";")]
        fields["type"] = [part for value in fields["type"] for part in value.split(";")]
        try:
            yield line, build_record(fields, source)
        except ValueError as error:
            yield line, str(error)
