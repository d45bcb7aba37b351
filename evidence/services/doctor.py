"""``evidence doctor``: what is set, missing or stale; and, when asked, whether a service answers as assumed.

Without ``--online`` nothing leaves this machine.
"""

from __future__ import annotations

import platform
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from evidence.clock import Clock
from evidence.derive.info import is_current, read_info
from evidence.derive.inputs import read_inputs
from evidence.errors import EvidenceError, TryLater, UsageError
from evidence.project import NcbiIdentity, Project, ncbi_identity
from evidence.pubmed.eutils import Eutils, connect
from evidence.refresh.status import status
from evidence.tracker import Tracker

OK, MISSING, STALE, DIFFERS = "ok", "missing", "stale", "differs"
# Optional parts: what is imported, what it is for, the extra that brings it.
EXTRAS = (
    ("pyarrow", "Parquet files of a snapshot", "snapshot"),
    ("apprise", "sending digests", "digest"),
    ("pypdf", "reading drafts as PDF", "pdf"),
)
# A tracker grows by a copy of itself at the worst (its write-ahead log), and a build stands beside the old one.
TIMES_FREE = 3
# PubMed's first record: printed in 1975, and not revised in a way that would change these words.
KNOWN_PMID, KNOWN_TITLE, NO_PMID = "1", "Formate assay in body fluids", "99999999"


@dataclass(frozen=True, slots=True)
class Finding:
    """``state``: ok, missing, stale or differs. ``do``: what to do about it. ``must``: the exit code depends on it."""

    what: str
    state: str
    said: str
    do: str = ""
    must: bool = True

    def text(self) -> str:
        mark = {OK: "  ok", MISSING: "MISSING" if self.must else "  -", STALE: "STALE", DIFFERS: "DIFFERS"}[self.state]
        return f"{mark:>8}  {self.what}: {self.said}" + (f"\n          {self.do}" if self.do else "")

    def as_json(self) -> dict[str, Any]:
        return {"what": self.what, "state": self.state, "said": self.said, "do": self.do, "must": self.must}

    @property
    def troubles(self) -> bool:
        return self.must and self.state != OK


def look(project: Project, environ: Mapping[str, str], now: Clock) -> Iterator[Finding]:
    """Everything that can be seen without a network, in the order in which a person would set it up."""
    yield Finding("program", OK, f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    yield from _environment(environ)
    yield from _inputs(project)
    yield from _tracker(project, now)
    yield from _build(project)
    yield _pubmed_index(project, now)
    yield _space(project)
    for module, purpose, extra in EXTRAS:
        there = find_spec(module) is not None
        do = "" if there else f"pip install 'neuromodulation-evidence[{extra}]' brings it, should you want it"
        yield Finding(purpose, OK if there else MISSING, module if there else "not installed", do, must=False)


def _environment(environ: Mapping[str, str]) -> Iterator[Finding]:
    try:
        identity = ncbi_identity(environ)
    except UsageError as error:
        yield Finding("EVIDENCE_EUTILS_URL", DIFFERS, str(error), "unset it to ask PubMed itself")
        return
    if identity.email:
        yield Finding("NCBI_EMAIL", OK, "set")
    else:
        do = "export NCBI_EMAIL=you@example.org: NCBI writes there before it blocks somebody"
        yield Finding("NCBI_EMAIL", MISSING, "not set, so that PubMed cannot be asked", do)
    key = "set: ten requests a second" if identity.api_key else "not set: three requests a second"
    yield Finding("NCBI_API_KEY", OK if identity.api_key else MISSING, key, must=False)
    if environ.get("EVIDENCE_EUTILS_URL", "").strip():
        yield Finding("EVIDENCE_EUTILS_URL", OK, f"PubMed is asked at {identity.base_url}", must=False)


def _inputs(project: Project) -> Iterator[Finding]:
    try:
        inputs = read_inputs(project)
    except EvidenceError as error:
        yield Finding("queries/ and metadata.yml", DIFFERS, str(error), "mend that line")
        return
    topics = len(inputs.topics)
    do = "" if topics else "write one in queries/topics/; the README.md of the project shows how"
    yield Finding("topics", OK if topics else MISSING, f"{topics} in queries/topics", do)
    modalities = len(inputs.vocabulary.tags["modality"])
    do = "" if modalities else "write them in queries/vocabulary/; the README.md of the project shows how"
    yield Finding("vocabulary", OK if modalities else MISSING, f"{modalities} modalities", do)
    site = str(inputs.settings.get("site_url") or "not set")
    yield Finding("site", OK, f"{'public' if inputs.settings.get('public') else 'for this machine'}, site_url {site}")


def _tracker(project: Project, now: Clock) -> Iterator[Finding]:
    if not project.tracker.is_file():
        yield Finding(
            "tracker", MISSING, "nothing was received yet", "run 'evidence refresh' (or 'evidence import FILE')"
        )
        return
    try:
        state = status(project, now=now)
    except EvidenceError as error:
        yield Finding("tracker", DIFFERS, str(error), "run 'evidence verify'")
        return
    size = project.tracker.stat().st_size / 1e6
    yield Finding("tracker", OK, f"{sum(state.records.values()):,} records, {size:,.1f} MB")
    bad = [topic for topic in state.topics if topic.stale or topic.failing]
    if bad:
        said = f"{len(bad)} of {len(state.topics)} topics are stale or failing"
        yield Finding("refresh", STALE, said, "'evidence status' says which; then run 'evidence refresh'")
    elif state.topics:
        yield Finding("refresh", OK, f"all {len(state.topics)} topics are fresh")


def _build(project: Project) -> Iterator[Finding]:
    if not project.evidence.is_file():
        yield Finding("build", MISSING, "there is no data/evidence.db", "run 'evidence build' (or 'evidence up')")
        return
    try:
        info = read_info(project.evidence)
        current = is_current(project, info)
    except (sqlite3.Error, EvidenceError) as error:
        yield Finding("build", DIFFERS, str(error), "run 'evidence build'")
        return
    if current:
        yield Finding("build", OK, f"current, of {str(info.get('built_at'))[:10]}")
    else:
        yield Finding("build", STALE, "older than what it is made from", "run 'evidence build'")


def _pubmed_index(project: Project, now: Clock) -> Finding:
    what = "index of PubMed"
    if not project.has_pubmed_index:
        said = "none, so that 'no such work in PubMed' is never said"
        return Finding(
            what, MISSING, said, "'evidence index' or 'evidence baseline' makes one (docs/pubmed-index.md)", must=False
        )
    # numpy takes 0.2 s to load, which few projects need
    from evidence.pubmed_index.manifest import read_manifest
    from evidence.pubmed_index.standing import staleness

    try:
        manifest = read_manifest(project.pubmed_index)
        records = None
        if project.tracker.is_file():
            with closing(Tracker.open(project.tracker, create=False, now=now)) as tracker:
                records = tracker.records_hash()
    except EvidenceError as error:
        return Finding(what, DIFFERS, str(error), "'evidence verify' says what is damaged")
    if stale := staleness(manifest, records, now()):
        said, _, do = stale.partition(": ")
        return Finding(what, STALE, f"{manifest.records:,} records, {said}", do)
    covered = manifest.covers.in_words() if manifest.covers else "covers no year as a whole"
    return Finding(what, OK, f"{manifest.records:,} records, of {manifest.built_at[:10]}; {covered}")


def _space(project: Project) -> Finding:
    folder = project.data if project.data.is_dir() else project.root
    free = shutil.disk_usage(folder).free
    needed = TIMES_FREE * sum(path.stat().st_size for path in (project.tracker, project.evidence) if path.is_file())
    said = f"{free / 1e9:,.1f} GB free"
    if free < needed:
        return Finding("disk", MISSING, f"{said}, {needed / 1e9:,.1f} GB wanted", "make room before the next refresh")
    return Finding("disk", OK, said)


def ask_pubmed(identity: NcbiIdentity) -> Iterator[Finding]:
    """Three known questions. Raises :class:`TryLater` when nobody answers, ``UsageError`` without an e-mail."""
    with closing(connect(identity)) as client:
        for what, question in QUESTIONS:
            try:
                said = question(client)
            except TryLater:
                raise
            except EvidenceError as error:
                said = str(error)
            if said:
                do = "NCBI's answers changed, or something stands between: report this line with the program's version"
                yield Finding(what, DIFFERS, said, do)
            else:
                yield Finding(what, OK, "as assumed")


def _search(client: Eutils) -> str:
    found = client.search(f"{KNOWN_PMID}[uid]")
    if found.count == 1 and list(found.ids) == [KNOWN_PMID]:
        return ""
    return f"a search for PMID {KNOWN_PMID} found {found.count}: {', '.join(list(found.ids)[:5]) or 'no ids'}"


def _fetch(client: Eutils) -> str:
    received = client.fetch([KNOWN_PMID]).received.get(KNOWN_PMID)
    if received is None:
        return f"the record of PMID {KNOWN_PMID} did not come"
    title = received.record.title
    return "" if title.startswith(KNOWN_TITLE) else f"PMID {KNOWN_PMID} is {title[:80]!r}, not {KNOWN_TITLE!r}"


def _absent(client: Eutils) -> str:
    there = client.exist([NO_PMID]).get(NO_PMID)
    return f"PMID {NO_PMID} exists, which it should not" if there else ""


QUESTIONS: tuple[tuple[str, Callable[[Eutils], str]], ...] = (
    ("PubMed search (esearch)", _search),
    ("PubMed records (efetch)", _fetch),
    ("PubMed on a record that is not there (esummary)", _absent),
)
