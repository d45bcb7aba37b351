"""One build from beginning to end, and what to say of it."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence.clock import Clock, system_clock
from evidence.collection import without_collection
from evidence.derive.derive import Progress, derive
from evidence.derive.info import inputs_hash
from evidence.derive.inputs import read_inputs
from evidence.derive.publish import info_rows, publish
from evidence.derive.reports import Stock
from evidence.derive.write import new_database
from evidence.errors import StorageError
from evidence.project import Project
from evidence.tracker import Tracker, end_of


@dataclass(slots=True)
class BuildSummary:
    """What a build made. ``log`` is what a maintainer should read."""

    output: Path
    records: int
    reports: int
    studies: int
    notices: int
    claims_reopened: int
    starter: bool
    as_of: str | None
    seconds: float
    log: list[str] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        """The stable form that ``--json`` prints (docs/json.md)."""
        names = ("records", "reports", "studies", "notices", "claims_reopened", "starter", "as_of", "seconds", "log")
        return {"output": str(self.output), **{name: getattr(self, name) for name in names}}

    def text(self) -> str:
        dated = f" as of {self.as_of}" if self.as_of else ""
        lines = [
            f"{self.output}{dated}: {self.records:,} records became {self.reports:,} reports ({self.seconds:.1f} s)",
            f"{self.studies:,} studies, {self.notices:,} notices, {self.claims_reopened:,} claims open again",
        ]
        if self.starter:
            lines.append("from the starter library only (no abstracts); 'evidence refresh' fetches PubMed's records")
        return "\n".join(lines)


def build(
    project: Project,
    output: Path | None = None,
    as_of: str | None = None,
    progress: Progress | None = None,
    now: Clock = system_clock,
) -> BuildSummary:
    """Derive ``evidence.db`` (or ``output``) from what the tracker held on ``as_of``, with today's rules.

    Raises :class:`~evidence.errors.InputError` for a mistake in ``queries/`` (file, line, reason) and
    :class:`~evidence.errors.StorageError` when there is no tracker or the output cannot be written; the old file stays.
    """
    started = time.monotonic()
    tell = progress or (lambda stage, done, total: None)
    end_of(as_of)  # a wrong date is said before any work
    if not project.tracker.exists():
        raise StorageError(
            f"{project.tracker} does not exist yet: run 'evidence refresh', or 'evidence up' for the starter library"
        )
    inputs = read_inputs(project)
    with ExitStack() as stack:
        stack.enter_context(without_collection())
        tracker = stack.enter_context(closing(Tracker.open(project.tracker, create=False)))
        # Opened before the long part: that it cannot be written should not be said after a minute.
        writer = stack.enter_context(new_database(output or project.evidence))
        stock = stack.enter_context(closing(Stock((output or project.evidence).parent)))
        with tracker.one_moment():
            fingerprint = inputs_hash(project, tracker.input_hash(), as_of)
            derived = derive(project, tracker, inputs, as_of, stock, writer, tell)
            publish(writer, project, inputs, derived, tracker, as_of, tell)
        writer.add_all(info_rows(inputs, derived, fingerprint, as_of, now()))
    return BuildSummary(
        output=output or project.evidence,
        records=derived.records,
        reports=len(derived.reports),
        studies=len(derived.related.studies),
        notices=len(derived.related.notices),
        claims_reopened=len({reason.claim for reason in derived.reopenings}),
        starter=derived.starter_only,
        as_of=as_of,
        seconds=round(time.monotonic() - started, 1),
        log=[*inputs.ledger.notes, *derived.log],
    )
