"""What kind of document a record is, by its publication types as PubMed and other databases print them."""

from __future__ import annotations

from collections.abc import Iterable

# The first row that has one of the record's types decides: a notice about a preprint is a notice.
KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "notice",
        frozenset(
            (
                "published erratum",
                "retraction of publication",  # PubMed until 2024
                "retraction notice",  # PubMed from 2025
                "expression of concern",
                "erratum",  # Scopus, Embase
                "correction",  # Web of Science
                "correction, addition",
                "corrigendum",
                "retraction",
            )
        ),
    ),
    ("preprint", frozenset(("preprint", "posted-content"))),
    ("protocol", frozenset(("clinical trial protocol", "study protocol"))),
    ("registration", frozenset(("trial registration", "trial registry record", "clinical trial registration"))),
    (
        "abstract",
        frozenset(("meeting abstract", "meeting abstracts", "conference abstract", "congress abstract", "abstract")),
    ),
)
PREPRINT_SERVERS = frozenset(
    ("medrxiv", "biorxiv", "research square", "preprints.org", "ssrn", "osf preprints", "arxiv", "psyarxiv", "authorea")
)


def kind_of_types(names: Iterable[str]) -> str:
    """One of notice, preprint, protocol, registration, abstract, article."""
    present = {name.lower() for name in names}
    return next((kind for kind, types in KINDS if types & present), "article")


def kind_of_entry(names: Iterable[str], journal: str) -> str:
    """The same for an entry of a file: ``Journal: Conference Abstract`` is one, and a preprint server's name tells."""
    present = [name.rpartition(":")[2].strip().replace("_", " ") for name in names]
    kind = kind_of_types(present) if present else "article"
    server = journal.lower().partition(":")[0].strip()
    return "preprint" if kind == "article" and server in PREPRINT_SERVERS else kind
