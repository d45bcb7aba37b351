"""The sources beside PubMed for ``evidence status``: which are on, when each was last asked, and what failed."""

from __future__ import annotations

from typing import Any

from evidence.enrich import switched_on
from evidence.project import Project
from evidence.sources import SOURCES, retractionwatch
from evidence.tracker import Tracker


def sources_asked(project: Project) -> list[dict[str, Any]]:
    """An object a source that is on or was ever asked: ``name``, ``label``, ``on``, ``last_asked``, ``last_whole`` (the
    last run without a failure), ``asked``, ``found``, ``failed`` (of the last run), ``error``.

    Raises :class:`UsageError` for a source that there is not.
    """
    on = switched_on(project)
    runs: dict[str, dict[str, Any]] = {}
    whole: dict[str, str | None] = {}
    if project.tracker.is_file():
        with Tracker.open(project.tracker, create=False) as tracker:
            runs = tracker.last_enrichments()
            whole = {name: tracker.last_whole(name) for name in runs}
    labels = {name: source.label for name, source in SOURCES.items()} | {retractionwatch.NAME: retractionwatch.LABEL}
    told = []
    for name, label in labels.items():
        run = runs.get(name)
        if name in on or run:
            numbers = {key: run[key] if run else None for key in ("asked", "found", "failed")}
            error = run["failure"] if run else None
            last = {"last_asked": run["finished_at"] if run else None, "last_whole": whole.get(name)}
            told.append({"name": name, "label": label, "on": name in on, **last, **numbers, "error": error})
    return told


def is_failing(source: dict[str, Any]) -> bool:
    """Whether a source that is on did not answer all of its last run. A list that is an excerpt is no failure."""
    return bool(source["on"] and source["error"])


def source_lines(sources: list[dict[str, Any]]) -> list[str]:
    """What ``status`` prints of them: a line a source."""
    lines = []
    for source in sources:
        off = "" if source["on"] or source["name"] == retractionwatch.NAME else " (off now)"
        if source["last_asked"] is None:
            lines.append(f"{source['label']}: never asked: 'evidence enrich {source['name']}' does")
            continue
        if source["name"] == retractionwatch.NAME:
            rest = f", {source['error']}" if source["error"] else ""
            lines.append(f"{source['label']}: imported {source['last_asked'][:10]}, {source['asked']:,} rows{rest}")
            continue
        line = f"{source['label']}{off}: asked {source['last_asked'][:10]}, {source['found']:,} of {source['asked']:,}"
        line += " found there"
        if source["error"]:
            since = f"since {source['last_whole'][:10]}" if source["last_whole"] else "ever"
            line += f"; FAILING: {source['failed']:,} not answered, not whole {since}: {source['error']}"
        lines.append(line)
    return lines
