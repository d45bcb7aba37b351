"""What the program gives on all the data in hand, as files: to compare before and after a change of the house.

    python benchmarks/golden.py make DIR        runs the commands of this checkout; about five minutes
    python benchmarks/golden.py compare A B     names every file and the first lines that differ; exit 1 when any does

Only the command line and the published tables are used, so that a change of the house inside needs no change here.
Times and places of this run are written as ``<time>`` and ``<place>``.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path

import requests

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
FORMATS = ("ris", "bibtex", "csl-json", "csv", "nbib")
PAGES = (
    "/.json", "/search.json?q=stimulation", "/search.json?q=burst+OR+tonic&all=1", "/map.json", "/topics.json",
    "/tags.json", "/articles.json", "/claims.json", "/changes.json", "/about.json", "/topics/scs.json",
    "/tags/modality/scs.json",
    "/reports/21937929.json", "/reports/25112889.json", "/-/openapi.json", "/feeds/new.xml", "/sitemap.xml",
    "/evidence/reports.json?_size=50", "/", "/search?q=stimulation", "/map", "/reports/25112889", "/about",
)  # fmt: skip
TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|\+00:00)?|\d+(?:\.\d+)? s\b")
SKIPPED_TABLES = re.compile(r"^(build_info|sqlite_.*|.*_fts(_.*)?)$")


def run(out: Path, name: str, *arguments: str, project: Path | None = None, text: str = "") -> str:
    """Run one command; its exit code and output become the file ``name``."""
    place = ["--project", str(project)] if project else []
    done = subprocess.run(
        [sys.executable, "-m", "evidence", *arguments, *place], cwd=ROOT, input=text, capture_output=True, text=True
    )
    write(out / name, f"exit {done.returncode}\n{done.stdout}", project)
    return done.stdout


def write(path: Path, text: str, project: Path | None = None) -> None:
    for known in filter(None, (project, project and project.resolve(), ROOT)):
        text = text.replace(str(known), "<place>")
    text = re.sub(r'("seconds": )[\d.]+', r"\1<time>", TIME.sub("<time>", text))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def tables(out: Path, database: Path) -> None:
    """Every published table as sorted lines of JSON."""
    conn = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    names = [row[0] for row in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
    for name in names:
        if not SKIPPED_TABLES.match(name):
            rows = (
                json.dumps([_plain(v) for v in row], ensure_ascii=False)
                for row in conn.execute(f'SELECT * FROM "{name}"')
            )
            write(out / f"{name}.jsonl", "\n".join(sorted(TIME.sub("<time>", row) for row in rows)))
    conn.close()


def _plain(value: object) -> object:
    return value.hex() if isinstance(value, bytes) else value


def make_project(directory: Path, files: list[Path]) -> Path:
    run(directory.parent / "log", f"init-{directory.name}", "init", str(directory), "--example", "neuromodulation")
    metadata = directory / "metadata.yml"
    metadata.write_text(re.sub(r'"\*": hide', '"*": show', metadata.read_text("utf-8")), encoding="utf-8")
    if files:
        run(directory.parent / "log", f"import-{directory.name}", "import", *map(str, files), project=directory)
    return directory


def site(out: Path, project: Path) -> None:
    """The JSON of every kind of page."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "evidence", "up", "--port", str(port), "--project", str(project)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for page in PAGES:
            answer = _get(f"http://127.0.0.1:{port}{page}", server)
            name = re.sub(r"\W+", "_", page).strip("_") or "home"
            write(out / name, f"{answer.status_code}\n{answer.text}".replace(str(port), "<port>"), project)
    finally:
        server.terminate()
        server.wait()


def _get(address: str, server: subprocess.Popen[bytes]) -> requests.Response:
    for _ in range(240):
        if server.poll() is not None:
            sys.exit(f"evidence up ended with {server.returncode}")
        try:
            return requests.get(address, timeout=60)
        except requests.ConnectionError:
            time.sleep(0.5)
    sys.exit("evidence up did not answer in two minutes")


def make(out: Path) -> None:
    scratch = Path(tempfile.mkdtemp())
    try:
        everything = [SHARED / "tagging" / "records.jsonl.gz", *sorted((SHARED / "pubmed").glob("*.xml.gz"))]
        large = make_project(scratch / "large", everything)
        run(out, "build-large", "build", "--json", project=large)
        tables(out / "large", large / "data" / "evidence.db")
        for name in FORMATS:
            run(out, f"export-large.{name}", "export", "--format", name, project=large)
        starter = make_project(scratch / "starter", [])
        site(out / "site", starter)
        tables(out / "starter", starter / "data" / "evidence.db")
        for name in ("status", "verify"):
            run(out, f"{name}-starter", name, "--json", project=starter)
        drafts = make_project(scratch / "drafts", [SHARED / "check" / "library.xml"])
        run(out, "build-drafts", "build", "--json", project=drafts)
        for draft in sorted((SHARED / "check" / "drafts").glob("*.md")):
            run(out / "check", draft.name, "check", str(draft), "--format", "json", project=drafts)
            run(out / "check-text", draft.name, "check", str(draft), project=drafts)
        for article in sorted((SHARED / "articles").glob("0*.txt")):
            run(out / "check", article.name, "check", str(article), "--format", "json", project=large)
        references = "\n".join(_references())
        run(out, "resolve", "resolve", "-", project=large, text=references)
        run(out, "tag", "tag", str(SHARED / "tagging" / "records.jsonl.gz"))
        for labelled in sorted((SHARED / "dedup").glob("*.csv.gz")):
            clusters = scratch / "clusters.csv"
            unpacked = scratch / labelled.stem
            unpacked.write_bytes(gzip.decompress(labelled.read_bytes()))
            run(scratch, "dedupe", "dedupe", str(unpacked), "--output", str(clusters))
            write(out / "dedupe" / labelled.stem, clusters.read_text("utf-8"))
    finally:
        shutil.rmtree(scratch)


def _references() -> Iterator[str]:
    with gzip.open(SHARED / "references" / "pmc_refs_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 20 == 0:
                yield " ".join(
                    str(next(v for v in json.loads(line).values() if isinstance(v, str) and len(v) > 30)).split()
                )


def compare(before: Path, after: Path) -> int:
    names = sorted({p.relative_to(d).as_posix() for d in (before, after) for p in d.rglob("*") if p.is_file()})
    different = 0
    for name in names:
        old, new = (
            (d / name).read_text("utf-8").splitlines() if (d / name).is_file() else None for d in (before, after)
        )
        if old == new:
            continue
        different += 1
        print(f"{name}: {'only after' if old is None else 'only before' if new is None else ''}")
        pairs = [(a, b) for a, b in zip_longest(old or [], new or [], fillvalue="") if a != b]
        for a, b in pairs[:3]:
            print(f"  - {_around(a, b)}\n  + {_around(b, a)}")
        print(f"  ({len(pairs):,} lines differ)")
    print(f"{len(names):,} files, {different:,} differ")
    return int(different > 0)


def _around(text: str, other: str) -> str:
    """The part of a line where it begins to differ."""
    same = next((i for i, (a, b) in enumerate(zip(text, other, strict=False)) if a != b), 0)
    return text[max(0, same - 60) : same + 180]


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["make", folder]:
            make(Path(folder).resolve())
        case ["compare", first, second]:
            sys.exit(compare(Path(first), Path(second)))
        case _:
            sys.exit(__doc__)
