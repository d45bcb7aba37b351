"""Shards into the tracker, a file at a time in one transaction, each exactly once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from evidence.baseline.files import NlmFile
from evidence.baseline.shard import Shard
from evidence.exchange.pubmed import Received, content_hash, parse_record, revision
from evidence.tracker import TopicLog, Tracker
from evidence.tracker.records import ImportLog

DELETED = "deleted by NLM"
LEFT = "left query"
# Records of one file that were found once and stand in it, unfound: gives their XML.
Picker = Callable[[NlmFile, Sequence[str]], list[bytes]]


@dataclass(slots=True)
class Merged:
    """What a merge did, over all files. ``older``: records that are stored in a later revision than the file's."""

    files: int = 0
    new: int = 0
    revised: int = 0
    unchanged: int = 0
    older: int = 0
    gone: int = 0
    left: int = 0
    topics: dict[str, TopicLog] = field(default_factory=dict)


class Merge:
    """One refresh of kind ``baseline``: ``queries`` are the topics that were searched for, by id, as sent."""

    def __init__(self, tracker: Tracker, refresh: int, work: str, queries: dict[str, str], pick: Picker):
        self._tracker, self._refresh, self._work, self._pick = tracker, refresh, work, pick
        self._kind = f"nlm-file {work}"
        self._done = tracker.logged_files(self._kind)
        self._members = {topic: tracker.members(topic) for topic in queries}
        self._known = np.array(sorted(int(pmid) for pmid in tracker.known()), np.uint32)
        self.result = Merged(topics={topic: TopicLog(topic, query=query) for topic, query in queries.items()})

    def is_done(self, shard: Shard) -> bool:
        return shard.summary.sha256 in self._done

    def add(self, file: NlmFile, shard: Shard) -> None:
        """The records of one file; nothing when it was added before."""
        if self.is_done(shard):
            return
        found = {pmid: (xml, topics) for pmid, xml, topics in shard.records()}
        received = [_received(xml) for xml, _ in found.values()]
        seen = shard.seen()
        if seen is not None and len(self._known):
            again = {str(pmid) for pmid in np.intersect1d(seen, self._known)} - found.keys()
            received += [_received(xml) for xml in self._pick(file, sorted(again))] if again else []
        with self._tracker.all_or_nothing():
            self._store(file, shard, received, {pmid: set(topics) for pmid, (_, topics) in found.items()})
        self._known = np.union1d(self._known, np.array([int(pmid) for pmid in found], np.uint32))
        self._done.add(shard.summary.sha256)
        self.result.files += 1

    def _store(self, file: NlmFile, shard: Shard, received: list[Received], found: dict[str, set[str]]) -> None:
        tracker, result, summary = self._tracker, self.result, shard.summary
        stored = tracker.differing(received)
        newer = [item for item in received if not _is_older(item, stored)]
        counts = tracker.store_batch(self._refresh, newer)
        came = {item.record.pmid or "" for item in newer}
        for topic, log in result.topics.items():
            joined = {pmid for pmid in came if topic in found.get(pmid, ())}
            gone = {pmid: LEFT for pmid in came & self._members[topic] if topic not in found.get(pmid, ())}
            tracker.update_membership(self._refresh, topic, joined, gone)
            log.new += len(joined - self._members[topic])
            log.gone += len(gone)
            self._members[topic] = (self._members[topic] | joined) - gone.keys()
            result.left += len(gone)
        marked = tracker.mark_gone(self._refresh, summary.deleted, DELETED) if summary.deleted else 0
        failed = len(summary.failures)
        tracker.log_file(
            ImportLog("pubmed", file.path.name, summary.sha256, self._kind, summary.records, failed), counts
        )
        result.new, result.revised = result.new + len(counts.new), result.revised + len(counts.revised)
        result.unchanged += len(counts.unchanged)
        result.older += len(received) - len(newer)
        result.gone += marked

    def end(self, notes: Sequence[str]) -> None:
        """Log each topic: what it finds now."""
        for topic, log in self.result.topics.items():
            log.hits = len(self._members[topic])
            log.warnings = list(notes)
            self._tracker.log_topic(self._refresh, log)


def _received(xml: bytes) -> Received:
    return Received(parse_record(xml), xml, content_hash(xml))


def _is_older(item: Received, stored: dict[str, tuple[bytes, str]]) -> bool:
    """Whether a later revision is stored: a file is read long after it was made."""
    before = stored.get(item.record.pmid or "")
    return before is not None and revision(item.xml) < max(revision(before[0]), before[1])
