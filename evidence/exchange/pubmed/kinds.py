"""What kind of document a record is, by its publication types as PubMed and other databases print them."""

from __future__ import annotations

from collections.abc import Iterable

from evidence.bibliography.markers import NOTICE_TYPES, is_registration, plain_type

# The first row that has one of the record's types decides: a notice about a preprint is a notice.
KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    ("notice", frozenset(NOTICE_TYPES)),
    ("preprint", frozenset(("preprint", "posted content"))),
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


def kind_of_entry(names: Iterable[str], journal: str, accession: str = "", placed: bool = True) -> str:
    """The same for an entry of a file: ``Journal: Conference Abstract`` is one; a server's or registry's name tells.

    ``placed``: the entry has a volume or pages.
    """
    present = [plain_type(name) for name in names]
    kind = kind_of_types(present) if present else "article"
    if kind != "article":
        return kind
    if is_registration(journal, accession, placed):
        return "registration"
    server = journal.lower().partition(":")[0].strip()
    return "preprint" if server in PREPRINT_SERVERS else kind
