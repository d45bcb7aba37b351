"""Commands on records: ``dedupe`` and ``tag`` (no project needed) and ``export``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evidence.cli.dedupe import dedupe_files
from evidence.cli.export import export_selection
from evidence.cli.options import input_file, optional_project_option, project_option, say
from evidence.cli.tag import explain_tags, tag_file
from evidence.project import Project, find_project, packaged_project

FORMATS = ("ris", "bibtex", "csl-json", "csv", "nbib")
# Filters of a selection, each repeatable: option → its value and what it keeps.
FILTERS = {
    "modality": ("TAG", "Only reports with this modality"),
    "outcome": ("TAG", "Only reports with this outcome"),
    "condition": ("TAG", "Only reports with this condition"),
    "design": ("TAG", "Only reports of this design"),
    "level": ("N", "Only reports of this evidence level (1 to 5, none)"),
    "status": ("STATUS", "Only reports of this notice status"),
    "topic": ("TOPIC", "Only reports found by this topic"),
}


def filter_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """An option for each of :data:`FILTERS`."""
    for name, (value, text) in reversed(FILTERS.items()):
        command = click.option(f"--{name}", multiple=True, metavar=value, help=f"{text}; repeat for any of several.")(
            command
        )
    return command


@click.command()
@click.argument("files", nargs=-1, required=True, type=input_file, metavar="FILE...")
@click.option(
    "--output",
    required=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="CSV with columns record_id, cluster_id.",
)
def dedupe(files: tuple[Path, ...], output: Path) -> None:
    """De-duplicate exports of databases: CSV or any importable format. Needs no project.

    Records that describe one document get the same cluster_id; nothing is deleted.
    """
    summary = dedupe_files(list(files), output)
    for line in summary.log:
        say(line)
    click.echo(summary.text())


@click.command()
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
def tag(file: Path | None, output: Path | None, explain: str | None, project: Path | None) -> None:
    """Tag records (JSON lines or any importable format) by modality, outcome, condition, design; no project needed."""
    if explain is not None:
        click.echo(explain_tags(find_project(project), explain))
        return
    if file is None:
        raise click.UsageError("name a FILE to tag, or a report with --explain PMID")
    vocabulary = (find_project(project) if project else packaged_project()).vocabulary
    say(tag_file(file, output, vocabulary))


@click.command()
@filter_options
@click.option("--year", metavar="Y[-Y]", help="Only reports of this year or these years: 2014, 2014-2020, 2014-.")
@click.option("--query", "-q", default="", metavar="WORDS", help="Only reports that a search for these words finds.")
@click.option("--all", "everything", is_flag=True, help="Off-topic, gone and notice reports as well.")
@click.option("--format", "format_", type=click.Choice(FORMATS), default="ris", show_default=True)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Default: standard output.",
)
@project_option
def export(
    project: Project,
    format_: str,
    output: Path | None,
    query: str,
    year: str | None,
    everything: bool,
    **filters: tuple[str, ...],
) -> None:
    """Write the selected reports of evidence.db for Zotero, JabRef, EndNote or a spreadsheet."""
    say(export_selection(project, format_, output, query, year, filters, everything))
