"""Registry searches of topics: all pages or none, and what goes wrong between pages."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from typing import Any

import pytest
from eutils_server import Corpus
from eutils_server.faults import Rule
from sources_server import KINDS, SEARCH_KINDS
from test_enrich import Library, by_name, trial

from evidence.enrich.searches import held_numbers
from evidence.http import pacing
from evidence.sources import SOURCES

SOURCE = SOURCES["clinicaltrials"]
SEARCH = '"spinal cord" AND pain'
FOUND = [f"NCT0000{n}" for n in range(3000, 3007)]


@pytest.fixture
def library(make_small: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    made = Library(make_small(Corpus()))
    topic = made.project.topics / "alpha.yml"
    topic.write_text(f"{topic.read_text()}\ntrials: |\n  {SEARCH}  # devices\n")
    made.server.searches[SEARCH], made.server.page = list(FOUND), 3
    made.server.trials |= {number: trial(number, "RECRUITING") for number in FOUND}
    made.switch(clinicaltrials=True)
    with made.server as server:
        monkeypatch.setenv("EVIDENCE_CLINICALTRIALS_URL", server.url("clinicaltrials"))
        yield made


def held(library: Library, as_of: str | None = None) -> list[str]:
    with library.small.tracker() as tracker:
        return held_numbers(tracker, SOURCE, SEARCH, as_of)


def test_a_search_is_read_to_its_end_and_what_it_finds_is_asked_about(library: Library) -> None:
    found = by_name(library.enrich())["clinicaltrials"]
    assert found.searches == 1 and found.found == 10 and held(library) == FOUND
    before = len(library.server.arrivals)
    assert by_name(library.enrich())["clinicaltrials"].due == 0 and len(library.server.arrivals) == before
    pages = [arrival.query for arrival in library.server.asked("clinicaltrials") if "query.term" in arrival.query]
    assert [page.get("pageToken") for page in pages] == [None, "T3", "T6"]
    assert all({**page, "pageToken": ""} == {**pages[0], "pageToken": ""} for page in pages)


@pytest.mark.parametrize("kind", SEARCH_KINDS)
@pytest.mark.parametrize("nth", [{2}, set()])
def test_pages_that_do_not_fit_together_are_read_again_and_else_not_believed(
    library: Library, kind: str, nth: set[int]
) -> None:
    once = {1} if kind in ("moved_total", "no_total") else nth
    library.server.fail(kind, program="clinicaltrials", nth=once if nth else (), holding="query.term")
    found = by_name(library.enrich())["clinicaltrials"]
    if nth:
        assert not found.error and held(library) == FOUND
    else:
        assert found.error and "search" in found.error and held(library) == [] and found.found == 3
        library.server.faults.clear()
        assert by_name(library.enrich())["clinicaltrials"].found == 7 and held(library) == FOUND


@pytest.mark.parametrize("kind", ["http_503", "html", "empty_body", "no_envelope", "cut", "refused"])
def test_a_search_that_fails_leaves_what_was_found(library: Library, kind: str) -> None:
    library.enrich()
    library.clock.move(days=8)
    library.server.searches[SEARCH] = FOUND[:6]
    library.server.fail(kind, program="clinicaltrials", holding="query.term")
    assert by_name(library.enrich())["clinicaltrials"].error and held(library) == FOUND
    library.server.faults.clear()
    day = library.clock().date().isoformat()
    library.clock.move(days=1)
    assert library.enrich().exit_code == 0 and held(library) == FOUND[:6] and held(library, day) == FOUND


def test_a_search_that_finds_nothing_any_more_is_not_believed_without_full(library: Library) -> None:
    library.enrich()
    library.clock.move(days=8)
    library.server.searches[SEARCH] = []
    assert "not believed" in (by_name(library.enrich())["clinicaltrials"].error or "") and held(library) == FOUND
    assert not by_name(library.enrich(full=True))["clinicaltrials"].error and held(library) == []


def test_registrations_are_asked_about_again_after_a_week(library: Library) -> None:
    library.enrich()
    library.clock.move(days=8)
    assert by_name(library.enrich())["clinicaltrials"].due == 12


def test_the_registrys_pace_is_kept_at_its_side(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    library.server.page = 2
    library.connect = lambda source, email: source.client(email)  # type: ignore[method-assign]
    monkeypatch.setattr(pacing, "WINDOW", 1.05)
    started = time.monotonic()
    assert by_name(library.enrich())["clinicaltrials"].found == 10
    # a list, two numbers by themselves, four pages, a list: seven pauses
    assert len(library.server.asked("clinicaltrials")) == 8
    assert library.server.most_in_a_second("clinicaltrials") == 1
    assert time.monotonic() - started < 15  # 7.4 s where nothing else runs


@pytest.mark.parametrize("seed", range(4))
def test_faults_at_random_lose_nothing_and_invent_nothing(
    library: Library, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each run asks on where the last one stopped; what is believed at the end is what the registry has."""
    monkeypatch.setattr("evidence.http.answer.DEFAULT_RETRY_AFTER", 0.001)
    for kind in (*(k for k in KINDS if k not in ("rate_limit_wait", "missing")), *SEARCH_KINDS):
        own = random.Random(f"{seed} {kind}")
        library.server.faults.add(Rule(kind, "clinicaltrials", probability=0.05, random=own))
    for _ in range(40):
        found = by_name(library.enrich())["clinicaltrials"]
        if not found.error and not found.due:
            break
    library.server.faults.clear()
    library.enrich()
    with library.small.tracker() as tracker:
        said = {row.subject: row.item for row in tracker.asked("clinicaltrials") if row.subject.startswith("nct:")}
    there = {f"nct:{number}" for number in library.server.trials}
    assert {subject for subject, item in said.items() if item} == there and held(library) == FOUND
    assert {subject for subject, item in said.items() if not item} == {"nct:NCT00000103", "nct:NCT00000104"}
