"""OpenAlex: whether it flags a work as retracted. https://docs.openalex.org

The flag stands on retraction notices and on corrections too, so it is shown as a flag to be confirmed and leaves a
report's status alone. Without a key a day has 1,000 credits: a list costs one, a single work none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from urllib.parse import quote

from evidence.bibliography.normal import normal_doi
from evidence.http import Fault, Request, Service, read_json
from evidence.sources.source import Copy, Item, Reported, Source, cut, readable

SERVICE = Service("OpenAlex", "https://api.openalex.org", "EVIDENCE_OPENALEX_URL", per_second=2)
BATCH = 50
SELECT = "doi,ids,title,type,is_retracted,open_access,best_oa_location"
FLAGGED = "flagged_retracted"
# A comma and a bar mean something in a filter: such a DOI is asked for by itself.
_PLAIN_DOI = re.compile(r"10\.[\w./()-]+", re.ASCII)
_PMID = re.compile(r"https?://pubmed\.ncbi\.nlm\.nih\.gov/(\d{1,9})/?", re.ASCII)
# A notice that is flagged is no retracted paper.
_NOTICES = frozenset({"retraction", "erratum", "paratext"})


def subject(dois: Iterable[str], pmid: str | None) -> str | None:
    known = next((f"doi:{doi}" for doi in map(normal_doi, dois) if doi), None)
    return known or (f"pmid:{pmid}" if pmid else None)


def batches(subjects: Sequence[str]) -> Iterator[list[str]]:
    plain = [one for one in subjects if one.startswith("doi:") and _PLAIN_DOI.fullmatch(one.removeprefix("doi:"))]
    yield from cut(plain, BATCH)
    together = frozenset(plain)
    yield from ([one] for one in subjects if one not in together)


def request(subjects: Sequence[str]) -> Request:
    if len(subjects) == 1:
        return Request(f"works/{quote(subjects[0], safe=':')}", {"select": SELECT}, kind="works")
    asked = "|".join(one.removeprefix("doi:") for one in subjects)
    return Request("works", {"filter": f"doi:{asked}", "per_page": str(BATCH), "select": SELECT}, kind="lists")


def read(body: bytes, asked: Sequence[str]) -> dict[str, Item]:
    """Subject → its work, by DOI and by PMID. Works without the flag are a fault: absent is not false."""
    answer = read_json(body)
    works = answer.get("results") if "meta" in answer else [answer]
    if not isinstance(works, list) or not all(isinstance(w, dict) and "is_retracted" in w for w in works):
        raise Fault("JSON without works")
    if "meta" in answer and answer["meta"].get("count") != len(works):
        raise Fault(f"{answer['meta'].get('count')} works were counted and {len(works)} listed")
    found: dict[str, Item] = {}
    for work in works:
        ids = work.get("ids") if isinstance(work.get("ids"), dict) else {}
        if doi := normal_doi(str(work.get("doi") or "")):
            found.setdefault(f"doi:{doi}", work)
        if number := _PMID.fullmatch(str(ids.get("pmid") or "")):
            found.setdefault(f"pmid:{number.group(1)}", work)
    return {one: found[one] for one in asked if one in found}


def reported(subject: str, work: Item, works: Mapping[str, Item]) -> Iterator[Reported]:
    """The flag, where it is set on what is no notice itself."""
    if work.get("is_retracted") is True and str(work.get("type") or "").lower() not in _NOTICES:
        yield Reported(subject, FLAGGED, "openalex", text="is_retracted")


def copies(subject: str, work: Item) -> Iterator[Copy]:
    """Its best open copy (Unpaywall's). A repository that does not say which version it has may have figures only."""
    place = work.get("best_oa_location")
    if not isinstance(place, dict) or place.get("is_oa") is not True:
        return
    source = place.get("source")
    host: dict[str, object] = source if isinstance(source, dict) else {}
    version = str(place.get("version") or "").removesuffix("Version")
    if not version and host.get("type") == "repository":
        return
    licence = str(place.get("license") or "")
    terms = "open" if licence.startswith(("cc", "public-domain", "pd")) else "free"
    if url := readable(place.get("pdf_url")) or readable(place.get("landing_page_url")):
        yield Copy(subject, url, terms, licence, version, str(host.get("display_name") or "")[:80])


SOURCE = Source("openalex", "OpenAlex", SERVICE, subject, batches, request, read, reported, absent=b"<", copies=copies)
