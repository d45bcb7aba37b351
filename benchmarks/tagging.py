"""How often the tags are right on records that rules were written beside.

    python benchmarks/tagging.py [FOLDER]

Prints micro and macro figures of each facet on the labels that are open to read, by ten-fold cross-validation of the
weights (``fit_tagging.py``), beside what the phrases alone reach in the same run. What holds on other records:
``unseen.py``.
"""

from __future__ import annotations

from fit_tagging import FOLDS, Predicted, cross_validate
from tagging_data import (
    ROOT,
    Labelled,
    Score,
    figures,
    known_labels,
    open_to_read,
    score,
    shared_tagging,
)

from evidence.tagging import Tagger, load_vocabulary

FACETS = ("modality", "outcome", "condition")
PAIN = {"pain_intensity", "pain_relief"}


def phrases(tagger: Tagger, item: Labelled) -> dict[str, set[str]]:
    """The anchor: every tag whose words occur anywhere, after masks and gates."""
    hits = tagger.read(item.record).hits
    return {facet: set(hits[facet]) for facet in FACETS}


def line(name: str, result: Score) -> str:
    precision, recall, f1 = result.micro()
    return f"{name:34} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}  macro F1 {result.macro():.3f}"


def pain(predicted: list[Predicted]) -> tuple[float, float, float]:
    """Pain as an outcome, intensity or relief."""
    pairs = [
        (bool(i.labels["outcome"] & PAIN), bool(p["outcome"] & PAIN)) for i, p in predicted if "outcome" in i.labels
    ]
    return figures(
        sum(a and b for a, b in pairs), sum(b and not a for a, b in pairs), sum(a and not b for a, b in pairs)
    )


def main() -> None:
    folder = shared_tagging()
    known = known_labels(folder)
    vocabulary = load_vocabulary(ROOT / "queries" / "vocabulary")
    tagger = Tagger(vocabulary)
    labelled = open_to_read(folder)
    runs = {
        f"weights, {FOLDS}-fold": cross_validate(tagger, labelled, known),
        "phrases anywhere (anchor)": [(item, phrases(tagger, item)) for item in labelled],
    }
    for name, predicted in runs.items():
        for part in ("abstracts", "titles", "invented", "practice"):
            chosen = [(item, tags) for item, tags in predicted if item.set == part]
            for facet in FACETS:
                result = score(chosen, facet, known[facet])
                if result.hit:
                    print(line(f"{name}: {part} {facet}", result))
        abstracts = [(item, tags) for item, tags in predicted if item.set == "abstracts"]
        off = [tags for item, tags in abstracts if item.scope == "off_topic"]
        if "mentioned" in abstracts[0][1]:  # the anchor does not tell what was studied from what was named
            print(line(f"{name}: modality, only mentioned", score(abstracts, "mentioned", known["modality"])))
        precision, recall, f1 = pain(abstracts)
        print(f"{name}: pain, intensity or relief: P {precision:.3f} R {recall:.3f} F1 {f1:.3f}")
        print(f"{name}: off-topic records given a modality: {sum(bool(t['modality']) for t in off)} of {len(off)}\n")


if __name__ == "__main__":
    main()
