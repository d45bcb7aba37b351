"""Refreshes at random: PubMed changes, answers fail, clocks jump, runs are interrupted; what must hold is looked at.

After every run: nothing that was received is gone or changed, and no topic that failed, and no clock, moved a watermark
past what was seen. After every few: one run without faults, by a right clock, and the tracker holds what PubMed does.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from clocks import SetClock
from eutils_server import Article
from eutils_server.hostile import BROKEN, ECHOES, SLOW
from refresh_conftest import Small

from evidence.clock import stamp
from evidence.exchange.pubmed import content_hash, revision
from evidence.tracker import Tracker, check_tracker

FAULTS = (
    "rate_limit_200", "http_500", "http_502", "html", "error", "raw_break", "unsupported", "empty_response",
    "empty_body", "cut", "cut_xml", "reset", "short", "empty_set", "echo", "short_ids",
)  # fmt: skip
# Of the attacks, those that are neither slow, nor tens of megabytes, nor a lie that nobody can see.
ATTACKS = (*(BROKEN.keys() | ECHOES.keys()) - {"echo_as_a_key"}, "gzip_bomb", "header_flood", "long_header")
# What a poorer answer lacks.
WITHHELD = (("abstract",), ("mesh",), ("author", "more_authors"), ("abstract", "mesh", "doi"))
INTERRUPTED_IN = ("store_batch", "update_membership", "log_topic", "finish_refresh", "doubt", "mark_gone")
# Days that this machine's clock is wrong by, in the runs in which it is.
JUMPS = (-800, -366, -30, -8, -2, -0.9, 0.9, 2, 8, 12, 20, 30, 366, 800)
WORDS = "Invented. Nobody was looked at, nothing was found, and no conclusion can be drawn from run {} of this."
DAY = timedelta(days=1)


@dataclass
class Report:
    """``lost`` and ``misplaced`` must be empty: what was lost, and watermarks past a failure or a clock."""

    runs: int = 0
    told: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    misplaced: list[str] = field(default_factory=list)


class Campaign:
    """One project, refreshed again and again. ``right`` is PubMed's clock, ``small.clock`` this machine's."""

    def __init__(self, small: Small, seed: int, slow: bool = False):
        """``slow``: with answers that drip, which take their whole time."""
        self.slow = slow
        self.small, self.corpus = small, small.server.corpus
        self.chance, self.report = random.Random(seed), Report()
        self.right = self.corpus.now = SetClock(small.clock.at)
        self.poor_runs = 0
        small.server._state.retry_after = "0.001"
        small.topic("stimulation")
        for article in self.corpus.articles.values():
            self._furnish(article)

    def run(self, runs: int, clean_every: int = 5) -> Report:
        for number in range(1, runs + 1):
            self._time_passes()
            self._pubmed_changes(number)
            self._refresh_with_faults()
            if number % clean_every == 0 or number == runs:
                self._refresh_without_faults(number)
        return self.report

    def _furnish(self, article: Article) -> None:
        article.abstract, article.mesh = WORDS.format(article.pmid), ["Humans", "Needles", f"Heading {article.pmid}"]
        article.more_authors, article.doi, article.book = ["Second", "Third"], f"10.5555/{article.pmid}", False

    def _time_passes(self) -> None:
        self.right.move(days=self.chance.choice((0.5, 1, 1, 2, 7, 9, 25)))
        wrong = self.chance.random() < 0.5
        self.small.clock.at = self.right.at
        if wrong:
            self.small.clock.move(days=self.chance.choice(JUMPS))
            self.report.told["clock jumps"] += 1

    def _pubmed_changes(self, number: int) -> None:
        corpus, chance = self.corpus, self.chance
        for pmid in chance.sample(sorted(corpus.articles), 8):
            match chance.randrange(6):
                case 0:
                    corpus.delete(pmid)
                case 1:
                    corpus.revise(pmid, abstract="", title=f"alpha stimulation withdrawn in {number}", mesh=[])
                case 2:
                    corpus.revise(pmid, types=["Journal Article", "Retracted Publication"])
                case 3:
                    corpus.revise(pmid, title=f"beta stimulation, no more alpha, {number}")
                case _:
                    corpus.revise(pmid, abstract=WORDS.format(number))
        for new in range(3):
            article = Article(str(100_000 + number * 10 + new), "alpha stimulation, an invented newcomer")
            self._furnish(article)
            corpus.add(article)

    def _refresh_with_faults(self) -> None:
        server, chance = self.small.server, self.chance
        server.recover()
        kinds = chance.sample(FAULTS, chance.randint(0, 4)) + chance.sample(sorted(ATTACKS), chance.randint(0, 3))
        for kind in chance.sample(kinds, len(kinds)):  # the first one that hits is acted
            server.fail(kind, probability=chance.choice((0.05, 0.2, 0.5, 0.9)))
        if self.slow and chance.random() < 0.2:
            server.fail(chance.choice(sorted(SLOW)), nth={chance.randint(1, 8)})
        # What is poorer on a third day is believed: another test's. So is what comes poorer the first time, or with a
        # later date: nothing tells it.
        poor = self.poor_runs < 2 and chance.random() < 0.4
        self.poor_runs = self.poor_runs + 1 if poor else 0
        stored = self._as_pubmed_has_it() & self._seen()
        withheld = [pmid for pmid in sorted(stored) if chance.random() < 0.3] if poor else []
        self.corpus.withheld = {pmid: chance.choice(WITHHELD) for pmid in withheld}
        self._refresh(full=chance.random() < 0.2, interrupted=chance.random() < 0.2)
        self.corpus.withheld = {}

    def _refresh(self, full: bool, interrupted: bool) -> None:
        held, marks = self._held(), self._watermarks()
        report = self.report
        report.runs += 1
        failed: set[str] = set()
        with pytest.MonkeyPatch.context() as patch:
            if interrupted:
                self._interrupt(patch)
            try:
                summary = self.small.refresh(full=full)
                failed = {topic.id for topic in summary.failed_topics}
                report.told["topics failed"] += len(failed)
                report.told["records doubted"] += sum(topic.poorer for topic in summary.topics)
            except KeyboardInterrupt:
                report.told["interrupted"] += 1
        now = self._held()
        report.lost += [f"run {report.runs}: {key} of before" for key in held.keys() - now.keys()]
        report.lost += [
            f"run {report.runs}: {key} changed" for key in held.keys() & now.keys() if held[key] != now[key]
        ]
        for topic, mark in self._watermarks().items():
            if topic in failed and mark != marks.get(topic):
                report.misplaced.append(f"run {report.runs}: {topic} failed, and its watermark moved to {mark}")
            if mark and mark != marks.get(topic) and mark > stamp(self.right() + DAY):
                report.misplaced.append(f"run {report.runs}: {topic}: watermark {mark}, PubMed's clock {self.right.at}")

    def _interrupt(self, patch: pytest.MonkeyPatch) -> None:
        name, left = self.chance.choice(INTERRUPTED_IN), [self.chance.randint(1, 3)]
        original = getattr(Tracker, name)

        def interrupted(*arguments: object, **options: object) -> object:
            left[0] -= 1
            result = original(*arguments, **options)
            if left[0] == 0:
                raise KeyboardInterrupt
            return result

        patch.setattr(Tracker, name, interrupted)

    def _held(self) -> dict[tuple[object, ...], object]:
        """Every version and every doubted answer, by what names it."""
        with self.small.tracker() as tracker:
            rows = [*tracker.db.execute("SELECT 'version', record, number, content_hash, content FROM versions")]
            rows += tracker.db.execute("SELECT 'doubt', record, refresh, content_hash, content FROM doubts")
        return {row[:3]: row[3:] for row in rows}

    def _as_pubmed_has_it(self) -> set[str]:
        """PMIDs whose current version is what PubMed has now."""
        with self.small.tracker() as tracker:
            stored = {record.pmid: content_hash(record.content) for record in tracker.stored()}
        return {pmid for pmid, xml in self._xml().items() if stored.get(pmid) == content_hash(xml)}

    def _seen(self) -> set[str]:
        """PMIDs that a refresh has seen with the date of revision that they have now."""
        with self.small.tracker() as tracker:
            seen = dict(tracker.db.execute("SELECT pmid, revision FROM records"))
        return {pmid for pmid, xml in self._xml().items() if seen.get(pmid) == revision(xml)}

    def _xml(self) -> dict[str, bytes]:
        return {pmid: article.xml().encode() for pmid, article in self.corpus.articles.items()}

    def _watermarks(self) -> dict[str, str | None]:
        with self.small.tracker() as tracker:
            return {topic: tracker.watermark(topic) for topic in ("alpha", "stimulation")}

    def _refresh_without_faults(self, number: int) -> None:
        """A right clock and a server that answers well: what the tracker holds by then is what PubMed does."""
        self.small.server.recover()
        self.right.move(days=1)
        self.small.clock.at = self.right.at
        self._refresh(full=False, interrupted=False)
        self.poor_runs = 0
        lost = self.report.lost
        with self.small.tracker() as tracker:
            lost += [f"after run {number}: {problem}" for problem in check_tracker(tracker)]
            lost += [f"after run {number}: {pmid} is doubted still" for pmid in tracker.doubts()]
            gone = {record.pmid for record in tracker.stored() if record.gone_since}
            known = {m.record.removeprefix("pubmed:") for m in tracker.memberships()}
            for topic, word in (("alpha", "alpha"), ("stimulation", "stimulation")):
                found = {pmid for pmid, article in self.corpus.articles.items() if word in article.text()}
                lost += [f"after run {number}: {pmid} is missing in {topic}" for pmid in found - tracker.members(topic)]
                lost += [f"after run {number}: {pmid} is left in {topic}" for pmid in tracker.members(topic) - found]
        others = self.corpus.articles.keys() - self._as_pubmed_has_it()
        others = {pmid for pmid in others if "stimulation" in self.corpus.articles[pmid].text()}
        lost += [f"after run {number}: {pmid} is not as PubMed has it" for pmid in others]
        lost += [
            f"after run {number}: {pmid} is in PubMed no more, and not marked"
            for pmid in known - self.corpus.articles.keys() - gone
        ]
