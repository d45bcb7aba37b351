"""MEDLINE text (.nbib), as PubMed, Zotero and EndNote write and read it. Fields are read by Bio.Medline."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator

from Bio import Medline

from evidence.exchange.fields import build_record
from evidence.record import Correction, Record

_TAG = re.compile(r"^([A-Z][A-Z0-9 ]{1,3})- ?(.*)$")
_COUNTER = re.compile(r"^(?:<\d+>|\d+\.)\s*$")  # Ovid counts its entries between them
_START = re.compile(r"^PMID ?- ?\d")

# MEDLINE tags to the fields of an entry; several tags may give one, in this order of preference.
TAGS: dict[str, tuple[str, ...]] = {
    "title": ("TI", "BTI"),
    "vernacular": ("TT",),
    "abstract": ("AB",),
    "authors": ("FAU", "AU"),
    "collective": ("CN",),
    "date": ("DP", "DEP", "YR"),
    "journal": ("JT", "BTI", "TA", "SO"),
    "abbreviation": ("TA",),
    "volume": ("VI",),
    "issue": ("IP",),
    "pages": ("PG",),
    "pmid": ("PMID", "PM"),
    "pmcid": ("PMC",),
    "language": ("LA",),
    "type": ("PT",),
    "keyword": ("OT", "KW"),
    "mesh": ("MH",),
    "issn": ("IS",),
    "databank": ("SI",),
    "grant": ("GR",),
    "accession": ("AN", "UI"),
    "database": ("DB",),
    "note": ("SO",),
    "url": ("URL",),
}
# MEDLINE's words for CommentsCorrectionsList, both directions.
CORRECTIONS: dict[str, str] = {
    "CIN": "CommentIn", "CON": "CommentOn", "EIN": "ErratumIn", "EFR": "ErratumFor", "RIN": "RetractionIn",
    "ROF": "RetractionOf", "ECI": "ExpressionOfConcernIn", "ECF": "ExpressionOfConcernFor", "UIN": "UpdateIn",
    "UOF": "UpdateOf", "CRI": "CorrectedandRepublishedIn", "CRF": "CorrectedandRepublishedFrom", "RPI": "RepublishedIn",
    "RPF": "RepublishedFrom", "ORI": "OriginalReportIn", "SPIN": "SummaryForPatientsIn", "DDIN": "AssociatedDataset",
    "RRI": "RetractedandRepublishedIn", "RRF": "RetractedandRepublishedFrom",
}  # fmt: skip
_IDENTIFIER = re.compile(r"^(\S+)\s*\[(doi|pii)\]", re.I)


def entries(text: str) -> Iterator[tuple[int, list[str]]]:
    """``(line, its lines)``: a new entry begins after a blank line, and at every PMID even without one."""
    found: list[str] = []
    start = 1
    for number, line in enumerate(text.split("\n"), 1):
        blank = not line.strip() or bool(_COUNTER.match(line))
        if found and ((blank and line[:6] != "      ") or _START.match(line)):
            yield start, found
            found = []
        if not blank:
            if not found:
                start = number
            found.append(line)
        elif found:
            found.append(line)
    if found:
        yield start, found


def read(text: str, source: str) -> Iterator[tuple[int, Record | str]]:
    for line, lines in entries(text):
        try:
            yield line, _record(lines, source)
        except ValueError as error:
            yield line, str(error)


def _record(lines: list[str], source: str) -> Record:
    if not _TAG.match(lines[0]):
        raise ValueError(f"no MEDLINE tag at the start of the entry: {lines[0][:40].strip()!r}")
    regular = [_regular(line) for line in lines]
    tags = Medline.read(io.StringIO("\n".join(regular) + "\n"))
    fields = {key: _values(tags, names) for key, names in TAGS.items()}
    fields["doi"] = _identifiers(tags, "doi")
    if not _values(tags, ("JT", "BTI", "TA")):
        fields["journal"] = [value.partition(".")[0] for value in fields["journal"]][
            :1
        ]  # Ovid's SO: "Pain. 12(3):1-9."
    record = build_record(fields, source)
    record.electronic_id = next(iter(_identifiers(tags, "pii")), "")
    record.status = "".join(_values(tags, ("STAT",)))
    record.nlm_id = "".join(_values(tags, ("JID",)))
    record.conflict_statement = " ".join(_values(tags, ("COIS",)))
    record.corrections = [
        _correction(kind, value) for tag, kind in CORRECTIONS.items() for value in _values(tags, (tag,))
    ]
    _set_people(record, lines)
    return record


def _regular(line: str) -> str:
    """Tags as Bio.Medline counts on them, four wide; a line without tag or indent belongs to the one before."""
    found = _TAG.match(line)
    if found:
        return f"{found.group(1).strip():<4}- {found.group(2)}"
    return line if line.startswith("      ") else f"      {line.strip()}"


def _values(tags: dict[str, list[str] | str], names: tuple[str, ...]) -> list[str]:
    for name in names:
        value = tags.get(name)
        if value:
            values = [value] if isinstance(value, str) else value
            if any(v.strip() for v in values):
                return [v.strip() for v in values]
    return []


def _identifiers(tags: dict[str, list[str] | str], kind: str) -> list[str]:
    """``10.1111/x [doi]`` in LID and AID; Bio.Medline joins repeated LIDs by a blank."""
    values = [value for name in ("LID", "AID", "DO", "DI") for value in _values(tags, (name,))]
    found = [m.group(1) for value in values for m in re.finditer(r"(\S+)\s*\[(doi|pii)\]", value) if m.group(2) == kind]
    return found or [value for value in _values(tags, ("DO", "DI")) if kind == "doi"]


def _correction(kind: str, value: str) -> Correction:
    """``Neuromodulation. 2014 Aug;17(6):599-615. doi: 10.x. PMID: 25112890``."""
    pmid = re.search(r"PMID:\s*(\d+)", value)
    return Correction(kind, pmid.group(1) if pmid else None, re.sub(r"\.?\s*PMID:\s*\d+\.?", "", value).strip())


def _set_people(record: Record, lines: list[str]) -> None:
    """AU, AD and AUID lines belong to the author whose FAU (or AU, without any) stands before them."""
    position, field = -1, ""
    full = any(line.startswith("FAU ") for line in lines)
    for line in lines:
        found = _TAG.match(line)
        if not found:
            if field == "AD" and 0 <= position < len(record.authors) and record.authors[position].affiliations:
                record.authors[position].affiliations[-1] += " " + line.strip()
            continue
        field, value = found.group(1).strip(), found.group(2).strip()
        position += field == ("FAU" if full else "AU")
        if not 0 <= position < len(record.authors):
            continue
        if field == "AU" and full:
            record.authors[position].initials = value.rpartition(" ")[2] if " " in value else ""
        if field == "AD":
            record.authors[position].affiliations.append(value)
        elif field == "AUID" and "ORCID" in value:
            record.authors[position].orcid = value.rstrip("/").rpartition("/")[2].removeprefix("ORCID:").strip()
