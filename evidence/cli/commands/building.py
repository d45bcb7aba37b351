"""Commands that derive and check: ``build``, ``verify``, ``init``, ``migrate``."""

from __future__ import annotations

import json
from pathlib import Path
from shlex import quote

import click

from evidence import derive as building
from evidence.cli.options import clock, command, json_option, project_option, say
from evidence.cli.progress import stage_progress
from evidence.derive.verify import verify as verify_project
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from evidence.project import Project
from evidence.scaffold import create_project
from evidence.services import migrate as migration
from evidence.services.up import current_index


@command()
@click.option(
    "--as-of",
    metavar="DATE",
    help="Use the records as received by this day (2026-11-20) or instant, with today's rules.",
)
@click.option(
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write here instead of data/evidence.db.",
)
@json_option
@project_option
def build(as_of: str | None, output: Path | None, as_json: bool, project: Project) -> None:
    """Derive evidence.db from what is stored and queries/. No network; the old file stays until the new is whole."""
    summary = building.build(project, output=output, as_of=as_of, progress=stage_progress(), now=clock())
    for line in summary.log:
        say(line)
    for change in migration.pending(project):
        say(f"{change.path}: an older version's keys stand in it: 'evidence migrate' shows how they are written now")
    click.echo(json.dumps(summary.as_json(), ensure_ascii=False) if as_json else summary.text())
    if line := current_index(project, stage_progress(), clock()):
        say(line)


@command()
@click.option(
    "--against",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    metavar="OLD",
    help="An older copy of tracker.db: exit 1 when the tracker holds less than it does.",
)
@json_option
@project_option
def verify(against: Path | None, as_json: bool, project: Project) -> int:
    """Check both databases, and the index of PubMed, for integrity and against each other. Exit 74: one is damaged."""
    found = verify_project(project, against, clock())
    click.echo(json.dumps(found.as_json(), ensure_ascii=False) if as_json else found.text())
    return found.exit_code


@command()
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False), metavar="DIR")
@click.option("--example", metavar="NAME", help="Begin with a field's topics, vocabulary and claims: neuromodulation.")
@json_option
def init(directory: Path, example: str | None, as_json: bool) -> None:
    """Make a new project directory: empty with commented examples, or with the files of an example, to be edited."""
    project = create_project(directory, example)
    if as_json:
        click.echo(json.dumps({"project": str(project.root), "example": example}, ensure_ascii=False))
        return
    first = "run 'evidence up'" if example else "follow README.md"
    click.echo(f"made {project.root}: {first} there, or with --project {quote(str(directory))}")


@command()
@click.option("--write", is_flag=True, help="Write the files; without it they are only shown.")
@json_option
@project_option
def migrate(write: bool, as_json: bool, project: Project) -> int:
    """Show how an older version's keys in queries/ and metadata.yml are written now, as a diff; --write does it.

    Exit 1 when something is left: files to write, or lines to change by hand.
    """
    changes = migration.pending(project)
    changed = [change for change in changes if change.after != change.before]
    if as_json:
        rows = [
            {
                "file": change.path.relative_to(project.root).as_posix(),
                "diff": change.diff(project.root) if change in changed else "",
                "left": [{"line": line, "why": why} for line, why in change.left],
            }
            for change in changes
        ]
        click.echo(json.dumps({"files": rows, "written": write}, ensure_ascii=False))
    for change in changed if not as_json else ():
        click.echo(change.diff(project.root))
    for change in changes:
        for line, why in change.left:
            say(f"{change.path}:{line}: {why}")
    if write:
        migration.write(changed)
    if not changes:
        say("nothing to write anew")
    elif changed:
        files = "1 file" if len(changed) == 1 else f"{len(changed)} files"
        say(f"wrote {files}" if write else f"{files} would be written: run 'evidence migrate --write'")
    left = any(change.left for change in changes) or (changed and not write)
    return EXIT_NEEDS_PERSON if left else EXIT_DONE
