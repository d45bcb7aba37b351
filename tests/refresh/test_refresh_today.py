"""A refresh by the machine's own clock, whatever that says today. CI runs it, and its neighbours, on other days too."""

from __future__ import annotations

from datetime import UTC, timedelta
from pathlib import Path

import pytest
from eutils_server import Article, Corpus, EutilsServer
from refresh_conftest import Small

from evidence.clock import stamp, system_clock

pytestmark = pytest.mark.calendar


def test_what_was_revised_today_is_found_today(tmp_path: Path) -> None:
    before = stamp(system_clock())
    with EutilsServer(Corpus.invented(30)) as server:
        small = Small(tmp_path / "project", server, system_clock)
        small.topic("alpha")
        first = small.refresh()
        assert first.exit_code == 0 and before <= first.started_at <= stamp(system_clock())
        server.corpus.revise("1001", title="alpha stimulation, retold (invented)")
        server.corpus.add(Article("5001", "alpha stimulation, an invented newcomer"))
        server.corpus.delete("1003")
        second = small.refresh()
        (topic,) = second.topics
        assert (topic.new, topic.revised, topic.gone) == (1, 1, 1) and not topic.warnings and not second.warnings
        found = small.status()
        assert found.exit_code == 0 and 0 <= (found.topics[0].age_days or 0) < 0.1 and not found.topics[0].misdated
        with small.tracker() as tracker:
            assert before <= tracker.versions("pubmed:1001")[-1].received_at <= stamp(system_clock())
            assert tracker.watermark("alpha") == second.started_at
        lines = small.project.log.read_text().splitlines()
        assert all(before <= line.split()[0] <= stamp(system_clock()) for line in lines)


def test_the_clock_is_utc_and_reads_what_the_system_says() -> None:
    assert system_clock().tzinfo is UTC
    assert timedelta(0) <= system_clock() - system_clock() + timedelta(seconds=1) <= timedelta(seconds=2)
