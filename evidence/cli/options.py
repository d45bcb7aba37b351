"""Options that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from evidence.clock import Clock, system_clock
from evidence.errors import InputError
from evidence.project import Project, find_project

FuncT = Callable[..., Any]

HELP_OPTIONS = {"help_option_names": ["-h", "--help"]}
# Every command is made with this, so that -h is help however the command is reached.
command = partial(click.command, context_settings=HELP_OPTIONS)


@dataclass(slots=True)
class Invocation:
    """What a command and :func:`evidence.cli.app.main` tell each other: its clock, the project it is at work on."""

    now: Clock = system_clock
    project: Project | None = None


def project_option(command: FuncT) -> FuncT:
    """``--project DIR``; the command receives a :class:`Project` as ``project``."""
    help = "The project directory. Default: the nearest one from here upwards that has metadata.yml and queries/."
    return _project_option(command, help, find_project)


def optional_project_option(command: FuncT) -> FuncT:
    """``--project DIR`` for commands that also work without one; they receive a :class:`Project` or ``None``."""
    help = "Use this project's queries/ instead of the ones that came with the program."
    return _project_option(command, help, lambda directory: find_project(directory) if directory else None)


def _project_option(command: FuncT, help: str, find: Callable[[Path | None], Project | None]) -> FuncT:
    def to_project(ctx: click.Context, _param: click.Parameter, value: Path | None) -> Project | None:
        project = ctx.ensure_object(Invocation).project = find(value)
        return project

    return click.option(
        "--project",
        type=click.Path(path_type=Path, file_okay=False),
        callback=to_project,
        metavar="DIR",
        help=help,
    )(command)


def to_option(help: str) -> Callable[[FuncT], FuncT]:
    """``--to DIR``, the folder to write, which must be given; the command receives ``directory``."""
    return click.option("--to", "directory", type=click.Path(path_type=Path), required=True, metavar="DIR", help=help)


def address_options(command: FuncT) -> FuncT:
    """``--host`` and ``--port`` of a server."""
    command = click.option(
        "--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port to listen on."
    )(command)
    return click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")(command)


json_option = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON (documented in docs/json.md)."
)
input_file = click.Path(path_type=Path, exists=True, dir_okay=False, allow_dash=True)


def clock() -> Clock:
    """The clock of the command that runs: what :func:`evidence.cli.app.main` was given."""
    return click.get_current_context().ensure_object(Invocation).now


def say(line: str) -> None:
    """A line about what is going on: to stderr, so that stdout holds results only."""
    click.echo(line, err=True)


def read_input(path: Path, most: int) -> bytes:
    """The bytes of a file, or of standard input for ``-``; :class:`InputError` when there are more than ``most``."""
    if str(path) == "-":
        content = sys.stdin.buffer.read(most + 1)
    else:
        with path.open("rb") as file:
            content = file.read(most + 1)
    if len(content) > most:
        name = "standard input" if str(path) == "-" else path
        raise InputError(f"is larger than {most // 1_000_000} MB: give it in parts", name)
    return content
