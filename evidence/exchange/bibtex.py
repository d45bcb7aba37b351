"""BibTeX and BibLaTeX: their fields to a record's. ``bibtex_syntax`` finds the entries, ``latex`` undoes LaTeX."""

from __future__ import annotations

import re
from collections.abc import Iterator

from evidence.exchange.bibtex_syntax import Entry, Unread, entries
from evidence.exchange.fields import build_record
from evidence.exchange.latex import address_text, plain_text
from evidence.exchange.names import author_of, authors_of, initials_of
from evidence.markup import decode_references
from evidence.record import Author, Record

NAMES: dict[str, tuple[str, ...]] = {
    "title": ("title",), "abstract": ("abstract",), "year": ("year", "date"),
    "journal": ("journal", "journaltitle", "fjournal", "booktitle", "maintitle"),
    "abbreviation": ("shortjournal", "journal-iso", "abbrev_source_title", "journal_abbreviation"),
    "volume": ("volume",), "issue": ("number", "issue"), "pages": ("pages",),
    "doi": ("doi", "doi-id", "ee"), "pmid": ("pmid", "pubmed-id", "pubmed_id", "pubmedid", "pubmed"),
    "pmcid": ("pmcid", "pmc", "pmc-id"), "issn": ("issn", "eissn", "isbn"), "language": ("language", "langid"),
    "type": ("document_type", "type"), "url": ("url", "howpublished"),
    "note": ("note", "annote", "annotation", "addendum"),
    "accession": ("unique-id", "eid", "accession-number"),
    "article_number": ("article-number", "art_number", "articleno", "artnum", "eid"), "vernacular": ("origtitle",),
    "keyword": ("keywords", "keyword", "keywords-plus", "author_keywords", "mesh", "mendeley-tags"),
}  # fmt: skip
_ADDRESSES = frozenset(("doi", "pmid", "pmcid", "url", "issn", "accession", "date"))
_TYPES = {
    "article": "Journal Article",
    "inproceedings": "Conference Paper",
    "conference": "Conference Paper",
    "incollection": "Book Chapter",
    "inbook": "Book Chapter",
}
# BibLaTeX's containers of fields and BibTeX's settings, which are no works.
_NO_WORKS = frozenset(("xdata", "set", "control", "ieeetranbstctl"))
_MONTH_NAME = re.compile(r"[A-Za-z]{3,9}")
_NUMBER = re.compile(r"\d{1,2}")
_ISO_DATE = re.compile(r"\d{4}-\d\d")
# Where an entry that names another one by ``crossref`` takes a missing field from: its name → the parent's.
_INHERITED = {
    name: name
    for name in ("year", "date", "month", "volume", "number", "journal", "journaltitle", "issn", "isbn", "booktitle",
                 "language", "langid")
} | {"booktitle": "title"}  # fmt: skip
_IDENTIFIERS = {"pubmed": "pmid", "pmid": "pmid", "medline": "pmid", "pmc": "pmcid", "pmcid": "pmcid", "doi": "doi"}
_MOST_LENDERS = 20  # entries that one entry names by ``xdata``
_NAME_PARTS = re.compile(r"(family|given|prefix|suffix|given-i)\s*+=\s*+(\"[^\"]*+\"|[^,]*)")

Values = dict[str, list[str]]


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    """Entries in the order of the file. No entry stops another; what cannot be read is told with its line."""
    found = [(entry, {} if isinstance(entry, Unread) else _values(entry)) for entry in entries(text)]
    parents = {entry.key.lower(): values for entry, values in found if isinstance(entry, Entry) and entry.key}
    for entry, values in found:
        if isinstance(entry, Unread):
            yield entry.line, entry.reason
        elif entry.kind not in _NO_WORKS:
            yield entry.line, _record(entry.kind, _with_parents(values, parents), source)


def _values(entry: Entry) -> Values:
    values: Values = {}
    for name, value in entry.fields:
        if value.strip():
            values.setdefault(name, []).append(value)
    return values


def _with_parents(values: Values, parents: dict[str, Values]) -> Values:
    """With the fields that ``crossref`` and ``xdata`` lend; an entry's own come first, and a grandparent's last."""
    for _ in range(3):
        if not values.keys() & {"crossref", "xdata"}:
            break
        values = dict(values)
        named = [key.strip().lower() for value in values.pop("xdata", []) for key in value.split(",")]
        for key in list(dict.fromkeys(named))[:_MOST_LENDERS]:
            values = {**parents.get(key, {}), **values}
        parent = parents.get("".join(values.pop("crossref", [])).strip().lower())
        if parent is not None:
            lent = {name: parent[theirs] for name, theirs in _INHERITED.items() if theirs in parent}
            if {"year", "date"} & values.keys():
                lent = {name: value for name, value in lent.items() if name not in ("year", "date", "month")}
            values = {**lent, **{name: parent[name] for name in ("crossref", "xdata") if name in parent}, **values}
    return values


def _record(kind: str, values: Values, source: str) -> Record:
    fields = {
        key: [
            (address_text if key in _ADDRESSES else plain_text)(value)
            for name in names
            for value in values.get(name, ())
        ]
        for key, names in NAMES.items()
        if key != "keyword"
    }
    if "fjournal" in values and "journal" in values:  # MathSciNet's journal is the abbreviation
        fields["journal"].insert(0, plain_text(values["fjournal"][0]))
        fields["abbreviation"].append(plain_text(values["journal"][0]))
    subtitle = plain_text(values.get("subtitle", [""])[0])
    if subtitle and fields["title"]:
        fields["title"] = [f"{fields['title'][0].rstrip(' :')}: {subtitle}"]
    fields["date"] = [_date(values)]
    fields["keyword"] = [word for name in NAMES["keyword"] for value in values.get(name, ()) for word in _words(value)]
    fields["type"] = [_TYPES.get(kind, kind.title()), *fields["type"]]
    scheme = "".join(values.get("eprinttype", values.get("archiveprefix", []))).strip(" {}").lower()
    if scheme in _IDENTIFIERS:
        fields[_IDENTIFIERS[scheme]] += [address_text(value) for value in values.get("eprint", ())]
    record = build_record(fields, source)
    record.authors = [author for value in values.get("author", ()) for author in _authors(value)]
    return record


def _date(values: Values) -> str:
    """``date``, else ``year`` with ``month`` and ``day``: ``2019-07-03``, ``2019 Jul 3``."""
    printed = address_text("".join(values.get("date", [])[:1]))
    year = address_text("".join(values.get("year", [])[:1]))
    if _ISO_DATE.match(printed) or not year:
        return printed
    if _ISO_DATE.match(year):
        return year
    month = plain_text("".join(values.get("month", [])[:1]))
    day = "".join(values.get("day", [])[:1])
    named = _MONTH_NAME.search(month)
    if named:
        found = _NUMBER.search(day or month)
        return f"{year} {named.group()[:3]}" + (f" {found.group()}" if found else "")
    numbers = [found.group().zfill(2) for part in (month, day) if (found := _NUMBER.search(part))]
    return "-".join([year, *numbers]) if month else year


def _words(value: str) -> list[str]:
    """Keywords, parted by semicolons or, where there are none, by commas; those in braces are one."""
    separator = ";" if ";" in value else ","
    return [plain_text(word) for word in _split_outside_braces(value, re.compile(rf"\\\\.|[{{}}{separator}]"))]


def _split_outside_braces(value: str, marks: re.Pattern[str]) -> list[str]:
    """Parts between the marks that stand outside braces; ``marks`` matches braces and escaped signs too."""
    depth, start, parts = 0, 0, []
    for mark in marks.finditer(value):
        if mark.group() == "{":
            depth += 1
        elif mark.group() == "}":
            depth = max(depth - 1, 0)
        elif depth == 0 and mark.group()[0] != "\\":
            parts.append(value[start : mark.start()])
            start = mark.end()
    return [*parts, value[start:]]


_NAME_MARKS = re.compile(r"\\[{}]|[{}]|(?<!\s)\s++(?:and|AND)\s+")


def _authors(value: str) -> list[Author]:
    value = decode_references(value)
    names = _split_outside_braces(value.strip().removeprefix("and "), _NAME_MARKS)
    braces = names[0].startswith("{") and _is_one_group(names[0])
    if len(names) == 1 and ";" in value and "\\" not in value and not braces:  # not BibTeX's way, but some programs'
        return authors_of(plain_text(value))
    return [author for name in names if (author := _author(name.strip()))]


def _author(name: str) -> Author | None:
    if name.startswith("{") and name.endswith("}") and _is_one_group(name):
        return Author(collective=plain_text(name))
    if "family=" in name.replace(" ", ""):
        return _author_of_parts(name)
    family = re.search(r"\s(\{[^{}\\]++\})$", name)
    if family and "," not in name and " " in family.group(1).strip("{} "):  # "Jan {van den Berg}"
        given = plain_text(name[: family.start()])
        return Author(family=plain_text(family.group(1)), given=given, initials=initials_of(given))
    return author_of(plain_text(name))


def _is_one_group(name: str) -> bool:
    depth = 0
    for position, sign in enumerate(name):
        depth += (sign == "{") - (sign == "}")
        if not depth:
            return position == len(name) - 1
    return False


def _author_of_parts(name: str) -> Author:
    """BibLaTeX's extended form: ``family=Vogt, given=Petra, prefix=van``."""
    parts = {key: plain_text(value.strip(' "')) for key, value in _NAME_PARTS.findall(name)}
    given = parts.get("given", "")
    return Author(
        family=f"{parts.get('prefix', '')} {parts.get('family', '')}".strip(),
        given=given,
        initials=parts.get("given-i", "") or initials_of(given),
        suffix=parts.get("suffix", ""),
    )
