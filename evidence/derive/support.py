"""How much evidence a library holds on a subject: studies, and the best of their levels. What it says is for people.

A report counts when it is evidence (``evidence.model``) on one of the modalities, one of the outcomes and one of the
conditions. A facet that is not named narrows nothing, nor does its general tag ("neuromodulation", "chronic pain").
Reports of one study count once.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from evidence.model import evidence_sql

_FACETS = (("modalities", "modality"), ("outcomes", "outcome"), ("conditions", "condition"))
NO_SUBJECT = "not counted: it names nothing that would narrow the library"


@dataclass(frozen=True, slots=True)
class Support:
    """``studies`` in the library; ``level`` is the best OCEBM 2011 starting level, ``None`` when none is graded."""

    studies: int
    level: int | None

    def in_words(self) -> str:
        if not self.studies:
            return "the library holds no study on it"
        held = f"the library holds {self.studies:,} {'study' if self.studies == 1 else 'studies'} on it"
        best = f"the best of level {self.level}" if self.level else "none of them graded"
        return f"{held}, {best}" if self.studies > 1 or not self.level else f"{held}, of level {self.level}"


def count_support(
    conn: sqlite3.Connection, tags: Mapping[str, Sequence[str]], general: Collection[str] = ()
) -> Support | None:
    """The support of a claim. ``tags``: facet → tags; ``None`` where nothing narrows: that would count the library."""
    parts, values = [evidence_sql("r")], []
    for table, facet in _FACETS:
        chosen = tags.get(facet, ())
        if chosen and not set(chosen) & set(general):
            marks = ", ".join("?" * len(chosen))
            parts.append(f"r.id IN (SELECT report FROM report_{table} WHERE {facet} IN ({marks}))")
            values += list(chosen)
    if not tags.get("modality") or not values:
        return None
    counted = "SELECT count(DISTINCT coalesce(r.study, r.id)), min(r.evidence_level) FROM reports r WHERE"
    studies, level = conn.execute(f"{counted} {' AND '.join(parts)}", values).fetchone()
    return Support(studies, level)


def fill_support(conn: sqlite3.Connection, general: Collection[str]) -> None:
    """Write the support of every claim into a database that is being built, once reports and claims stand in it."""
    for (claim,) in conn.execute("SELECT id FROM claims").fetchall():
        tags = {
            facet: [row[0] for row in conn.execute(f"SELECT {facet} FROM claim_{table} WHERE claim = ?", (claim,))]
            for table, facet in _FACETS
        }
        support = count_support(conn, tags, general)
        values = (support.in_words(), support.studies, support.level) if support else (NO_SUBJECT, None, None)
        conn.execute(
            "UPDATE claims SET support = ?, support_studies = ?, support_level = ? WHERE id = ?", (*values, claim)
        )
