"""``doctor``: what is set, missing or stale."""

from __future__ import annotations

import json
import os

import click

from evidence.cli.options import clock, command, json_option, project_option
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from evidence.project import Project, ncbi_identity
from evidence.services.doctor import ask_pubmed, look
from evidence.services.known_questions import QUESTIONS, ask_source


@command()
@click.option(
    "--online",
    type=click.Choice(["pubmed", *QUESTIONS]),
    multiple=True,
    help="Also ask this service three known questions, and say what differs from what the program assumes.",
)
@json_option
@project_option
def doctor(online: tuple[str, ...], as_json: bool, project: Project) -> int:
    """Say what is set, missing or stale, and what to do about it; exit code 1 when something is to be done.

    Without --online nothing leaves this machine.
    """
    found = list(look(project, os.environ, clock()))
    for name in online:
        found += ask_pubmed(ncbi_identity()) if name == "pubmed" else ask_source(name)
    if as_json:
        click.echo(json.dumps([finding.as_json() for finding in found], ensure_ascii=False))
    else:
        for finding in found:
            click.echo(finding.text())
    return EXIT_NEEDS_PERSON if any(finding.troubles for finding in found) else EXIT_DONE
