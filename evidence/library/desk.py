"""What the check of a draft needs, opened once: library, tagger, ledger. For the command and for the site."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from evidence.check.check import check
from evidence.check.result import CheckResult
from evidence.cited_sources import load_sources
from evidence.clock import Clock, system_clock
from evidence.exchange.draft import Draft, read_draft
from evidence.ledger.ledger import Ledger, load_ledger, published
from evidence.ledger.log import load_log, settle
from evidence.library.bearing import CheckLibrary
from evidence.library.pubmed import index_of
from evidence.project import Project
from evidence.references import OnlineMatcher
from evidence.references.standing import PubMedRecords
from evidence.tagging import Tagger, load_vocabulary


@dataclass(slots=True)
class Desk:
    """A place to check drafts at. Not shared between threads: the library's connection is this one's."""

    library: CheckLibrary
    tagger: Tagger
    ledger: Ledger
    index: PubMedRecords | None = None
    this_year: int | None = None

    @classmethod
    def open(cls, evidence_db: Path, project: Project, publication: bool = False, now: Clock = system_clock) -> Desk:
        """Open a built library with a project's vocabulary and claims; for a publication, without its drafts.

        Raises ``UsageError`` without a library, ``StorageError`` for a damaged one, ``InputError`` for a mistake in
        ``queries/``.
        """
        library = CheckLibrary.open(evidence_db)
        assert isinstance(library, CheckLibrary)
        vocabulary = load_vocabulary(project.vocabulary)
        ledger = load_ledger(project.claims, vocabulary, load_sources(project.sources))
        ledger = settle(ledger, load_log(project.readings, (claim.id for claim in ledger.claims)))
        if publication:
            ledger = published(ledger, project.settings())
        return cls(library, Tagger(vocabulary), ledger, index_of(project), now().year)

    def check_text(
        self, text: str, online: OnlineMatcher | None = None, seconds: float | None = None, notes: tuple[str, ...] = ()
    ) -> CheckResult:
        """Check a text. After ``seconds`` (wall clock) the sentences that are left are said not to be checked."""
        end = None if seconds is None else time.monotonic() + seconds
        out_of_time = None if end is None else lambda: time.monotonic() > end
        return check(
            text, self.library, self.tagger, self.ledger, online, out_of_time, notes, self.index, self.this_year
        )

    def check_file(
        self, content: bytes, name: str, online: OnlineMatcher | None = None, seconds: float | None = None
    ) -> CheckResult:
        """Check a file's bytes: text, Markdown, HTML, .docx or PDF. Raises ``InputError`` when it is none of these."""
        draft: Draft = read_draft(content, name)
        result = self.check_text(draft.text, online, seconds, draft.notes)
        result["format"] = draft.format
        return result

    def close(self) -> None:
        self.library.close()
