"""What kind of document a record is, by its publication types."""

from __future__ import annotations

from collections.abc import Iterable

# The first row that has one of the record's types decides: a notice about a preprint is a notice.
KINDS: tuple[tuple[str, frozenset[str]], ...] = (
    (
        "notice",
        frozenset(
            (
                "published erratum",
                "retraction of publication",  # until 2024
                "retraction notice",  # from 2025
                "expression of concern",
            )
        ),
    ),
    ("preprint", frozenset(("preprint",))),
    ("protocol", frozenset(("clinical trial protocol", "study protocol"))),
    ("registration", frozenset(("clinical trial registration", "trial registry record", "trial registration"))),
    ("abstract", frozenset(("meeting abstract", "meeting abstracts", "conference abstract", "congress abstract"))),
)


def kind_of_types(names: Iterable[str]) -> str:
    """One of notice, preprint, protocol, registration, abstract, article."""
    present = {name.lower() for name in names}
    return next((kind for kind, types in KINDS if types & present), "article")
