"""Damaged, cut, doubled and joined inputs through every reader: no traceback, nothing over 5 s or 500 MB.

    python benchmarks/mutated_inputs.py [--minutes 5] [--seed 1] [--readers import,draft] [--cases DIR] [--only NUMBER]

The inputs are the tests' samples, the project's own ``queries/`` and, with ``--cases`` (any number), files of
directories (their beginnings; also inside ``.gz``). Each is changed by one to eight mutations that a seed chooses, and
read by the reader of its kind and, now and then, by another's. An answer or a refusal (an error that the program
explains, see ``evidence.cli.failures``) is right. Told are inputs that raise anything else, take more than 5 s of CPU
or bring a process above 500 MB; each is kept as ``mutated-SEED-NUMBER`` in the working directory, and ``--only`` reads
it again.
"""

from __future__ import annotations

import argparse
import gzip
import multiprocessing
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from linear_inputs import PATTERNS, docx, repeated  # noqa: E402

from evidence.cli.failures import explain  # noqa: E402
from evidence.errors import EXIT_BUG, EvidenceError  # noqa: E402

SECONDS, MEGABYTES = 5, 500
BATCH = 200  # inputs for one process: its peak of memory is theirs
LARGEST_SAMPLE, LONGEST = 60_000, 1_000_000
SMALL_PROJECT = ROOT / "tests" / "fixtures" / "migraine"
IMPORTS = {".ris", ".nbib", ".bib", ".enw", ".xml", ".csv", ".tsv", ".json", ".jsonl", ".txt", ".ciw", ".isi"}
DRAFTS = {".html", ".md", ".docx", ".txt"}
QUERIES = (
    "spinal cord stimulation", '"burst stimulation" AND pain', "(a AND b) OR (c AND d)", "a NOT (b OR c)",
    "author:Vogt year:2015-2019 journal:pain", "Vogt[au] AND pain[ti] 2012:2015[dp]", "stimul* NEAR/3 pain",
    "PMID 12345678, 23456789", "10.1000/abc(1)", "-tens pain", "\u201cback pain\u201d", "NCT01234567", "title:(a OR b)",
)  # fmt: skip
REFERENCES = (
    "Vogt P, Lind KJ. Burst stimulation for pain. Pain Stud. 2019;17(3):152-160. doi:10.5555/a.1",
    "1. Vogt, P., & Lind, K. (2019). Burst stimulation for pain: A trial. Pain Studies, 17(3), 152–160.",
    "Vogt P et al: Burst stimulation. In: Roth I (ed) A book on pain, 2nd edn. Oslo, pp 11-31 (2012)",
    "[3] P. Vogt and K. Lind, \u201cBurst stimulation,\u201d Pain Stud., vol. 17, no. 3, pp. 152-160, Jul. 2019.",
)  # fmt: skip
Sample = tuple[str, bytes]  # its name, its content


class TooSlow(BaseException):
    """No reader may catch this."""


# -- the inputs ------------------------------------------------------------------------------------------------------


def samples(cases: list[Path]) -> dict[str, list[Sample]]:
    """Reader → the inputs that it is meant for."""
    found: dict[str, list[Sample]] = {name: [] for name in READERS}
    folders = [ROOT / "tests" / "exchange" / "exports", *cases]
    for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
        content = _content(path)
        suffix = path.with_suffix("").suffix if path.suffix == ".gz" else path.suffix
        if suffix in IMPORTS:
            found["import"].append((path.name, content))
        if suffix in DRAFTS or suffix == ".xml":
            found["draft"].append((path.name, content))
    found["draft"].append(
        ("a.docx", docx("One study (Vogt 2019) found 50% less pain [1].\n\n1. Vogt P. Pain. 2019;1:2."))
    )
    for path in sorted([*(ROOT / "queries").rglob("*.yml"), *SMALL_PROJECT.rglob("*.yml")]):
        found["yaml"].append((path.name, path.read_bytes()[:LARGEST_SAMPLE]))
    found["reference"] = [("reference", text.encode()) for text in REFERENCES]
    found["search"] = [("search", text.encode()) for text in QUERIES]
    found["tag"] = [(name, content) for name, content in found["draft"] if not name.endswith(".docx")]
    return found


def _content(path: Path) -> bytes:
    if path.suffix == ".gz":
        with gzip.open(path) as file:
            return file.read(LARGEST_SAMPLE)
    with path.open("rb") as plain:
        return plain.read(LARGEST_SAMPLE if path.suffix != ".docx" else -1)


def mutated(content: bytes, others: list[Sample], choose: random.Random) -> bytes:
    for _ in range(choose.choice((1, 1, 1, 2, 2, 3, 5, 8))):
        content = choose.choice(MUTATIONS)(content, others, choose)[:LONGEST]
    return content


def _span(content: bytes, choose: random.Random) -> tuple[int, int]:
    start = choose.randrange(len(content) + 1)
    return start, min(len(content), start + int(choose.expovariate(1 / choose.choice((3, 40, 2000)))) + 1)


def _changed(content: bytes, others: list[Sample], choose: random.Random) -> bytes:
    at = choose.randrange(len(content) + 1)
    return content[:at] + bytes([choose.randrange(256)]) + content[at + 1 :]


def _dropped(content: bytes, others: list[Sample], choose: random.Random) -> bytes:
    start, end = _span(content, choose)
    return content[:start] + content[end:]


def _repeated(content: bytes, others: list[Sample], choose: random.Random) -> bytes:
    start, end = _span(content, choose)
    times = min(choose.choice((2, 30, 3_000, 100_000)), 1 + LONGEST // max(1, end - start))
    return content[:start] + content[start:end] * times + content[end:]


def _cut(content: bytes, others: list[Sample], choose: random.Random) -> bytes:
    return content[: choose.randrange(len(content) + 1)]


def _joined(content: bytes, others: list[Sample], choose: random.Random) -> bytes:
    other = choose.choice(others)[1]
    start, end = _span(other, choose)
    at = choose.randrange(len(content) + 1)
    return content[:at] + other[start : max(end, start + choose.choice((0, 2000)))] + content[at:]


def _pattern(content: bytes, others: list[Sample], choose: random.Random) -> bytes:
    at = choose.randrange(len(content) + 1)
    text = repeated(choose.choice(PATTERNS), choose.choice((1, 100, 20_000, 300_000)))
    return content[:at] + text.encode("utf-8", "surrogatepass") + content[at:]


def _lines(content: bytes, others: list[Sample], choose: random.Random) -> bytes:
    lines = content.split(b"\n")
    one, other = choose.randrange(len(lines)), choose.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return choose.choice((b"\n", b"\r\n", b"\r", b"\n\n")).join(lines)


def _encoded(content: bytes, others: list[Sample], choose: random.Random) -> bytes:
    text = content.decode("utf-8", "replace")
    code = choose.choice(("utf-16", "utf-16-le", "latin-1", "cp1252", "utf-8-sig", "utf-32", "shift_jis", "gzip"))
    return gzip.compress(content, 1) if code == "gzip" else text.encode(code, "replace")


def _swapped(content: bytes, others: list[Sample], choose: random.Random) -> bytes:
    """One sign for another, everywhere or once."""
    signs = (
        b"{",
        b"}",
        b'"',
        b"<",
        b">",
        b"[",
        b"]",
        b",",
        b";",
        b":",
        b"-",
        b" ",
        b"\n",
        b"&",
        b"\\",
        b"=",
        b"0",
        b"",
    )
    return content.replace(choose.choice(signs[:-1]), choose.choice(signs), choose.choice((1, -1)))


MUTATIONS: tuple[Callable[[bytes, list[Sample], random.Random], bytes], ...] = (
    _changed, _dropped, _repeated, _cut, _joined, _pattern, _lines, _encoded, _swapped,
)  # fmt: skip


# -- the readers -----------------------------------------------------------------------------------------------------


@cache
def _tagger() -> Any:
    from evidence.tagging import Tagger, load_vocabulary

    return Tagger(load_vocabulary(ROOT / "queries" / "vocabulary"))


@cache
def _folder() -> Path:
    """A copy of the small project, of which one file at a time is written anew."""
    folder = Path(tempfile.mkdtemp()) / "project"
    shutil.copytree(SMALL_PROJECT, folder)
    return folder


def _import(content: bytes, name: str) -> None:
    from evidence.exchange.reading import read_records

    read_records(content, uncited=len(content) % 2 == 0)


def _draft(content: bytes, name: str) -> None:
    from evidence.check.draft.sentences import draft_sentences
    from evidence.exchange.draft import read_draft
    from evidence.references import find_references

    text = read_draft(content).text
    find_references(text)
    draft_sentences(text)


def _yaml(content: bytes, name: str) -> None:
    from evidence.derive.inputs import read_inputs
    from evidence.project import Project

    places = [*_folder().rglob("*.yml")]
    same = [path for path in places if path.name == name]
    path = same[0] if same else places[len(content) % len(places)]
    before = path.read_bytes()
    path.write_bytes(content)
    try:
        read_inputs(Project(_folder()))
    finally:
        path.write_bytes(before)


def _reference(content: bytes, name: str) -> None:
    from evidence.references import parse_reference

    parse_reference(content.decode("utf-8", "surrogateescape"))


def _search(content: bytes, name: str) -> None:
    from evidence.library.syntax import parse
    from evidence.topics.query import Flaw, check_query

    text = content.decode("utf-8", "surrogateescape")
    for read in (parse, check_query):
        try:
            read(text)
        except (EvidenceError, Flaw):
            continue


def _tag(content: bytes, name: str) -> None:
    from evidence.record import Record, Section

    text = content.decode("utf-8", "replace")
    _tagger().tag(Record(source="test", title=text[:300], abstract=[Section(text)]))


READERS: dict[str, Callable[[bytes, str], None]] = {
    "import": _import, "draft": _draft, "yaml": _yaml, "reference": _reference, "search": _search, "tag": _tag,
}  # fmt: skip


# -- the run ---------------------------------------------------------------------------------------------------------


def inputs(
    seed: int, start: int, chosen: list[str], corpus: dict[str, list[Sample]]
) -> Iterator[tuple[int, str, Sample]]:
    """``(number, reader, (name, content))`` from a number on, for ever; a number alone decides its input."""
    everything = [sample for name in corpus for sample in corpus[name]]
    number = start
    while True:
        choose = random.Random(f"{seed} {number}")
        reader = choose.choice(chosen)
        pool = corpus[reader] if choose.random() < 0.9 else everything
        name, content = choose.choice(pool)
        yield number, reader, (name, mutated(content, everything, choose))
        number += 1


def read_one(reader: str, sample: Sample) -> str:
    """What is wrong, ``""`` for an answer or a refusal."""

    def too_slow(*_: object) -> None:
        raise TooSlow

    signal.signal(signal.SIGVTALRM, too_slow)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        READERS[reader](sample[1], sample[0])
    except TooSlow as slow:
        return f"more than {SECONDS} s\n" + "".join(traceback.format_tb(slow.__traceback__)[-4:])
    except Exception as error:
        if explain(error)[0] == EXIT_BUG:
            return f"{type(error).__name__}: {str(error)[:100]}\n" + "".join(
                traceback.format_tb(error.__traceback__)[-3:]
            )
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return ""


def _batch(seed: int, start: int, chosen: list[str], cases: list[Path], until: float, out: Any) -> None:
    """In a child: up to BATCH inputs; sends ``(number, reader, what is wrong, content)``."""
    peak = 0.0
    for number, reader, sample in inputs(seed, start, chosen, samples(cases)):
        if number >= start + BATCH or time.monotonic() > until:
            break
        out.send((number, reader, None, sample))  # before it is read, as it may end the process
        wrong = read_one(reader, sample)
        now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if not wrong and now > MEGABYTES > peak:
            wrong = f"{now:.0f} MB"
        peak = now
        out.send((number, reader, wrong, sample))
        if wrong:
            break  # the next process begins after it, with its memory fresh
    shutil.rmtree(_folder().parent, ignore_errors=True) if _folder.cache_info().currsize else None


def run(seed: int, minutes: float, chosen: list[str], cases: list[Path]) -> int:
    """How many inputs were wrong."""
    context = multiprocessing.get_context("fork")
    until, start, bad = time.monotonic() + 60 * minutes, 0, 0
    counts: Counter[str] = Counter()
    while time.monotonic() < until:
        here, there = context.Pipe(duplex=False)
        child = context.Process(target=_batch, args=(seed, start, chosen, cases, until, there))
        child.start()
        there.close()
        last: tuple[int, str, str | None, Sample] | None = None
        try:
            while True:
                last = here.recv()
                if last[2] is not None:
                    counts[last[1]] += 1
                    bad += _told(seed, last) if last[2] else 0
        except EOFError:
            child.join()
        if last is None:
            break
        if last[2] is None:
            bad += _told(seed, (last[0], last[1], f"ended the process ({child.exitcode})", last[3]))
        start = last[0] + 1
    print(f"seed {seed}: {start} inputs ({', '.join(f'{n} {name}' for name, n in counts.items())}), {bad} wrong")
    return bad


def _told(seed: int, found: tuple[int, str, str | None, Sample]) -> int:
    number, reader, wrong, (name, content) = found
    print(f"{number} {reader} ({name}, {len(content):,} bytes): {wrong}", flush=True)
    Path(f"mutated-{seed}-{number}").write_bytes(content)
    return 1


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--minutes", type=float, default=5)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--readers", default=",".join(READERS))
    options.add_argument("--cases", type=Path, action="append", default=[])
    options.add_argument("--only", type=int)
    given = options.parse_args()
    chosen = given.readers.split(",")
    if given.only is not None:
        _, reader, sample = next(inputs(given.seed, given.only, chosen, samples(given.cases)))
        start = time.process_time()
        print(reader, sample[0], len(sample[1]), read_one(reader, sample), f"{time.process_time() - start:.2f} s")
        return
    sys.exit(run(given.seed, given.minutes, chosen, given.cases) > 0)


if __name__ == "__main__":
    main()
