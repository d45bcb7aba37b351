"""Pages as HTML through Datasette's own ``render_template``, and Datasette's pages of our tables in the same dress.

The templates are ``evidence/...`` in Datasette's template path: one of the same name in ``--template-dir`` takes its
place, and other plugins' variables, styles, scripts and menu links reach every page. Jinja escapes everything; marks
and snippets travel as segments, never as HTML.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from datasette.utils import path_with_added_args, to_css_class
from jinja2 import BaseLoader, ChoiceLoader, Environment, TemplateNotFound
from jinja2.ext import Extension

from evidence.site.access import asked
from evidence.site.table_links import OPENING, in_order, opening_rows, search_pairs
from evidence.site.wording import FILTERS, evidence_level, status_words

if TYPE_CHECKING:
    from evidence.site.state import Site
    from evidence.site.web import Page

HERE = Path(__file__).parent
OURS = "evidence/"
STATIC = HERE / "static"
NAVIGATION = (
    ("/map", "Evidence map"),
    ("/search", "Search"),
    ("/topics", "Topics"),
    ("/trials", "Trials"),
    ("/claims", "Claims"),
    ("/check", "Check a draft"),
    ("/changes", "Changes"),
    ("/about", "About"),
)
# Datasette's pages of one database, for which it asks by a name of the database's own before the general one.
DATASETTE_PAGES = ("database", "table", "row", "query")


@lru_cache(maxsize=1)
def stylesheet_version() -> str:
    return hashlib.sha256((STATIC / "site.css").read_bytes()).hexdigest()[:10]


def prepare_environment(env: Environment, datasette: Any, site: Site) -> None:
    """Give Datasette's environment our filters (``|evidence.day``) and the templates of our database's own pages."""
    env.filters.update({f"evidence.{name}": function for name, function in FILTERS.items()})
    env.add_extension(TrimOurs)
    assert env.loader is not None
    env.loader = ChoiceLoader([env.loader, OurDatabasePages(datasette, site.database)])


class TrimOurs(Extension):
    """``trim_blocks`` and ``lstrip_blocks`` for our templates only: those of others are written without them."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        if not (name or "").startswith(OURS):
            return source
        source = re.sub(r"(?m)^[ \t]+(?=\{[%#])", "", source)
        return re.sub(r"(?<=[%#]\})\n", "", source)


class OurDatabasePages(BaseLoader):
    """``table-evidence-reports.html`` and its like, which Datasette prefers to ``table.html``: our page of that kind.

    Asked last, so that a template of that name in ``--template-dir`` wins, and so does a ``table.html`` there; pages of
    other databases stay Datasette's.
    """

    def __init__(self, datasette: Any, database: str):
        directory = getattr(datasette, "template_dir", None)
        kinds = [k for k in DATASETTE_PAGES if not (directory and (Path(directory) / f"{k}.html").exists())]
        self.pattern = re.compile(rf"({'|'.join(kinds) or 'none'})-{re.escape(to_css_class(database))}(-.*)?\.html")

    def list_templates(self) -> list[str]:
        return []  # one for every table; Datasette asks for the list to find pages of --template-dir

    def get_source(self, environment: Environment, template: str) -> Any:
        match = self.pattern.fullmatch(template)
        if match is None:
            raise TemplateNotFound(template)
        return f'{{% extends "{OURS}datasette_{match[1]}.html" %}}', None, lambda: True


def site_variables(site: Site) -> dict[str, Any]:
    """What every template of ours may use: ``url('/reports', id)`` quotes, ``url_with(path, pairs)`` encodes."""

    def url(path: str, *parts: str) -> str:
        return site.prefix + path + "".join(f"/{quote(str(part), safe=':')}" for part in parts)

    def url_with(path: str, pairs: list[tuple[str, str]]) -> str:
        return site.prefix + path + (f"?{urlencode(pairs)}" if pairs else "")

    return {
        "site": site,
        "url": url,
        "url_with": url_with,
        "css_version": stylesheet_version(),
        "navigation": NAVIGATION,
        "evidence_level": evidence_level,
        "status_words": status_words,
        "own_machine": asked().own_machine,
        "allow_assets": allow_assets,
        "path_with_added_args": path_with_added_args,
    }


def variables_for(datasette: Any, site: Site, template: str | None, database: str | None) -> dict[str, Any]:
    """The variables of a template of ours, or of Datasette's own page of our database; none for any other."""
    if (template or "").startswith(OURS):
        return site_variables(site)
    if database != site.database:
        return {}
    tables = {"opening": OPENING, "opening_rows": partial(opening_rows, datasette, site), "search_pairs": search_pairs}
    return {**site_variables(site), **tables, "page": None, "parse_qsl": parse_qsl, "in_order": in_order}


def allow_assets(
    styles: Iterable[Mapping[str, Any]], scripts: Iterable[Mapping[str, Any]], inline: Iterable[Mapping[str, Any]]
) -> str:
    """Let the page's Content-Security-Policy pass what other plugins add. Called by the layout; prints nothing."""
    here = asked()
    here.styles += [_origin(style["url"]) for style in styles]
    here.scripts += [_origin(script["url"]) for script in scripts]
    here.scripts += [_hash_source(str(script["script"])) for script in inline]
    return ""


def _origin(url: str) -> str:
    """The source of a policy for an address.

    >>> _origin("/-/static-plugins/x/x.js"), _origin("https://cdn.example.org/x.js?v=1;2")
    ("'self'", 'https://cdn.example.org')
    """
    parts = urlsplit(url)
    return f"{parts.scheme or 'https'}://{parts.netloc}" if re.fullmatch(r"[\w.:-]+", parts.netloc) else "'self'"


def _hash_source(script: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"


async def render(datasette: Any, site: Site, page: Page, request: Any) -> str:
    """A page as HTML."""
    context = {**page.data, **page.extra, "page": page}
    return await _render(datasette, page.template, context, request)


async def render_error(datasette: Any, site: Site, status: int, message: str) -> str:
    return await _render(datasette, "error.html", {"page": None, "status": status, "message": message}, None)


async def _render(datasette: Any, template: str, context: dict[str, Any], request: Any) -> str:
    await datasette.invoke_startup()  # the guard refuses some requests before Datasette has seen one
    name = f"{OURS}{template}"
    view = template.removesuffix(".html")
    html: str = await datasette.render_template(name, context, request=request, view_name=view)
    return html
