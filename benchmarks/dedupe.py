"""De-duplication against bib-dedupe 0.11 on the labelled sets, in the same run: pairs, notices merged, CPU and wall.

    python benchmarks/dedupe.py [--sets sra_stroke,pubmed_2022q2] [--blank doi] [--without-anchor]

Each tool runs in a process of its own on the same file, from which ``true_cluster_id``, ``related_id``, and for the
``pubmed_*`` sets ``pmid``, have been taken out; both are timed from start to end, imports included. Scores are
``evaluate.py``'s, pair level. The anchor needs ``pip install bib-dedupe==0.11.0``; it takes 5 ms a record.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib.util
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SETS = (
    "sra_cytology", "sra_stroke", "asysd_diabetes", "digital_work", "sweep_copper", "sweep_tafenoquine",
    "pubmed_2020q4", "pubmed_2022q2",
)  # fmt: skip
ANSWERS = ("true_cluster_id", "related_id")
OURS = "import sys; from pathlib import Path; from evidence.services.dedupe import dedupe_files; \
dedupe_files([Path(sys.argv[1])], Path(sys.argv[2]))"
ANCHOR = """
import csv, sys
import pandas as pd
from bib_dedupe import verbose_print
from bib_dedupe.bib_dedupe import block, cluster, match, prep
verbose_print.verbosity_level = 0
records = pd.read_csv(sys.argv[1], dtype=str, keep_default_na=False)
records = records.drop(columns=[name for name in records if not records[name].any()])
records = records.rename(columns={"authors": "author"}).assign(ID=records["record_id"], ENTRYTYPE="article")
found = cluster(match(block(prep(records))))
cluster_of = {record: f"g{at}" for at, records in enumerate(found) for record in records}
with open(sys.argv[2], "w", newline="") as file:
    writer = csv.writer(file)
    writer.writerow(["record_id", "cluster_id"])
    writer.writerows((name, cluster_of.get(name, "s" + name)) for name in records["ID"])
"""


def evaluator(data: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("evaluate", data / "evaluate.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def hide(rows: list[dict[str, str]], blank: set[str], path: Path) -> None:
    names = [name for name in rows[0] if name not in ANSWERS]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerows([["" if name in blank else row[name] for name in names] for row in rows])


def run(program: str, path: Path, out: Path) -> tuple[float, float]:
    """CPU and wall seconds of one process and its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ran = subprocess.run(
        [sys.executable, "-c", program, str(path), str(out)], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    if ran.returncode:
        sys.exit(ran.stderr[-2000:])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return cpu, time.perf_counter() - start


def notices_merged(rows: list[dict[str, str]], out: Path) -> int:
    """Pairs of one cluster of which exactly one is an erratum, notice, comment or reply by its title."""
    from evidence.bibliography.markers import notice_of
    from evidence.deduplicate.prepare import clean_title

    kind = {row["record_id"]: notice_of(clean_title(row["title"])) for row in rows}
    truth = {row["record_id"]: row["true_cluster_id"] for row in rows}
    clusters = defaultdict(list)
    with out.open(newline="") as file:
        for row in csv.DictReader(file):
            clusters[row["cluster_id"]].append(row["record_id"])
    pairs = (pair for members in clusters.values() for pair in combinations(members, 2))
    return sum(bool(kind[a]) != bool(kind[b]) and truth[a] != truth[b] for a, b in pairs)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", default=",".join(SETS))
    parser.add_argument("--blank", default="", help="columns to empty, e.g. doi")
    parser.add_argument("--without-anchor", action="store_true")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "dedup")
    options = parser.parse_args()
    evaluate = evaluator(options.data)
    print(
        f"{'set':18}{'tool':11}{'F1':>8}{'FP':>4}{'FN':>4}{'notices':>8}{'CPU s':>9}{'wall s':>8}{'CPU':>7}{'wall':>6}"
    )
    with tempfile.TemporaryDirectory() as folder:
        for name in options.sets.split(","):
            source, path, out = (Path(folder) / f"{name}.{part}.csv" for part in ("truth", "in", "out"))
            source.write_bytes(gzip.decompress((options.data / f"{name}.csv.gz").read_bytes()))
            with source.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            blank = {column for column in options.blank.split(",") if column}
            hide(rows, blank | ({"pmid"} if name.startswith("pubmed") else set()), path)
            spent = {}
            for tool, program in (("here", OURS), ("bib-dedupe", ANCHOR))[: 1 if options.without_anchor else 2]:
                spent[tool] = run(program, path, out)
                pair = evaluate.score(*evaluate.load(source, out))["pair"]
                line = f"{name:18}{tool:11}{pair['f1']:8.4f}{pair['FP']:4}{pair['FN']:4}{notices_merged(rows, out):8}"
                line += "".join(f"{seconds:{width}.2f}" for seconds, width in zip(spent[tool], (9, 8), strict=True))
                if len(spent) == 2:
                    line += "".join(
                        f"{a / b:{w}.0f}" for a, b, w in zip(spent[tool], spent["here"], (7, 6), strict=True)
                    )
                print(line, flush=True)


if __name__ == "__main__":
    main()
