"""Identifiers as people write them: DOIs, PMIDs, PMC ids, trial numbers, and links that carry one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.bibliography.normal import normal_doi, normal_pmid
from evidence.bibliography.registrations import find_registrations

# What a DOI is made of; blanks that nobody sees, and "<1583::AID-JCP2>" in those of old Wiley journals.
_UNSEEN = "\u00ad\u200b-\u200d\u2060\ufeff"
_SICI = r"(?:<|%3C|&lt;)[\w:.-]{1,60}(?:>|%3E|&gt;)"
_DOI = rf"10\.\d{{4,9}}(?:/\s?|%2F)(?:[-\u2010-\u2015]\s(?=\d{{3,}}\b)|{_SICI}|[^\s\"<>\u201c\u201d])+"
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # A DOI may stand in a link, after "doi:" or bare; some printers put a blank after its slash or at a line's end.
    ("doi", re.compile(rf"(?:https?://(?:dx\.)?doi\.org/|\bdoi\s*[:=]?\s*)?(?<![\w.])({_DOI})", re.I)),
    (
        "pmid",
        re.compile(
            r"(?:https?://)?(?:www\.|pubmed\.)?ncbi\.nlm\.nih\.gov/(?:m/)?(?:pubmed/?)?(?:\?term=)?(\d{1,8})(?!\d)/?",
            re.I,
        ),
    ),
    ("pmid", re.compile(r"(?:https?://)?(?:www\.)?europepmc\.org/(?:article|abstract)/med/(\d{1,8})(?!\d)/?", re.I)),
    ("pmid", re.compile(r"\b(?:PMID|PubMed(?:\s+ID)?)\s*[:#]?\s*(\d{1,8})(?!\d)", re.I)),
    ("pmcid", re.compile(r"(?:https?://[^\s]{0,80}?)?\b(PMC\s?\d{4,9})\b/?", re.I)),
)
# What a text must hold, in small letters, before each of them is tried on it.
_LETTERS = (("10.",), ("ncbi.nlm.nih.gov",), ("europepmc.org",), ("pmid", "pubmed"), ("pmc",))
# What an address has behind a DOI.
_QUERY = re.compile(r"[?#](?:[\w.~-]+=|[\w-]*$).*$")
_PAGE_OF = re.compile(
    r"(?:/(?:pdf|epdf|full|fulltext|abstract|meta|html|references|summary|pdfdirect))+(?:\.pdf|\.html?)?/?$", re.I
)
_PDF = re.compile(r"\.pdf$", re.I)
_NUMBER_OF_PAGE = re.compile(r"/\d{5,}/?$")
_ARTICLE_ADDRESS = re.compile(r"/article(?:-\w+)?/(?:doi/)?$", re.I)
_ADDRESS = re.compile(r"https?://[^\s()<>]{0,120}$", re.I)
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_REGISTRY_BEFORE = re.compile(r"\b(?:EudraCT|EUCTR|CTIS)(?: (?:number|no\.?|id))?[\s:#-]*$", re.I)
_QUOTED, _QUOTED_DASH = re.compile("%([2-7][0-9A-Fa-f])"), re.compile("%E2%80%9[0-5]", re.I)
_HIDDEN = re.compile(f"[{_UNSEEN}]")


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
    small = text.lower()
    for (kind, pattern), letters in zip(_PATTERNS, _LETTERS, strict=True):
        if not any(word in small for word in letters):
            continue
        for match in pattern.finditer(text):
            printed, start = match.group(1), match.start()
            if kind == "doi":
                printed = _trimmed(printed)
                if match.start() == match.start(1) and (address := _ADDRESS.search(text, max(0, start - 160), start)):
                    start = address.start()  # a publisher's address is part of it
                value = _plain_doi(printed, text[start : match.start(1)])
            else:
                value = (normal_pmid(printed) or "") if kind == "pmid" else re.sub(r"\s", "", printed).upper()
            if value:
                end = match.start(1) + len(printed) if kind == "doi" else match.end()
                yield Identifier(kind, value, start, end)
    for _, number, start, end in find_registrations(text):
        named = _REGISTRY_BEFORE.search(text, max(0, start - 40), start)
        yield Identifier("registration", number, named.start() if named else start, end)


def _trimmed(printed: str) -> str:
    """Without the punctuation of the sentence around it; a bracket that the DOI itself opened stays."""
    opened = printed.count("(") + printed.lower().count("%28")
    closed = printed.count(")") + printed.lower().count("%29") - opened
    end = len(printed)
    while end and (printed[end - 1] in ".,;:'\"]}*_" or (printed[end - 1] == ")" and closed > 0)):
        end -= 1
        closed -= printed[end] == ")"
    return printed[:end]


def _unquoted(doi: str) -> str:
    """``%2F`` is a slash; three bytes of a typographer's dash are a hyphen."""
    doi = _QUOTED_DASH.sub("-", doi)
    return _QUOTED.sub(lambda match: chr(int(match.group(1), 16)), doi)


def _plain_doi(printed: str, before: str) -> str:
    """The DOI itself of what stands in a text: no percent signs, query, page of a publisher, or typographer's dash."""
    doi = _HIDDEN.sub("", printed).replace(" ", "")
    doi = _DASHES.sub("-", _unquoted(doi.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")))
    doi = re.sub(r"\s", "", _PAGE_OF.sub("", _QUERY.sub("", doi)))
    if "://" in before and "doi.org" not in before.lower():
        doi = _PDF.sub("", doi)
        if _ARTICLE_ADDRESS.search(before):
            doi = _NUMBER_OF_PAGE.sub("", doi)
    return normal_doi(doi) or ""
