"""Searches past the cap, and records fetched until every id is accounted for."""

from __future__ import annotations

import pytest
from eutils_server import Corpus, EutilsServer

from evidence.http.bounded import Timeouts
from evidence.http.pacing import Pacer
from evidence.project import NcbiIdentity
from evidence.pubmed.eutils import Eutils, Patience
from evidence.pubmed.harvest import Inconsistent, fetch_records, search_all


def client(server: EutilsServer) -> Eutils:
    patience = Patience(first=0.01, longest=0.02)
    return Eutils(NcbiIdentity(base_url=server.url), Timeouts(1, 1, 2), patience, Pacer(per_second=1000))


@pytest.fixture
def server():
    with EutilsServer(Corpus.invented(30)) as running:
        yield running


@pytest.mark.parametrize(("first", "step"), [(1, 1), (19_990_000, 3), (1_000_000, 1700), (38_000_000, 1)])
def test_more_hits_than_a_search_gives(first: int, step: int) -> None:
    corpus = Corpus.invented(25_000, first=first, step=step)
    with EutilsServer(corpus) as server:
        found = search_all(client(server), "alpha[tiab]")
        assert set(found.ids) == corpus.articles.keys() and found.count == 25_000
        # One request a leaf of at most 9,999 ids, and one a cut on the way there.
        assert len(server.arrivals) <= 16


def test_exactly_at_the_cap_one_request_is_enough() -> None:
    with EutilsServer(Corpus.invented(9_999)) as server:
        assert search_all(client(server), "alpha[tiab]").count == 9_999
        assert len(server.arrivals) == 1


def test_a_list_shorter_than_its_count_is_asked_for_again_then_refused(server: EutilsServer) -> None:
    server.fail("short_ids", program="esearch", nth={1})
    assert search_all(client(server), "alpha[tiab]").count == 30
    server.fail("short_ids", program="esearch")
    with pytest.raises(Inconsistent, match="counts 30 hits but lists 29"):
        search_all(client(server), "alpha[tiab]")


def test_one_record_short_is_asked_for_alone(server: EutilsServer) -> None:
    pmids = sorted(server.corpus.articles)
    server.fail("short", program="efetch", nth={1})
    harvest = fetch_records(client(server), pmids)
    assert harvest.received.keys() == set(pmids) and not harvest.gone and not harvest.failed
    assert [len(params["id"].split(",")) for params in server.asked("efetch")] == [30, 1]


def test_an_empty_set_for_live_ids_makes_nothing_vanish(server: EutilsServer) -> None:
    pmids = sorted(server.corpus.articles)
    server.fail("empty_set", program="efetch", nth={1})
    assert fetch_records(client(server), pmids).received.keys() == set(pmids)
    assert len(server.asked("efetch")) == 2
    server.fail("empty_set", program="efetch")
    harvest = fetch_records(client(server), pmids)
    assert harvest.failed.keys() == set(pmids) and not harvest.gone and not harvest.received
    assert "did not give it" in harvest.failed["1001"]


def test_deleted_and_merged_records_are_gone(server: EutilsServer) -> None:
    server.corpus.delete("1005")
    server.corpus.merge("1006", into="1007")
    harvest = fetch_records(client(server), ["1004", "1005", "1006", "1007"])
    assert harvest.gone == {"1005", "1006"} and harvest.received.keys() == {"1004", "1007"}


def test_many_deleted_at_once_need_few_requests(server: EutilsServer) -> None:
    pmids = sorted(server.corpus.articles)
    for pmid in pmids[:20]:
        server.corpus.delete(pmid)
    harvest = fetch_records(client(server), pmids)
    assert harvest.gone == set(pmids[:20]) and len(server.arrivals) == 3


def test_what_came_before_a_server_fell_silent_is_kept(server: EutilsServer) -> None:
    server.fail("short", program="efetch", nth={1})
    server.fail("http_500", program="efetch", nth=range(2, 50))
    harvest = fetch_records(client(server), sorted(server.corpus.articles))
    assert len(harvest.received) == 29 and "HTTP 500" in harvest.failed["1030"]


def test_a_record_that_cannot_be_read_is_failed_with_its_reason(server: EutilsServer) -> None:
    server.corpus.articles["1002"].pages = "<broken"
    harvest = fetch_records(client(server), ["1001", "1002"])
    assert harvest.received.keys() == {"1001"} and "not well-formed" in harvest.failed["1002"]


def test_none_of_these_ids_is_an_empty_set_in_other_words(server: EutilsServer) -> None:
    server.corpus.delete("1003")
    server.fail("no_ids", program="efetch")
    harvest = fetch_records(client(server), ["1003"])
    assert harvest.gone == {"1003"}
    assert fetch_records(client(server), ["1004"]).failed.keys() == {"1004"}  # alive: not believed
