"""Readings of claims, signed and dated (``queries/readings/*.yml``), and what follows from them.

A log is a list that is only ever added to, by hand or by ``evidence readings``:

    - claim: page-01
      reader: Ada Byron          # a first and last name, or an ORCID
      on: 2026-12-01
      fidelity: overstated
      direction: in_part
      basis: abstract
      reason: The abstract says so of twelve people.

Of one reader's entries on a claim the last counts. What two readers agree on, each blind to the other, is confirmed.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml

from evidence import yamlfile
from evidence.ledger.ledger import Claim, Ledger
from evidence.ledger.reading import Reading, day, person, read_reading
from evidence.yamlfile import YamlFile

_KEYS = ("claim", "reader", "on", "fidelity", "direction", "basis", "reason")
READERS = 2  # so many must agree


@dataclass(frozen=True, slots=True)
class Entry:
    """One reader's reading of one claim on a day."""

    claim: str
    reader: str
    on: str
    reading: Reading

    @property
    def judged(self) -> tuple[str, str]:
        """What readers must agree on."""
        return self.reading.fidelity, self.reading.direction


@dataclass(frozen=True, slots=True)
class Agreement:
    """How two readers agree on the claims that both have read.

    ``raw`` is the share they judge alike, ``kappa`` Cohen's (J. Cohen, A coefficient of agreement for nominal scales,
    Educ Psychol Meas 1960;20:37-46); ``None`` where both gave one and the same judgement throughout.
    """

    readers: tuple[str, str]
    claims: int
    raw: float
    kappa: float | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """A claim that somebody has to read. ``why`` says so in words; ``readers`` counts those who have read it."""

    claim: str
    paraphrase: str
    why: str
    readers: int


def load_log(directory: str | Path, claims: Iterable[str]) -> tuple[Entry, ...]:
    """Every entry of every ``*.yml`` of a directory, in the order of files and entries; ``()`` without one.

    Raises :class:`~evidence.errors.InputError` with file, line and reason.
    """
    known = set(claims)
    found: list[Entry] = []
    for path in sorted(Path(directory).glob("*.yml")):
        document = yamlfile.load(path)
        if document.data is None:
            continue
        if not isinstance(document.data, list):
            raise document.error("must be a list of readings (claim, reader, on, fidelity, reason)")
        found += [_entry(document, position, item, known) for position, item in enumerate(document.data)]
    return tuple(found)


def _entry(document: YamlFile, position: int, item: Any, known: set[str]) -> Entry:
    if not isinstance(item, dict):
        raise document.error("a reading must be a mapping", position)
    name = f"reading {position + 1}"
    if unknown := [key for key in item if key not in _KEYS]:
        raise document.error(f"{name}: unknown key {unknown[0]!r}; known: {', '.join(_KEYS)}", position, unknown[0])
    for key in ("claim", "reader", "on", "fidelity", "reason"):
        if item.get(key) in (None, ""):
            raise document.error(f"{name}: {key!r} is missing", position)
    claim = str(item["claim"])
    if claim not in known:
        raise document.error(f"{name}: there is no claim {claim!r} in queries/claims/", position, "claim")
    reader = person(str(item["reader"]))
    if reader is None:
        what = "names no person: write a first and last name or an ORCID"
        raise document.error(f"{name}: reader {item['reader']!r} {what}", position, "reader")
    on = day(document, item, "on", position)
    judged = {key: item.get(key) for key in ("fidelity", "direction", "basis", "reason")}
    reading, _ = read_reading(document, judged, name, position)
    assert reading is not None
    return Entry(claim, reader, on, replace(reading, dated=on))


def latest(entries: Iterable[Entry]) -> dict[str, dict[str, Entry]]:
    """Claim → reader → that reader's last entry: the later day, and of one day the later line."""
    found: dict[str, dict[str, Entry]] = defaultdict(dict)
    for entry in entries:
        before = found[entry.claim].get(entry.reader)
        if before is None or entry.on >= before.on:
            found[entry.claim][entry.reader] = entry
    return found


def settle(ledger: Ledger, entries: Iterable[Entry]) -> Ledger:
    """The ledger with what two readers agree on confirmed. What a reviewer has signed in ``queries/claims/`` stands."""
    of_claim = latest(entries)
    claims = tuple(_settled(claim, of_claim.get(claim.id, {})) for claim in ledger.claims)
    return replace(ledger, claims=claims)


def _settled(claim: Claim, readings: Mapping[str, Entry]) -> Claim:
    agreed = agreed_on(readings)
    if not agreed or (claim.reading and claim.reading.reviewed_by and claim.reading.dated >= agreed[0].on):
        return claim
    bases = {entry.reading.basis for entry in agreed}
    reading = replace(
        agreed[0].reading,
        basis=bases.pop() if len(bases) == 1 else "",  # two of them saw different things
        dated=max(entry.on for entry in agreed),
        reviewed_by=tuple(entry.reader for entry in agreed),
    )
    return replace(claim, reading=reading)


def agreed_on(readings: Mapping[str, Entry]) -> list[Entry]:
    """The entries of readers who judge alike, where two or more do and no other two judge otherwise; else ``[]``."""
    alike: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for entry in readings.values():
        alike[entry.judged].append(entry)
    groups = [group for group in alike.values() if len(group) >= READERS]
    return sorted(groups[0], key=lambda entry: (entry.on, entry.reader)) if len(groups) == 1 else []


def agreement(entries: Iterable[Entry]) -> list[Agreement]:
    """How every two readers agree on fidelity and direction, of the claims that both have read."""
    of_reader: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for claim, readings in latest(entries).items():
        for reader, entry in readings.items():
            of_reader[reader][claim] = entry.judged
    found = []
    for one, other in combinations(sorted(of_reader), 2):
        both = sorted(of_reader[one].keys() & of_reader[other].keys())
        if both:
            pairs = [(of_reader[one][claim], of_reader[other][claim]) for claim in both]
            raw = sum(a == b for a, b in pairs) / len(pairs)
            found.append(Agreement((one, other), len(pairs), raw, kappa(pairs)))
    return found


def kappa(pairs: Iterable[tuple[Any, Any]]) -> float | None:
    """Cohen's kappa of pairs of judgements; ``None`` where chance alone would agree on all.

    >>> kappa([("a", "a"), ("a", "b"), ("b", "b"), ("b", "b")])
    0.5
    """
    judged = list(pairs)
    seen = sum(a == b for a, b in judged) / len(judged)
    first, second = Counter(a for a, _ in judged), Counter(b for _, b in judged)
    chance = sum(first[value] * second[value] for value in first) / len(judged) ** 2
    return None if chance == 1 else (seen - chance) / (1 - chance)


def queue(ledger: Ledger, entries: Iterable[Entry], reopened: Mapping[str, str], reader: str = "") -> list[Waiting]:
    """The claims that wait, those open again first. ``reopened``: claim → since when and why. ``ledger`` is settled.

    With a ``reader`` those that this reader has not read yet; nothing says what others wrote.
    """
    of_claim = latest(entries)
    waiting = []
    for claim in ledger.claims:
        readings = of_claim.get(claim.id, {})
        why = _why(claim, readings, reopened.get(claim.id, ""))
        if why and not (reader and reader in readings and claim.id not in reopened):
            waiting.append(Waiting(claim.id, claim.paraphrase, why, len(readings)))
    return sorted(waiting, key=lambda one: (one.claim not in reopened, -one.readers))


def _why(claim: Claim, readings: Mapping[str, Entry], reopened: str) -> str:
    if reopened:
        return f"open again {reopened}"
    if claim.reading is not None and claim.reading.reviewed_by:
        return ""
    if len(readings) >= READERS:
        return "its readers do not agree: a third must read it, or a reviewer sign it in queries/claims/"
    if readings:
        return "one reader has read it: another must, without looking"
    return "a draft that nobody has confirmed" if claim.reading else "nobody has read it"


def as_yaml(entry: Entry) -> str:
    """An entry as a log has it."""
    values = {
        "claim": entry.claim, "reader": entry.reader, "on": entry.on, "fidelity": entry.reading.fidelity,
        "direction": entry.reading.direction, "basis": entry.reading.basis, "reason": entry.reading.reason,
    }  # fmt: skip
    kept = {key: value for key, value in values.items() if value}
    text: str = yaml.safe_dump([kept], sort_keys=False, allow_unicode=True, width=110)
    return text
