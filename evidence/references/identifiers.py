"""Identifiers as people write them: DOIs, PMIDs, PMC ids, trial numbers, and links that carry one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.bibliography.normal import normal_doi, normal_pmid

_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # A DOI may stand in a link, after "doi:" or bare; some printers put a blank after its slash.
    (
        "doi",
        re.compile(r"(?:https?://(?:dx\.)?doi\.org/|\bdoi\s*[:=]?\s*)?\b(10\.\d{4,9}/\s?[^\s\"<>\u201c\u201d]+)", re.I),
    ),
    ("pmid", re.compile(r"(?:https?://)?(?:www\.|pubmed\.)?ncbi\.nlm\.nih\.gov/(?:pubmed/)?(\d{1,8})(?!\d)/?", re.I)),
    ("pmid", re.compile(r"\b(?:PMID|PubMed(?:\s+ID)?)\s*[:#]?\s*(\d{1,8})(?!\d)", re.I)),
    ("pmcid", re.compile(r"(?:https?://[^\s]{0,80}?)?\b(PMC\s?\d{4,9})\b/?", re.I)),
    (
        "registration",
        re.compile(
            r"\b(NCT\s?\d{8}|ISRCTN\s?\d{8}|ACTRN\s?\d{14}|ChiCTR[-\w]{0,20}\d{8,}|DRKS\s?\d{8}|EudraCT\s*\d{4}-\d{6}-\d{2})\b",
            re.I,
        ),
    ),
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """``kind`` is doi, pmid, pmcid or registration; ``value`` its normal form; ``start``/``end`` code points."""

    kind: str
    value: str
    start: int
    end: int


def find_identifiers(text: str) -> list[Identifier]:
    """Every identifier in a text, in order, none inside another."""
    found = sorted(_all(text), key=lambda i: (i.start, -i.end))
    kept: list[Identifier] = []
    for identifier in found:
        if not kept or identifier.start >= kept[-1].end:
            kept.append(identifier)
    return kept


def _all(text: str) -> Iterator[Identifier]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            value = _normal(kind, match.group(1))
            if value:
                yield Identifier(kind, value, match.start(), match.start(1) + len(_trimmed(kind, match.group(1))))


def _trimmed(kind: str, printed: str) -> str:
    """Without the punctuation of the sentence around it; a bracket that the DOI itself opened stays."""
    if kind != "doi":
        return printed
    closed = printed.count(")") - printed.count("(")
    end = len(printed)
    while end and (printed[end - 1] in ".,;:'\"]}>" or (printed[end - 1] == ")" and closed > 0)):
        end -= 1
        closed -= printed[end] == ")"
    return printed[:end]


def _normal(kind: str, printed: str) -> str:
    if kind == "doi":
        return normal_doi(_trimmed(kind, printed).replace(" ", "")) or ""
    if kind == "pmid":
        return normal_pmid(printed) or ""
    return (
        re.sub(r"\s", "", printed)
        if kind == "registration" and printed[:2] == "Ch"
        else re.sub(r"\s", "", printed).upper()
    )
