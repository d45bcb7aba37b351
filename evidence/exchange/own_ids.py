"""Identifiers in a note: whose are they?

A note may print the DOI or PMID of the entry itself, and more often those of other works: a list of references,
"Comment in: …", "Erratum for: …". Only a note, or a line of one, that is nothing but identifiers is about the entry.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from evidence.bibliography.normal import normal_doi, normal_pmid

# One identifier with the name that is printed before it; tried in this order where the last one ended.
_IDENTIFIERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "pmid",
        re.compile(
            r"(?:https?://)?(?:www\.)?(?:ncbi\.nlm\.nih\.gov/(?:m/)?pubmed|pubmed\.ncbi\.nlm\.nih\.gov)/(\d{4,9})\b/?",
            re.I,
        ),
    ),
    ("pmcid", re.compile(r"(?:https?://\S{0,200}/pmc/articles/|pmc\s*(?:id)?\s*[:#=]?\s*)?(PMC\d{4,9})\b/?", re.I)),
    (
        "pmid",
        re.compile(
            r"(?:pmid|pubmed(?:[ _-]?(?:id|pmid|uid))?|medline|nlm)(?:\s*(?:pmid|number|no\.?))?\s*[:#=]?\s*"
            r"(?:NLM)?(\d{4,9})\b",
            re.I,
        ),
    ),
    (
        "doi",
        re.compile(
            r"(?:doi\s*(?:number|name)?\s*[:=]?\s*)?(?:https?://\S{0,200}?(?=10\.))?(10\.\d{4,9}/[^\s,;|]+)", re.I
        ),
    ),
)
_BETWEEN = re.compile(r"[\s,;.|/]*(?:\[[^\]]*\]\s*)?[\s,;.|]*")
# From here on a note tells of other works.
_OTHER_WORKS = re.compile(
    r"^\W*(?:(?:cited |full )?references?|bibliography|cited works?|works? cited|comments?|erratum|errata|corrections?"
    r"|corrected|retract\w+|expression|updat\w+|republished|supplement\w*|reply|response|original|reviewed|related|see"
    r"|translat\w+|summary|reprint\w*|preprint|part of|based on|duplicate|superse\w+|companion|erschienen)\b",
    re.I,
)
# "Citation Key: moe2019": a line of Zotero's Extra, beside which the identifiers are the entry's own.
_PAIR = re.compile(r"^\s*[A-Za-z][\w./#-]*(?: [\w/#-]+){0,6}\s*[:=]")
# CINAHL prints its own PMID so; PsycINFO (EBSCO) prints it after its accession number.
_EBSCO = re.compile(r"\bPMID: NLM(\d{4,9})\b|^Accession Number: [\w-]+\.? PMID: (\d{4,9})\b")


@dataclass(slots=True)
class OwnIds:
    """The identifiers that notes give of the entry itself."""

    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None


def own_ids(notes: Iterable[str]) -> OwnIds:
    """The entry's own identifiers in its notes; the first of a kind counts."""
    found = OwnIds()
    for note in notes:
        if "1" not in note and not any(char.isdigit() for char in note):
            continue
        ebsco = _EBSCO.search(note)
        if ebsco and not found.pmid:
            found.pmid = normal_pmid(ebsco.group(1) or ebsco.group(2))
        for kind, value in _identifier_lines(note):
            if kind == "doi":
                found.doi = found.doi or normal_doi(value)
            elif kind == "pmid":
                found.pmid = found.pmid or normal_pmid(value)
            else:
                found.pmcid = found.pmcid or value.upper()
    return found


def _identifier_lines(note: str) -> Iterable[tuple[str, str]]:
    """``(kind, value)`` of the lines that are nothing but identifiers, up to the first that tells of other works."""
    for line in note.split("\n"):
        if not line.strip():
            continue
        if _OTHER_WORKS.match(line):
            return
        only = only_identifiers(line)
        yield from only
        if not only and not _PAIR.match(line):
            return


def only_identifiers(line: str) -> list[tuple[str, str]]:
    """``PMID: 123 PMCID: PMC456`` → ``[("pmid", "123"), ("pmcid", "PMC456")]``; ``[]`` when anything else is said."""
    found: list[tuple[str, str]] = []
    position = _end(_BETWEEN, line, 0)
    while position < len(line):
        match = next(((kind, m) for kind, pattern in _IDENTIFIERS if (m := pattern.match(line, position))), None)
        if match is None:
            return []
        found.append((match[0], match[1].group(1)))
        position = _end(_BETWEEN, line, match[1].end())
    return found


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position
