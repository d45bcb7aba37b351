"""``audit``: quoted sentences and their handles."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evidence.cli.options import command, json_option, project_option
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from evidence.project import Project
from evidence.services.audit import VERBATIM, Auditor, plain, text_of


@command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@json_option
@project_option
def audit(file: Path, as_json: bool, project: Project) -> int:
    """Say of each sentence that FILE quotes by a handle whether it stands so in the report it names.

    A handle (report/section.n~hash, from a report's JSON) is verbatim, misquoted, changed since, gone, or was never
    issued. FILE is a draft or JSON. Exit code 1 when one is not verbatim.
    """
    found = Auditor(project).audit(text_of(file.read_bytes(), str(file)))
    if as_json:
        click.echo(json.dumps(plain(found), ensure_ascii=False))
    else:
        click.echo("\n".join(one.line() for one in found))
        click.echo("What abstracts say, not advice.")
    return EXIT_DONE if all(one.finding == VERBATIM for one in found) else EXIT_NEEDS_PERSON
