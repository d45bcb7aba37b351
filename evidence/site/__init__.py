"""The site: a Datasette plugin over ``evidence.db``.

The plugin acts only where one of Datasette's databases is an ``evidence.db`` (:func:`find_site`); every other
database, and a Datasette without one, stays as Datasette made it. ``make_datasette`` and ``serve`` are what
the command line calls; ``datasette -i evidence.db -m metadata.yml`` works as well.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datasette import hookimpl

from evidence.site.errors import error_response
from evidence.site.guard import guard
from evidence.site.join_facet import JoinFacet
from evidence.site.rendering import override_core_templates
from evidence.site.routes import routes
from evidence.site.server import make_datasette, serve
from evidence.site.state import find_site

__all__ = ["make_datasette", "serve"]


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    return routes() if find_site(datasette) else []


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    site = find_site(datasette)
    if site:
        override_core_templates(env, site)


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    return lambda app: guard(app, datasette)


@hookimpl
def register_facet_classes() -> list[type]:
    return [JoinFacet]


@hookimpl
def permission_allowed(datasette: Any, action: str, resource: Any) -> bool | None:
    """No SQL from strangers and no download of the file: one SQL request took a process to 930 MB."""
    site = find_site(datasette)
    if site is None or action not in ("execute-sql", "view-database-download") or resource != site.database:
        return None
    return True if action == "execute-sql" and site.settings.allow_sql else False


@hookimpl(tryfirst=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Any:
    site = find_site(datasette)
    return error_response(site, request, exception) if site and not site.is_foreign(request.path) else None


@hookimpl(tryfirst=True)
def forbidden(datasette: Any, request: Any, message: str) -> Any:
    site = find_site(datasette)
    return error_response(site, request, PermissionError(message)) if site else None
