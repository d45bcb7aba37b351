"""``evidence``: the list of commands, and :func:`main`, where every error becomes an exit code."""

from __future__ import annotations

import importlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from types import FrameType
from typing import Any

import click

from evidence import errors, logs
from evidence.cli.failures import explain, report_bug, state_logs
from evidence.cli.options import HELP_OPTIONS, Invocation, say
from evidence.clock import Clock, system_clock
from evidence.project import Project, find_project
from evidence.scrub import scrub

# Command → where it is defined. Imported when used: Datasette alone takes half a second to import.
COMMANDS = {
    "up": "evidence.cli.commands.serving",
    "refresh": "evidence.cli.commands.fetching",
    "enrich": "evidence.cli.commands.fetching",
    "import": "evidence.cli.commands.fetching",
    "baseline": "evidence.cli.commands.baselining",
    "fetch": "evidence.cli.commands.fetching",
    "build": "evidence.cli.commands.building",
    "index": "evidence.cli.commands.indexing",
    "serve": "evidence.cli.commands.serving",
    "publish": "evidence.cli.commands.publishing",
    "snapshot": "evidence.cli.commands.snapshots",
    "digest": "evidence.cli.commands.digesting",
    "watch": "evidence.cli.commands.watching",
    "audit": "evidence.cli.commands.auditing",
    "check": "evidence.cli.commands.drafts",
    "resolve": "evidence.cli.commands.drafts",
    "readings": "evidence.cli.commands.reading",
    "dedupe": "evidence.cli.commands.deduplicating",
    "tag": "evidence.cli.commands.tagging",
    "export": "evidence.cli.commands.exporting",
    "recall": "evidence.cli.commands.recalling",
    "status": "evidence.cli.commands.fetching",
    "doctor": "evidence.cli.commands.doctoring",
    "verify": "evidence.cli.commands.building",
    "init": "evidence.cli.commands.building",
    "migrate": "evidence.cli.commands.building",
}
_FUNCTION = {"import": "import_"}


class ReaderGone(Exception):
    """Nobody reads standard output any more; click would call a ``BrokenPipeError`` a failure, with exit code 1."""


class CommandList(click.Group):
    """A group that imports a command's module only when the command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(importlib.import_module(COMMANDS[cmd_name]), _FUNCTION.get(cmd_name, cmd_name))
        return command

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenPipeError as error:
            raise ReaderGone from error


def _version() -> str:
    try:
        return version("neuromodulation-evidence")
    except PackageNotFoundError:
        return "not installed"


@click.group(cls=CommandList, context_settings=HELP_OPTIONS | {"max_content_width": 100})
@click.version_option(_version(), prog_name="evidence")
def evidence() -> None:
    """PubMed evidence on a clinical question: refreshed, de-duplicated, tagged, checked, published.

    'evidence up' is the main job: it makes what is missing and serves the site on 127.0.0.1:8001.
    """


def main(args: Sequence[str] | None = None, now: Clock = system_clock) -> None:
    """Run a command and exit with its documented code; nothing but a bug leaves a traceback, and that in a log.

    ``now`` is the clock of everything the command does. There is no option or variable for it: one that was left set
    would date all that is fetched, and what is fetched next.
    """
    _prepare_streams()
    signal.signal(signal.SIGTERM, _terminated)
    logs.to_stderr(now)
    invocation = Invocation(now)
    try:
        result = evidence.main(args=list(args) if args is not None else None, standalone_mode=False, obj=invocation)
        _flush()
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except (Exception, KeyboardInterrupt) as error:
        cause = error.__cause__ if isinstance(error, ReaderGone) and error.__cause__ else error
        sys.exit(_failed(cause, invocation))
    sys.exit(result if isinstance(result, int) else errors.EXIT_DONE)


def _prepare_streams() -> None:
    """A scheduler may start a command with its output closed (``>&-``): what it says is then for nobody.

    A character that the terminal does not know, or a file's name that is no text, is written as ``\\udce9``.
    """
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:
            setattr(sys, name, io.TextIOWrapper(io.FileIO(os.devnull, "w"), encoding="utf-8"))
        elif isinstance(stream := getattr(sys, name), io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _flush() -> None:
    """Write out what is buffered now, where a full disk or a closed pipe still has an exit code."""
    sys.stdout.flush()


def _terminated(_signal: int, _frame: FrameType | None) -> Any:
    say("evidence: terminated; what was committed is kept, run the command again to go on")
    sys.exit(errors.EXIT_TERMINATED)


def _failed(error: BaseException, invocation: Invocation) -> int:
    code, line = explain(error)
    if code == errors.EXIT_BUG:
        line = report_bug(error, _bug_logs(invocation.project), invocation.now)
    if isinstance(error, BrokenPipeError):  # the reader (head, less) has gone: nothing more can be said to it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    if line:
        say(f"evidence: {scrub(line)}")
    return code


def _bug_logs(project: Project | None) -> list[Path]:
    """Where the log of a bug may go, best first: to the project that was worked on, or to the user's own logs."""
    try:
        own = [(project or find_project()).log]
    except (errors.EvidenceError, OSError):
        own = []
    return [*own, *state_logs()]
