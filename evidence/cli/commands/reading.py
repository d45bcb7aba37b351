"""``evidence readings``: what waits to be read, one claim, and a reading put into the log."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from evidence.cli.options import clock, command, json_option, project_option
from evidence.errors import UsageError
from evidence.ledger.reading import BASES, DIRECTIONS, FIDELITIES, Reading, person
from evidence.project import Project
from evidence.services.readings import claim_lines, open_desk, record, state_lines


@command()
@click.argument("claim", required=False, metavar="[CLAIM]")
@click.option("--reader", default="", metavar="NAME", help="Who reads: a first and last name, or an ORCID.")
@click.option("--fidelity", type=click.Choice(list(FIDELITIES)), help="Does the source that the page names say so?")
@click.option("--direction", type=click.Choice(list(DIRECTIONS)), help="What does the evidence found say of it?")
@click.option("--basis", type=click.Choice(list(BASES)), help="What was read for it.")
@click.option("--reason", default="", metavar="TEXT", help="Why, in a sentence.")
@click.option("--draft", is_flag=True, help="With CLAIM: show the draft reading too.")
@json_option
@project_option
def readings(
    claim: str | None, reader: str, fidelity: str | None, direction: str | None, basis: str | None, reason: str,
    draft: bool, as_json: bool, project: Project,
) -> None:  # fmt: skip
    """What waits to be read, and how readers agree; with CLAIM, that claim and its sources.

    With --fidelity a reading is added to the reader's log in queries/readings/. Two readers work blind: nothing here
    shows what another wrote. What both judge alike is confirmed by the next build.
    """
    named = person(reader) if reader else ""
    if named is None:
        raise UsageError(f"--reader {reader!r} names no person: give a first and last name or an ORCID")
    if fidelity:
        if not claim or not named:
            raise UsageError("a reading needs a CLAIM and --reader")
        reading = Reading(fidelity, direction or "", basis or "", reason)
        path = record(project, claim, named, clock()().strftime("%Y-%m-%d"), reading)
        said = {"claim": claim, "file": str(path)}
        click.echo(json.dumps(said, ensure_ascii=False) if as_json else f"{claim}: added to {path}")
        return
    desk = open_desk(project)
    if claim:
        found = desk.claim(claim)
        open_to_see = draft or (found.reading is not None and found.reading.status == "confirmed")
        shown = asdict(found) if open_to_see else asdict(found) | {"reading": None}
        lines = claim_lines(desk, found, draft)
        click.echo(json.dumps(shown, ensure_ascii=False, default=list) if as_json else "\n".join(lines))
        return
    state = desk.state(named)
    click.echo(json.dumps(state, ensure_ascii=False) if as_json else "\n".join(state_lines(state, named)))
