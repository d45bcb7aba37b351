"""Templates: the site's own environment, and Datasette's core pages in the same dress.

Jinja escapes everything; marks and snippets travel as segments, never as HTML.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined

from evidence.site.wording import FILTERS, evidence_level, status_words

if TYPE_CHECKING:
    from evidence.site.state import Site
    from evidence.site.web import Page

HERE = Path(__file__).parent
# Named "evidence/..." inside Datasette's template path, so that no template of Datasette's own is replaced elsewhere.
TEMPLATES = HERE / "templates" / "evidence"
CORE_OVERRIDES = TEMPLATES / "datasette"
STATIC = HERE / "static"
NAVIGATION = (
    ("/map", "Evidence map"),
    ("/search", "Search"),
    ("/topics", "Topics"),
    ("/claims", "Claims"),
    ("/check", "Check a draft"),
    ("/changes", "Changes"),
    ("/about", "About"),
)


@lru_cache(maxsize=1)
def stylesheet_version() -> str:
    return hashlib.sha256((STATIC / "site.css").read_bytes()).hexdigest()[:10]


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The site's templates; a variable that is missing is an error, not a blank."""
    env = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters.update(FILTERS)
    env.globals.update(navigation=NAVIGATION, evidence_level=evidence_level, status_words=status_words)
    return env


def site_globals(site: Site) -> dict[str, Any]:
    """What every template may use: ``url('/reports', id)`` quotes, ``query(pairs)`` encodes."""

    def url(path: str, *parts: str) -> str:
        return site.prefix + path + "".join(f"/{quote(str(part), safe=':')}" for part in parts)

    def query(path: str, pairs: list[tuple[str, str]]) -> str:
        return site.prefix + path + (f"?{urlencode(pairs)}" if pairs else "")

    return {"site": site, "url": url, "query": query, "css_version": stylesheet_version()}


def render(site: Site, page: Page) -> str:
    """A page as HTML."""
    template = environment().get_template(page.template)
    return template.render(**site_globals(site), page=page, **page.data, **page.extra)


def render_error(site: Site, status: int, message: str) -> str:
    template = environment().get_template("error.html")
    return template.render(**site_globals(site), page=None, status=status, message=message)


def override_core_templates(env: Environment, site: Site) -> None:
    """Give Datasette's index, database, table, row, query and error pages the site's layout.

    The overrides fall back to Datasette's own template for a foreign database served beside this one.
    """
    assert env.loader is not None
    env.loader = ChoiceLoader([FileSystemLoader([CORE_OVERRIDES, TEMPLATES]), env.loader])
    env.filters.update(FILTERS)
    env.globals.update(site_globals(site), navigation=NAVIGATION, page=None)
