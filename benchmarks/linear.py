"""Do the readers take time in proportion to what they read? Patterns that make readers slow, doubled in size.

    python benchmarks/linear.py [--readers draft,find,…] [--patterns TEXT] [--all] [--megabyte] [--quick]

Every pattern is repeated to 8, 16, 32 … kB through every reader, each in a process of its own with a limit of time.
Printed are the pairs whose time grows faster than the input (exponent above 1.3) or that would take more than two
seconds for a megabyte, with the exponent, the seconds at 1 MB (measured, or reckoned from the last two sizes) and the
peak of memory. ``--quick`` stops at 64 kB where the time grew with the input; ``--megabyte`` goes to a megabyte
whatever the time; ``--all`` prints every pair. A refusal (``InputError``) counts as an answer; anything else raised is
printed as ``raises``.
"""

from __future__ import annotations

import argparse
import contextlib
import math
import multiprocessing
import resource
import signal
import sys
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from linear_inputs import IMPORTS, PATTERNS, docx, filled, repeated  # noqa: E402

from evidence.errors import EvidenceError  # noqa: E402

MEGABYTE = 1_000_000
FIRST = 8_000
ENOUGH = 0.4  # seconds: a time that long is measured, and what follows is reckoned
FAR, QUICK = 250_000, 0.03  # so much in so little: even a quadratic one would take half a second for a megabyte
SOON, GREW = 64_000, 2.4  # with --quick: far enough where twice the size took no more than so many times as long
LIMIT = 10  # seconds of CPU for one pair; WALL when the machine is busy
WALL = 120
GROWS, SECONDS = 1.3, 2.0
Reader = Callable[[Any], Any]


def _draft(before: str = "", after: str = "") -> Reader:
    from evidence.exchange.draft import read_draft

    return lambda text: read_draft((before + text + after).encode("utf-8", "surrogatepass"))


def _docx() -> Reader:
    from evidence.exchange.draft import read_draft

    return lambda content: read_draft(content)


def _import(template: str) -> Reader:
    from evidence.exchange.reading import read_records

    return lambda text: read_records(filled(template, text).encode("utf-8", "surrogatepass"), uncited=True)


@cache
def _tagger() -> Any:
    from evidence.tagging import Tagger, load_vocabulary

    return Tagger(load_vocabulary(ROOT / "queries" / "vocabulary"))


def _tag(title: bool) -> Reader:
    from evidence.record import Record, Section

    def read(text: str) -> Any:
        record = Record(source="test", title=text if title else "A title", abstract=[] if title else [Section(text)])
        return _tagger().tag(record, explain=True)

    return read


def _text(name: str) -> Reader:
    from evidence.check.draft.sentences import draft_sentences
    from evidence.check.numbers.numbers import find_numbers
    from evidence.references import find_references, parse_reference

    return {
        "find": find_references, "sentences": draft_sentences, "numbers": find_numbers, "parse": parse_reference,
    }[name]  # fmt: skip


def _check() -> Reader:
    """``check`` with an empty library: what the draft alone costs; it has eight seconds, as on the site."""
    import json

    from library_factory import make_database

    from evidence.check.check import check
    from evidence.cited_sources import load_sources
    from evidence.ledger.ledger import load_ledger
    from evidence.library.bearing import CheckLibrary

    queries = ROOT / "queries"
    library = CheckLibrary(make_database([{"pmid": "1", "title": "One", "year": 2001}]))
    tagger = _tagger()
    ledger = load_ledger(queries / "claims", tagger.vocabulary, load_sources(queries / "sources.yml"))

    def read(text: str) -> Any:
        end = time.monotonic() + 8
        answer = check(text, library, tagger, ledger, out_of_time=lambda: time.monotonic() > end)
        return json.dumps(answer)

    return read


def readers() -> dict[str, Callable[[], Reader]]:
    """Name → what makes the reader, called in the process that reads."""
    found: dict[str, Callable[[], Reader]] = {
        "draft": _draft,
        "draft-html": lambda: _draft("<html><body><p>One.</p><p>", "</p></body></html>"),
        "draft-markdown": lambda: _draft("# A heading\n\n**Bold** words.\n\n# Another\n\n", "\n\nEnd."),
        "draft-docx": _docx,
        "tag-title": lambda: _tag(True),
        "tag-abstract": lambda: _tag(False),
        "find-in-list": lambda: (lambda find: lambda text: find(f"References\n\n1. {text}\n\n2. {text}"))(
            _text("find")
        ),
        "check": _check,
    }
    for name in ("find", "sentences", "numbers", "parse"):
        found[name] = lambda name=name: _text(name)  # type: ignore[misc]
    for name, template in IMPORTS.items():
        found[name] = lambda template=template: _import(template)  # type: ignore[misc]
    return found


def _measure(read: Reader, pattern: str, whole: bool, soon: bool, out: Any, packed: bool = False) -> None:
    """In a child: sizes doubled until a time is long enough; sends ``(size, seconds, MB, error)`` for each."""
    used = math.ceil(time.process_time())
    resource.setrlimit(resource.RLIMIT_CPU, (used + LIMIT, used + LIMIT))
    with contextlib.suppress(Exception):  # what it raises is told below
        read(docx(pattern) if packed else repeated(pattern, 1))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size, before_it = FIRST, 0.0
    while True:
        text: str | bytes = repeated(pattern, size)
        text = docx(str(text)) if packed else text
        start, error = time.process_time(), ""
        try:
            read(text)
        except EvidenceError as refused:
            error = f"refused: {str(refused)[:50]}"
        except BaseException as raised:
            error = f"raises {type(raised).__name__}: {str(raised)[:60]}"
        seconds = time.process_time() - start
        out.send((size, seconds, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, error))
        quick = size >= FAR and seconds < QUICK
        grew = seconds < GREW * max(before_it, 0.003)
        if size >= MEGABYTE or ((seconds > ENOUGH or quick or (soon and size >= SOON and grew)) and not whole):
            return
        before_it = seconds
        size = min(2 * size, MEGABYTE)


def pair(
    read: Reader, pattern: str, whole: bool, soon: bool, packed: bool
) -> tuple[list[tuple[int, float, float, str]], bool]:
    """The rows of one reader and pattern, and whether it had to be stopped."""
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=_measure, args=(read, pattern, whole, soon, there, packed))
    child.start()
    there.close()
    rows, end = [], time.monotonic() + WALL
    try:
        while here.poll(max(0.0, end - time.monotonic())):
            rows.append(here.recv())
    except EOFError:
        pass
    if child.is_alive() and time.monotonic() >= end:
        child.kill()
    child.join()
    stopped = child.exitcode in (-signal.SIGKILL, -signal.SIGXCPU)
    if child.exitcode and not stopped:
        rows.append((0, 0.0, 0.0, f"raises: ended with {child.exitcode}"))
    return rows, stopped


def verdict(rows: list[tuple[int, float, float, str]], stopped: bool) -> tuple[float, float, float, str]:
    """Exponent of growth, seconds at a megabyte, MB of memory, and what was raised."""
    errors = next((row[3] for row in rows if row[3]), "")
    timed = [row for row in rows if row[0]]
    if not timed:
        return math.inf, math.inf, 0.0, errors or "no answer in time"
    size, seconds, memory, _ = timed[-1]
    if stopped:  # the next size took the rest of the time
        size, seconds = size * 2, max(LIMIT - sum(row[1] for row in timed), timed[-1][1])
        timed = [*timed, (size, seconds, memory, "")]
    earlier = [row for row in timed[:-1] if row[1] > 0.002]
    grows = 1.0
    if earlier and seconds > 0.02:
        grows = math.log(seconds / earlier[-1][1]) / math.log(size / earlier[-1][0])
    return grows, seconds * (MEGABYTE / size) ** max(grows, 1.0), memory, errors


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--readers", default="")
    options.add_argument("--patterns", default="", help="only this one, as Python would read it")
    options.add_argument("--all", action="store_true")
    options.add_argument("--megabyte", action="store_true")
    options.add_argument("--quick", action="store_true")
    chosen = options.parse_args()
    every = readers()
    names = chosen.readers.split(",") if chosen.readers else list(every)
    patterns = [chosen.patterns.encode().decode("unicode_escape")] if chosen.patterns else PATTERNS
    slow = pairs = 0
    for name in names:
        read = every[name]()  # made here, so that no child loads what it needs
        packed = "docx" in name
        with contextlib.suppress(Exception):
            read(docx("a") if packed else "a")
        for pattern in patterns:
            grows, seconds, memory, error = verdict(*pair(read, pattern, chosen.megabyte, chosen.quick, packed))
            pairs += 1
            bad = (grows > GROWS and seconds > 0.3) or seconds > SECONDS or memory > 300 or error.startswith("raises")
            slow += bad
            if bad or chosen.all:
                print(
                    f"{name:16} {pattern[:34]!r:38} ^{grows:4.1f} {seconds:9.2f} s {memory:6.0f} MB  {error}",
                    flush=True,
                )
    print(f"{pairs} pairs of reader and pattern, {slow} too slow or wrong")


if __name__ == "__main__":
    main()
