"""How many printed references are resolved in a second (CPU time, one core) against 20,000 reports?

    python benchmarks/references_speed.py [--shared DIR] [--reports N]

Anchors in the same run: the index asked for all words of a reference (OR), and for its six rarest.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from pathlib import Path

import reference_data as data
from library_factory import make_database

from evidence.bibliography.normal import words
from evidence.library import Library
from evidence.references import find_references, pair_mentions, parse_reference, resolve_all
from evidence.references.lookup import lookup_terms

ASKED = 2000


def rate(name: str, count: int, work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    speed = count / (time.process_time() - started)
    print(f"{name:58s} {speed:10,.0f} a second")
    return speed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shared", type=Path, default=data.ROOT.parent / "shared")
    parser.add_argument("--reports", type=int, default=20_000)
    options = parser.parse_args()
    works, questions = data.pmc(options.shared)
    rows = [*works, *data.filler(options.shared, options.reports - len(works))]
    started = time.process_time()
    database = make_database(rows)
    print(f"{len(rows):,} reports, indexed in {time.process_time() - started:.1f} s")
    random.seed(0)
    texts = [text for _, _, text in random.sample(questions, ASKED)]
    library = Library(database)

    def candidates(terms: list[str]) -> None:
        library.reference_candidates(terms, 14)

    def rarest(text: str) -> list[str]:
        return lookup_terms(parse_reference(text), library.term_counts, library.reference_count())[:6]

    prepared = [rarest(text) for text in texts]
    all_words = rate(
        "anchor: all words of a reference (first 100)", 100, lambda: [candidates(words(t)) for t in texts[:100]]
    )
    rate("anchor: six rarest terms, already chosen", ASKED, lambda: [candidates(terms) for terms in prepared])
    parse_reference.cache_clear()
    rate("parse", ASKED, lambda: [parse_reference(text) for text in texts])
    parse_reference.cache_clear()
    fresh = Library(database)
    resolved = rate("resolve (parse, look up, compare, decide), cold", ASKED, lambda: resolve_all(texts, fresh))
    print(f"{'resolve against the anchor of all words':58s} {resolved / all_words:10.1f} times")
    draft = "\n".join([*["Coils helped (Hartmann et al., 2014) in 2016 [3]."] * 1000, "References", *texts[:50]])
    rate("find and pair in a draft (characters)", len(draft), lambda: pair_mentions(find_references(draft)))


if __name__ == "__main__":
    main()
