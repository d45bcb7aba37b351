"""What authors have at stake, as the conflict statement or the abstract says it.

One author's interest outweighs all denials. A denial counts where it is said for all authors: for "the authors", for
nobody in particular, or by name for every author of the record. What paid for this work is no interest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from evidence.record import Record
from evidence.rules import load_rules
from evidence.tagging.statements.statement import Statement
from evidence.tagging.statements.values import NOT_STATED
from evidence.tagging.text.document import plain_lower
from evidence.tagging.types import Evidence

FACET = "interests"
STATED, NONE_DECLARED = "stated", "none_declared"
RULES = load_rules(Path(__file__).with_name("interests.yml"))
# What an abstract must hold to be read: "conflict of interest" alone may be its subject.
ANCHORS = re.compile(
    r"(?:(?:conflicts?|competing|declarations?|duality) (?:of |financial )?interests?(?: statement)?|\bdisclosures?)"
    r"\s?[:.]|nothing to disclose|authors? (?:have|declare|report|has)\b[^.]{0,40}(?:conflict|competing|interest)"
)
_NEGATED = re.compile(r"\b(?:no|not|none|nothing|neither|nor|never|without|absence|volunteers?)\b")
_THIS_WORK = re.compile(
    r"(?:for|of|in|to (?:conduct|carry out|undertake)) (?:the|this|the present) "
    r"(?:present |current )?(?:research|study|work|trial|review|project|article|manuscript)\b"
    r"|\bthis (?:study|work|research|trial|review|project|article|manuscript|paper)?\s?(?:was|is|has been)\b|^\W*fund"
)
# Where a clause ends: sentences are also glued together in such statements, and headings run on.
_CLAUSES = re.compile(
    r";\s|\.\s|(?<=[a-z]{3})\.(?=[A-Z])|(?i:\bbut\b|\bwhereas\b|\bwhile\b|\bexcept\b(?: that)?|\bhowever\b"
    r"|(?<=.)(?=\b(?:competing interests?|conflicts? of interests?|consent for publication|publisher.s note|funding):))"
)
_HEADING = re.compile(
    r"^\W*(?:[a-z/&'() -]{0,60}(?:interests?|disclosures?|statement|declarations?|conflicts?)(?:\(s\))?\W*[:.]\W*)+"
)
# What may as well have paid for the work itself.
_MONEY = ("paid", "fees")
_SUBJECT = re.compile(
    r"\b(?:authors?(?:\(s\))?|i|all|any|we|there|panel|members|contributors|everyone|committee"
    r"|aut[eo]u?r\w*|f[öo]rfatt\w+|forfatter\w*|авторы|kirjoittaj\w+|yazarlar\w*)\b"
)
_VERB = re.compile(r"\b(?:declar|report|ha[vs]|state|disclos|certif|confirm|is|are|do)\w*\b|:\s")


def interests(record: Record, statements: list[Statement]) -> list[Evidence]:
    """The words of the interest, or of the denial; empty where nothing is stated.

    ``statements``: the sentences of the conflict statement, and those of the abstract in which :data:`ANCHORS` stand.
    """
    clauses = [clause for statement in statements for clause in _clauses(statement)]
    for clause in clauses:
        if found := _stated(clause):
            return [found]
    denials = [denial for clause in clauses if (denial := _denied(clause))]
    if not denials:
        return []
    whole = " ".join(statement.lower for statement in statements)
    said_of_all = [e for e, of_all in denials if of_all]
    if said_of_all or _names_everybody(record, whole):
        return (said_of_all or [e for e, _ in denials])[:1]
    return []


def value(evidence: list[Evidence]) -> str:
    """The facet's value for what was found."""
    return evidence[0].tag if evidence else NOT_STATED


def _clauses(statement: Statement) -> Iterator[Statement]:
    """A statement clause by clause, without what stands beside interests in such statements."""
    lower, start = statement.lower, 0
    while start < len(lower):
        mark = _CLAUSES.search(statement.text, start + 1)
        stop = mark.end() if mark else len(lower)
        clause = lower[start:stop]
        if not RULES.first("no_part", clause)[0]:
            yield statement._replace(start=statement.start + start, text=statement.text[start:stop], lower=clause)
        start = stop


def _stated(clause: Statement) -> Evidence | None:
    for rule in RULES.parts["stated"]:
        match = rule.pattern.search(clause.lower)
        if match and not _NEGATED.search(clause.lower, 0, match.end()):
            if rule.name in _MONEY and _THIS_WORK.search(clause.lower):
                continue
            return clause.quote(FACET, STATED, match.start(), match.end(), rule.name)
    return None


def _denied(clause: Statement) -> tuple[Evidence, bool] | None:
    """A denial, and whether it is said for all authors; said for "the others" it is none."""
    if RULES.first("partly", clause.lower)[0]:
        return None
    for rule in RULES.parts["denied"]:
        match = rule.pattern.search(clause.lower)
        if match:
            before = _HEADING.sub("", clause.lower[: match.start()])
            of_all = bool(_SUBJECT.search(clause.lower)) or not _VERB.search(before)
            return clause.quote(FACET, NONE_DECLARED, match.start(), match.end(), rule.name), of_all
    return None


def _names_everybody(record: Record, lower: str) -> bool:
    """Whether every author of the record is named, by family name or initials; so also where it has no authors."""
    for author in record.authors:
        family, initials = plain_lower(author.family), f"{author.initials[:2]}{author.family[:1]}".lower()
        if family and family not in lower and initials not in lower:
            return False
    return True
