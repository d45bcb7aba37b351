"""``queries/studies.yml``: reports that a maintainer knows to be of one investigation.

    - id: promise
      title: PROMISE
      reason: one trial; the protocol, the main and the secondary report name it
      registrations: [NCT01697358]
      reports:
        - {report: "30720582", role: main}
      apart: ["12345678"]      # names the number, but reports another study

``report`` is a PMID, a DOI or a report id; one that the library does not hold (yet) is passed over and logged.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.bibliography.normal import normal_doi
from evidence.bibliography.registrations import registrations_in
from evidence.relate.types import Group
from evidence.yamlfile import YamlFile

KEYS = {"id", "title", "reason", "registrations", "reports", "apart"}
ROLES = frozenset("main protocol interim follow_up secondary abstract preprint registration report".split())


def load_groups(path: Path) -> list[Group]:
    """The groups in a file; none when it does not exist. Raises ``InputError`` with file, line and reason."""
    if not path.exists():
        return []
    document = yamlfile.load(path)
    entries = document.data or []
    if not isinstance(entries, list):
        raise document.error("must be a list of studies, each with id, title, reason and reports or registrations")
    groups: list[Group] = []
    for at, entry in enumerate(entries):
        group = _group(document, at, entry)
        if group.id in {known.id for known in groups}:
            raise document.error(f"the id {group.id!r} stands twice", at, "id")
        groups.append(group)
    return groups


def _group(document: YamlFile, at: int, entry: Any) -> Group:
    if not isinstance(entry, dict):
        raise document.error("a study must be a mapping of id, title, reason and reports or registrations", at)
    unknown = set(entry) - KEYS
    if unknown:
        raise document.error(f"unknown key {min(unknown)!r}: a study has {', '.join(sorted(KEYS))}", at, min(unknown))
    for key in ("id", "title", "reason"):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            raise document.error(f"{key} is missing or empty", at, key)
    registrations = _registrations(document, at, entry)
    reports = _reports(document, at, entry)
    if not reports and not registrations:
        raise document.error("names neither reports nor registrations: nothing would be grouped", at)
    apart = entry.get("apart") or []
    if not isinstance(apart, list):
        raise document.error("apart must be a list of PMIDs, DOIs or report ids", at, "apart")
    return Group(entry["id"], entry["title"], entry["reason"], registrations, reports, tuple(map(_name, apart)))


def _registrations(document: YamlFile, at: int, entry: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    numbers = entry.get("registrations") or []
    if not isinstance(numbers, list):
        raise document.error("registrations must be a list of numbers such as NCT01697358", at, "registrations")
    found = []
    for position, number in enumerate(numbers):
        known = registrations_in(f"registration {number}")
        if len(known) != 1:
            raise document.error(f"{number!r} is no number of a trial registry", at, "registrations", position)
        found.append(known[0])
    return tuple(found)


def _reports(document: YamlFile, at: int, entry: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    reports = entry.get("reports") or []
    if not isinstance(reports, list):
        raise document.error("reports must be a list of {report: PMID or DOI, role: ...}", at, "reports")
    found = []
    for position, item in enumerate(reports):
        if not isinstance(item, dict) or not item.get("report"):
            raise document.error("a report must be {report: PMID or DOI, role: ...}", at, "reports", position)
        role = item.get("role", "report")
        if not isinstance(role, str) or role not in ROLES:
            raise document.error(f"unknown role {role!r}: one of {', '.join(sorted(ROLES))}", at, "reports", position)
        found.append((_name(item["report"]), role))
    return tuple(found)


def _name(value: Any) -> str:
    return normal_doi(str(value)) or str(value).strip()
