"""Kinds of faults in files of references, with siblings and opposites: the tables ``cases.yml`` and ``tables.yml``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from evidence.errors import InputError
from evidence.exchange.reading import read_records
from evidence.record import Author, Record

HERE = Path(__file__).parent
CASES = [
    pytest.param(case, id=f"{group['kind']}: {case['name']}")
    for name in ("cases.yml", "tables.yml")
    for group in yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
    for case in group["cases"]
]
# What a case may ask of a record beyond its fields.
ASKED = {
    "people": lambda record: [shown(author) for author in record.authors],
    "abstract": Record.abstract_text,
    "corrections": lambda record: [f"{c.ref_type} {c.pmid or ''}".strip() for c in record.corrections],
    "databanks": lambda record: [" ".join(bank) for bank in record.databanks],
    "types": lambda record: [name for _, name in record.publication_types],
}


def shown(author: Author) -> str:
    """``Vogt P``, a group with a star, a suffix after a slash."""
    if author.collective:
        return f"{author.collective}*"
    return f"{author.name}/{author.suffix}" if author.suffix else author.name


@pytest.mark.parametrize("case", CASES)
def test_case(case: dict[str, Any]) -> None:
    data = case["input"].encode(case.get("encoding", "utf-8"))
    if "refused" in case:
        with pytest.raises(InputError, match=case["refused"]):
            read_records(data)
        return
    imported = read_records(data)
    assert [problem.line for problem in imported.problems] == case.get("not_read", [])
    if "format" in case:
        assert imported.format == case["format"]
    if "unread" in case:
        assert sorted(imported.unread) == sorted(case["unread"])
    assert [wanted(record, entry) for (record, _), entry in zip(imported.records, case["gives"], strict=True)] == [
        normal(entry) for entry in case["gives"]
    ]


def wanted(record: Record, entry: dict[str, Any]) -> dict[str, Any]:
    """What a record has of what a case asks for."""
    found = {}
    for name in entry:
        if name == "abstract_has":
            text = record.abstract_text()
            label = "\n".join(f"{section.label}: {section.text}" for section in record.abstract)
            found[name] = [part for part in entry[name] if part in text or part in label]
        else:
            found[name] = ASKED[name](record) if name in ASKED else getattr(record, name)
    return found


def normal(entry: dict[str, Any]) -> dict[str, Any]:
    """YAML reads ``2019-07-01`` as a date."""
    return {name: str(value) if name == "publication_date" else value for name, value in entry.items()}


def test_every_case_says_what_it_is_of() -> None:
    for name in ("cases.yml", "tables.yml"):
        for group in yaml.safe_load((HERE / name).read_text(encoding="utf-8")):
            assert group["kind"] and group["seen"] and group["cases"]
