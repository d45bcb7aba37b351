"""SciFact: is the evidence found, are its sentences shown, is "bears on it" right?

    python benchmarks/scifact.py [--data DIR] [--fit]

DIR holds ``corpus.jsonl.gz`` and ``claims_train.jsonl`` (allenai/scifact; default ../shared/scifact). Every abstract
becomes a report of a library in memory; every claim is checked as a draft of one sentence, by the code that checks
drafts. ``--fit`` fits the weights of the sentence ranking anew, in five folds by claim, and prints both the held-out
figure and the weights for ``evidence/check/retrieval/ranking.py``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import sqlite3
import statistics
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.check.check import check  # noqa: E402
from evidence.check.evidence import Words  # noqa: E402
from evidence.check.retrieval.ranking import (  # noqa: E402
    BEARS,
    PASSAGE_WEIGHTS,
    covered,
    make_query,
    passage_features,
    rank_passages,
)
from evidence.derive.reference_index import build_reference_index  # noqa: E402
from evidence.derive.schema import ABSTRACT_WEIGHT, SEARCH_TABLE, SEARCH_VIEW, TABLES, TITLE_WEIGHT  # noqa: E402
from evidence.ledger.ledger import EMPTY  # noqa: E402
from evidence.library.bearing import CheckLibrary  # noqa: E402

SHARED = ROOT.parent / "shared" / "scifact"
FOLDS, ROUNDS = 5, 4


def read(data: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    with gzip.open(data / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        corpus = [json.loads(line) for line in lines]
    with (data / "claims_train.jsonl").open(encoding="utf-8") as lines:
        return corpus, [json.loads(line) for line in lines]


def make_library(corpus: list[dict[str, Any]]) -> CheckLibrary:
    """An ``evidence.db`` in memory with one report an abstract, each of its sentences a row."""
    db = sqlite3.connect(":memory:")
    for name, columns in TABLES.items():
        db.execute(f'CREATE TABLE "{name}" ({columns})')
    db.executemany(
        "INSERT INTO reports(id, kind, title, scope, status, first_seen, abstract_state)"
        " VALUES (?, 'article', ?, 'core', 'unchecked', '2026-01-01T00:00:00Z', 'shown')",
        [(str(row["doc_id"]), row["title"]) for row in corpus],
    )
    db.executemany(
        "INSERT INTO abstracts(report, position, text) VALUES (?, ?, ?)",
        [(str(row["doc_id"]), i, text) for row in corpus for i, text in enumerate(row["abstract"])],
    )
    db.execute(SEARCH_VIEW)
    db.execute(SEARCH_TABLE)
    db.execute("INSERT INTO reports_fts(reports_fts) VALUES ('rebuild')")
    build_reference_index(db)
    return CheckLibrary(db)


def retrieval(library: CheckLibrary, claims: list[dict[str, Any]]) -> None:
    """Claims with evidence: is it among the first 3 and 10? And of what is said to bear, how much is evidence?"""
    started = time.process_time()
    share, plain, groups, subject = [0.0, 0.0], [0, 0], [], subjects(claims)
    first: dict[int, list[bool]] = {3: [], 10: []}
    said = right = cited_said = cited_right = evidence = 0
    for claim in claims:
        gold = set(claim["evidence"])
        row = check(claim["claim"], library, None, EMPTY)["sentences"]
        hits = row[0]["related"] if row else []
        bearing = {hit["report"] for hit in hits if hit["bears"]}
        said, right, evidence = said + len(bearing), right + len(bearing & gold), evidence + len(gold)
        labelled = bearing & {str(d) for d in claim["cited_doc_ids"]}
        cited_said, cited_right = cited_said + len(labelled), cited_right + len(labelled & gold)
        if gold:
            names = [hit["report"] for hit in hits]
            anchor = bm25(library, claim["claim"])
            groups.append(subject[claim["id"]])
            for i, k in enumerate(first):
                first[k].append(bool(gold & set(names[:k])))
                share[i] += len(gold & set(names[:k])) / len(gold)
                plain[i] += bool(gold & set(anchor[:k]))
    count = sum(1 for claim in claims if claim["evidence"])
    spent = (time.process_time() - started) / len(claims)
    print(f"claims {len(claims)}, with evidence {count}; {1000 * spent:.1f} ms a claim")
    for k, right_ones in first.items():
        print(f"evidence abstract in the first {k}: {thirds(right_ones, groups)}")
    print(f"  (share of all evidence abstracts: {share[0] / count:.3f}, {share[1] / count:.3f};")
    print(f"   anchor, bm25 over all words, same index: {plain[0] / count:.3f}, {plain[1] / count:.3f})")
    print(
        f"found by search and said to bear: {said} reports; evidence by the labels {right / max(1, said):.3f} "
        f"(labels are"
    )
    print(
        f"  not exhaustive); among those the claim cites: precision {cited_right / max(1, cited_said):.3f}, recall "
        f"{cited_right / evidence:.3f}"
    )


def titles_of(library: CheckLibrary) -> dict[str, str]:
    return dict(library.connection.execute("SELECT id, title FROM reports").fetchall())


def bm25(library: CheckLibrary, text: str) -> list[str]:
    """The anchor: every word, OR, the index's own bm25."""
    words = "".join(c if c.isalnum() else " " for c in text).split()
    rows = library.connection.execute(
        "SELECT reports.id FROM reports_fts JOIN reports ON reports.rowid = reports_fts.rowid WHERE reports_fts MATCH ?"
        " ORDER BY bm25(reports_fts, ?, ?) LIMIT 10",
        (" OR ".join(f'"{word}"' for word in words), TITLE_WEIGHT, ABSTRACT_WEIGHT),
    )
    return [row[0] for row in rows]


def pairs(library: CheckLibrary, claims: list[dict[str, Any]]) -> None:
    """Claim and cited abstract: does it bear (has evidence), and is a whole rationale among the three sentences "
    "shown?"""
    stock = Words(library, library.reference_count())
    titles = titles_of(library)
    said = right = positive = part = 0
    whole: list[bool] = []
    groups, subject = [], subjects(claims)
    for claim in claims:
        query = make_query(claim["claim"], stock.weight)
        for cited in map(str, claim["cited_doc_ids"]):
            document = stock.document(cited, titles[cited])
            gold = claim["evidence"].get(cited)
            bears = covered(query, document) >= BEARS
            said, right, positive = said + bears, right + (bears and gold is not None), positive + (gold is not None)
            if gold:
                top = {ranked.position for ranked in rank_passages(query, document)[:3]}
                rationales = [set(r["sentences"]) for r in gold]
                groups.append(subject[claim["id"]])
                whole.append(any(r <= top for r in rationales))
                part += any(r & top for r in rationales)
    print(
        f"cited abstracts: “bears on it” precision {right / said:.3f}, recall {right / positive:.3f} (threshold "
        f"{BEARS})"
    )
    print(f"a whole rationale among the three sentences shown: {thirds(whole, groups)}")
    print(f"  (a part of one: {part / len(whole):.3f})")


def subjects(claims: list[dict[str, Any]]) -> dict[int, int]:
    """claim → a number that it shares with every claim that cites an abstract of its own, or of theirs."""
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while (above := parent.setdefault(name, name)) != name:
            name = above
        return name

    for claim in claims:
        for cited in claim["cited_doc_ids"]:
            parent[root(f"abstract {cited}")] = root(f"claim {claim['id']}")
    numbers: dict[str, int] = {}
    return {c["id"]: numbers.setdefault(root(f"claim {c['id']}"), len(numbers)) for c in claims}


def parts_of(groups: list[int], parts: int, seed: int) -> list[int]:
    """The part, at random, that each item falls in; items of one subject fall in the same."""
    order = sorted(set(groups))
    random.Random(seed).shuffle(order)
    part = {group: i % parts for i, group in enumerate(order)}
    return [part[group] for group in groups]


def thirds(right: list[bool], groups: list[int]) -> str:
    """How far the figure falls on a third of the claims: spread, and the worst of 300 random thirds."""
    figures = []
    for seed in range(100):
        part = parts_of(groups, 3, seed)
        figures += [statistics.mean(r for r, p in zip(right, part, strict=True) if p == k) for k in range(3)]
    return f"{statistics.mean(right):.3f} (thirds ±{statistics.stdev(figures):.3f}, worst {min(figures):.3f})"


def fit(library: CheckLibrary, claims: list[dict[str, Any]]) -> None:
    """Fit the sentence ranking in folds by abstract; print the held-out share of whole rationales, then the weights."""
    from sklearn.linear_model import LogisticRegression

    stock = Words(library, library.reference_count())
    names, titles, subject = list(PASSAGE_WEIGHTS), titles_of(library), subjects(claims)
    rows, wanted, groups = [], [], []
    for claim in claims:
        query = make_query(claim["claim"], stock.weight)
        for cited, gold in claim["evidence"].items():
            document = stock.document(cited, titles[cited])
            rows.append([[row[name] for name in names] for row in passage_features(query, document)])
            wanted.append([set(rationale["sentences"]) for rationale in gold])
            groups.append(subject[claim["id"]])

    def fitted(chosen: list[int]) -> LogisticRegression:
        marks = [any(s in r for r in wanted[i]) for i in chosen for s in range(len(rows[i]))]
        return LogisticRegression(max_iter=1000).fit([row for i in chosen for row in rows[i]], marks)

    figures = []
    for seed in range(ROUNDS):
        part = parts_of(groups, FOLDS, seed)
        for k in range(FOLDS):
            model = fitted([i for i, p in enumerate(part) if p != k])
            held_out = [i for i, p in enumerate(part) if p == k]
            best = {i: set((-model.decision_function(rows[i])).argsort(kind="stable")[:3].tolist()) for i in held_out}
            figures.append(statistics.mean(any(r <= best[i] for r in wanted[i]) for i in held_out))
    print(
        f"held out, {FOLDS} folds by abstract, {ROUNDS} times: a whole rationale among the first three "
        f"{statistics.mean(figures):.3f} (folds ±{statistics.stdev(figures):.3f}, worst {min(figures):.3f})"
    )
    weights = fitted(list(range(len(rows)))).coef_[0]
    print({name: round(float(weight), 2) for name, weight in zip(names, weights, strict=True)})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--data", type=Path, default=SHARED)
    parser.add_argument("--fit", action="store_true", help="fit the weights of the sentence ranking anew")
    options = parser.parse_args()
    if not (options.data / "corpus.jsonl.gz").is_file():
        sys.exit(
            f"{options.data}: no corpus.jsonl.gz; get SciFact from allenai/scifact and name its directory with --data"
        )
    corpus, claims = read(options.data)
    library = make_library(corpus)
    retrieval(library, claims)
    pairs(library, claims)
    if options.fit:
        fit(library, claims)


if __name__ == "__main__":
    main()
