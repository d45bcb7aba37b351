"""How often tags are right on records that no rule was written beside.

    python benchmarks/unseen.py [FOLDER] [--errors] [--write]

Labelled abstracts, titles and invented modern records are split by the SHA-1 of their ids, once and for all: one half
is read while rules are written, the other is held back. The weights are fitted on our own labels and the open halves
(``fit_tagging.py``), so no record that is held back was seen by a rule or by a weight. ``--write`` stores precision,
recall and the number of labels of every tag on the held-back halves in ``queries/vocabulary/accuracy.json``;
``--errors`` prints the errors of the open ones.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any

from design import COHORT, KNOWN, as_scored
from fit_tagging import Predicted, fit, predict, rows
from tagging_data import (
    MEASURED_ON,
    MODERN,
    REVIEWS,
    ROOT,
    Labelled,
    figures,
    held_back,
    invented,
    known_labels,
    load,
    measured,
    modern,
    open_to_read,
    read_lines,
    reviews,
    score,
    shared_tagging,
    store_accuracy,
)

from evidence.tagging import Tagger, Tags, load_vocabulary

FACETS = ("modality", "outcome", "condition")
SETS = {
    "abstracts": "real",
    "titles": "titles",
    "invented": "invented",
    "modern": "invented by us",
    "reviews": "real reviews",
}
# The sets that the figures beside a tag are of: not the reviews, whose make-up is of one search.
SHOWN = ("abstracts", "titles", "invented", "modern")


@dataclass(slots=True)
class Counted:
    """A labelled record beside what it was given; ``row`` are its labels as printed."""

    item: Labelled
    row: dict[str, Any]
    tags: Tags
    given: dict[str, set[str]]


def everything() -> tuple[Tagger, list[Counted], dict[str, set[str]]]:
    """The tagger with weights that saw nothing held back, and every record of the three sets with what it gives."""
    folder = shared_tagging()
    known = known_labels(folder)
    tagger = Tagger(load_vocabulary(ROOT / "queries" / "vocabulary"))
    tagger = tagger.with_weights(fit(rows(tagger, open_to_read(folder), known)))
    gold = [folder / name for name in ("gold.jsonl", "gold_titles.jsonl", "gold_invented.jsonl")]
    printed = {row["id"]: row for path in (*gold, MODERN, REVIEWS) for row in read_lines(path)}
    counted = [
        Counted(item, printed[item.id], tagger.tag(item.record), predict(tagger, item))
        for item in (*load(folder, practice=False), *invented(folder), *modern(folder), *reviews(folder))
    ]
    return tagger, counted, known


def designs(chosen: list[Counted]) -> dict[str, Counter[str]]:
    """Designs told, told in vain and missed, by design; records without a labelled design are not scored."""
    counts: dict[str, Counter[str]] = {"hit": Counter(), "extra": Counter(), "missed": Counter()}
    for one in chosen:
        gold = {COHORT.get(design, design) for design in one.row.get("design") or ()}
        if gold:
            told = as_scored(one.tags.design.designs)
            counts["hit"].update(gold & told)
            counts["extra"].update(told - gold)
            counts["missed"].update(gold - told)
    return counts


def sample_sizes(chosen: list[Counted]) -> str:
    pairs = [
        (one.row["n"], one.tags.design.sample_size.value if one.tags.design.sample_size else None)
        for one in chosen
        if "n" in one.row
    ]
    stated = [(gold, told) for gold, told in pairs if gold is not None]
    answered = [(gold, told) for gold, told in stated if told is not None]
    exact = sum(gold == told for gold, told in answered)
    none = [told for gold, told in pairs if gold is None]
    return (
        f"exact {exact}/{len(answered)}, answered {len(answered)}/{len(stated)}, "
        f"given where none is stated {sum(told is not None for told in none)}/{len(none)}"
    )


def report(name: str, chosen: list[Counted], known: dict[str, set[str]]) -> None:
    pairs: list[Predicted] = [(one.item, one.given) for one in chosen]
    print(f"{name}: {len(chosen)} records")
    for facet in FACETS:
        result = score(pairs, facet, known[facet])
        if result.hit:
            precision, recall, f1 = result.micro()
            print(f"  {facet:10} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  ({result.hit.total()} right)")
    precision, recall, f1 = figures(*(count.total() for count in designs(chosen).values()))
    print(f"  design     P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}")
    off = [one for one in chosen if one.item.scope == "off_topic"]
    print(f"  off-topic records given a modality: {sum(bool(one.tags.modalities) for one in off)} of {len(off)}")
    if any(one.row.get("n") for one in chosen):
        print(f"  sample size: {sample_sizes(chosen)}")
    planned = [one for one in chosen if "protocol" in one.row]
    if planned:
        right = sum(bool(one.row["protocol"]) and one.tags.design.protocol for one in planned)
        print(
            f"  planned: told {right} of {sum(bool(one.row['protocol']) for one in planned)}, "
            f"in vain {sum(not one.row['protocol'] and one.tags.design.protocol for one in planned)}"
        )


def errors(chosen: list[Counted], known: dict[str, set[str]]) -> None:
    """What was missed and given in vain, record by record: only for records that may be read."""
    for one in chosen:
        said = []
        for facet in FACETS:
            if facet not in one.item.labels:
                continue
            pairs: list[Predicted] = [(one.item, one.given)]
            result = score(pairs, facet, known[facet])
            said += [f"-{tag}" for tag in result.missed] + [f"+{tag}" for tag in result.extra]
        gold = {COHORT.get(design, design) for design in one.row.get("design") or ()}
        told = as_scored(one.tags.design.designs)
        if gold and gold != told:
            said.append(f"design {sorted(gold)} told {sorted(told)}")
        size = one.tags.design.sample_size.value if one.tags.design.sample_size else None
        if "n" in one.row and one.row["n"] != size:
            said.append(f"n {one.row['n']} told {size}")
        if "protocol" in one.row and bool(one.row["protocol"]) != one.tags.design.protocol:
            said.append(f"planned {one.row['protocol']}")
        if said:
            print(f"{one.item.id} {one.item.record.title[:70]!r}: {'; '.join(said)}")


def write(tagger: Tagger, chosen: list[Counted], known: dict[str, set[str]]) -> None:
    """Store the figures of every tag on records held back."""
    pairs: list[Predicted] = [(one.item, one.given) for one in chosen]
    tags: dict[str, dict[str, dict[str, float | int | None]]] = {}
    for facet in FACETS:
        result = score(pairs, facet, known[facet])
        tags[facet] = {
            tag: measured(*result.of(tag)[:2], result.support(tag))
            for tag in tagger.vocabulary.tags[facet]
            if tag in known[facet]
        }
    hit, extra, missed = designs(chosen).values()
    by_design = {
        design: measured(*figures(hit[design], extra[design], missed[design])[:2], hit[design] + missed[design])
        for design in sorted(KNOWN)
    }
    cohort = by_design.pop("cohort")  # the three are one to the labels' scorer
    tags["design"] = by_design | dict.fromkeys(COHORT, cohort)
    store_accuracy(tags, tagger.vocabulary.hash, MEASURED_ON)


def main() -> None:
    tagger, counted, known = everything()
    halves = (("open", False),) if "--open" in sys.argv else (("open", False), ("held back", True))
    for name, shown in SETS.items():
        for half, held in halves:
            chosen = [one for one in counted if one.item.set == name and held_back(one.item.id) is held]
            report(f"{shown}, {half}", chosen, known)
    if "--errors" in sys.argv:
        errors([one for one in counted if not held_back(one.item.id)], known)
    if "--write" in sys.argv:
        write(tagger, [one for one in counted if held_back(one.item.id) and one.item.set in SHOWN], known)


if __name__ == "__main__":
    main()
