"""Every way to fail has its documented code and one line; secrets never come along."""

from __future__ import annotations

import errno
import sqlite3
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import click
import pytest
import requests
from clocks import SetClock

from evidence import errors
from evidence.cli.failures import explain, report_bug, state_logs


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (errors.NeedsPerson("two topics failed"), 1, "two topics failed"),
        (errors.UsageError("no project here"), 2, "no project"),
        (errors.InputError("unknown field tag", "queries/topics/scs.yml", 7), 2, "queries/topics/scs.yml:7: unknown"),
        (click.UsageError("No such option"), 2, "No such option"),
        (FileNotFoundError(errno.ENOENT, "No such file", "draft.md"), 2, "draft.md: no such file"),
        (errors.StorageError("damaged"), 74, "damaged"),
        (OSError(errno.ENOSPC, "No space left on device", "data/tracker.db"), 74, "disk is full"),
        (PermissionError(errno.EACCES, "Permission denied", "data"), 74, "permission denied"),
        (sqlite3.OperationalError("database or disk is full"), 74, "evidence verify"),
        (sqlite3.DatabaseError("file is not a database"), 74, "evidence verify"),
        (sqlite3.OperationalError("database is locked"), 75, "another process"),
        (errors.TryLater("another refresh holds the lock"), 75, "lock"),
        (requests.ConnectionError("refused"), 75, "network"),
        (MemoryError(), 75, "not enough memory"),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), 75, "not enough memory"),
        (RuntimeError("can't start new thread"), 75, "threads"),
        (BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable"), 75, "processes"),
        (OSError(errno.EMFILE, "Too many open files", "a.ris"), 75, "a.ris: too many files"),
        (BrokenProcessPool("A process in the process pool was terminated abruptly"), 75, "helper process"),
        (RuntimeError("generator raised StopIteration"), 70, ""),
        (KeyboardInterrupt(), 130, "interrupted"),
        (ZeroDivisionError("x"), 70, ""),
        (sqlite3.OperationalError("no such column: nope"), 70, ""),
    ],
)
def test_every_error_has_its_code_and_a_line(error: BaseException, code: int, words: str) -> None:
    found, line = explain(error)
    assert found == code
    assert words in line
    assert "\n" not in line


def bug(message: str = "invented") -> ZeroDivisionError:
    try:
        raise ZeroDivisionError(message)
    except ZeroDivisionError as error:
        return error


def test_a_bug_is_logged_with_its_traceback_and_without_secrets(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", "abc123secret")
    log = tmp_path / "data" / "evidence.log"
    line = report_bug(bug("api_key=abc123secret"), [log], SetClock())
    assert str(log) in line
    text = log.read_text()
    assert "Traceback" in text
    assert "abc123secret" not in text + line


def test_a_bug_whose_log_cannot_be_written_goes_to_the_next(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    blocked, free = tmp_path / "file" / "evidence.log", tmp_path / "state" / "bug.log"
    line = report_bug(bug("a line\nand another " + "x" * 1000), [blocked, free], SetClock())
    assert str(free) in line and "Traceback" in free.read_text()
    assert "\n" not in line and len(line) < 600
    assert "no log could be written" in report_bug(bug(), [blocked], SetClock())


def test_a_bug_in_a_name_that_is_no_text_is_logged(tmp_path: Path) -> None:
    log = tmp_path / "bug.log"
    report_bug(bug("caf\udce9"), [log], SetClock())
    assert "caf\\udce9" in log.read_text()


def test_without_a_project_a_bug_is_logged_among_the_users_own_files(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert state_logs()[0] == tmp_path / "evidence" / "bug.log"
    monkeypatch.delenv("XDG_STATE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert state_logs()[0] == tmp_path / ".local" / "state" / "evidence" / "bug.log"
