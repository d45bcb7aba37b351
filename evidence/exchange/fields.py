"""From the fields of an entry, whatever its format, to a :class:`Record`.

Readers translate their tags into the keys below by a table; :func:`build_record` does the rest once for all.
Every value is a list of strings in the order printed:

    title abstract authors author_list collective year date journal abbreviation volume issue pages start end
    article_number doi pmid pmcid issn language type keyword mesh accession url note vernacular databank grant
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from evidence.exchange.abstracts import sections_of
from evidence.exchange.names import author_of, authors_of
from evidence.markup import decode_references, plain_markup
from evidence.normal import normal_doi, normal_pmid
from evidence.pubmed.parse.kinds import kind_of_entry
from evidence.pubmed.parse.text import month_number, partial_date
from evidence.record import Author, Mesh, Record
from evidence.registries import registrations_in, registry_number

Fields = Mapping[str, Sequence[str]]

_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?!\d)")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?!\d)")
_COMPACT_DATE = re.compile(r"^(\d{4})(\d\d)(\d\d)$")
_MONTH_DATE = re.compile(r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b\.?\s*(\d{1,2})?\b", re.I)
_PMID_IN_TEXT = re.compile(
    r"(?:pmid|pubmed(?:\s*id)?|medline)\W{0,3}(?:pmid\W{0,2})?(\d{4,9})\b|pubmed[./a-z]*/(\d{4,9})", re.I
)
_PMID_FIELD = re.compile(r"(?<![\w.])(\d{1,9})(?:\.0+)?\s*(?:\[pmid\]|$)", re.I)
_DASH = re.compile(r"\s*(?:[\u2010-\u2015]|--+)\s*")
_PMCID = re.compile(r"PMC\d{4,9}", re.I)
_BLANKS = re.compile(r"\s+")
# Accessions that mean the same entry in every export of their database. A bare number in a file is only its
# own count (EndNote's record number, "1", "2"), and would make different entries of two files one.
_ACCESSION = re.compile(
    r"^(?:2-s2\.0-\d{6,}|(?:WOS|MEDLINE|BCI|CCC|KJD|SCIELO|INSPEC|DIIDW|ZOOREC|PPRN|BIOSIS):\w{5,}|CN-\d{6,}|L\d{7,}"
    r"|(?:19|20)\d\d-\d{5}-\d{3}|(?:nct:|pmid:|doi:)?(?:NCT\d{8}|ISRCTN\d{6,8})|NBK\d{3,}|PPR:?\d{4,}|rayyan-\d{5,})$",
    re.I,
)
# What Embase's Ovid export puts there: the year and its number, e.g. 2010123456.
_SCOPUS_LINK = re.compile(r"eid=(2-s2\.0-\d{6,})")
_EMBASE_NUMBER = re.compile(r"^(?:(?:19|20)\d{8}|[5-7]\d{8})$")
_PLACEHOLDERS = frozenset(
    (
        "",
        "n/a",
        "na",
        "none",
        "null",
        "-",
        "nan",
        "n.a.",
        "not available",
        "[no abstract available]",
        "no abstract available",
    )
)
_TERMS = frozenset(("language", "keyword", "mesh", "type", "databank", "grant"))
_LONGEST_PLACEHOLDER = max(map(len, _PLACEHOLDERS))
_UNTITLED = frozenset(("", "[no title]", "no title", "untitled"))


def first(fields: Fields, *keys: str) -> str:
    """The first value that says something among these keys."""
    for key in keys:
        if key in fields:
            for value in fields[key]:
                value = value.strip()
                if len(value) > _LONGEST_PLACEHOLDER or value.lower() not in _PLACEHOLDERS:
                    return value
    return ""


def clean(text: str) -> str:
    """One line, single blanks, inline markup gone."""
    if "<" in text or "&" in text:
        text = plain_markup(text)
    if "  " in text or "\n" in text or "\t" in text:
        text = _BLANKS.sub(" ", text)
    return text.strip()


def is_accession(text: str, database: str = "") -> bool:
    """Whether an id names an entry of a database rather than a place in a file."""
    if _ACCESSION.match(text) or registry_number(text):
        return True
    return bool(_EMBASE_NUMBER.match(text)) and "embase" in database.lower()


def build_record(fields: Fields, source: str) -> Record:
    """A record of these fields, whatever they are."""
    record = Record(source=source)
    fields = {key: [decode_references(value) if "&" in value else value for value in fields[key]] for key in fields}
    title = clean(first(fields, "title"))
    record.title = "" if title.lower() in _UNTITLED else title
    record.vernacular_title = clean(first(fields, "vernacular"))
    record.abstract = sections_of(first(fields, "abstract"))
    record.authors = _authors(fields)
    _set_identifiers(record, fields)
    _set_place(record, fields)
    _set_terms(record, fields)
    record.source_id = _accession(record, fields)
    record.kind = kind_of_entry(record.type_names(), record.journal, record.source_id)
    if record.kind == "registration" and not record.databanks:
        record.databanks = _own_numbers(record, fields)
    return record


def _own_numbers(record: Record, fields: Fields) -> list[tuple[str, str]]:
    """Where a registration's number stands: its journal, accession or links."""
    places = (record.journal, *fields.get("accession", ()), *fields.get("url", ()))
    found = (number for place in places for number in registrations_in(place))
    return list(dict.fromkeys(found))


def _authors(fields: Fields) -> list[Author]:
    """``authors`` has a name a value (or several parted by semicolons), ``author_list`` all in one."""
    found = [a for value in fields.get("authors", ()) for name in value.split(";") if (a := author_of(name))]
    found += [a for value in fields.get("author_list", ()) for a in authors_of(value)]
    return found + [Author(collective=name) for value in fields.get("collective", ()) if (name := clean(value))]


def _set_identifiers(record: Record, fields: Fields) -> None:
    record.doi = next((doi for value in fields.get("doi", ()) if (doi := normal_doi(value))), None)
    notes = [*fields.get("note", ()), *fields.get("url", ())] if "note" in fields or "url" in fields else []
    if record.doi is None:
        record.doi = next((normal_doi(value) for value in notes if "doi" in value.lower() and normal_doi(value)), None)
    record.pmid = next((pmid for value in fields.get("pmid", ()) if (pmid := _pmid(value))), None)
    if record.pmid is None:
        found = next((m for value in notes if (m := _PMID_IN_TEXT.search(value))), None)
        record.pmid = normal_pmid(found.group(1) or found.group(2)) if found else None
    if notes or "pmcid" in fields:
        pmcid = next((m for value in (*fields.get("pmcid", ()), *notes) if (m := _PMCID.search(value))), None)
        record.pmcid = pmcid.group().upper() if pmcid else None
        record.url = next((value.strip() for value in fields.get("url", ()) if value.strip().startswith("http")), "")


def _pmid(value: str) -> str | None:
    """``12345678``, ``PMID: 12345678``, ``12345678.0`` (a spreadsheet's), ``PUBMED 12345678``."""
    if value.isascii() and value.isdigit() and value[0] != "0" and len(value) < 10:
        return value
    digits = _PMID_FIELD.search(value.strip())
    return normal_pmid(digits.group(1)) if digits else None


def _set_place(record: Record, fields: Fields) -> None:
    """Journal, date, volume, issue and pages."""
    record.journal = clean(first(fields, "journal", "abbreviation"))
    record.journal_abbreviation = clean(first(fields, "abbreviation"))
    printed, printed_year = first(fields, "date", "year"), first(fields, "year")
    year = _YEAR.search(printed_year) or _YEAR.search(printed)
    if year and not _YEAR.search(printed) and not printed.isdigit():
        printed = f"{year.group(1)} {printed}"  # EndNote keeps "Aug" apart from the year
    record.publication_date = parse_date(printed)
    record.year = int(year.group(1)) if year else None
    if record.year and not record.publication_date.startswith(str(record.year)):
        record.publication_date = str(record.year)
    record.volume = clean(first(fields, "volume"))
    record.issue = clean(first(fields, "issue"))
    record.pages = _pages(fields)
    record.issn = first(fields, "issn").split()[0].rstrip(";,") if first(fields, "issn") else ""


def _pages(fields: Fields) -> str:
    start, end = clean(first(fields, "start")), clean(first(fields, "end"))
    pages = clean(first(fields, "pages"))
    if not pages and start:
        pages = f"{start}-{end}" if end and end != start and "-" not in start else start
    if not pages.isascii() or "--" in pages:
        pages = _DASH.sub("-", pages)
    return pages or clean(first(fields, "article_number"))


def _set_terms(record: Record, fields: Fields) -> None:
    """Languages, publication types, index terms, registrations, grants."""
    if fields.keys().isdisjoint(_TERMS):
        return
    record.languages = [clean(value) for value in fields.get("language", ()) if value.strip()]
    record.keywords = [word for value in fields.get("keyword", ()) if (word := clean(value).strip(" .;"))]
    record.mesh = [mesh_of(value) for value in fields.get("mesh", ()) if value.strip(" *")]
    record.publication_types = [("", name) for value in fields.get("type", ()) if (name := clean(value))]
    record.databanks = [_databank(value) for value in fields.get("databank", ()) if value.strip()]
    record.grants = [clean(value) for value in fields.get("grant", ()) if value.strip()]


def _databank(value: str) -> tuple[str, str]:
    bank, _, number = value.rpartition("/")
    return (bank, number) if bank else (("ClinicalTrials.gov" if value.startswith("NCT") else ""), value)


def mesh_of(text: str) -> Mesh:
    """``*Pain/drug therapy/*surgery`` as MEDLINE prints it: a star before what the article is mainly about."""
    heading, *qualifiers = (part.strip() for part in text.strip().split("/"))
    return Mesh(
        heading=heading.strip("*").strip(),
        major=heading.startswith("*"),
        qualifiers=[("", name.strip("*"), name.startswith("*")) for name in qualifiers if name.strip("*")],
    )


def _accession(record: Record, fields: Fields) -> str:
    """What identifies the entry in every export: its PMID, or its number in a database that numbers for good."""
    if record.pmid:
        return record.pmid
    database = first(fields, "database")
    found = next((value.strip() for value in fields.get("accession", ()) if is_accession(value.strip(), database)), "")
    if not found and "url" in fields:
        scopus = next((m for value in fields["url"] if (m := _SCOPUS_LINK.search(value))), None)
        found = scopus.group(1) if scopus else ""
    return found


def parse_date(text: str) -> str:
    """A date as precise as it is printed: ``2014/07/03/``, ``2014-07``, ``Jul 3 2014``, ``20140703``, ``2010//``.

    ``""`` for ``n.d.`` and other texts without a year.
    """
    text = text.strip()
    if len(text) == 4 and text.isdigit():
        return partial_date(text)
    found = _COMPACT_DATE.match(text) or _ISO_DATE.search(text)
    if found:
        year, month, day = (found.group(1), found.group(2) or "", found.group(3) or "")
        return partial_date(year, month, day)
    year = _YEAR.search(text)
    if not year:
        return ""
    month = _MONTH_DATE.search(text)
    if not month or month_number(month.group(1)) is None:
        return year.group(1)
    return partial_date(year.group(1), month.group(1), month.group(2) or "")
