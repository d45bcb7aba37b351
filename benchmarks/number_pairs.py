"""Numbers of a draft beside its source's: how many are paired right?

    python benchmarks/number_pairs.py [--show]

Two invented sets in ``benchmarks/data``: 100 sentences beside 25 abstracts, on which the rules were written, and 40
beside 10 that were written afterwards and never used to change them. A number is paired right when
it is found in the draft, the finding (match, differs, absent) is the expected one, and so is the source's number.
"""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.check.numbers.alignment import line_up, source_numbers  # noqa: E402
from evidence.check.numbers.numbers import find_numbers  # noqa: E402

DATA = Path(__file__).parent / "data"
SETS = {
    "the set the rules were written on": "numbers.yml",
    "held out, looked at once": "numbers_held_out.yml",
    "held out": "numbers_second.yml",
}


def score(name: str, show: bool = False) -> tuple[int, int, int]:
    """Numbers paired right, numbers in all, sentences."""
    right = total = sentences = 0
    for group in yaml.safe_load((DATA / name).read_text(encoding="utf-8")):
        sources = source_numbers("source", [("", sentence) for sentence in group["source"]])
        for draft in group["drafts"]:
            sentences += 1
            lined = line_up(draft["text"], find_numbers(draft["text"]), sources)
            for words, finding, expected in draft["numbers"]:
                if finding == "skip":
                    continue
                total += 1
                got = next((one for one in lined if words in one.number.text or one.number.text in words), None)
                paired = got.source.number.text if got and got.source else ""
                good = got is not None and got.finding == finding and (expected in paired if expected else not paired)
                right += good
                if show and not good:
                    print(
                        f"{draft['text']}\n   {words}: expected {finding} {expected!r}, got {got and got.finding} "
                        f"{paired!r}"
                    )
    return right, total, sentences


def main() -> None:
    for what, name in SETS.items():
        right, total, sentences = score(name, "--show" in sys.argv)
        print(f"{what}: {sentences} sentences, {total} numbers, {right} paired right ({right / total:.1%})")


if __name__ == "__main__":
    main()
