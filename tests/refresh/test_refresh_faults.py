"""Whatever goes wrong: nothing received is lost, no watermark moves, no secret gets out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from eutils_server import Article, Corpus
from refresh_conftest import EMAIL, KEY, Small

from evidence.errors import StorageError, UsageError
from evidence.tracker import Tracker

PASSING = [
    "rate_limit", "rate_limit_200", "http_500", "http_502", "html", "error", "raw_break", "unsupported",
    "empty_response", "empty_body", "cut", "cut_xml", "reset", "short", "empty_set", "echo", "short_ids",
]  # fmt: skip
STAYING = [fault for fault in PASSING if fault not in ("rate_limit", "rate_limit_200")]


def secrets_in(directory: Path) -> list[str]:
    """Files that hold the API key or the e-mail, in any spelling."""
    spellings = [form.encode() for secret in (KEY, EMAIL) for form in (secret, quote(secret), quote(secret, safe=""))]
    files = [path for path in directory.rglob("*") if path.is_file()]
    assert files
    return [path.name for path in files if any(s in path.read_bytes() for s in spellings)]


@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_costs_nothing(small: Small, capfd: pytest.CaptureFixture[str], fault: str) -> None:
    small.server._state.retry_after = "0.02"
    small.server.fail(fault, nth={1, 3})
    summary = small.refresh()
    assert (summary.exit_code, summary.topics[0].new) == (0, 30), summary.text()
    assert not secrets_in(small.project.root)
    printed = capfd.readouterr()
    assert KEY not in printed.out + printed.err


@pytest.mark.parametrize("fault", STAYING)
@pytest.mark.parametrize("program", ["esearch", "efetch"])
def test_a_fault_that_stays_fails_the_topic_and_moves_nothing(small: Small, fault: str, program: str) -> None:
    first = small.refresh()
    small.server.corpus.add(Article("5001", "alpha stimulation, an invented newcomer"))
    small.server.corpus.delete("1001")
    small.server.fail(fault, program=program)
    summary = small.refresh()
    text = summary.text() + str(summary.as_json())
    assert KEY not in text and EMAIL not in text and quote(EMAIL, safe="") not in text
    assert not secrets_in(small.project.root)
    (topic,) = summary.topics
    with small.tracker() as tracker:
        if (program == "efetch" and fault == "short_ids") or (program == "esearch" and fault in ("short", "empty_set")):
            assert topic.error is None  # not a fault of that program
            return
        if program == "efetch" and fault == "empty_set":
            assert "5001" in topic.error  # listed, but never given; 1001 is gone all the same
        assert topic.error and summary.exit_code == (75 if not summary.reached else 1)
        assert tracker.watermark("alpha") == first.started_at
        assert {"1002", "1030"} <= tracker.members("alpha") and tracker.counts() == {"pubmed": 30}
    small.server.recover()
    again = small.refresh()
    assert again.exit_code == 0
    with small.tracker() as tracker:
        assert tracker.members("alpha") == small.server.corpus.articles.keys()
        assert tracker.watermark("alpha") == again.started_at


def test_one_failed_topic_leaves_the_others_alone(small: Small) -> None:
    small.topic("beta")
    small.server.corpus.add(*(Article(str(n), "beta report (invented)") for n in range(9001, 9011)))
    small.server.fail("html", program="esearch", holding="beta")
    summary = small.refresh()
    by_id = {topic.id: topic for topic in summary.topics}
    assert by_id["alpha"].new == 30 and by_id["alpha"].error is None
    assert "an HTML page" in (by_id["beta"].error or "") and summary.exit_code == 1 and summary.outcome == "partly"
    with small.tracker() as tracker:
        assert tracker.watermark("alpha") and tracker.watermark("beta") is None
        rows = {row["topic"]: row["error"] for row in tracker.topic_refreshes()}
        assert rows["alpha"] is None and "HTML" in rows["beta"]
    assert "beta: failed" in small.project.log.read_text()


def test_nobody_reached_is_75_and_nothing_is_lost(small: Small) -> None:
    small.refresh()
    before = small.dump()
    small.server.fail("reset")
    summary = small.refresh()
    assert summary.exit_code == 75 and "could not be reached" in summary.text()
    assert small.dump() == before


def test_zero_hits_from_the_same_query_are_not_believed(small: Small) -> None:
    small.refresh()
    for pmid in list(small.server.corpus.articles):
        small.server.corpus.revise(pmid, title="other words (invented)", dated=False)
    summary = small.refresh()
    assert "not believed" in (summary.topics[0].error or "") and summary.exit_code == 1
    with small.tracker() as tracker:
        assert len(tracker.members("alpha")) == 30
    assert small.refresh(full=True).topics[0].left == 30
    with small.tracker() as tracker:
        assert not tracker.members("alpha")


def test_half_of_a_large_topic_gone_at_once_is_not_believed(make_small: Callable[[Corpus], Small]) -> None:
    small = make_small(Corpus.invented(200))
    small.refresh()
    for pmid in list(small.server.corpus.articles)[:100]:
        small.server.corpus.revise(pmid, title="other words (invented)", dated=False)
    summary = small.refresh()
    assert "100 of 200 reports are still in PubMed" in (summary.topics[0].error or "")
    small.topic("alpha", "alpha[ti]")  # another query may well find fewer
    assert small.refresh().topics[0].left == 100


def test_a_wrong_key_ends_the_refresh_with_what_to_do(small: Small) -> None:
    small.refresh()
    small.server.fail("key_invalid")
    with pytest.raises(UsageError, match="check NCBI_API_KEY") as caught:
        small.refresh()
    assert KEY not in str(caught.value) and not secrets_in(small.project.root)
    with small.tracker() as tracker:
        assert tracker.refreshes()[-1]["outcome"] == "failed" and len(tracker.members("alpha")) == 30


def test_what_was_revised_again_between_attempts_that_failed_is_found_by_the_first_that_succeeds(small: Small) -> None:
    small.refresh()
    small.clock.move(days=30)
    for pmid in ("1001", "1002"):
        small.server.corpus.revise(pmid, abstract="Invented, and revised.")
    small.server.corpus.articles["1003"].pages = "<broken"
    small.server.corpus.revise("1003")
    assert small.refresh().exit_code == 1  # 1001 and 1002 were stored by it
    small.clock.move(hours=12)
    small.server.forget()
    assert small.refresh().exit_code == 1 and set(small.server.fetched_ids()) == {"1003"}  # resumed, on the same day
    small.clock.move(days=1)
    small.server.corpus.revise("1001", types=["Journal Article", "Retracted Publication"])
    small.server.corpus.articles["1003"].pages = "3-9"
    assert small.refresh().exit_code == 0
    with small.tracker() as tracker:
        assert b"Retracted" in tracker.versions("pubmed:1001")[-1].content


def test_failed_records_are_asked_for_again_and_only_those(small: Small) -> None:
    small.server.corpus.articles["1002"].pages = "<broken"
    summary = small.refresh()
    assert summary.topics[0].failed == 1 and "PMID 1002" in (summary.topics[0].error or "") and summary.exit_code == 1
    small.server.corpus.articles["1002"].pages = "2-9"
    small.server.forget()
    assert small.refresh().exit_code == 0
    assert set(small.server.fetched_ids()) == {"1002"}


def test_a_full_disk_is_said_and_the_next_refresh_goes_on(
    make_small: Callable[[Corpus], Small], monkeypatch: pytest.MonkeyPatch
) -> None:
    small = make_small(Corpus.invented(1000))
    store = Tracker.store_batch

    def fills_the_disk(tracker: Tracker, *arguments: Any) -> Any:
        counts = store(tracker, *arguments)
        tracker.db.execute("PRAGMA max_page_count = 1")  # SQLite takes the present size: no page can be added
        return counts

    monkeypatch.setattr(Tracker, "store_batch", fills_the_disk)
    with pytest.raises(StorageError, match="the disk is full") as caught:
        small.refresh()
    assert caught.value.exit_code == 74 and not small.project.lock.exists()
    assert "ended early" in small.project.log.read_text()
    monkeypatch.setattr(Tracker, "store_batch", store)
    with small.tracker() as tracker:
        before = set(tracker.known())
    assert 0 < len(before) < 1000
    small.server.forget()
    assert small.refresh().exit_code == 0
    assert set(small.server.fetched_ids()) == small.server.corpus.articles.keys() - before


def test_many_faults_by_chance(make_small: Callable[[Corpus], Small]) -> None:
    small = make_small(Corpus.invented(1500))
    small.topic("stimulation")
    small.server._state.retry_after = "0.01"
    for fault in ("http_500", "html", "cut_xml", "rate_limit_200", "short", "reset", "error"):
        small.server.fail(fault, probability=0.05)
    assert small.refresh().exit_code == 0
    with small.tracker() as tracker:
        assert tracker.members("stimulation") == tracker.members("alpha") == small.server.corpus.articles.keys()
