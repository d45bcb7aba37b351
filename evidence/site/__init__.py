"""The site: a Datasette plugin over ``evidence.db``.

The plugin acts only where one of Datasette's databases is an ``evidence.db`` (``state.find_site``); every other
database, and a Datasette without one, stays as Datasette made it. ``make_datasette`` and ``serve`` are what
the command line calls; ``datasette -i evidence.db -m metadata.yml`` works as well.

Everything but the hook marker is imported when it is used: Datasette loads its plugins while it is itself being
imported, and a plugin that imported it back would be registered half-made, without its hooks.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import TYPE_CHECKING, Any

from datasette import hookimpl

if TYPE_CHECKING:
    from evidence.project import Project


def make_datasette(project: Project, **options: Any) -> Any:
    """Datasette over a project's ``evidence.db``: see :func:`evidence.site.server.make_datasette`."""
    from evidence.site import server

    return server.make_datasette(project, **options)


def serve(
    project: Project,
    host: str = "127.0.0.1",
    port: int = 8001,
    say: Callable[[str], Any] | None = None,
    workers: int = 1,
) -> None:
    """Serve a project's site until interrupted: see :func:`evidence.site.server.serve`."""
    from evidence.site import server

    server.serve(project, host, port, say, workers)


@hookimpl
def register_routes(datasette: Any) -> list[tuple[str, Callable[..., Any]]]:
    from evidence.site.routes import routes
    from evidence.site.state import find_site

    return routes() if find_site(datasette) else []


@hookimpl
def prepare_connection(conn: Any, database: str, datasette: Any) -> None:
    """Refuse to mix builds: a connection opened after the file was replaced would read another one than the rest."""
    from evidence.site.state import known_site

    site = known_site(datasette)
    if site and site.database == database:
        site.check_unchanged()


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    from evidence.site.rendering import prepare_environment
    from evidence.site.state import find_site

    site = find_site(datasette)
    if site:
        prepare_environment(env, datasette, site)


@hookimpl
def extra_template_vars(datasette: Any, template: str | None, database: str | None) -> dict[str, Any]:
    from evidence.site.rendering import variables_for
    from evidence.site.state import find_site

    site = find_site(datasette)
    return variables_for(datasette, site, template, database) if site else {}


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[Any], Any]:
    from evidence.site.guard import guard

    return lambda app: guard(app, datasette)


@hookimpl
def register_facet_classes() -> list[type]:
    from evidence.site import join_facet

    return list(join_facet.register_facet_classes())


@hookimpl(hookwrapper=True)
def filters_from_request(request: Any, database: str, table: str, datasette: Any) -> Generator[None, Any, None]:
    """``?_search=`` on the reports; last, because Datasette's own filter says that the table cannot be searched."""
    from evidence.site.guard import SEARCHED
    from evidence.site.join_facet import kept_apart
    from evidence.site.state import find_site
    from evidence.site.table_search import search_arguments

    outcome = yield
    site = find_site(datasette)
    if site and database == site.database:
        answers = kept_apart(outcome.get_result())
        if table == SEARCHED:
            answers.append(partial(search_arguments, site, request))
        outcome.force_result(answers)


@hookimpl
def permission_allowed(datasette: Any, action: str, resource: Any) -> bool | None:
    """SQL and the file itself for one's own machine only, unless ``metadata.yml`` says something else of SQL."""
    from evidence.site.access import asked
    from evidence.site.state import find_site

    site = find_site(datasette)
    if site is None or action not in ("execute-sql", "view-database-download") or resource != site.database:
        return None
    if action == "execute-sql" and site.settings.allow_sql:
        return True
    return None if asked().own_machine else False


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Generator[None, Any, None]:
    """Answer in place of Datasette's handler, which prints a traceback also for a parameter that a visitor mistyped."""
    from evidence.site.errors import error_response
    from evidence.site.state import find_site

    outcome = yield
    site = find_site(datasette)
    if site and not site.is_foreign(request.path):
        outcome.force_result([error_response(datasette, site, request, exception)])


@hookimpl(tryfirst=True)
def forbidden(datasette: Any, request: Any, message: str) -> Any:
    from evidence.site.errors import error_response
    from evidence.site.state import find_site

    site = find_site(datasette)
    if site is None or site.is_foreign(request.path):
        return None
    return error_response(datasette, site, request, PermissionError(message))
