"""The client against the test server: right answers whatever goes wrong, within the pace, secrets kept."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from eutils_server import Corpus, EutilsServer

from evidence.http.answer import http_date, retry_after_seconds
from evidence.http.bounded import Timeouts
from evidence.http.pacing import Pacer
from evidence.project import NcbiIdentity
from evidence.pubmed.eutils import Citation, Eutils, KeyRefused, Patience, Refused, Unanswered

KEY, EMAIL = "0123456789abcdef-secret-key", "somebody+tracker@example.org"
QUICK = Patience(first=0.01, longest=0.05)


def client(server: EutilsServer, limits: Timeouts | None = None, patience: Patience = QUICK) -> Eutils:
    identity = NcbiIdentity(base_url=server.url, email=EMAIL, api_key=KEY)
    return Eutils(identity, limits or Timeouts(1, 0.3, 0.6), patience, Pacer(per_second=1000))


@pytest.fixture
def server():
    with EutilsServer(Corpus.invented(30)) as running:
        yield running


def test_search_fetch_summaries_and_citations(server: EutilsServer) -> None:
    asking = client(server)
    found = asking.search("alpha[tiab]")
    assert found.count == 30 and len(found.ids) == 30 and found.translation == "alpha[tiab]"
    assert asking.search("nothing[tiab]").warnings == ("phrase not found: nothing of this",)
    assert set(asking.fetch(["1001", "1049", "5"]).received) == {"1001"}
    assert asking.exist(["1001", "5"]) == {"1001": True, "5": False}
    server.corpus.articles["1003"].volume = "77"
    cited = [Citation("a", "J Invented Res", "2020", "77", "1", "Example A"), Citation("b", "No Journal")]
    assert asking.match_citations(cited) == {"a": "1003", "b": "NOT_FOUND"}


def test_everything_travels_in_post_bodies(server: EutilsServer) -> None:
    client(server).search("alpha[tiab]")
    (arrival,) = server.arrivals
    assert (arrival.method, arrival.line) == ("POST", "/entrez/eutils/esearch.fcgi")
    assert arrival.params["email"] == EMAIL and arrival.params["api_key"] == KEY
    assert arrival.params["tool"] and arrival.params["db"] == "pubmed"


@pytest.mark.parametrize("program", ["esearch", "efetch", "esummary", "ecitmatch"])
@pytest.mark.parametrize(
    "fault",
    [
        "rate_limit", "rate_limit_200", "http_500", "http_502", "html", "error", "raw_break", "unsupported",
        "empty_response", "empty_body", "cut", "cut_xml", "reset", "hang", "drip", "echo",
    ],
)  # fmt: skip
def test_every_fault_is_outlasted(server: EutilsServer, program: str, fault: str) -> None:
    server._state.retry_after = "0.05"
    server.fail(fault, program=program, nth={1, 2})
    asking = client(server, Timeouts(1, 0.1, 0.2))
    asks = {
        "esearch": lambda: asking.search("alpha[tiab]").count == 30,
        "efetch": lambda: len(asking.fetch([str(n) for n in range(1001, 1011)]).received) == 10,
        "esummary": lambda: all(asking.exist(["1001", "1002"]).values()),
        "ecitmatch": lambda: asking.match_citations([Citation("k", "J Invented Res", "1900")]) == {"k": "NOT_FOUND"},
    }
    assert asks[program]()
    assert asking.requests == 3


@pytest.mark.parametrize("fault", ["error", "http_500", "echo", "rate_limit", "html", "cut", "reset"])
def test_a_fault_that_stays_is_named_without_secrets(server: EutilsServer, fault: str) -> None:
    server._state.retry_after = "0.01"
    server.fail(fault)
    with pytest.raises(Unanswered) as caught:
        client(server).search("alpha[tiab]")
    said = str(caught.value)
    assert "esearch" in said and "8 times" in said
    assert KEY not in said and EMAIL not in said and "%40example" not in said


def test_a_wrong_key_is_said_at_once_and_not_shown(server: EutilsServer) -> None:
    server.fail("key_invalid")
    with pytest.raises(KeyRefused) as caught:
        client(server).search("alpha[tiab]")
    assert "NCBI_API_KEY" in str(caught.value) and KEY not in str(caught.value) and len(server.arrivals) == 1


def test_a_redirect_is_not_followed(server: EutilsServer) -> None:
    server.fail("redirect")
    with pytest.raises(Refused, match="EVIDENCE_EUTILS_URL"):
        client(server).search("alpha[tiab]")
    assert len(server.arrivals) == 1


def test_retry_after_is_honoured_by_everybody(server: EutilsServer) -> None:
    server._state.retry_after = "1"
    server.fail("rate_limit", nth={1})
    asking = client(server)
    asking.search("alpha[tiab]")
    first, second = server.arrivals
    assert second.at - first.at >= 1.0


@pytest.mark.parametrize(
    ("header", "answered", "seconds"),
    [
        ("7", None, 7),
        ("0", None, 0),
        ("-3", None, 0),
        ("Tue, 02 Mar 2027 10:00:30 GMT", "2027-03-02T10:00:00Z", 30),  # by the server's clock, whatever ours says
        ("Tue, 02 Mar 2027 10:00:30 GMT", "2027-03-02T10:05:00Z", 0),
        ("Tue, 02 Mar 2027 10:00:30 -0000", "2027-03-02T10:00:00Z", 30),
        ("Tue, 02 Mar 2027 10:00:30 GMT", None, 2),
        ("soon", "2027-03-02T10:00:00Z", 2),
        ("", None, 2),
    ],
)
def test_what_retry_after_says(header: str, answered: str | None, seconds: float) -> None:
    assert retry_after_seconds(header, datetime.fromisoformat(answered) if answered else None) == seconds


@pytest.mark.parametrize(
    "header", ["", "yesterday", "Tue, 99 Mar 2027 10:00:30 GMT", "Tue, 02 Mar 0 25:61:61 GMT", "9" * 99]
)
def test_a_date_that_is_none_is_no_date(header: str) -> None:
    assert http_date(header) is None


def test_a_wait_of_an_hour_is_not_sat_out(server: EutilsServer) -> None:
    server._state.retry_after = "3600"
    server.fail("rate_limit")
    asking = client(server)
    with pytest.raises(Unanswered, match="3600 s"):
        asking.search("alpha[tiab]")
    with pytest.raises(Unanswered):
        asking.search("alpha[tiab]")
    assert len(server.arrivals) == 1


def test_nobody_there_is_given_up_soon() -> None:
    identity = NcbiIdentity(base_url="http://127.0.0.1:9/entrez/eutils/")
    asking = Eutils(identity, Timeouts(0.2, 0.2, 0.5), QUICK, Pacer(1000))
    started = time.monotonic()
    with pytest.raises(Unanswered, match="the connection failed"):
        asking.search("a")
    assert asking.given_up and not asking.reached and time.monotonic() - started < 3


def test_answers_in_xml_are_understood() -> None:
    from evidence.pubmed.answers import read_search, read_summaries

    result = read_search(
        b"<eSearchResult><Count>2</Count><IdList><Id>7</Id><Id>8</Id></IdList><QueryTranslation>q</QueryTranslation>"
        b"<WarningList><QuotedPhraseNotFound>x y</QuotedPhraseNotFound></WarningList></eSearchResult>",
        str,
    )
    assert (result.count, result.ids, result.warnings) == (2, ("7", "8"), ("quoted phrase not found: x y",))
    gone = (
        b"<eSummaryResult><DocSum><Id>7</Id></DocSum><ERROR>UID=8: cannot get document summary</ERROR></eSummaryResult>"
    )
    assert read_summaries(gone, ["7", "8"], str) == {"7": True, "8": False}
    assert read_summaries(b'{"esummaryresult":["Invalid uid 8 at position=0"]}', ["8"], str) == {"8": False}
