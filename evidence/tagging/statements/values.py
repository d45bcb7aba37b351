"""The four facets of statements, their values and labels (``values.yml``)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

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


@lru_cache(maxsize=1)
def accuracy() -> dict[str, Any]:
    """``{"measured_on": text, "tags": {facet: {value: {"precision", "recall", "support"}}}}`` of the half held back.

    ``benchmarks/new_facets.py --write`` makes it; precision and recall are ``None`` under ten labels.
    """
    found: dict[str, Any] = json.loads(Path(__file__).with_name("accuracy.json").read_text(encoding="utf-8"))
    return found
