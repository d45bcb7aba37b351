"""One project grown to a million records: storing, building and serving it, time and memory at each size.

    python benchmarks/scale.py DIR [--sizes 50000,200000,1000000]

``DIR`` is made anew, and takes some 25 kB a record while the largest is built. The records are those of
``benchmarks/build.py``, stored as a refresh stores them. Each stage runs in a process of its own; memory is the
proportional set size of all its processes together, asked for four times a second.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import random
import resource
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE)]

from build import SHARED, Memory, fill, processes, proportional_mb, real_records  # noqa: E402

from evidence.derive import build  # noqa: E402
from evidence.project import Project  # noqa: E402
from evidence.scaffold import create_project  # noqa: E402
from evidence.tracker import Tracker  # noqa: E402

PAGES = 30  # of each kind


def store(project: Project, first: int, count: int) -> None:
    memory = Memory()
    memory.start()
    began, cpu = time.monotonic(), time.process_time()
    with Tracker.open(project.tracker) as tracker:
        fill(tracker, real_records(SHARED), count, first)
    told(f"| store {first:,} to {count:,}", began, cpu, memory)


def built(project: Project) -> None:
    memory = Memory()
    memory.start()
    began, cpu, stages = time.monotonic(), time.process_time(), dict[str, float]()

    def progress(stage: str, done: int, total: int | None) -> None:
        memory.stage = stage
        stages.setdefault(stage, time.monotonic() - began)

    summary = build(project, progress=progress)
    told(f"| build {summary.records:,} records, {summary.reports:,} reports", began, cpu, memory)
    for stage, start in stages.items():
        print(f"|   {stage} | from {start:.0f} s | | | {memory.most.get(stage, 0):.0f} MB |", flush=True)
    sizes = (f"{path.name} {path.stat().st_size / 1e6:,.0f} MB" for path in (project.tracker, project.evidence))
    print("|   " + ", ".join(sizes) + " |", flush=True)


def told(what: str, began: float, cpu: float, memory: Memory) -> None:
    wall, own = time.monotonic() - began, time.process_time() - cpu
    memory.done.set()
    memory.join()
    workers = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    most, load = max(memory.most.values()), os.getloadavg()[0]
    print(f"{what} | {wall:.0f} s | CPU {own:.0f} + {workers:.0f} s | load {load:.1f} | {most:.0f} MB |")
    sys.stdout.flush()


def served(project: Project) -> None:
    """One reader, one page after another; the server's memory while it answers, and in all its life."""
    spec = importlib.util.spec_from_file_location("site_benchmark", HERE / "site.py")
    assert spec and spec.loader
    pages = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(pages)
    asked = pages.site_requests(project.root, random.Random(11))
    taken, times = dict[str, int](), dict[str, list[float]]()
    with pages.server(pages.SITE, project.root) as address:
        watched = [pid for pid in processes(os.getpid()) if pid != os.getpid()]
        most, over = 0.0, threading.Event()

        def watch() -> None:
            nonlocal most
            while not over.wait(0.25):
                most = max(most, sum(map(proportional_mb, watched)))

        threading.Thread(target=watch, daemon=True).start()
        for kind, path in asked:
            taken[kind] = taken.get(kind, 0) + 1
            if taken[kind] > PAGES:
                continue
            began = time.perf_counter()
            status = httpx.get(address + path, timeout=60).status_code
            label = kind if status == 200 else f"{kind}, answered {status}"
            times.setdefault(label, []).append((time.perf_counter() - began) * 1000)
        over.set()
    for kind, values in sorted(times.items()):
        late = sorted(values)[int(len(values) * 0.95)]
        print(f"|   {kind} | {len(values)} | median {statistics.median(values):.0f} ms | 95th {late:.0f} ms |")
    print(f"| site | memory at most {most:.0f} MB |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("directory", type=Path)
    parser.add_argument("--sizes", default="50000,200000,1000000")
    parser.add_argument("--stage", choices=("store", "build", "site"), help="one stage alone, of a project that stands")
    parser.add_argument("--from", type=int, default=0, dest="first", help="with --stage store: the first record")
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    if options.stage == "store":
        store(Project(options.directory), options.first, sizes[-1])
    elif options.stage == "build":
        built(Project(options.directory))
    elif options.stage == "site":
        served(Project(options.directory))
    else:
        project = create_project(options.directory, "neuromodulation")
        project.data.mkdir(exist_ok=True)
        for first, size in zip([0, *sizes], sizes, strict=False):
            for stage in ("store", "build", "site"):
                command = [sys.executable, __file__, str(options.directory), "--stage", stage]
                subprocess.run([*command, "--from", str(first), "--sizes", str(size)], check=True)


if __name__ == "__main__":
    main()
