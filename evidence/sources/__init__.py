"""The services beside PubMed, each with the same small interface (:class:`~evidence.sources.source.Source`)."""

from __future__ import annotations

from evidence.sources import clinicaltrials, crossref, europepmc, icite, openalex, openfda
from evidence.sources.source import Copy, Item, Page, Registry, Reported, Source, Version

__all__ = ["SOURCES", "Copy", "Item", "Page", "Registry", "Reported", "Source", "Version"]

SOURCES: dict[str, Source] = {
    source.name: source
    for source in (
        crossref.SOURCE,
        europepmc.SOURCE,
        openalex.SOURCE,
        clinicaltrials.SOURCE,
        icite.SOURCE,
        openfda.SOURCE,
    )
}
