"""``queries/merges.yml``: what a maintainer decided about single records, always with the reason.

    - records: ["10.1016/j.jpain.2014.05.004", "24912345"]
      merge: false
      reason: the 2014 abstract and the 2016 paper of one trial are two reports

``records`` are record ids, PMIDs or DOIs, two or more; ``merge`` forces (true) or forbids (false).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.bibliography.normal import normal_doi
from evidence.deduplicate.types import Decision, Decisions
from evidence.yamlfile import YamlFile

KEYS = {"records", "merge", "reason"}


def load_decisions(path: Path) -> Decisions:
    """The decisions in a file; none when it does not exist. Raises ``InputError`` with file, line and reason."""
    if not path.exists():
        return Decisions()
    document = yamlfile.load(path)
    if document.data is None:
        return Decisions()
    if not isinstance(document.data, list):
        raise document.error("must be a list of decisions, each with records, merge and reason")
    return Decisions(tuple(_decision(document, at, entry) for at, entry in enumerate(document.data)))


def _decision(document: YamlFile, at: int, entry: Any) -> Decision:
    if not isinstance(entry, dict):
        raise document.error("a decision must be a mapping of records, merge and reason", at)
    unknown = set(entry) - KEYS
    if unknown:
        raise document.error(
            f"unknown key {min(unknown)!r}: a decision has records, merge and reason", at, min(unknown)
        )
    records = entry.get("records")
    if not isinstance(records, list) or len(records) < 2:
        raise document.error("records must be a list of two or more record ids, PMIDs or DOIs", at, "records")
    if not isinstance(entry.get("merge"), bool):
        raise document.error("merge must be true (force) or false (forbid)", at, "merge")
    reason = entry.get("reason")
    if not isinstance(reason, str) or not reason.strip():
        raise document.error("reason is missing: say why, for whoever reads this next", at)
    names = tuple(normal_doi(str(record)) or str(record).strip() for record in records)
    return Decision(names, entry["merge"], reason.strip())
