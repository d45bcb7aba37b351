"""Europe PMC: publication types, and links between a paper and what was published about it.

https://europepmc.org/RestfulWebService
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from evidence.bibliography.normal import normal_doi
from evidence.http import Fault, Request, Service, read_json
from evidence.sources.source import Copy, Item, Reported, Source, Version, cut, readable

# One connection, as it asks; no pace is published.
SERVICE = Service(
    "Europe PMC", "https://www.ebi.ac.uk/europepmc/webservices/rest", "EVIDENCE_EUROPEPMC_URL", per_second=3
)
BATCH = 25
# What stands in the paper (``… in``), and in the notice (``… of``, ``… for``), which says it of the paper.
KINDS = {
    "retraction in": "retraction",
    "partial retraction in": "partial_retraction",
    "expression of concern in": "concern",
    "erratum in": "erratum",
    "corrected and republished in": "republication",
    "retracted and republished in": "retracted_republication",
}
KINDS_OF = {
    "retraction of": "retraction",
    "partial retraction of": "partial_retraction",
    "expression of concern for": "concern",
    "erratum for": "erratum",
    "corrected and republished from": "republication",
    "retracted and republished from": "retracted_republication",
}
# What is used of a result; counts of citations change from day to day.
KEPT = (
    "id", "source", "pmid", "pmcid", "doi", "title", "pubTypeList", "commentCorrectionList", "isOpenAccess", "license",
    "fullTextUrlList",
)  # fmt: skip
TERMS = {"OA": "open", "F": "free"}
# A PMC address without its letters leads nowhere.
_DEAD = re.compile(r"/pmc/articles/\d")
OWN_TYPES = {"retracted publication": "retraction", "withdrawn publication": "withdrawal"}


def subject(dois: Iterable[str], pmid: str | None) -> str | None:
    if pmid:
        return f"pmid:{pmid}"
    return next((f"doi:{doi}" for doi in map(normal_doi, dois) if doi), None)


def batches(subjects: Sequence[str]) -> Iterator[list[str]]:
    yield from cut(subjects, BATCH)


def request(subjects: Sequence[str]) -> Request:
    query = " OR ".join(f"({_term(one)})" for one in subjects)
    asked = {"query": query, "resultType": "core", "format": "json", "pageSize": "100", "synonym": "false"}
    return Request("search", asked, kind="search")


def read(body: bytes, asked: Sequence[str]) -> dict[str, Item]:
    """Subject → its result. One answer in five was once nothing but a version: that is a fault, not an absence."""
    answer = read_json(body)
    listed, count = answer.get("resultList"), answer.get("hitCount")
    results = listed.get("result") if isinstance(listed, dict) else None
    if not isinstance(count, int) or isinstance(count, bool) or (results is None and count):
        raise Fault("JSON without results")
    results = [results] if isinstance(results, dict) else results or []
    if not isinstance(results, list) or not all(isinstance(one, dict) for one in results):
        raise Fault("JSON without results")
    if count > len(results):
        raise Fault(f"{count} results were counted and {len(results)} listed")
    found: dict[str, Item] = {}
    for full in results:
        result = {key: full[key] for key in KEPT if key in full}
        if result.get("source") == "MED" and result.get("id"):
            found.setdefault(f"pmid:{result['id']}", result)
        if doi := normal_doi(str(result.get("doi") or "")):
            found.setdefault(f"doi:{doi}", result)
    return {one: found[one] for one in asked if one in found}


def reported(subject: str, result: Item, results: Mapping[str, Item]) -> Iterator[Reported]:
    """Notices that the paper names; without one, what its own publication types say. A notice names its papers."""
    kinds = set()
    own_doi = normal_doi(str(result.get("doi") or ""))
    own_pmid = _pmid(result)
    for entry in _listed(result.get("commentCorrectionList"), "commentCorrection"):
        said = str(entry.get("type") or "").strip().lower() if isinstance(entry, dict) else ""
        kind, of = KINDS.get(said), KINDS_OF.get(said)
        if not kind and not of:
            continue
        pmid = _pmid(entry)
        text = " ".join(str(entry.get("reference") or "").split())[:300]
        doi = normal_doi(text)
        if of:
            if paper := f"pmid:{pmid}" if pmid else f"doi:{doi}" if doi and doi != own_doi else "":
                yield Reported(paper, of, "europepmc", None, own_doi, own_pmid, "named by the notice")
            continue
        assert kind
        kinds.add(kind)
        yield Reported(subject, kind, "europepmc", None, doi if doi != own_doi else None, pmid, text)
    for name in _listed(result.get("pubTypeList"), "pubType"):
        kind = OWN_TYPES.get(str(name).strip().lower())
        if kind and kind not in kinds:
            yield Reported(subject, kind, "europepmc", text=f"publication type {name}")


def copies(subject: str, result: Item) -> Iterator[Copy]:
    """What its list of full texts calls open or free; subscriptions are in that list too."""
    for entry in _listed(result.get("fullTextUrlList"), "fullTextUrl"):
        terms = TERMS.get(str(entry.get("availabilityCode") or "")) if isinstance(entry, dict) else None
        url = readable(entry.get("url")) if terms else None
        if terms and url and not _DEAD.search(url):
            site = str(entry.get("site") or "").replace("_", " ")
            form = str(entry.get("documentStyle") or "")
            site = f"{site}, PDF" if form == "pdf" else site
            yield Copy(subject, url, terms, str(result.get("license") or ""), "", site[:80])


def versions(subject: str, result: Item) -> Iterator[Version]:
    """Preprints of an article, and the article of a preprint. Its note tells what is deposited from what is guessed."""
    for entry in _listed(result.get("commentCorrectionList"), "commentCorrection"):
        said = str(entry.get("type") or "").strip().lower() if isinstance(entry, dict) else ""
        number, note = str(entry.get("id") or "") if said else "", str(entry.get("note") or "") if said else ""
        guessed = "match" in note.lower()
        if said == "preprint of" and (pmid := _pmid(entry)):
            yield Version(subject, f"pmid:{pmid}", guessed, note[:200])
        elif said == "preprint in" and re.fullmatch(r"PPR\d{1,9}", number, re.ASCII):
            yield Version(f"ppr:{number}", subject, guessed, note[:200])


def _pmid(entry: Item) -> str | None:
    number = str(entry.get("id") or "")
    return number if entry.get("source") == "MED" and re.fullmatch(r"\d{1,9}", number, re.ASCII) else None


def _listed(holder: Any, key: str) -> list[Any]:
    """A list of one may be its one element, and a list of none may be missing."""
    held = holder.get(key) if isinstance(holder, dict) else None
    return held if isinstance(held, list) else [held] if held else []


def _term(subject: str) -> str:
    kind, _, value = subject.partition(":")
    if kind == "pmid":
        return f"EXT_ID:{value} AND SRC:MED"
    return 'DOI:"{}"'.format(value.replace("\\", "\\\\").replace('"', '\\"'))


SOURCE = Source(
    "europepmc", "Europe PMC", SERVICE, subject, batches, request, read, reported, copies=copies, versions=versions
)
