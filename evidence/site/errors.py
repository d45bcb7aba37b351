"""Every failure as a clear answer: what a visitor caused is 4xx, what is broken is a 500 that tells them nothing."""

from __future__ import annotations

import logging
import sqlite3
from typing import Any

from datasette.database import QueryInterrupted
from datasette.utils.asgi import Base400, Response
from datasette.views.base import DatasetteError

from evidence.errors import EvidenceError
from evidence.site.reading import Busy
from evidence.site.rendering import render_error
from evidence.site.state import Replaced, Site
from evidence.site.web import PageNotFound

log = logging.getLogger("evidence.site")
# Datasette's own pages raise these on parameters that mean nothing (_through=x, _sort with _sort_desc, _timelimit=x).
BAD_PARAMETER = (
    ValueError,
    KeyError,
    IndexError,
    TypeError,
    AttributeError,
    AssertionError,
    sqlite3.Error,
    OverflowError,
)


HELPFUL_HEADERS = {405: {"Allow": "GET, HEAD"}, 503: {"Retry-After": "5"}}


def wants_json(request: Any) -> bool:
    return request.path.endswith(".json") or "application/json" in request.headers.get("accept", "")


def classify(site: Site, request: Any, exception: Exception) -> tuple[int, str]:
    """The status and the words for an exception."""
    if isinstance(exception, PageNotFound):
        return 404, str(exception) or "There is nothing at this address."
    if isinstance(exception, Replaced):
        return 503, "The library was just rebuilt. Please try again in a few seconds."
    if isinstance(exception, Busy):
        return 503, str(exception)
    if isinstance(exception, EvidenceError):
        return 400, str(exception)
    if isinstance(exception, PermissionError):
        return 403, "This is not allowed here. The data is open as JSON: see About."
    interrupted = isinstance(exception, DatasetteError) and exception.title == "SQL Interrupted"
    if interrupted or isinstance(exception, QueryInterrupted):
        return 503, "This took too long and was stopped: ask for less."
    if isinstance(exception, DatasetteError):
        return (400 if exception.status == 500 else exception.status), str(exception.message)
    if isinstance(exception, Base400):
        words = "There is nothing at this address." if exception.status == 404 else str(exception)
        return exception.status, words
    core_page = site.local(request.path).startswith(f"/{site.database}")
    if core_page and request.query_string and isinstance(exception, BAD_PARAMETER):
        return 400, "A parameter of this address is not valid."
    return 500, "Something is wrong on this site. It has been logged; please try another page."


async def error_response(datasette: Any, site: Site, request: Any, exception: Exception) -> Response:
    status, message = classify(site, request, exception)
    if status == 500:
        # After a POST the type only: a message or a traceback could quote a visitor's draft.
        details = exception if request.method in ("GET", "HEAD") else None
        log.error("%s %s failed: %s", request.method, request.path[:200], type(exception).__name__, exc_info=details)
    return await plain_error(datasette, site, status, message, wants_json(request))


async def plain_error(datasette: Any, site: Site, status: int, message: str, as_json: bool) -> Response:
    headers = {"Cache-Control": "no-store", **HELPFUL_HEADERS.get(status, {})}
    if as_json:
        return Response.json({"ok": False, "status": status, "error": message}, status=status, headers=headers)
    html = await render_error(datasette, site, status, message)
    return Response.html(html, status=status, headers=headers)
