"""Ovid's own text: a number in angle brackets before each entry, then tags (``TI  - ``) or words (``Title``)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from evidence.exchange.columns import normal_name
from evidence.exchange.entry import Entry, Unread
from evidence.exchange.fields import build_record
from evidence.exchange.ris import is_medline
from evidence.exchange.tagged import Dialect, Tags, fields_of, read_tags, unread
from evidence.record import Record

COUNTER = r"<\d+\.? ?>"
_COUNTER = re.compile(rf"^\s*{COUNTER}\s*$")
_FIRST = re.compile(r"^VN {1,2}- Ovid")
_TAGGED = re.compile(r"^[A-Z]{2} {1,2}- ", re.M)
DIALECT = Dialect(
    line=re.compile(r"^([A-Z][A-Z0-9]{1,4}) {1,2}-(?: (.*)|$)"),
    paragraphs=frozenset(("AB",)),
)
# Tags of Ovid's databases (MEDLINE, Embase, PsycINFO, BIOSIS, Zoological Record, Books, Journals).
TAGS: dict[str, tuple[str, ...]] = {
    "title": ("TI", "BT"), "vernacular": ("OT", "TT"), "abstract": ("AB",), "authors": ("AU", "FA"),
    "collective": ("CA", "CM"), "year": ("YR", "DP", "YP"), "date": ("DP", "YR"), "journal": ("JN", "JT", "JO"),
    "abbreviation": ("JA", "TA"), "volume": ("VO", "VI"), "issue": ("IP",), "pages": ("PG",), "doi": ("DO", "DI"),
    "pmid": ("PM", "PMID"), "pmcid": ("PC", "PMC"), "issn": ("IS", "IL", "EI", "IB"), "language": ("LG", "LA"),
    "type": ("DT", "PT"), "keyword": ("KW", "KY", "ID"), "mesh": ("MH",), "accession": ("AN", "UI"),
    "database": ("DB",), "citation": ("SO",), "book": ("BT",), "url": ("XL",), "grant": ("GI", "GR"),
}  # fmt: skip
# The same fields in words, in the normal form of column names.
LABELS: dict[str, tuple[str, ...]] = {
    "title": ("title", "booktitle"), "vernacular": ("originaltitle", "vernaculartitle"), "abstract": ("abstract",),
    "authors": ("author", "authors", "authornames", "authorsfullname"),
    "year": ("yearofpublication", "publicationyear", "year", "dateofpublication"),
    "date": ("dateofpublication", "publicationdate"), "journal": ("journalname", "journal", "journaltitle"),
    "abbreviation": ("journalabbreviation",), "volume": ("volume",), "issue": ("issue", "issuepart"),
    "pages": ("pages", "page"), "doi": ("doinumber", "digitalobjectidentifier", "doi"), "pmid": ("pubmedid", "pmid"),
    "issn": ("issn", "issnprint", "issnelectronic", "isbn"), "language": ("language",),
    "type": ("documenttype", "publicationtype"),
    "keyword": ("authorkeywords", "keywords", "keywordheading", "keyphraseidentifiers"),
    "mesh": ("meshsubjectheadings", "subjectheadings", "meshheadings"),
    "accession": ("accessionnumber", "uniqueidentifier"), "database": ("database",), "citation": ("source",),
    "grant": ("grantnumber", "grantinformation"),
}  # fmt: skip
# Institutions, countries, publishers, classifications, dates of the database, Ovid's score and links.
LEFT_OUT = frozenset(
    "VN RO IN CY PB PU LC ED ET CC MC DS CB UP XP SCORE JL PN DG CL PC PA CN FO OL ON OU PO MD IA SB TS IU BR TN ST DE"
    " SY DD RF RN NM ES EM FS SA SD SI UF CP CO AS OR GN GE TM CT MM NT CR".split()
)
_KNOWN = frozenset(tag for tags in TAGS.values() for tag in tags) | LEFT_OUT
_LABELS_LEFT_OUT = frozenset(
    "score institution authorinstitution journalsubset status nlmjournalcode nlmjournalname countryofpublication"
    " linktotheovidfulltextorcitation linktotheexternallinkresolver copyright publisher correspondenceaddress"
    " entrydate updatecode dateofcreation revisiondate registrynumber".split()
)
_KNOWN_LABELS = frozenset(label for labels in LABELS.values() for label in labels) | _LABELS_LEFT_OUT
# What Ovid adds to a title: "[Review] [45 refs]", "[References].", "[Article]".
_ADDED = re.compile(
    r"(?:\.?(?<!\s)\s*+\[(?:article|miscellaneous|references?|(?:systematic )?review|editorials?|letters?|\d+ refs"
    r"|erratum appears in [^\]]*|comment|note|abstract|summary|report|original (?:article|report)s?"
    r"|case reports?)\])+\.?\s*$",
    re.I,
)
# "[Inventor, Reprint Author]", "MD *", "RN; PhD; FAAN 1": roles, degrees and marks behind a name.
_ROLE = re.compile(r"(?<!\s)\s*+\[[^\[\]]*+\]")
# Zoological Record's book of a chapter: "A book on pain. Harbour Press, Oslo. 2006: 1-300. Chapter pagination: 12-34."
_CHAPTER = "Chapter pagination: "
_EDITORS = re.compile(r".{2,200}?\[Eds?\.?\]\.?\s+")
_BOOK = re.compile(r"\[[^\[\]]{2,300}\]|[^.]{2,300}")
_LONGEST_ADDITION = 400
_MOST_BEHIND, _LONGEST_BEHIND = 30, 60  # marks behind one name, and their characters
_BEHIND = re.compile(
    r"(?:(?:^|(?<![,\s])[,\s]++)(?:MD|M\.D\.|PhD|Ph\.D\.?|RN|FAAN|MSc|MS|MA|MPH|BSc|BS|BA|MBBS|DO|DPhil|PT|DPT|OT|ScD|DSc|EdD|PharmD"
    r"|MBA|FRCP|FRCA|FRCS|FACS|DNP|NP|CRNA|MSN|BSN|MBChB|DrPH|PsyD)\.?|[\s,*+^#\u2020\u2021\u00a7]|\s\d+(?:,\d+)*)$"
)


def entries(text: str) -> Iterator[tuple[int, list[str]]]:
    """``(line, its lines)``: a number in angle brackets begins an entry; without any, the line that names Ovid."""
    counted = any(_COUNTER.match(line) for line in text.split("\n", 200)[:200])
    found: list[str] = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        begins = _COUNTER.match(line) if counted else _FIRST.match(line)
        if begins:
            if any(map(str.strip, found)):
                yield start, found
            found, start = ([], number + 1) if counted else ([line], number)
        elif start:
            found.append(line)
    if any(map(str.strip, found)):
        yield start, found


def read(text: str, source: str) -> Iterator[Entry]:
    missed: Counter[str] = Counter()
    for line, lines in entries(text):
        if _TAGGED.search("\n".join(lines)):
            tags, table, known = read_tags(lines, DIALECT), TAGS, _KNOWN
        else:
            tags, table, known = _labelled(lines), LABELS, _KNOWN_LABELS
        unread(tags, known, missed)
        try:
            yield line, _record(fields_of(tags, table), source)
        except ValueError as error:
            yield line, str(error)
    yield 1, Unread(missed)


def _labelled(lines: list[str]) -> Tags:
    """A line that is not indented names a field, the indented lines after it are its value."""
    found: Tags = {}
    name = ""
    for line in lines:
        if not line.strip():
            continue
        if not line[0].isspace():
            name = normal_name(line)
            found.setdefault(name, [])
        elif name in ("author", "authors", "authorsfullname") or not found.get(name):
            found.setdefault(name, []).append(line.strip())
        else:
            found[name][-1] += " " + line.strip()
    return found


def _record(fields: dict[str, list[str]], source: str) -> Record:
    if is_medline(" ".join(fields.get("database", ())).lower()):
        fields["pmid"] += [value for value in fields["accession"] if re.fullmatch(r"\d{4,9}\.?", value)]
    fields["pmid"] = [value.split()[0].rstrip(".") for value in fields["pmid"]]
    for printed in fields.pop("book", ()):
        before, _, pages = printed.partition(_CHAPTER)
        book = _BOOK.match(_EDITORS.sub("", before, count=1)) if pages else None
        if book:
            fields["journal"].append(book.group().strip("[]."))
            fields["pages"].append(pages.split()[0].rstrip("."))
    fields["title"] = [_without_additions(value) for value in fields["title"]]
    fields["authors"] = [name for value in fields["authors"] for name in _names(value)]
    fields["accession"] = [value.rpartition(": ")[2].rstrip(".") for value in fields["accession"]]
    fields["language"] = [value.rstrip(".") for value in fields["language"]]
    fields["keyword"] = [word for value in fields["keyword"] for word in value.split(";")]
    return build_record(fields, source)


def _without_additions(title: str) -> str:
    start = max(0, len(title) - _LONGEST_ADDITION)
    return title[:start] + _ADDED.sub("", title[start:])


def _names(value: str) -> list[str]:
    """The people of a field, without their roles, degrees and marks."""
    found = []
    for name in (value if value.startswith("[") else _ROLE.sub("", value)).split(";"):
        start = max(0, len(name) - _LONGEST_BEHIND)
        name, end = name[:start], name[start:]
        for _ in range(_MOST_BEHIND):
            if end == (shorter := _BEHIND.sub("", end)):
                break
            end = shorter
        name += end
        found.append(name.strip())
    return [name for name in found if name]
