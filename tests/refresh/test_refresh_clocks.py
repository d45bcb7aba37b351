"""Clocks that are wrong: whatever this machine's said, then or now, no revision and no retraction is missed for it."""

from __future__ import annotations

from email.utils import format_datetime

import pytest
from clocks import DATES, SetClock
from eutils_server import Article
from refresh_conftest import Small, on_each_date

from evidence.refresh.times import RefreshClock, believed, disbelieved


def versions(small: Small, pmid: str) -> int:
    with small.tracker() as tracker:
        return len(tracker.versions(f"pubmed:{pmid}"))


def watermark(small: Small) -> str | None:
    with small.tracker() as tracker:
        return tracker.watermark("alpha")


def apart(small: Small) -> SetClock:
    """The server gets a clock of its own, which is right; ``small.clock`` is this machine's."""
    small.server.corpus.now = right = SetClock(small.clock.at)
    return right


JUMPS = [400, 366, 40, 8, 1.5, -1.5, -8, -40, -400]
# A clock so much ahead leaves a watermark that is in the past when the next refresh comes: only a Date tells it.
SEEN_BY_DATE = [(days, True) for days in (12, 15, 20)]


@on_each_date
@pytest.mark.parametrize(("days", "dated"), [(days, dated) for dated in (True, False) for days in JUMPS] + SEEN_BY_DATE)
def test_what_was_revised_while_the_clock_was_wrong_is_found_when_it_is_right(
    small: Small, days: float, dated: bool
) -> None:
    right = apart(small)
    small.server.date = None if dated else ""
    small.refresh()
    for clock in (small.clock, right):
        clock.move(days=10)
    small.clock.move(days=days)
    small.server.corpus.revise("1001", abstract="Invented, while the clock was wrong.")
    small.refresh()
    assert versions(small, "1001") == 2
    for _ in range(4):  # a refresh each three weeks, the clock right again: what happens meanwhile is seen
        right.move(days=11)
        small.server.corpus.revise("1002", abstract=f"Invented, and retracted on {right.at}.")
        small.server.corpus.add(Article(str(5000 + int(right().timestamp()) % 1000), "alpha stimulation, new"))
        right.move(days=10)
        small.clock.at = right.at
        small.refresh()
        with small.tracker() as tracker:
            newest = tracker.versions("pubmed:1002")[-1].content.decode()
            assert small.server.corpus.articles["1002"].abstract in newest
            assert tracker.members("alpha") == small.server.corpus.articles.keys()
        assert watermark(small) == right.at


@on_each_date
def test_a_clock_a_year_ahead_dates_nothing_a_day_later_than_pubmeds(small: Small) -> None:
    right = apart(small)
    small.clock.move(days=366)
    summary = small.refresh()
    ahead, today = small.clock.at, right.at
    assert summary.exit_code == 0 and summary.started_at == summary.finished_at == today == watermark(small)
    (said,) = summary.warnings
    assert said.startswith(f"this machine's clock ({ahead[:10]}) is 366 days ahead of PubMed's ({today[:10]})")
    assert said in summary.text() and said in small.status().text() and "Set the clock" in small.project.log.read_text()
    with small.tracker() as tracker:
        assert {stored.last_received for stored in tracker.stored()} == {today}
        assert {m.since for m in tracker.memberships()} == {today}
        (row,) = tracker.refreshes()
        assert (row["started_at"], row["finished_at"]) == (today, today)
    assert small.status().exit_code == 1 and "STALE" in small.status().text()  # by a clock that is a year ahead
    small.clock.at = today
    assert small.status().exit_code == 0


@on_each_date
def test_a_clock_behind_is_told_and_looks_back_further(small: Small) -> None:
    right = apart(small)
    small.refresh()
    right.move(days=400)
    small.clock.move(days=3)
    small.server.corpus.revise("1001", abstract="Invented, a year later.")
    summary = small.refresh()
    assert "397 days behind PubMed's" in summary.text() and versions(small, "1001") == 2
    assert watermark(small) == small.clock.at
    small.clock.at = right.at
    small.server.corpus.revise("1001", abstract="Invented, the clock being right again.")
    assert not small.refresh().warnings and versions(small, "1001") == 3


@pytest.mark.parametrize("dated", [None, ""])
def test_a_watermark_that_is_still_to_come_is_passed_over_for_the_one_before(small: Small, dated: str | None) -> None:
    """As an older version of this program, or a server without a Date, has left them."""
    first = small.clock.at
    small.refresh()
    small.server.date = ""
    small.clock.move(days=366)
    small.refresh()
    ahead = small.clock.at
    small.server.date = dated
    small.clock.at = first
    small.clock.move(days=30)
    assert watermark(small) == ahead
    status = small.status()
    assert (
        status.exit_code == 1 and status.topics[0].misdated and f"MISDATED: {ahead} is still to come" in status.text()
    )
    small.server.corpus.revise("1001", abstract="Invented.")
    small.server.corpus.articles["1001"].revised = "2020/01/01"  # before all that is looked back to
    small.server.corpus.revise("1002", abstract="Invented.")
    small.server.forget()
    (topic,) = small.refresh().topics
    assert topic.warnings == [
        f"its last refresh is dated {ahead}, which is still to come: a clock was wrong; asked again since {first[:10]}"
    ]
    assert small.server.fetched_ids() == ["1002"]  # asked again since the first, not everything
    assert small.refresh().topics[0].warnings == []
    assert small.status().exit_code == 0


def test_when_no_watermark_is_believed_everything_is_fetched_and_compared(small: Small) -> None:
    small.server.date = ""
    small.clock.move(days=366)
    small.refresh()
    small.clock.move(days=-360)
    small.server.corpus.revise("1001", abstract="Changed in silence.", dated=False)
    small.server.forget()
    (topic,) = small.refresh().topics
    assert set(small.server.fetched_ids()) == small.server.corpus.articles.keys() and topic.revised == 1
    assert "every record was fetched again" in topic.warnings[0]


def test_what_came_with_a_date_still_to_come_is_no_recent_record(small: Small) -> None:
    """A new topic takes records that came lately as they are; one that came 'next year' is fetched."""
    small.server.date = ""
    small.clock.move(days=366)
    small.refresh()
    small.clock.move(days=-300)
    (small.project.topics / "alpha.yml").unlink()
    small.topic("stimulation")
    small.server.corpus.revise("1001", abstract="Changed in silence.", dated=False)
    small.refresh()
    assert versions(small, "1001") == 2


@on_each_date
def test_a_topic_that_was_renamed_looks_after_its_records_itself(small: Small) -> None:
    """What the topic of old found is looked after by nobody once its file is gone."""
    small.refresh()
    small.clock.move(days=30)
    small.server.corpus.revise("1001", abstract="Invented, while nobody looked.")
    small.clock.move(days=30)
    (small.project.topics / "alpha.yml").rename(small.project.topics / "beta.yml")
    assert small.refresh().exit_code == 0 and versions(small, "1001") == 2


@pytest.mark.parametrize("date", ["never", "Thu, 01 Jan 1970 00:00:00 GMT", "Tue, 99 Mar 2027 10:00:30 GMT", "-1"])
def test_a_date_that_cannot_be_is_no_date(small: Small, date: str) -> None:
    small.server.date = date
    summary = small.refresh()
    assert summary.exit_code == 0 and not summary.warnings and watermark(small) == small.clock.at


@pytest.mark.parametrize("days", [0.9, -0.9])
def test_less_than_a_day_is_nothing_to_tell(small: Small, days: float) -> None:
    right = apart(small)
    right.move(days=days)
    assert not small.refresh().warnings and watermark(small) == small.clock.at


def test_pubmeds_date_lying_ahead_moves_no_watermark_ahead(small: Small) -> None:
    apart(small).move(days=4000)
    summary = small.refresh()
    assert watermark(small) == small.clock.at == summary.started_at and "behind" in summary.warnings[0]


def test_a_clock_that_jumps_while_a_refresh_runs() -> None:
    ours, theirs = SetClock(DATES[1]), SetClock(DATES[1])
    clock = RefreshClock(ours)
    clock.heard(theirs())
    ours.move(days=366)
    assert clock() == clock.started == theirs() and not clock.complaint()
    ours.move(days=-500)
    assert clock() == ours() and clock.started == theirs()


def test_a_dry_run_says_it_too_and_stores_nothing(small: Small) -> None:
    small.refresh()
    before = small.dump()
    apart(small)
    small.clock.move(days=100)
    summary = small.refresh(dry_run=True)
    assert "100 days ahead" in summary.text() and small.dump() == before


@pytest.mark.parametrize(
    ("watermarks", "latest", "chosen", "said"),
    [
        ([], "2027-06-15", None, ""),
        (["2027-06-01T00:00:00Z"], "2027-06-15", "2027-06-01T00:00:00Z", ""),
        (["2027-06-15T00:00:00Z"], "2027-06-15", "2027-06-15T00:00:00Z", ""),
        (["2027-06-15T00:00:01Z"], "2027-06-15", None, "every record"),
        (["2028-01-01T00:00:00Z", "2027-01-01T00:00:00Z"], "2027-06-15", "2027-01-01T00:00:00Z", "since 2027-01-01"),
        (["2027-01-01T00:00:00Z", "2028-01-01T00:00:00Z"], "2027-06-15", "2027-01-01T00:00:00Z", ""),
        (["2029-01-01T00:00:00Z", "2028-01-01T00:00:00Z"], "2027-06-15", None, "every record"),
    ],
)
def test_the_last_watermark_that_is_not_still_to_come(
    watermarks: list[str], latest: str, chosen: str | None, said: str
) -> None:
    assert believed(watermarks, SetClock(f"{latest}T00:00:00Z")()) == chosen
    assert said in disbelieved(watermarks, chosen) and bool(disbelieved(watermarks, chosen)) is bool(said)


def test_the_servers_date_is_what_a_client_is_told(small: Small) -> None:
    small.server.date = format_datetime(SetClock(DATES[2])(), usegmt=True)
    heard: list[str] = []
    small.refresh()
    with small.tracker() as tracker:
        heard = [row["started_at"] for row in tracker.refreshes()]
    assert heard == [small.clock.at]
