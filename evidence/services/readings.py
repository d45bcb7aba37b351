"""The desk where readings are confirmed: what waits, one claim to read, and a reading put into the log."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evidence.cited_sources import load_sources
from evidence.errors import StorageError, UsageError
from evidence.ledger.ledger import Claim, Ledger, load_ledger
from evidence.ledger.log import Entry, agreement, as_yaml, load_log, queue, settle
from evidence.ledger.reading import BASES, DIRECTIONS, FIDELITIES, Reading, person
from evidence.project import Project
from evidence.services.reopened import reopened_claims
from evidence.tagging import load_vocabulary

HEAD = "# Readings of claims, signed and dated; only ever added to. See docs/claims.md.\n"


@dataclass(frozen=True, slots=True)
class Desk:
    """The claims with what two readers agree on confirmed, every entry of the log, and the claims open again."""

    ledger: Ledger
    entries: tuple[Entry, ...]
    reopened: dict[str, str]

    def state(self, reader: str = "") -> dict[str, Any]:
        """What waits and how readers agree, as ``--json`` and the page have it."""
        waiting = queue(self.ledger, self.entries, self.reopened, reader)
        confirmed = [claim for claim in self.ledger.claims if claim.reading and claim.reading.reviewed_by]
        return {
            "claims": len(self.ledger.claims), "confirmed": len(confirmed), "waiting": [asdict(one) for one in waiting],
            "agreement": [asdict(one) for one in agreement(self.entries)],
        }  # fmt: skip

    def claim(self, identifier: str) -> Claim:
        found = next((claim for claim in self.ledger.claims if claim.id == identifier), None)
        if found is None:
            raise UsageError(f"there is no claim {identifier!r} in queries/claims/")
        return found


def open_desk(project: Project) -> Desk:
    """Read claims, sources and log. Raises ``InputError`` with file, line and reason for a mistake in ``queries/``."""
    sources = load_sources(project.sources) if project.sources.exists() else []
    ledger = load_ledger(project.claims, load_vocabulary(project.vocabulary), sources)
    entries = load_log(project.readings, (claim.id for claim in ledger.claims))
    reopened = {row["id"]: f"since {row['reopened_on']}: {row['reopened_because']}" for row in reopened_claims(project)}
    return Desk(settle(ledger, entries), entries, reopened)


def record(project: Project, claim: str, reader: str, on: str, reading: Reading) -> Path:
    """Add a reading to the reader's log and give the file. What stands there is never changed.

    Raises ``UsageError`` for an unknown claim, value or person, ``InputError`` when the log has a mistake,
    ``StorageError`` when it cannot be written.
    """
    named = person(reader)
    if named is None:
        raise UsageError(f"--reader {reader!r} names no person: give a first and last name or an ORCID")
    for name, value, allowed in (
        ("fidelity", reading.fidelity, FIDELITIES), ("direction", reading.direction, DIRECTIONS),
        ("basis", reading.basis, BASES),
    ):  # fmt: skip
        if value not in allowed and (value or name == "fidelity"):
            raise UsageError(f"--{name} {value!r} is not one of {', '.join(allowed)}")
    if not reading.reason.strip():
        raise UsageError("a reading needs --reason")
    open_desk(project).claim(claim)
    entry = Entry(claim, named, on, replace(reading, dated=on, reason=" ".join(reading.reason.split())))
    path = project.readings / f"{_file_name(named)}.yml"
    try:
        project.readings.mkdir(parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8") if path.exists() else HEAD
        with path.open("a", encoding="utf-8") as log:
            log.write(("" if path.stat().st_size else HEAD) + ("" if before.endswith("\n") else "\n") + as_yaml(entry))
    except OSError as error:
        raise StorageError(f"{path}: cannot be written ({error.strerror or error})") from error
    return path


def _file_name(reader: str) -> str:
    """A name for the reader's log: ``Ada Byron`` → ``ada-byron``."""
    plain = unicodedata.normalize("NFKD", reader).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or f"reader-{reader.encode().hex()[:12]}"


def state_lines(state: dict[str, Any], reader: str) -> list[str]:
    """What ``evidence readings`` prints."""
    lines = [f"{state['confirmed']} of {state['claims']} claims have a confirmed reading; {len(state['waiting'])} wait"]
    lines[0] += f" for {reader}" if reader else ""
    lines += [f"  {one['claim']}: “{one['paraphrase']}” ({one['why']})" for one in state["waiting"]]
    for one in state["agreement"]:
        kappa = "not defined" if one["kappa"] is None else f"{one['kappa']:.2f}"
        lines.append(
            f"{' and '.join(one['readers'])}: {one['claims']} claims read by both, {one['raw']:.0%} judged alike, "
            f"Cohen's kappa {kappa}"
        )
    return lines


def claim_lines(desk: Desk, claim: Claim, draft: bool) -> list[str]:
    """A claim as a reader gets it: with its sources, and without what anybody made of it unless ``draft``."""
    lines = [f"{claim.id}: “{claim.paraphrase}” ({claim.kind})"]
    lines += [f"the article cites: {claim.cited}"] if claim.cited else ["the article names no source"]
    named = {source.id: source for source in desk.ledger.sources}
    for source, role in claim.source_roles().items():
        one = named[source]
        where = f" https://doi.org/{one.doi}" if one.doi else ""
        where = f" https://pubmed.ncbi.nlm.nih.gov/{one.pmid}/" if one.pmid else where
        lines.append(f"{'cited' if role == 'cited' else 'bears on it'}: {one.cited_as}{where}")
    if claim.reading and claim.reading.reviewed_by:
        reading = claim.reading
        lines.append(f"{reading.standing()}: {reading.in_words()}. {reading.reason} ({reading.basis_in_words()})")
    elif claim.reading and draft:
        lines.append(f"{claim.reading.standing()}: {claim.reading.in_words()}. {claim.reading.reason}")
    return lines
