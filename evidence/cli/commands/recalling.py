"""``recall``: what the reference lists of systematic reviews say of the topics' searches."""

from __future__ import annotations

import json

import click

from evidence.cli.options import command, json_option, project_option
from evidence.project import Project
from evidence.services.recall import recall_lines, recall_of


@command()
@click.argument("topics", nargs=-1, metavar="[TOPIC]...")
@json_option
@project_option
def recall(topics: tuple[str, ...], as_json: bool, project: Project) -> None:
    """Of the works that two or more of a topic's systematic reviews cite, the share that the topic holds.

    Counted are works on the topic, by their tags where the library holds them, else by their title. With one TOPIC also
    those that it lacks, with the words of the title that would have found each. It is no sensitivity of the search.
    """
    found = recall_of(project, topics)
    click.echo(json.dumps(found, ensure_ascii=False) if as_json else "\n".join(recall_lines(found)))
