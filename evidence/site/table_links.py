"""From a search to the same reports in Datasette's table ``reports`` and back; and what that table opens with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from evidence.derive.schema import FACET_TABLE
from evidence.library.search import Selection
from evidence.model import NOT_EVIDENCE_STATUSES, NOT_LISTED_KINDS, SAMPLE_SIZES, Facet, Scope, StatedFacet

TABLE = "reports"
# Facets that stand in a link table, and those that are columns of the reports.
THROUGH = {str(facet): (f"report_{FACET_TABLE[facet]}", str(facet)) for facet in (*Facet, *StatedFacet)}
COLUMNS = {"year": "year", "status": "status", "kind": "kind", "scope": "scope", "level": "evidence_level"}
# What changes neither the rows nor what a search would find: order, size, columns, facets, form fields.
NEUTRAL = (
    "_sort", "_size", "_next", "_col", "_nocol", "_facet", "_labels", "_filter", "_trace", "_nofacet", "_nocount",
)  # fmt: skip
# The columns that the table of reports opens with, and their headings.
OPENING = (
    ("title", "Title"),
    ("first_author", "First author"),
    ("journal", "Journal"),
    ("year", "Year"),
    ("design_label", "Design"),
    ("evidence_level", "Level"),
    ("sample_size", "n"),
)
TAGS = """
    WITH shown(id) AS (SELECT value FROM json_each(:ids))
    SELECT report, 'modality' AS facet, modality AS tag FROM report_modalities WHERE report IN shown
    UNION ALL SELECT report, 'outcome', outcome FROM report_outcomes WHERE report IN shown"""


def table_pairs(selection: Selection) -> list[tuple[str, str]] | None:
    """The query string of the table that shows a selection's reports; ``None`` where the table cannot say it.

    Values of a link table are joined by AND there, so that two of one facet cannot be said; two ranges of
    sample sizes, topics and trials' states cannot either.
    """
    pairs = [("_search", selection.text)] if selection.text else []
    if selection.topic or selection.trial or any(len(getattr(selection, facet)) > 1 for facet in (*THROUGH, "size")):
        return None
    for facet, (link, column) in THROUGH.items():
        for value in getattr(selection, facet):
            pairs.append(("_through", _through(link, column, value)))
    for facet, column in COLUMNS.items():
        values = [value for value in getattr(selection, facet) if value != "none"]
        if len(values) < len(getattr(selection, facet)):
            if values:
                return None
            pairs.append((f"{column}__isnull", "1"))
        elif values:
            pairs.append((column, values[0]) if len(values) == 1 else (f"{column}__in", ",".join(values)))
    for low, high in (SAMPLE_SIZES[size] for size in selection.size):
        pairs += [("sample_size__gte", str(low))] + ([("sample_size__lte", str(high))] if high else [])
    pairs += [("year__gte", str(selection.year_from))] if selection.year_from is not None else []
    pairs += [("year__lte", str(selection.year_to))] if selection.year_to is not None else []
    if not selection.everything:
        hidden = [kind for kind in NOT_LISTED_KINDS if kind not in selection.kind]
        pairs += [("kind__notin", ",".join(hidden))] if hidden else []
        pairs += [("scope__not", Scope.OFF_TOPIC)] if Scope.OFF_TOPIC not in selection.scope else []
        pairs += [("gone_since__isnull", "1")]
    pairs += [("status__notin", ",".join(NOT_EVIDENCE_STATUSES))] if selection.standing else []
    return pairs


def search_pairs(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]] | None:
    """The query string of ``/search`` for the rows of a table page; ``None`` where the search cannot say it."""
    asked = [(name, value) for name, value in pairs if not name.startswith(NEUTRAL)]
    values: dict[str, Any] = dict.fromkeys((*THROUGH, *COLUMNS), ())
    values["standing"] = ("status__notin", ",".join(NOT_EVIDENCE_STATUSES)) in asked
    try:
        for name, value in asked:
            column, _, lookup = name.partition("__")
            facet = next((facet for facet, held in COLUMNS.items() if held == column), "")
            if name == "_search":
                values["text"] = value
            elif name == "_through":
                through = json.loads(value)
                held = (through["table"], through["column"])
                facet = next(facet for facet, place in THROUGH.items() if place == held)
                values[facet] = (*values[facet], str(through["value"]))
            elif name == "sample_size__gte":
                values["size"] = tuple(size for size, (low, _) in SAMPLE_SIZES.items() if low == int(value))
            elif name in ("year__gte", "year__lte"):
                values["year_from" if name == "year__gte" else "year_to"] = int(value)
            elif facet and lookup == "isnull":
                values[facet] = ("none",)
            elif facet and lookup in ("", "in"):
                values[facet] = tuple(value.split(",")) if lookup else (value,)
    except (ValueError, KeyError, TypeError, StopIteration):
        return None
    # What was read is right where it gives the same table.
    for everything in (False, True):
        selection = Selection(**values, everything=everything)
        if sorted(table_pairs(selection) or ()) == sorted(asked):
            return selection.pairs()
    return None


def in_order(facets: Sequence[Any]) -> list[Any]:
    """Facets of the table, the site's own first and in its order; Datasette has them by their length."""
    order = [*(".".join(place) for place in THROUGH.values()), *COLUMNS.values()]
    return sorted(facets, key=lambda facet: order.index(facet["name"]) if facet["name"] in order else len(order))


def _through(table: str, column: str, value: str) -> str:
    """As the join facet writes it, so that its value is shown as chosen."""
    return json.dumps({"table": table, "column": column, "value": value}, separators=(",", ":"), sort_keys=True)


async def opening_rows(datasette: Any, site: Any, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Datasette's rows of reports as the table opens with them: raw values, and labels of modalities and outcomes."""
    found = [{cell["column"]: cell["raw"] for cell in row} for row in rows]
    tags: dict[str, dict[str, list[dict[str, str]]]] = {}
    answer = await datasette.execute(site.database, TAGS, {"ids": json.dumps([row["id"] for row in found])})
    for report, facet, tag in answer.rows:
        tags.setdefault(report, {}).setdefault(facet, []).append({"id": tag, "label": site.label(facet, tag)})
    for row in found:
        row["modalities"] = tags.get(row["id"], {}).get("modality", [])
        row["outcomes"] = tags.get(row["id"], {}).get("outcome", [])
    return found
