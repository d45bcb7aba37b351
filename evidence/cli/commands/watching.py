"""``watch``: the references of a manuscript."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evidence.cli.options import clock, command, json_option, project_option
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from evidence.project import Project
from evidence.services.watch import remember
from evidence.services.watch import watch as watch_file


@command()
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--all", "everything", is_flag=True, help="Also what was told before, and the references not found.")
@json_option
@project_option
def watch(files: tuple[Path, ...], everything: bool, as_json: bool, project: Project) -> int:
    """Tell what became of a manuscript's references since the last time: notices, newer versions, published preprints.

    Reads files of references (BibTeX, RIS, ...) and drafts. Exit code 1 when there is something new.
    """
    found = [watch_file(project, path) for path in files]
    if as_json:
        click.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False))
    else:
        click.echo("\n\n".join(one.text(everything) for one in found))
    for one in found:
        remember(project, one, clock())
    return EXIT_NEEDS_PERSON if any(one.news for one in found) else EXIT_DONE
