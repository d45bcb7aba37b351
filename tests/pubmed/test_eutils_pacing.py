"""Never more than 3 requests in any one second, whoever sends them, and not many fewer."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from eutils_server import Corpus, EutilsServer

from evidence.http.pacing import WINDOW, Pacer, Stopped, pacer_for
from evidence.project import NcbiIdentity
from evidence.pubmed.eutils import Eutils, connect


def test_at_most_three_arrive_in_any_second_and_the_wire_stays_busy() -> None:
    with EutilsServer(Corpus.invented(5), latency=0.25) as server:
        identity = NcbiIdentity(base_url=server.url)
        clients = [Eutils(identity), Eutils(identity)]  # two clients share the pace of their server
        with ThreadPoolExecutor(8) as pool:
            list(pool.map(lambda n: clients[n % 2].fetch(["1001"]), range(14)))
        times = [arrival.at for arrival in server.arrivals]
    assert server.most_in_a_second() <= 3
    assert (len(times) - 1) / (times[-1] - times[0]) >= 2.3  # 2.8 where nothing else runs: benchmarks/refresh_wire.py


def test_ten_with_a_key() -> None:
    slow, quick = (Eutils(NcbiIdentity(base_url="http://localhost/", api_key=key)).pacer for key in ("", "k"))
    assert (slow._sent.maxlen, quick._sent.maxlen) == (3, 10)
    assert Eutils(NcbiIdentity(base_url="http://localhost/")).pacer is slow is not quick


def test_a_pace_is_slowed_by_what_the_service_says_and_never_quickened() -> None:
    pacer = pacer_for("a service of this test", 5)
    pacer.allow(50)
    assert pacer.per_second == 5
    pacer.allow(2)
    assert pacer.per_second == 2 and pacer._sent.maxlen == 2
    pacer.allow(0)
    assert pacer.per_second == 2


def test_the_window_is_reckoned_from_when_a_request_had_been_written() -> None:
    now = [0.0]
    pacer = Pacer(3, clock=lambda: now[0])
    pacer._gap = 0.0
    for sent_at in (0.2, 0.9, 1.0):
        now[0] = sent_at - 0.1
        with pacer.turn(threading.Event()):
            now[0] = sent_at  # writing took a while
    assert pacer._delay() == pytest.approx(0.2 + WINDOW - 1.0)


def test_a_request_that_may_have_arrived_late_holds_back_the_ones_behind_it() -> None:
    now = [0.0]
    pacer = Pacer(3, clock=lambda: now[0])
    pacer._gap = 0.0
    for sent_at, elapsed in ((0.0, 0.35), (0.4, 0.25), (0.8, 0.25)):
        now[0] = sent_at
        with pacer.turn(threading.Event()) as turn:
            pass
        now[0] += elapsed
        pacer.answered(turn, "efetch")
    assert pacer._delay() == pytest.approx(0.0 + 0.1 + WINDOW - 1.05)


def test_after_another_process_a_second_is_waited() -> None:
    pacer = Pacer(3)
    pacer.assume_busy()
    started = time.monotonic()
    with pacer.turn(threading.Event()):
        pass
    assert time.monotonic() - started >= 1.0


def test_a_stopped_client_waits_for_nothing() -> None:
    with EutilsServer(Corpus.invented(5)) as server:
        server.fail("hang")
        client = Eutils(NcbiIdentity(base_url=server.url))
        failures: list[BaseException] = []

        def ask() -> None:
            try:
                client.search("a")
            except BaseException as error:
                failures.append(error)

        thread = threading.Thread(target=ask)
        thread.start()
        while not server.arrivals:
            time.sleep(0.01)
        client.close()
        thread.join(timeout=2)
        assert not thread.is_alive() and isinstance(failures[0], Stopped)


def test_ncbi_itself_is_not_asked_without_an_address() -> None:
    from evidence.errors import UsageError

    with pytest.raises(UsageError, match="export NCBI_EMAIL="):
        connect(NcbiIdentity())
    connect(NcbiIdentity(base_url="http://127.0.0.1:1/")).close()


@pytest.mark.parametrize(("name", "value"), [("EVIDENCE_HTTP_TIMEOUT", "soon"), ("EVIDENCE_HTTP_BACKOFF", "often")])
def test_a_setting_that_is_no_number_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    from evidence.errors import UsageError

    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError, match=name):
        connect(NcbiIdentity(base_url="http://127.0.0.1:1/"))
