"""Every scene of scenes.yml ends as it says: which records are one report, which report is a notice of which, which
belong to one study. The records are built as an importer builds them, de-duplicated, then related."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from evidence.deduplicate import deduplicate, merge_records
from evidence.exchange.fields import build_record
from evidence.record import Correction, Record
from evidence.relate import Related, relate
from evidence.relate.kinds import STATUS_OF

HERE = Path(__file__).parent
CASES = yaml.safe_load((HERE / "scenes.yml").read_text(encoding="utf-8"))
FORMS = yaml.safe_load((HERE / "forms.yml").read_text(encoding="utf-8"))
TITLE = "Spinal cord stimulation for groin pain: a randomised trial"
ARTICLE = {
    "title": TITLE, "authors": "Vogt P; Lind K; Roth I", "journal": "Pain Studies", "year": 2019, "volume": 4,
    "pages": "1-8", "doi": "10.5555/r.1",
}  # fmt: skip


def record_of(fields: dict[str, Any]) -> Record:
    """A record of the fields of a scene; ``authors`` are parted by semicolons, ``corrections`` are PubMed's."""
    values = {key: value if isinstance(value, list) else [str(value)] for key, value in fields.items()}
    values["authors"] = [name.strip() for value in values.get("authors", []) for name in value.split(";")]
    corrections = values.pop("corrections", [])
    values["type"] = values.pop("types", [])
    record = build_record(values, "ris")
    record.corrections = [Correction(**correction) for correction in corrections]
    return record


def play(case: dict[str, Any]) -> tuple[dict[str, str], Related, dict[str, Record]]:
    """Which report each name of the scene ended in, and what stands between the reports."""
    names = list(case["records"])
    records = [record_of({**case.get("all", {}), **(case["records"][name] or {})}) for name in names]
    for name, record in zip(names, records, strict=True):
        record.source_id = record.source_id or name
    clusters = deduplicate(records).clusters
    report_of = {names[position]: names[cluster[0]] for cluster in clusters for position in cluster}
    reports = {names[c[0]]: merge_records([records[position] for position in c]).record for c in clusters}
    aliases = {r.doi: report_of[name] for name, r in reversed(list(zip(names, records, strict=True))) if r.doi}
    aliases |= {r.pmid: report_of[name] for name, r in zip(names, records, strict=True) if r.pmid}
    return report_of, relate(reports, aliases), reports


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_scene(case: dict[str, Any]) -> None:
    report_of, related, _ = play(case)
    groups: dict[str, set[str]] = {}
    for name, report in report_of.items():
        groups.setdefault(report, set()).add(name)
    together = sorted(sorted(group) for group in groups.values() if len(group) > 1)
    assert together == sorted(sorted(group) for group in case.get("one report", []))
    found = {f"{r.report} {r.kind} {r.related}" for r in related.relations if r.source != "registration"}
    assert found == set(case.get("relations", []))
    assert related.statuses == case.get("status", {})
    studies = sorted(sorted(name for name, _ in study.reports) for study in related.studies)
    assert studies == sorted(sorted(study) for study in case.get("studies", []))


@pytest.mark.parametrize("case", [c for c in CASES if "notices" in c], ids=lambda case: case["id"])
def test_who_is_a_notice(case: dict[str, Any]) -> None:
    _, related, _ = play(case)
    assert related.issued == frozenset(case["notices"])


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form["id"])
@pytest.mark.parametrize("missing", [(), ("doi",), ("pages", "volume"), ("authors", "doi")], ids=str)
def test_a_notice_in_any_form_is_linked_and_swallows_nothing(form: dict[str, Any], missing: tuple[str, ...]) -> None:
    place = {"year": 2021, "volume": 6, "pages": "99", "doi": "10.5555/r.2"}
    notice = {**ARTICLE, **place, "title": form["title"].replace("TITLE", TITLE), "types": form.get("types", [])}
    bare = {"article": ARTICLE, "notice": notice}
    records = {name: {key: value for key, value in f.items() if key not in missing} for name, f in bare.items()}
    report_of, related, _ = play({"records": records})
    assert set(report_of.values()) == {"article", "notice"}
    assert [(r.report, r.kind, r.related) for r in related.relations] == [("notice", form["kind"], "article")]
    assert related.statuses == {"article": STATUS_OF[form["kind"]]}
    assert related.issued == {"notice"}


def test_every_scene_has_a_name_and_a_note_of_its_own() -> None:
    assert len({case["id"] for case in CASES}) == len({case["note"] for case in CASES}) == len(CASES)
