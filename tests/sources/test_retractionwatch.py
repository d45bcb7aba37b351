"""Retraction Watch's list: its columns, dates, natures, identifiers that are none, and what a damaged file says."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import pytest

from evidence.http import Fault
from evidence.sources import retractionwatch as rw

HEADER = (
    "Record ID,Title,Subject,Institution,Journal,Publisher,Country,Author,URLS,ArticleType,RetractionDate,"
    "RetractionDOI,RetractionPubMedID,OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason,"
    "Paywalled,Notes"
)


def row(**cells: str) -> dict[str, str]:
    empty = dict.fromkeys(HEADER.split(","), "")
    return empty | {"Record ID": "7", "Title": "Invented", "OriginalPaperDOI": "10.5555/p"} | cells


def text(*rows: dict[str, str], header: str = HEADER) -> str:
    made = StringIO()
    writer = csv.DictWriter(made, header.split(","), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return made.getvalue()


def said(**cells: str) -> list[Any]:
    (found,) = [one for _, one in rw.rows_of(text(row(**cells)))]
    assert not isinstance(found, str), found
    return list(rw.reported("record:7", rw.said_by(found)))


@pytest.mark.parametrize(
    ("nature", "kinds"),
    [
        ("Retraction", ["retraction"]), ("Expression of concern", ["concern"]), ("Correction", ["erratum"]),
        ("Reinstatement", ["reinstatement"]), ("", ["unknown_update"]), ("Something new", ["unknown_update"]),
        (" RETRACTION ", ["retraction"]), ("Retraction;Correction", ["retraction", "erratum"]),
    ],
)  # fmt: skip
def test_natures(nature: str, kinds: list[str]) -> None:
    assert [one.kind for one in said(RetractionNature=nature)] == kinds


@pytest.mark.parametrize(
    ("written", "date"),
    [
        ("8/16/2023 0:00", "2023-08-16"), ("08/06/2023", "2023-08-06"), ("2023-08-16", "2023-08-16"),
        ("2023-08-16 00:00:00", "2023-08-16"), ("16/8/2023 0:00", "2023"), ("2/30/2023 0:00", "2023"),
        ("", None), ("unknown", None), ("1/1/1753 0:00", None), ("8/16/23", None),
    ],
)  # fmt: skip
def test_dates_have_the_month_first(written: str, date: str | None) -> None:
    assert said(RetractionDate=written)[0].date == date


@pytest.mark.parametrize("none", ["0", "", "unavailable", "Unavailable", " UNAVAILABLE ", "-"])
def test_identifiers_that_are_none(none: str) -> None:
    (one,) = said(OriginalPaperPubMedID=none, RetractionDOI=none, RetractionPubMedID=none)
    assert (one.subject, one.also, one.doi, one.pmid) == ("doi:10.5555/p", (), None, None)
    (one,) = said(OriginalPaperDOI=none, OriginalPaperPubMedID="123")
    assert (one.subject, one.also) == ("pmid:123", ())
    (_, why), *_ = rw.rows_of(text(row(OriginalPaperDOI=none, OriginalPaperPubMedID=none)))
    assert "neither DOI nor PMID" in why


@pytest.mark.parametrize(
    "doi",
    [
        "10.5555/a,b", "10.5555/a;b", "10.5555/(x)[y]", "10.5555/a#b", "10.5555/{z}",
        "10.1002/(sici)1097-461x(1998)66:4<261::aid-qua1>3.0.co;2-t",
    ],
)  # fmt: skip
def test_odd_dois_stay_whole(doi: str) -> None:
    assert said(OriginalPaperDOI=doi.upper())[0].subject == f"doi:{doi}"


def test_a_paper_by_several_identifiers_is_one() -> None:
    (one,) = said(OriginalPaperDOI="10.5555/p; 10.5555/q", OriginalPaperPubMedID="0123")
    assert (one.subject, one.also, one.title) == ("doi:10.5555/p", ("doi:10.5555/q", "pmid:123"), "Invented")


def test_a_notice_under_the_papers_own_numbers_is_no_other_work() -> None:
    (one,) = said(RetractionDOI="10.5555/P", OriginalPaperPubMedID="123", RetractionPubMedID="123")
    assert (one.doi, one.pmid) == (None, None)
    (one,) = said(RetractionDOI="10.5555/n", OriginalPaperPubMedID="123", RetractionPubMedID="124")
    assert (one.doi, one.pmid) == ("10.5555/n", "124")


def test_reasons_with_and_without_the_sign() -> None:
    (one,) = said(RetractionNature="Retraction", Reason="+Error in Data;Error in Analyses;+;")
    assert one.text == "record 7: Retraction; reasons: Error in Data; Error in Analyses"


def test_the_header_of_2026_ends_with_a_comma_and_columns_may_move() -> None:
    moved = ",".join([*reversed(HEADER.split(",")), ""])
    (found,) = [one for _, one in rw.rows_of(text(row(RetractionNature="Retraction"), header=moved))]
    assert not isinstance(found, str) and found["RetractionNature"] == "Retraction"
    assert not rw.is_list("Record ID,Title,DOI\n1,Invented,10.5555/p\n")


def test_a_damaged_row_is_told_and_the_others_are_read() -> None:
    whole = text(row(), row(**{"Record ID": "x"}), row(**{"Record ID": "9"}))
    found = [one for _, one in rw.rows_of(whole)]
    assert [isinstance(one, str) for one in found] == [False, True, False]
    cut = [one for _, one in rw.rows_of(text(row(), row()).rpartition("10.5555")[0])]
    assert isinstance(cut[-1], str) and "cut" in cut[-1] and not isinstance(cut[0], str)


def test_what_was_packed_is_read_again() -> None:
    (found,) = [one for _, one in rw.rows_of(text(row(Notes='a "b", c\nd', Title=" two  blanks ")))]
    assert not isinstance(found, str)
    assert rw.read(rw.packed([found]), ["record:7"]) == {"record:7": rw.said_by(found)}
    assert rw.read(rw.packed([found]), ["record:8"]) == {}
    with pytest.raises(Fault):
        rw.read(b"nothing", ["record:7"])
