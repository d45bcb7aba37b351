"""References: find them in a draft, take them apart, and say which report of a library each one means."""

from evidence.references.find import find_references, pair_mentions, reference_sections
from evidence.references.parse import parse_reference
from evidence.references.resolve import resolve, resolve_all
from evidence.references.types import (
    FIELDS,
    Candidate,
    CitedReport,
    FoundReference,
    OnlineMatcher,
    Pairing,
    ParsedReference,
    ReferenceLibrary,
    Resolution,
)

__all__ = [
    "FIELDS",
    "Candidate",
    "CitedReport",
    "FoundReference",
    "OnlineMatcher",
    "Pairing",
    "ParsedReference",
    "ReferenceLibrary",
    "Resolution",
    "find_references",
    "pair_mentions",
    "parse_reference",
    "reference_sections",
    "resolve",
    "resolve_all",
]
