"""RIS, as reference managers and databases write it, each with habits of its own."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise

from evidence.bibliography.normal import plain
from evidence.exchange.entry import Entry, Unread
from evidence.exchange.fields import build_record
from evidence.exchange.names import people_of
from evidence.exchange.tagged import Dialect, Tags, fields_of, read_tags, unread
from evidence.record import Author, Record

TAGS: dict[str, tuple[str, ...]] = {
    "title": ("TI", "T1", "CT", "BT", "ST"),
    "vernacular": ("TT", "OP"),
    "year": ("PY", "DA", "Y1", "YR"),
    "date": ("DA", "PY", "Y1"),
    "journal": ("JF", "T2", "JO", "JA", "J2", "T3", "BT", "SO"),
    "abbreviation": ("J2", "JA", "JO", "JI"),
    "volume": ("VL", "VO"),
    "issue": ("IS", "CP"),  # a conference's name stands in CP too
    "start": ("SP",),
    "end": ("EP",),
    "pages": ("PG",),
    "doi": ("DO", "DI", "DOI", "M3", "L3"),
    "pmcid": ("PMC", "PMCID", "C2"),
    "issn": ("SN",),
    "language": ("LA",),
    "keyword": ("KW",),
    "accession": ("AN", "U2", "ID", "M1", "N1"),
    "database": ("DB", "DP"),
    "url": ("UR", "L1", "L2", "LK"),
    "note": ("N1", "AN", "M1", "M2", "C1", "RN"),
    "article_number": ("C7", "SE"),
    "grant": ("FU",),
}
_PEOPLE = ("A1", "AU")  # a first author and the others, or everybody twice
# What a record here has no place for: publisher and its place, editors, addresses, edition, dates of access and of
# indexing, links to files, and what databases count.
LEFT_OUT = frozenset(
    "PB PP PU PI PA CY A2 A3 A4 ED AD ET NV Y2 U1 U3 U4 U5 C3 C4 C5 C6 C8 L4 AV CA CN LB RI RP DS TA FX WE J9 NR TC"
    " Z9 NL AI SB MA".split()
)
_KNOWN = (
    frozenset(tag for tags in TAGS.values() for tag in tags) | LEFT_OUT | {*_PEOPLE, "TY", "AB", "N2", "PM", "PMID"}
)
TYPES = {
    "JOUR": "Journal Article", "EJOUR": "Journal Article", "JFULL": "Journal Article", "ABST": "Abstract",
    "CONF": "Conference Proceeding", "CPAPER": "Conference Paper", "BOOK": "Book", "CHAP": "Book Chapter",
    "THES": "Thesis", "RPRT": "Report",
}  # fmt: skip
ORIGINAL_TITLE = "Original title: "

# Two capitals, blanks, a hyphen, a blank: "SF-36" and "T2-weighted" at the start of a line are running text.
_TAG = r"(?:[A-Z][A-Z0-9](?=[ \u00a0]-[ \u00a0]|[ \u00a0]-$)|[A-Z][A-Z0-9]{1,4}(?=[ \u00a0]{2,3}-))"
DIALECT = Dialect(
    line=re.compile(rf"^({_TAG})[ \u00a0]{{1,3}}-[ \t\u00a0]*(.*)$"),
    paragraphs=frozenset(("AB", "N2", "N1", "M1", "M2", "C1", "RN")),
    repeats=frozenset(("KW", "AU", "A1", "UR", "L1", "L2")),
)
_START = re.compile(r"^TY[ \u00a0]{1,3}-", re.M)
_END = re.compile(r"^ER[ \u00a0]{1,3}-\s*(?:$|(?<=\s\s-)|(?<=\s\s-\s))", re.M)
_SINGLE = re.compile(r"^[A-Z][A-Z0-9] - [a-z]")
# Web of Science forgets the line's end before these.
_GLUED = re.compile(r"(?<=\S)(?=(?:AN|FU)  - )")
_LONGEST_NUMBER = 40
_NUMBER = re.compile(
    r"^\W*(?:(?:suppl?(?:ement)?|no|nr|pt|part|issue|iss|spec(?:ial)?)\b\.?\s*)*(?:[A-Z]{0,2}\d{1,4}[\w/.-]{0,6})?"
    r"(?:\s*(?:suppl?(?:ement)?|pt|part)\b\.?\s*\w{0,4})*\W*$",
    re.I,
)
_CENTRAL = re.compile(r"(?:PUBMED|MEDLINE|EMBASE|CINAHL|ICTRP|CTgov)\b", re.I)
# What Ovid and EBSCO print around entries.
_COUNTER = re.compile(r"^\s*(?:<?\d+[.>)]?|Link to the (?:Ovid|External).*)\s*$")
OUTSIDE = "lines outside of entries"


def _running_text(lines: list[str]) -> list[str]:
    """``T2 - weighted images`` inside an abstract is no tag where the entry's own have two blanks before the hyphen."""
    if not any(line.startswith("TY  -") for line in lines):
        return lines
    inside = False
    found = []
    for line in lines:
        single = _SINGLE.match(line) if inside else None
        if not single and DIALECT.line.match(line):
            inside = line.startswith(("AB", "N2"))
        found.append(f" {line}" if single else line)
    return found


def entries(text: str) -> Iterator[tuple[int, list[str], bool]]:
    """``(line, its lines, whether an ER ends it)``; TY may stand anywhere, and begins one where an ER is missing."""
    for line, lines, ended in _chunks(text):
        starts = [
            position for position, content in enumerate(lines) if content.startswith("TY") and _START.match(content)
        ]
        # a TY with nothing before the next one is no entry
        starts = [end for start, end in pairwise(starts) if any(map(str.strip, lines[start + 1 : end]))]
        cuts = [0, *starts, len(lines)]
        for number, (start, end) in enumerate(pairwise(cuts)):
            yield line + start, lines[start:end], ended or number < len(cuts) - 2


def _chunks(text: str) -> Iterator[tuple[int, list[str], bool]]:
    """What stands from one ER to the next, from its first line with a tag on."""
    found: list[str] = []
    start = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("ER") and _END.match(line):
            if found:
                yield start, found, True
            found = []
        elif found:
            found += _GLUED.split(line) if "  - " in line else [line]
        elif DIALECT.line.match(line):
            found, start = [line], number
    if found:
        yield start, found, False


def _blocks(text: str) -> Iterator[tuple[int, list[str], bool]]:
    """Entries that no ER ends and no TY begins: a blank line, and the tag that the file begins with."""
    found: list[str] = []
    start, first, blank = 0, "", True
    for number, line in enumerate(text.split("\n"), 1):
        tag = DIALECT.tag_of(line)
        first = first or (tag[0] if tag else "")
        if tag and (not found or (blank and tag[0] == first)):
            if found:
                yield start, found, True
            found, start = [], number
        blank = not line.strip()
        if first:
            found.append(line)
    if found:
        yield start, found, True


def read(text: str, source: str) -> Iterator[Entry]:
    missed: Counter[str] = Counter()
    types, ends = len(_START.findall(text)), _END.search(text) is not None
    for line, lines, ended in entries(text) if types or ends else _blocks(text):
        tags = read_tags(_running_text(lines), DIALECT)
        unread(tags, _KNOWN, missed)
        if types and "TY" not in tags and not any(any(tags[tag]) for tag in tags.keys() & (_KNOWN - LEFT_OUT)):
            continue  # what Ovid prints after an entry
        if not ended and (ends or types == 1):  # a file of many entries without any ER was written so
            yield line, "the entry has no ER line: the file seems to be cut (add 'ER  - ' if it is whole)"
            continue
        try:
            yield line, _record(tags, source)
        except ValueError as error:
            yield line, str(error)
    outside = _outside(text)
    if outside:
        missed[OUTSIDE] = outside
    yield 1, Unread(missed)


def _outside(text: str) -> int:
    """How many lines of text stand between an ER and the next tag; what stands before the first entry is a heading."""
    count, inside, begun = 0, False, False
    for line in text.split("\n"):
        if line.startswith("ER") and _END.match(line):
            inside, begun = False, True
        elif inside or DIALECT.line.match(line):
            inside = True
        elif begun and line.strip() and not _COUNTER.match(line):
            count += 1
    return count


def _record(tags: Tags, source: str) -> Record:
    fields = fields_of(tags, TAGS)
    kind = next(iter(tags.get("TY", ())), "").strip()
    fields["abstract"] = _abstract(tags)
    fields["pmid"] = _pmids(tags)
    if kind in ("CONF", "CPAPER"):  # T2 is the conference, C3 its proceedings
        fields["journal"] = [v for v in tags.get("C3", ()) if v and not _CENTRAL.match(v)] + fields["journal"]
    fields["issue"] = [*tags.get("IS", ()), *filter(_is_number, tags.get("CP", ()))]
    fields["type"] = [TYPES.get(kind, kind if " " in kind else "")] + [
        value for value in tags.get("M3", ()) if "10." not in value[:8]
    ]
    fields["keyword"] = [word for value in fields["keyword"] for word in value.split(";")]
    fields["accession"] = [part for value in fields["accession"] for part in value.split("\n")]
    fields["pmcid"] = [value for value in fields["pmcid"] if "PMC" in value.upper()]
    originals = [note.removeprefix(ORIGINAL_TITLE) for note in tags.get("N1", ()) if note.startswith(ORIGINAL_TITLE)]
    fields["vernacular"] = fields["vernacular"] or originals
    record = build_record(fields, source)
    record.authors = _authors(tags)
    return record


def _is_number(issue: str) -> bool:
    return len(issue) <= _LONGEST_NUMBER and _NUMBER.match(issue) is not None


def _abstract(tags: Tags) -> list[str]:
    """AB or else N2, all their paragraphs; the second AB of EBSCO's is the publisher's copyright."""
    for tag in ("AB", "N2"):
        said = [value for value in tags.get(tag, ()) if value and value != "NA"]
        parts = [value for value in said if not re.match(r"Copyright of .+ is the property of", value)]
        if said:
            return ["\n".join(dict.fromkeys(parts or said))]
    return []


def _authors(tags: Tags) -> list[Author]:
    """A1 and AU together, nobody twice: some print the first author in A1 and the others in AU, some all in both."""
    first, others = ([author for value in tags.get(tag, ()) for author in people_of(value)] for tag in _PEOPLE)
    if not first or not others:
        return first or others
    both = {_person(author) for author in first} & {_person(author) for author in others}
    if len(both) == min(len(first), len(others)):
        longer, shorter = (first, others) if len(first) >= len(others) else (others, first)
        fuller = {_person(author): author for author in shorter if author.given}
        return [author if author.given else fuller.get(_person(author), author) for author in longer]
    return first + [author for author in others if _person(author) not in both]


def _person(author: Author) -> str:
    return plain(author.collective or f"{author.family} {(author.initials or author.given)[:1]}")


def _pmids(tags: Tags) -> list[str]:
    """PM; C2 in Zotero, EndNote and Scopus; CENTRAL's C3; or the accession number of PubMed or MEDLINE."""
    found = [*tags.get("PM", ()), *tags.get("PMID", ())]
    found += [value for value in tags.get("C2", ()) if re.fullmatch(r"(?:PMID:?\s*)?\d{5,9}", value)]
    database = " ".join(tags.get("DB", []) + tags.get("DP", [])).lower()
    found += [m.group(1) for value in tags.get("C3", ()) if (m := re.search(r"(?:PUBMED|MEDLINE)\W*(\d{4,9})", value))]
    if is_medline(database):
        found += [value for tag in ("AN", "ID") for value in tags.get(tag, ()) if re.fullmatch(r"\d{5,9}", value)]
    return found + [value for value in tags.get("AN", ()) if re.match(r"(?:PMID|MEDLINE):?\s*\d{4,9}$", value, re.I)]


def is_medline(database: str) -> bool:
    """Whether a database's name, in lower case, is one whose accession numbers are PMIDs; EBSCO's codes too."""
    words = set(re.split(r"\W+", database))
    return "pubmed" in database or bool(words & {"medline", "nlm", "cmedm", "mdc", "mnh"})
