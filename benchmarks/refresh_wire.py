"""How busy a refresh keeps the wire, measured where it matters: at the server.

    python benchmarks/refresh_wire.py [--records 8000] [--latency 0.25] [--data ../shared/pubmed]
                                      [--attacks 0.05]

Starts the tests' E-utilities server on loopback, runs ``evidence refresh`` against it as a process of its own, and
prints requests a second between the first and the last arrival, the most in any one second, requests sent against
requests needed, and the CPU time of the client. Records are real ones under invented PMIDs where ``--data``
holds efetch answers, else invented ones of about the same size.
"""

from __future__ import annotations

import argparse
import gzip
import math
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from itertools import cycle
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from eutils_server import Article, Corpus, EutilsServer  # noqa: E402
from eutils_server.hostile import BROKEN, FLOODS  # noqa: E402

from evidence.pubmed.harvest import BATCH  # noqa: E402

TOPICS = ("alpha", "beta", "gamma", "delta")
TARGET, MOST = 2.7, 3
# Those that are asked again: a refused search is its topic's end.
ATTACKS = [form for form in (*BROKEN, *FLOODS) if not form.startswith(("status_", "redirect_", "wait_", "error_"))]


class RealArticle(Article):
    """A record whose XML is somebody else's, under another PMID."""

    raw: str = ""

    def xml(self, without: Iterable[str] = ()) -> str:
        return self.raw


def real_records(directory: Path) -> list[str]:
    records: list[str] = []
    for path in sorted(directory.glob("*.xml.gz")):
        text = gzip.decompress(path.read_bytes()).decode()
        records += re.findall(r"<PubmedArticle>.*?</PubmedArticle>", text, re.S)
    return records


def corpus(count: int, data: Path) -> Corpus:
    """Each record is in two of the four topics, so that half of all hits are repeats."""
    texts = cycle(real_records(data) if data.is_dir() else [""])
    made = Corpus()
    for number in range(count):
        words = f"{TOPICS[number % 4]} {TOPICS[(number + 1) % 4]}"
        article = RealArticle(str(30_000_001 + number), f"{words} in invented report {number}")
        text = next(texts)
        padded = Article(article.pmid, article.title, abstract="Invented words to fill. " * 400).xml()
        article.raw = re.sub(r"(<PMID[^>]*>)\d+", rf"\g<1>{article.pmid}", text, count=1) if text else padded
        made.add(article)
    return made


def run(project: Path, server: EutilsServer) -> float:
    """Refreshes in a process of its own; returns its CPU seconds."""
    (project / "queries" / "topics").mkdir(parents=True, exist_ok=True)
    (project / "metadata.yml").write_text("title: benchmark\n")
    for topic in TOPICS:
        (project / "queries" / "topics" / f"{topic}.yml").write_text(
            f"title: {topic}\nmodality: scs\nquery: {topic}[tiab]\n"
        )
    environment = {**os.environ, "EVIDENCE_EUTILS_URL": server.url, "NCBI_API_KEY": "", "PYTHONPATH": str(ROOT)}
    code = "from pathlib import Path; from evidence.project import Project; from evidence.refresh import refresh; "
    code += f"s = refresh(Project(Path({str(project)!r}))); print(s.text()); raise SystemExit(s.exit_code)"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--records", type=int, default=8000)
    options.add_argument("--latency", type=float, default=0.25)
    options.add_argument("--attacks", type=float, default=0.0, help="share of requests that are answered by an attack")
    options.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "pubmed")
    chosen = options.parse_args()
    with (
        EutilsServer(corpus(chosen.records, chosen.data), latency=chosen.latency, limit=MOST) as server,
        tempfile.TemporaryDirectory() as directory,
    ):
        for form in ATTACKS if chosen.attacks else ():
            server.fail(form, probability=chosen.attacks / len(ATTACKS))
        started = time.monotonic()
        cpu = run(Path(directory), server)
        times = [arrival.at for arrival in server.arrivals]
        rate = (len(times) - 1) / (times[-1] - times[0])
        needed = len(TOPICS) + math.ceil(chosen.records / BATCH)
        attacked = sum(arrival.fault in ATTACKS for arrival in server.arrivals)
        refused = sum(arrival.fault == "rate_limit" for arrival in server.arrivals)
        print(f"\n{chosen.records:,} records, {chosen.latency:g} s latency, no key: {time.monotonic() - started:.1f} s")
        print(f"requests a second at the server   {rate:.2f}  (at least {TARGET})  {rate / MOST:.0%} of {MOST}")
        print(f"most in any one second            {server.most_in_a_second()}     (at most {MOST}); {refused} refused")
        if attacked:
            print(f"requests answered by an attack    {attacked}")
        print(f"requests sent / needed            {len(times)} / {needed}")
        print(f"client CPU                        {cpu:.1f} s, {cpu / chosen.records * 1000:.2f} ms a record")


if __name__ == "__main__":
    main()
