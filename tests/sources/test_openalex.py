"""OpenAlex's works, as recorded: a flag on a paper is told, a flag on a notice is not, a missing flag is a fault."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evidence.http import Fault
from evidence.relate.kinds import OTHER_NOTICES
from evidence.sources import openalex

WORKS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "sources" / "openalex.json").read_text(encoding="utf-8")
)


def test_recorded_works() -> None:
    flagged = {name for name, work in WORKS.items() if list(openalex.reported("doi:x", work, {}))}
    assert flagged == {"work_retracted", "work_withdrawn"}
    assert openalex.FLAGGED in OTHER_NOTICES


def test_a_work_is_found_by_doi_and_by_pmid() -> None:
    work = WORKS["work_odd_doi_sici"]
    asked = ["doi:10.1890/0012-9658(2006)87[2832:tiopma]2.0.co;2", "pmid:17168027", "pmid:1"]
    assert openalex.read(json.dumps(work).encode(), asked) == dict.fromkeys(asked[:2], work)


def test_odd_dois_and_pmids_go_by_themselves_and_cost_nothing() -> None:
    subjects = ["doi:10.5555/a|b", "doi:10.5555/plain", "pmid:12", "doi:10.5555/a,b", "doi:10.5555/other"]
    together, *alone = openalex.batches(subjects)
    assert together == ["doi:10.5555/plain", "doi:10.5555/other"] and len(alone) == 3
    assert openalex.request(["doi:10.5555/a|b"]).path == "works/doi:10.5555%2Fa%7Cb"
    assert openalex.request(["pmid:12"]).path == "works/pmid:12"
    assert openalex.request(together).query["filter"] == "doi:10.5555/plain|10.5555/other"


@pytest.mark.parametrize(
    "body",
    [
        b"{}", b'{"doi": "https://doi.org/10.5555/a"}', b'{"meta": {"count": 1}, "results": []}', b'{"meta": {}}',
        b'{"meta": {"count": 1}, "results": [{"doi": "https://doi.org/10.5555/a"}]}', b'{"meta": {}, "results": [1]}',
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_a_fault(body: bytes) -> None:
    with pytest.raises(Fault):
        openalex.read(body, ["doi:10.5555/a"])


PDF = {"is_oa": True, "pdf_url": "https://a.org/x", "version": "publishedVersion"}


@pytest.mark.parametrize(
    ("place", "copy"),
    [
        (PDF | {"license": "cc-by"}, ("open", "published")),
        ({"is_oa": True, "landing_page_url": "https://a.org/x", "version": "acceptedVersion"}, ("free", "accepted")),
        (PDF | {"license": "publisher-specific-oa", "version": None}, ("free", "")),
        (PDF | {"version": None, "source": {"type": "repository"}}, None),
        (PDF | {"is_oa": False}, None),
        (None, None),
        ("x", None),
        ({"is_oa": True}, None),
        (PDF | {"pdf_url": "ftp://a.org/x"}, None),
        (PDF | {"pdf_url": "https://a.org/x y"}, None),
    ],
)
def test_a_copy_that_anybody_may_read(place: Any, copy: tuple[str, str] | None) -> None:
    found = [(one.terms, one.version) for one in openalex.copies("doi:10.5555/a", {"best_oa_location": place})]
    assert found == ([copy] if copy else [])
