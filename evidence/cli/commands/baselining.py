"""``baseline``: NLM's own files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evidence.baseline.run import baseline as read_baseline
from evidence.cli.options import clock, command, json_option, project_option
from evidence.cli.progress import stage_progress
from evidence.project import Project
from evidence.pubmed_index.manifest import covers as years


@command()
@click.argument("files", nargs=-1, required=True, metavar="FILE|DIR|URL...")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler that stands (tcp://host:8786).")
@click.option(
    "--workers", type=click.IntRange(1, 1024), metavar="N", help="Processes on this machine. Default: one a core."
)
@click.option(
    "--covers",
    "covered_years",
    metavar="YEARS",
    help="These files hold every record of these years (1950-2026); of NLM's whole baseline the names say it.",
)
@click.option(
    "--mesh",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    multiple=True,
    metavar="FILE",
    help="NLM's desc2026.xml and qual2026.xml, for narrower headings. Default: those in data/.",
)
@click.option("--topics-only", is_flag=True, help="Make no reference index: three times as fast.")
@json_option
@project_option
def baseline(
    files: tuple[str, ...],
    scheduler: str | None,
    workers: int | None,
    covered_years: str | None,
    mesh: tuple[Path, ...],
    topics_only: bool,
    as_json: bool,
    project: Project,
) -> int:
    """Read NLM's own files of PubMed: records that the topics find, and the index of all references.

    Needs the extra [baseline] (Dask). Topics are searched for here, without PubMed; what cannot be is named with its
    line. Broken off, it goes on where it was. docs/baseline.md tells how to fetch the files, and what it takes.
    """
    summary = read_baseline(
        project,
        files,
        scheduler,
        workers,
        years(covered_years) if covered_years else None,
        not topics_only,
        mesh,
        stage_progress(),
        clock(),
    )
    click.echo(json.dumps(summary.as_json(), ensure_ascii=False) if as_json else summary.text())
    return summary.exit_code
