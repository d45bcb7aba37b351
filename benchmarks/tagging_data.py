"""The labelled records beside a developer's checkout, and how predictions are scored on them.

``../shared/tagging`` holds the development labels and texts; ``practice_labels.jsonl`` here adds labels of ours (ids
and tags only) for records of the same folder that came unlabelled. The scoring is the guideline's: a child brings its
parent, ids that the labels do not know are left out, generic parents of a labelled condition are neutral.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.exchange.pubmed import read_article_set  # noqa: E402
from evidence.exchange.reading import read_records  # noqa: E402
from evidence.record import Record  # noqa: E402

ACCURACY = ROOT / "queries" / "vocabulary" / "accuracy.json"
LEAST = 10  # labelled records with a tag, below which the site says "too few labels to tell"
MEASURED_ON = (
    "records held back from rules and weights, 2026-11: 72 abstracts, 61 titles and 58 invented modern ones, labelled "
    "by one annotator; see docs/accuracy/tagging.md"
)
PRACTICE = Path(__file__).with_name("practice_labels.jsonl")
MODERN = Path(__file__).with_name("data") / "modern_records.jsonl"
REVIEWS = Path(__file__).with_name("data") / "pubmed_labels.jsonl"
MENTIONED = "modalities_mentioned"
KEYS = {"modality": "modalities", "outcome": "outcomes", "condition": "conditions"}
_SPECIFIC_PAIN = frozenset(
    "fbss crps pdn clbp phn neuropathic phantom cancer_pain fibromyalgia pelvic_pain headache knee shoulder"
    " angina_ischemia".split()
)


@dataclass(slots=True)
class Labelled:
    """A record, its labels by facet (a facet that was not labelled is absent), and which set it is of."""

    record: Record
    labels: dict[str, set[str]]
    scope: str
    set: str

    @property
    def id(self) -> str:
        return self.record.source_id


def shared_tagging() -> Path:
    """The folder of labels: the first argument that is a directory, else ``../shared/tagging``."""
    given = [Path(a) for a in sys.argv[1:] if Path(a).is_dir()]
    folder = given[0] if given else ROOT.parent / "shared" / "tagging"
    if not (folder / "gold.jsonl").is_file():
        sys.exit(f"no labels in {folder}: give the folder that holds gold.jsonl and records.jsonl.gz")
    return folder


def records_in(path: Path) -> dict[str, Record]:
    """The records of a file by id, read as ``evidence tag`` reads them, without their MeSH headings.

    The guideline labels title and abstract alone.
    """
    found = {}
    for record, _ in read_records(path).records:
        record.mesh = []
        found[record.source_id] = record
    return found


def read_lines(path: Path) -> list[dict[str, Any]]:
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    return [json.loads(line) for line in text.splitlines() if line.strip()]


def load(folder: Path, practice: bool = True) -> list[Labelled]:
    """Every labelled record: sets ``abstracts``, ``titles`` and, of our own labelling, ``practice``."""
    texts = {**records_in(folder / "records.jsonl.gz"), **records_in(folder / "titles.jsonl")}
    parents = json.loads((folder / "labels.json").read_text())
    sets = [("abstracts", folder / "gold.jsonl"), ("titles", folder / "gold_titles.jsonl")]
    if practice:
        sets.append(("practice", PRACTICE))
    found = []
    for name, path in sets:
        for row in read_lines(path):
            found.append(Labelled(texts[row["id"]], labels_of(row, parents), row.get("scope", ""), name))
    return found


def held_back(identifier: str) -> bool:
    """Whether a labelled record is kept from rules and weights: half of them, by the SHA-1 of the id."""
    return int(hashlib.sha1(identifier.encode()).hexdigest(), 16) % 2 == 1


def invented(folder: Path) -> list[Labelled]:
    """The invented modern records with their labels."""
    parents = json.loads((folder / "labels.json").read_text())
    texts = records_in(folder / "invented.jsonl")
    return [
        Labelled(texts[row["id"]], labels_of(row, parents), row["scope"], "invented")
        for row in read_lines(folder / "gold_invented.jsonl")
    ]


def modern(folder: Path) -> list[Labelled]:
    """Invented records of 2023 to 2026 of our own, with labels made by machine before any tag was looked at."""
    parents = json.loads((folder / "labels.json").read_text())
    texts = records_in(MODERN)
    return [Labelled(texts[row["id"]], labels_of(row, parents), row["scope"], "modern") for row in read_lines(MODERN)]


def reviews(folder: Path) -> list[Labelled]:
    """Real records of PubMed (``../pubmed``), most of 2014 to 2019, most reviews that have no modality.

    Their ids and our labels stand here, the texts beside the checkout; outcomes were not labelled. No weight is fitted
    on them: they tell what is given in vain.
    """
    parents = json.loads((folder / "labels.json").read_text())
    rows = {row["id"]: row for row in read_lines(REVIEWS)}
    found = []
    for path in sorted((folder.parent / "pubmed").glob("*.xml.gz")):
        with gzip.open(path) as stream:
            for received in read_article_set(stream):
                record = received.record
                row = rows.pop(record.source_id, None)
                if row:
                    record.mesh, record.publication_types = [], []
                    found.append(Labelled(record, labels_of(row, parents), row["scope"], "reviews"))
    return found


def open_to_read(folder: Path) -> list[Labelled]:
    """What rules and weights may be made of: our own labels, and the half of the others that is not held back."""
    every = [*load(folder), *invented(folder), *modern(folder)]
    return [item for item in every if item.set == "practice" or not held_back(item.id)]


def labels_of(row: dict[str, Any], parents: dict[str, dict[str, str | None]]) -> dict[str, set[str]]:
    """The labels of a row by facet, children with their parents."""
    labels = {
        facet: {t for tag in row[key] for t in (tag, parents[key].get(tag)) if t}
        for facet, key in KEYS.items()
        if key in row
    }
    if MENTIONED in row and "modality" in labels:
        parent_of = parents["modalities"]
        named = {t for tag in row[MENTIONED] for t in (tag, parent_of.get(tag)) if t}
        labels["mentioned"] = named - labels["modality"]
    return labels


def known_labels(folder: Path) -> dict[str, set[str]]:
    """The ids that the labels know, by facet."""
    known = json.loads((folder / "labels.json").read_text())
    return {facet: set(known[key]) for facet, key in KEYS.items()}


def fold(identifier: str, folds: int) -> int:
    """Which part of a cross-validation a record is in: the same in every run."""
    return int(hashlib.sha256(identifier.encode()).hexdigest(), 16) % folds


def neutral(labels: set[str]) -> set[str]:
    """Conditions that count neither way beside these labels."""
    found = set()
    if labels & _SPECIFIC_PAIN:
        found.add("chronic_pain")
    if labels & {"pdn", "phn", "crps", "phantom"}:
        found.add("neuropathic")
    if "fbss" in labels:
        found.add("clbp")
    return found


@dataclass(slots=True)
class Score:
    """Counts by tag of one facet."""

    hit: Counter[str]
    extra: Counter[str]
    missed: Counter[str]

    def support(self, tag: str) -> int:
        return self.hit[tag] + self.missed[tag]

    def of(self, tag: str) -> tuple[float, float, float]:
        return figures(self.hit[tag], self.extra[tag], self.missed[tag])

    def micro(self) -> tuple[float, float, float]:
        return figures(self.hit.total(), self.extra.total(), self.missed.total())

    def macro(self, least: int = 3) -> float:
        tags = [tag for tag in set(self.hit) | set(self.missed) if self.support(tag) >= least]
        return sum(self.of(tag)[2] for tag in tags) / max(1, len(tags))


def figures(hit: int, extra: int, missed: int) -> tuple[float, float, float]:
    """Precision, recall and F1."""
    precision = hit / (hit + extra) if hit + extra else 0.0
    recall = hit / (hit + missed) if hit + missed else 0.0
    return precision, recall, 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def score(pairs: Iterable[tuple[Labelled, dict[str, set[str]]]], facet: str, known: set[str]) -> Score:
    """Counts of a facet over (labelled record, predicted tags by facet)."""
    result = Score(Counter(), Counter(), Counter())
    for labelled, predicted in pairs:
        if facet not in labelled.labels:
            continue
        gold, given = labelled.labels[facet], predicted[facet] & known
        if facet == "condition":
            off = neutral(gold)
            gold, given = gold - off, given - off
        result.hit.update(gold & given)
        result.extra.update(given - gold)
        result.missed.update(gold - given)
    return result


def measured(precision: float, recall: float, support: int) -> dict[str, float | int | None]:
    """A tag's row of ``accuracy.json``; ``None`` ("too few labels to tell") below the least support."""
    if support < LEAST:
        return {"precision": None, "recall": None, "support": support}
    return {"precision": round(precision, 3), "recall": round(recall, 3), "support": support}


def store_accuracy(tags: dict[str, dict[str, dict[str, float | int | None]]], vocabulary_hash: str, on: str) -> None:
    """Put these facets into ``accuracy.json`` and keep the others, with the vocabulary they were measured with."""
    stored = json.loads(ACCURACY.read_text(encoding="utf-8")) if ACCURACY.exists() else {"tags": {}}
    stored["tags"].update(tags)
    stored.update(measured_on=on, vocabulary_hash=vocabulary_hash, least_support=LEAST)
    ACCURACY.write_text(json.dumps(stored, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    print(f"written: {ACCURACY.relative_to(ROOT)}")
