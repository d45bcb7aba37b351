"""Parsing PubMed XML: CPU against an expat pass without handlers, and peak memory.

    python benchmarks/parse.py [DIRECTORY with efetch answers *.xml.gz] [--records 10000]

The answers are repeated until there are enough records. ``without references`` leaves ReferenceList unread over the
same bytes; ``no ReferenceList in the bytes`` measures both sides on bytes from which it was cut.
"""

from __future__ import annotations

import argparse
import gzip
import io
import itertools
import re
import resource
import subprocess
import sys
import time
import xml.parsers.expat
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.exchange.pubmed import read_article_set  # noqa: E402
from evidence.exchange.pubmed.stream import cut_answer  # noqa: E402

START, END = b'<?xml version="1.0" ?>\n<PubmedArticleSet>', b"</PubmedArticleSet>"
ROUNDS = 5


def iter_records(directory: Path) -> Iterator[bytes]:
    """The elements of every efetch answer in a directory, as bytes."""
    for path in sorted(directory.glob("*.xml.gz")):
        with gzip.open(path) as stream:
            yield from (xml for _, xml in cut_answer(stream))


def real_records(directory: Path) -> list[bytes]:
    found = list(iter_records(directory))
    if not found:
        sys.exit(f"no *.xml.gz in {directory}: name a directory with efetch answers")
    return found


def answer(records: list[bytes], count: int) -> bytes:
    return START + b"".join(records[n % len(records)] for n in range(count)) + END


class Repeated(io.RawIOBase):
    """An answer of any number of records that never exists as a whole."""

    def __init__(self, records: list[bytes], count: int):
        self.pieces = self._pieces(records, count)

    def _pieces(self, records: list[bytes], count: int) -> Iterator[bytes]:
        yield START
        for number in range(count):
            yield records[number % len(records)]
        yield END

    def read(self, size: int = -1) -> bytes:
        return next(self.pieces, b"")


def cpu(work: Callable[[], object]) -> float:
    """The least CPU seconds of a few rounds: what the work costs when nothing disturbs it."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def expat_pass(data: bytes) -> None:
    xml.parsers.expat.ParserCreate().Parse(data, True)


def parse_all(data: bytes, references: bool) -> None:
    for _ in read_article_set(data, references):
        pass


def measure(records: list[bytes], count: int) -> None:
    data = answer(records, count)
    bare = answer([re.sub(rb"<ReferenceList>.*</ReferenceList>", b"", xml, flags=re.S) for xml in records], count)
    expat, expat_bare = cpu(lambda: expat_pass(data)), cpu(lambda: expat_pass(bare))
    rows = [
        ("expat, no handlers", expat, expat, len(data)),
        ("all fields but ReferenceList", cpu(lambda: parse_all(data, False)), expat, len(data)),
        ("all fields and ReferenceList", cpu(lambda: parse_all(data, True)), expat, len(data)),
        ("expat, no ReferenceList in the bytes", expat_bare, expat_bare, len(bare)),
        ("all fields, no ReferenceList in the bytes", cpu(lambda: parse_all(bare, True)), expat_bare, len(bare)),
    ]
    print(f"{count:,} records, {len(data) / 1e6:.0f} MB")
    for name, seconds, anchor, size in rows:
        speed, rate = size / seconds / 1e6, count / seconds
        print(f"{name:44}{seconds:7.2f} s{seconds / anchor:7.2f} x{speed:8.0f} MB/s{rate:9,.0f} records/s")


def peak_memory() -> float:
    """MB. Linux counts a parent's memory in ru_maxrss; VmHWM is this process's own."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+)", status.read_text()).group(1)) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def peak(directory: Path, count: int) -> None:
    """Run in a process of its own: read so many records from a stream, print the peak of resident memory in MB."""
    records = list(itertools.islice(iter_records(directory), 200))
    read = sum(1 for _ in read_article_set(Repeated(records, count)))
    size = sum(len(records[n % len(records)]) for n in range(count)) / 1e6
    used = peak_memory()
    print(f"peak resident memory, {read:,} records, {size:.0f} MB of XML: {used:.0f} MB")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("directory", nargs="?", type=Path, default=ROOT.parent / "shared" / "pubmed")
    options.add_argument("--records", type=int, default=10_000)
    options.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.peak:
        return peak(chosen.directory, chosen.peak)
    measure(real_records(chosen.directory), chosen.records)
    for count in (chosen.records, chosen.records * 3):
        subprocess.run([sys.executable, __file__, str(chosen.directory), "--peak", str(count)], check=True)


if __name__ == "__main__":
    main()
