"""SciFact: is the evidence found, are its sentences shown, is "bears on it" right?

    python benchmarks/scifact.py [--data DIR] [--fit]

DIR holds ``corpus.jsonl.gz`` and ``claims_train.jsonl`` (allenai/scifact; default ../shared/scifact). Every abstract
becomes a report of a library in memory; every claim is checked as a draft of one sentence, by the code that checks
drafts. ``--fit`` fits the weights of the sentence ranking anew, in five folds by claim, and prints both the held-out
figure and the weights for ``evidence/claims/ranking.py``.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import random
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.build.reference_index import build_reference_index  # noqa: E402
from evidence.build.schema import ABSTRACT_WEIGHT, SEARCH_TABLE, SEARCH_VIEW, TABLES, TITLE_WEIGHT  # noqa: E402
from evidence.claims.beside import Words  # noqa: E402
from evidence.claims.check import check  # noqa: E402
from evidence.claims.ledger import EMPTY  # noqa: E402
from evidence.claims.ranking import (  # noqa: E402
    BEARS,
    PASSAGE_WEIGHTS,
    covered,
    make_query,
    passage_features,
    rank_passages,
)
from evidence.library.bearing import CheckLibrary  # noqa: E402

SHARED = ROOT.parent / "shared" / "scifact"
FOLDS = 5


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
    anywhere, share, plain = [0, 0], [0.0, 0.0], [0, 0]
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
            for i, k in enumerate((3, 10)):
                anywhere[i] += bool(gold & set(names[:k]))
                share[i] += len(gold & set(names[:k])) / len(gold)
                plain[i] += bool(gold & set(anchor[:k]))
    count = sum(1 for claim in claims if claim["evidence"])
    spent = (time.process_time() - started) / len(claims)
    print(f"claims {len(claims)}, with evidence {count}; {1000 * spent:.1f} ms a claim")
    print(f"evidence abstract in the first 3: {anywhere[0] / count:.3f}, in the first 10: {anywhere[1] / count:.3f}")
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
    said = right = positive = whole = part = total = 0
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
                total += 1
                whole += any(r <= top for r in rationales)
                part += any(r & top for r in rationales)
    print(
        f"cited abstracts: “bears on it” precision {right / said:.3f}, recall {right / positive:.3f} (threshold "
        f"{BEARS})"
    )
    print(f"a whole rationale among the three sentences shown: {whole / total:.3f} (a part of one: {part / total:.3f})")


def fit(library: CheckLibrary, claims: list[dict[str, Any]]) -> None:
    """Fit the sentence ranking in folds by claim; print the held-out share of whole rationales, then the weights."""
    stock = Words(library, library.reference_count())
    names, titles = list(PASSAGE_WEIGHTS), titles_of(library)
    groups = []
    for claim in claims:
        query = make_query(claim["claim"], stock.weight)
        for cited, gold in claim["evidence"].items():
            document = stock.document(cited, titles[cited])
            rows = [[row[name] for name in names] for row in passage_features(query, document)]
            groups.append((claim["id"], rows, [set(r["sentences"]) for r in gold]))
    folds = list({group[0] for group in groups})
    random.Random(0).shuffle(folds)
    fold = {claim: i % FOLDS for i, claim in enumerate(folds)}
    whole = 0
    for k in range(FOLDS):
        weights = _logistic([g for g in groups if fold[g[0]] != k])
        for _, rows, gold in (g for g in groups if fold[g[0]] == k):
            order = sorted(range(len(rows)), key=lambda i: (-_dot(weights, rows[i]), i))
            whole += any(r <= set(order[:3]) for r in gold)
    print(f"held out, {FOLDS} folds: a whole rationale among the first three {whole / len(groups):.3f}")
    print({name: round(weight, 2) for name, weight in zip(names, _logistic(groups), strict=False)})


def _logistic(
    groups: list[tuple[int, list[list[float]], list[set[int]]]], ridge: float = 1.0, steps: int = 8
) -> list[float]:
    """Logistic regression by Newton's method; the last weight is the intercept, which is not shrunk."""
    rows = [([*row, 1.0], float(any(i in r for r in gold))) for _, group, gold in groups for i, row in enumerate(group)]
    size = len(rows[0][0])
    weights = [0.0] * size
    for _ in range(steps):
        gradient = [-ridge * w for w in weights[:-1]] + [0.0]
        hessian = [[ridge if i == j < size - 1 else 0.0 for j in range(size)] for i in range(size)]
        for row, target in rows:
            p = 1 / (1 + math.exp(-_dot(weights, row)))
            for i, x in enumerate(row):
                gradient[i] += (target - p) * x
                scaled = p * (1 - p) * x
                for j in range(i, size):
                    hessian[i][j] += scaled * row[j]
        for i in range(size):
            for j in range(i):
                hessian[i][j] = hessian[j][i]
        weights = [w + d for w, d in zip(weights, _solve(hessian, gradient), strict=True)]
    return weights


def _dot(weights: list[float], row: list[float]) -> float:
    return sum(w * x for w, x in zip(weights, row, strict=False))


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gaussian elimination with pivoting."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(i + 1, size):
            factor = rows[r][i] / rows[i][i]
            rows[r] = [a - factor * b for a, b in zip(rows[r], rows[i], strict=True)]
    solved = [0.0] * size
    for i in reversed(range(size)):
        solved[i] = (rows[i][-1] - sum(rows[i][j] * solved[j] for j in range(i + 1, size))) / rows[i][i]
    return solved


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
