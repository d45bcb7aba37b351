"""How long does checking a draft take against a large library?

    python benchmarks/check_speed.py [--reports 50000]

Makes an invented library (reports with abstracts, tags, authors) and an invented 1,500-word article with a list of 20
references, all of them in the library; prints the time of a first check and of one after it, and the parts of it.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sqlite3
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.derive.reference_index import build_reference_index  # noqa: E402
from evidence.derive.schema import INDEXES, SEARCH_TABLE, SEARCH_VIEW, TABLES  # noqa: E402
from evidence.library.desk import Desk  # noqa: E402
from evidence.project import Project  # noqa: E402

WORDS = 12_000
MODALITIES = ("scs", "tens", "pns", "drg", "itdd", "pens", "dbs", "vns")
OUTCOMES = ("pain_relief", "pain_intensity", "qol", "sleep", "ae", "opioid_use", "function")
NAMES = {
    "scs": "spinal cord stimulation",
    "tens": "TENS",
    "pns": "peripheral nerve stimulation",
    "drg": "DRG stimulation",
}
TALK = ("pain relief", "quality of life", "sleep", "opioid use", "side effects", "daily function", "pain intensity")


class Invention:
    """Words with the long tail of real text, and reports and an article made of them."""

    def __init__(self, seed: int = 1):
        self.random = random.Random(seed)
        letters = "bcdfglmnprstv"
        self.words = [
            "".join(self.random.choice(letters) + self.random.choice("aeiou") for _ in range(self.random.randint(2, 4)))
            for _ in range(WORDS)
        ]
        self.weights = list(itertools.accumulate(1 / (rank + 5) for rank in range(WORDS)))

    def text(self, words: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=words))

    def sentence(self) -> str:
        modality = NAMES[self.random.choice(list(NAMES))]
        talk, number = self.random.choice(TALK), self.random.randint(5, 95)
        found = f"{modality} improved {talk} in {number}% of {number * 3} patients"
        return f"{self.text(4).capitalize()} {found} {self.text(6)}."


def fill(db: sqlite3.Connection, count: int, made: Invention) -> list[str]:
    """Make the library; returns the printed references of twenty of its reports."""
    for name, columns in TABLES.items():
        db.execute(f'CREATE TABLE "{name}" ({columns})')
    printed: list[str] = []
    for i in range(count):
        pmid, year = str(10_000_000 + i), 1990 + i % 35
        title = f"{made.text(5)} {made.random.choice(list(NAMES.values()))} {made.text(4)}".capitalize()
        family, journal = made.text(1).capitalize(), "Neuromodulation" if i % 3 else "Pain"
        volume, page = str(i % 60 + 1), 1 + (i * 7) % 900
        db.execute(
            "INSERT INTO reports(id, pmid, kind, title, first_author, journal, year, publication_date, volume, "
            "pages, design,"
            " evidence_level, sample_size, scope, status, first_seen, abstract_state)"
            " VALUES (?, ?, 'article', ?, ?, ?, ?, ?, ?, ?, 'rct', ?, ?, 'core', 'no_notice', '2026-01-01', 'shown')",
            (
                pmid,
                pmid,
                title,
                f"{family} A",
                journal,
                year,
                str(year),
                volume,
                f"{page}-{page + 9}",
                i % 5 + 1,
                i % 300,
            ),
        )
        db.execute(
            "INSERT INTO authors(report, position, name, family) VALUES (?, 0, ?, ?)", (pmid, f"{family} A", family)
        )
        db.execute("INSERT INTO report_ids VALUES (?, ?)", (pmid, pmid))
        db.executemany(
            "INSERT INTO abstracts(report, position, section, category, text) VALUES (?, ?, ?, ?, ?)",
            [(pmid, n, s, s.upper(), f"{made.sentence()} {made.text(30)}. {made.sentence()}") for n, s in enumerate(
                ("background", "methods", "results", "conclusions"))],
        )  # fmt: skip
        modality, outcome = MODALITIES[i % len(MODALITIES)], OUTCOMES[i % len(OUTCOMES)]
        db.execute("INSERT INTO report_modalities(report, modality, source) VALUES (?, ?, 'rule')", (pmid, modality))
        db.execute("INSERT INTO report_outcomes(report, outcome, source) VALUES (?, ?, 'rule')", (pmid, outcome))
        if i % (count // 20) == 0 and len(printed) < 20:
            printed.append(f"{family} A, et al. {title}. {journal}. {year};{volume}:{page}-{page + 9}.")
    for table, columns in INDEXES:
        db.execute(f"CREATE INDEX ix_{table}_{columns.replace(', ', '_')} ON {table}({columns})")
    for statement in (SEARCH_VIEW, SEARCH_TABLE, "INSERT INTO reports_fts(reports_fts) VALUES ('rebuild')"):
        db.execute(statement)
    build_reference_index(db)
    db.commit()
    return printed


def article(made: Invention, printed: list[str], words: int = 1500) -> str:
    sentences: list[str] = []
    while sum(len(s.split()) for s in sentences) < words:
        cited = f" [{len(sentences) % 20 + 1}]" if len(sentences) % 3 == 0 else ""
        sentences.append(made.sentence()[:-1] + cited + ".")
    body = "\n\n".join(" ".join(sentences[i : i + 5]) for i in range(0, len(sentences), 5))
    return f"{body}\n\nReferences\n\n" + "\n".join(f"{n}. {reference}" for n, reference in enumerate(printed, 1))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=50_000)
    count = parser.parse_args().reports
    made = Invention()
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "evidence.db"
        db = sqlite3.connect(path)
        printed = fill(db, count, made)
        db.close()
        draft = article(made, printed)
        started = time.perf_counter()
        desk = Desk.open(path, Project(ROOT))
        opened = time.perf_counter() - started
        print(f"library of {count:,} reports; opening it, the vocabulary and the ledger: {opened:.2f} s")
        for which in ("first", "second"):
            wall, cpu = time.perf_counter(), time.process_time()
            result = desk.check_text(draft)
            wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
            claims = sum(s["claim"] for s in result["sentences"])
            certain = sum(r["level"] == "certain" for r in result["references"])
            print(
                f"{which} check: {wall:.2f} s ({cpu:.2f} s of processor) for {len(draft.split()):,} words, {claims} "
                f"claims, "
                f"{len(result['references'])} references ({certain} certain)"
            )
        desk.close()


if __name__ == "__main__":
    main()
