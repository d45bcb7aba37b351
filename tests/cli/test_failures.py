"""Every way to fail has its documented code and one line; secrets never come along."""

from __future__ import annotations

import errno
import sqlite3

import click
import pytest
import requests
from clocks import SetClock

from evidence import errors
from evidence.cli.failures import explain, report_bug, without_secrets


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


def test_a_bug_is_logged_with_its_traceback_and_without_secrets(tmp_path, monkeypatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", "abc123secret")
    log = tmp_path / "data" / "evidence.log"
    try:
        raise ZeroDivisionError("api_key=abc123secret")
    except ZeroDivisionError as error:
        line = report_bug(error, log, SetClock())
    assert str(log) in line
    text = log.read_text()
    assert "Traceback" in text
    assert "abc123secret" not in text + line


def test_secrets_are_blanked_wherever_they_stand(monkeypatch) -> None:
    monkeypatch.setenv("NCBI_EMAIL", "me@example.org")
    assert without_secrets("asked as me@example.org") == "asked as [NCBI_EMAIL]"
