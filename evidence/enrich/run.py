"""One run of ``evidence enrich``: what is due is asked in batches, each answer stored as it came, before the next."""

from __future__ import annotations

import logging
import os
from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from evidence import logs
from evidence.bibliography.registrations import databank_registrations, registrations_in
from evidence.clock import Clock, stamp, system_clock
from evidence.devices import FILE, load_devices
from evidence.enrich.fingerprints import fingerprint
from evidence.enrich.searches import Searches
from evidence.enrich.summary import EnrichSummary, SourceResult
from evidence.errors import StorageError, UsageError
from evidence.exchange.pubmed import parse_record
from evidence.http import Answer, Client, Fault, NotFound, Refused, Unanswered, patience, timeouts
from evidence.project import Project
from evidence.record import Record, from_json
from evidence.refresh.lock import lock
from evidence.refresh.progress import Progress
from evidence.sources import SOURCES, Registry, Source
from evidence.sources.held import page_subject
from evidence.topics import load_topics
from evidence.tracker import RECORD_JSON, Tracker

# Notices on what articles and claims cite are looked for weekly, on everything monthly.
# Registrations change while a trial goes on, and fifty are asked at once: weekly.
RECHECK, RECHECK_CITED = timedelta(days=30), timedelta(days=7)
EMAIL_VARIABLES = ("EVIDENCE_EMAIL", "NCBI_EMAIL")
Connect = Callable[[Source, str], Client]
# DOI, PMID, and trial numbers as ``(registry, number)``.
Identifiers = tuple[str | None, str | None, tuple[tuple[str, str], ...]]
log = logging.getLogger("evidence.enrich")


def connect(source: Source, email: str) -> Client:
    """A client with the timeouts of the environment."""
    return source.client(email, limits=timeouts(), patience=patience())


def switched_on(project: Project) -> list[str]:
    """The sources that ``metadata.yml`` switches on. Raises :class:`UsageError` for one that there is not."""
    chosen = project.settings().get("sources") or {}
    if not isinstance(chosen, dict) or not all(isinstance(value, bool) for value in chosen.values()):
        raise UsageError("metadata.yml: plugins: evidence: sources must be a mapping of names to true or false")
    if unknown := sorted(map(str, chosen.keys() - SOURCES.keys())):
        raise UsageError(f"metadata.yml: there is no source {unknown[0]!r}; there are {', '.join(SOURCES)}")
    return [name for name in SOURCES if chosen.get(name)]


def enrich(
    project: Project,
    names: Sequence[str] = (),
    full: bool = False,
    progress: Progress | None = None,
    environ: Mapping[str, str] = os.environ,
    now: Clock = system_clock,
    connect: Connect = connect,
) -> EnrichSummary:
    """Ask the named sources, or all that are switched on, about what was never asked or is due again; ``full``: all.

    Raises :class:`UsageError` before anything is sent when a source is unknown or off, or no e-mail is set, and
    ``StorageError`` without a tracker. What a source did not answer is not raised: it is in the summary.
    """
    sources = _chosen(project, names)
    email = next((value for name in EMAIL_VARIABLES if (value := environ.get(name, "").strip())), "")
    for source in sources:
        if not email and not source.service.at().loopback:
            raise UsageError(
                f"{source.label} asks who is asking: export EVIDENCE_EMAIL=you@example.org, then run again"
            )
    if not project.tracker.exists():
        raise StorageError(f"{project.tracker} does not exist yet: run 'evidence refresh' first")
    progress = progress or Progress("questions")
    summary = EnrichSummary()
    with lock(project.lock), logs.to_file(project.log, now), Tracker.open(project.tracker, now=now) as tracker:
        registries = [source for source in sources if source.registry]
        reports = _reports(tracker, numbers=bool(registries))
        searches = registry_searches(project) if registries else []
        cited = frozenset(row["pmid"] for row in tracker.source_states() if row["pmid"])
        codes = [device.code for device in load_devices(project.queries / FILE)]
        for source in sources:
            client = connect(source, email)
            try:
                run = _Run(tracker, source, client, progress, now())
                own = list(source.codes(codes)) if source.codes else None
                summary.sources.append(run.ask(reports, cited, full, searches, own))
            finally:
                client.close()
        progress.close()
    return summary


def _chosen(project: Project, names: Sequence[str]) -> list[Source]:
    on = switched_on(project)
    for name in names:
        if name not in SOURCES:
            raise UsageError(f"there is no source {name!r}; there are {', '.join(SOURCES)}")
        if name not in on:
            raise UsageError(
                f"{name} is off: write 'sources: {{{name}: true}}' under plugins: evidence in metadata.yml"
            )
    if not on:
        raise UsageError(
            f"no source is switched on: write 'sources: {{{next(iter(SOURCES))}: true}}' under plugins: evidence in "
            f"metadata.yml (there are {', '.join(SOURCES)})"
        )
    return [SOURCES[name] for name in on if not names or name in names]


def registry_searches(project: Project) -> list[str]:
    """The registry searches of the topics, each once. Raises :class:`~evidence.errors.InputError`."""
    topics = load_topics(project.topics) if project.topics.is_dir() else []
    return list(dict.fromkeys(topic.trials for topic in topics if topic.trials))


def _reports(tracker: Tracker, numbers: bool) -> list[Identifiers]:
    """The identifiers of every record, with trial ``numbers`` only where somebody asks by them.

    A record that cannot be read is for ``evidence verify`` to say.
    """
    found: dict[Identifiers, None] = {}
    for stored in tracker.stored():
        with suppress(ValueError, TypeError):
            record: Record = (
                from_json(stored.content)
                if stored.format == RECORD_JSON
                else parse_record(stored.content, references=False)
            )
            found[record.doi, record.pmid, tuple(numbers_named(record)) if numbers else ()] = None
    return list(found)


def numbers_named(record: Record) -> list[tuple[str, str]]:
    """``(registry, number)`` of every trial that a record names, its own or not."""
    found = databank_registrations(record.databanks)
    return list(
        dict.fromkeys([*found, *registrations_in(f"{record.title} {record.abstract_text()} {record.source_id}")])
    )


class _Run:
    """One source, asked."""

    def __init__(self, tracker: Tracker, source: Source, client: Client, progress: Progress, now: datetime):
        self._tracker, self._source, self._client, self._progress = tracker, source, client, progress
        self._now, self._asked = now, {asked.subject: asked.checked_at for asked in tracker.asked(source.name)}
        self._result = SourceResult(
            source.name, source.label, registry=source.registry is not None or not source.notices
        )
        self._with_notice: set[str] = set()

    def ask(
        self,
        reports: Iterable[Identifiers],
        cited: frozenset[str],
        full: bool,
        searches: Sequence[str] = (),
        own: Sequence[str] | None = None,
    ) -> SourceResult:
        """``searches`` come after what is asked by number: an error of theirs must not keep that from being asked.

        ``own``: what is asked about instead of the reports, weekly.
        """
        source, result = self._source, self._result
        waits = dict.fromkeys(own or (), RECHECK_CITED)
        for doi, pmid, numbers in reports if own is None else ():
            for subject in source.subjects(doi, pmid, numbers):
                wait = RECHECK_CITED if (pmid in cited and source.notices) or source.registry else RECHECK
                waits[subject] = min(wait, waits.get(subject, wait))
        due = [subject for subject, wait in waits.items() if full or self._is_due(subject, wait)]
        self._ask_all(due)
        more = self._owed()
        wait = RECHECK_CITED if source.registry or own is not None else RECHECK
        more |= self._search(source.registry, searches, full) if source.registry else set()
        self._ask_all([one for one in sorted(more) if one not in waits and (full or self._is_due(one, wait))])
        result.requests, result.reached = self._client.requests, self._client.reached
        result.notices = len(self._with_notice)
        counts = {name: getattr(result, name) for name in ("asked", "found", "failed", "requests")}
        self._tracker.log_enrichment(source.name, stamp(self._now), counts, result.error)
        line = result.line()
        log.log(logging.ERROR if result.error else logging.INFO, line)
        return result

    def _search(self, registry: Registry, expressions: Sequence[str], full: bool) -> set[str]:
        """Search the registry for what is due; returns what its searches found, now or before."""
        searches = Searches(self._tracker, self._source, self._client, full)
        for expression in expressions:
            if full or self._is_due(page_subject(expression, 1), RECHECK_CITED):
                self._result.searches += 1
                self._result.error = searches.ask(expression) or self._result.error
        return set(registry.subjects((self._source.label, number) for number in searches.numbers(expressions)))

    def _is_due(self, subject: str, wait: timedelta) -> bool:
        """Never asked, long ago, or, as it seems, later than now: then a clock was wrong."""
        asked = self._asked.get(subject)
        return asked is None or not timedelta(0) <= self._now - datetime.fromisoformat(asked) < wait

    def _ask_all(self, subjects: Sequence[str]) -> None:
        self._result.due += len(subjects)
        self._progress.expect(len(subjects))
        batches = deque((batch, len(batch) == 1) for batch in self._source.batches(subjects))
        while batches:
            batch, settles = batches.popleft()
            try:
                found = self._ask_batch(batch, settles)
            except (Unanswered, Refused) as error:
                self._result.failed += len(batch)
                self._result.error = self._result.error or str(error)
                self._progress.advance(len(batch))
                continue
            # What a list passes over may be there all the same: only asked for again is it known not to be, and where
            # a source does not say so by its lists, by itself.
            missing = [] if settles else [one for one in batch if one not in found]
            again = [missing] if self._source.passes_over and missing else [[one] for one in missing]
            batches.extendleft((one, True) for one in again)
            self._progress.advance(len(batch) - len(missing))

    def _owed(self) -> set[str]:
        """What must be asked about too, to know what is held means: also what an earlier run did not come to."""
        source, owed = self._source, set[str]()
        if source.follow is None:
            return owed
        last = {row.subject: row.answer for row in self._tracker.asked(source.name)}
        held: dict[int, list[str]] = {}
        for subject, answer in last.items():
            if answer is not None:
                held.setdefault(answer, []).append(subject)
        for answer, subjects in held.items():
            with suppress(Fault, ValueError):  # a damaged answer is for 'evidence verify' to say
                for subject, item in source.read(self._tracker.answer(answer), subjects).items():
                    owed.update(source.follow(subject, item))
        return owed

    def _ask_batch(self, batch: Sequence[str], settles: bool) -> frozenset[str]:
        """Asks about these and stores what came; what is not found where that ``settles`` it is not there.

        Returns those that were found.
        """
        source = self._source

        def read(answer: Answer) -> _Reading:
            source.heed(self._client, answer)
            found = source.read(answer.body, batch)
            noted = {one for one, item in found.items() for _ in source.reported(one, item, found)}
            return _Reading(answer.body, {one: fingerprint(item) for one, item in found.items()}, noted)

        try:
            reading = self._client.ask(source.request(batch), read)
        except NotFound:  # the source's own word that it has not this one
            if len(batch) > 1 and not source.passes_over:
                raise
            reading = _Reading(b"", {}, set())
        answered = batch if settles else [one for one in batch if one in reading.items]
        self._tracker.store_answer(source.name, reading.body, {one: reading.items.get(one) for one in answered})
        self._result.asked += len(answered)
        self._result.found += len(reading.items)
        self._with_notice |= reading.noted & frozenset(batch)
        return frozenset(reading.items)


@dataclass(frozen=True, slots=True)
class _Reading:
    """An answer, read: its bytes, fingerprints of what it says, subjects with a notice."""

    body: bytes
    items: dict[str, str]
    noted: set[str]
