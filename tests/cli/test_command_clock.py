"""Commands under a clock that is passed in: each time they write is its time, whatever day it is."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
from clocks import DATES, SetClock
from command_shell import Shell
from eutils_server import Corpus, EutilsServer

from evidence.project import packaged_project


def run(clock: SetClock, project: Path, *arguments: str, url: str = "http://127.0.0.1:9/") -> str:
    done = Shell(project, url).run(*arguments, now=clock)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("date", DATES)
def test_every_time_that_commands_write_is_their_clocks(tmp_path: Path, date: str) -> None:
    clock = SetClock(date)
    corpus = Corpus.invented(12)
    corpus.now = clock
    project = tmp_path / "project"
    (project / "queries" / "topics").mkdir(parents=True)
    (project / "queries" / "vocabulary").symlink_to(packaged_project().vocabulary)
    (project / "queries" / "claims").mkdir()
    (project / "metadata.yml").write_text("title: Invented\n")
    (project / "queries" / "topics" / "alpha.yml").write_text("title: A\nmodality: scs\nquery: 'alpha[tiab]'\n")
    (tmp_path / "one.ris").write_text("TY  - JOUR\nTI  - A needle in an invented place\nPY  - 2020\nER  - \n")
    with EutilsServer(corpus) as server:
        refreshed = json.loads(run(clock, project, "refresh", "--json", url=server.url))
        assert refreshed["started_at"] == refreshed["finished_at"] == date and not refreshed["warnings"]
        clock.move(days=13)
        run(clock, project, "import", str(tmp_path / "one.ris"))
        run(clock, project, "build")
        assert json.loads(run(clock, project, "status", "--json"))["topics"][0]["age_days"] == 13
    with sqlite3.connect(project / "data" / "evidence.db") as db:
        info = dict(db.execute("SELECT key, value FROM build_info"))
        seen = {row[0] for row in db.execute("SELECT first_seen FROM reports")}
    assert info["built_at"].startswith(clock.at[:19]) and info["refreshed_at"] == date
    assert seen == {date, clock.at}
    log = (project / "data" / "evidence.log").read_text().splitlines()
    assert log and all(line.startswith(date) for line in log)
