"""``evidence export``: a selection of the library for reference managers."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from evidence.cli.options import command, project_option, say
from evidence.project import Project
from evidence.services.export import export_selection

FORMATS = ("ris", "bibtex", "csl-json", "csv", "nbib")
# Filters of a selection, each repeatable: option → its value and what it keeps.
FILTERS = {
    "modality": ("TAG", "Only reports with this modality"),
    "outcome": ("TAG", "Only reports with this outcome"),
    "condition": ("TAG", "Only reports with this condition"),
    "design": ("TAG", "Only reports of this design"),
    "comparator": ("VALUE", "Only reports with this comparator"),
    "blinding": ("VALUE", "Only reports with this blinding"),
    "funding": ("VALUE", "Only reports with this kind of funding"),
    "interests": ("VALUE", "Only reports with these interests of authors"),
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


@command()
@filter_options
@click.option("--year", metavar="Y[-Y]", help="Only reports of this year or these years: 2014, 2014-2020, 2014-.")
@click.option("--query", "-q", default="", metavar="WORDS", help="Only reports that a search for these words finds.")
@click.option("--all", "everything", is_flag=True, help="Off-topic, gone and notice reports as well.")
@click.option("--tags", is_flag=True, help="The labels of our tags as keywords too (KW, keywords).")
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
    tags: bool,
    **filters: tuple[str, ...],
) -> None:
    """Write the selected reports of evidence.db for Zotero, JabRef, EndNote or a spreadsheet."""
    say(export_selection(project, format_, output, query, year, filters, everything, tags))
