"""The command that makes the index of PubMed: ``index``. Apart from the others, since it needs numpy."""

from __future__ import annotations

import json

import click

from evidence.cli.options import clock, command, json_option, project_option
from evidence.cli.progress import stage_progress
from evidence.project import Project
from evidence.pubmed_index.manifest import covers as parse_years
from evidence.services.indexing import index_tracker


@command()
@click.option(
    "--covers",
    metavar="YEARS",
    help="The records are all that PubMed has of these years (1950-2026), as on a mirror: only then is it said that "
    "there is no such work.",
)
@click.option("--replace", is_flag=True, help="Take the place of an index that covers more.")
@json_option
@project_option
def index(covers: str | None, replace: bool, as_json: bool, project: Project) -> None:
    """Index what references print of every record received, for 'check' and 'resolve' (docs/pubmed-index.md).

    Without one they ask the library only. The old index serves until the new one is whole.
    """
    years = parse_years(covers, "as --covers says") if covers else None
    summary = index_tracker(project, years, replace, stage_progress(), clock())
    click.echo(json.dumps(summary.as_json(), ensure_ascii=False) if as_json else summary.text())
