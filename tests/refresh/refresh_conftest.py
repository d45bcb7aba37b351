"""A small project, a server, and a refresh of one against the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from clocks import DATES, SetClock
from eutils_server import Corpus, EutilsServer

from evidence.http import answer, pacing
from evidence.project import NcbiIdentity, Project
from evidence.pubmed import eutils
from evidence.refresh import RefreshSummary, Status, refresh, status
from evidence.refresh.progress import Silent
from evidence.tracker import Tracker

TOPIC = "title: Invented {0}\nmodality: scs\nquery: |\n  # invented\n  {0}[tiab]\n"
on_each_date = pytest.mark.parametrize("clock", DATES, indirect=True)
KEY, EMAIL = "0123456789abcdef-secret-key", "somebody+tracker@example.org"


class Small:
    """A project in a temporary directory, refreshed from a server without pacing; both go by one ``clock``."""

    def __init__(self, root: Path, server: EutilsServer, clock: SetClock):
        self.clock = server.corpus.now = clock
        (root / "queries" / "topics").mkdir(parents=True)
        (root / "metadata.yml").write_text("title: Invented\n")
        self.project, self.server = Project(root), server

    def topic(self, name: str, query: str | None = None) -> None:
        text = TOPIC.format(name) if query is None else f"title: {name}\nmodality: scs\nquery: '{query}'\n"
        (self.project.topics / f"{name}.yml").write_text(text)

    def refresh(self, *topics: str, **options: bool) -> RefreshSummary:
        identity = NcbiIdentity(base_url=self.server.url, email=EMAIL, api_key=KEY)
        return refresh(
            self.project, list(topics) or None, identity=identity, progress=Silent("records"), now=self.clock, **options
        )

    def tracker(self) -> Tracker:
        return Tracker.open(self.project.tracker, now=self.clock)

    def status(self, **options: int) -> Status:
        return status(self.project, now=self.clock, **options)

    def dump(self) -> dict[str, list[tuple[object, ...]]]:
        """Every row of every table but the log of refreshes."""
        with self.tracker() as tracker:
            tables = set(tracker.db.table_names()) - {"refreshes", "topic_refreshes"}
            return {name: list(tracker.db.execute(f"SELECT * FROM {name}")) for name in sorted(tables)}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pacing and patience have tests of their own. A slow answer is waited for: one given up is asked for again."""
    monkeypatch.setattr(eutils, "PER_SECOND_WITH_KEY", 1000)
    monkeypatch.setattr(pacing, "WINDOW", 0.01)
    monkeypatch.setattr(answer, "DEFAULT_RETRY_AFTER", 0.002)
    monkeypatch.setenv("EVIDENCE_HTTP_BACKOFF", "0.002")
    monkeypatch.setenv("EVIDENCE_HTTP_TIMEOUT", "60")


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> SetClock:
    """The one clock of a test; ``on_each_date`` runs it on several days."""
    return SetClock(getattr(request, "param", DATES[1]))


@pytest.fixture
def small(tmp_path: Path, clock: SetClock) -> Iterator[Small]:
    with EutilsServer(Corpus.invented(30)) as server:
        project = Small(tmp_path / "project", server, clock)
        project.topic("alpha")
        yield project


@pytest.fixture
def make_small(tmp_path: Path, clock: SetClock) -> Iterator[Callable[[Corpus], Small]]:
    servers: list[EutilsServer] = []

    def make(corpus: Corpus, **options: float) -> Small:
        servers.append(EutilsServer(corpus, **options).__enter__())
        project = Small(tmp_path / f"project{len(servers)}", servers[-1], clock)
        project.topic("alpha")
        return project

    yield make
    for server in servers:
        server.__exit__()
