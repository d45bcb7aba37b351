"""The words that every room uses of a report: its kind, status, scope, facets and level, and what counts as evidence.

Each value is stored, shown in addresses and printed as it stands here. The labels that people read are in
``site.wording``.
"""

from __future__ import annotations

from enum import StrEnum


class Kind(StrEnum):
    """What a document is."""

    ARTICLE = "article"
    NOTICE = "notice"
    PREPRINT = "preprint"
    PROTOCOL = "protocol"
    REGISTRATION = "registration"
    ABSTRACT = "abstract"
    BOOK = "book"


class Status(StrEnum):
    """What notices say of a report, the most serious last."""

    UNCHECKED = "unchecked"
    NO_NOTICE = "no_notice"
    REINSTATED = "reinstated"
    CORRECTED = "corrected"
    CONCERN = "concern"
    RETRACTED = "retracted"
    WITHDRAWN = "withdrawn"

    @property
    def gravity(self) -> int:
        """0 for ``unchecked`` up to 6 for ``withdrawn``."""
        return list(Status).index(self)


class Scope(StrEnum):
    """Whether a report is on the subject: ``unstated`` where it names no condition, ``off_topic`` where no modality."""

    CORE = "core"
    NEIGHBOUR = "neighbour"
    UNSTATED = "unstated"
    OFF_TOPIC = "off_topic"


class Facet(StrEnum):
    """The kinds of tags. Designs are found by rules of their own; the others by the words of the vocabulary."""

    MODALITY = "modality"
    OUTCOME = "outcome"
    CONDITION = "condition"
    DESIGN = "design"


class StatedFacet(StrEnum):
    """What a record states beside its findings. The values are those of ``tagging/statements/values.yml``."""

    COMPARATOR = "comparator"
    BLINDING = "blinding"
    FUNDING = "funding"
    INTERESTS = "interests"


# The facets whose tags the words of the vocabulary find.
WORD_FACETS = (Facet.MODALITY, Facet.OUTCOME, Facet.CONDITION)
# OCEBM 2011 levels as text, the best first, and those without one.
# How many people were studied: value of the facet ``size`` → the least and the most (``None``: no end).
SAMPLE_SIZES: dict[str, tuple[int, int | None]] = {
    "1-9": (1, 9),
    "10-19": (10, 19),
    "20-49": (20, 49),
    "50-99": (50, 99),
    "100-199": (100, 199),
    "200-499": (200, 499),
    "500-999": (500, 999),
    "1000-up": (1000, None),
}
LEVELS = ("1", "2", "3", "4", "5", "none")

# Left out of lists until asked for: they are about another report, or announce one.
NOT_LISTED_KINDS = (Kind.NOTICE, Kind.REGISTRATION)
# Nothing was found out yet, or nothing of their own.
NOT_EVIDENCE_KINDS = (Kind.NOTICE, Kind.REGISTRATION, Kind.PROTOCOL)
# Kinds of notices that a reinstatement after them takes back. A concern or a correction stays.
LIFTED_NOTICES = ("retraction", "withdrawal")
NOT_EVIDENCE_STATUSES = (Status.RETRACTED, Status.WITHDRAWN)


def is_evidence(kind: str, status: str, scope: str, gone: bool = False) -> bool:
    """Whether a report counts as evidence: on the subject, with results of its own, not retracted, still in PubMed.

    >>> is_evidence("article", "corrected", "core"), is_evidence("protocol", "no_notice", "core")
    (True, False)
    """
    return (
        kind not in NOT_EVIDENCE_KINDS and status not in NOT_EVIDENCE_STATUSES and scope != Scope.OFF_TOPIC and not gone
    )


def evidence_sql(table: str = "reports") -> str:
    """:func:`is_evidence` as a condition on the rows of ``table`` (the table's name or alias).

    >>> evidence_sql("r")[:55]
    "r.kind NOT IN ('notice', 'registration', 'protocol') AND"
    """
    return (
        f"{table}.kind NOT IN ({_quoted(NOT_EVIDENCE_KINDS)}) "
        f"AND {table}.status NOT IN ({_quoted(NOT_EVIDENCE_STATUSES)}) "
        f"AND {table}.scope != '{Scope.OFF_TOPIC}' AND {table}.gone_since IS NULL"
    )


def listed_sql(table: str = "reports") -> str:
    """What lists show until more is asked for: on the subject, no notice or registration, still in PubMed."""
    return (
        f"{table}.kind NOT IN ({_quoted(NOT_LISTED_KINDS)}) AND {table}.scope != '{Scope.OFF_TOPIC}' "
        f"AND {table}.gone_since IS NULL"
    )


def _quoted(values: tuple[StrEnum, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)
