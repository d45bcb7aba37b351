"""Build 50,000 records: seconds, and the most memory that the build's processes take together.

    python benchmarks/build.py [--records 50000] [--pubmed DIR]

The records are the real efetch answers of ``../shared/pubmed``, repeated with new PMIDs, DOIs and titles so that
nothing merges. Targets: 50,000 records in 60 s on two cores; 200,000 within 1 GB. Memory is the proportional set size
(Linux), asked for four times a second and told by stage.
"""

from __future__ import annotations

import argparse
import gzip
import os
import re
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from evidence.derive import build
from evidence.exchange.pubmed import Received, read_article_set
from evidence.project import Project, packaged_project
from evidence.scaffold import create_project
from evidence.tracker import Tracker

SHARED = Path(__file__).resolve().parents[2] / "shared" / "pubmed"
FIRST_PMID = 50_000_000


def real_records(directory: Path) -> list[bytes]:
    found = []
    for path in sorted(directory.glob("*.xml.gz")):
        with gzip.open(path) as stream:
            found += [received.xml for received in read_article_set(stream)]
    return found


def renumbered(xml: bytes, round_: int, pmid: int) -> bytes:
    """The same record as another one: its own PMID, DOI, title and volume."""
    xml = re.sub(rb"(<PMID[^>]*>)\d+", lambda m: m.group(1) + str(pmid).encode(), xml, count=1)
    xml = re.sub(rb'(<ArticleId IdType="pubmed">)\d+', lambda m: m.group(1) + str(pmid).encode(), xml, count=1)
    xml = re.sub(rb"(10\.\d{4,9}/)", lambda m: m.group(1) + f"r{round_}.".encode(), xml)
    words = f"Cohort {pmid * 7919 % 1000003} in region {pmid * 104729 % 999983}: ".encode()
    return re.sub(rb"<ArticleTitle>", b"<ArticleTitle>" + words, xml, count=1)


def fill(tracker: Tracker, originals: list[bytes], count: int, first: int = 0) -> None:
    """Records number ``first`` to ``count``, as one refresh."""
    refresh = tracker.begin_refresh("benchmark")
    batch: list[Received] = []
    for number in range(first, count):
        round_, index = divmod(number, len(originals))
        xml = renumbered(originals[index], round_, FIRST_PMID + number)
        batch += list(read_article_set(b"<PubmedArticleSet>" + xml + b"</PubmedArticleSet>"))
        if len(batch) == 2000 or number == count - 1:
            tracker.store_batch(refresh, batch)
            batch = []
    tracker.finish_refresh(refresh, "done")


class Memory(threading.Thread):
    """Watches the proportional set size of this process and those it started; ``most``: stage → MB."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stage, self.most, self.done = "starting", dict[str, float](), threading.Event()

    def run(self) -> None:
        while not self.done.wait(0.25):
            self.most[self.stage] = max(
                self.most.get(self.stage, 0.0), sum(map(proportional_mb, processes(os.getpid())))
            )


def processes(pid: int) -> Iterator[int]:
    yield pid
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in children.read_text().split():
                yield from processes(int(child))


def proportional_mb(pid: int) -> float:
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=50_000)
    parser.add_argument("--pubmed", type=Path, default=SHARED)
    parser.add_argument("--keep", type=Path, help="leave the project here, for the site's benchmark")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        directory = options.keep or Path(scratch) / "project"
        project = create_project(directory, "neuromodulation") if not directory.exists() else Project(directory)
        project.data.mkdir(exist_ok=True)
        if not project.tracker.exists():
            with Tracker.open(project.tracker) as tracker:
                fill(tracker, real_records(options.pubmed), options.records)
        memory = Memory()
        memory.start()
        before = time.process_time()
        started = time.monotonic()
        summary = build(project, progress=lambda stage, done, total: setattr(memory, "stage", stage))
        wall = time.monotonic() - started
        memory.done.set()
        memory.join()
        print(f"{summary.records:,} records, {summary.reports:,} reports from {packaged_project().root.name}")
        cpu = time.process_time() - before
        others = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
        print(f"build {wall:.1f} s (CPU: parent {cpu:.1f} s, workers {others:.1f} s; load {os.getloadavg()[0]:.1f})")
        print(f"memory of all processes at most {max(memory.most.values()):.0f} MB")
        for stage, most in memory.most.items():
            print(f"  {stage}: {most:.0f} MB")
        print(f"evidence.db {project.evidence.stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
