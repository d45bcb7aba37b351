"""``?_search=`` on Datasette's page of the table ``reports``: the site's own search, beside every other filter.

Datasette finds no full-text table there (the index is over a view), and ignored the parameter in silence.
"""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from datasette.filters import FilterArguments

from evidence.library.matching import expression_of
from evidence.library.query_tree import Query
from evidence.library.search import MAX_TEXT, affordable_plan, matching_text
from evidence.library.syntax import QueryError, in_field, parse
from evidence.library.terms import HAS_TEXT
from evidence.site.guard import SEARCH_PARAMETERS
from evidence.site.state import Site
from evidence.site.web import Context, read

BY_TEXT = "rowid in (select rowid from reports_fts where reports_fts match :{name})"
BY_ROW = "rowid in (select value from json_each(:{name}))"


async def search_arguments(site: Site, request: Any) -> FilterArguments:
    """Where-clauses for what was typed. Raises ``QueryError`` where it cannot be understood, ``Busy`` when too long."""
    clauses: list[str] = []
    parameters: dict[str, str] = {}
    described: list[str] = []
    for parameter in SEARCH_PARAMETERS:
        for text in request.args.getlist(parameter):
            query = typed(parameter, " ".join(text.split()))
            if query.tree is None:
                continue
            name = f"evidence_search_{len(clauses)}"
            clause, value, notes = await read(site, partial(where, query), partial(Context, site))
            clauses.append(clause.format(name=name))
            parameters[name] = value
            described.append(f"found by {query.tree}" + (f" ({' '.join(notes)})" if notes else ""))
    extra = {"supports_search": True, "search": request.args.get("_search") or ""}
    return FilterArguments(clauses, parameters, described, extra)


def typed(parameter: str, text: str) -> Query:
    """The query of a parameter: ``_search_title`` puts it into the title."""
    if len(text) > MAX_TEXT:
        raise QueryError(f"the search text is longer than {MAX_TEXT} characters: shorten it")
    query = parse(text)
    place = parameter.removeprefix("_search").strip("_")
    return Query(in_field(query.tree, place), query.notes) if place and query.tree else query


def where(query: Query, context: Context) -> tuple[str, str, list[str]]:
    """A where-clause, its parameter and what to tell: full text where FTS5 can say it, else the rows themselves."""
    planned = affordable_plan(context.conn, context.site.index, query, context.most_postings)
    assert planned.tree is not None
    expression = expression_of(planned.tree)
    if expression and context.most_postings is not None and context.conn.execute(HAS_TEXT, [expression]).fetchone():
        return BY_TEXT, expression, [note.text for note in planned.notes]
    planned, bits = matching_text(context.conn, context.site.index, query, context.most_postings)
    return BY_ROW, json.dumps(context.site.index.rowids(bits)), [note.text for note in planned.notes]
