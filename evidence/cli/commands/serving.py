"""Commands that show the site: ``serve`` and ``up``."""

from __future__ import annotations

import click

from evidence.cli.address import refuse_taken
from evidence.cli.options import address_options, clock, command, project_option, say
from evidence.cli.progress import stage_progress
from evidence.project import Project
from evidence.services.up import make_ready
from evidence.site import serve as serve_site


@command()
@address_options
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Processes that answer; one for each core that readers may have.",
)
@project_option
def serve(host: str, port: int, workers: int, project: Project) -> None:
    """Serve evidence.db as a site, with this project's pages and metadata.yml."""
    refuse_taken(host, port)
    serve_site(project, host, port, say, workers)


@command()
@address_options
@project_option
def up(host: str, port: int, project: Project) -> None:
    """The main job in one go: make the databases if missing, rebuild when an input changed, serve the site.

    Until something has been fetched, the site shows the starter library and says so.
    """
    refuse_taken(host, port)  # before a build that may take a minute
    for line in make_ready(project, stage_progress(), clock()):
        say(line)
    say(f"serving http://{host}:{port}/ (stop with Ctrl-C)")
    serve_site(project, host, port, say)
