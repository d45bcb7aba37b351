"""The steps of the GitHub workflow against a stand-in for ``gh``: whatever fails, the history stays."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = pytest.mark.skipif(not shutil.which("jq"), reason="needs jq, which reads what gh --jq is asked for")

# Stands for the program: a refresh adds a row to the tracker and leaves some of it in the write-ahead log.
EVIDENCE = """
import os, sqlite3, sys
if sys.argv[1] == "refresh" and os.environ["REFRESH"] != "75":
    db = sqlite3.connect("data/tracker.db")
    db.execute("PRAGMA journal_mode = WAL")
    db.execute("CREATE TABLE IF NOT EXISTS runs (name)")
    db.execute("INSERT INTO runs VALUES (?)", (os.environ["NEW"],))
    db.commit()
    os._exit(int(os.environ["REFRESH"]))  # killed, as it were: the log is not copied back
if sys.argv[1] == "refresh":
    sys.exit(75)
if sys.argv[1] == "build":
    open("data/evidence.db", "w").write("built")
if sys.argv[1] == "verify":
    old = sys.argv[sys.argv.index("--against") + 1] if "--against" in sys.argv else None
    read = lambda path: {row for row in sqlite3.connect(path).execute("SELECT name FROM runs")}
    sys.exit(int(os.environ["VERIFY"]) or bool(old and not read(old) <= read("data/tracker.db")))
"""


class Job:
    """Runs the workflow's own steps, each as GitHub runs it, in a directory that is new for every run."""

    def __init__(self, directory: Path, root: Path, after: Job | None = None):
        """``after``: another, to go on after its last run as if it had been in this directory."""
        self.directory, self.state, self.number = directory, directory / "github", after.number if after else 0
        if after:
            shutil.copytree(after.state, self.state)
        else:
            self.state.mkdir()
            (self.state / "count").write_text("0")
        self.bin = directory / "bin"
        self.bin.mkdir()
        gh = Path(__file__).with_name("gh_stand_in.py")
        self._script("gh", f'exec "{sys.executable}" "{gh}" "$@"')
        (self.bin / "evidence.py").write_text(EVIDENCE)
        self._script("evidence", f'exec "{sys.executable}" "{self.bin}/evidence.py" "$@"')
        self._script("python", f'exec "{sys.executable}" "$@"')
        workflow = yaml.safe_load((root / "deploy" / "github-actions-refresh.yml").read_text(encoding="utf-8"))
        self.workflow = workflow
        steps = workflow["jobs"]["refresh"]["steps"]
        self.steps = [step["run"] for step in steps if "run" in step and not step["run"].startswith("pip ")]
        assert len(self.steps) == 6

    def _script(self, name: str, line: str) -> None:
        (self.bin / name).write_text(f"#!/bin/sh\n{line}\n")
        (self.bin / name).chmod(0o755)

    def run(self, fault: str = "", refresh: int = 0, verify: int = 0) -> bool:
        """One run of the job; whether every step was well."""
        self.number += 1
        here = self.directory / f"run {self.number}"
        here.mkdir()
        env = os.environ | {
            "PATH": f"{self.bin}:{os.environ['PATH']}", "GH_STATE": str(self.state), "GH_FAULT": fault,
            "REFRESH": str(refresh), "VERIFY": str(verify), "RELEASES": "repos/somebody/library/releases",
            "NEW": f"tracker-{self.number}-1.db",
        }  # fmt: skip
        for step in self.steps:
            done = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step],
                cwd=here, env=env, capture_output=True, text=True, start_new_session=True, timeout=60, check=False,
            )  # fmt: skip
            if done.returncode:
                return False
        return True

    def trackers(self) -> dict[str, set[str]]:
        """The runs that each whole tracker of the release knows of, by its name."""
        found = {}
        for folder in sorted((self.state / "data").glob("tracker*")):
            if json.loads((folder / "about.json").read_text())["state"] == "uploaded":
                try:
                    with sqlite3.connect(f"{(folder / 'content').as_uri()}?immutable=1", uri=True) as db:
                        found[folder.name] = {name for (name,) in db.execute("SELECT name FROM runs")}
                except sqlite3.DatabaseError:
                    found[folder.name] = set()
        return found


@pytest.fixture
def job(tmp_path: Path, root: Path) -> Job:
    return Job(tmp_path, root)


@pytest.fixture(scope="module")
def _two_runs(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Job:
    job = Job(tmp_path_factory.mktemp("two"), root)
    assert job.run() and job.run()
    return job


@pytest.fixture
def third(tmp_path: Path, root: Path, _two_runs: Job) -> Job:
    """A job that ran twice and was well."""
    return Job(tmp_path, root, after=_two_runs)


def runs(*numbers: int) -> set[str]:
    return {f"tracker-{number}-1.db" for number in numbers}


def test_one_run_after_another_keeps_the_history(job: Job) -> None:
    for number in range(1, 5):
        assert job.run()
        newest = job.trackers()[f"tracker-{number}-1.db"]
        assert newest == runs(*range(1, number + 1))
    assert job.trackers().keys() == runs(3, 4)  # the last one stays beside the new one
    assert (job.state / "data" / "evidence.db").exists()


FAULTS = [
    *(f"{kind}:{where}" for where in ("list", "assets", "download") for kind in ("network", "http_500", "rate")),
    "no_access:list", "no_access:assets", "no_access:download",
    "empty:list", "html:list", "empty:assets", "html:assets", "empty:download", "partial:download", "garbled:download",
    *(f"{kind}:upload" for kind in ("network", "http_500", "no_access", "partial", "empty", "killed")),
    *(f"killed:{where}" for where in ("list", "assets", "download")),
]  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("digest", [True, False])
def test_whatever_fails_ends_the_job_and_the_next_goes_on(
    third: Job, monkeypatch: pytest.MonkeyPatch, fault: str, digest: bool
) -> None:
    if not digest:  # older servers give none
        if fault == "garbled:download":
            pytest.skip("a download of the right size is told from the right one by its digest only")
        monkeypatch.setenv("GH_WITHOUT_DIGEST", "1")
    assert not third.run(fault)
    whole = third.trackers()
    assert whole["tracker-2-1.db"] == runs(1, 2), "the last tracker is gone"
    assert third.run()
    assert third.trackers()["tracker-4-1.db"] == runs(1, 2, 4)


@pytest.mark.parametrize("fault", ["network:delete", "killed:delete"])
def test_old_ones_that_cannot_be_deleted_are_in_nobodys_way(third: Job, fault: str) -> None:
    assert not third.run(fault)
    assert third.run()
    assert third.trackers()["tracker-4-1.db"] == runs(1, 2, 3, 4)


@pytest.mark.parametrize("fault", ["network:create", "http_500:create", "killed:create", "network:list", "html:list"])
def test_a_first_run_that_fails(job: Job, fault: str) -> None:
    assert not job.run(fault)
    begun = (job.state / "data").exists()
    assert job.run() is not begun  # a release without a tracker is for a person to look at
    if begun:
        shutil.rmtree(job.state / "data")
        assert job.run()


@pytest.mark.parametrize("code", [2, 70, 74, 75])
def test_a_refresh_that_fails_changes_nothing(job: Job, code: int) -> None:
    assert job.run()
    before = job.trackers()
    assert not job.run(refresh=code)
    assert job.trackers() == before


def test_a_refresh_with_a_failed_topic_is_kept(job: Job) -> None:
    assert job.run() and job.run(refresh=1)
    assert job.trackers()["tracker-2-1.db"] == runs(1, 2)


@pytest.mark.parametrize("code", [1, 74])
def test_a_tracker_that_is_refused_is_not_kept(job: Job, code: int) -> None:
    assert job.run()
    before = job.trackers()
    assert not job.run(verify=code)
    assert job.trackers() == before


def test_the_tracker_of_an_older_workflow_is_taken_over(job: Job) -> None:
    assert job.run()
    (job.state / "data" / "tracker-1-1.db").rename(job.state / "data" / "tracker.db")
    about = job.state / "data" / "tracker.db" / "about.json"
    about.write_text(json.dumps(json.loads(about.read_text()) | {"name": "tracker.db"}))
    assert job.run()
    assert job.trackers()["tracker-2-1.db"] == runs(1, 2)


def cron_line(root: Path, words: str) -> str:
    lines = (root / "deploy" / "crontab").read_text(encoding="utf-8").splitlines()
    (line,) = [line for line in lines if words in line and not line.startswith("#")]
    return line.split(maxsplit=5)[5]


def test_a_backup_of_a_tracker_that_lost_its_history_does_not_replace_the_last(job: Job, root: Path) -> None:
    assert job.run() and job.run()
    home = job.directory / "run 2"
    (home / ".venv").mkdir()
    (home / ".venv" / "bin").symlink_to(job.bin)
    line = cron_line(root, "backup").replace("/srv/evidence", f"'{home}'")
    env = os.environ | {"VERIFY": "0"}

    def back_up() -> int:
        return subprocess.run(["sh", "-c", line], env=env, check=False, timeout=60).returncode

    assert back_up() == 0 and back_up() == 0
    kept = (home / "backup" / "tracker.db").read_bytes()
    for path in (home / "data").glob("tracker.db*"):
        path.unlink()
    assert back_up() != 0 and not (home / "data" / "tracker.db").exists()
    shutil.copyfile(job.state / "data" / "tracker-1-1.db" / "content", home / "data" / "tracker.db")
    assert back_up() != 0 and (home / "backup" / "tracker.db").read_bytes() == kept


def test_one_run_at_a_time(job: Job) -> None:
    assert job.workflow["concurrency"] == {"group": "refresh", "cancel-in-progress": False}
    assert job.workflow["defaults"]["run"]["shell"] == "bash"
