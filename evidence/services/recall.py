"""``evidence recall``: of the works that two or more reviews of a topic cite, the share that the topic holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from typing import Any

from evidence.errors import StorageError, UsageError
from evidence.project import Project
from evidence.readonly import open_readonly

TOPICS = "SELECT t.id, t.title, r.* FROM topics t LEFT JOIN recall r ON r.topic = t.id ORDER BY t.id"
WORKS = """
    SELECT pmid, doi, title, citation, report, reviews, cited_by, words FROM recall_works
    WHERE topic = ? ORDER BY position"""
LIMITS = (
    "This is no sensitivity of the search: lists of references also hold methods and background, not every review has "
    "its list in PubMed, and reviews miss works too."
)


def recall_of(project: Project, topics: Sequence[str] = ()) -> list[dict[str, Any]]:
    """A dict a topic, with its worklist as ``missing`` (docs/json.md).

    Raises :class:`StorageError` without a build that knows of it, :class:`UsageError` for a topic that there is not.
    """
    if not project.evidence.exists():
        raise StorageError(f"{project.evidence} does not exist yet: run 'evidence build' first")
    try:
        with closing(open_readonly(project.evidence)) as db:
            db.row_factory = sqlite3.Row
            rows = [dict(row) for row in db.execute(TOPICS)]
            known = {row["id"] for row in rows}
            if unknown := sorted(set(topics) - known):
                raise UsageError(f"there is no topic {unknown[0]!r}; there are {', '.join(sorted(known)) or 'none'}")
            chosen = [row for row in rows if not topics or row["id"] in topics]
            return [_told(row, [dict(work) for work in db.execute(WORKS, (row["id"],))]) for row in chosen]
    except sqlite3.Error as error:
        raise StorageError(f"{project.evidence}: {error}; run 'evidence build' again") from error


def _told(row: dict[str, Any], missing: list[dict[str, Any]]) -> dict[str, Any]:
    names = ("reviews", "reviews_with_list", "works", "on_topic", "held", "unknown", "low", "high")
    shares = {name: row[name] for name in (*names, "on_topic_by_title", "held_by_title")}
    share = row["held"] / row["on_topic"] if row["on_topic"] else None
    return {"topic": row["id"], "title": row["title"], **shares, "share": share, "missing": missing}


def recall_lines(found: list[dict[str, Any]]) -> list[str]:
    """What the command prints: a line a topic, and the worklist where one topic was asked for."""
    lines = [f"{topic['topic']}: {share_words(topic)}" for topic in found]
    for work in found[0]["missing"] if len(found) == 1 else ():
        number = f"PMID {work['pmid']}" if work["pmid"] else f"doi:{work['doi']}" if work["doi"] else "no number"
        words = f"; words: {work['words']}" if work["words"] else ""
        held = f"; held as {work['report']}, not by this topic" if work["report"] else ""
        lines.append(f"  {work['reviews']} reviews: {work['title'] or work['citation']} ({number}{held}{words})")
    return [*lines, LIMITS]


def share_words(row: dict[str, Any]) -> str:
    """The share in words, with its interval and what it rests on."""
    if row["reviews"] is None:
        return "not reckoned: it holds nothing, is only fetched to tell others apart, or names no modality"
    rests = f"{row['reviews_with_list']:,} of its {row['reviews']:,} systematic reviews have a list of references"
    if not row["on_topic"]:
        return f"no share: no work on the topic is cited by two or more reviews ({rests})"
    share = row["held"] / row["on_topic"]
    said = f"it holds {row['held']:,} of {row['on_topic']:,} works on the topic that two or more reviews cite"
    said += f" ({share:.0%}, 95% interval {row['low']:.0%} to {row['high']:.0%}); {rests}"
    said += f"; judged by titles alone {row['held_by_title']:,} of {row['on_topic_by_title']:,}"
    return said + (f"; {row['unknown']:,} more have no title to judge by" if row["unknown"] else "")
