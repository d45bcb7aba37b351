"""The four facets of statements, their values and labels (``values.yml``)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from evidence import yamlfile

# Shown as what they are, and never evidence of anything.
NOT_STATED, NOT_APPLICABLE = "not_stated", "not_applicable"


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a facet, as people read it."""

    id: str
    label: str
    definition: str


@lru_cache(maxsize=1)
def values() -> dict[str, dict[str, Value]]:
    """``{facet: {id: Value}}`` in the order shown."""
    data = yamlfile.load(Path(__file__).with_name("values.yml")).data
    return {facet: {id: Value(id, **entry) for id, entry in entries.items()} for facet, entries in data.items()}
