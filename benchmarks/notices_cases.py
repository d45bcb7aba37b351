"""Cases of notices: what really happened to an invented paper, and how each source tells of it, traps included.

A case is a scenario under one form of DOI. ``kinds`` and ``status`` are what is true of the paper; ``of_notice`` what
is true of its notice, which stands in the library too. They were written down from how the sources behave, not from
what the program says.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

# Each form with {n} for the case's number.
DOIS = (
    "10.5555/plain.{n}",
    "10.5555/a{n},b",
    "10.5555/(a){n}[b]",
    "10.5555/a{n};c",
    "10.5555/a{n}#d",
    "10.5555/UPPER.{n}",
    "10.1002/(sici)1097-461x(1998)66:4<{n}::aid-qua1>3.0.co;2-t",
    "10.5555/a{n}?x=1",
    "10.5555/a{n}%25",
    "10.5555/a&{n}",
    "10.5555/a+{n}",
    "10.5555/{{a}}{n}",
    "10.5555/a{n}|b",
    "10.5555/s0140-6736({n})1",
)
PUBLISHER, WATCH = "publisher", "retraction-watch"


@dataclass(frozen=True)
class Scenario:
    """``own`` in an entry is the paper's DOI, ``n1`` and ``n2`` are its notices'.

    ``by``, ``to``: Crossref's entries on the paper; ``n1_by``, ``n1_to``: on the first notice (type, DOI, source,
    year). ``rows``: natures and years in Retraction Watch's list. ``pubmed``: RefTypes. ``europe``: types of its
    links, ``europe_n1``: on the notice; ``flag``: OpenAlex's.
    """

    name: str
    kinds: frozenset[str]
    status: str
    by: tuple[tuple[str, str, str | None, int], ...] = ()
    to: tuple[tuple[str, str, str | None, int], ...] = ()
    n1_by: tuple[tuple[str, str, str | None, int], ...] = ()
    n1_to: tuple[tuple[str, str, str | None, int], ...] = ()
    rows: tuple[tuple[str, int], ...] = ()
    pubmed: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    europe: tuple[str, ...] = ()
    europe_n1: tuple[str, ...] = ()
    europe_types: tuple[str, ...] = ()
    flag: bool | None = None
    of_notice: frozenset[str] = frozenset()
    notice_status: str = "no_notice"


def told(*kinds: str) -> frozenset[str]:
    return frozenset(kinds)


SCENARIOS = (
    Scenario("nothing happened", told(), "no_notice", flag=False),
    Scenario("nobody else has it", told(), "no_notice"),
    Scenario(
        "retracted, all say so",
        told("retraction"),
        "retracted",
        by=(("retraction", "n1", WATCH, 2021),),
        n1_to=(("retraction", "own", WATCH, 2021),),
        rows=(("Retraction", 2021),),
        pubmed=("RetractionIn",),
        europe=("Retraction in",),
        flag=True,
    ),
    Scenario(
        "retracted, only updated-by", told("retraction"), "retracted", by=(("retraction", "n1", PUBLISHER, 2020),)
    ),
    Scenario(
        "retracted, only update-to", told("retraction"), "retracted", n1_to=(("retraction", "own", PUBLISHER, 2020),)
    ),
    Scenario(
        "retracted, only Retraction Watch in Crossref",
        told("retraction"),
        "retracted",
        by=(("retraction", "n1", WATCH, 2019),),
    ),
    Scenario("retracted, only in the list", told("retraction"), "retracted", rows=(("Retraction", 2022),), flag=False),
    Scenario("retracted, only Europe PMC", told("retraction"), "retracted", europe=("Retraction in",)),
    Scenario("retracted, only Europe PMC's notice", told("retraction"), "retracted", europe_n1=("Retraction of",)),
    Scenario("retracted, only PubMed's paper", told("retraction"), "retracted", pubmed=("RetractionIn",)),
    Scenario("retracted, only PubMed's type", told("retraction"), "retracted", types=("Retracted Publication",)),
    Scenario(
        "retracted, a type of Europe PMC alone",
        told("retraction"),
        "retracted",
        europe_types=("Retracted Publication",),
    ),
    Scenario(
        "retracted, a self-update alone",
        told("retraction"),
        "retracted",
        by=(("retraction", "own", PUBLISHER, 2021),),
        to=(("retraction", "own", PUBLISHER, 2021),),
    ),
    Scenario(
        "retracted, its notice is typed an erratum",
        told("retraction"),
        "retracted",
        by=(
            ("retraction", "n1", WATCH, 2024),
            ("erratum", "n1", PUBLISHER, 2025),
            ("retraction", "own", PUBLISHER, 2020),
        ),
        n1_to=(("retraction", "own", WATCH, 2024), ("erratum", "own", PUBLISHER, 2025)),
    ),
    Scenario("retracted, odd spelling", told("retraction"), "retracted", by=(("Retration", "n1", PUBLISHER, 2021),)),
    Scenario(
        "retracted, the notice carries it too",
        told("retraction"),
        "retracted",
        by=(("retraction", "n1", WATCH, 2021),),
        to=(("retraction", "n1", PUBLISHER, 2021),),
        n1_by=(("retraction", "own", PUBLISHER, 2021),),
        n1_to=(("retraction", "own", WATCH, 2021),),
    ),
    Scenario(
        "a concern, then a retraction",
        told("concern", "retraction"),
        "retracted",
        by=(("expression_of_concern", "n2", WATCH, 2020), ("retraction", "n1", WATCH, 2021)),
        pubmed=("RetractionIn",),
    ),
    Scenario(
        "a retraction, then a correction",
        told("retraction", "erratum"),
        "retracted",
        rows=(("Retraction", 2019), ("Correction", 2021)),
    ),
    Scenario(
        "a concern, a correction after it",
        told("concern", "erratum"),
        "concern",
        by=(("expression-of-concern", "n1", PUBLISHER, 2020), ("corrigendum", "n2", PUBLISHER, 2021)),
    ),
    Scenario("a concern in the list alone", told("concern"), "concern", rows=(("Expression of concern", 2020),)),
    Scenario(
        "a concern in PubMed, none elsewhere", told("concern"), "concern", pubmed=("ExpressionOfConcernIn",), flag=False
    ),
    Scenario(
        "reinstated",
        told("retraction", "reinstatement"),
        "reinstated",
        rows=(("Retraction", 2018), ("Reinstatement", 2020)),
        pubmed=("RetractionIn",),
    ),
    Scenario(
        "reinstated, then retracted again",
        told("retraction", "reinstatement"),
        "retracted",
        rows=(("Retraction", 2016), ("Reinstatement", 2018), ("Retraction", 2021)),
    ),
    Scenario("withdrawn", told("withdrawal"), "withdrawn", by=(("withdrawal", "own", PUBLISHER, 2021),)),
    Scenario("removed", told("withdrawal"), "withdrawn", by=(("removal", "n1", PUBLISHER, 2021),)),
    Scenario(
        "retracted in part",
        told("partial_retraction"),
        "concern",
        pubmed=("PartialRetractionIn",),
        europe=("Partial retraction in",),
        by=(("partial_retraction", "n1", PUBLISHER, 2021),),
    ),
    Scenario(
        "retracted and republished",
        told("retracted_republication"),
        "retracted",
        pubmed=("RetractedandRepublishedIn",),
        europe=("Retracted and republished in",),
    ),
    Scenario("corrected and republished", told("republication"), "corrected", pubmed=("CorrectedandRepublishedIn",)),
    Scenario(
        "corrected, two types of one notice",
        told("erratum"),
        "corrected",
        by=(("correction", "n1", WATCH, 2018), ("erratum", "n1", PUBLISHER, 2019)),
    ),
    Scenario("corrected, of old", told("erratum"), "corrected", to=(("correction", "own", None, 2019),)),
    Scenario(
        "corrected, only update-to", told("erratum"), "corrected", n1_to=(("corrigendum", "own", PUBLISHER, 2021),)
    ),
    Scenario(
        "a correction of its correction",
        told("erratum"),
        "corrected",
        by=(("erratum", "n1", PUBLISHER, 2020),),
        n1_to=(("erratum", "own", PUBLISHER, 2020),),
        n1_by=(("correction", "n2", PUBLISHER, 2021),),
        of_notice=told("erratum"),
        notice_status="corrected",
    ),
    Scenario(
        "its notice was itself retracted",
        told("erratum"),
        "corrected",
        by=(("erratum", "n1", PUBLISHER, 2020),),
        n1_by=(("retraction", "n2", WATCH, 2021),),
        of_notice=told("retraction"),
        notice_status="retracted",
    ),
    Scenario("an addendum", told("addendum"), "no_notice", by=(("addendum", "n1", PUBLISHER, 2020),)),
    Scenario(
        "a new version",
        told(),
        "no_notice",
        by=(("new_version", "own", PUBLISHER, 2024),),
        to=(("new_version", "own", PUBLISHER, 2024),),
    ),
    Scenario(
        "a later version was retracted, not this one",
        told(),
        "no_notice",
        by=(("new_version", "n1", PUBLISHER, 2022),),
        n1_by=(("retraction", "n2", WATCH, 2023),),
        of_notice=told("retraction"),
        notice_status="retracted",
    ),
    Scenario(
        "commented and updated",
        told(),
        "no_notice",
        pubmed=("CommentIn", "UpdateIn"),
        europe=("Comment in", "Update in"),
    ),
    Scenario("flagged by OpenAlex alone", told("flagged_retracted"), "no_notice", flag=True),
    Scenario(
        "an update nobody documents",
        told("unknown_update"),
        "no_notice",
        by=(("interim_statement", "n1", PUBLISHER, 2024),),
    ),
    Scenario("a row without a nature", told("unknown_update"), "no_notice", rows=(("", 2021),)),
)


@dataclass
class Case:
    """A scenario under a DOI; ``number`` makes its identifiers."""

    scenario: Scenario
    number: int
    doi: str = field(init=False)

    def __post_init__(self) -> None:
        self.doi = DOIS[self.number % len(DOIS)].format(n=self.number)

    @property
    def pmid(self) -> str:
        return str(20_000_000 + self.number)

    @property
    def held(self) -> bool:
        """Whether it is held back until the end."""
        return held_back(f"{self.scenario.name} {self.doi}")

    def work_doi(self, key: str) -> str:
        return self.doi.lower() if key == "own" else f"10.5555/{key}.of.{self.number}"

    def updates(self, entries: tuple[tuple[str, str, str | None, int], ...]) -> list[dict[str, Any]]:
        made = []
        for kind, key, source, year in entries:
            entry = {
                "DOI": self.work_doi(key),
                "type": kind,
                "label": kind.title(),
                "updated": {"date-parts": [[year, 3, 4]]},
            }
            made.append(
                entry | ({"source": source} if source else {}) | ({"record-id": "1"} if source == WATCH else {})
            )
        return made


def held_back(name: str) -> bool:
    return hashlib.sha256(name.encode()).digest()[0] % 2 == 0


def cases(count: int) -> list[Case]:
    """The scenarios in turn, each time under another form of DOI."""
    return [Case(SCENARIOS[number % len(SCENARIOS)], number + number // len(SCENARIOS)) for number in range(count)]
