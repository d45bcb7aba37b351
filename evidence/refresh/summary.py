"""What a refresh did: for a person as lines, for a program as a dict, for a scheduler as an exit code."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON, EXIT_TRY_LATER
from evidence.refresh.cited import UNRESOLVED, SourceState


@dataclass(slots=True)
class TopicResult:
    """One topic of one refresh.

    ``hits`` as PubMed counted them; ``new`` joined the topic, ``revised`` came with other content, ``left`` are
    in PubMed but no longer found, ``gone`` are no longer in PubMed, ``failed`` could not be fetched and are asked
    for again next time, as are those that came ``poorer`` than they were and are not believed. ``to_fetch`` is what a
    refresh would ask for (``--dry-run``). With ``error``, the topic's watermark stays where it was.
    """

    id: str
    title: str = ""
    query: str = ""
    hits: int | None = None
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    left: int = 0
    gone: int = 0
    failed: int = 0
    poorer: int = 0
    to_fetch: int = 0
    translation: str = ""
    warnings: list[str] = field(default_factory=list)
    error: str | None = None


@dataclass(slots=True)
class RefreshSummary:
    """``records`` counts what the tracker got: ``fetched``, of which ``new`` and ``revised`` were written."""

    refresh: int | None = None
    kind: str = "incremental"
    started_at: str = ""
    finished_at: str = ""
    seconds: float = 0.0
    dry_run: bool = False
    reached: bool = True
    requests: int = 0
    fetched: int = 0
    new: int = 0
    revised: int = 0
    topics: list[TopicResult] = field(default_factory=list)
    sources: list[SourceState] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @property
    def failed_topics(self) -> list[TopicResult]:
        return [topic for topic in self.topics if topic.error]

    @property
    def outcome(self) -> str:
        """done, partly (a topic failed) or failed (all of them did)."""
        if not self.failed_topics:
            return "done"
        return "partly" if len(self.failed_topics) < len(self.topics) else "failed"

    @property
    def exit_code(self) -> int:
        """0; 1 when a topic failed; 75 when PubMed answered nothing at all. Unresolved sources change nothing."""
        if self.topics and not self.reached and self.outcome == "failed":
            return EXIT_TRY_LATER
        return EXIT_NEEDS_PERSON if self.failed_topics else EXIT_DONE

    def as_json(self) -> dict[str, Any]:
        unresolved = [source for source in self.sources if source.state == UNRESOLVED]
        return {
            "refresh": self.refresh,
            "kind": self.kind,
            "dry_run": self.dry_run,
            "outcome": self.outcome,
            "exit_code": self.exit_code,
            "started_at": self.started_at,
            "finished_at": self.finished_at,
            "seconds": round(self.seconds, 1),
            "requests": self.requests,
            "records": {"fetched": self.fetched, "new": self.new, "revised": self.revised},
            "topics": [asdict(topic) for topic in self.topics],
            "sources": {
                "checked": len(self.sources),
                "resolved": len(self.sources) - len(unresolved),
                "unresolved": [{"id": s.id, "cited_as": s.cited_as, "reason": s.reason} for s in unresolved],
            },
            "warnings": self.warnings,
        }

    def text(self) -> str:
        """The lines printed at the end."""
        columns = ("hits", "to_fetch") if self.dry_run else ("hits", "new", "revised", "left", "gone", "failed")
        lines = [self._headline(), table(self.topics, columns)]
        for topic in self.topics:
            lines += [f"{topic.id}: warning: {warning}" for warning in topic.warnings]
            if topic.error:
                lines.append(f"{topic.id}: failed: {topic.error}")
        lines += [f"warning: {warning}" for warning in self.warnings]
        if self.sources:
            unresolved = sum(source.state == UNRESOLVED for source in self.sources)
            more = "; 'evidence status' says why" if unresolved else ""
            resolved = len(self.sources) - unresolved
            lines.append(f"cited sources: {resolved} resolved, {unresolved} unresolved{more}")
        if self.exit_code == EXIT_TRY_LATER:
            lines.append("PubMed could not be reached; nothing was changed. Try again later")
        return "\n".join(lines)

    def _headline(self) -> str:
        if self.dry_run:
            return f"A refresh would ask for this ({self.requests:,} requests were sent, nothing was stored):"
        kept = f"{self.fetched:,} records fetched, {self.new:,} new, {self.revised:,} revised"
        return f"{self.kind} refresh {self.outcome} in {self.seconds:,.0f} s: {kept}; {self.requests:,} requests"


def table(topics: list[TopicResult], columns: tuple[str, ...]) -> str:
    """Topics as aligned lines, ``-`` where nothing is known."""

    def cell(topic: TopicResult, column: str) -> str:
        value = getattr(topic, column)
        return "-" if value is None else f"{value:,}"

    rows = [["topic", *(column.replace("_", " ") for column in columns)]]
    rows += [[topic.id, *(cell(topic, column) for column in columns)] for topic in topics]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(v.ljust(w) if i == 0 else v.rjust(w) for i, (v, w) in enumerate(zip(row, widths, strict=True)))
        for row in rows
    )
