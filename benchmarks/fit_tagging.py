"""Fit the weights of the tagging facts: ``python benchmarks/fit_tagging.py [--write] [FOLDER]``.

One logistic regression for each facet over the named facts of ``evidence.tagging`` (about 30 facts and one for each
tag, none of them a word of a record), with the L2 penalty below. Prints what ten-fold cross-validation over records
reaches, so that no record is scored by weights that saw it; ``--write`` stores weights fitted on all of them. Records
that are held back (``unseen.py``) are no part of it.
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Iterable

from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression
from tagging_data import ROOT, Labelled, known_labels, neutral, open_to_read, score, shared_tagging
from tagging_data import fold as fold_of

from evidence.tagging import Tagger, load_vocabulary
from evidence.tagging.facets.outcome import ESSAY, PLAN
from evidence.tagging.facets.weights import WEIGHTS_FILE, Weights
from evidence.tagging.tagger import Facts, weights_name

FOLDS = 10
# Smaller is a stronger pull to zero; 0.1 to 1 differ by less than .02 in micro F1, which is noise in 146 records.
PENALTY = {"modality": 0.3, "modality child": 0.6, "outcome": 0.35, "condition": 0.3}
# A tag needs so much more than even odds. On 445 records that neither vocabulary nor weights had seen, .3 for an
# outcome gained .013 in precision over .1 and .004 in F1; ten-fold, where rules were read from the same records, it
# costs .002.
MARGIN = {"outcome": 0.3}
# What needs less: a plan names its outcomes (precision .93 at .1), reviews lose more labels than they gain, and so does
# relief (F1 .70 to .73 ten-fold, .58 to .60 on those 445).
LESS = {"outcome": {PLAN: 0.2, ESSAY: 0.4, "tag pain_relief": 0.2}}

Row = tuple[Facts, bool]
Predicted = tuple[Labelled, dict[str, set[str]]]


def rows(tagger: Tagger, labelled: Iterable[Labelled], known: dict[str, set[str]]) -> dict[str, list[Row]]:
    """What was found in the records: facts, and whether the labels have the tag; neutral tags are left out."""
    found: dict[str, list[Row]] = defaultdict(list)
    for item in labelled:
        for facet, tag, facts in tagger.facts(tagger.read(item.record)):
            if facet not in item.labels or tag not in known[facet]:
                continue
            gold = item.labels[facet]
            if facet != "condition" or tag not in neutral(gold):
                found[weights_name(tagger.vocabulary, facet, tag)].append((facts, tag in gold))
    return found


def fit(found: dict[str, list[Row]]) -> dict[str, Weights]:
    """Weights of each facet."""
    fitted = {}
    for name, examples in found.items():
        vectorizer = DictVectorizer(sparse=False)
        matrix = vectorizer.fit_transform([facts for facts, _ in examples])
        model = LogisticRegression(C=PENALTY[name], max_iter=2000).fit(matrix, [given for _, given in examples])
        weights = dict(zip(vectorizer.feature_names_, map(float, model.coef_[0]), strict=True))
        for fact, less in LESS.get(name, {}).items():
            weights[fact] = weights.get(fact, 0.0) + less
        fitted[name] = Weights(float(model.intercept_[0]) - MARGIN.get(name, 0.0), weights)
    return fitted


def cross_validate(
    tagger: Tagger, labelled: list[Labelled], known: dict[str, set[str]], folds: int = FOLDS
) -> list[Predicted]:
    """Predictions for every record by weights fitted without its fold."""
    by_record = {id(item): rows(tagger, [item], known) for item in labelled}
    predicted = []
    for k in range(folds):
        pooled: dict[str, list[Row]] = defaultdict(list)
        for item in labelled:
            if fold_of(item.id, folds) != k:
                for name, examples in by_record[id(item)].items():
                    pooled[name] += examples
        held = tagger.with_weights(fit(pooled))
        predicted += [(item, predict(held, item)) for item in labelled if fold_of(item.id, folds) == k]
    return predicted


def predict(tagger: Tagger, item: Labelled) -> dict[str, set[str]]:
    tags = tagger.tag(item.record)
    return {
        "modality": set(tags.modalities),
        "outcome": set(tags.outcomes),
        "condition": set(tags.conditions),
        "mentioned": set(tags.modalities_mentioned),
    }


def report(predicted: list[Predicted], known: dict[str, set[str]]) -> None:
    for name in ("abstracts", "titles", "invented", "practice"):
        pairs = [(item, tags) for item, tags in predicted if item.set == name]
        for facet in ("modality", "outcome", "condition"):
            result = score(pairs, facet, known[facet])
            if result.hit:
                precision, recall, f1 = result.micro()
                figures = f"P {precision:.3f} R {recall:.3f} F1 {f1:.3f} macro {result.macro():.3f}"
                print(f"{name:10} {facet:10} {figures}")
        off = [tags for item, tags in pairs if item.labels.get("modality") == set()]
        print(f"{name:10} given a modality without one: {sum(bool(tags['modality']) for tags in off)} of {len(off)}")


def write(weights: dict[str, Weights], vocabulary: str) -> None:
    data = {
        "made_by": "python benchmarks/fit_tagging.py --write",
        "vocabulary": vocabulary,
        "facets": {
            name: {
                "start": round(w.start, 3),
                "facts": {k: round(v, 3) for k, v in sorted(w.facts.items(), key=lambda kv: -kv[1])},
            }
            for name, w in sorted(weights.items())
        },
    }
    WEIGHTS_FILE.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    folder = shared_tagging()
    known = known_labels(folder)
    vocabulary = load_vocabulary(ROOT / "queries" / "vocabulary")
    tagger = Tagger(vocabulary)
    labelled = open_to_read(folder)
    report(cross_validate(tagger, labelled, known), known)
    if "--write" in sys.argv:
        write(fit(rows(tagger, labelled, known)), vocabulary.hash)


if __name__ == "__main__":
    main()
