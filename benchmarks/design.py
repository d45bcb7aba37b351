"""How well design is told, on the labelled records, beside the words of the draft vocabulary found anywhere.

    python benchmarks/design.py [FOLDER] [--per-design] [--typed]

Also scored: ``practice_designs.jsonl`` beside this file, labels of ours (ids, designs, sample sizes) by the same
guideline, read before any prediction; the rules were then corrected beside them, but for batch 2;
``practice_designs_elsewhere.jsonl``, the same of other fields (FOLDER/../dedup, FOLDER/../scifact); and
``practice_designs_typed.jsonl``, two batches of the same kind for PubMed records that carry publication types other
than *Review* alone (FOLDER/../pubmed), told with and without their types.

FOLDER holds gold.jsonl, gold_titles.jsonl, records.jsonl.gz, titles.jsonl and vocabulary.yml (../shared/tagging).
Prints micro precision, recall and F1 from text alone and with publication types, for the half of the labels that the
rules were written beside and the half that was held back (by the SHA-1 of the id), and for titles alone. With
``--typed`` also how records that NLM indexed by hand (FOLDER/../pubmed, reviews mostly) are told from text alone.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from tagging_data import ROOT, figures, held_back, read_lines, shared_tagging

from evidence.exchange.pubmed import read_article_set
from evidence.model import Scope
from evidence.record import Record, Section
from evidence.tagging import Tagger, load_vocabulary
from evidence.tagging.design.describe import describe, trusted_types
from evidence.tagging.design.rules import PUBLICATION_TYPES
from evidence.tagging.facets.scope import ScopeReader
from evidence.tagging.text import document as text
from evidence.tagging.types import DesignTags

COHORT = {"prospective": "cohort", "retrospective": "cohort", "observational": "cohort"}
PRACTICE_DESIGNS = Path(__file__).with_name("practice_designs.jsonl")
TYPED_DESIGNS = Path(__file__).with_name("practice_designs_typed.jsonl")
ELSEWHERE = Path(__file__).with_name("practice_designs_elsewhere.jsonl")
MOST_TELLING = ("guideline", "meta_analysis", "scoping_review", "systematic_review", "rct", "case_report")
KNOWN = frozenset({
    "rct", "cohort", "case_report", "systematic_review", "review", "guideline", "economic", "survey", "animal",
    "experimental_human",
})  # fmt: skip


def to_record(row: dict[str, Any], types: bool) -> Record:
    """A row of the folder; its registrations are ids ``nct:...``."""
    return Record(
        source="file",
        source_id=row["id"],
        title=row["title"],
        abstract=[Section(row["abstract"])] if row["abstract"] else [],
        publication_types=[("", name) for name in row["pub_types"]] if types else [],
        kind="registration" if row["id"].startswith("nct:") else "article",
    )


def tagged(record: Record) -> DesignTags:
    return describe(record, text.read(record))


def as_scored(designs: Iterable[str]) -> set[str]:
    """Designs as the scorer sees them: cohorts as one, ids that the labels do not know left out."""
    return {COHORT.get(design, design) for design in designs} & KNOWN


def anchor(folder: Path) -> Callable[[Record], set[str]]:
    """The draft vocabulary's terms and patterns, anywhere in the text: what a straightforward tagger starts from."""
    draft = yaml.safe_load((folder / "vocabulary.yml").read_text())
    facet = next(part["design"] for part in (draft, draft.get("families", {})) if "design" in part)
    patterns = {
        design: re.compile("|".join([*map(re.escape, entry.get("terms", [])), *entry.get("regex", [])]), re.I)
        for design, entry in facet.items()
    }

    def found(record: Record) -> set[str]:
        whole = record.title + " " + record.abstract_text()
        return as_scored(design for design, pattern in patterns.items() if pattern.search(whole))

    return found


def compare(
    rows: list[dict[str, Any]], labels: dict[str, set[str]], tell: Callable[[dict[str, Any]], set[str]]
) -> Counter[str]:
    """Hits, extras and misses by design; records without a labelled design are not scored."""
    counts: Counter[str] = Counter()
    for row in rows:
        gold = labels[row["id"]]
        if gold:
            told = tell(row)
            counts.update(f"hit {d}" for d in gold & told)
            counts.update(f"extra {d}" for d in told - gold)
            counts.update(f"missed {d}" for d in gold - told)
    return counts


def line(name: str, counts: Counter[str], design: str = "") -> str:
    total = {
        k: sum(n for key, n in counts.items() if key.startswith(f"{k} {design}")) for k in ("hit", "extra", "missed")
    }
    precision, recall, f1 = figures(total["hit"], total["extra"], total["missed"])
    return f"{name:44} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}   ({total['hit'] + total['missed']} labels)"


def report(folder: Path, per_design: bool) -> None:
    words = anchor(folder)
    for gold, texts in (("gold.jsonl", "records.jsonl.gz"), ("gold_titles.jsonl", "titles.jsonl")):
        labels = {row["id"]: as_scored(row["design"]) for row in read_lines(folder / gold)}
        rows = [row for row in read_lines(folder / texts) if row["id"] in labels]
        print(f"\n{gold}: {len(rows)} records")
        print(
            line(
                "draft vocabulary, anywhere (the anchor)",
                compare(rows, labels, lambda row: words(to_record(row, False))),
            )
        )
        for types in (False, True):
            what = "with publication types" if types else "from text alone"

            def tell(row: dict[str, Any], types: bool = types) -> set[str]:
                return as_scored(tagged(to_record(row, types)).designs)

            counts = compare(rows, labels, tell)
            print(line(f"{what}, all", counts))
            for name, half in (("written beside", False), ("held back", True)):
                print(line(f"{what}, {name}", compare([r for r in rows if held_back(r["id"]) is half], labels, tell)))
            if per_design and not types:
                for design in sorted({key.split(" ", 1)[1] for key in counts}):
                    print(line(f"    {design}", counts, design))


def texts_elsewhere(folder: Path, labelled: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The texts of labelled records of other fields, from the sets beside FOLDER; id: ``set:record``."""
    csv.field_size_limit(10**7)
    texts = {}
    for row in read_lines(folder.parent / "scifact" / "corpus.jsonl.gz"):
        identifier, abstract = f"scifact:{row['doc_id']}", " ".join(row["abstract"])
        texts[identifier] = {"id": identifier, "title": row["title"], "abstract": abstract, "pub_types": []}
    for name in {row["set"] for row in labelled} - {"scifact"}:
        with gzip.open(folder.parent / "dedup" / f"{name}.csv.gz", "rt", encoding="utf-8") as stream:
            for row in csv.DictReader(stream):
                identifier = f"{name}:{row['record_id']}"
                texts[identifier] = {
                    "id": identifier, "title": row["title"], "abstract": row["abstract"], "pub_types": []
                }  # fmt: skip
    return texts


def report_practice(labelled: list[dict[str, Any]], texts: dict[str, dict[str, Any]], name: str) -> None:
    labels = {row["id"]: as_scored(row["design"]) for row in labelled}
    print(f"\n{name}, from text alone")
    for batch in sorted({row["batch"] for row in labelled}):
        rows = [texts[row["id"]] for row in labelled if row["batch"] == batch]
        told = compare(rows, labels, lambda row: as_scored(tagged(to_record(row, False)).designs))
        print(line(f"batch {batch}", told))


def report_typed_labels(folder: Path, each: bool) -> None:
    """Labelled PubMed records with their types and without; ``each`` prints the ids that are told otherwise."""
    labelled = read_lines(TYPED_DESIGNS)
    labels = {row["id"]: as_scored(row["design"]) for row in labelled}
    records = {record.source_id: record for record in pubmed_records(folder) if record.source_id in labels}
    print("\nour own labels of records with publication types")
    for types in (False, True):

        def tell(row: dict[str, Any], types: bool = types) -> set[str]:
            record = records[row["id"]]
            return as_scored(tagged(record if types else replace(record, publication_types=[])).designs)

        what = "with publication types" if types else "from text alone"
        for batch in (1, 2):
            rows = [row for row in labelled if row["batch"] == batch]
            print(line(f"{what}, batch {batch}", compare(rows, labels, tell)))
        for identifier in labels if each else ():
            told = tell({"id": identifier})
            if told != labels[identifier]:
                print(f"    {identifier}: labelled {', '.join(sorted(labels[identifier]))}; told {sorted(told)}")


def pubmed_records(folder: Path) -> Iterable[Record]:
    for path in sorted(folder.glob("*.xml.gz")):
        with gzip.open(path) as stream:
            yield from (received.record for received in read_article_set(stream))


def report_scope(folder: Path) -> None:
    """Scope from the tags that the whole tagger gives, and from the labelled tags."""
    vocabulary = load_vocabulary(ROOT / "queries" / "vocabulary")
    tagger, reader = Tagger(vocabulary), ScopeReader(vocabulary)
    right = given = total = silent = 0
    for gold, texts in (("gold.jsonl", "records.jsonl.gz"), ("gold_titles.jsonl", "titles.jsonl")):
        rows = {row["id"]: row for row in read_lines(folder / texts)}
        for label in read_lines(folder / gold):
            record = to_record(rows[label["id"]], False)
            animal = "animal" in label["design"]
            told = tagger.tag(record).scope
            total += 1
            right += told == label["scope"]
            silent += told == Scope.UNSTATED  # the labels have no such scope
            own = reader.scope(label["modalities"], label["conditions"], text.read(record), animal)
            given += own == label["scope"]
    print(
        f"\nscope: {right}/{total} right from our own tags, {given}/{total} from the labelled tags; {silent} unstated"
    )


def report_typed(folder: Path) -> None:
    """Records indexed by hand: the design that NLM's types name against the one told from title and abstract."""
    counts: Counter[tuple[str, str | None]] = Counter()
    for record in pubmed_records(folder):
        typed = {d for name in record.type_names() if (d := PUBLICATION_TYPES.get(name)) and d != "opinion"}
        if not typed or not trusted_types(record) or record.status != "MEDLINE":
            continue
        expected = next((design for design in MOST_TELLING if design in typed), "review")
        record.publication_types = []
        expected = "systematic_review" if expected in ("meta_analysis", "scoping_review") else expected
        counts[expected, tagged(record).design] += 1
    print(f"\nindexed by hand, told from text alone: {counts.total()} records")
    for expected in sorted({key[0] for key in counts}):
        row = {told or "not told": n for (e, told), n in counts.most_common() if e == expected}
        print(f"    {expected:18} " + ", ".join(f"{told} {n}" for told, n in list(row.items())[:6]))


def main() -> None:
    folder = shared_tagging()
    start = time.process_time()
    report(folder, "--per-design" in sys.argv)
    own, other = read_lines(PRACTICE_DESIGNS), read_lines(ELSEWHERE)
    texts = {row["id"]: row for row in read_lines(folder / "records.jsonl.gz")}
    report_practice(own, texts, "our own labels")
    report_practice(other, texts_elsewhere(folder, other), "our own labels of other fields")
    report_scope(folder)
    if "--typed" in sys.argv:
        report_typed_labels(folder.parent / "pubmed", "--per-design" in sys.argv)
        report_typed(folder.parent / "pubmed")
    print(f"\n{time.process_time() - start:.1f} s of CPU time")


if __name__ == "__main__":
    main()
