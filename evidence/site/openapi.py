"""``/-/openapi.json``: every address that answers JSON, its parameters and what comes back."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from evidence.ledger.reading import DIRECTIONS, FIDELITIES
from evidence.library.search import FACETS, SORTS
from evidence.site.citing import FORMATS
from evidence.trial import TrialState

FILTERS = (
    *((facet, f"Only reports with this {facet}; repeat for any of several.", {"type": "string"}) for facet in FACETS),
    ("from", "First year.", {"type": "integer"}),
    ("to", "Last year.", {"type": "integer"}),
    ("all", "1: also off-topic reports, notices and reports gone from PubMed.", {"type": "string", "enum": ["0", "1"]}),
)
SYNTAX = 'Words, "a phrase", (a OR b) NOT c, -word, random*, author:name, PubMed tags, identifiers.'
QUERY = (("q", SYNTAX, {"type": "string", "maxLength": 1000}),)
SORT = (
    ("sort", "Order.", {"type": "string", "enum": list(SORTS)}),
    ("page", "25 reports a page.", {"type": "integer", "minimum": 1}),
)
FORMAT = (
    ("format", "File format.", {"type": "string", "enum": list(FORMATS)}),
    ("tags", "1: labels of our tags as keywords too.", {"type": "string", "enum": ["0", "1"]}),
)
IDS = (("id", "One report; repeat for several.", {"type": "string"}),)
MAP = (
    ("facet", "Columns.", {"type": "string", "enum": ["outcome", "condition"]}),
    ("unit", "What is counted.", {"type": "string", "enum": ["studies", "reports"]}),
    ("layer", "trials: also registered trials by state.", {"type": "string", "enum": ["trials"]}),
    ("split", "What the bars show.", {"type": "string", "enum": ["level", "comparator", "funding"]}),
    *(
        item
        for item in FILTERS
        if item[0]
        in ("design", "comparator", "blinding", "funding", "interests", "level", "status", "from", "to", "all")
    ),
)
PICK = ("pick", "An id of a report; repeat it for more, up to 100.", {"type": "array", "items": {"type": "string"}})
# (path, summary, query parameters)
GET_PATHS: tuple[tuple[str, str, tuple[Any, ...]], ...] = (
    ("/index.json", "Counts, topics, the map, newest reports, reopened claims", ()),
    ("/map.json", "The evidence map and reports per year", MAP),
    ("/search.json", "Reports of a selection, with facets", (*QUERY, *FILTERS, *SORT, PICK)),
    ("/selection.json", "Reports picked one by one", (PICK,)),
    ("/reports/{id}.json", "One report with everything known of it; 301 from its other ids", ()),
    ("/studies/{id}.json", "One study and its reports", ()),
    ("/topics.json", "Saved searches", ()),
    ("/topics/{id}.json", "One saved search, with PRISMA-S items", ()),
    (
        "/trials.json",
        "Registered trials, their states and reports",
        (
            ("state", "Only this state.", {"type": "string", "enum": [state.value for state in TrialState]}),
            ("modality", "Only trials whose registration or reports have this tag.", {"type": "string"}),
            ("topic", "Only trials that this topic's registry search finds.", {"type": "string"}),
            ("page", "25 trials a page.", {"type": "integer", "minimum": 1}),
        ),
    ),
    ("/tags.json", "Every tag of every facet", ()),
    ("/tags/{facet}/{id}.json", "One tag: definition, accuracy, reports", ()),
    (
        "/claims.json",
        "Claims of health articles",
        (
            ("fidelity", "Only this fidelity to the named source.", {"type": "string", "enum": list(FIDELITIES)}),
            ("direction", "Only this direction.", {"type": "string", "enum": list(DIRECTIONS)}),
            ("status", "draft, confirmed, or none: without a reading.", {"type": "string"}),
            ("modality", "Only claims with this tag or one below it.", {"type": "string"}),
            ("outcome", "Only claims with this tag or one below it.", {"type": "string"}),
            ("condition", "Only claims with this tag or one below it.", {"type": "string"}),
            ("reopened", "1: only reopened ones.", {"type": "string"}),
        ),
    ),
    ("/claims/{id}.json", "One claim, its sources and reading", ()),
    ("/articles.json", "Health articles", ()),
    ("/articles/{id}.json", "One health article and its claims", ()),
    ("/changes.json", "What changed since a day", (("since", "YYYY-MM-DD.", {"type": "string", "format": "date"}),)),
    ("/about.json", "Methods, sources, accuracy, build", ()),
)


def document(title: str, site_url: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document."""
    paths: dict[str, Any] = {path: {"get": _get(path, summary, query)} for path, summary, query in GET_PATHS}
    paths["/export"] = {
        "get": _get(
            "/export",
            "Reports of a selection as a file, at most 10,000",
            (*IDS, *QUERY, *FILTERS, *FORMAT),
            "text/plain",
        )
    }
    paths["/check.json"] = {"post": _check()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": title,
            "version": _version(),
            "description": "Every page is JSON with .json behind its address.",
        },
        "servers": [{"url": site_url}],
        "paths": paths,
    }


def _get(path: str, summary: str, query: tuple[Any, ...], content_type: str = "application/json") -> dict[str, Any]:
    names = [part.strip("{}").removesuffix("}.json") for part in path.split("/") if part.startswith("{")]
    parameters = [{"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names]
    parameters += [{"name": name, "in": "query", "description": text, "schema": schema} for name, text, schema in query]
    error = {"description": "What is wrong", "content": {"application/json": {"schema": _ERROR}}}
    schema = {"type": "object"} if content_type == "application/json" else {"type": "string"}
    return {
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": {"description": summary, "content": {content_type: {"schema": schema}}},
            "400": error,
            "404": error,
        },
    }


def _check() -> dict[str, Any]:
    form = {
        "type": "object",
        "required": ["text"],
        "properties": {"text": {"type": "string", "description": "At most 200 kB."}},
    }
    answers = {
        "200": "The findings: see docs/api.md",
        "413": "Longer than 200 kB",
        "503": "Busy, or not done in 15 seconds",
    }
    return {
        "summary": "Check a draft's references, numbers and claims; nothing is kept",
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {status: {"description": text} for status, text in answers.items()},
    }


_ERROR = {
    "type": "object",
    "properties": {"ok": {"const": False}, "status": {"type": "integer"}, "error": {"type": "string"}},
}


def _version() -> str:
    try:
        return version("neuromodulation-evidence")
    except PackageNotFoundError:
        return "0"
