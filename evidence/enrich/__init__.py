"""Asks the sources beside PubMed about the reports of a library, and keeps what they answer."""

from evidence.enrich.run import enrich, switched_on
from evidence.enrich.summary import EnrichSummary, SourceResult

__all__ = ["EnrichSummary", "SourceResult", "enrich", "switched_on"]
