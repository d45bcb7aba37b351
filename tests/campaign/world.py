"""One small invented project, what is done to it, and what must hold of it afterwards.

A :class:`World` has a stand-in of E-utilities and of the other sources, and for each of five operations a project as
it stands before (``before(operation)``: a directory to copy) and what an undisturbed run makes of it (``ends``).
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

for _folder in (Path(__file__).parents[1], Path(__file__).parents[1] / "refresh"):
    if str(_folder) not in sys.path:
        sys.path.insert(0, str(_folder))

from clocks import DATES, SetClock  # noqa: E402
from eutils_server import Article, Corpus, EutilsServer  # noqa: E402
from refresh_conftest import EMAIL, KEY, Small  # noqa: E402
from test_enrich import Library, work  # noqa: E402

from evidence.derive import build  # noqa: E402
from evidence.enrich import enrich  # noqa: E402
from evidence.http import Client, Patience, Timeouts, answer, pacing  # noqa: E402
from evidence.http.pacing import Pacer  # noqa: E402
from evidence.project import NcbiIdentity, Project  # noqa: E402
from evidence.pubmed import eutils  # noqa: E402
from evidence.refresh import refresh  # noqa: E402
from evidence.refresh.progress import Silent  # noqa: E402
from evidence.site.publishing import PUBLICATION, _whole, publish  # noqa: E402
from evidence.sources import Source  # noqa: E402
from evidence.tracker import Tracker, check_tracker  # noqa: E402
from evidence.tracker.importing import import_files  # noqa: E402

OPERATIONS = ("refresh", "import", "enrich", "build", "publish")
USED = ("crossref", "europepmc", "icite", "clinicaltrials")
TRACKER, BUILD, PUBLIC, FILE = "data/tracker.db", "data/evidence.db", "public", "entries.ris"
RIS = "TY  - JOUR\nTI  - alpha stimulation, entry {0} of a file\nPY  - 2020\nDO  - 10.5555/f{0}\nER  - \n"
# Of the tracker: what its logs say of runs is left out, and so is when something was asked.
_STANDS = {
    "records": "SELECT r.id, v.content_hash, r.revision FROM records r "
    "JOIN versions v ON v.record = r.key AND v.number = r.current",
    "versions": "SELECT r.id, v.content_hash FROM versions v JOIN records r ON r.key = v.record",
    "gone": "SELECT r.id FROM absences a JOIN records r ON r.key = a.record WHERE a.back_since IS NULL",
    "members": "SELECT m.topic, r.id FROM memberships m JOIN records r ON r.key = m.record "
    "WHERE m.until_refresh IS NULL",
    "doubted": "SELECT r.id FROM doubts d JOIN records r ON r.key = d.record WHERE d.settled IS NULL",
    "imports": "SELECT DISTINCT source, sha256 FROM imports",
    "answers": "SELECT service, subject, item FROM asked a WHERE since = "
    "(SELECT max(since) FROM asked b WHERE b.service = a.service AND b.subject = a.subject)",
}
_HELD = (
    "SELECT 'version', record, number, content_hash, content FROM versions",
    "SELECT 'answer', key, '', content_hash, content FROM answers",
    "SELECT 'asked', service || subject, since, item, answer FROM asked",
    "SELECT 'import', id, sha256, file, imported_at FROM imports",
    "SELECT 'absence', record, refresh, gone_since, '' FROM absences",
)
_TIMES = "('built_at'"


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the stand-ins answer; what a process of its own has to be told."""

    eutils: str
    sources: dict[str, str] = field(default_factory=dict)


@contextmanager
def quick() -> Iterator[None]:
    """No pacing, hardly any waiting."""
    eutils.PER_SECOND_WITH_KEY, pacing.WINDOW, answer.DEFAULT_RETRY_AFTER = 1000, 0.01, 0.002
    before = dict(os.environ)
    os.environ |= {"EVIDENCE_HTTP_BACKOFF": "0.002", "EVIDENCE_HTTP_TIMEOUT": "5"}
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _client(source: Source, email: str) -> Client:
    patience = Patience(attempts=3, first=0.001, lost_requests=1000)
    return source.client(email, limits=Timeouts(2, 5, 10), patience=patience, pacer=Pacer(1000))


def run(operation: str, root: Path, servers: Servers, at: str) -> int:
    """The exit code of one operation, or what it raises."""
    project, now = Project(root), SetClock(at)
    for name, url in servers.sources.items():
        os.environ[f"EVIDENCE_{name.upper()}_URL"] = url
    if operation == "refresh":
        identity = NcbiIdentity(base_url=servers.eutils, email=EMAIL, api_key=KEY)
        return refresh(project, identity=identity, progress=Silent("records"), now=now).exit_code
    if operation == "enrich":
        return enrich(project, (), False, Silent("questions"), {"NCBI_EMAIL": EMAIL}, now, _client).exit_code
    if operation == "import":
        with Tracker.open(project.tracker, now=now) as tracker:
            summary = import_files(tracker, [root / FILE])
        return int(bool(summary.total("problems")))
    if operation == "build":
        build(project, now=now)
    else:
        publish(project, root / PUBLIC, now)
    return 0


class World:
    """Stand-ins and prepared projects; everything in it is invented."""

    def __init__(self, directory: Path):
        self.directory, self.clock = directory, SetClock(DATES[1])
        self.ends: dict[str, dict[str, Any]] = {}

    def __enter__(self) -> World:
        self._quick = quick()
        self._quick.__enter__()
        self.eutils = EutilsServer(Corpus.invented(12)).__enter__()
        small = Small(self.directory / "first", self.eutils, self.clock)
        small.topic("alpha")
        text = (small.project.topics / "alpha.yml").read_text()
        library = Library(small)
        text = text.replace("alpha", "stimulation").replace("modality: scs", "modality: cgrp")
        (small.project.topics / "stimulation.yml").write_text(text)
        library.server.limits = {}  # as some services have it: nobody is told a pace
        self.sources = library.server.__enter__()
        self.servers = Servers(self.eutils.url, {name: self.sources.url(name) for name in USED})
        root = small.project.root
        settings = {
            "sources": dict.fromkeys(USED, True),
            "abstracts": {"*": "show"},
            "public": True,
            "site_url": "https://evidence.example.org",
        }
        small.project.metadata_file.write_text(json.dumps({"title": "Invented", "plugins": {"evidence": settings}}))
        (root / FILE).write_text("\n".join(RIS.format(number) for number in range(3)))
        self._all(root, OPERATIONS)
        self._time_passes(library)
        (root / FILE).write_text("\n".join(RIS.format(number) for number in range(1, 8)))
        for operation in ("refresh", "import", "enrich"):
            shutil.copytree(root, self.before(operation))
        self._all(root, ("refresh", "import", "enrich"))
        shutil.copytree(root, self.before("build"))
        self._all(root, ("build",))
        shutil.copytree(root, self.before("publish"))
        for operation in OPERATIONS:
            with self.copied(operation) as copy:
                assert run(operation, copy, self.servers, self.clock.at) == 0, operation
                self.ends[operation] = self.state(copy)
        self.olds = {operation: self.state(self.before(operation)) for operation in OPERATIONS}
        return self

    def __exit__(self, *_: object) -> None:
        self.sources.__exit__()
        self.eutils.__exit__()
        self._quick.__exit__(None, None, None)

    def before(self, operation: str) -> Path:
        return self.directory / f"before-{operation}"

    @contextmanager
    def copied(self, operation: str) -> Iterator[Path]:
        root = self.directory / f"run-{operation}"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(self.before(operation), root)
        try:
            yield root
        finally:
            shutil.rmtree(root, ignore_errors=True)

    def _all(self, root: Path, operations: tuple[str, ...]) -> None:
        for operation in operations:
            assert run(operation, root, self.servers, self.clock.at) == 0, operation

    def _time_passes(self, library: Library) -> None:
        """A month later: records that are new, revised, gone; other answers of other sources."""
        self.clock.move(days=31)
        corpus = self.eutils.corpus
        corpus.revise("1006", abstract="Invented. Forty-two people were looked at; nothing was found.")
        corpus.revise("1007", types=["Journal Article", "Retracted Publication"])
        corpus.revise("1008", title="beta stimulation, no more the other")
        corpus.delete("1009")
        for number in range(4):
            corpus.add(Article(f"200{number}", f"alpha stimulation, an invented newcomer {number}"))
        library.server.crossref["10.5555/a0"] = work("10.5555/a0", **{"is-referenced-by-count": 7})

    def state(self, root: Path) -> dict[str, Any]:
        """What stands in a project: by part, in a form that can be compared."""
        state: dict[str, Any] = {}
        with closing(sqlite3.connect(root / TRACKER)) as db:
            for name, statement in _STANDS.items():
                state[name] = sorted(db.execute(statement).fetchall(), key=repr)
        with Tracker.open(root / TRACKER, now=self.clock) as tracker:
            state["watermarks"] = {topic: tracker.watermark(topic) for topic in ("alpha", "stimulation")}
        state["build"] = rows_digest(root / BUILD)
        state["public"] = rows_digest(root / PUBLIC / "evidence.db")
        state["whole"] = _whole(root / PUBLIC)
        there = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
        state["files"] = sorted(name for name in there if not name.endswith(("-wal", "-shm")))
        return state

    def lost(self, operation: str, root: Path) -> Iterator[str]:
        """What of the project as it was before is missing or changed, and what is broken."""
        with Tracker.open(root / TRACKER, now=self.clock) as tracker:
            yield from (f"tracker: {problem}" for problem in check_tracker(tracker))
        held, now = held_in(self.before(operation) / TRACKER), held_in(root / TRACKER)
        yield from (f"{key} is lost" for key in held.keys() - now.keys())
        yield from (f"{key} changed" for key in held.keys() & now.keys() if held[key] != now[key])

    def misplaced(self, operation: str, state: dict[str, Any]) -> Iterator[str]:
        """Watermarks past what was stored; a build or a published folder that is neither the old nor the new."""
        end, old = self.ends[operation], self.olds[operation]
        for topic, mark in state["watermarks"].items():
            of_topic = [row for row in state["members"] if row[0] == topic]
            whole = of_topic == [row for row in end["members"] if row[0] == topic]
            if mark != old["watermarks"][topic] and not (whole and state["records"] == end["records"]):
                yield f"{topic}: watermark {mark}, and not all is stored"
        for name in ("build", "public"):
            if state[name] not in (old[name], end[name]):
                yield f"{name} is neither the old one nor the new one"
        if not state["whole"] and PUBLIC + "/" + PUBLICATION in state["files"]:
            yield "the published folder says that it is finished, and is not"


def differences(state: dict[str, Any], end: dict[str, Any]) -> list[str]:
    """Where a project differs from what an undisturbed run makes of it."""
    found = []
    for name, expected in end.items():
        if state[name] != expected:
            parts = [value for value in (state[name], expected) if isinstance(value, list)]
            what = [row for row in parts[0] if row not in parts[1]] + ["/"] if len(parts) == 2 else [state[name]]
            what += [row for row in parts[1] if row not in parts[0]] if len(parts) == 2 else [expected]
            found.append(f"{name} differs: {str(what)[:300]}")
    return found


def held_in(path: Path) -> dict[tuple[Any, ...], Any]:
    with closing(sqlite3.connect(path)) as db:
        return {row[:3]: row[3:] for statement in _HELD for row in db.execute(statement)}


def rows_digest(path: Path) -> str:
    """Of every row of a built database but the time of its build; what is wrong with it, where it is not whole."""
    if not path.is_file():
        return "missing"
    digest = hashlib.sha256()
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
            if (told := db.execute("PRAGMA quick_check(1)").fetchone()[0]) != "ok":
                return f"damaged: {told}"
            tables = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1")]
            for table in tables:
                rows = sorted(map(repr, db.execute(f'SELECT * FROM "{table}"')))
                digest.update(f"{table} {[row for row in rows if not row.startswith(_TIMES)]}".encode())
    except sqlite3.Error as error:
        return f"damaged: {error}"
    return digest.hexdigest()
