"""Comparator, blinding, funding and interests of one record, from its text, grants, types and conflict statement."""

from __future__ import annotations

from evidence.record import Record
from evidence.tagging.matching.pattern_set import PatternSet
from evidence.tagging.statements import blinding, comparator, funding, interests
from evidence.tagging.statements.statement import of_abstract, of_conflicts
from evidence.tagging.text.document import Document
from evidence.tagging.types import DesignTags, Statements

_IN_ABSTRACT = {"funding": funding.ANCHORS, "interests": interests.ANCHORS}
_SIEVE = PatternSet({(facet, 0): anchors.pattern for facet, anchors in _IN_ABSTRACT.items()})


def statements(record: Record, document: Document, design: DesignTags) -> Statements:
    """What a record states of the four facets, each value with the rule and the words that earned it."""
    comparison = comparator.comparator(document, design)
    blinded = blinding.blinding(record, document, comparison)
    conflicts = of_conflicts(record)
    said = {"funding": [s for s in conflicts if funding.ANCHORS.search(s.lower)], "interests": list(conflicts)}
    for facet, _ in _SIEVE.which(document.lower):
        said[facet] += of_abstract(document, _IN_ABSTRACT[facet])
    paid = funding.funding(record, document, said["funding"])
    at_stake = interests.interests(record, said["interests"]) if said["interests"] else []
    return Statements(
        comparators=comparison.values,
        blinding={blinding.value(blinded, comparison): blinded[0].rule if blinded else ""},
        funding=funding.values(paid),
        interests={interests.value(at_stake): at_stake[0].rule if at_stake else ""},
        evidence=[*comparison.evidence, *blinded, *paid, *at_stake],
    )
