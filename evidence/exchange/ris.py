"""RIS, as reference managers and databases write it, each with habits of its own. Tags are read by rispy."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import rispy

from evidence.exchange.fields import build_record
from evidence.record import Record

_LINE = re.compile(r"^([A-Z][A-Z0-9]) {0,2}- ?(.*)$")
_START = re.compile(r"^TY {0,2}-")
_END = re.compile(r"^ER {0,2}-")

TAGS: dict[str, tuple[str, ...]] = {
    "title": ("TI", "T1", "CT", "BT"),
    "vernacular": ("TT",),
    "abstract": ("AB", "N2"),
    "authors": ("AU", "A1"),
    "year": ("PY", "Y1", "DA"),
    "date": ("DA", "Y1", "PY"),
    "journal": ("JF", "T2", "JO", "JA", "J2", "T3", "BT"),
    "abbreviation": ("J2", "JA", "JO"),
    "volume": ("VL",),
    "issue": ("IS", "CP"),
    "start": ("SP",),
    "end": ("EP",),
    "doi": ("DO", "DI", "M3", "UR", "L3"),
    "pmid": ("PM", "C2"),
    "pmcid": ("C2", "PMC"),
    "issn": ("SN",),
    "language": ("LA",),
    "keyword": ("KW",),
    "accession": ("AN", "U2", "ID", "M1"),
    "database": ("DB", "DP", "N1"),
    "url": ("UR", "L1", "L2", "LK"),
    "note": ("N1", "AN", "M1", "C1", "RN"),
    "article_number": ("C7", "SE"),
}
_TYPES = {
    "JOUR": "Journal Article", "EJOUR": "Journal Article", "ABST": "Abstract", "CONF": "Conference Proceeding",
    "CPAPER": "Conference Paper", "BOOK": "Book", "CHAP": "Book Chapter", "THES": "Thesis", "RPRT": "Report",
}  # fmt: skip
ORIGINAL_TITLE = "Original title: "
_ALL_OF = frozenset(("authors", "keyword", "doi", "pmid", "pmcid", "accession", "url", "note", "database", "language"))


class _Parser(rispy.RisParser):
    """rispy with every tag kept under its own name, repeated ones too, and continuation lines joined on."""

    def __init__(self) -> None:
        super().__init__(mapping=_Same(), list_tags=_Every(), delimiter_tags_mapping={})

    def parse_line(self, line: str) -> Any:
        found = _LINE.match(line)
        return (found.group(1), found.group(2).strip()) if found else (None, line.strip())

    def _add_tag(self, record: dict[str, Any], tag: str, content: str, extend_multiline: bool = False) -> None:
        if extend_multiline:
            if tag in record and content:
                record[tag][-1] += f"\n{content}" if tag in ("AB", "N2") else f" {content}"
        else:
            record.setdefault(tag, []).append(content)


class _Same(dict[str, str]):
    def __missing__(self, tag: str) -> str:
        return tag


class _Every(list[str]):
    def __contains__(self, tag: object) -> bool:
        return True


def entries(text: str) -> Iterator[tuple[int, list[str], bool]]:
    """``(line, its lines, whether an ER ends it)``; TY begins an entry even when the ER before it is missing."""
    found: list[str] = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if _START.match(line):
            if found:
                yield start, found, True
            found, start = [line], number
        elif found and _END.match(line):
            yield start, found, True
            found = []
        elif found:
            found.append(line)
    if found:
        yield start, found, False


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    for line, lines, ended in entries(text):
        if not ended:
            yield line, "the entry has no ER line: the file seems to be cut (add 'ER  - ' if it is whole)"
            continue
        try:
            yield line, _record(lines, source)
        except ValueError as error:
            yield line, str(error)


def _record(lines: list[str], source: str) -> Record:
    tags = _Parser().parse_lines(iter([*lines, "ER  - ", ""]))[0]
    tags["TY"] = [tags["TY"]] if isinstance(tags["TY"], str) else tags["TY"]
    fields = {key: _values(tags, key, names) for key, names in TAGS.items()}
    fields["pmid"] = _pmids(tags)
    fields["type"] = [_TYPES.get(tags["TY"][0].strip(), "")] + [
        v for v in tags.get("M3", []) if not v.startswith("10.")
    ]
    originals = [note.removeprefix(ORIGINAL_TITLE) for note in tags.get("N1", ()) if note.startswith(ORIGINAL_TITLE)]
    fields["vernacular"] = fields["vernacular"] or originals
    return build_record(fields, source)


def _values(tags: dict[str, list[str]], key: str, names: tuple[str, ...]) -> list[str]:
    if key in _ALL_OF and key != "authors":
        return [value for name in names for value in tags.get(name, ()) if value]
    return next((values for name in names if any(values := [v for v in tags.get(name, ()) if v])), [])


def _pmids(tags: dict[str, list[str]]) -> list[str]:
    """C2 in Zotero, EndNote and Scopus; PM; CENTRAL's C3; or the accession number of PubMed or MEDLINE."""
    found = [
        value for name in ("PM", "C2") for value in tags.get(name, ()) if re.fullmatch(r"(?:PMID:?\s*)?\d{4,9}", value)
    ]
    database = " ".join(tags.get("DB", []) + tags.get("DP", [])).lower()
    found += [m.group(1) for value in tags.get("C3", ()) if (m := re.search(r"(?:PUBMED|MEDLINE)\W*(\d{4,9})", value))]
    if "medline" in database or "pubmed" in database or "nlm" in database.split():
        found += [value for value in tags.get("AN", ()) if re.fullmatch(r"\d{4,9}", value)]
    return found + [value for value in tags.get("AN", ()) if re.match(r"(?:PMID|MEDLINE):?\s*\d{4,9}$", value, re.I)]
