"""What a printed reference is where it is no article of a journal: a book, a web page, a guideline, a preprint.

The words are ``not_pubmed.yml``'s.
"""

from __future__ import annotations

from pathlib import Path

from evidence.references.types import ParsedReference
from evidence.rules import Rule, load_rules

NOT_PUBMED_FILE = Path(__file__).with_name("not_pubmed.yml")
_RULES = load_rules(NOT_PUBMED_FILE).parts


def other_kind(reference: ParsedReference) -> Rule | None:
    """The first rule that says of a reference that it is of a kind that PubMed does not hold; ``None``: an article."""
    placed = bool(reference.volume and reference.first_page)
    rules = _RULES["anywhere"] if placed else (*_RULES["anywhere"], *_RULES["no_place"])
    return next((rule for rule in rules if rule.search(reference.text)), None)
