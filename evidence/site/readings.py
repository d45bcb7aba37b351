"""``/readings``: the desk where readings are confirmed, on one's own machine only (``public: false``, loopback).

It writes to ``queries/readings/`` what ``evidence readings`` writes, and shows no more of what others wrote.
"""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import parse_qsl

from datasette.utils.asgi import Response

from evidence.clock import system_clock
from evidence.errors import EvidenceError, UsageError
from evidence.ledger.reading import BASES, DIRECTIONS, FIDELITIES, Reading
from evidence.project import Project, is_project
from evidence.services.readings import claim_lines, open_desk, record
from evidence.site.access import asked
from evidence.site.errors import plain_error, wants_json
from evidence.site.rendering import render
from evidence.site.state import Site, find_site
from evidence.site.web import Page

HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}
FIELDS = ("claim", "reader", "fidelity", "direction", "basis", "reason")
CHOICES = {"fidelity": FIDELITIES, "direction": DIRECTIONS, "basis": BASES}


async def readings_view(request: Any, datasette: Any) -> Response:
    """GET shows the queue, or a claim and a form for it; POST adds a reading to the reader's log."""
    site = find_site(datasette)
    assert site is not None
    as_json = request.url_vars.get("format") == ".json" or wants_json(request)
    project = project_of(site)
    if not asked().own_machine or project is None:
        return await plain_error(datasette, site, 404, "There is nothing at this address.", as_json)
    try:
        fields = _fields(await request.post_body()) if request.method == "POST" else {}
        given = {name: fields.get(name) or request.args.get(name) or "" for name in FIELDS}
        said = await asyncio.to_thread(_record, project, given) if fields else ""
        shown = await asyncio.to_thread(_shown, project, given, bool(said))
    except EvidenceError as error:
        return await plain_error(datasette, site, 400, str(error), as_json)
    if as_json:
        return Response.json(shown["state"], headers=HEADERS)
    extra = {**shown, "given": given, "said": said, "choices": CHOICES}
    page = Page("readings.html", "Readings of claims", {}, canonical="/readings", extra=extra)
    return Response.html(await render(datasette, site, page, request), headers=HEADERS)


def project_of(site: Site) -> Project | None:
    """The project whose ``data/`` the database stands in; ``None`` for a database by itself."""
    root = site.path.resolve().parent.parent
    return Project(root) if is_project(root) else None


def _fields(body: bytes) -> dict[str, str]:
    """The form's fields. Raises :class:`UsageError`."""
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20))
    except ValueError as error:
        raise UsageError("the form could not be read") from error


def _record(project: Project, given: dict[str, str]) -> str:
    reading = Reading(given["fidelity"], given["direction"], given["basis"], given["reason"])
    path = record(project, given["claim"], given["reader"], system_clock().strftime("%Y-%m-%d"), reading)
    return f"{given['claim']}: added to {path.relative_to(project.root)}"


def _shown(project: Project, given: dict[str, str], done: bool) -> dict[str, Any]:
    """The queue, and the claim to read: the one asked for, none after one was read."""
    desk = open_desk(project)
    claim = desk.claim(given["claim"]) if given["claim"] and not done else None
    lines = claim_lines(desk, claim, draft=False) if claim else []
    return {"state": desk.state(given["reader"]), "claim": claim.id if claim else "", "lines": lines}
