"""openFDA's answers: only what was asked for, counted; dates in both forms; no match is no fault."""

from __future__ import annotations

import json
from typing import Any

import pytest

from evidence.http import Fault
from evidence.sources import openfda


def body(*results: dict[str, Any], total: int | None = None) -> bytes:
    meta = {"results": {"skip": 0, "limit": 1, "total": len(results) if total is None else total}}
    return json.dumps({"meta": meta, "results": list(results)}).encode()


def test_codes_are_asked_for_singly_and_events_together() -> None:
    asked = [*openfda.subjects(["LGW", "GZB"]), *(f"event:{n}" for n in range(1, 26))]
    assert [len(batch) for batch in openfda.batches(asked)] == [1, 1, 1, 1, 20, 5]
    request = openfda.request(["event:1", "event:2"])
    assert request.path == "enforcement.json" and request.query["search"] == 'event_id:"1" OR event_id:"2"'
    assert openfda.request(["class:LGW"]).query == {"search": 'product_code:"LGW"', "limit": "1"}


def test_what_is_used_is_kept_and_events_are_followed() -> None:
    recall = {"product_code": "LGW", "res_event_number": "82984", "city": "Reading", "openfda": {}}
    found = openfda.read(body(recall, recall | {"res_event_number": None}), ["recall:LGW"])
    assert "city" not in found["recall:LGW"]["results"][0]
    assert list(openfda.follow("recall:LGW", found["recall:LGW"])) == ["event:82984"]


@pytest.mark.parametrize(
    "answer",
    [
        b"{}", b'{"results": []}', b'{"meta": {"results": {"total": 1}}, "results": [1]}',
        body({"product_code": "LGW"}, total=2), body({"product_code": "FOZ"}),
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_or_code_is_a_fault(answer: bytes) -> None:
    with pytest.raises(Fault):
        openfda.read(answer, ["recall:LGW"])


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("20120716", "2012-07-16"), ("2019-05-17", "2019-05-17"), ("2019-05-17T00:00", "2019-05-17"), (None, None),
        ("", None), ("May 2019", None),
    ],
)  # fmt: skip
def test_dates_in_both_forms(written: Any, day: str | None) -> None:
    assert openfda.day(written) == day
