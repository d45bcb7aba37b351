"""Study design of a record."""

from __future__ import annotations

from evidence.record import Record
from evidence.tagging.text import Document
from evidence.tagging.types import DesignTags


def describe(record: Record, document: Document) -> DesignTags:
    """Design, level, flags and sample size of one record."""
    return DesignTags()
