"""EndNote's tagged text (.enw, "refer"): a percent sign and a letter before each field."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from evidence.exchange.entry import Entry, Unread
from evidence.exchange.fields import build_record
from evidence.exchange.ris import is_medline
from evidence.exchange.tagged import Dialect, Tags, fields_of, read_tags, unread
from evidence.record import Record

DIALECT = Dialect(
    line=re.compile(r"^%([0-9A-Za-z!#$&()*+<>?@\[\]^~=|-])(?:\s(.*)|\s*)$"),
    paragraphs=frozenset("XZ<"),
    repeats=frozenset("AKU"),
)
TAGS: dict[str, tuple[str, ...]] = {
    "title": ("T",), "vernacular": ("Q",), "abstract": ("X",), "authors": ("A",), "year": ("D",), "date": ("8",),
    "journal": ("J", "B"), "abbreviation": ("O",), "volume": ("V",), "issue": ("N",), "pages": ("P",), "doi": ("R",),
    "accession": ("M",), "issn": ("@",), "language": ("G",), "keyword": ("K",), "url": ("U",),
    "note": ("Z", "<", "1", "M"), "type": ("9", "0"), "database": ("~", "W"), "pmcid": ("2",),
    "article_number": ("]", "7"),
}  # fmt: skip
# Publisher and its place, editors and series, addresses, dates of access and edition, labels, links to files.
LEFT_OUT = frozenset("ICEYS!+[F>L()*?^#$&34=6|-")
_KNOWN = frozenset(tag for tags in TAGS.values() for tag in tags) | LEFT_OUT


def entries(text: str) -> Iterator[tuple[int, list[str]]]:
    """``(line, its lines)``: %0 begins an entry; where a file has none, %T or %A after a blank line does.

    A blank line inside a field ends nothing.
    """
    typed = re.search(r"^%0\s", text, re.M) is not None
    found: list[str] = []
    start, blank, said = 0, True, False
    for number, line in enumerate(text.split("\n"), 1):
        tag = DIALECT.tag_of(line)
        begins = tag is not None and (tag[0] == "0" if typed else blank and (not found or tag[0] in "TA"))
        if begins and said:
            yield start, found
            found, said = [], False
        if tag or found:
            if not found:
                start = number
            found.append(line)
            said = said or not line.startswith("%0")
        blank = not line.strip()
    if found:
        yield start, found


def read(text: str, source: str) -> Iterator[Entry]:
    missed: Counter[str] = Counter()
    for line, lines in entries(text):
        tags = read_tags(lines, DIALECT)
        unread(tags, _KNOWN, missed)
        try:
            yield line, _record(tags, source)
        except ValueError as error:
            yield line, str(error)
    yield 1, Unread(Counter({f"%{tag}": count for tag, count in missed.items()}))


def _record(tags: Tags, source: str) -> Record:
    fields = fields_of(tags, TAGS)
    if is_medline(" ".join(fields["database"]).lower()):
        fields["pmid"] = [value for value in fields["accession"] if re.fullmatch(r"\d{4,9}", value)]
    # Epub date in EndNote's %7 (2014/05/27), an article number in others'.
    fields["article_number"] = [value for value in fields["article_number"] if "/" not in value and " " not in value]
    fields["pmcid"] = [value for value in fields["pmcid"] if "PMC" in value.upper()]
    return build_record(fields, source)
