"""The index of PubMed at scale: how large, how fast, and is the right record found?

    python benchmarks/pubmed_index.py [--shared DIR] [--records 500000] [--keep DIR]

All real records in hand and as many synthesised ones as make ``--records``: each has words of real titles in their
real frequencies (half of a real title's words in their order, the others exchanged), a real family name, journal, year,
volume and page. A vocabulary of some 40,000 words for millions of titles makes every word commoner than PubMed has it.
Asked are the real strings whose works are in the index (``../shared/references``, and the lists that PubMed matched
itself): *right* record named, certain or likely; *wrong* among all that were asked: certain, and another record than
the label's. CPU time.
"""

from __future__ import annotations

import argparse
import itertools
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import reference_data as data
from invented_references import index_rows

from evidence.pubmed_index import Covers, IndexRow, build_index
from evidence.pubmed_index.reader import PubMedIndex
from evidence.references import parse_reference
from evidence.references.resolve import resolve_among

SEED, FIRST_PMID = 5, 100_000_000


def synthesised(rows: list[IndexRow], count: int) -> Iterator[IndexRow]:
    """Rows that look like PubMed's and are nobody's."""
    chosen = random.Random(SEED)
    titled = [row for row in rows if len(row.title.split()) >= 5]
    words = [word for row in titled for word in row.title.rstrip(".").split()]
    names = [row.first_author for row in rows if row.first_author]
    journals = [(row.journal, row.journal_full) for row in rows if row.journal]
    for number in range(count):
        title = chosen.choice(titled).title.rstrip(".").split()
        title = [word if chosen.random() < 0.5 else chosen.choice(words) for word in title]
        journal, full = chosen.choice(journals)
        yield IndexRow(
            pmid=FIRST_PMID + number, doi=f"10.5555/synthesised.{number}", title=" ".join(title),
            first_author=chosen.choice(names), year=chosen.randrange(1960, 2026), journal=journal, journal_full=full,
            volume=str(chosen.randrange(1, 200)), first_page=str(chosen.randrange(1, 2000)),
        )  # fmt: skip


def made(rows: list[IndexRow], count: int, folder: Path) -> None:
    started = time.process_time()
    for _ in synthesised(rows, 20_000):
        pass
    synthesis = (time.process_time() - started) / 20_000
    started = time.process_time()
    more = max(0, count - len(rows))
    manifest = build_index(itertools.chain(rows, synthesised(rows, more)), folder, Covers(1800, 2026, "a benchmark"))
    spent = time.process_time() - started - synthesis * more
    size = sum(manifest.files.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{manifest.records:,} records: {size / 1e6:,.0f} MB, {size / manifest.records:.0f} bytes a record")
    print(
        f"made in {spent:,.0f} s of CPU ({manifest.records / spent:,.0f} a second), {memory:,.0f} MB of memory at most"
    )
    for name, bytes_ in sorted(manifest.files.items(), key=lambda item: -item[1]):
        print(f"    {name:14s} {bytes_ / manifest.records:6.1f} bytes a record")


def asked(index: PubMedIndex, questions: list[data.Question], pmids: dict[str, str], name: str) -> None:
    right = certain = wrong = 0
    times = []
    for work, _, text in questions:
        started = time.process_time()
        parsed = parse_reference(text)
        answer = resolve_among(parsed, index.candidates(parsed, 14))
        times.append(time.process_time() - started)
        right += answer.pmid == pmids[work]
        certain += answer.level == "certain"
        wrong += answer.level == "certain" and answer.pmid != pmids[work]
    total = len(questions)
    times.sort()
    print(
        f"{name:44s} {total:6,d} {right / total:7.2%} {certain / total:8.1%} {wrong / total:7.2%}"
        f" {1000 * sum(times) / total:6.1f} {1000 * times[int(0.99 * total)]:6.1f} {1000 * times[-1]:6.1f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=data.ROOT.parent / "shared")
    parser.add_argument("--records", type=int, default=500_000)
    parser.add_argument("--keep", type=Path, help="make the index here, or ask the one that stands here")
    options = parser.parse_args()
    rows, _, pmids, questions, labels = index_rows(options.shared)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.keep or Path(temporary)
        if not (folder / "index.json").is_file():
            made(rows, options.records, folder)
        index = PubMedIndex.open(folder)
        print(
            f"\n{'':44s} {'asked':>6s} {'right':>7s} {'certain':>8s} {'wrong':>7s} {'ms':>6s} {'99%':>6s} {'most':>6s}"
        )
        for part, meaning in ((0, "developed on"), (1, "held out")):
            for name in ("pmc_refs_dev", "pubmed"):
                chosen = [q for q in questions if q[1] == name and data.half(q[0]) == part]
                asked(index, chosen, pmids, f"{meaning}: {name}")
                well = [q for q in chosen if q[0] in set(labels)]
                asked(index, well, pmids, "    titles of three words and more")


if __name__ == "__main__":
    main()
