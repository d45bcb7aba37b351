"""Comparator, blinding, funding and interests of one record, from its text, grants, types and conflict statement."""

from __future__ import annotations

from evidence.record import Record
from evidence.tagging.statements import blinding, comparator, funding, interests
from evidence.tagging.statements.statement import of_conflicts
from evidence.tagging.text.document import Document
from evidence.tagging.types import DesignTags, Statements


def statements(record: Record, document: Document, design: DesignTags) -> Statements:
    """What a record states of the four facets, each value with the rule and the words that earned it."""
    comparison = comparator.comparator(document, design)
    conflicts = of_conflicts(record)
    blinded = blinding.blinding(record, document, comparison)
    paid = funding.funding(record, document, conflicts)
    at_stake = interests.interests(record, document, conflicts)
    return Statements(
        comparators=comparison.values,
        blinding={blinding.value(blinded, comparison): blinded[0].rule if blinded else ""},
        funding=funding.values(paid),
        interests={interests.value(at_stake): at_stake[0].rule if at_stake else ""},
        evidence=[*comparison.evidence, *blinded, *paid, *at_stake],
    )
