"""What reports are to the trials whose numbers they name, against labels.

    python benchmarks/trial_links.py [FOLDER] [--errors]

FOLDER is ../shared: tagging, pubmed, check, dedup, scifact. ``trial_links.jsonl`` labels every pair of a report
and a number of ClinicalTrials.gov there: *results*, *secondary*, *protocol* or *mention*, given from title and abstract
by one reader, a program, and by no second one. Prints for each half (by hash of the number) two figures with 95%
intervals (Wilson): of the pairs called results or secondary, those that are; of those called results, those that are.
Then how many of each label are found.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidence.exchange.pubmed import read_article_set
from evidence.record import Record, Section
from evidence.relate.trial_links import RESULTS, SECONDARY, links_of
from evidence.tagging import Tagger, load_vocabulary

ROOT = Path(__file__).resolve().parents[1]
LABELS = Path(__file__).with_suffix(".jsonl")
OF_THE_TRIAL = (RESULTS, SECONDARY)


def records(shared: Path) -> Iterator[tuple[str, Record]]:
    """Every record that names a number, under the key that the labels have."""
    files = [*sorted((shared / "pubmed").glob("*.xml.gz")), shared / "check" / "library.xml"]
    for path in files:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:  # type: ignore[attr-defined]
            yield from ((f"pmid:{r.record.pmid}", r.record) for r in read_article_set(stream))
    for row in _rows(shared / "tagging" / "records.jsonl.gz"):
        if not row["id"].startswith("nct:"):
            yield row["id"], _record(row["id"], row["title"], row["abstract"])
    csv.field_size_limit(10**9)
    for path in sorted((shared / "dedup").glob("*.csv.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as file:
            for entry in csv.DictReader(file):
                number = entry.get("record_id") or entry.get("id") or ""
                yield f"{path.name.split('.')[0]}:{number}", _record(number, entry["title"], entry.get("abstract"))
    for row in _rows(shared / "scifact" / "corpus.jsonl.gz"):
        yield f"scifact:{row['doc_id']}", _record(str(row["doc_id"]), row["title"], " ".join(row["abstract"]))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        yield from map(json.loads, file)


def _record(name: str, title: str | None, abstract: str | None) -> Record:
    return Record(source="benchmark", source_id=name, title=title or "", abstract=[Section(abstract or "")])


def called(shared: Path) -> Iterator[tuple[str, str, str, str]]:
    """(key, number, what it is called, title) of every pair."""
    tagger = Tagger(load_vocabulary(ROOT / "queries" / "vocabulary"))
    seen: set[tuple[str, str]] = set()
    for key, record in records(shared):
        for link in links_of(record):
            if (key, link.number) not in seen:
                seen.add((key, link.number))
                relation = next(
                    one.relation
                    for one in links_of(record, tagger.tag(record).design.protocol)
                    if one.number == link.number
                )
                yield key, link.number, relation, record.title


def interval(right: int, of: int) -> str:
    """``137/138 .993 (.960 to .999)``: Wilson's interval."""
    if not of:
        return "0/0"
    share, z = right / of, 1.96
    middle = (share + z * z / (2 * of)) / (1 + z * z / of)
    half = z / (1 + z * z / of) * math.sqrt(share * (1 - share) / of + z * z / (4 * of * of))
    return f"{right}/{of} {share:.3f} ({max(0, middle - half):.3f} to {min(1, middle + half):.3f})"


def half_of(number: str) -> int:
    return hashlib.sha256(number.encode()).digest()[0] % 2


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("folder", nargs="?", type=Path, default=ROOT.parent / "shared")
    options.add_argument("--errors", action="store_true")
    chosen = options.parse_args()
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    labels = {(row["id"], row["number"]): row["label"] for row in rows}
    pairs = list(called(chosen.folder))
    unlabelled = [(key, number) for key, number, *_ in pairs if (key, number) not in labels]
    print(f"{len(pairs)} pairs, {len(labels)} labels, {len(unlabelled)} pairs without a label")
    for half in (0, 1):
        told = [
            (labels[key, number], relation, key, title)
            for key, number, relation, title in pairs
            if (key, number) in labels and half_of(number) == half
        ]
        ours = [true for true, relation, *_ in told if relation in OF_THE_TRIAL]
        results = [true for true, relation, *_ in told if relation == RESULTS]
        print(f"half {half}: of the trial {interval(sum(true in OF_THE_TRIAL for true in ours), len(ours))}")
        print(f"half {half}: results      {interval(sum(true == RESULTS for true in results), len(results))}")
        for label in dict.fromkeys(sorted(true for true, *_ in told)):
            found = [relation == true for true, relation, *_ in told if true == label]
            print(f"half {half}: {label} found {interval(sum(found), len(found))}")
        for true, relation, key, title in told if chosen.errors else ():
            if true != relation:
                print(f"  {key}: {relation}, is {true}: {title[:90]}")


if __name__ == "__main__":
    main()
