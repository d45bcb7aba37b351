"""MEDLINE text (.nbib), as PubMed, Zotero and EndNote write and read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from evidence.exchange.entry import Entry, Unread
from evidence.exchange.fields import build_record, parse_date
from evidence.exchange.names import author_of, people_of
from evidence.exchange.notes import correction_of
from evidence.exchange.pages import printed_pages
from evidence.exchange.ris import is_medline
from evidence.exchange.tagged import Dialect, Tags, fields_of, first_fields, read_tags, unread
from evidence.record import Author, Record

# MEDLINE tags to the fields of an entry; several tags may give one, in this order of preference.
TAGS: dict[str, tuple[str, ...]] = {
    "title": ("TI", "BTI"),
    "vernacular": ("TT",),
    "abstract": ("AB",),
    "date": ("DP", "DEP", "YR"),
    "journal": ("JT", "BTI", "TA"),
    "abbreviation": ("TA",),
    "volume": ("VI",),
    "issue": ("IP",),
    "pages": ("PG",),
    "pmid": ("PMID", "PM"),
    "pmcid": ("PMC",),
    "language": ("LA", "LG"),
    "type": ("PT",),
    "keyword": ("OT", "KW"),
    "mesh": ("MH",),
    "issn": ("IS", "ISBN"),
    "databank": ("SI",),
    "grant": ("GR",),
    "accession": ("AN", "UI"),
    "database": ("DB",),
    "citation": ("SO",),
    "url": ("URL",),
}
# MEDLINE's words for CommentsCorrectionsList, both directions.
CORRECTIONS: dict[str, str] = {
    "CIN": "CommentIn", "CON": "CommentOn", "EIN": "ErratumIn", "EFR": "ErratumFor", "RIN": "RetractionIn",
    "ROF": "RetractionOf", "ECI": "ExpressionOfConcernIn", "ECF": "ExpressionOfConcernFor", "UIN": "UpdateIn",
    "UOF": "UpdateOf", "CRI": "CorrectedandRepublishedIn", "CRF": "CorrectedandRepublishedFrom", "RPI": "RepublishedIn",
    "RPF": "RepublishedFrom", "ORI": "OriginalReportIn", "SPIN": "SummaryForPatientsIn", "DDIN": "AssociatedDataset",
    "RRI": "RetractedandRepublishedIn", "RRF": "RetractedandRepublishedFrom", "PRIN": "PartialRetractionIn",
    "PROF": "PartialRetractionOf",
}  # fmt: skip
_PEOPLE = ("FAU", "AU", "AD", "AUID", "CN")
_OWN = ("STAT", "JID", "COIS", "LID", "AID", "DO", "DI", "LR", "DCOM")
# Dates of NLM's work, owner, subsets, chemicals, genes, investigators, editors, places, counts: not kept of a file.
LEFT_OUT = frozenset(
    "OWN CRDT PHST EDAT MHDA SB RN PST PL NM GN GS IR FIR IRAD IAD ED FED ISBN CI CTI CDAT CTDT CP CTA PB EN PUBM OTO"
    " OAB OABL PMCR MID OCI OID PS FPS RF SFM CRI DA VN OVID PUBD IN CY ST UP XL FTURL NJ ES EM".split()
)
_KNOWN = frozenset(tag for tags in TAGS.values() for tag in tags) | LEFT_OUT | {*CORRECTIONS, *_PEOPLE, *_OWN}

# A tag takes four places before its hyphen; some write it with one blank. "SF-36" and "IL-6" are running text.
_TAG = r"(?:(?=[A-Z].{3}-(?: |$))[A-Z][A-Z0-9]{1,3} *|(?:" + "|".join(sorted(_KNOWN, key=len, reverse=True)) + ") )"
DIALECT = Dialect(line=re.compile(rf"^({_TAG})-(?: ?(.*)|$)"))
_COUNTER = re.compile(r"^(?:<\d+>|\d+\.)\s*$")  # Ovid counts its entries between them
_START = re.compile(r"^PMID ?- ?\d")
_ISSN = re.compile(r"(\d{4}-\d{3}[\dXx]) \((\w+)\)")
_LABEL = re.compile(r"\[(doi|pii)\]", re.I)
_PII_AS_PAGE = re.compile(r"^[A-Za-z]{0,2}\d{1,8}$")


def entries(text: str) -> Iterator[tuple[int, list[str]]]:
    """``(line, its lines)``: a new entry begins after a blank line, and at a second PMID even without one.

    PMC prints its own number before the PMID.
    """
    found: list[str] = []
    start, blank, named = 1, True, False
    for number, line in enumerate(text.split("\n"), 1):
        counter = bool(_COUNTER.match(line))
        begins = counter or (named and _START.match(line)) or (blank and line.strip() and not line.startswith("      "))
        if found and begins:
            yield start, found
            found = []
        blank = counter or not line.strip()
        if blank:
            continue
        if not found:
            start, named = number, False
        found.append(line)
        named = named or line.startswith(("PMID", "TI  -"))
    if found:
        yield start, found


def read(text: str, source: str) -> Iterator[Entry]:
    missed: Counter[str] = Counter()
    for line, lines in entries(text):
        if DIALECT.tag_of(lines[0]) is None:
            yield line, f"no MEDLINE tag at the start of the entry: {lines[0][:40].strip()!r}"
            continue
        tags = {tag.strip(): values for tag, values in read_tags(lines, DIALECT).items()}
        unread(tags, _KNOWN, missed)
        try:
            yield line, _record(tags, lines, source)
        except ValueError as error:
            yield line, str(error)
    yield 1, Unread(missed)


def _record(tags: Tags, lines: list[str], source: str) -> Record:
    fields = fields_of(tags, TAGS) | first_fields(tags, {"title": TAGS["title"], "keyword": TAGS["keyword"]})
    fields["title"] = [" ".join(fields["title"])]
    if fields["database"] and is_medline(fields["database"][0].lower()):
        fields["pmid"] += [value for value in fields["accession"] if re.fullmatch(r"\d{4,9}", value)]
    fields["doi"] = _identifiers(tags, "doi") or [*tags.get("DO", ()), *tags.get("DI", ())]
    piis = _identifiers(tags, "pii")
    record = build_record(fields, source)
    record.pages = record.pages or _page_of(piis, bool(fields["citation"]))
    record.electronic_id = next(iter(piis), "")
    record.issns = [(m[1], m[2]) for value in tags.get("IS", ()) if (m := _ISSN.match(value))]
    record.electronic_date = parse_date("".join(tags.get("DEP", ())[:1])) if "DP" in tags else ""
    record.status = "".join(tags.get("STAT", ()))
    record.nlm_id = "".join(tags.get("JID", ()))
    record.conflict_statement = " ".join(tags.get("COIS", ()))
    record.corrections = [
        correction_of(kind, value) for tag, kind in CORRECTIONS.items() for value in tags.get(tag, ())
    ]
    _set_people(record, tags, lines)
    return record


def _identifiers(tags: Tags, kind: str) -> list[str]:
    """``10.1111/x [doi]`` and ``1042 [pii]`` in LID and AID."""
    found = []
    for value in (value for name in ("LID", "AID") for value in tags.get(name, ())):
        end = 0
        for label in _LABEL.finditer(value):
            words = value[end : label.start()].split()
            end = label.end()
            if words and label.group(1).lower() == kind:
                found.append(words[-1])
    return found


def _page_of(piis: list[str], cited: bool) -> str:
    """An article number that stands as the publisher's identifier only; PubMed's own citation (SO) would print it."""
    return "" if cited else next((printed_pages(pii) for pii in piis if _PII_AS_PAGE.match(pii)), "")


def _set_people(record: Record, tags: Tags, lines: list[str]) -> None:
    """AU, AD and AUID lines belong to the author whose FAU (or AU, without any) stands before them."""
    name = "FAU" if any(tags.get("FAU", ())) else "AU"
    found: list[Author] = []
    current: Author | None = None
    for tag, value in _fields_in_order(lines):
        if tag == name:
            people = people_of(value)
            found += people
            current = people[-1] if len(people) == 1 else None
        elif current is None:
            continue
        elif tag == "AU":
            short = author_of(value)
            current.initials = short.initials if short and short.family and not current.collective else current.initials
        elif tag == "AD":
            current.affiliations.append(value)
        elif tag == "AUID" and "ORCID" in value:
            current.orcid = value.rstrip("/").rpartition("/")[2].removeprefix("ORCID:").strip()
    record.authors = found + [Author(collective=group) for group in tags.get("CN", ()) if group]


def _fields_in_order(lines: list[str]) -> list[tuple[str, str]]:
    found: list[tuple[str, list[str]]] = []
    for line in lines:
        match = DIALECT.tag_of(line)
        if match:
            found.append((match[0].strip(), [match[1]]))
        elif found:
            found[-1][1].append(line.strip())
    return [(tag, " ".join(filter(None, parts))) for tag, parts in found]
