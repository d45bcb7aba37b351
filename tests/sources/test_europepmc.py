"""Europe PMC's results, as recorded: what is said of a paper, and what is no answer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evidence.http import Fault
from evidence.relate.kinds import NOTICES
from evidence.sources import europepmc

RESULTS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "sources" / "europepmc.json").read_text(encoding="utf-8")
)


def notices(result: Any) -> list[tuple[str, str | None, str | None]]:
    """What is said of the result itself."""
    found = europepmc.reported("pmid:1", result, {})
    return [(one.kind, one.pmid, one.doi) for one in found if one.subject == "pmid:1"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("MED:42550576", [("retraction", "42715445", "10.3928/02793695-20260817-01")]),
        ("MED:42251884", [("retraction", None, None)]),  # a link without an id, to its own DOI
        ("MED:39709208", []),  # a notice: "Erratum for" is the other side
        ("MED:40377773", []),
        ("PPR:PPR179288", []),
        ("MED:24073682", []),
        ("MED:22338609", []),
        ("MED:40437959", []),
    ],
)
def test_recorded_results(name: str, expected: list[Any]) -> None:
    assert notices(RESULTS[name]) == expected


def test_every_recorded_result_is_judged() -> None:
    assert len(RESULTS) == 8


def test_types_count_where_no_link_is_and_a_notice_is_no_retracted_paper() -> None:
    assert notices({"pubTypeList": {"pubType": "Retracted Publication"}}) == [("retraction", None, None)]
    assert notices({"pubTypeList": {"pubType": ["retraction of publication", "Retraction Notice"]}}) == []


def test_a_list_of_one_may_be_its_element() -> None:
    one = {"source": "MED", "id": "77", "type": "Expression of concern in", "reference": "J Invented. 2020"}
    for holder in ({"commentCorrection": one}, {"commentCorrection": [one]}):
        assert notices({"commentCorrectionList": holder}) == [("concern", "77", None)]


@pytest.mark.parametrize("holder", [None, 7, [], "x", {"commentCorrection": None}, {"commentCorrection": ["x", 7, {}]}])
def test_other_shapes_break_nothing(holder: Any) -> None:
    assert notices({"commentCorrectionList": holder, "pubTypeList": holder}) == []


def test_kinds_are_those_that_the_library_knows() -> None:
    assert set(europepmc.KINDS.values()) | set(europepmc.OWN_TYPES.values()) <= NOTICES


def test_it_is_asked_by_pmid_with_its_source_and_by_a_quoted_doi() -> None:
    assert (
        europepmc.subject(["10.5555/A"], "12") == "pmid:12"
        and europepmc.subject(["10.5555/A"], None) == "doi:10.5555/a"
    )
    query = europepmc.request(["pmid:12", 'doi:10.5555/a"b']).query["query"]
    assert query == '(EXT_ID:12 AND SRC:MED) OR (DOI:"10.5555/a\\"b")'


@pytest.mark.parametrize(
    "body",
    [
        b'{"version":"6.9"}', b"{}", b"[]", b'{"hitCount": 2, "resultList": {"result": [{}]}}', b'{"hitCount": 1}',
        b'{"hitCount": true, "resultList": {"result": [{}]}}', b'{"hitCount": 1, "resultList": {"result": [1]}}',
        b"<errorBean><errCode>0</errCode></errorBean>",
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_a_fault(body: bytes) -> None:
    with pytest.raises(Fault):
        europepmc.read(body, ["pmid:1"])


def test_no_hit_is_an_answer() -> None:
    assert europepmc.read(b'{"version":"6.9","hitCount":0,"resultList":{"result":[]}}', ["pmid:1"]) == {}


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Retraction of", "retraction"), ("Erratum for", "erratum"), ("Expression of concern for", "concern"),
        ("Partial retraction of", "partial_retraction"), ("Comment on", None), ("Preprint of", None),
    ],
)  # fmt: skip
def test_a_notice_tells_of_its_paper_and_not_of_itself(said: str, kind: str | None) -> None:
    link = {"type": said, "source": "MED", "id": "7", "reference": "J Invented. 2021;1(1):1. doi: 10.5555/p."}
    result = {"id": "8", "source": "MED", "doi": "10.5555/n", "commentCorrectionList": {"commentCorrection": link}}
    found = list(europepmc.reported("pmid:8", result, {}))
    assert [(one.subject, one.kind, one.doi, one.pmid) for one in found] == (
        [("pmid:7", kind, "10.5555/n", "8")] if kind else []
    )
