"""How often comparator, blinding, funding and interests are right: ``python benchmarks/new_facets.py [FOLDER]``.

``FOLDER`` holds the development data, ``tagging`` and ``pubmed`` (default: ``../shared`` beside the checkout); the
labels are ``benchmarks/data/new_facets.yml``. Prints, for the half that rules were written beside and for the half
held back, precision, recall and F1 of every stated value, micro F1 of all stated values of a facet, and in how many
records something is claimed where nothing is stated. ``--wrong`` lists what differs in the half worked on; ``--write``
stores the figures of the half held back in ``evidence/tagging/statements/accuracy.json``, which sites show.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from tagging_data import ROOT, figures, records_in

from evidence.exchange.pubmed import Received, read_article_set
from evidence.record import Record
from evidence.tagging import Tagger, load_vocabulary
from evidence.tagging.statements.values import NOT_APPLICABLE, NOT_STATED

LABELS = ROOT / "benchmarks" / "data" / "new_facets.yml"
STORED = ROOT / "evidence" / "tagging" / "statements" / "accuracy.json"
MEASURED_ON = "records held back, labelled with machine help; see docs/accuracy/statements.md"
LEAST_LABELS = 10  # under which a figure says nothing
FACETS = ("comparator", "blinding", "funding", "interests")
HALVES = {"worked": "rules written beside", "held": "held back"}
# Registrations are labelled by so many characters of their text, as all labels of these records are.
REGISTRATION_READ = 1900
NOTHING = {NOT_STATED, NOT_APPLICABLE}


@dataclass
class Tally:
    """Right, wrongly given and missed by value; records in which nothing is stated, and those with a claim."""

    right: Counter[str] = field(default_factory=Counter)
    given: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    silent: int = 0
    claimed: int = 0

    def add(self, labels: set[str], found: set[str]) -> None:
        self.right.update((labels & found) - NOTHING)
        self.given.update(found - labels - NOTHING)
        self.missed.update(labels - found - NOTHING)
        if labels <= NOTHING:
            self.silent += 1
            self.claimed += not found <= NOTHING


def texts(folder: Path) -> dict[str, Record]:
    """Every record of the development data by the id that its labels name."""
    found = {**records_in(folder / "tagging" / "records.jsonl.gz"), **records_in(folder / "tagging" / "invented.jsonl")}
    for path in sorted((folder / "pubmed").glob("*.xml.gz")):
        with gzip.open(path) as stream:
            for received in read_article_set(stream):
                if isinstance(received, Received) and received.record.pmid:
                    found[received.record.pmid] = received.record
    return found


def as_labelled(record: Record) -> Record:
    if record.kind != "registration" and not record.source_id.startswith("nct:"):
        return record
    left, sections = REGISTRATION_READ, []
    for section in record.abstract:
        sections.append(replace(section, text=section.text[:left]))
        left = max(0, left - len(section.text))
    return replace(record, abstract=sections)


def compared(entry: dict[str, Any], tagger: Tagger, record: Record) -> Iterator[tuple[str, set[str], set[str]]]:
    """``(facet, labels, found)`` of each facet that a record was labelled for."""
    stated = tagger.tag(as_labelled(record)).stated
    values = {
        "comparator": stated.comparators,
        "blinding": stated.blinding,
        "funding": stated.funding,
        "interests": stated.interests,
    }
    for facet in FACETS:
        if facet in entry:
            labels = entry[facet] if isinstance(entry[facet], list) else [entry[facet]]
            yield facet, set(labels), set(values[facet])


def report(half: str, tallies: dict[str, Tally]) -> None:
    print(f"\n{HALVES[half]}\n  {'':26} {'labels':>6} {'P':>6} {'R':>6} {'F1':>6}")
    for facet, tally in tallies.items():
        for value in sorted(tally.right.keys() | tally.given.keys() | tally.missed.keys()):
            counts = tally.right[value], tally.given[value], tally.missed[value]
            line(f"{facet} {value}", counts)
        line(f"{facet}, all stated", (tally.right.total(), tally.given.total(), tally.missed.total()))
        share = f"{tally.claimed / tally.silent:.1%}" if tally.silent else "-"
        print(f"  {'':26} something claimed in {tally.claimed} of {tally.silent} where nothing is stated ({share})")


def line(name: str, counts: tuple[int, int, int]) -> None:
    precision, recall, f1 = figures(*counts)
    print(f"  {name:26} {counts[0] + counts[2]:>6} {precision:6.3f} {recall:6.3f} {f1:6.3f}")


def store(tallies: dict[str, Tally]) -> None:
    """The figures of every value, those of values with few labels left open."""
    tags: dict[str, dict[str, dict[str, float | int | None]]] = {}
    for facet, tally in tallies.items():
        for value in sorted(tally.right.keys() | tally.missed.keys()):
            right, support = tally.right[value], tally.right[value] + tally.missed[value]
            precision, recall, _ = figures(right, tally.given[value], tally.missed[value])
            told = support >= LEAST_LABELS
            tags.setdefault(facet, {})[value] = {
                "precision": round(precision, 3) if told else None,
                "recall": round(recall, 3) if told else None,
                "support": support,
            }
    STORED.write_text(json.dumps({"measured_on": MEASURED_ON, "tags": tags}, indent=1) + "\n", encoding="utf-8")
    print(f"written: {STORED.relative_to(ROOT)}")


def main() -> None:
    given = [Path(a) for a in sys.argv[1:] if Path(a).is_dir()]
    folder = given[0] if given else ROOT.parent / "shared"
    if not (folder / "pubmed").is_dir():
        sys.exit(f"no records in {folder}: give the folder that holds tagging and pubmed")
    records = texts(folder)
    tagger = Tagger(load_vocabulary(ROOT / "queries" / "vocabulary"))
    tallies = {half: {facet: Tally() for facet in FACETS} for half in HALVES}
    for entry in yaml.safe_load(LABELS.read_text(encoding="utf-8"))["records"]:
        for facet, labels, found in compared(entry, tagger, records[entry["id"]]):
            tallies[entry["half"]][facet].add(labels, found)
            if "--wrong" in sys.argv and entry["half"] == "worked" and labels != found:
                print(f"{entry['id']} {facet}: labelled {', '.join(sorted(labels))}; given {', '.join(sorted(found))}")
    for half, of_half in tallies.items():
        report(half, of_half)
    if "--write" in sys.argv:
        store(tallies["held"])


if __name__ == "__main__":
    main()
