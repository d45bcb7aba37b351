"""``evidence`` as a person or a scheduler runs it: in this process, which costs no second of imports, or in its own."""

from __future__ import annotations

import contextlib
import io
import logging
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from evidence.cli import main
from evidence.clock import Clock, system_clock

SECRET = "0123456789abcdef-not-to-be-seen"


class Shell:
    """Runs ``evidence`` in a project's directory, against a server on loopback; no key and no traceback may be seen."""

    def __init__(self, directory: Path, url: str = "http://127.0.0.1:9/"):
        self.directory = directory
        self.env = os.environ | {
            "EVIDENCE_EUTILS_URL": url,
            "NCBI_EMAIL": "somebody@example.org",
            "NCBI_API_KEY": SECRET,
            "EVIDENCE_HTTP_BACKOFF": "0.01",
            "EVIDENCE_HTTP_TIMEOUT": "2",
        }

    def run(
        self, *args: str, stdin: str = "", cwd: Path | None = None, process: bool = False, now: Clock = system_clock,
        **env: str,
    ) -> subprocess.CompletedProcess[str]:  # fmt: skip
        """The command's exit code and what it wrote. ``process``: in a process of its own (and by the real clock)."""
        where, environment = cwd or self.directory, self.env | env
        if process:
            done = subprocess.run(
                [sys.executable, "-m", "evidence", *args],
                cwd=where, env=environment, input=stdin, capture_output=True, text=True, timeout=120,
            )  # fmt: skip
        else:
            done = run_here(args, where, environment, stdin, now)
        assert SECRET not in done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def start(self, *args: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "evidence", *args]
        return subprocess.Popen(command, cwd=self.directory, env=self.env, stderr=subprocess.PIPE, text=True)


def run_here(
    args: tuple[str, ...], cwd: Path, environment: dict[str, str], stdin: str, now: Clock
) -> subprocess.CompletedProcess[str]:
    """``main`` with streams of bytes, as the real ones are; the environment, directory and signals are put back."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    code: str | int | None = 0
    with _as_in(cwd, environment), contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
        given, sys.stdin = sys.stdin, io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
        try:
            main(args, now=now)
        except SystemExit as stop:
            code = stop.code
        finally:
            sys.stdin = given
    assert isinstance(code, int)
    out, err = (stream.buffer.getvalue().decode() for stream in streams)  # type: ignore[attr-defined]
    return subprocess.CompletedProcess(args, code, out, err)


@contextlib.contextmanager
def _as_in(cwd: Path, environment: dict[str, str]) -> Iterator[None]:
    before, directory = dict(os.environ), Path.cwd()
    handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGPIPE)}
    logs = {logger: (list(logger.handlers), logger.level, logger.propagate) for logger in _loggers()}
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(cwd)
    try:
        yield
    finally:
        os.chdir(directory)
        os.environ.clear()
        os.environ.update(before)
        for number, handler in handlers.items():
            signal.signal(number, handler)
        # A handler that a command made must not stay for the next.
        for logger in _loggers():
            logger.handlers[:], level, logger.propagate = logs.get(logger, ([], logging.NOTSET, True))
            logger.setLevel(level)


def _loggers() -> list[logging.Logger]:
    named = [logger for logger in logging.root.manager.loggerDict.values() if isinstance(logger, logging.Logger)]
    return [logging.root, *named]
