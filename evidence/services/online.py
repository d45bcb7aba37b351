"""PubMed's citation matcher as ``--online`` uses it: printed references in, the PMIDs it names out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from evidence.project import ncbi_identity
from evidence.pubmed.answers import Citation
from evidence.pubmed.eutils import connect
from evidence.references import OnlineMatcher, ParsedReference

# References in one request: a line each, far below what NCBI takes in a POST.
_BATCH = 100


@contextmanager
def pubmed_matcher() -> Iterator[OnlineMatcher]:
    """A matcher that asks the server the environment names; raises ``TryLater`` when it cannot be reached."""
    client = connect(ncbi_identity())

    def match(references: Sequence[ParsedReference]) -> list[str | None]:
        answers: dict[str, str] = {}
        asked = [citation for key, reference in enumerate(references) if (citation := _citation(str(key), reference))]
        for start in range(0, len(asked), _BATCH):
            answers.update(client.match_citations(asked[start : start + _BATCH]))
        told = [answers.get(str(key), "") for key in range(len(references))]
        return [pmid if pmid.isdigit() else None for pmid in told]

    try:
        yield match
    finally:
        client.close()


def _citation(key: str, reference: ParsedReference) -> Citation | None:
    """What the matcher needs; ``None`` when too little is printed to ask (it wants a journal and a place in it)."""
    if not reference.journal or not (reference.first_page or reference.volume):
        return None
    return Citation(
        key=key,
        journal=reference.journal.replace(".", ""),
        year=str(reference.year or ""),
        volume=reference.volume,
        first_page=reference.first_page,
        author=reference.authors[0] if reference.authors else "",
    )
