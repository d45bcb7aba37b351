"""``digest``: what is new, as a message."""

from __future__ import annotations

import json
import re
from datetime import date

import click

from evidence.cli.options import clock, command, json_option, project_option, say
from evidence.errors import UsageError
from evidence.project import Project
from evidence.services.digest import preview
from evidence.services.digest import run as run_digests
from evidence.services.digest.definitions import FILE, Definition, load_definitions


@command()
@click.argument("digests", nargs=-1, metavar="[DIGEST]...")
@click.option(
    "--since", metavar="DATE", help="Only print what was first seen since this day; nothing is sent or noted."
)
@click.option("--html", "as_html", is_flag=True, help="With --since: HTML instead of text.")
@click.option("--resend", type=int, multiple=True, metavar="NUMBER", help="Send a message that is in doubt again.")
@json_option
@project_option
def digest(
    digests: tuple[str, ...], since: str | None, as_html: bool, resend: tuple[int, ...], as_json: bool, project: Project
) -> int | None:
    """Send what is new to those who follow: each event once, by the digests of queries/digests.yml.

    Run it after each build. docs/following.md says how to write a digest and where its messages can go.
    """
    if since is not None:
        _print(project, digests, since, as_html)
        return None
    summary = run_digests(project, clock(), digests, resend)
    if as_json:
        click.echo(json.dumps(summary.as_json(), ensure_ascii=False))
    else:
        for line in summary.lines:
            say(line)
    return summary.exit_code


def _print(project: Project, digests: tuple[str, ...], since: str, as_html: bool) -> None:
    try:
        if not re.fullmatch(r"\d{4}-\d\d-\d\d", since):
            raise ValueError
        date.fromisoformat(since)
    except ValueError as error:
        raise UsageError(f"--since {since!r}: write a day, such as 2026-11-01") from error
    known = {one.id: one for one in load_definitions(project.queries / FILE)}
    for name in digests:
        if name not in known:
            raise UsageError(f"there is no digest {name!r} in queries/{FILE}")
    chosen = [known[name] for name in digests] or [Definition("all", f"Since {since}")]
    for definition in chosen:
        click.echo(preview(project, definition, since)[as_html], nl=False)
