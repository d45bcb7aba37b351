"""Asking another source about a library: requests, memory, what is kept, and what a second run asks.

    python benchmarks/enrich.py [--reports 10000]

Invented reports, fetched from the tests' E-utilities server, and their works at the tests' Crossref, one in a hundred
with a retraction; without a pace, so the time is that of the work itself.
"""

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "refresh")]

from clocks import DATES, SetClock  # noqa: E402
from eutils_server import Corpus, EutilsServer  # noqa: E402
from refresh_conftest import Small  # noqa: E402
from sources_server import SourcesServer  # noqa: E402

from evidence.enrich import EnrichSummary, enrich  # noqa: E402
from evidence.http import Client, pacing  # noqa: E402
from evidence.http.pacing import Pacer  # noqa: E402
from evidence.pubmed import eutils  # noqa: E402
from evidence.refresh.progress import Silent  # noqa: E402
from evidence.sources import Source  # noqa: E402


def asked(small: Small) -> EnrichSummary:
    def connect(source: Source, email: str) -> Client:
        return source.client(email, pacer=Pacer(10_000))

    return enrich(small.project, progress=Silent("questions"), environ={}, now=small.clock, connect=connect)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--reports", type=int, default=10_000)
    count = options.parse_args().reports
    pacing.WINDOW, eutils.PER_SECOND_WITH_KEY = 0.001, 10_000
    corpus, works = Corpus.invented(count), {}
    for number, article in enumerate(corpus.articles.values()):
        article.doi, article.book = f"10.5555/{number}", False
        works[article.doi] = {"DOI": article.doi, "title": [article.title]}
        if number % 100 == 0:
            notice = {"DOI": f"{article.doi}n", "type": "retraction", "source": "retraction-watch"}
            works[article.doi]["updated-by"] = [notice]
    with EutilsServer(corpus) as pubmed, SourcesServer(works) as server, tempfile.TemporaryDirectory() as directory:
        small = Small(Path(directory) / "project", pubmed, SetClock(DATES[1]))
        small.topic("alpha")
        small.refresh()
        small.project.metadata_file.write_text("plugins: {evidence: {sources: {crossref: true}}}\n")
        os.environ["EVIDENCE_CROSSREF_URL"] = server.url("crossref")
        before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()
        print(asked(small).sources[0].line())
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) >> 10
        print(f"{time.monotonic() - started:.0f} s, {grown} MB more than the refresh before it")
        again = asked(small).sources[0]
        print(f"a second run the same day: {again.due} due, {again.requests} requests")
        with small.tracker() as tracker:
            kept = "SELECT count(*), sum(size), sum(length(content)) FROM answers"
            print("answers kept: {:,}, {:,} bytes, {:,} packed".format(*tracker.db.execute(kept).fetchone()))


if __name__ == "__main__":
    main()
