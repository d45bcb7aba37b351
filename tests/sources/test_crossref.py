"""Crossref's works, as recorded: which are retracted, which are notices, what is said of each, and when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evidence.http import Fault
from evidence.relate.kinds import NOTICES, OTHER_NOTICES
from evidence.sources import crossref

WORKS: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "fixtures" / "sources" / "crossref.json").read_text(encoding="utf-8")
)
BY_SUBJECT = {f"doi:{work['DOI']}": work for work in WORKS.values()}


def notices(name: str, works: dict[str, Any] = BY_SUBJECT) -> list[tuple[str, str, str | None]]:
    """(kind, source, date) of what is reported on a work itself."""
    subject = f"doi:{WORKS[name]['DOI']}"
    found = crossref.reported(subject, WORKS[name], works)
    return [(one.kind, one.source, one.date) for one in found if one.subject == subject]


RETRACTED = {
    "retracted_rw_and_publisher_mixed": ("retraction_watch", "2020-06-05"),
    "retracted_self_and_notice": ("retraction_watch", "2020-02-01"),
    "retracted_article_wrong_self_date": ("retraction_watch", "2024-12-16"),
    "retracted_rw_only_wakefield": ("retraction_watch", "2010-02-06"),
    "retracted_publisher_only": ("crossref", None),
    "withdrawn_self_update": ("crossref", None),
}


@pytest.mark.parametrize("name", RETRACTED)
def test_a_retracted_work_is_found_with_who_says_so_and_when(name: str) -> None:
    source, date = RETRACTED[name]
    found = [notice for notice in notices(name) if notice[0] == "retraction"]
    assert found and found[0][1] == source
    assert date is None or found[0][2] == date


NOT_RETRACTED = [
    "retraction_notice", "retraction_notice_typed_erratum", "retraction_notice_wakefield", "eoc_notice",
    "eoc_notice_lancet_flagged_retracted", "article_with_eoc_publisher", "article_with_eoc_publisher2",
    "corrected_article_two_sources", "corrected_article_publisher", "correction_publisher_plos",
    "old_shape_2022_self_correction", "article_with_addendum_preprint", "new_version_self_update", "clean_no_updates",
    "odd_doi_sici",
]  # fmt: skip


@pytest.mark.parametrize("name", NOT_RETRACTED)
def test_a_work_that_is_not_retracted_is_not_called_so(name: str) -> None:
    assert "retraction" not in {kind for kind, _, _ in notices(name)}


def test_every_recorded_work_is_judged() -> None:
    assert WORKS.keys() == RETRACTED.keys() | set(NOT_RETRACTED)


@pytest.mark.parametrize(
    ("name", "kinds"),
    [
        ("article_with_eoc_publisher", ["concern"]),
        ("article_with_eoc_publisher2", ["concern"]),
        ("corrected_article_two_sources", ["erratum"]),  # one notice, told twice: dated by Retraction Watch
        ("corrected_article_publisher", ["erratum"]),
        ("correction_publisher_plos", ["erratum"]),
        ("old_shape_2022_self_correction", ["erratum"]),
        ("article_with_addendum_preprint", ["addendum"]),
        ("new_version_self_update", []),
        ("clean_no_updates", []),
        ("odd_doi_sici", []),
    ],
)
def test_other_notices_have_their_kind(name: str, kinds: list[str]) -> None:
    assert [kind for kind, _, _ in notices(name)] == kinds


def test_one_notice_of_two_sources_is_one_with_the_better_date() -> None:
    assert notices("corrected_article_two_sources") == [("erratum", "retraction_watch", "2018-09-25")]


def test_a_retraction_whose_notice_was_not_read_is_told_as_that() -> None:
    """``retraction_notice`` carries the publisher's "retraction" by the paper that it retracts."""
    assert ("unread_retraction", "crossref", "2020-05-22") in notices("retraction_notice", {})
    follow = list(crossref.follow("doi:10.1016/s0140-6736(20)31324-6", WORKS["retraction_notice"]))
    assert follow == ["doi:10.1016/s0140-6736(20)31180-6"]


def test_a_notice_tells_of_the_paper_and_a_retracted_paper_tells_of_nobody() -> None:
    notice = WORKS["retraction_notice_wakefield"]
    told = list(crossref.reported(f"doi:{notice['DOI']}", notice, BY_SUBJECT))
    paper = f"doi:{WORKS['retracted_rw_only_wakefield']['DOI']}"
    assert [(one.subject, one.kind, one.doi) for one in told] == [(paper, "retraction", notice["DOI"])]
    mixed = WORKS["retracted_rw_and_publisher_mixed"]
    subject = f"doi:{mixed['DOI']}"
    assert {one.subject for one in crossref.reported(subject, mixed, BY_SUBJECT)} == {subject}


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("Retraction", "retraction"), ("retration", "retraction"), ("RETRACTION ", "retraction"),
        ("expression-of-concern", "concern"), ("Expression of Concern", "concern"), ("withdrawal", "withdrawal"),
        ("removal", "withdrawal"), ("corrigendum", "erratum"), ("clarification", "addendum"),
        ("republication", "unknown_update"), ("", "unknown_update"),
    ],
)  # fmt: skip
def test_types_as_publishers_write_them(written: str, kind: str) -> None:
    work = {"DOI": "10.5555/a", "updated-by": [{"DOI": "10.5555/a", "type": written, "source": "publisher"}]}
    assert [one.kind for one in crossref.reported("doi:10.5555/a", work, {})] == [kind]


def test_kinds_are_those_that_the_library_knows() -> None:
    assert set(crossref.GRAVITY) == {kind for kind in crossref.KINDS.values() if kind} | {
        crossref.UNKNOWN, crossref.UNREAD,
    }  # fmt: skip
    assert set(crossref.GRAVITY) <= NOTICES | OTHER_NOTICES


@pytest.mark.parametrize(
    "entry", [None, 7, "x", {}, {"DOI": None}, {"DOI": "10.5555/b", "type": [1], "updated": {"date-parts": [[None]]}}]
)
def test_entries_of_other_shapes_break_nothing(entry: Any) -> None:
    work = {"DOI": "10.5555/a", "updated-by": [entry], "update-to": entry}
    assert all(one.date is None for one in crossref.reported("doi:10.5555/a", work, {}))


ODD_DOIS = [
    "10.1002/(sici)1097-461x(1998)66:4<261::aid-qua1>3.0.co;2-t", "10.5555/a,b", "10.5555/a#b", "10.5555/a?b=c",
    "10.5555/100%25", "10.5555/a b", "10.5555/[x]", "10.5555/é", "10.5555/a&b", "10.5555/a+b", '10.5555/"q"',
]  # fmt: skip


@pytest.mark.parametrize("doi", ODD_DOIS)
def test_an_odd_doi_goes_by_itself_and_one_path_segment(doi: str) -> None:
    (alone, rest) = sorted(
        crossref.batches([f"doi:{doi}", "doi:10.5555/plain", "doi:10.5555/s0140-6736(20)1"]), key=len
    )
    assert alone == [f"doi:{doi}"] and len(rest) == 2
    path = crossref.request(alone).path
    assert path.startswith("works/10.5555%2F" if "10.5555" in doi else "works/10.1002%2F")
    assert not set(path.removeprefix("works/")) & set("/#?<>,;& \"'")


def test_twenty_go_together() -> None:
    subjects = [f"doi:10.5555/{n}" for n in range(45)]
    assert [len(batch) for batch in crossref.batches(subjects)] == [20, 20, 5]
    asked = crossref.request(subjects[:2])
    assert (
        asked.path == "works" and asked.query["filter"] == "doi:10.5555/0,doi:10.5555/1" and asked.query["rows"] == "2"
    )


@pytest.mark.parametrize(
    "body",
    [
        b"{}", b"[]", b'{"message": 1}', b'{"message-type": "work-list", "message": {}}',
        b'{"message-type": "work-list", "message": {"items": [1], "total-results": 1}}',
        b'{"message-type": "work-list", "message": {"items": [], "total-results": 3}}',
        b'{"message-type": "work-agency", "message": {"DOI": "10.5555/a"}}',
    ],
)  # fmt: skip
def test_an_answer_of_another_shape_is_a_fault(body: bytes) -> None:
    with pytest.raises(Fault):
        crossref.read(body, ["doi:10.5555/a"])


def test_a_comment_that_a_retracted_paper_names_is_not_told_as_an_unread_notice() -> None:
    """The publisher deposits the retraction on a comment too, by the paper, and on the paper, by the comment."""
    kinds = {kind for kind, _, _ in notices("retracted_rw_and_publisher_mixed", {})}
    assert kinds == {"retraction", "concern", "erratum"}
