"""What tagging says of a record, and the words that earned each tag."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class Evidence:
    """Words that earned a tag. ``field`` is title, abstract, mesh, publication_type, grant or conflict_statement.

    For ``abstract``, ``section`` is the section's position and ``start``/``end`` are code-point offsets into
    that section's text, 0-based and half-open; for ``title`` into the title, for ``conflict_statement`` into that;
    otherwise ``None``.
    """

    facet: str
    tag: str
    field: str
    phrase: str
    section: int | None = None
    start: int | None = None
    end: int | None = None
    rule: str = ""


@dataclass(slots=True)
class NearMiss:
    """A tag whose words were found but which was not given, and the rule that stopped it."""

    facet: str
    tag: str
    phrase: str
    rule: str


@dataclass(slots=True)
class SampleSize:
    """``value`` people (or animals), the sentence it stands in, where, and the rule that chose it."""

    value: int
    sentence: str
    rule: str
    section: int | None = None
    start: int | None = None
    end: int | None = None


@dataclass(slots=True)
class DesignTags:
    """Study design of one record. ``designs`` maps design id → rule; ``design`` is the principal one.

    ``level`` is the OCEBM 2011 starting level from design alone (1 to 5), ``None`` when not graded.
    ``flags`` holds open_label, sham, placebo, crossover, controlled: ``True``, ``False`` or absent (not stated).
    """

    designs: dict[str, str] = field(default_factory=dict)
    design: str | None = None
    level: int | None = None
    level_reason: str = ""
    protocol: bool = False
    secondary: bool = False
    sample_size: SampleSize | None = None
    follow_up_months: float | None = None
    flags: dict[str, bool] = field(default_factory=dict)
    funding: str = ""
    evidence: list[Evidence] = field(default_factory=list)
    near_misses: list[NearMiss] = field(default_factory=list)


@dataclass(slots=True)
class Statements:
    """What a record states of its comparison, its blinding, who paid, and authors' interests.

    Each dict maps a value (``statements/values.yml``) to the rule that gave it, which is empty for ``not_stated`` and
    ``not_applicable``; blinding and interests have one value.
    """

    comparators: dict[str, str] = field(default_factory=dict)
    blinding: dict[str, str] = field(default_factory=dict)
    funding: dict[str, str] = field(default_factory=dict)
    interests: dict[str, str] = field(default_factory=dict)
    evidence: list[Evidence] = field(default_factory=list)


@dataclass(slots=True)
class Tags:
    """Everything tagging says of one record. Each dict maps a tag id to the rule that gave it.

    Parents stand beside their children with rule ``parent``. ``scope`` is one of :class:`evidence.model.Scope`.
    """

    modalities: dict[str, str] = field(default_factory=dict)
    modalities_mentioned: dict[str, str] = field(default_factory=dict)
    outcomes: dict[str, str] = field(default_factory=dict)
    conditions: dict[str, str] = field(default_factory=dict)
    design: DesignTags = field(default_factory=DesignTags)
    stated: Statements = field(default_factory=Statements)
    scope: str = "off_topic"
    evidence: list[Evidence] = field(default_factory=list)
    near_misses: list[NearMiss] = field(default_factory=list)

    def by_facet(self) -> dict[str, dict[str, str]]:
        """Facet → tag id → the rule that gave it, for the facets of :mod:`evidence.model` in their order."""
        return {
            "modality": self.modalities,
            "outcome": self.outcomes,
            "condition": self.conditions,
            "design": self.design.designs,
            "comparator": self.stated.comparators,
            "blinding": self.stated.blinding,
            "funding": self.stated.funding,
            "interests": self.stated.interests,
        }
