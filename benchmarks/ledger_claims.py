"""Whether a check shows the claims of the ledger that a sentence repeats, and no others.

    python benchmarks/ledger_claims.py [--misses]
    python benchmarks/ledger_claims.py --fit        fits the weights again (needs the extra [bench]); 20 seconds

Measured on the five health articles that the claims come from (where a developer has them beside the checkout), and on
a paraphrase of every claim, on forty hard sentences of the same subjects that repeat none, and on 900 sentences of
abstracts, each in two halves by hash: one to work on, one to look at last.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from check_desk import make_desk  # noqa: E402

from evidence.check.draft.sentences import draft_sentences  # noqa: E402
from evidence.check.draft.tags import DraftTagger, tag_sentences  # noqa: E402
from evidence.check.numbers.numbers import find_numbers  # noqa: E402
from evidence.check.retrieval.ledger_claims import ALIKE, WEIGHTS, ClaimIndex  # noqa: E402

DATA = Path(__file__).parent / "data" / "ledger_claims.yml"
ARTICLES = ROOT.parent / "shared" / "articles"
RECORDS = ROOT.parent / "shared" / "tagging" / "records.jsonl.gz"


@dataclass
class Score:
    """Claims that should be shown and are; other sentences, and those of them that were given a claim."""

    wanted: int = 0
    shown: int = 0
    others: int = 0
    wrong: int = 0
    besides: int = 0
    misses: list[str] = field(default_factory=list)

    def line(self, name: str) -> str:
        share = 100 * self.wrong / self.others if self.others else 0.0
        return (
            f"{name:28} shown {self.shown:2} of {self.wanted:2}; a claim that is not theirs: "
            f"{self.wrong} of {self.others} other sentences ({share:.1f}%), {self.besides} of those that repeat one"
        )


def shown(row: Mapping[str, Any]) -> set[str]:
    """The claims that a reader sees with a sentence."""
    return {claim["id"] for claim in row["claims"] if claim["alike"]}


def of_article(result: Mapping[str, Any], places: Mapping[str, list[int]], as_well: Mapping[int, list[str]]) -> Score:
    """One article: every claim once, wherever it is shown; a wrong claim once a sentence."""
    score = Score(wanted=len(places))
    found: set[str] = set()
    for row in result["sentences"]:
        inside = {claim for claim, starts in places.items() if any(row["start"] <= s < row["end"] for s in starts)}
        may = {claim for start, claims in as_well.items() if row["start"] <= start < row["end"] for claim in claims}
        found |= shown(row) & inside
        if row["kind"] not in ("prose", "item"):
            continue
        score.others += not inside
        if not_theirs := shown(row) - inside - may:
            score.wrong += not inside
            score.besides += bool(inside)
            score.misses.append(f"wrong {', '.join(sorted(not_theirs))}: at {row['start']}")
    score.shown = len(found)
    score.misses += [f"missed {claim}" for claim in places if claim not in found]
    return score


def of_sentences(desk: Any, paraphrases: Mapping[str, str], others: Iterable[str]) -> Score:
    """Each sentence as a draft of its own."""
    score = Score(wanted=len(paraphrases))
    for claim, text in paraphrases.items():
        if claim in shown(desk.check_text(text)["sentences"][0]):
            score.shown += 1
        else:
            score.misses.append(f"missed {claim}: {text}")
    for text in others:
        score.others += 1
        if found := shown(desk.check_text(text)["sentences"][0]):
            score.wrong += 1
            score.misses.append(f"wrong {', '.join(sorted(found))}: {text}")
    return score


def first_half(name: str) -> bool:
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def abstract_sentences(desk: Any) -> list[tuple[str, Any, Any]]:
    """900 claim sentences of abstracts on the subject, chosen by hash: none was written to repeat a claim."""
    tagger, found = DraftTagger(desk.tagger), []
    with gzip.open(RECORDS, "rt", encoding="utf-8") as lines:
        records = sorted((json.loads(line) for line in lines), key=lambda r: hashlib.sha256(r["id"].encode()).digest())
    for record in records[:220]:
        sentences = draft_sentences(record.get("abstract") or "")
        tags = tag_sentences(sentences, tagger)
        found += [(s.text, t, find_numbers(s.text)) for s, t in list(zip(sentences, tags, strict=True))[:8] if s.claim]
    return sorted(found, key=lambda one: hashlib.sha256(one[0].encode()).digest())[:900]


def of_abstracts(desk: Any, half: bool) -> Score:
    index, score = ClaimIndex(desk.ledger, DraftTagger(desk.tagger)), Score()
    for text, tags, numbers in abstract_sentences(desk):
        if first_half(text) is half:
            score.others += 1
            score.wrong += any(near.alike for near in index.nearest(text, tags, numbers))
    return score


def fit(desk: Any, data: Mapping[str, Any]) -> None:
    """Logistic weights from the articles and the worked-on halves; what they give when an article is left out."""
    import numpy
    from sklearn.linear_model import LogisticRegression

    rows = [*_of_articles(desk, data), *_worked_on(desk, data)]
    names = list(WEIGHTS)
    groups = numpy.array([group for group, _, _, _ in rows])
    x = numpy.array([[features[name] for name in names] for _, _, features, _ in rows])
    y = numpy.array([is_its for _, _, _, is_its in rows])

    def model(chosen: Any) -> Any:
        return LogisticRegression(C=30, max_iter=4000).fit(x[chosen], y[chosen])

    whole = model(groups != "")
    print({name: round(float(weight), 2) for name, weight in zip(names, whole.coef_[0], strict=True)})
    print("constant", round(float(whole.intercept_[0]), 2))
    left_out: set[tuple[str, str]] = set()
    for article in sorted(data["articles"]):
        here = numpy.flatnonzero(groups == article)
        likely = model(groups != article).predict_proba(x[here])[:, 1]
        left_out |= {(article, rows[i][1]) for i, p in zip(here, likely, strict=True) if p >= ALIKE and y[i]}
    print(f"each article by weights fitted without it: {len(left_out)} of 81 claims shown")


def _of_articles(desk: Any, data: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, float], bool]]:
    """(article, claim, features, whether the sentence repeats it) for every pair."""
    index = ClaimIndex(desk.ledger, DraftTagger(desk.tagger))
    for path in sorted(ARTICLES.glob("0*.txt")):
        name = path.name[:3]
        sentences = draft_sentences(desk.check_file(path.read_bytes(), path.name)["text"])
        tags = tag_sentences(sentences, DraftTagger(desk.tagger))
        for sentence, tag in zip(sentences, tags, strict=True):
            inside = range(sentence.start, sentence.end)
            its = {claim for claim, starts in data["articles"][name].items() if any(s in inside for s in starts)}
            may = {c for start, claims in data["as_well"].get(name, {}).items() if start in inside for c in claims}
            if sentence.claim:
                yield from _pairs(index, name, sentence.text, tag, its, may)


def _worked_on(desk: Any, data: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, float], bool]]:
    texts = {text: {claim} for claim, text in data["paraphrases"].items() if first_half(claim)}
    texts |= {text: set() for text in data["others"] if first_half(text)}
    tagger = DraftTagger(desk.tagger)
    index = ClaimIndex(desk.ledger, tagger)
    for text, its in texts.items():
        yield from _pairs(index, "paraphrases", text, tagger.tag(text), its, set())
    for text, tags, _ in abstract_sentences(desk):
        if first_half(text):
            yield from _pairs(index, "abstracts", text, tags, set(), set())


def _pairs(
    index: ClaimIndex, group: str, text: str, tags: Any, its: set[str], may: set[str]
) -> Iterator[tuple[str, str, dict[str, float], bool]]:
    for claim, features in index.features(text, tags, find_numbers(text)):
        if claim.id not in may:
            yield group, claim.id, features, claim.id in its


def main(options: set[str]) -> None:
    data = yaml.safe_load(DATA.read_text(encoding="utf-8"))
    desk = make_desk()
    if "--fit" in options:
        fit(desk, data)
        return
    scores = {}
    total = Score()
    for path in sorted(ARTICLES.glob("0*.txt")):
        name = path.name[:3]
        result = desk.check_file(path.read_bytes(), path.name)
        score = of_article(result, data["articles"][name], data["as_well"].get(name, {}))
        for key in ("wanted", "shown", "others", "wrong", "besides"):
            setattr(total, key, getattr(total, key) + getattr(score, key))
        total.misses += [f"{name} {line}" for line in score.misses]
    if total.wanted:
        scores["the five articles' own text"] = total
    for half, name in ((True, "worked on"), (False, "held back")):
        chosen = {claim: text for claim, text in data["paraphrases"].items() if first_half(claim) is half}
        others = [text for text in data["others"] if first_half(text) is half]
        scores[f"paraphrases, {name}"] = of_sentences(desk, chosen, others)
        if RECORDS.exists():
            scores[f"abstracts, {name}"] = of_abstracts(desk, half)
    for name, score in scores.items():
        print(score.line(name))
        if "--misses" in options and "held back" not in name:
            print("\n".join(f"    {line}" for line in score.misses))


if __name__ == "__main__":
    main(set(sys.argv[1:]))
