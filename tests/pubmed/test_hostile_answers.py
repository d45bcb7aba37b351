"""Answers that attack: each ends its own request, in time, in little memory, without a secret getting out."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bombs import FIRST_PMID
from eutils_server import Corpus, EutilsServer
from eutils_server.hostile import BROKEN, ECHOES, FLOODS, SLOW

from evidence.errors import EvidenceError
from evidence.http.bounded import Timeouts
from evidence.http.pacing import Pacer
from evidence.project import NcbiIdentity
from evidence.pubmed.eutils import Citation, Eutils, Oversized, Patience, Refused, Unanswered
from evidence.scrub import PIECE

KEY, EMAIL = "0123456789abcdef-secret-key", "qwzxjvk+mpfghtd@bcdlnrs.zqxw"
TWICE = Patience(attempts=2, first=0.001)
WHOLE = 0.4

ASKS = {
    "esearch": lambda client: client.search("alpha[tiab]"),
    "efetch": lambda client: client.fetch(["1001", "1002"]),
    "esummary": lambda client: client.exist(["1001", "1002"]),
    "ecitmatch": lambda client: client.match_citations([Citation("k", "J Invented Res", "1900")]),
}
# Forms that a program reads as an answer, which they are for it: records that cannot be read fail one by one.
READ_ALL_THE_SAME = {
    ("esearch", "json_of_other_kinds"), ("esearch", "echo_as_a_key"), ("efetch", "record_nested"),
    ("efetch", "record_of_5000_digits"), ("efetch", "record_with_a_surrogate"), ("efetch", "dense_record"),
}  # fmt: skip
PAIRS = [(form, program) for form in {**BROKEN, **ECHOES} for program in ASKS]
PAIRS += [(form, program) for form in FLOODS for program in ("esearch", "efetch")] + [("match_flood", "ecitmatch")]
# What goes wrong before there is a body is the same for every program.
PAIRS += [(form, list(ASKS)[number % len(ASKS)]) for number, form in enumerate(SLOW)]


@pytest.fixture(scope="module")
def server():
    with EutilsServer(Corpus.invented(30)) as running:
        running._state.retry_after = "0.01"
        yield running


def client(server: EutilsServer, form: str = "") -> Eutils:
    """Impatient with forms that are slow; the others may take a busy machine a while to make."""
    identity = NcbiIdentity(base_url=server.url, email=EMAIL, api_key=KEY)
    limits = Timeouts(1, 0.2, WHOLE) if form in SLOW else Timeouts(5, 10, 15)
    return Eutils(identity, limits, TWICE, Pacer(per_second=1000))


def leaked(text: str) -> list[str]:
    """Pieces of six characters of a secret that a text holds, as it is or put together again."""
    written = "".join(text.lower().split())
    pieces = {secret[at : at + PIECE] for secret in (KEY, EMAIL) for at in range(len(secret) - PIECE + 1)}
    return sorted(piece for piece in pieces if piece in written)


@pytest.mark.parametrize(("form", "program"), PAIRS)
def test_an_attack_ends_its_request_and_no_more(
    server: EutilsServer, form: str, program: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("evidence.http.answer.DEFAULT_RETRY_AFTER", 0.01)
    server.fail(form, program=program)
    asking, started = client(server, form), time.monotonic()
    try:
        told = repr(ASKS[program](asking))
        assert (program, form) in READ_ALL_THE_SAME, told[:300]
    except (Unanswered, Refused) as error:
        told = f"{error} {error!r}"
        assert (program, form) not in READ_ALL_THE_SAME and len(told) < 800
        if form in SLOW:
            assert re.search(r"had not ended after 0\.4 s|no answer within 0\.2 s", told)
    if form in SLOW:  # two attempts
        assert time.monotonic() - started < 2 * WHOLE + 2
    assert not leaked(told), told
    assert told.isprintable() or program == "efetch"
    told.encode()
    server.recover()
    asking = client(server)
    assert asking.search("alpha[tiab]").count == 30
    asking.close()


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="memory is measured through /proc")
def test_no_answer_takes_more_than_64_mb_of_memory() -> None:
    forms = [*FLOODS, *BROKEN]
    with EutilsServer(Corpus.invented(3)) as server:
        for number, form in enumerate(forms):
            server.fail(form, program="esearch", holding=f"form {number}.")
            server.fail(form, program="efetch", holding=str(FIRST_PMID + number))
        command = [sys.executable, str(Path(__file__).with_name("bombs.py")), server.url, *forms]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    rose = {name: int(kilobytes) >> 10 for name, kilobytes in map(str.split, done.stdout.splitlines())}
    assert rose.keys() == set(forms)
    assert max(rose.values()) > 20, "nothing was measured"
    assert {form: megabytes for form, megabytes in rose.items() if megabytes > 64} == {}


def test_a_record_that_is_too_long_is_named_and_the_others_come(server: EutilsServer, monkeypatch) -> None:
    from evidence.pubmed.harvest import fetch_records

    monkeypatch.setattr("evidence.limits.HTTP_ANSWER", 60_000)
    server.corpus.articles["1007"].abstract = "Invented. " * 10_000
    try:
        harvest = fetch_records(client(server), [str(pmid) for pmid in range(1001, 1031)])
    finally:
        server.corpus.articles["1007"].abstract = "Invented."
    assert harvest.failed.keys() == {"1007"} and "longer than" in harvest.failed["1007"]
    assert len(harvest.received) == 29


def test_waiting_ends_when_the_client_is_closed_even_in_a_head_that_drips(server: EutilsServer) -> None:
    from threading import Timer

    server.fail("header_drip")
    asking = Eutils(NcbiIdentity(base_url=server.url), Timeouts(1, 30, 60), TWICE, Pacer(1000))
    Timer(0.2, asking.close).start()
    started = time.monotonic()
    with pytest.raises(Exception) as caught:
        asking.search("alpha[tiab]")
    assert time.monotonic() - started < 5 and not isinstance(caught.value, EvidenceError)
    server.recover()


def test_what_json_says_in_half_characters_can_be_stored_and_printed() -> None:
    from evidence.pubmed.answers import read_search

    body = (
        rb'{"esearchresult":{"count":"0","idlist":[],"querytranslation":"a\ud800b\u0000c\u001b[2J",'
        rb'"errorlist":{"phrasesnotfound":["\udfff"]},"warninglist":{"\ud83d":["\ud83d\ude00"]}}}'
    )
    found = read_search(body, str)
    assert found.translation == "a\ufffdb c [2J"
    assert found.warnings == ("phrase not found: \ufffd", "\ufffd: \U0001f600")


def test_an_oversized_answer_is_not_asked_for_again(server: EutilsServer) -> None:
    server.fail("gzip_bomb", program="efetch")
    server.forget()
    with pytest.raises(Oversized, match="longer than 48 MB"):
        client(server).fetch(["1001"])
    assert len(server.asked("efetch")) == 1
    server.recover()


def test_every_echo_repeats_a_secret() -> None:
    """Else the tests above would look for nothing."""
    for name, form in ECHOES.items():
        sent = b"".join(p for p in form({"api_key": KEY, "email": EMAIL, "id": "1"}) if isinstance(p, bytes)).lower()
        spelt = (KEY[2:7].encode(), b"%32%33%34", b"u0032", b"#50;")
        assert any(spelling in re.sub(rb"=?\s|\\n", b"", sent) for spelling in spelt), name
