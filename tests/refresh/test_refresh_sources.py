"""Cited sources: resolved by what is printed, verified field by field, never confused, never failing a refresh."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from eutils_server import Article
from refresh_conftest import Small

from evidence.cited_sources import CitedSource, load_sources
from evidence.record import Author, Record
from evidence.refresh.cited import search_term
from evidence.refresh.verify import compare, title_similarity
from evidence.topics.query import check_query

pytestmark = pytest.mark.calendar

# Titles as printed by Deer and others in Neuromodulation 2014;17(6): four papers, one author, one issue.
COMMITTEE = "The Neuromodulation Appropriateness Consensus Committee"
DEER_2014 = {
    "515-50": "The appropriate use of neurostimulation of the spinal cord and peripheral nervous system for the "
    f"treatment of chronic pain and ischemic diseases: {COMMITTEE}",
    "551-97": "The appropriate use of neurostimulation: stimulation of the intracranial and extracranial space and "
    f"head for chronic pain. {COMMITTEE}",
    "571-97": "The appropriate use of neurostimulation: avoidance and treatment of complications of neurostimulation "
    "therapies for the treatment of chronic pain",
    "599-615": "The appropriate use of neurostimulation: new and evolving neurostimulation therapies and applicable "
    "treatment for chronic pain and selected disease states",
}
SOURCES = """sources:
  deer2014:
    cited_as: "Deer 2014; 17(6):515-50"
    authors: [Deer TR]
    journal: Neuromodulation
    year: 2014
    volume: "17"
    pages: 515-50
"""


def deer(pages: str, pmid: str) -> Article:
    return Article(
        pmid, DEER_2014[pages], author="Deer", journal="Neuromodulation", year=2014, volume="17", issue="6", pages=pages
    )


def four_of_deer(small: Small) -> None:
    small.server.corpus.add(*(deer(pages, str(25112889 + n)) for n, pages in enumerate(DEER_2014)))


def write_sources(small: Small, text: str) -> None:
    small.project.sources.write_text(text)


def states(small: Small) -> dict[str, tuple[str, str, str | None]]:
    with small.tracker() as tracker:
        return {row["id"]: (row["state"], row["reason"], row["pmid"]) for row in tracker.source_states()}


@pytest.mark.parametrize("pages", list(DEER_2014))
def test_four_papers_are_deer_2014_and_the_first_page_tells_them_apart(small: Small, pages: str) -> None:
    four_of_deer(small)
    write_sources(small, SOURCES.replace("515-50", pages))
    summary = small.refresh()
    wanted = next(a.pmid for a in small.server.corpus.articles.values() if a.pages == pages)
    assert states(small)["deer2014"] == ("resolved", "", wanted)
    assert summary.sources[0].pmid == wanted and summary.exit_code == 0
    with small.tracker() as tracker:  # the one that is cited is stored, the other three are not
        assert tracker.counts() == {"pubmed": 31} and tracker.versions(f"pubmed:{wanted}")


@pytest.mark.parametrize("pages", list(DEER_2014))
def test_the_title_tells_them_apart_when_the_page_is_not_printed(small: Small, pages: str) -> None:
    four_of_deer(small)
    text = SOURCES.replace("    pages: 515-50\n", f"    title: {DEER_2014[pages]!r}\n").replace("; 17(6):515-50", "")
    write_sources(small, text)
    small.refresh()
    wanted = next(a.pmid for a in small.server.corpus.articles.values() if a.pages == pages)
    assert states(small)["deer2014"] == ("resolved", "", wanted)


def test_author_journal_and_year_alone_do_not_say_which(small: Small) -> None:
    four_of_deer(small)
    write_sources(small, SOURCES.replace("    pages: 515-50\n", "").replace('    volume: "17"\n', ""))
    summary = small.refresh()
    state, reason, pmid = states(small)["deer2014"]
    assert (state, pmid) == ("unresolved", None) and "too little" in reason
    assert summary.exit_code == 0  # an unresolved source does not fail a refresh
    found = small.status()
    assert found.unresolved[0]["id"] == "deer2014" and "too little" in found.text() and found.exit_code == 0


def test_an_identifier_that_was_recalled_wrongly_is_not_believed(small: Small) -> None:
    four_of_deer(small)
    write_sources(small, SOURCES.replace("515-50", "1-9") + '    pmid: "25112890"\n')
    small.refresh()
    state, reason, _ = states(small)["deer2014"]
    assert state == "unresolved" and "PMID 25112890 was named but is not it: the first page differs" in reason


def test_one_ecitmatch_and_one_search_serve_all(small: Small) -> None:
    four_of_deer(small)
    lines = [SOURCES]
    for number, pages in enumerate(list(DEER_2014)[1:]):
        lines.append(SOURCES.removeprefix("sources:\n").replace("515-50", pages).replace("deer2014", f"deer{number}"))
    write_sources(small, "".join(lines))
    small.refresh()
    assert [len(small.server.asked(p)) for p in ("ecitmatch", "esearch", "efetch")] == [1, 2, 1]
    assert all(state == "resolved" for state, _, _ in states(small).values())


def test_resolved_sources_are_not_asked_about_at_every_refresh(small: Small) -> None:
    four_of_deer(small)
    write_sources(small, SOURCES)
    small.refresh()
    before = small.dump()
    small.server.forget()
    assert small.refresh().sources == [] and small.dump() == before
    assert not small.server.asked("ecitmatch")


@pytest.mark.parametrize("changed", [0, 4_000_000_000])
def test_what_stands_in_the_file_decides_whether_a_source_was_edited_not_the_files_time(
    small: Small, changed: int
) -> None:
    four_of_deer(small)
    write_sources(small, SOURCES)
    small.refresh()
    os.utime(small.project.sources, (changed, changed))
    assert small.refresh().sources == []
    write_sources(small, SOURCES + "    note: what a maintainer thinks of it changes nothing in PubMed\n")
    assert small.refresh().sources == []
    write_sources(small, SOURCES.replace("515-50", "551-97"))
    os.utime(small.project.sources, (changed, changed))
    small.refresh()
    assert states(small)["deer2014"] == ("resolved", "", "25112890")


@pytest.mark.parametrize(("days", "asked"), [(0.5, False), (6, False), (7, True), (-1, True), (-400, True)])
def test_a_resolved_source_is_asked_about_after_a_week_or_when_its_check_lies_ahead(
    small: Small, days: float, asked: bool
) -> None:
    four_of_deer(small)
    write_sources(small, SOURCES)
    small.refresh()
    small.clock.move(days=days)
    assert bool(small.refresh().sources) is asked
    assert small.refresh().sources == []
    assert states(small)["deer2014"][0] == "resolved"


def test_of_two_states_the_one_written_last_counts_whatever_the_clock_said(small: Small) -> None:
    write_sources(small, SOURCES)
    small.refresh()
    assert states(small)["deer2014"][0] == "unresolved"
    four_of_deer(small)
    small.clock.move(days=-400)
    small.refresh()
    assert states(small)["deer2014"][0] == "resolved"


@pytest.mark.parametrize("fault", ["http_500", "html", "error"])
def test_a_fault_leaves_sources_as_they_were_and_the_refresh_whole(small: Small, fault: str) -> None:
    four_of_deer(small)
    write_sources(small, SOURCES)
    small.server.fail(fault, program="ecitmatch")
    summary = small.refresh()  # found by the search all the same
    assert summary.exit_code == 0 and states(small)["deer2014"][0] == "resolved" and summary.warnings
    small.server.recover()
    small.server.fail(fault, program="ecitmatch")
    small.server.fail(fault, program="esearch", holding="[pg]")
    summary = small.refresh(full=True)
    assert states(small)["deer2014"][0] == "resolved"


def test_a_source_that_a_topic_finds_is_fetched_once(small: Small) -> None:
    four_of_deer(small)
    small.topic("neurostimulation")
    write_sources(small, SOURCES)
    small.refresh()
    fetched = small.server.fetched_ids()
    assert len(fetched) == len(set(fetched)) == 34 and states(small)["deer2014"][0] == "resolved"


def test_a_source_outside_all_topics_is_looked_at_again(small: Small) -> None:
    four_of_deer(small)
    write_sources(small, SOURCES)
    small.refresh()
    small.server.corpus.revise("25112889", dated=False, abstract="Invented: withdrawn since.")
    small.refresh(full=True)
    with small.tracker() as tracker:
        assert len(tracker.versions("pubmed:25112889")) == 2


def record(**fields: object) -> Record:
    defaults = {
        "pmid": "1", "title": DEER_2014["515-50"], "authors": [Author(family="Deer", initials="TR")], "year": 2014,
        "journal": "Neuromodulation : journal of the International Neuromodulation Society",
        "journal_abbreviation": "Neuromodulation", "volume": "17", "pages": "515-50; discussion 550",
    }  # fmt: skip
    return Record("pubmed", **(defaults | fields))  # type: ignore[arg-type]


CITED = CitedSource(
    "d", "as printed", authors=("Deer T",), title=DEER_2014["515-50"], journal="Neuromodulation", year=2014,
    volume="17", pages="515-50",
)  # fmt: skip


@pytest.mark.parametrize(
    ("fields", "same", "said"),
    [
        ({}, True, ""),
        ({"year": 2013}, True, ""),  # ahead of print
        ({"year": 2012}, False, "the year differs (2012)"),
        ({"volume": "18"}, False, "the volume differs"),
        ({"pages": "551-97"}, False, "the first page differs"),
        ({"title": DEER_2014["599-615"]}, False, "the title differs"),
        ({"title": DEER_2014["515-50"].upper() + "."}, True, ""),
        ({"title": DEER_2014["515-50"].partition(":")[0]}, True, ""),
        ({"authors": [Author(family="Other")]}, False, "the first author differs"),
        ({"volume": "", "pages": ""}, True, ""),  # not yet in an issue: title, journal, author and year agree
    ],
)
def test_fields_are_compared_one_by_one(fields: dict[str, object], same: bool, said: str) -> None:
    comparison = compare(CITED, record(**fields))
    assert comparison.same is same and said in "; ".join(comparison.differ)


def test_titles_of_the_four_are_not_alike() -> None:
    titles = list(DEER_2014.values())
    pairs = [(a, b) for i, a in enumerate(titles) for b in titles[i + 1 :]]
    assert max(title_similarity(a, b) for a, b in pairs) < 80


def test_the_projects_own_sources_make_one_sound_query(root: Path) -> None:
    sources = [s for s in load_sources(root / "queries" / "sources.yml") if s.kind == "article"]
    query = " OR ".join(f"({term})" for source in sources if (term := search_term(source)))
    assert check_query(query) == query and len(query) < 20_000


def test_when_nothing_was_answered_nothing_is_said_of_the_sources(small: Small) -> None:
    write_sources(small, SOURCES)
    small.server.fail("http_500")
    summary = small.refresh()
    assert summary.exit_code == 75 and summary.sources == [] and states(small) == {}
    assert small.status().sources == {"not asked yet": 1}
