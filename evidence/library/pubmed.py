"""A project's index of PubMed, where it has one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidence.project import Project

if TYPE_CHECKING:
    from evidence.pubmed_index.reader import PubMedIndex


def index_of(project: Project) -> PubMedIndex | None:
    """The project's index opened, ``None`` where there is none. Raises ``StorageError`` for a damaged one."""
    if not project.has_pubmed_index:
        return None
    from evidence.pubmed_index.reader import PubMedIndex  # numpy takes 0.2 s to load, which few projects need

    return PubMedIndex.open(project.pubmed_index)
