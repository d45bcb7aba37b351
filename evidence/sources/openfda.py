"""openFDA: recalls of devices by product code, how grave FDA called each, and what FDA calls the code itself.

https://open.fda.gov/apis/device. ``recall`` and ``enforcement`` are two views of the same recalls, joined by the number
of the event; only the second says the class. Reports of adverse events are not asked for: their counts are no rates.
A search without a match is answered with 404. Without a key 1,000 questions a day are allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from evidence.http import Fault, Request, Service, read_json
from evidence.sources.source import Item, Reported, Source, cut

NAME, LABEL = "openfda", "openFDA"
SERVICE = Service(LABEL, "https://api.fda.gov/device", "EVIDENCE_OPENFDA_URL", per_second=2)
# Events of recalls that go into one question about their class, and how many answers one may have.
BATCH, MOST = 20, 1000
CLASS, RECALL, EVENT = "class", "recall", "event"
_PATHS = {CLASS: "classification.json", RECALL: "recall.json", EVENT: "enforcement.json"}
_KEPT = {
    CLASS: ("product_code", "device_name", "device_class", "regulation_number"),
    RECALL: (
        "product_res_number", "res_event_number", "product_code", "event_date_initiated", "event_date_posted",
        "event_date_terminated", "recall_status", "reason_for_recall", "root_cause_description", "recalling_firm",
        "product_description",
    ),
    EVENT: ("recall_number", "event_id", "classification", "status", "report_date"),
}  # fmt: skip
_EVENT = re.compile(r"\d{1,9}", re.ASCII)
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)", re.ASCII)


def subjects(codes: Iterable[str]) -> Iterator[str]:
    for code in codes:
        yield from (f"{CLASS}:{code}", f"{RECALL}:{code}")


def subject(dois: Iterable[str], pmid: str | None) -> str | None:
    """Reports are not what it is asked about."""
    return None


def batches(asked: Sequence[str]) -> Iterator[list[str]]:
    yield from ([one] for one in asked if not one.startswith(EVENT))
    yield from cut([one for one in asked if one.startswith(EVENT)], BATCH)


def request(asked: Sequence[str]) -> Request:
    kind = asked[0].partition(":")[0]
    values = [one.partition(":")[2] for one in asked]
    field = "event_id" if kind == EVENT else "product_code"
    search = " OR ".join(f'{field}:"{value}"' for value in values)
    return Request(_PATHS[kind], {"search": search, "limit": str(1 if kind == CLASS else MOST)}, kind=kind)


def read(body: bytes, asked: Sequence[str]) -> dict[str, Item]:
    """Subject → ``{"results": [...]}``, of the fields that are used, those of its code or event only."""
    answer = read_json(body)
    results, meta = answer.get("results"), answer.get("meta")
    counted = meta.get("results") if isinstance(meta, dict) else None
    total = counted.get("total") if isinstance(counted, dict) else None
    if not isinstance(results, list) or not all(isinstance(one, dict) for one in results) or not isinstance(total, int):
        raise Fault("JSON without results")
    kind = asked[0].partition(":")[0]
    if total != len(results) and kind != CLASS:
        raise Fault(f"{total} recalls were counted and {len(results)} listed")
    key = "event_id" if kind == EVENT else "product_code"
    found: dict[str, list[Item]] = {}
    for one in results:
        found.setdefault(f"{kind}:{one.get(key)}", []).append({name: one[name] for name in _KEPT[kind] if name in one})
    strange = found.keys() - frozenset(asked)
    if strange and not found.keys() & frozenset(asked):
        raise Fault(f"results of something else: {sorted(strange)[0]}")
    return {one: {"results": found[one]} for one in asked if one in found}


def follow(asked: str, item: Item) -> Iterator[str]:
    """The events of recalls: only enforcement reports say their class."""
    for recall in item["results"] if asked.startswith(RECALL) else ():
        if event := event_of(recall):
            yield f"{EVENT}:{event}"


def event_of(recall: Item) -> str | None:
    number = str(recall.get("res_event_number") or "").strip()
    return number if _EVENT.fullmatch(number) else None


def day(written: Any) -> str | None:
    """``20120716`` and ``2012-07-16`` alike."""
    found = _DAY.fullmatch(str(written or "").strip()[:10])
    return "-".join(found.groups()) if found else None


def reported(asked: str, item: Item, items: Mapping[str, Item]) -> Iterator[Reported]:
    """It tells of no notices on reports."""
    return iter(())


SOURCE = Source(
    NAME, LABEL, SERVICE, subject, batches, request, read, reported, b"{", follow, notices=False, passes_over=True,
    codes=subjects,
)  # fmt: skip
