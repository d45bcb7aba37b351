"""Small invented projects for the build's tests: a tracker filled step by step, with a clock that the test sets."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from clocks import SetClock
from eutils_server.corpus import Article

from evidence.exchange.pubmed import read_article_set
from evidence.project import Project
from evidence.tracker import TopicLog, Tracker


@dataclass
class TestProject:
    """A project directory whose tracker the test fills: ``fetch`` is one refresh of one topic."""

    __test__ = False
    project: Project
    clock: SetClock = field(default_factory=lambda: SetClock("2026-01-01T08:00:00Z"))

    def fetch(self, articles: Iterable[Article | str], topic: str = "scs", at: str = "2026-01-01T08:00:00Z") -> None:
        """Store articles (or PubmedArticle XML) as a refresh of ``topic`` would."""
        self.clock.at = at
        xml = "".join(a if isinstance(a, str) else a.xml() for a in articles)
        received = list(read_article_set(f"<PubmedArticleSet>{xml}</PubmedArticleSet>".encode()))
        with Tracker.open(self.project.tracker, now=self.clock) as tracker:
            refresh = tracker.begin_refresh()
            tracker.store_batch(refresh, received)
            tracker.update_membership(refresh, topic, [r.record.pmid for r in received], {})
            tracker.log_topic(refresh, TopicLog(topic, query="invented", hits=len(received), new=len(received)))
            tracker.finish_refresh(refresh, "done", requests=1)


def make_project(directory: Path, root: Path) -> TestProject:
    """A project with this repository's own queries and settings, and an empty tracker."""
    shutil.copytree(root / "queries", directory / "queries")
    shutil.copyfile(root / "metadata.yml", directory / "metadata.yml")
    (directory / "data").mkdir()
    return TestProject(Project(directory))
