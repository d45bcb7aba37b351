"""What asking other sources came to: lines for a person, a dict for a program, an exit code for a scheduler."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON, EXIT_TRY_LATER


@dataclass(slots=True)
class SourceResult:
    """One source: how many subjects were ``due``, ``asked`` (with an answer), ``found`` there, ``failed``.

    ``notices``: subjects asked now that have one; ``searches``: of a registry.
    ``error``: why some failed; they are due the next time.
    """

    name: str
    label: str
    due: int = 0
    asked: int = 0
    found: int = 0
    failed: int = 0
    notices: int = 0
    requests: int = 0
    searches: int = 0
    reached: bool = False
    error: str | None = None
    registry: bool = field(default=False, repr=False)

    def as_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if name != "registry"}

    def line(self) -> str:
        told = f"{self.label}: {self.due:,} due, {self.asked:,} asked, {self.found:,} found there, "
        told += "" if self.registry else f"{self.notices:,} with a notice, "
        told += f"{self.failed:,} failed; {self.requests:,} requests"
        told += f", {self.searches:,} search{'es' if self.searches > 1 else ''}" if self.searches else ""
        return f"{told}\n{self.label}: failed: {self.error}" if self.error else told


@dataclass(slots=True)
class EnrichSummary:
    """All sources of one run."""

    sources: list[SourceResult] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0; 75 when nobody that was asked answered at all; 1 when something failed."""
        failed = [source for source in self.sources if source.error]
        if failed and not any(source.reached for source in self.sources):
            return EXIT_TRY_LATER
        return EXIT_NEEDS_PERSON if failed else EXIT_DONE

    def as_json(self) -> dict[str, Any]:
        """The stable form that ``--json`` prints (docs/json.md)."""
        return {"exit_code": self.exit_code, "sources": [source.as_json() for source in self.sources]}

    def text(self) -> str:
        lines = [source.line() for source in self.sources]
        if self.exit_code == EXIT_TRY_LATER:
            lines.append("no source could be reached; nothing was changed. Try again later")
        elif any(source.asked for source in self.sources):
            lines.append("'evidence build' shows what they said")
        return "\n".join(lines)
