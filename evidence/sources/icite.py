"""NIH iCite: how often papers of PubMed cite a paper, its Relative Citation Ratio, and which papers those are.

https://icite.od.nih.gov/api. Counts are of PubMed's papers only, and so below Crossref's or OpenAlex's. The data are
renewed monthly. Types of fields have changed over the years: all that were met are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from evidence.http import Fault, Request, Service, read_json
from evidence.sources.source import Item, Reported, Source, cut

NAME = "icite"
# No limits are published.
SERVICE = Service("iCite", "https://icite.od.nih.gov/api", "EVIDENCE_ICITE_URL", per_second=1)
BATCH = 200
KEPT = (
    "pmid", "title", "citation_count", "relative_citation_ratio", "nih_percentile", "provisional", "cited_by",
    "references",
)  # fmt: skip
_PMID = re.compile(r"[1-9]\d{0,8}", re.ASCII)


def subject(dois: Iterable[str], pmid: str | None) -> str | None:
    return f"pmid:{pmid}" if pmid and _PMID.fullmatch(pmid) else None


def batches(subjects: Sequence[str]) -> Iterator[list[str]]:
    yield from cut(subjects, BATCH)


def request(subjects: Sequence[str]) -> Request:
    return Request("pubs", {"pmids": ",".join(one.removeprefix("pmid:") for one in subjects)}, kind="pubs")


def read(body: bytes, asked: Sequence[str]) -> dict[str, Item]:
    """Subject → its paper, in whatever order they come. Papers that it has not are not there."""
    data = read_json(body).get("data")
    if not isinstance(data, list) or not all(isinstance(one, dict) and "pmid" in one for one in data):
        raise Fault("JSON without papers")
    found = {f"pmid:{one['pmid']}": {key: one[key] for key in KEPT if key in one} for one in data}
    if found and not found.keys() & frozenset(asked):
        raise Fault(f"a paper that was not asked for: {sorted(found)[0]}")
    return {one: found[one] for one in asked if one in found}


def reported(subject: str, paper: Item, papers: Mapping[str, Item]) -> Iterator[Reported]:
    """It tells of no notices."""
    return iter(())


def pmids(value: Any) -> list[str]:
    """A list of PMIDs, whether it came as one, as ``null``, ``""`` or text between blanks."""
    if isinstance(value, str):
        value = re.split(r"[\s,;]+", value)
    listed = value if isinstance(value, list) else []
    return [text for one in listed if not isinstance(one, bool) and _PMID.fullmatch(text := str(one))]


def number(value: Any) -> float | None:
    """A figure, ``None`` where there is none."""
    if isinstance(value, bool) or value in (None, ""):
        return None
    try:
        found = float(value)
    except (TypeError, ValueError):
        return None
    return found if 0 <= found < 1e9 else None


def truth(value: Any) -> bool | None:
    """``True`` and ``"Yes"`` alike; ``None`` where nothing is said."""
    return {"true": True, "yes": True, "false": False, "no": False}.get(str(value).strip().lower())


SOURCE = Source(NAME, "iCite", SERVICE, subject, batches, request, read, reported, notices=False, passes_over=True)
