"""Which sentences of a draft are said to need a source, on invented ones of which none or all do.

    python benchmarks/needs_source.py [--misses]        (2 s)

``benchmarks/data/needs_source.yml`` says beside each batch what its first run gave, before any
rule was written beside it.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.check.draft.sentences import makes_claim, needs_source  # noqa: E402
from evidence.check.numbers.numbers import find_numbers  # noqa: E402

DATA = ROOT / "benchmarks" / "data" / "needs_source.yml"


def told(sentence: str) -> bool:
    """Whether `no-reference` would be said of a sentence that cites nothing."""
    return makes_claim(sentence) and needs_source(sentence, bool(find_numbers(sentence)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--misses", action="store_true", help="print the sentences that are judged wrongly")
    options = parser.parse_args()
    for batch, parts in yaml.safe_load(DATA.read_text(encoding="utf-8")).items():
        for kind, due in (("innocent", False), ("claims", True)):
            wrong = [sentence for sentence in parts[kind] if told(sentence) != due]
            first = parts["first_run"][kind]
            print(f"{batch}: {kind} judged wrongly {len(wrong)} of {len(parts[kind])} (first run {first})")
            if options.misses:
                print("".join(f"    {sentence}\n" for sentence in wrong), end="")


if __name__ == "__main__":
    main()
