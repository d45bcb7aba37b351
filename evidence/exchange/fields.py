"""From the fields of an entry, whatever its format, to a :class:`Record`.

Readers translate their tags into the keys below by a table; :func:`build_record` does the rest once for all.
Every value is a list of strings in the order printed:

    title abstract authors author_list collective year date month day journal abbreviation volume issue pages start
    end article_number doi pmid pmcid issn language type keyword mesh accession url note vernacular databank grant
    citation

``citation`` is the entry's own printed source, which fills what no other field gives; ``note`` is anything, so that
only what is nothing but an identifier is taken from it. Identifiers in ``doi``, ``pmid``, ``pmcid``, ``url`` and
``citation`` are the entry's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar
from urllib.parse import unquote

from evidence.bibliography.dates import ANY_SHORT_MONTH, month_number
from evidence.bibliography.normal import normal_doi, normal_pmid
from evidence.bibliography.registrations import registrations_in, registry_number
from evidence.exchange.abstracts import sections_of
from evidence.exchange.citation import parse_citation
from evidence.exchange.names import authors_of, people_of
from evidence.exchange.notes import corrections_in, labelled
from evidence.exchange.own_ids import own_ids
from evidence.exchange.pages import printed_pages, whole_number
from evidence.exchange.pubmed.kinds import kind_of_entry
from evidence.exchange.pubmed.text import has_no_title, partial_date
from evidence.exchange.text_out import CONFLICTS, GRANT, PUBLICATION_TYPE, REGISTRATION
from evidence.markup import decode_references, plain_markup
from evidence.record import Author, Mesh, Record

Fields = Mapping[str, Sequence[str]]
T = TypeVar("T")

_YEAR = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d|21\d\d)(?:(?!\d)|(?=(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01])(?!\d)))")
_ISO_DATE = re.compile(r"(?<!\d)(\d{4})[-/](\d{1,2})(?:[-/](\d{1,2}))?(?!\d)")
_COMPACT_DATE = re.compile(r"^(\d{4})(\d\d)(\d\d)$")
_MONTH_DATE = re.compile(rf"\b({ANY_SHORT_MONTH})[a-z]*(?![a-z])\.?\s*(\d{{1,2}}(?!\d))?", re.I)
# PubMed's own links, and those of Ovid and EBSCO into their copies of MEDLINE.
_PUBMED_LINK = re.compile(
    r"pubmed[./a-z]{0,40}/(\d{4,9})\b"
    r"|[?&](?:D=(?:med|prem|pmnm|ppez|mes)\w{0,20}&(?:[^&\s]{0,200}&){0,20}?|db=(?:cmedm|mdc|mnh)&)AN=(\d{4,9})\b",
    re.I,
)
_LONGEST_URL = 2_000
_PMID_FIELD = re.compile(r"(?<![\w.])(\d{1,9})(?:\.0+)?\s*(?:\[pmid\]|$)", re.I)
_PMCID = re.compile(r"PMC\d{4,9}", re.I)
_BLANKS = re.compile(r"\s+")
# Accessions that mean the same entry in every export of their database. A bare number in a file is only its
# own count (EndNote's record number, "1", "2"), and would make different entries of two files one.
_ACCESSION = re.compile(
    r"^(?:2-s2\.0-\d{6,}|(?:WOS|MEDLINE|BCI|CCC|KJD|SCIELO|INSPEC|DIIDW|ZOOREC|PPRN|BIOSIS):\w{5,}|CN-\d{6,}|L\d{7,}"
    r"|(?:19|20)\d\d-\d{5}-\d{3}|(?:nct:|pmid:|doi:)?(?:NCT\d{8}|ISRCTN\d{6,8})|W\d{8,}|NBK\d{3,}|PPR:?\d{4,}|rayyan-\d{5,})$",
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
_VOLUME_AND_ISSUE = re.compile(r"([A-Za-z]?\d{1,4}[A-Za-z]?) ?\(([^()\s][^()]{0,30})\)")
_PAGES = frozenset(("pages", "start", "end", "article_number"))
_LONGEST_PLACEHOLDER = max(map(len, _PLACEHOLDERS))
_PLACEHOLDERS_BEGIN = frozenset(("", " ", "\t", "\n", "\u00a0", "n", "N", "-", "["))
_UNTITLED = frozenset(("", "[no title]", "no title", "untitled"))


def is_placeholder(value: str) -> bool:
    """Whether a value only says that there is none: ``N/A``, ``not available``, blanks."""
    if value[:1] not in _PLACEHOLDERS_BEGIN:
        return False  # nearly all values
    return len(value) <= _LONGEST_PLACEHOLDER + 4 and value.strip().lower() in _PLACEHOLDERS


def first(fields: Fields, *keys: str) -> str:
    """The first value that says something among these keys."""
    for key in keys:
        if key in fields:
            for value in fields[key]:
                if not is_placeholder(value):
                    return value.strip()
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
    record.vernacular_title = clean(first(fields, "vernacular"))
    if record.vernacular_title and has_no_title(title):
        title = record.vernacular_title
    record.title = "" if title.lower() in _UNTITLED else title
    record.abstract = sections_of(first(fields, "abstract"))
    record.authors = _authors(fields)
    _set_identifiers(record, fields)
    _set_place(record, fields)
    _set_terms(record, fields)
    if fields.get("note"):
        _set_from_notes(record, fields["note"])
    record.source_id = _accession(record, fields)
    record.kind = kind_of_entry(
        record.type_names(), record.journal, record.source_id, placed=bool(record.volume or record.pages)
    )
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
    found = [a for value in fields.get("authors", ()) for a in people_of(value)]
    found += [a for value in fields.get("author_list", ()) for a in authors_of(value)]
    return found + [Author(collective=name) for value in fields.get("collective", ()) if (name := clean(value))]


def _set_identifiers(record: Record, fields: Fields) -> None:
    """From the fields that are about this entry; from a note only where it says nothing else."""
    urls = [unquote(value) if "%" in value else value for value in fields.get("url", ())]
    own = own_ids(fields["note"]) if fields.get("note") else None
    record.doi = next((doi for value in fields.get("doi", ()) if (doi := normal_doi(value))), None)
    if record.doi is None:
        printed = [*fields.get("citation", ()), *(part for url in urls for part in url.split("&"))]
        links = next(
            (doi for value in printed if ("doi" in value.lower() or "/10." in value) and (doi := normal_doi(value))),
            None,
        )
        record.doi = (own.doi if own else None) or links
    record.pmid = next((pmid for value in fields.get("pmid", ()) if (pmid := _pmid(value))), None)
    if record.pmid is None:
        linked = next((pmid for value in urls if (pmid := _linked_pmid(value))), None)
        record.pmid = linked or (own.pmid if own else None)
    if own or urls or fields.get("pmcid"):
        pmcid = next((m for value in (*fields.get("pmcid", ()), *urls) if (m := _PMCID.search(value))), None)
        record.pmcid = pmcid.group().upper() if pmcid else own.pmcid if own else None
        record.url = next((value.strip() for value in fields.get("url", ()) if value.strip().startswith("http")), "")


def _linked_pmid(url: str) -> str | None:
    found = _PUBMED_LINK.search(url[:_LONGEST_URL])
    if found is None or (found.group(2) and not re.search("ovid|ebscohost", url[: found.start()], re.I)):
        return None
    return normal_pmid(found.group(1) or found.group(2))


def _pmid(value: str) -> str | None:
    """``12345678``, ``PMID: 12345678``, ``12345678.0`` (a spreadsheet's), ``PUBMED 12345678``."""
    if value.isascii() and value.isdigit() and value[0] != "0" and len(value) < 10:
        return value
    digits = _PMID_FIELD.search(value.strip(" /.;"))
    return normal_pmid(digits.group(1)) if digits else None


def _set_place(record: Record, fields: Fields) -> None:
    """Journal, date, volume, issue and pages."""
    printed = parse_citation(first(fields, "citation")) if "citation" in fields else {}
    record.journal = clean(first(fields, "journal", "abbreviation")) or printed.get("journal", "")
    record.journal_abbreviation = clean(first(fields, "abbreviation"))
    _set_date(record, fields, printed)
    record.volume = whole_number(clean(first(fields, "volume"))) or printed.get("volume", "")
    record.issue = whole_number(clean(first(fields, "issue"))) or printed.get("issue", "")
    if record.volume.endswith(")") and not record.issue and (both := _VOLUME_AND_ISSUE.fullmatch(record.volume)):
        record.volume, record.issue = both.groups()  # PEDro's RIS: "VL  - 14(2)"
    record.pages = _pages(fields) or printed_pages(printed.get("pages", "")) or printed.get("article_number", "")
    record.issn = first(fields, "issn").split()[0].rstrip(";,") if first(fields, "issn") else ""


def _set_date(record: Record, fields: Fields, citation: Mapping[str, str]) -> None:
    printed, printed_year = first(fields, "date", "year"), first(fields, "year")
    cited = citation.get("date") or citation.get("year", "")
    if not printed or (printed.isdigit() and cited.startswith(printed)):
        printed = cited  # more precise than the year alone
    year = _YEAR.search(printed_year) or _YEAR.search(printed)
    month = first(fields, "month") if "month" in fields else ""
    if year and month and not _ISO_DATE.search(printed):
        day = first(fields, "day")
        printed = f"{year.group(1)}-{month}-{day or 0}" if month.isdigit() else f"{year.group(1)} {month} {day}"
    elif year and not _YEAR.search(printed) and not printed.isdigit():
        printed = f"{year.group(1)} {printed}"  # EndNote keeps "Aug" apart from the year
    record.publication_date = parse_date(printed)
    record.year = int(year.group(1)) if year else None
    if record.year and not record.publication_date.startswith(str(record.year)):
        record.publication_date = str(record.year)


def _pages(fields: Fields) -> str:
    if fields.keys().isdisjoint(_PAGES):
        return ""
    pages = printed_pages(first(fields, "pages"))
    if not pages:
        start, end = printed_pages(first(fields, "start")), printed_pages(first(fields, "end"))
        pages = f"{start}-{end}" if start and end and end != start and "-" not in start else start
    return pages or printed_pages(first(fields, "article_number"))


def _set_terms(record: Record, fields: Fields) -> None:
    """Languages, publication types, index terms, registrations, grants."""
    if fields.keys().isdisjoint(_TERMS):
        return
    printed = (part for value in fields.get("language", ()) for part in re.split(r"[;,]", value))
    record.languages = [language for part in printed if (language := clean(part))]
    record.keywords = [word for value in fields.get("keyword", ()) if (word := clean(value).strip(" .;"))]
    record.mesh = [mesh_of(value) for value in fields.get("mesh", ()) if value.strip(" *")]
    types = (part for value in fields.get("type", ()) for part in value.split(";"))
    record.publication_types = [("", name) for part in types if (name := clean(part))]
    record.databanks = [_databank(value) for value in fields.get("databank", ()) if value.strip()]
    record.grants = [clean(value) for value in fields.get("grant", ()) if value.strip()]


def _set_from_notes(record: Record, notes: Sequence[str]) -> None:
    """What our own exports, and EndNote, say in a note for want of a field."""
    record.corrections = corrections_in(notes)
    said: dict[str, list[str]] = {}
    for label, text in labelled(notes):
        said.setdefault(label, []).append(text)
    record.databanks = _united(record.databanks, map(_databank, said.get(REGISTRATION, ())))
    record.grants = _united(record.grants, said.get(GRANT, ()))
    record.conflict_statement = record.conflict_statement or next(iter(said.get(CONFLICTS, ())), "")
    known = set(record.type_names())
    names = (name.strip() for text in said.get(PUBLICATION_TYPE, ()) for name in text.split(";"))
    record.publication_types += [("", name) for name in dict.fromkeys(names) if name not in known]


def _united(known: list[T], more: Iterable[T]) -> list[T]:
    """What is known, and what else there is, each of it once."""
    before = set(known)
    return [*known, *(one for one in dict.fromkeys(more) if one not in before)]


def _databank(value: str) -> tuple[str, str]:
    value = value.strip()
    found = registry_number(value)
    if found and found[1] == value:
        return found
    bank, _, number = value.rpartition("/")
    return (bank, number) if bank else ("", value)


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
