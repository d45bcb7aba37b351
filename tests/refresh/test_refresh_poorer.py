"""Answers that lack what records have: not believed, told, kept apart, asked again, and taken when it stays so."""

from __future__ import annotations

import pytest
from eutils_server import Article
from refresh_conftest import Small, on_each_date
from test_refresh_sources import SOURCES, deer, four_of_deer, states, write_sources

from evidence.exchange.pubmed import parse_record
from evidence.refresh.jobs import DAYS_BELIEVED
from evidence.tracker import check_tracker

pytestmark = pytest.mark.calendar

LONG = "Invented. We looked at nobody. Nothing was found in none of them. No conclusion can be drawn from it."
MESH = ["Spinal Cord Stimulation", "Humans", "Pain Measurement"]


@pytest.fixture
def full(small: Small) -> Small:
    """Thirty articles with abstracts, headings, several authors and a DOI, refreshed once."""
    for article in small.server.corpus.articles.values():
        article.abstract, article.mesh, article.more_authors = LONG, list(MESH), ["Second", "Third"]
        article.doi = f"10.5555/invented.{article.pmid}"
        article.book = False
    small.refresh()
    return small


def current(small: Small, pmid: str, as_of: str | None = None):
    with small.tracker() as tracker:
        return parse_record(next(s.content for s in tracker.stored(as_of) if s.pmid == pmid))


def doubts(small: Small) -> dict[str, tuple[str, ...]]:
    with small.tracker() as tracker:
        assert check_tracker(tracker) == []
        return {pmid: doubt.lost for pmid, doubt in tracker.doubts().items()}


LOST = [
    (("abstract",), ("abstract",)),
    (("mesh",), ("MeSH headings",)),
    (("author", "more_authors"), ("authors",)),
    (("more_authors",), ("authors",)),
    (("doi",), ("identifiers",)),
    (("types",), ("publication types",)),
    (("volume", "pages"), ("place and date of publication", "pages")),
    (("abstract", "mesh"), ("abstract", "MeSH headings")),
]


@on_each_date
@pytest.mark.parametrize(("withheld", "said"), LOST, ids=["+".join(withheld) for withheld, _ in LOST])
def test_a_poorer_record_without_a_new_date_is_not_believed(
    full: Small, withheld: tuple[str, ...], said: tuple[str, ...]
) -> None:
    before, watermark = full.dump(), full.clock.at
    full.server.corpus.withheld["1001"] = withheld
    full.clock.move(days=1)
    summary = full.refresh(full=True)
    (topic,) = summary.topics
    assert (topic.poorer, topic.revised, summary.exit_code, summary.outcome) == (1, 0, 1, "failed")
    assert f"1 record came without what they had (first PMID 1001: {', '.join(said)})" in (topic.error or "")
    assert "not believed" in summary.text() and summary.as_json()["topics"][0]["poorer"] == 1
    after = full.dump()
    assert [row[3] for row in after.pop("doubts")] == [", ".join(said)] and not before.pop("doubts")
    assert after == before and doubts(full) == {"1001": said}  # kept apart: every other row stands as it was
    assert f"not believed since {full.clock.at[:10]}: 1 record came" in full.status().text()
    assert full.status().exit_code == 1 and full.status().as_json()["poorer"][0]["pmid"] == "1001"
    with full.tracker() as tracker:
        assert tracker.watermark("alpha") == watermark


@on_each_date
def test_it_is_asked_again_and_what_comes_whole_ends_the_doubt(full: Small) -> None:
    full.server.corpus.withheld["1001"] = ("abstract",)
    full.refresh(full=True)
    full.server.forget()
    assert full.refresh().topics[0].poorer == 1 and full.server.fetched_ids() == ["1001"]
    full.server.corpus.withheld.clear()
    full.server.forget()
    summary = full.refresh()
    assert summary.exit_code == 0 and full.server.fetched_ids() == ["1001"] and not doubts(full)
    assert full.status().exit_code == 0 and "not believed" not in full.status().text()
    full.server.forget()
    full.refresh()
    assert not full.server.fetched_ids()
    with full.tracker() as tracker:
        assert len(tracker.versions("pubmed:1001")) == 1
        assert {row[0] for row in tracker.db.execute("SELECT settled FROM doubts")} == {"came otherwise"}


@on_each_date
def test_what_stays_poorer_on_three_days_is_taken_and_told(full: Small) -> None:
    first = full.clock.at
    full.server.corpus.withheld["1001"] = ("abstract", "mesh")
    for day in range(1, DAYS_BELIEVED + 1):
        full.clock.move(days=1)
        for _ in range(2):  # often on one day is once
            summary = full.refresh(full=day == 1)
        assert bool(summary.topics[0].error) is (day < DAYS_BELIEVED)
    assert summary.exit_code == 0 and not doubts(full)
    record = current(full, "1001")
    assert not record.abstract and not record.mesh
    assert current(full, "1001", as_of=first).abstract  # as it was received, and believed, by then
    with full.tracker() as tracker:
        assert [len(tracker.versions(f"pubmed:{pmid}")) for pmid in ("1001", "1002")] == [2, 1]
        warned = [row["warnings"] for row in tracker.topic_refreshes() if row["warnings"]]
        assert "on 3 different days: believed now" in warned[0][0]
        assert tracker.watermark("alpha") == full.clock.at


def test_a_day_that_comes_whole_begins_the_count_again(full: Small) -> None:
    corpus = full.server.corpus
    for withheld in (("abstract",), ("abstract",), (), ("abstract",), ("abstract",)):
        full.clock.move(days=1)
        corpus.withheld["1001"] = withheld
        full.refresh(full=True)
    assert doubts(full) == {"1001": ("abstract",)} and current(full, "1001").abstract


def test_other_losses_on_other_days_do_not_add_up(full: Small) -> None:
    for withheld in (("abstract",), ("mesh",), ("abstract", "mesh"), ("abstract",)):
        full.clock.move(days=1)
        full.server.corpus.withheld["1001"] = withheld
        full.refresh(full=True)
    assert current(full, "1001").abstract and current(full, "1001").mesh and "1001" in doubts(full)


@on_each_date
@pytest.mark.parametrize("lost", [{"abstract": ""}, {"mesh": []}, {"author": "", "more_authors": []}, {"types": []}])
def test_a_record_that_is_dated_as_revised_may_lose_what_it_likes(full: Small, lost: dict[str, object]) -> None:
    """As records of withdrawn articles do."""
    full.clock.move(days=1)
    full.server.corpus.revise("1001", **lost)
    summary = full.refresh()
    assert (summary.exit_code, summary.topics[0].revised) == (0, 1) and not doubts(full)
    with full.tracker() as tracker:
        assert len(tracker.versions("pubmed:1001")) == 2


def test_a_date_that_was_seen_already_excuses_no_loss(full: Small) -> None:
    """NLM touches DateRevised alone, which makes no version; a poorer answer with that date is not a revision."""
    full.clock.move(days=1)
    full.server.corpus.revise("1001")
    assert full.refresh().topics[0].revised == 0
    full.server.corpus.withheld["1001"] = ("abstract",)
    full.clock.move(days=1)
    assert full.refresh().topics[0].poorer == 1 and current(full, "1001").abstract
    full.server.corpus.revise("1001")  # a date that was not seen yet
    assert full.refresh().exit_code == 0 and not current(full, "1001").abstract


@pytest.mark.parametrize(
    "change",
    [
        {"abstract": LONG + " One sentence more."},
        {"abstract": "Invented: other words altogether."},
        {"abstract": LONG.replace("nobody", "no one")},
        {"abstract": LONG.removesuffix(" it.")},  # a word less is an edit
        {"mesh": [*MESH, "Adult"]},
        {"mesh": ["Spinal Cord Stimulation", "Humans", "Pain Management"]},
        {"more_authors": ["Second", "Fourth"]},
        {"title": "alpha stimulation, an invented title that is longer than it was"},
        {"pages": "1-10"},
    ],
)
def test_what_changes_in_silence_without_getting_poorer_is_a_revision(full: Small, change: dict[str, object]) -> None:
    full.server.corpus.revise("1001", dated=False, **change)
    summary = full.refresh(full=True)
    assert (summary.exit_code, summary.topics[0].revised) == (0, 1) and not doubts(full)


@on_each_date
def test_an_answer_of_which_a_third_is_poorer(full: Small) -> None:
    full.server.fail("poor", program="efetch")
    full.clock.move(days=1)
    corpus = full.server.corpus
    corpus.revise("1004", abstract=LONG + " And more.")  # not among the poorer ones: taken
    corpus.add(Article("5005", "alpha stimulation, an invented newcomer", abstract=LONG))
    (topic,) = full.refresh(full=True).topics
    poorer = {pmid for pmid in corpus.articles if int(pmid) % 10 < 3}
    assert topic.poorer == len(poorer) == 9 and topic.error and doubts(full).keys() == poorer
    assert (topic.new, topic.revised) == (1, 1)
    assert all(current(full, pmid).abstract and current(full, pmid).authors for pmid in corpus.articles)
    full.server.recover()
    full.server.forget()
    summary = full.refresh()
    assert summary.exit_code == 0 and poorer <= set(full.server.fetched_ids()) and not doubts(full)


def test_a_topic_that_shares_no_poorer_record_goes_on(full: Small) -> None:
    full.server.corpus.add(*(Article(str(n), "beta report (invented)", abstract=LONG) for n in range(9001, 9004)))
    full.topic("beta")
    full.refresh()
    full.server.corpus.withheld["9002"] = ("abstract",)
    by_id = {topic.id: topic for topic in full.refresh(full=True).topics}
    assert by_id["alpha"].error is None and by_id["beta"].poorer == 1


def test_a_poorer_record_that_then_leaves_pubmed_or_is_revised_is_doubted_no_longer(full: Small) -> None:
    corpus = full.server.corpus
    for pmid in ("1001", "1002"):
        corpus.withheld[pmid] = ("abstract",)
    full.refresh(full=True)
    full.clock.move(days=1)
    corpus.delete("1001")
    corpus.revise("1002", title="alpha stimulation, retold (invented)")  # and the abstract is gone with it
    assert full.refresh().exit_code == 0 and not doubts(full)
    assert not current(full, "1002").abstract
    with full.tracker() as tracker:
        settled = dict(tracker.db.execute("SELECT pmid, settled FROM doubts JOIN records ON key = record"))
    assert settled == {"1001": "gone from PubMed", "1002": "came otherwise"}


def test_a_cited_source_outside_all_topics_is_kept_whole_and_asked_again(full: Small) -> None:
    four_of_deer(full)
    write_sources(full, SOURCES)
    full.refresh()
    full.clock.move(days=8)
    full.server.corpus.withheld["25112889"] = ("abstract", "author")
    summary = full.refresh()
    assert summary.exit_code == 0 and "cited source deer2014: 1 record came without" in summary.text()
    assert states(full)["deer2014"] == ("resolved", "", "25112889") and current(full, "25112889").abstract
    assert "not believed" in full.status().text()
    full.server.corpus.withheld.clear()
    assert not full.refresh().warnings and not doubts(full)
    assert deer("515-50", "25112889").title == current(full, "25112889").title


def test_a_dry_run_counts_what_would_be_asked_again(full: Small) -> None:
    full.server.corpus.withheld["1001"] = ("abstract",)
    full.refresh(full=True)
    assert full.refresh(dry_run=True).topics[0].to_fetch == 1


def test_a_new_topic_asks_for_doubted_records_too(full: Small) -> None:
    full.server.corpus.withheld["1001"] = ("abstract",)
    full.refresh(full=True)
    full.server.corpus.withheld.clear()
    full.topic("stimulation")
    assert full.refresh("stimulation").fetched == 1 and not doubts(full)
