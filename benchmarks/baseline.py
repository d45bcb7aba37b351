"""What reading NLM's files costs: CPU a record and stage in one run, workers, memory, growth.

    python benchmarks/baseline.py [--files DIR] [--copies N] [--workers]

Default: ../shared/pubmed. ``--copies``: the same records so often under new PMIDs, for the rows on growth;
``--workers``: the map stage on one and on two local workers (wall-clock; only on a quiet machine).
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from lxml import etree

from evidence.baseline.cluster import connected, results
from evidence.baseline.files import file_of
from evidence.baseline.light import light_row
from evidence.baseline.mapping import Work, map_file
from evidence.baseline.prefilter import Prefilter
from evidence.exchange.pubmed import parse_record
from evidence.exchange.pubmed.stream import cut_answer
from evidence.pubmed_index import IndexRow, merge_shards, write_shard
from evidence.topics import compile_topic, load_topics
from evidence.topics.facts import Facts

ROOT = Path(__file__).resolve().parents[1]
_PMID = re.compile(rb'(<PMID Version="\d+">|<ArticleId IdType="pubmed">)(\d+)')


def cpu(work: Callable[[], object], times: int = 3) -> float:
    """CPU seconds, the best of some runs."""
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        work()
        best = min(best, time.process_time() - began)
    return best


def drain(opener: Callable[..., Any], packed: Iterable[bytes]) -> None:
    for data in packed:
        with opener(io.BytesIO(data)) as stream:
            while stream.read(1 << 18):
                pass


def stages(packed: list[bytes]) -> None:
    from isal import igzip

    topics = [compile_topic(topic)[0] for topic in load_topics(ROOT / "queries" / "topics")]
    prefilter = Prefilter(topics)
    records = [xml for data in packed for _, xml in cut_answer(gzip.decompress(data))]
    count, size = len(records), sum(map(len, records))
    print(f"{count:,} records, {size / count / 1000:.1f} kB each")

    def passing(opener: Callable[..., Any]) -> list[bytes]:
        return [xml for data in packed for _, xml in prefilter.candidates(opener(io.BytesIO(data)))]

    through = passing(igzip.open)
    selected = [xml for xml in records if any(topic.selects(Facts(parse_record(xml))) for topic in topics)]
    assert [xml for xml in through if any(topic.selects(Facts(parse_record(xml))) for topic in topics)] == selected
    print(f"let through {len(through)}, selected {len(selected)}: the same as of all records parsed")

    rows: list[IndexRow] = [row for xml in records if (row := light_row(xml))]
    with tempfile.TemporaryDirectory() as folder:
        measured = {
            "unpack, zlib": cpu(lambda: drain(gzip.open, packed)),
            "unpack, isal": cpu(lambda: drain(igzip.open, packed)),
            "unpack (zlib) + prefilter": cpu(lambda: passing(gzip.open)),
            "unpack (isal) + prefilter": cpu(lambda: passing(igzip.open)),
            "cut into records": cpu(lambda: [sum(1 for _ in cut_answer(gzip.decompress(data))) for data in packed]),
            "bare lxml": cpu(lambda: [etree.fromstring(xml) for xml in records]),
            "light row": cpu(lambda: [light_row(xml) for xml in records]),
            "prefilter of one record": cpu(lambda: [prefilter.may_be_found(xml) for xml in records]),
            "shard of the index": cpu(lambda: write_shard(rows, Path(folder) / "index")),
            "whole parse": cpu(lambda: [parse_record(xml) for xml in records], 1),
        }
        (path,) = copied(packed, 1, Path(folder))
        asked = tuple((topic.id, topic.query, False) for topic in load_topics(ROOT / "queries" / "topics"))
        for name, index in (("map, topics and index", True), ("map, topics only", False)):
            measured[name] = min(
                map_file(file_of(path), Path(folder) / f"{name}{run}", Work(asked, index=index)).seconds
                for run in range(3)
            )
    for name, seconds in measured.items():
        print(f"| {name} | {seconds / count * 1e6:.1f} µs | {count / seconds:,.0f} a second |")
    zlib, isal, ours = (measured[n] for n in ("unpack, zlib", "unpack, isal", "unpack (isal) + prefilter"))
    print(
        f"unpack and prefilter, of the speed of unpacking alone: {isal / ours:.0%} of isal, {zlib / ours:.0%} of zlib"
    )
    print(f"with the index, of a bare lxml parse: {measured['bare lxml'] / measured['map, topics and index']:.0%}")


def copied(packed: list[bytes], copies: int, folder: Path) -> list[Path]:
    """The same records under new PMIDs, a file a copy."""
    whole = b"".join(xml for data in packed for _, xml in cut_answer(gzip.decompress(data)))
    paths = []
    for number in range(1, copies + 1):
        text = _PMID.sub(lambda m, n=number: m[1] + str(int(m[2]) % 4_000_000 + n * 4_000_000).encode(), whole)
        path = folder / f"pubmed26n{number:04}.xml.gz"
        path.write_bytes(gzip.compress(b"<PubmedArticleSet>" + text + b"</PubmedArticleSet>", 4))
        paths.append(path)
    return paths


def workers(packed: list[bytes]) -> None:
    work = Work(tuple((topic.id, topic.query, False) for topic in load_topics(ROOT / "queries" / "topics")))
    with tempfile.TemporaryDirectory() as folder:
        files = [file_of(path) for path in copied(packed, 8, Path(folder))]
        took, spent, here = dict[int, float](), dict[int, float](), dict[int, float]()
        for number in (1, 2):
            with connected(None, number) as client:
                warm = [(file, Path(folder) / f"warm{number}" / file.path.name, work) for file in files[:number]]
                list(results(client, map_file, warm))
                calls = [(file, Path(folder) / f"shards{number}" / file.path.name, work) for file in files]
                began, cpu = time.monotonic(), time.process_time()
                done = list(results(client, map_file, calls))
                took[number], here[number] = time.monotonic() - began, time.process_time() - cpu
                assert not [error for _, _, error in done if error]
                spent[number] = sum(summary.seconds for _, summary, _ in done)
        ratio, load = took[1] / took[2], os.getloadavg()[0]
        print(
            f"map stage, 8 files: one worker {took[1]:.1f} s, two {took[2]:.1f} s: {ratio:.2f} times as fast "
            f"(load {load:.1f})"
        )
        print(
            f"CPU of the files: {spent[1]:.1f} s with one worker, {spent[2]:.1f} s with two; scheduler and client here "
            f"{here[2]:.2f} s: on two free cores at most {spent[1] / max(spent[2] / 2, here[2]):.2f} times as fast"
        )


def large_file(packed: list[bytes]) -> None:
    """One file of as many records as NLM's have, read in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        paths = copied(packed, 16, Path(folder))
        whole = b"".join(xml for path in paths for _, xml in cut_answer(gzip.decompress(path.read_bytes())))
        for path in paths:
            path.unlink()
        one = Path(folder) / "pubmed26n0001.xml.gz"
        one.write_bytes(gzip.compress(b"<PubmedArticleSet>" + whole + b"</PubmedArticleSet>", 4))
        code = _GROWTH.format(here=str(Path(__file__).parent), folder=folder)
        subprocess.run([sys.executable, "-c", code], check=True)


_GROWTH = "import sys; sys.path.insert(0, {here!r}); import baseline; baseline.one_growth({folder!r})"


def growth(packed: list[bytes], copies: int) -> None:
    """Each size in a process of its own, for its memory."""
    for number in sorted({max(1, copies // 4), max(1, copies // 2), copies}):
        with tempfile.TemporaryDirectory() as folder:
            copied(packed, number, Path(folder))
            code = _GROWTH.format(here=str(Path(__file__).parent), folder=folder)
            print(
                subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout, end=""
            )


def most_mb() -> int:
    """The most memory this program had. What getrusage says begins with that of the process which started it."""
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(r"VmHWM:\s+(\d+)", said)[1]) // 1024  # type: ignore[index]


def one_growth(folder: str) -> None:
    """Files of a folder mapped one after another in this process, and their index merged."""
    work = Work(tuple((topic.id, topic.query, False) for topic in load_topics(ROOT / "queries" / "topics")))
    began = time.process_time()
    names = sorted(Path(folder).glob("*.gz"))
    done = [map_file(file_of(path), Path(folder) / "shards" / path.name, work) for path in names]
    mapped, peak = time.process_time() - began, most_mb()
    began = time.process_time()
    manifest = merge_shards([Path(folder) / "shards" / path.name / "index" for path in names], Path(folder) / "index")
    merging, after = time.process_time() - began, most_mb()
    count = sum(summary.records for summary in done)
    print(
        f"| {count:,} | {mapped / count * 1e6:.0f} µs | {merging / count * 1e6:.0f} µs | {peak} MB | "
        f"{after} MB | {sum(manifest.files.values()) / manifest.records:.0f} bytes |",
        json.dumps({"index_records": manifest.records}),
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--files", type=Path, default=ROOT.parent / "shared" / "pubmed")
    parser.add_argument("--copies", type=int, default=0)
    parser.add_argument("--workers", action="store_true")
    parser.add_argument("--large", action="store_true", help="memory of reading one file of 30,000 records")
    options = parser.parse_args()
    packed = [path.read_bytes() for path in sorted(options.files.glob("*.xml.gz"))]
    if not packed:
        sys.exit(f"{options.files} holds no .xml.gz file")
    stages(packed)
    if options.workers:
        workers(packed)
    if options.large:
        large_file(packed)
    if options.copies:
        growth(packed, options.copies)


if __name__ == "__main__":
    main()
