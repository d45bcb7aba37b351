"""What a refresh stores, asks for again, and never loses."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from eutils_server import Article, Corpus
from refresh_conftest import Small, on_each_date

from evidence.errors import InputError, UsageError

pytestmark = pytest.mark.calendar


def test_the_first_refresh_fetches_everything_once(small: Small) -> None:
    summary = small.refresh()
    (topic,) = summary.topics
    assert (topic.hits, topic.new, topic.failed, topic.error) == (30, 30, 0, None)
    assert summary.exit_code == 0 and summary.outcome == "done" and summary.new == 30
    assert len(small.server.asked("esearch")) == 1 and len(small.server.asked("efetch")) == 1
    with small.tracker() as tracker:
        assert tracker.members("alpha") == small.server.corpus.articles.keys()
        assert tracker.watermark("alpha") == summary.started_at
        (row,) = tracker.topic_refreshes()
        assert row["query"] == "alpha[tiab]" and row["translation"] == "alpha[tiab]" and row["hits"] == 30


def test_nothing_changed_writes_nothing_but_the_log(small: Small) -> None:
    small.refresh()
    before = small.dump()
    small.server.forget()
    summary = small.refresh()
    assert small.dump() == before
    assert (summary.topics[0].new, summary.topics[0].unchanged, summary.fetched) == (0, 30, 0)
    assert not small.server.asked("efetch")


@on_each_date
def test_new_revised_deleted_and_left(small: Small) -> None:
    small.refresh()
    corpus = small.server.corpus
    corpus.add(Article("5001", "alpha stimulation, an invented newcomer"))
    corpus.revise("1001", title="alpha stimulation, retold (invented)")
    corpus.revise("1002")  # DateRevised alone is no revision
    corpus.delete("1003")
    corpus.merge("1004", into="1005")
    corpus.revise("1006", title="beta stimulation (invented)")
    small.server.forget()
    (topic,) = small.refresh().topics
    assert (topic.hits, topic.new, topic.revised, topic.gone, topic.left) == (28, 1, 2, 2, 1)
    asked = small.server.fetched_ids()
    assert set(asked) == {"5001", "1001", "1002", "1003", "1004", "1005", "1006"}
    with small.tracker() as tracker:
        assert not {"1003", "1004", "1006"} & tracker.members("alpha")
        reasons = {m.record: m.reason for m in tracker.memberships() if m.until}
        assert reasons == {
            "pubmed:1003": "gone from PubMed", "pubmed:1004": "gone from PubMed", "pubmed:1006": "left query",
        }  # fmt: skip
        gone = {stored.id for stored in tracker.stored() if stored.gone_since}
        assert gone == {"pubmed:1003", "pubmed:1004"} and tracker.counts() == {"pubmed": 31}
        assert len(tracker.versions("pubmed:1001")) == 2 and len(tracker.versions("pubmed:1002")) == 1
        assert len(tracker.versions("pubmed:1006")) == 2


def test_a_revision_without_a_date_is_found_by_a_full_sweep(small: Small) -> None:
    small.refresh()
    small.server.corpus.revise("1001", dated=False, abstract="Invented, and changed in silence.")
    assert small.refresh().topics[0].revised == 0
    summary = small.refresh(full=True)
    assert summary.topics[0].revised == 1 and summary.fetched == 30 and summary.kind == "full"


def test_a_record_that_returns_is_no_longer_gone(small: Small) -> None:
    small.refresh()
    article = small.server.corpus.articles["1003"]
    small.server.corpus.delete("1003")
    small.refresh()
    small.server.corpus.add(article)
    assert small.refresh().topics[0].new == 1
    with small.tracker() as tracker:
        assert "1003" in tracker.members("alpha") and not any(stored.gone_since for stored in tracker.stored())


def test_a_record_of_six_topics_is_fetched_once(small: Small) -> None:
    for word in ("stimulation", "invented", "report", "trial", "example"):
        small.topic(word)
    small.server.corpus.add(Article("7001", "alpha stimulation report example (invented trial)"))
    summary = small.refresh()
    assert len(summary.topics) == 6 and summary.exit_code == 0
    fetched = small.server.fetched_ids()
    assert len(fetched) == len(set(fetched)) == 31
    assert {t.id: t.new for t in summary.topics}["stimulation"] == 31
    assert len(small.server.asked("esearch")) == 6 and len(small.server.asked("efetch")) == 1


def test_a_new_topic_over_stored_records_fetches_nothing(small: Small) -> None:
    small.refresh()
    small.topic("stimulation")
    small.server.forget()
    summary = small.refresh("stimulation")
    assert [t.id for t in summary.topics] == ["stimulation"] and summary.topics[0].new == 30
    assert summary.fetched == 0 and not small.server.asked("efetch")


def test_batches_are_full_but_the_last(make_small: Callable[[Corpus], Small]) -> None:
    small = make_small(Corpus.invented(1010))
    small.topic("stimulation")
    small.refresh()
    assert sorted(len(params["id"].split(",")) for params in small.server.asked("efetch")) == [10, *[200] * 5]


def test_a_dry_run_asks_and_stores_nothing(small: Small) -> None:
    summary = small.refresh(dry_run=True)
    assert (summary.topics[0].hits, summary.topics[0].to_fetch, summary.topics[0].new) == (30, 30, 0)
    assert not small.server.asked("efetch") and not small.project.tracker.exists()
    assert "to fetch" in summary.text() and summary.as_json()["dry_run"] is True
    small.refresh()
    before = small.dump()
    small.server.corpus.delete("1003")
    assert small.refresh(dry_run=True).topics[0].to_fetch == 1
    assert small.dump() == before


def test_an_unknown_topic_and_a_bad_file_are_refused_before_anything_is_sent(small: Small) -> None:
    with pytest.raises(UsageError, match="no topic 'gamma'; there are alpha"):
        small.refresh("gamma")
    small.topic("bad", "x[tiabb]")
    with pytest.raises(InputError, match=r"bad\.yml:3: unknown field tag"):
        small.refresh("alpha")
    assert not small.server.arrivals


def test_books_are_stored_too(make_small: Callable[[Corpus], Small]) -> None:
    small = make_small(Corpus.invented(60))
    assert small.server.corpus.articles["1050"].book
    small.refresh()
    with small.tracker() as tracker:
        assert "1050" in tracker.members("alpha")


def test_a_harvest_past_the_cap(make_small: Callable[[Corpus], Small]) -> None:
    corpus = Corpus.invented(10_500, first=19_995_000)
    small = make_small(corpus)
    summary = small.refresh()
    assert summary.topics[0].new == 10_500 and summary.exit_code == 0
    assert len(small.server.asked("efetch")) == 53 and len(small.server.asked("esearch")) <= 4
