"""Answers that attack end one topic: the refresh goes on, says so, and no secret stays behind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from eutils_server import Article
from eutils_server.hostile import BROKEN, ECHOES, FLOODS, FORMS, SLOW
from refresh_conftest import Small

from evidence.http.bounded import Timeouts
from evidence.project import NcbiIdentity
from evidence.pubmed.eutils import Eutils, Patience
from evidence.refresh import RefreshSummary, refresh
from evidence.refresh.progress import Progress
from evidence.scrub import PIECE

KEY, EMAIL = "f3a9c1e7b5d2048690ab", "qwzxjvk+mpfghtd@bcdlnrs.zqxw"
# A search result like another, with a warning.
FOUND_SOMETHING = {"echo_as_a_key"}


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.http.answer.DEFAULT_RETRY_AFTER", 0.01)
    patience = Patience(attempts=2, first=0.001, lost_requests=10_000)
    monkeypatch.setattr(
        "evidence.refresh.run.connect", lambda identity: Eutils(identity, Timeouts(1, 0.5, 1), patience)
    )


def refreshed(small: Small, *topics: str) -> RefreshSummary:
    identity = NcbiIdentity(base_url=small.server.url, email=EMAIL, api_key=KEY)
    return refresh(
        small.project, list(topics) or None, identity=identity, progress=Progress("records"), now=small.clock
    )


def leaked(text: str) -> list[str]:
    written = "".join(text.casefold().split())
    pieces = {secret[at : at + PIECE] for secret in (KEY, EMAIL) for at in range(len(secret) - PIECE + 1)}
    return sorted(piece for piece in pieces if piece in written)


def leaked_files(root: Path) -> list[str]:
    files = [path for path in root.rglob("*") if path.is_file()]
    return [path.name for path in files if leaked(path.read_bytes().decode("latin-1"))]


def test_each_attack_ends_its_topic_and_no_other(small: Small, capfd: pytest.CaptureFixture[str]) -> None:
    hostile = {f"form{number:03}": form for number, form in enumerate(FORMS)}
    for name, form in hostile.items():
        small.topic(name)
        small.server.fail(form, program="esearch", holding=name)
    summary = refreshed(small)
    by_id = {topic.id: topic for topic in summary.topics}
    assert by_id["alpha"].error is None and by_id["alpha"].new == 30
    unfailed = {form for name, form in hostile.items() if not by_id[name].error}
    assert unfailed == FOUND_SOMETHING
    assert summary.exit_code == 1 and summary.outcome == "partly"
    text = summary.text() + json.dumps(summary.as_json(), ensure_ascii=False)
    text.encode()
    printed = capfd.readouterr()
    assert not leaked(text + printed.out + printed.err) and not leaked_files(small.project.root)
    assert max(len(topic.error or "") for topic in summary.topics) < 400
    small.server.recover()
    assert refreshed(small).exit_code == 0


@pytest.mark.slow
@pytest.mark.parametrize("forms", [SLOW, FLOODS, BROKEN, ECHOES], ids=["slow", "floods", "broken", "echoes"])
def test_no_answer_to_a_fetch_ends_the_refresh_or_loses_anything(small: Small, forms: dict[str, object]) -> None:
    refreshed(small)
    for number, form in enumerate(forms):
        pmid = str(50_000 + number)
        small.server.corpus.add(Article(pmid, "alpha stimulation, an invented newcomer"))
        small.server.fail(form, program="efetch")
        before = small.dump()["records"]
        summary = refreshed(small)
        assert summary.exit_code in (1, 75) and summary.topics[0].error, form
        assert small.dump()["records"] == before, form
        small.server.recover()
        assert not leaked_files(small.project.root), form
        assert refreshed(small).exit_code == 0, form
    with small.tracker() as tracker:
        assert tracker.members("alpha") == small.server.corpus.articles.keys()
