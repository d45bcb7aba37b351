"""What de-duplication takes and gives."""

from __future__ import annotations

from dataclasses import dataclass, field

from evidence.record import Record


@dataclass(frozen=True, slots=True)
class Merge:
    """Why two records are one report. ``left`` and ``right`` are positions in the input, ``left`` < ``right``.

    ``rule`` is a name from ``rules.MERGE_RULES`` (or ``decision``), ``score`` is 0 to 1, ``why`` a sentence for people.
    """

    left: int
    right: int
    rule: str
    score: float
    why: str = ""


@dataclass(slots=True)
class Deduplication:
    """``joined``: the clusters of several positions, of the ``size`` in the input; both levels in ascending order.

    ``merges``: one :class:`Merge` for each pair that holds a cluster together (enough to connect it).
    ``log``: what was skipped or taken apart, one sentence a line.
    """

    size: int = 0
    joined: list[list[int]] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    @property
    def clusters(self) -> list[list[int]]:
        """Every position in exactly one cluster; both levels in ascending order."""
        several = {position for cluster in self.joined for position in cluster}
        return sorted([*self.joined, *([position] for position in range(self.size) if position not in several)])


@dataclass(slots=True)
class Merged:
    """One representative: ``fields`` maps each filled field's name to the id of the record it came from."""

    record: Record
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    """A maintainer's word on records. ``records``: record ids, PMIDs or DOIs. ``merge``: force or forbid."""

    records: tuple[str, ...]
    merge: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Decisions:
    """``queries/merges.yml``."""

    decisions: tuple[Decision, ...] = ()


NO_DECISIONS = Decisions()
