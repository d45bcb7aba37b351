"""``publish``: a folder for the web."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evidence.cli.options import clock, command, json_option, project_option, to_option
from evidence.project import Project
from evidence.site.publishing import publish as publish_to


@command()
@to_option("The folder to write. It is left alone when it already holds the same.")
@json_option
@project_option
def publish(directory: Path, as_json: bool, project: Project) -> None:
    """Write a folder with all that a public site needs: the build, its settings, checksums, a hash of the content.

    The tracker never comes along. docs/publishing.md leads from here to the web.
    """
    done = publish_to(project, directory, clock())
    click.echo(json.dumps(done.as_json(), ensure_ascii=False) if as_json else done.text())
