"""CPU, wall and memory of ``evidence dedupe`` from 5,000 to 200,000 records, and the exponent of growth.

    python benchmarks/dedupe_scaling.py [--sizes 5000,33000,200000] [--data ../shared/dedup] [--no-abstracts]

The records are the labelled PubMed sets, and beyond 41,492 their copies under other names: in each copy every word
that is not common, every author and every DOI is another's, so that titles keep their lengths, common words and years
while the duplicates stay within their copy. Every record gets an abstract of 1,500 characters.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SETS = ("pubmed_2020q4", "pubmed_2022q2")
COMMON = 150  # a word of more titles than this stays the same in every copy
FIELDS = "record_id title abstract authors year journal volume number pages doi pmid source".split()
PROGRAM = "import sys; from pathlib import Path; from evidence.services.dedupe import dedupe_files; \
print(dedupe_files([Path(sys.argv[1])], Path(sys.argv[2])).text())"


def read(data: Path) -> list[dict[str, str]]:
    rows = []
    for name in SETS:
        with gzip.open(data / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
            rows += [{field: row.get(field, "") for field in FIELDS} for row in csv.DictReader(file)]
    return rows


def records(rows: list[dict[str, str]], size: int, abstract: str) -> Iterator[dict[str, str]]:
    """``size`` records: the rows, then their copies."""
    frequency = Counter(word for row in rows for word in row["title"].split())
    for number in range(size):
        copy, at = divmod(number, len(rows))
        row = dict(rows[at], record_id=str(number), pmid="", abstract=f"{number} {abstract}" if abstract else "")
        if copy:
            mark = "abcdefghij"[copy]
            words = row["title"].split()
            row["title"] = " ".join(w if frequency[w] > COMMON else f"{w[:-1]}{mark}{w[-1:]}" for w in words)
            row["authors"] = " and ".join(f"{a[:2]}{mark}{a[2:]}" for a in row["authors"].split(" and ") if a)
            row["doi"] = row["doi"] and f"{row['doi']}{mark}"
        yield row


def measure(path: Path, out: Path) -> tuple[float, float, float, str]:
    """CPU seconds, wall seconds and peak megabytes of one run in a process of its own."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    run = subprocess.run(
        ["/usr/bin/time", "-f", "%M", sys.executable, "-c", PROGRAM, str(path), str(out)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, wall, int(run.stderr.split()[-1]) / 1024, run.stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="5000,10000,33000,100000,200000")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "dedup")
    parser.add_argument("--no-abstracts", action="store_true")
    options = parser.parse_args()
    rows = read(options.data)
    abstract = (
        ""
        if options.no_abstracts
        else ("Pain was measured before and after the treatment in every group. " * 24)[:1500]
    )
    points = []
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, options.sizes.split(",")):
            path = Path(folder) / "records.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, FIELDS)
                writer.writeheader()
                writer.writerows(records(rows, size, abstract))
            cpu, wall, megabytes, text = measure(path, Path(folder) / "clusters.csv")
            points.append((size, cpu))
            print(
                f"{size:>8,} records  CPU {cpu:6.2f} s  wall {wall:6.2f} s  {megabytes:5.0f} MB  "
                f"{cpu / size * 1e6:5.0f} us each"
            )
            print(f"          {text.split(':')[0]}", flush=True)
    (small, first), (large, last) = points[0], points[-1]
    if large > small:
        print(f"growth from {small:,} to {large:,}: n^{math.log(last / first) / math.log(large / small):.2f}")


if __name__ == "__main__":
    main()
