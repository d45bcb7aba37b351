"""Every address of the site, in one table. ``.json`` behind an address gives the page's data."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from datasette.utils import async_call_with_supported_arguments

from evidence.site import assets, check, export, feeds, readings, sitemap
from evidence.site.errors import error_response
from evidence.site.pages import (
    about,
    articles,
    changes,
    claims,
    evidence_map,
    home,
    report,
    search,
    selection,
    study,
    tags,
    topics,
    trials,
)
from evidence.site.state import find_site
from evidence.site.web import page_view

ID = r"(?P<id>[^/]+?)"
FORMAT = r"(?P<format>\.json)?"

PAGES: tuple[tuple[str, Any], ...] = (
    (rf"/{FORMAT}$", home.home),
    (rf"/index{FORMAT}$", home.home),
    (rf"/map{FORMAT}$", evidence_map.evidence_map),
    (rf"/search{FORMAT}$", search.search_page),
    (rf"/selection{FORMAT}$", selection.selection_page),
    # Any id ever shown leads to its report: PMIDs, record ids and DOIs, slashes included.
    (rf"/reports/(?P<id>.+?){FORMAT}$", report.report_page),
    (rf"/studies/{ID}{FORMAT}$", study.study_page),
    (rf"/topics{FORMAT}$", topics.topics_page),
    (rf"/topics/{ID}{FORMAT}$", topics.topic_page),
    (rf"/trials{FORMAT}$", trials.trials_page),
    (rf"/tags{FORMAT}$", tags.tags_page),
    (rf"/tags/(?P<facet>[a-z]+)/{ID}{FORMAT}$", tags.tag_page),
    (rf"/claims{FORMAT}$", claims.claims_page),
    (rf"/claims/{ID}{FORMAT}$", claims.claim_page),
    (rf"/articles{FORMAT}$", articles.articles_page),
    (rf"/articles/{ID}{FORMAT}$", articles.article_page),
    (rf"/changes{FORMAT}$", changes.changes_page),
    (rf"/about{FORMAT}$", about.about_page),
)


def routes() -> list[tuple[str, Callable[..., Any]]]:
    """Datasette's ``register_routes`` answer; plugin routes win over its own."""
    found: list[tuple[str, Callable[..., Any]]] = [(pattern, page_view(function)) for pattern, function in PAGES]
    found += [
        (rf"/check{FORMAT}$", check.check_view),
        (rf"/readings{FORMAT}$", readings.readings_view),
        (r"/feeds/(?P<name>.+)\.(?P<form>xml|json)$", feeds.feed_view),
        (r"/export$", export.export_view),
        (r"/static/site\.css$", assets.stylesheet),
        (r"/robots\.txt$", assets.robots),
        (r"/sitemap\.xml$", sitemap.sitemap),
        (r"/favicon\.ico$", assets.favicon),
        (r"/-/openapi\.json$", assets.openapi),
    ]
    return [(pattern, shielded(view)) for pattern, view in found]


def shielded(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view whose failures never reach Datasette, which would print them with the values of local variables."""

    async def safe(request: Any, datasette: Any, send: Any) -> Any:
        try:
            return await async_call_with_supported_arguments(view, request=request, datasette=datasette, send=send)
        except Exception as error:
            site = find_site(datasette)
            assert site is not None
            return await error_response(datasette, site, request, error)

    return safe
