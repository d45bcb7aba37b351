"""Known works of the sources of notices, citations and copies: what each must say of them, for ``evidence doctor``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from evidence.devices import Device
from evidence.http import Answer, Client, NotFound
from evidence.sources import SOURCES, Item, Source, icite, openfda

RETRACTED, CLEAN = "doi:10.1016/s0140-6736(20)31180-6", "doi:10.1109/tpami.2018.2844175"
OPEN, NO_DOI, NO_PMID = "doi:10.1371/journal.pone.0000030", "doi:10.5555/there-is-no-such-work", "pmid:99999999"
KNOWN_CODE, KNOWN_RECALLS, NO_CODE = "class:LGW", "recall:LGW", "class:ZZZ"
Question = Callable[[Client], str]
# What is wrong with what a source says of a work, in words; "" where it is as assumed.
Judge = Callable[[Source, str, Item], str]


@dataclass(frozen=True, slots=True)
class Known:
    """Two works, asked for together, with what must be said of each; one that is not there; headers that must come."""

    works: Mapping[str, Judge]
    absent: str
    headers: Sequence[str] = ()


def _notice(kind: str, said_by: str, date: str | None, source: Source, subject: str, item: Item) -> str:
    found = [(one.kind, one.source, one.date) for one in source.reported(subject, item, {}) if one.subject == subject]
    if any(one[:2] == (kind, said_by) and (date is None or one[2] == date) for one in found):
        return ""
    told = ", ".join(f"{other} ({by}, {on})" for other, by, on in found) or "no notice"
    return f"{subject}: no {kind} by {said_by} ({date or 'any day'}), but {told}"


def _none(source: Source, subject: str, item: Item) -> str:
    found = [one.kind for one in source.reported(subject, item, {}) if one.subject == subject]
    return f"{subject}: {', '.join(found)} where nothing was" if found else ""


def _open_copy(source: Source, subject: str, item: Item) -> str:
    return "" if any(one.terms == "open" for one in source.copies(subject, item)) else f"{subject}: no open copy"


def _counted(least: int, source: Source, subject: str, item: Item) -> str:
    count = icite.number(item.get("citation_count"))
    good = count is not None and count >= least and icite.pmids(item.get("cited_by"))
    return "" if good else f"{subject}: {count} citations, not {least} or more, or none of them named"


def _spinal_cord(source: Source, subject: str, item: Item) -> str:
    name = str(item["results"][0].get("device_name"))
    return "" if Device("LGW", "", ("spinal", "cord")).is_named(name) else f"{subject} is named {name!r}"


def _recalled(source: Source, subject: str, item: Item) -> str:
    whole = [one for one in item["results"] if openfda.event_of(one) and openfda.day(one.get("event_date_initiated"))]
    return "" if whole else f"{subject}: no recall has a number of its event and a date"


KNOWN: dict[str, Known] = {
    "crossref": Known(
        {RETRACTED: partial(_notice, "retraction", "retraction_watch", "2020-06-05"), CLEAN: _none},
        NO_DOI,
        ("x-rate-limit-limit", "x-rate-limit-interval"),
    ),
    "europepmc": Known(
        {"pmid:42550576": partial(_notice, "retraction", "europepmc", None), "pmid:22338609": _open_copy}, NO_PMID
    ),
    "openalex": Known(
        {RETRACTED: partial(_notice, "flagged_retracted", "openalex", None), OPEN: _open_copy},
        NO_DOI,
        ("x-ratelimit-remaining",),
    ),
    "icite": Known(
        {"pmid:27599104": partial(_counted, 222), "pmid:23456789": partial(_counted, 46)},
        NO_PMID,
    ),
}


def questions_of(name: str) -> tuple[tuple[str, Question], ...]:
    """A source's three questions."""
    if name == openfda.NAME:
        named = Known({KNOWN_CODE: _spinal_cord, KNOWN_RECALLS: _recalled}, NO_CODE)
        return (
            ("what FDA calls a known code", partial(_ask, openfda.SOURCE, named, [KNOWN_CODE])),
            ("recalls of a known code", partial(_ask, openfda.SOURCE, named, [KNOWN_RECALLS])),
            ("a code that there is not", partial(_absent, openfda.SOURCE, NO_CODE)),
        )
    source, known = SOURCES[name], KNOWN[name]
    first = next(iter(known.works))
    return (
        ("a known work by itself", partial(_ask, source, known, [first])),
        ("two known works together", partial(_ask, source, known, list(known.works))),
        ("a work that is not there", partial(_absent, source, known.absent)),
    )


def _ask(source: Source, known: Known, subjects: list[str], client: Client) -> str:
    missing: list[str] = []

    def read(answer: Answer) -> dict[str, Item]:
        missing.extend(name for name in known.headers if name not in answer.headers)
        return source.read(answer.body, subjects)

    found = client.ask(source.request(subjects), read)
    wrong = [f"{one} is not there" for one in subjects if one not in found]
    wrong += [said for one in subjects if one in found and (said := known.works[one](source, one, found[one]))]
    wrong += [f"its headers have no {name}" for name in missing]
    return "; ".join(wrong)


def _absent(source: Source, subject: str, client: Client) -> str:
    try:
        found = client.ask(source.request([subject]), lambda answer: source.read(answer.body, [subject]))
    except NotFound:
        return ""
    return f"{subject} is there, which it should not be" if found else ""
