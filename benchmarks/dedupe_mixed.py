"""Every record with two copies that drifted in three ways each: here and bib-dedupe 0.11 on the same file.

    python benchmarks/dedupe_mixed.py [--seed a] [--without-anchor]

The drifts are those of ``dedupe_drift.py``, three drawn for each copy; half of the copies keep their DOI (in one of ten
forms), half their abstract, none its PMID. Prints the pairs found of all pairs, the false pairs, and CPU seconds.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
import tempfile
from collections import defaultdict
from itertools import combinations
from pathlib import Path

from dedupe import ANCHOR, OURS, ROOT, run
from dedupe_drift import DRIFTS, Row, doi_forms, load, row_of

COLUMNS = ("record_id", "title", "abstract", "authors", "year", "journal", "volume", "number", "pages", "doi")


def drifted(row: Row, name: str, rng: random.Random) -> Row:
    for kind in rng.sample(list(DRIFTS), 3):
        try:
            row = DRIFTS[kind](row, rng)
        except ValueError:
            continue  # a year that an earlier drift took away
    row = doi_forms(row, rng) if rng.random() < 0.5 else {**row, "doi": ""}
    return {**row, "abstract": row["abstract"] if rng.random() < 0.5 else "", "record_id": f"{name}-{row['record_id']}"}


def score(path: Path) -> tuple[int, int]:
    """Right and false pairs of a file of clusters; the truth is what stands after the hyphen of an id."""
    clusters = defaultdict(list)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            clusters[row["cluster_id"]].append(row["record_id"].split("-")[1])
    pairs = [one == other for members in clusters.values() for one, other in combinations(members, 2)]
    return sum(pairs), len(pairs) - sum(pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seed", default="a")
    parser.add_argument("--without-anchor", action="store_true")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "pubmed")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    rows = [row_of(record) for record in load(options.data, 1 << 30)]
    copies = [drifted(row, name, rng) for name in ("x", "y") for row in rows]
    with tempfile.TemporaryDirectory() as folder:
        path, out = Path(folder) / "in.csv", Path(folder) / "out.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(COLUMNS)
            for row in [{**row, "record_id": f"o-{row['record_id']}"} for row in rows] + copies:
                writer.writerow([row[name] for name in COLUMNS])
        print(f"{3 * len(rows)} records, as many pairs\n{'':12}{'found':>8}{'false':>7}{'CPU s':>8}")
        for tool, program in (("here", OURS), ("bib-dedupe", ANCHOR))[: 1 if options.without_anchor else 2]:
            cpu, _ = run(program, path, out)
            right, false = score(out)
            print(f"{tool:12}{right:8}{false:7}{cpu:8.2f}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
