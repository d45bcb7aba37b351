"""The evidence map: modality by outcome or condition, cells split by evidence level, claims beside them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from evidence.derive.schema import FACET_TABLE
from evidence.derive.site_tables import count_cell, evidence_bits
from evidence.errors import UsageError
from evidence.library.search import Selection, filter_bits, from_pairs
from evidence.model import LEVELS, NOT_EVIDENCE_STATUSES
from evidence.site.pages.charts import FIRST_YEAR, latest_year, year_bars
from evidence.site.web import Context, Page
from evidence.trial import TrialState

FACETS = ("outcome", "condition")
UNITS = ("studies", "reports")
STATED = ("comparator", "blinding", "funding", "interests")
FILTERS = ("design", *STATED, "level", "from", "to", "status", "all")
# What the bar below a number may show, and the values it shows: a report at the first that it has.
SPLITS: dict[str, tuple[str, ...]] = {
    "level": LEVELS,
    "comparator": ("sham_or_placebo", "drug", "active_other", "usual_care", "none", "not_stated"),
    "funding": ("industry", "public", "charity", "none_declared", "not_stated"),
}
CELLS = "SELECT modality, tag, level, studies, reports, claims FROM map_cells WHERE facet = ?"
CLAIMS = "SELECT modality, tag, claims FROM map_cells WHERE facet = ? AND claims > 0"
FILLED = "SELECT facet, count(*) FROM map_cells WHERE level = 'all' AND studies > 0 GROUP BY facet"
# Trials by their registration and the other reports of their study, each once.
LAYERS = ("trials",)
TRIAL_STATES = {
    TrialState.TO_COME: "to come",
    TrialState.UNDER_WAY: "under way",
    TrialState.RESULTS_POSTED: "in the registry only",
    TrialState.UNREPORTED: "unreported",
}
TRIALS = """
    SELECT m.modality, f.{facet}, t.state, count(DISTINCT t.number)
    FROM trials t JOIN study_reports x ON x.study = t.study JOIN reports r ON r.id = x.report
    JOIN report_modalities m ON m.report = r.id JOIN report_{table} f ON f.report = r.id
    WHERE r.scope != 'off_topic' AND t.state IN ({states}) GROUP BY 1, 2, 3"""
TRENDS = "SELECT modality, year, reports FROM trends WHERE year <= ? ORDER BY year"
HEAT_STEPS = (1, 2, 5, 10, 25, 50, 100)

Cells = dict[tuple[str, str], dict[str, Any]]
Trials = Mapping[tuple[str, str], dict[str, int]]
NO_TRIALS: Trials = {}


def evidence_map(context: Context) -> Page:
    context.allow(frozenset(("facet", "unit", "split", "layer", *FILTERS)))
    facet = _choice(context.get("facet") or fuller_facet(context), FACETS, "facet")
    unit = _choice(context.get("unit") or "studies", UNITS, "unit")
    kept = [pair for pair in context.pairs if pair[0] in FILTERS and pair[1]]
    selection = from_pairs(kept, context.site.known)
    split = _choice(context.get("split") or "level", tuple(SPLITS), "split")
    layer = _choice(context.get("layer"), ("", *LAYERS), "layer")
    trials = trial_cells(context, facet) if layer else {}
    counted_now = kept or split != "level"
    if counted_now:
        grid = filtered_map(context, facet, unit, selection, split, trials)
    else:
        grid = stored_map(context, facet, unit, trials)
    data = {
        "facet": facet,
        "unit": unit,
        "filters": kept,
        "map": grid,
        "trends": _trends(context),
        "split": split,
        "layer": layer,
        "designs": [{"id": tag.id, "label": tag.label} for tag in context.site.tags["design"].values()],
    }
    stated = {name: [{"id": t.id, "label": t.label} for t in context.site.tags[name].values()] for name in STATED}
    title = f"Evidence map: modality by {facet}"
    cell_pairs = list(kept)
    if not selection.everything and not set(selection.status) & set(NOT_EVIDENCE_STATUSES):
        cell_pairs.append(("retracted", "0"))
    extra = {"selection": selection, "cell_pairs": cell_pairs, "stated": stated, "splits": tuple(SPLITS)}
    return Page("map.html", title, data, canonical="" if counted_now or layer else "/map", extra=extra)


def fuller_facet(context: Context) -> str:
    """Outcomes, unless they fill less than half as many cells as conditions do: titles alone name few outcomes."""
    filled = dict(context.conn.execute(FILLED).fetchall())
    return "condition" if 2 * filled.get("outcome", 0) < filled.get("condition", 0) else "outcome"


def trial_cells(context: Context, facet: str) -> dict[tuple[str, str], dict[str, int]]:
    """(modality, tag) → state → trials, of the states that promise or owe results."""
    states = ", ".join(f"'{state}'" for state in TRIAL_STATES)
    statement = TRIALS.format(facet=facet, table=FACET_TABLE[facet], states=states)
    found: dict[tuple[str, str], dict[str, int]] = {}
    for modality, tag, state, count in context.conn.execute(statement):
        found.setdefault((modality, tag), {})[state] = count
    return found


def stored_map(context: Context, facet: str, unit: str, trials: Trials = NO_TRIALS) -> dict[str, Any]:
    """The map as the build counted it."""
    cells: Cells = {}
    for row in context.conn.execute(CELLS, [facet]):
        modality, tag, level, studies, reports, claims = row
        cell = cells.setdefault((modality, tag), _empty_cell())
        count = studies if unit == "studies" else reports
        if level == "all":
            cell["count"], cell["claims"] = count, claims
        else:
            cell["levels"][level] = count
    return _grid(context, facet, cells, trials=trials)


def filtered_map(
    context: Context, facet: str, unit: str, selection: Selection, split: str = "level", trials: Trials = NO_TRIALS
) -> dict[str, Any]:
    """The map of a selection, counted now: 468 cells of 200,000 reports take about 40 ms."""
    index, side = context.site.index, UNITS.index(unit)
    bits = filter_bits(index, selection)
    if not selection.everything:
        asked_for = [status for status in NOT_EVIDENCE_STATUSES if status in selection.status]
        bits &= evidence_bits(index) | index.any_of("status", asked_for)
    cells: Cells = {}
    for modality in index.values("modality"):
        of_modality = bits & index.get("modality", modality)
        for tag in index.values(facet) if of_modality else ():
            counts = count_cell(index, of_modality & index.get(facet, tag), split, SPLITS[split])
            if counts:
                total = counts.pop("all")[side]
                levels = {level: pair[side] for level, pair in counts.items()}
                cells[modality, tag] = _empty_cell() | {"count": total, "levels": levels}
    for modality, tag, claims in context.conn.execute(CLAIMS, [facet]):
        cells.setdefault((modality, tag), _empty_cell())["claims"] = claims
    return _grid(context, facet, cells, split, trials)


def _empty_cell() -> dict[str, Any]:
    return {"count": 0, "claims": 0, "levels": {}, "trials": {}}


def _grid(
    context: Context, facet: str, cells: Cells, split: str = "level", trials: Trials = NO_TRIALS
) -> dict[str, Any]:
    """Rows and columns in the vocabulary's order, children below their parents; columns without anything left out."""
    for place, states in trials.items():
        cells.setdefault(place, _empty_cell())["trials"] = states
    tags = context.site.tags
    used = {tag for _, tag in cells}
    columns = [{"id": t.id, "label": t.label} for t in tags[facet].values() if t.id in used]
    rows = []
    for modality in _with_children(list(tags["modality"].values())):
        line = [_cell(cells.get((modality.id, column["id"])), split) for column in columns]
        rows.append({"id": modality.id, "label": modality.label, "parent": modality.parent, "cells": line})
    keys = [
        {"value": value, "step": _step(split, value), "label": context.site.label(split, value)}
        for value in SPLITS[split]
    ]
    return {"facet": facet, "columns": columns, "rows": rows, "levels": list(SPLITS[split]), "keys": keys}


def _with_children(tags: list[Any]) -> list[Any]:
    """Every tag followed by its children."""
    ordered = []
    for tag in tags:
        if not tag.parent:
            ordered.append(tag)
            ordered.extend(child for child in tags if child.parent == tag.id)
    return ordered


def _step(split: str, value: str) -> str:
    """The shade of a value in a bar: a level's own, else by its place; what is not stated is grey."""
    if split == "level":
        return value
    return "none" if value == "not_stated" else str(SPLITS[split].index(value) + 1)


def _cell(cell: dict[str, Any] | None, split: str) -> dict[str, Any] | None:
    """A cell with its heat (0 to 7, logarithmic) and the parts of its bar (value, shade, start and width of 60)."""
    if cell is None:
        return None
    count = cell["count"]
    heat = sum(count >= step for step in HEAT_STEPS)
    parts, start = [], 0.0
    for value in SPLITS[split]:
        share = cell["levels"].get(value, 0)
        if share and count:
            width, step = 60 * share / count, _step(split, value)
            parts.append({"level": value, "step": step, "count": share, "x": round(start, 2), "width": round(width, 2)})
            start += width
    shown = {"count": count, "claims": cell["claims"], "heat": heat, "levels": parts}
    if cell["trials"]:
        shown["trials"] = {state.value: cell["trials"][state] for state in TRIAL_STATES if state in cell["trials"]}
        words = (f"{cell['trials'][state]:,} {said}" for state, said in TRIAL_STATES.items() if state in cell["trials"])
        shown["trials_in_words"] = ", ".join(words)
    return shown


def _trends(context: Context) -> list[dict[str, Any]]:
    """Reports per year for each modality that has any, as bars on one scale of years and one of reports."""
    years: dict[str, dict[int, int]] = {}
    for modality, year, reports in context.conn.execute(TRENDS, [latest_year(context)]):
        years.setdefault(modality, {})[year] = reports
    last = max((max(counts) for counts in years.values()), default=FIRST_YEAR)
    shown = [tag for tag in context.site.tags["modality"].values() if not tag.parent and tag.id in years]
    highest = max((max(years[tag.id].values()) for tag in shown), default=1)
    return [
        {"id": tag.id, "label": tag.label} | year_bars(years[tag.id], last, highest) for tag in shown if years[tag.id]
    ]


def _choice(value: str, allowed: tuple[str, ...], name: str) -> str:
    if value not in allowed:
        raise UsageError(f"there is no {name} {value[:60]!r}; there is: {', '.join(allowed)}")
    return value
