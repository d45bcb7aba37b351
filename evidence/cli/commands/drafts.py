"""Commands on drafts: ``check`` a text, ``resolve`` printed references."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from evidence import limits
from evidence.cli.check import run_check
from evidence.cli.options import command, input_file, json_option, project_option, read_input
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from evidence.project import Project
from evidence.services.resolve import resolve_lines


@command()
@click.argument("file", type=input_file, metavar="FILE|-")
@click.option("--format", "format_", type=click.Choice(["text", "json", "markdown"]), default="text", show_default=True)
@click.option(
    "--details", is_flag=True, help="Text and Markdown: every passage, number and warning, not the short form."
)
@click.option("--online", is_flag=True, help="Also ask PubMed for references that the library does not hold.")
@click.option(
    "--fail-on",
    default="",
    metavar="CODE,...",
    help="Exit 1 when one of these warnings is given (no-reference, retracted, ...).",
)
@json_option
@project_option
def check(file: Path, format_: str, details: bool, online: bool, fail_on: str, as_json: bool, project: Project) -> int:
    """Check a draft: its references, numbers and claims, sentence by sentence.

    First what needs action, then a line for each sentence and reference with something to say; --details has it all.
    Reads text, Markdown, HTML and .docx. Says what sources say; whether a claim is right is for people to judge.
    """
    output, found = run_check(project, file, "json" if as_json else format_, online, fail_on, details)
    for piece in output:
        click.echo(piece, nl=False)
    click.echo()
    return EXIT_NEEDS_PERSON if found else EXIT_DONE


@command()
@click.argument("file", type=input_file, metavar="FILE|-")
@click.option("--online", is_flag=True, help="Also ask PubMed for references that the library does not hold.")
@json_option
@project_option
def resolve(file: Path, online: bool, as_json: bool, project: Project) -> None:
    """Find printed references in the library: one reference a line in, one JSON object a line out."""
    for line in resolve_lines(project, read_input(file, limits.RESOLVED_FILE), online):
        sys.stdout.write(line + "\n")
