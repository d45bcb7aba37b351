"""A fault at every call of a refresh, an import, an enrichment, a build and a publication; then mixes at random.

    python benchmarks/campaign.py [--sweep] [--random 300] [--seed 1] [--part 0 --parts 1] [--without kill]
                                  [--only build] [--minutes 9]

Prints runs by operation and kind of fault, how they ended, and each thing lost; ends with 1 when there is one.
docs/reliability.md has the figures. ``--parts 20 --part 3`` runs a share of the sweep; all shares are the whole.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import takewhile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "refresh")]

from campaign.sweep import OPERATIONS, Plan, Result, at_random, every_fault, share, sweep, table  # noqa: E402
from campaign.world import World  # noqa: E402


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sweep", action="store_true")
    parser.add_argument("--random", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1)
    parser.add_argument("--without", default="", help="leave out kinds with this word")
    parser.add_argument("--only", default="", help="one operation")
    parser.add_argument("--minutes", type=float, default=600, help="begin no run after so long")
    options = parser.parse_args()
    wrong, ends = 0, time.monotonic() + 60 * options.minutes
    with tempfile.TemporaryDirectory() as directory, World(Path(directory)) as world:

        def swept() -> Iterator[Plan]:
            for operation in OPERATIONS:
                if options.only in ("", operation):
                    for plan in share(every_fault(world, operation), options.part, options.parts):
                        if not options.without or options.without not in plan.kind:
                            yield plan

        if options.sweep:
            wrong += _report("sweep", world, takewhile(lambda plan: time.monotonic() < ends, swept()), by_kind=True)
        if options.random:
            mixes = at_random(world, options.random, options.seed)
            wrong += _report("random", world, takewhile(lambda plan: time.monotonic() < ends, mixes), by_kind=False)
    return 1 if wrong else 0


def _report(name: str, world: World, plans: Iterator[Plan], by_kind: bool) -> int:
    started = time.monotonic()
    result: Result = sweep(world, plans, lambda line: print(line, flush=True))
    print(f"{name}: {result.runs:,} runs in {time.monotonic() - started:.0f} s, {len(result.wrong)} findings")
    ends = ", ".join(f"{code} {count:,} times" for code, count in sorted(result.ends.items()))
    print(f"they ended with: {ends}")
    if by_kind:
        print("\n".join(table(result)))
    return len(result.wrong)


if __name__ == "__main__":
    sys.exit(main())
