"""``evidence fetch``: single records by their PMIDs, stored as a refresh stores them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence import logs
from evidence.bibliography.normal import normal_pmid
from evidence.clock import Clock, system_clock
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON, EXIT_TRY_LATER, UsageError
from evidence.project import NcbiIdentity, Project, ncbi_identity
from evidence.pubmed.eutils import connect
from evidence.refresh.engine import Engine
from evidence.refresh.lock import lock
from evidence.refresh.progress import Progress
from evidence.refresh.summary import RefreshSummary
from evidence.refresh.times import RefreshClock
from evidence.tracker import Tracker
from evidence.tracker.reading import FETCH


@dataclass(slots=True)
class FetchSummary:
    """What became of each PMID that was asked for: ``stored`` (of which ``new`` and ``revised``), ``gone``: PubMed has
    no such record, ``failed`` with why, ``poorer``: came with less than is held, and is not believed yet."""

    asked: int = 0
    stored: list[str] = field(default_factory=list)
    new: int = 0
    revised: int = 0
    gone: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    poorer: list[str] = field(default_factory=list)
    reached: bool = True

    @property
    def exit_code(self) -> int:
        """0; 1 when a record did not come; 75 when PubMed did not answer."""
        if not self.reached:
            return EXIT_TRY_LATER
        return EXIT_NEEDS_PERSON if self.gone or self.failed or self.poorer else EXIT_DONE

    def as_json(self) -> dict[str, Any]:
        return {
            "asked": self.asked, "stored": self.stored, "new": self.new, "revised": self.revised, "gone": self.gone,
            "failed": self.failed, "poorer": self.poorer, "exit_code": self.exit_code,
        }  # fmt: skip

    def text(self) -> str:
        """The lines printed at the end."""
        count = len(self.stored)
        lines = [f"{count:,} record{'' if count == 1 else 's'} fetched: {self.new:,} new, {self.revised:,} revised"]
        lines += [f"{pmid}: PubMed has no such record" for pmid in self.gone]
        lines += [f"{pmid}: failed: {why}" for pmid, why in self.failed.items()]
        lines += [f"{pmid}: came with less than is held; the fuller record stays" for pmid in self.poorer]
        return "\n".join([*lines, *(["'evidence build' shows them"] if self.new or self.revised else [])])


def fetch(
    project: Project, pmids: Sequence[str], progress: Progress | None = None, identity: NcbiIdentity | None = None,
    now: Clock = system_clock,
) -> FetchSummary:  # fmt: skip
    """Fetch the records with these PMIDs, whatever the topics find; they belong to none.

    Raises ``UsageError`` for what is no PMID, ``TryLater`` when a refresh is at work, ``StorageError`` when nothing can
    be written. What PubMed did not answer is in the summary.
    """
    wanted = list(dict.fromkeys(map(_pmid, pmids)))
    progress = progress or Progress("records")
    client = connect(identity or ncbi_identity())
    with lock(project.lock) as taken_over, logs.to_file(project.log, now):
        if taken_over:
            client.pacer.assume_busy()
        try:
            clock = RefreshClock(now)
            client.on_date = clock.heard
            with Tracker.open(Path(project.tracker), now=clock) as tracker:
                run = RefreshSummary(kind=FETCH)
                run.refresh = tracker.begin_refresh(FETCH)
                engine = Engine(client, tracker, clock, run, progress)
                outcome = "failed"
                try:
                    engine.fetch(wanted)
                    outcome = "partly" if engine.outcomes.failed else "done"
                finally:
                    tracker.finish_refresh(run.refresh, outcome, client.requests, client.given_up or None)
        finally:
            progress.close()
            client.close()
            client.pacer.rest()
    return _summary(wanted, run, engine, client.reached)


def _pmid(printed: str) -> str:
    pmid = normal_pmid(printed) if printed.strip().removeprefix("PMID:").strip().isdecimal() else None
    if pmid is None:
        raise UsageError(f"{printed!r} is no PMID: give the digits, such as 25112889")
    return pmid


def _summary(wanted: Sequence[str], run: RefreshSummary, engine: Engine, reached: bool) -> FetchSummary:
    outcomes = engine.outcomes
    missed = {*outcomes.gone, *outcomes.failed, *outcomes.poorer}
    return FetchSummary(
        asked=len(wanted), stored=[pmid for pmid in wanted if pmid not in missed], new=run.new, revised=run.revised,
        gone=[pmid for pmid in wanted if pmid in outcomes.gone],
        failed={pmid: outcomes.failed[pmid] for pmid in wanted if pmid in outcomes.failed},
        poorer=[pmid for pmid in wanted if pmid in outcomes.poorer], reached=reached,
    )  # fmt: skip
