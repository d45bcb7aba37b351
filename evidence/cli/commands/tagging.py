"""``evidence tag``, which needs no project but for ``--explain``."""

from __future__ import annotations

from pathlib import Path

import click

from evidence.cli.options import command, input_file, optional_project_option, say
from evidence.project import Project, find_project, packaged_project
from evidence.services.tag import explain_tags, tag_file


@command()
@click.argument("file", required=False, type=input_file)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="JSON lines. Default: standard output.",
)
@click.option(
    "--explain",
    metavar="PMID",
    help="Show, for one report of the project, which rule fired where and what stopped the near misses.",
)
@optional_project_option
def tag(file: Path | None, output: Path | None, explain: str | None, project: Project | None) -> None:
    """Tag records (JSON lines or any importable format) by modality, outcome, condition, design; no project needed."""
    if explain is not None:
        click.echo(explain_tags(project or find_project(), explain))
        return
    if file is None:
        raise click.UsageError("name a FILE to tag, or a report with --explain PMID")
    vocabulary = (project or packaged_project()).vocabulary
    say(tag_file(file, output, vocabulary))
