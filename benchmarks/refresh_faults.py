"""Refreshes at random against a server that fails and attacks, by clocks that jump: what is lost, what moved too far.

    python benchmarks/refresh_faults.py [--runs 200] [--seed 1] [--records 300]

Ten projects share the runs; every fifth run is followed by one without faults, after which the tracker must hold what
the server does, record by record. Prints counts, and each loss; ends with 1 when there is one. The seed repeats what is
drawn by chance; the order in which threads send requests is not part of it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "refresh")]

from clocks import DATES, SetClock  # noqa: E402
from eutils_server import Corpus, EutilsServer  # noqa: E402
from eutils_server.hostile import FORMS  # noqa: E402
from refresh_campaign import Campaign  # noqa: E402
from refresh_conftest import Small  # noqa: E402

from evidence.http import answer, pacing  # noqa: E402
from evidence.pubmed import eutils  # noqa: E402

PROJECTS = 10


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--records", type=int, default=300)
    options = parser.parse_args()
    eutils.PER_SECOND_WITH_KEY, pacing.WINDOW = 1000, 0.01
    answer.DEFAULT_RETRY_AFTER = 0.002
    os.environ |= {"EVIDENCE_HTTP_BACKOFF": "0.002", "EVIDENCE_HTTP_TIMEOUT": "1"}
    told: Counter[str] = Counter()
    wrong: list[str] = []
    faulty = clean = requests = acted = attacks = 0
    started = time.monotonic()
    for project in range(PROJECTS):
        share = options.runs // PROJECTS + (project < options.runs % PROJECTS)
        clock = SetClock(DATES[project % len(DATES)])
        with tempfile.TemporaryDirectory() as directory, EutilsServer(Corpus.invented(options.records)) as server:
            small = Small(Path(directory), server, clock)
            small.topic("alpha")
            report = Campaign(small, options.seed * 1000 + project, slow=True).run(share)
            requests += len(server.arrivals)
            acted += sum(bool(arrival.fault) for arrival in server.arrivals)
            attacks += sum(arrival.fault in FORMS for arrival in server.arrivals)
        told += report.told
        faulty, clean = faulty + share, clean + report.runs - share
        wrong += [f"project {project}: {line}" for line in (*report.lost, *report.misplaced)]
        told["records lost"] += len(report.lost)
        told["watermarks past a failure"] += len(report.misplaced)
    print(f"{faulty} faulty runs and {clean} without faults in {time.monotonic() - started:.0f} s")
    print(f"{requests:,} requests, {acted:,} answered with a fault, {attacks:,} of them attacks")
    for name in ("clock jumps", "interrupted", "topics failed", "records doubted"):
        print(f"{told[name]:,} {name}")
    print(f"{told['records lost']} records lost, {told['watermarks past a failure']} watermarks past a failure")
    print("\n".join(wrong[:50]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
