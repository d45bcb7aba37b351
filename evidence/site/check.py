"""``/check``: a pasted draft against the library. POST only for the text; nothing is kept, cached or logged."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from functools import partial
from typing import Any, cast
from urllib.parse import parse_qsl

from datasette.utils.asgi import Response

from evidence.check.actions import actions
from evidence.check.render import NOTHING, marked
from evidence.check.result import CheckResult
from evidence.check.wording import label, what_was_read
from evidence.errors import UsageError
from evidence.project import is_project, packaged_project
from evidence.site.errors import plain_error, wants_json
from evidence.site.reading import Busy
from evidence.site.rendering import render
from evidence.site.state import Site, find_site
from evidence.site.web import Page
from evidence.site.workers import CheckPool, load_checker

MAX_TEXT = 200_000
TOO_LONG = "The text is longer than 200 kB: check a part of it."
FAILED = "The check failed on this text; nothing of it was kept."
HEADERS = {"Cache-Control": "no-store", "Pragma": "no-cache"}


async def check_view(request: Any, datasette: Any) -> Response:
    """GET shows the form, POST checks the ``text`` field and shows the findings."""
    site = find_site(datasette)
    assert site is not None
    as_json = request.url_vars.get("format") == ".json" or wants_json(request)
    if request.method != "POST":
        return Response.html(await _html(datasette, site, request, None, ""), headers=HEADERS)
    try:
        text = read_text(await request.post_body())
        if len(text.encode()) > MAX_TEXT:
            return await plain_error(datasette, site, 413, TOO_LONG, as_json)
        findings = await _pool(site).check(text)
    except Busy as busy:
        return await plain_error(datasette, site, 503, str(busy), as_json)
    if "error" in findings:
        return await plain_error(datasette, site, 500, FAILED, as_json)
    # The findings on 200 kB of text are megabytes: not to be written on the thread that every request passes.
    if as_json:
        return await asyncio.to_thread(Response.json, findings, headers=HEADERS)
    html = await asyncio.to_thread(asyncio.run, _html(datasette, site, request, findings, text))
    return Response.html(html, headers=HEADERS)


def read_text(body: bytes) -> str:
    """The ``text`` field of a form. Raises :class:`UsageError`, without quoting it, when there is none."""
    try:
        fields = dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20))
    except ValueError as error:
        raise UsageError(
            "the form could not be read: send text as application/x-www-form-urlencoded, in UTF-8"
        ) from error
    text = fields.get("text", "").replace("\r\n", "\n").replace("\0", "")
    if not text.strip():
        raise UsageError("there is no text: paste a paragraph or an article, with its references (form field: text)")
    return text


async def _html(datasette: Any, site: Site, request: Any, findings: dict[str, Any] | None, text: str) -> str:
    extra: dict[str, Any] = {"text": text, "findings": findings}
    if findings is not None:
        result = cast(CheckResult, findings)
        found = [{**asdict(one), "label": label(one.code)} for one in actions(result)]
        extra |= {"actions": found, "pieces": marked(result), "read": what_was_read(result), "nothing": NOTHING}
    page = Page("check.html", "Check a draft", {}, canonical="/check", extra=extra)
    return await render(datasette, site, page, request)


def _pool(site: Site) -> CheckPool:
    """The workers of this site, started at the first check, with the queries beside the database's ``data/``."""
    if site.check_pool is None:
        beside = site.path.resolve().parent  # a published folder; the database of a project stands in data/
        root = next((path for path in (beside, beside.parent) if is_project(path)), packaged_project().root)
        site.check_pool = CheckPool(partial(load_checker, site.path, root))
    return site.check_pool
