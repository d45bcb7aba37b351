"""``evidence fetch``: records by their PMIDs, stored as a refresh stores them, and no search moved by it."""

from __future__ import annotations

import pytest
from eutils_server import Article
from refresh_conftest import EMAIL, KEY, Small

from evidence.errors import TryLater, UsageError
from evidence.filelock import hold
from evidence.project import NcbiIdentity
from evidence.refresh.fetch import FetchSummary, fetch
from evidence.refresh.progress import Silent


def fetched(small: Small, *pmids: str) -> FetchSummary:
    identity = NcbiIdentity(base_url=small.server.url, email=EMAIL, api_key=KEY)
    return fetch(small.project, pmids, progress=Silent("records"), identity=identity, now=small.clock)


def test_what_no_topic_finds_is_fetched_and_stored(small: Small) -> None:
    small.server.corpus.add(Article("7001", "beta of the knee (invented)"))
    summary = fetched(small, "7001", "PMID: 7001", "07001")
    assert (summary.asked, summary.stored, summary.new, summary.exit_code) == (1, ["7001"], 1, 0)
    assert not small.server.asked("esearch")
    with small.tracker() as tracker:
        assert [stored.pmid for stored in tracker.stored()] == ["7001"]
        assert not list(tracker.memberships())
    assert "1 record fetched: 1 new" in summary.text() and "evidence build" in summary.text()


def test_the_same_again_is_nothing_new_and_a_revision_is_one(small: Small) -> None:
    fetched(small, "1001")
    again = fetched(small, "1001")
    assert (again.stored, again.new, again.revised, again.exit_code) == (["1001"], 0, 0, 0)
    small.server.corpus.revise("1001", title="alpha stimulation, retold (invented)")
    assert fetched(small, "1001").revised == 1


def test_what_pubmed_has_not_is_told(small: Small) -> None:
    summary = fetched(small, "1001", "99999")
    assert (summary.stored, summary.gone, summary.exit_code) == (["1001"], ["99999"], 1)
    assert "99999: PubMed has no such record" in summary.text()
    assert summary.as_json()["gone"] == ["99999"]


def test_a_refresh_goes_on_as_if_nothing_had_been_fetched(small: Small) -> None:
    small.refresh()
    small.server.corpus.add(Article("7001", "beta of the knee (invented)"))
    fetched(small, "7001", "1001")
    before = small.status()
    small.server.forget()
    (topic,) = small.refresh().topics
    assert (topic.new, topic.unchanged, topic.left) == (0, 30, 0)
    assert not small.server.asked("efetch")
    with small.tracker() as tracker:
        assert [row["kind"] for row in tracker.refreshes()] == ["incremental", "incremental"]
        assert "7001" not in tracker.members("alpha")
    assert before.last_refresh is not None and before.last_refresh["kind"] == "incremental"


def test_a_record_fetched_before_joins_its_topic(small: Small) -> None:
    fetched(small, "1001")
    small.refresh()
    with small.tracker() as tracker:
        assert "1001" in tracker.members("alpha")


@pytest.mark.parametrize("word", ["", "x", "12x", "10.5555/a", "1234567890123", "-5", "PMID"])
def test_no_pmid(small: Small, word: str) -> None:
    with pytest.raises(UsageError, match="is no PMID"):
        fetched(small, "1001", word)
    assert not small.server.asked("efetch")


def test_another_refresh_at_work(small: Small) -> None:
    small.project.data.mkdir(parents=True, exist_ok=True)
    descriptor = hold(small.project.lock)
    assert descriptor
    with pytest.raises(TryLater):
        fetched(small, "1001")


def test_a_server_that_does_not_answer(small: Small) -> None:
    identity = NcbiIdentity(base_url="http://127.0.0.1:9/", email=EMAIL, api_key=KEY)
    try:
        summary = fetch(small.project, ["1001"], progress=Silent("records"), identity=identity, now=small.clock)
    except TryLater:
        return
    assert (summary.stored, list(summary.failed), summary.exit_code) == ([], ["1001"], 75)
