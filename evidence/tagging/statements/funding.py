"""Who paid for the work: the kinds of the funders that a record names, each with the words that name it.

Read in GrantList, publication types, the conflict statement and the abstract. A funder whose kind its name does not
tell earns nothing, and "Research Support, Non-U.S. Gov't" says that someone paid, not who. What an author received for
other work is an interest and no funding.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from evidence.record import Record
from evidence.rules import load_rules
from evidence.tagging.statements.statement import CONFLICT_STATEMENT, GRANT, PUBLICATION_TYPE, Statement
from evidence.tagging.statements.values import NOT_STATED
from evidence.tagging.text.document import Document, plain_lower
from evidence.tagging.types import Evidence

FACET = "funding"
RULES = load_rules(Path(__file__).with_name("funding.yml"))
_PUBLIC_TYPES = ("Research Support, N.I.H.", "Research Support, U.S. Gov't", "Research Support, American Recovery")
ANCHORS = re.compile(r"fund|sponsor|supported (?:in|by)|financ|donated|supplied|provided by|paid for|grants? from")
_HEADINGS = ("fund", "sponsor", "financial support", "source of fund", "sources of fund", "primary funding", "grant")
_NOT = re.compile(r"\b(?:no|not|never|neither|nor|without)\b")
# Money for something else than this work.
_OTHER_WORK = re.compile(
    r"outside (?:of )?(?:the )?(?:submitted|present|this|current) work|unrelated"
    r"|\bother (?:research|work|studies|project)"
)
_BETWEEN_NAMES = re.compile(r"[,;]\s(?!(?:inc|ltd|llc|gmbh|corp|limited)\b)|\band\b|/\s")
_WINDOW = 400


def funding(record: Record, document: Document, statements: Iterable[Statement]) -> list[Evidence]:
    """Each kind of funder with the words that name it; no entry where the record does not say who paid.

    ``statements``: the sentences of the conflict statement, and those of the abstract in which :data:`ANCHORS` stand.
    """
    found = [*_grants(record), *_types(record)]
    none: list[Evidence] = []
    for section in _headed(document):
        found += _names(section, 0, "heading")
    for statement in statements:
        found += _named(statement)
        none += _denied(statement)
    return found or none


def values(evidence: list[Evidence]) -> dict[str, str]:
    """``{value: rule}``: the kinds found, or that nothing is stated."""
    return {e.tag: e.rule for e in evidence} or {NOT_STATED: ""}


@lru_cache(maxsize=4096)
def kind(name: str) -> str:
    """``industry``, ``public`` or ``charity`` by a funder's name, ``""`` where it does not tell.

    >>> kind("091593/WT_/Wellcome Trust/United Kingdom"), kind("Lund University"), kind("University Hospital Lund")
    ('charity', 'public', '')
    """
    return RULES.first("agency", plain_lower(name))[0]


def _grants(record: Record) -> Iterator[Evidence]:
    for grant in dict.fromkeys(record.grants):
        value = kind("/".join(grant.split("/")[-2:]))  # agency and country, without the number
        if value:
            yield Evidence(FACET, value, GRANT, grant, rule="named in the list of grants")


def _types(record: Record) -> Iterator[Evidence]:
    for _, name in record.publication_types:
        if name.startswith(_PUBLIC_TYPES):
            yield Evidence(FACET, "public", PUBLICATION_TYPE, name, rule=f"publication type: {name}")


def _headed(document: Document) -> Iterator[Statement]:
    """The sections of an abstract that are called funding."""
    for part in document.sections:
        if part.label and part.label.lower().startswith(_HEADINGS):
            yield Statement("abstract", part.position, 0, part.text, part.lower)


def _named(statement: Statement) -> Iterator[Evidence]:
    lower = statement.lower
    if _OTHER_WORK.search(lower):
        return
    parts = ("gave", "author") if statement.field == CONFLICT_STATEMENT else ("gave",)
    for rule in (rule for part in parts for rule in RULES.parts[part]):
        for match in rule.pattern.finditer(lower):
            if not _NOT.search(match.group()):
                yield from _names(statement, match.end(), rule.name)
    for rule in RULES.parts["giver"]:
        giver = rule.pattern.search(lower)
        if giver and not _NOT.search(giver.group()):
            yield from _names(statement, giver.start("who"), rule.name, giver.end("who"))


def _names(statement: Statement, start: int, rule: str, end: int | None = None) -> Iterator[Evidence]:
    """The funders named from ``start`` on, each by its own name."""
    lower = statement.lower[: end or start + _WINDOW]
    while start < len(lower):
        between = _BETWEEN_NAMES.search(lower, start)
        stop = between.start() if between else len(lower)
        value = kind(lower[start:stop])
        if value:
            yield statement.quote(FACET, value, start, stop, rule)
        start = between.end() if between else len(lower)


def _denied(statement: Statement) -> Iterator[Evidence]:
    for rule in RULES.parts["without"]:
        match = rule.pattern.search(statement.lower)
        if match:
            yield statement.quote(FACET, "none_declared", match.start(), match.end(), "said to have had none")
