"""Crossref: what publishers and Retraction Watch say was published about a work. https://api.crossref.org

``updated-by`` stands on the paper, ``update-to`` on the notice; either may be missing, and both are wrong at times: a
notice can carry ``updated-by`` *retraction* whose DOI is the retracted paper, a retracted paper ``update-to`` its own
notice. The rule of :func:`reported` reads the recorded answers right (``tests/sources``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from evidence.bibliography.normal import normal_doi
from evidence.http import Answer, Client, Fault, Request, Service, read_json
from evidence.sources.source import Item, Reported, Source, Version, cut

# Lists are asked for once a second at most; 20 DOIs a list.
SERVICE = Service("Crossref", "https://api.crossref.org", "EVIDENCE_CROSSREF_URL", per_second=1)
BATCH = 20
SELECT = "DOI,title,type,update-to,updated-by,published,issued,relation"
# A comma ends a filter, and other signs may: such a DOI is asked for by itself.
_PLAIN_DOI = re.compile(r"10\.[\w./()-]+", re.ASCII)

# Crossref's types of updates, in small letters → kinds of notices, the gravest first; None is no notice.
KINDS: dict[str, str | None] = {
    "retraction": "retraction", "retration": "retraction", "withdrawal": "withdrawal", "removal": "withdrawal",
    "partial_retraction": "partial_retraction", "expression_of_concern": "concern", "correction": "erratum",
    "erratum": "erratum", "corrigendum": "erratum", "addendum": "addendum", "clarification": "addendum",
    "reinstatement": "reinstatement", "new_version": None, "new_edition": None,
}  # fmt: skip
UNKNOWN, UNREAD = "unknown_update", "unread_retraction"
GRAVITY = (
    "retraction",
    "withdrawal",
    "partial_retraction",
    "concern",
    "erratum",
    UNREAD,
    "reinstatement",
    "addendum",
    UNKNOWN,
)
RETRACTIONS = ("retraction", "withdrawal")


@dataclass(frozen=True, slots=True)
class _Update:
    """One entry of ``updated-by`` or ``update-to``: ``doi`` is the other work."""

    kind: str
    doi: str
    watched: bool
    date: str | None
    label: str


def subject(dois: Iterable[str], pmid: str | None) -> str | None:
    return next((f"doi:{doi}" for doi in map(normal_doi, dois) if doi), None)


def batches(subjects: Sequence[str]) -> Iterator[list[str]]:
    plain = [one for one in subjects if _PLAIN_DOI.fullmatch(_doi(one))]
    yield from cut(plain, BATCH)
    together = frozenset(plain)
    yield from ([one] for one in subjects if one not in together)


def request(subjects: Sequence[str]) -> Request:
    if len(subjects) == 1:
        return Request(f"works/{quote(_doi(subjects[0]), safe='')}", kind="works")
    asked = ",".join(f"doi:{_doi(one)}" for one in subjects)
    return Request("works", {"filter": asked, "rows": str(len(subjects)), "select": SELECT}, kind="lists")


def read(body: bytes, asked: Sequence[str]) -> dict[str, Item]:
    """Subject → its work. Those that Crossref passed over are not there: it does not say so."""
    answer = read_json(body)
    message = answer.get("message")
    if not isinstance(message, dict):
        raise Fault("JSON without a message")
    works = [message]
    if answer.get("message-type") == "work-list":
        works, total = message.get("items"), message.get("total-results")  # type: ignore[assignment]
        if not isinstance(works, list) or not isinstance(total, int) or not all(isinstance(w, dict) for w in works):
            raise Fault("a list without items")
        if total != len(works):
            raise Fault(f"{total} works were counted and {len(works)} listed")
    elif answer.get("message-type") != "work":
        raise Fault("neither a work nor a list of works")
    found = {f"doi:{doi}": _kept(work) for work in works if (doi := normal_doi(str(work.get("DOI") or "")))}
    return {one: found[one] for one in asked if one in found}


def _kept(work: Item) -> Item:
    """What is used of a work; the rest (when it was indexed, how often it is cited) changes from day to day."""
    return {key: work[key] for key in SELECT.split(",") if key in work}


def follow(subject: str, work: Item) -> Iterator[str]:
    """Notices by a publisher that call this work retracted: whether they are, or it is theirs, only they tell."""
    own = _doi(subject)
    for update in _updates(work, "updated-by"):
        if update.kind in RETRACTIONS and not update.watched and update.doi != own:
            yield f"doi:{update.doi}"


def reported(subject: str, work: Item, works: Mapping[str, Item]) -> Iterator[Reported]:
    """Notices on this work, and, where it is itself a notice, on the works that it names."""
    own = _doi(subject)
    yield from _of_itself(subject, own, work, works)
    retracted = is_retracted(own, work)
    of: dict[str, list[_Update]] = {}
    for update in _updates(work, "update-to"):
        if update.doi != own and (update.watched or not retracted):
            of.setdefault(update.doi, []).append(update)
    for doi, updates in of.items():
        gravest = min(updates, key=lambda update: GRAVITY.index(update.kind))
        yield _notice(f"doi:{doi}", gravest, updates, own, work)


def is_retracted(own: str, work: Item) -> bool:
    """Whether it is beyond doubt: Retraction Watch says so, or the work of itself."""
    updates = [*_updates(work, "updated-by"), *(u for u in _updates(work, "update-to") if u.doi == own)]
    return any(u.kind in RETRACTIONS and (u.watched or u.doi == own) for u in updates)


def versions(subject: str, work: Item) -> Iterator[Version]:
    """Preprints and their articles, as one of the two deposited it."""
    relation = work.get("relation")
    for key, is_preprint in (("is-preprint-of", True), ("has-preprint", False)):
        entries = relation.get(key) if isinstance(relation, dict) else None
        for entry in entries if isinstance(entries, list) else ():
            doi = normal_doi(str(entry.get("id") or "")) if isinstance(entry, dict) else None
            if doi and f"doi:{doi}" != subject and entry.get("id-type") == "doi":
                other = f"doi:{doi}"
                yield Version(subject, other) if is_preprint else Version(other, subject)


def _of_itself(subject: str, own: str, work: Item, works: Mapping[str, Item]) -> Iterator[Reported]:
    by: dict[str, list[_Update]] = {}
    for update in (*_updates(work, "updated-by"), *_updates(work, "update-to", own)):
        if not update.watched and update.kind in RETRACTIONS and update.doi != own:
            notice = works.get(f"doi:{update.doi}")
            if notice is None and is_retracted(own, work):
                continue  # it is beyond doubt already, and retracted papers name comments on them as their notices
            if notice is None:
                update = _Update(UNREAD, update.doi, False, update.date, update.label)
            elif is_retracted(update.doi, notice):
                continue  # the retracted paper: this work is its notice
        by.setdefault(update.doi, []).append(update)
    kinds = set()
    for doi, updates in sorted(by.items(), key=lambda item: item[0] == own):
        gravest = min(updates, key=lambda update: GRAVITY.index(update.kind))
        if doi == own and gravest.kind in kinds:
            continue  # said with its notice already; a work dates such an entry by its own publication
        kinds.add(gravest.kind)
        yield _notice(subject, gravest, updates, doi if doi != own else None, works.get(f"doi:{doi}"))


def _notice(
    subject: str, gravest: _Update, updates: Sequence[_Update], doi: str | None, notice: Item | None
) -> Reported:
    watched = next((u for u in updates if u.watched and u.kind == gravest.kind), None)
    said = watched or gravest
    date = watched.date if watched else (_published(notice) if notice and doi else None) or gravest.date
    return Reported(subject, gravest.kind, "retraction_watch" if watched else "crossref", date, doi, None, said.label)


def _updates(work: Item, key: str, only: str = "") -> Iterator[_Update]:
    entries = work.get(key)
    for entry in entries if isinstance(entries, list) else ():
        doi = normal_doi(str(entry.get("DOI") or "")) if isinstance(entry, dict) else None
        if not doi or (only and doi != only):
            continue
        kind = re.sub(r"[\s-]+", "_", str(entry.get("type") or "").strip().lower())
        known = KINDS.get(kind, UNKNOWN)
        if known:
            label = str(entry.get("label") or entry.get("type") or "Update")[:100]
            yield _Update(known, doi, entry.get("source") == "retraction-watch", _date(entry.get("updated")), label)


def _published(work: Item) -> str | None:
    return _date(work.get("published")) or _date(work.get("issued"))


def _date(written: Any) -> str | None:
    """``2020-06`` of ``{"date-parts": [[2020, 6]]}``, as precise as it is."""
    parts = written.get("date-parts") if isinstance(written, dict) else None
    first = parts[0] if isinstance(parts, list) and parts and isinstance(parts[0], list) else []
    numbers = [part for part in first[:3] if isinstance(part, int) and part > 0]
    return "-".join(f"{n:04}" if i == 0 else f"{n:02}" for i, n in enumerate(numbers)) or None


def _heed(client: Client, answer: Answer) -> None:
    """Slower, where its headers say so: ``x-rate-limit-limit`` requests in ``x-rate-limit-interval`` (``1s``)."""
    limit, interval = (answer.headers.get(f"x-rate-limit-{name}", "") for name in ("limit", "interval"))
    seconds = re.fullmatch(r"(\d{1,4})s", interval)
    if limit.isascii() and limit.isdecimal() and len(limit) < 6 and seconds:
        client.pacer.allow(max(1, int(limit) // max(1, int(seconds.group(1)))))


def _doi(subject: str) -> str:
    return subject.removeprefix("doi:")


SOURCE = Source(
    "crossref", "Crossref", SERVICE, subject, batches, request, read, reported, b"Resource not found", follow, _heed,
    versions=versions,
)  # fmt: skip
