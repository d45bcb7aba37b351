"""``snapshot``: the build as a data set to cite."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evidence.cli.options import command, json_option, project_option, to_option
from evidence.project import Project
from evidence.services.snapshot import snapshot as make_snapshot


@command()
@to_option("A new folder for it.")
@click.option("--without-parquet", is_flag=True, help="SQLite only; Parquet needs the extra [snapshot].")
@json_option
@project_option
def snapshot(directory: Path, without_parquet: bool, as_json: bool, project: Project) -> None:
    """Write the build as a data set that can be cited: SQLite, Parquet, searches, flow of records, checksums.

    Without abstracts, unless metadata.yml includes them. Two snapshots of one build are the same byte for byte.
    """
    done = make_snapshot(project, directory, parquet=not without_parquet)
    click.echo(json.dumps(done.as_json(), ensure_ascii=False) if as_json else done.text())
