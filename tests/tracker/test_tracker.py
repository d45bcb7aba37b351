"""The tracker: versions, membership, gone records, imports, and what it held on a day."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from clocks import SetClock

from evidence.errors import UsageError
from evidence.exchange.pubmed import Received, content_hash, parse_record
from evidence.tracker import RECORD_JSON, Arrival, TopicLog, Tracker, check_tracker, end_of
from evidence.tracker.archive import Archive


@pytest.fixture
def clock() -> SetClock:
    """A day a refresh."""
    return SetClock("2026-01-01T06:00:00Z")


@pytest.fixture
def tracker(tmp_path: Path, clock: SetClock) -> Iterator[Tracker]:
    with Tracker.open(tmp_path / "tracker.db", now=clock) as opened:
        yield opened


def received(pmid: str, title: str = "An invented title", revised: str = "2026") -> Received:
    xml = (
        f'<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID><DateRevised><Year>{revised}'
        f"</Year></DateRevised><Article><ArticleTitle>{title}</ArticleTitle></Article></MedlineCitation></PubmedArticle>"
    ).encode()
    return Received(parse_record(xml), xml, content_hash(xml))


def titles(tracker: Tracker, as_of: str | None = None) -> dict[str, str]:
    return {stored.id: parse_record(stored.content).title for stored in tracker.stored(as_of)}


def written(tracker: Tracker) -> int:
    """Rows written by this connection so far."""
    return tracker.db.conn.total_changes


def test_a_record_keeps_its_exact_bytes_and_every_version(tracker: Tracker, clock: SetClock) -> None:
    refresh = tracker.begin_refresh()
    first, second = received("1", "First"), received("1", "Second")
    assert tracker.store_batch(refresh, [first, received("2")]).new == ["pubmed:1", "pubmed:2"]
    clock.at = "2026-02-01T06:00:00Z"
    assert tracker.store_batch(refresh, [second]).revised == ["pubmed:1"]
    versions = tracker.versions("pubmed:1")
    assert [(v.number, v.content, v.received_at[:7]) for v in versions] == [
        (1, first.xml, "2026-01"),
        (2, second.xml, "2026-02"),
    ]
    stored = {s.id: s for s in tracker.stored()}
    assert stored["pubmed:1"].versions == 2
    assert (stored["pubmed:1"].first_received, stored["pubmed:1"].last_received) == ("2026-01-01T06:00:00Z", clock.at)
    assert [(record, len(found)) for record, found in tracker.revised_records()] == [("pubmed:1", 2)]
    assert check_tracker(tracker) == []


def test_as_of_a_date_it_is_what_it_was(tracker: Tracker, clock: SetClock) -> None:
    first = tracker.begin_refresh()
    tracker.store_batch(first, [received("1", "Old"), received("2")])
    tracker.update_membership(first, "scs", ["1", "2"])
    clock.at = "2026-02-01T06:00:00Z"
    second = tracker.begin_refresh()
    tracker.store_batch(second, [received("1", "New"), received("3")])
    tracker.update_membership(second, "scs", ["3"], {"2": "left query"})
    tracker.mark_gone(second, ["2"])
    tracker.set_source_state(second, "deer", "resolved", pmid="1")

    assert titles(tracker, "2026-01-31") == {"pubmed:1": "Old", "pubmed:2": "An invented title"}
    assert titles(tracker, "2025-12-31") == {}
    assert titles(tracker)["pubmed:1"] == "New" and len(titles(tracker)) == 3
    then = {m.record: (m.until, m.reason) for m in tracker.memberships("2026-01")}
    assert then == {"pubmed:1": (None, None), "pubmed:2": (None, None)}
    now = {m.record: (m.until, m.reason) for m in tracker.memberships()}
    assert now["pubmed:2"] == (clock.at, "left query") and now["pubmed:3"] == (None, None)
    assert {s.id: s.gone_since for s in tracker.stored("2026-01-15")}["pubmed:2"] is None
    assert {s.id: s.gone_since for s in tracker.stored()}["pubmed:2"] == clock.at
    assert len(tracker.refreshes("2026-01")) == 1 and len(tracker.refreshes()) == 2
    assert tracker.source_states("2026-01") == []
    assert [v.number for v in tracker.versions("pubmed:1", "2026-01")] == [1]


@pytest.mark.parametrize(
    ("date", "end"),
    [
        ("2026", "2026-12-31T24"),
        ("2026-11", "2026-11-31T24"),
        ("2026-11-20", "2026-11-20T24"),
        ("2026-11-20T10:00:00+02:00", "2026-11-20T08:00:00Z"),
        ("2026-11-20T10:00:00Z", "2026-11-20T10:00:00Z"),
    ],
)
def test_a_date_means_its_last_moment(date: str, end: str) -> None:
    assert end_of(date) == end
    assert (end_of("2026-11-20") or "") > "2026-11-20T23:59:59Z" and end_of(None) is None


@pytest.mark.parametrize("date", ["yesterday", "2026-13", "2026-02-30", "20.11.2026", ""])
def test_what_is_no_date_is_refused(date: str) -> None:
    with pytest.raises(UsageError, match="date"):
        end_of(date)


def test_what_did_not_change_writes_nothing(tracker: Tracker) -> None:
    refresh = tracker.begin_refresh()
    batch = [received("1"), received("2")]
    tracker.store_batch(refresh, batch)
    tracker.update_membership(refresh, "scs", ["1", "2"])
    fingerprint, before = tracker.input_hash(), written(tracker)
    counts = tracker.store_batch(refresh, [received("1", revised="2027"), received("2")])
    assert counts.unchanged == ["pubmed:1", "pubmed:2"] and not counts.new and not counts.revised
    assert tracker.update_membership(refresh, "scs", ["1", "2"]) == []
    assert written(tracker) == before and tracker.input_hash() == fingerprint


def test_another_spelling_of_the_same_xml_is_no_revision(tracker: Tracker) -> None:
    refresh = tracker.begin_refresh()
    tracker.store_batch(refresh, [received("1", "caf&#xe9;")])
    assert tracker.store_batch(refresh, [received("1", "café")]).unchanged == ["pubmed:1"]
    assert tracker.store_batch(refresh, [received("1", "cafe")]).revised == ["pubmed:1"]


def test_a_record_twice_in_a_batch_is_stored_once(tracker: Tracker) -> None:
    refresh = tracker.begin_refresh()
    counts = tracker.store_batch(refresh, [received("1"), received("1")])
    assert (counts.new, counts.unchanged) == (["pubmed:1"], [])


def test_of_two_versions_of_a_pmid_the_higher_is_the_record(tracker: Tracker) -> None:
    def version(number: int) -> Received:
        one = received("1", f"Version {number}")
        xml = one.xml.replace(b'Version="1"', b'Version="%d"' % number)
        return Received(parse_record(xml), xml, content_hash(xml))

    refresh = tracker.begin_refresh()
    tracker.store_batch(refresh, [version(2), version(1)])
    assert titles(tracker) == {"pubmed:1": "Version 2"}
    assert tracker.store_batch(refresh, [version(1), version(2)]).unchanged == ["pubmed:1"]


def test_an_import_twice_in_a_call_is_compared_with_itself(tracker: Tracker) -> None:
    first = Arrival("x:1", "x", "1", None, RECORD_JSON, b"{}", "a")
    counts = tracker.add([first, Arrival("x:1", "x", "1", None, RECORD_JSON, b"{1}", "b"), first])
    assert (counts.new, counts.revised, counts.unchanged) == (["x:1"], ["x:1", "x:1"], [])
    assert [v.content for v in tracker.versions("x:1")] == [b"{}", b"{1}", b"{}"]


def test_gone_is_marked_once_and_ends_when_the_record_is_back(tracker: Tracker, clock: SetClock) -> None:
    refresh = tracker.begin_refresh()
    tracker.store_batch(refresh, [received("1")])
    assert tracker.mark_gone(refresh, ["1", "999"]) == 1
    assert tracker.mark_gone(tracker.begin_refresh(), ["1"]) == 0
    assert tracker.known()["1"].gone_since == clock.at
    clock.at = "2026-03-01T06:00:00Z"
    assert tracker.store_batch(tracker.begin_refresh(), [received("1")]).returned == ["pubmed:1"]
    assert tracker.known()["1"].gone_since is None
    assert next(tracker.stored("2026-02")).gone_since == "2026-01-01T06:00:00Z"
    assert next(tracker.stored()).gone_since is None


def test_membership_can_end_and_begin_again(tracker: Tracker, clock: SetClock) -> None:
    first = tracker.begin_refresh()
    tracker.store_batch(first, [received("1")])
    assert tracker.update_membership(first, "scs", ["1", "404"]) == ["404"]
    clock.at = "2026-02-01T06:00:00Z"
    tracker.update_membership(tracker.begin_refresh(), "scs", left={"1": "left query"})
    assert tracker.members("scs") == set()
    clock.at = "2026-03-01T06:00:00Z"
    tracker.update_membership(tracker.begin_refresh(), "scs", ["1"])
    assert tracker.members("scs") == {"1"}
    assert [(m.since[:7], m.until and m.until[:7]) for m in tracker.memberships()] == [
        ("2026-01", "2026-02"),
        ("2026-03", None),
    ]


def test_a_failed_topic_never_moves_its_watermark(tracker: Tracker) -> None:
    first, second = tracker.begin_refresh(), tracker.begin_refresh()
    tracker.log_topic(first, TopicLog("scs", "q", 3, watermark="2026-01-01", warnings=["phrase ignored"]))
    tracker.log_topic(second, TopicLog("scs", "q", error="no answer", watermark="2026-02-01"))
    assert tracker.watermark("scs") == "2026-01-01" and tracker.watermark("drg") is None
    rows = tracker.topic_refreshes()
    assert rows[0]["warnings"] == ["phrase ignored"] and rows[1]["error"] == "no answer"
    tracker.log_topic(second, TopicLog("scs", "q", 4, watermark="2026-02-01"))
    assert tracker.watermark("scs") == "2026-02-01" and len(tracker.topic_refreshes()) == 2


def test_a_refresh_that_never_ended_is_logged_as_interrupted(tracker: Tracker) -> None:
    first = tracker.begin_refresh()
    second = tracker.begin_refresh("full")
    tracker.finish_refresh(second, "done", requests=7)
    rows = {row["id"]: row for row in tracker.refreshes()}
    assert rows[first]["outcome"] == "interrupted" and rows[first]["finished_at"] is None
    assert (rows[second]["outcome"], rows[second]["requests"], rows[second]["kind"]) == ("done", 7, "full")


def test_source_states_remember_when_they_changed_and_when_they_were_checked(tracker: Tracker, clock: SetClock) -> None:
    tracker.set_source_state(None, "deer", "unresolved", "several candidates")
    clock.at = "2026-01-02T06:00:00Z"
    tracker.set_source_state(None, "deer", "unresolved", "several candidates")
    [state] = tracker.source_states()
    assert (state["since"][:10], state["checked_at"][:10]) == ("2026-01-01", "2026-01-02")
    clock.at = "2026-01-03T06:00:00Z"
    tracker.set_source_state(None, "deer", "resolved", pmid="25112889")
    assert tracker.source_states()[0]["pmid"] == "25112889"
    assert tracker.source_states("2026-01-02")[0]["state"] == "unresolved"


def test_nothing_can_be_deleted_or_rewritten(tracker: Tracker) -> None:
    tracker.store_batch(tracker.begin_refresh(), [received("1")])
    for statement in ("DELETE FROM versions", "DELETE FROM records", "UPDATE versions SET content = x'00'"):
        with pytest.raises(sqlite3.IntegrityError):
            tracker.db.conn.execute(statement)


def test_versions_are_compressed_with_a_dictionary_and_each_readable_alone(tracker: Tracker) -> None:
    refresh = tracker.begin_refresh()
    many = [received(str(n), f"Title {n} " + "about spinal cord stimulation for pain " * 20) for n in range(1, 401)]
    tracker.store_batch(refresh, many[:20])
    assert tracker.dictionaries() == {}
    tracker.store_batch(refresh, many[20:])
    assert len(tracker.dictionaries()) == 1
    tracker.store_batch(refresh, [received("999")])
    assert len(tracker.dictionaries()) == 1
    elsewhere = Archive(tracker.dictionaries())
    assert {elsewhere.unpack(s.packed) for s in tracker.stored()} >= {r.xml for r in many}
    with pytest.raises(ValueError, match="missing"):
        Archive({}).unpack(next(s.packed for s in tracker.stored() if s.id == "pubmed:400"))
    assert check_tracker(tracker) == []


def test_counts_and_fingerprint(tracker: Tracker, clock: SetClock) -> None:
    empty = tracker.input_hash()
    refresh = tracker.begin_refresh()
    tracker.store_batch(refresh, [received("1")])
    stored = tracker.input_hash()
    clock.at = "2026-02-01T06:00:00Z"
    tracker.finish_refresh(refresh, "done")
    assert len({empty, stored, tracker.input_hash()}) == 3
    assert tracker.counts() == {"pubmed": 1}
