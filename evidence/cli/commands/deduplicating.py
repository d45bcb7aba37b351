"""``evidence dedupe``, which needs no project."""

from __future__ import annotations

from pathlib import Path

import click

from evidence.cli.options import command, input_file, say
from evidence.services.dedupe import dedupe_files


@command()
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
    click.echo(summary.text(), err=str(output) == "-")
