"""The small pure parts: marks, snippets, dates, wording."""

from __future__ import annotations

import doctest
import random
from datetime import UTC, datetime
from typing import Any

import pytest

from evidence.derive import hidden
from evidence.site import feeds, marking, state, wording
from evidence.site.citing import highwire_tags
from evidence.site.pages import search as search_page
from evidence.site.pages.topics import as_list


@pytest.mark.parametrize("module", [hidden, state, marking, wording, search_page], ids=lambda module: module.__name__)
def test_examples_in_docstrings(module: Any) -> None:
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


def test_phrases_of_the_title_come_first() -> None:
    pairs = [("pain", "abstract"), ("SCS", "title"), ("burst", "abstract")]
    assert wording.by_field(pairs) == [("title", [pairs[1]]), ("abstract", [pairs[0], pairs[2]])]
    assert wording.cited_date("2014") == "2014" and wording.cited_date("2014 Spring") == "2014 Spring"
    assert wording.cited_date(None) == "" and wording.months(30.0) == "30 months (2.5 years)"


def mark(facet: str, tag: str, start: int | None, end: int | None) -> dict[str, Any]:
    return {"facet": facet, "tag": tag, "start": start, "end": end}


def test_overlapping_marks_share_their_pieces() -> None:
    pieces = marking.cut(
        "abcdef", [mark("modality", "x", 0, 4), mark("outcome", "y", 2, 6), mark("outcome", "y", 2, 6)]
    )
    assert [(piece["text"], piece["tags"]) for piece in pieces] == [
        ("ab", [("modality", "x")]),
        ("cd", [("modality", "x"), ("outcome", "y")]),
        ("ef", [("outcome", "y")]),
    ]


def test_offsets_are_code_points() -> None:
    text = "µ-opioid 𝛼 and burst"
    start = text.index("burst")
    marked = [piece["text"] for piece in marking.cut(text, [mark("modality", "x", start, start + 5)]) if piece["tags"]]
    assert marked == ["burst"]


def test_no_mark_ever_changes_the_text() -> None:
    rng = random.Random(5)
    for _ in range(200):
        text = "".join(rng.choices("ab <&é\n", k=rng.randint(0, 30)))
        marks = [mark("outcome", "t", rng.choice((None, rng.randint(-3, 35))), rng.randint(-3, 35)) for _ in range(6)]
        assert "".join(piece["text"] for piece in marking.cut(text, marks)) == text


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-04", datetime(2026, 4, 1, tzinfo=UTC)),
        ("2026-04-30", datetime(2026, 4, 30, tzinfo=UTC)),
        ("2026-04-30T06:07:08Z", datetime(2026, 4, 30, 6, 7, 8, tzinfo=UTC)),
        ("2026-04-30T06:07:08+00:00", datetime(2026, 4, 30, 6, 7, 8, tzinfo=UTC)),
        ("", datetime(1970, 1, 1, tzinfo=UTC)),
        ("nonsense", datetime(1970, 1, 1, tzinfo=UTC)),
    ],
)
def test_partial_times_are_moments(text: str, moment: datetime) -> None:
    assert feeds.moment(text) == moment


def test_feed_text_is_what_xml_can_hold() -> None:
    assert feeds.clean("a\x00b\x0bc\td") == "abc\td" and feeds.clean("\x00") == "(no title)"


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (None, []),
        ("", []),
        ("plain words", ["plain words"]),
        ('["a", "b"]', ["a", "b"]),
        ('{"phrase": "x"}', ["phrase: x"]),
        ("3", ["3"]),
    ],
)
def test_warnings_as_stored(stored: Any, shown: list[str]) -> None:
    assert as_list(stored) == shown


def test_wording() -> None:
    assert wording.counted(1, "report") == "1 report" and wording.counted(1234, "study", "studies") == "1,234 studies"
    assert [wording.plain_number(n) for n in (40.0, 58.5, 1200, None)] == ["40", "58.5", "1,200", ""]
    assert wording.local("http://127.0.0.1:8001/evidence/reports?a=1") == "/evidence/reports?a=1"
    assert "ok" not in {label.lower() for label in wording.STATUS_LABELS.values()}
    assert wording.status_words("no_notice") == "No notice found in PubMed"


def test_group_authors_and_missing_fields_in_citation_tags() -> None:
    report = dict.fromkeys(
        ("pages", "publication_date", "journal_full", "journal", "volume", "issue", "issn", "doi", "pmid", "language")
    )
    report |= {"id": "starter:a b", "title": "T", "year": 2020, "pages": "S3-13"}
    tags = highwire_tags(report, [{"family": None, "given": None, "name": "The Group"}], "https://example.org")
    assert tags == [
        ("citation_title", "T"),
        ("citation_author", "The Group"),
        ("citation_publication_date", "2020"),
        ("citation_firstpage", "S3"),
        ("citation_lastpage", "S13"),
        ("citation_abstract_html_url", "https://example.org/reports/starter%3Aa%20b"),
    ]
