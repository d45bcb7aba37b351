"""Recall of a topic's search, as far as systematic reviews tell it: works that two or more of its reviews cite.

Reference lists hold methods and background too, and many reviews have none in PubMed: the share is that of on-topic
works, where tags or a title tell that, and never the sensitivity of the search.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from evidence.bibliography.normal import normal_title
from evidence.derive.reference_rows import REVIEWS
from evidence.model import Facet
from evidence.record import Record
from evidence.tagging import Tagger
from evidence.topics import Topic

LEAST_REVIEWS = 2
# Of a title: tag of a modality → the words that earned it.
TitleTags = Callable[[str], Mapping[str, Sequence[str]]]
_REFERENCES = """
    SELECT x.review, coalesce(v.study, x.review), x.pmid, x.doi, x.title, x.citation, x.report
    FROM review_references x JOIN topic_reports t ON t.report = x.review JOIN reports v ON v.id = x.review
    WHERE t.topic = ? AND t.left_at IS NULL AND v.status NOT IN ('retracted', 'withdrawn')
    ORDER BY x.review, x.position"""
_REVIEWS_OF = f"""
    SELECT count(DISTINCT d.report), count(DISTINCT x.review) FROM topic_reports t
    JOIN report_designs d ON d.report = t.report AND d.design IN ({", ".join(f"'{one}'" for one in sorted(REVIEWS))})
    LEFT JOIN review_references x ON x.review = t.report WHERE t.topic = ? AND t.left_at IS NULL"""
_IN_TOPIC = "SELECT report FROM topic_reports WHERE topic = ? AND left_at IS NULL"
_MODALITIES = "SELECT modality FROM report_modalities WHERE report = ?"
_TITLE = "SELECT title FROM reports WHERE id = ?"


@dataclass(slots=True)
class Work:
    """A cited work. ``reviews``: of distinct studies; ``words``: of its title, that say it is on the topic."""

    pmid: str | None = None
    doi: str | None = None
    title: str = ""
    citation: str = ""
    report: str | None = None
    reviews: dict[str, str] = field(default_factory=dict)  # the study of a review → that review
    on_topic: bool | None = None
    by_title: bool | None = None
    words: tuple[str, ...] = ()


def wilson(count: int, of: int, z: float = 1.959964) -> tuple[float, float]:
    """Wilson's interval of a share, 95% as a rule (Wilson 1927, J Am Stat Assoc 22:209).

    >>> [round(end, 3) for end in wilson(8, 10)]
    [0.49, 0.943]
    """
    if not of:
        return 0.0, 1.0
    share, square = count / of, z * z / of
    middle = share + square / 2
    half = z * math.sqrt(share * (1 - share) / of + square / (4 * of))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def fill_recall(conn: sqlite3.Connection, topics: Iterable[Topic], tags_of: TitleTags) -> None:
    """Fill ``recall`` and ``recall_works`` from the finished tables; ``tags_of`` reads a title."""
    for topic in topics:
        if topic.tag_only or not topic.modalities:
            continue
        reviews, listed = conn.execute(_REVIEWS_OF, (topic.id,)).fetchone()
        held = {report for (report,) in conn.execute(_IN_TOPIC, (topic.id,))}
        if not held:
            continue
        works = [work for work in _works(conn, topic.id) if len(work.reviews) >= LEAST_REVIEWS]
        for work in works:
            _judge(conn, work, topic.modalities, tags_of)
        on_topic = [work for work in works if work.on_topic]
        titled = [work for work in works if work.by_title]
        found = sum(work.report in held for work in on_topic)
        low, high = wilson(found, len(on_topic))
        unknown = sum(work.on_topic is None for work in works)
        conn.execute(
            f"INSERT INTO recall VALUES ({', '.join('?' * 11)})",
            (
                *(topic.id, reviews, listed, len(works), len(on_topic), found, unknown, low, high),
                *(len(titled), sum(work.report in held for work in titled)),
            ),
        )
        conn.executemany(
            "INSERT INTO recall_works VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", _rows(topic.id, on_topic, held)
        )


def _rows(topic: str, works: Iterable[Work], held: set[str]) -> Iterator[tuple[object, ...]]:
    """The worklist: what the topic lacks, the most cited first."""
    missing = (work for work in works if work.report not in held)
    ordered = sorted(missing, key=lambda work: (-len(work.reviews), work.title, work.citation))
    for position, work in enumerate(ordered):
        yield (
            topic, position, work.pmid, work.doi, work.title or None, work.citation or None, work.report,
            len(work.reviews), ", ".join(sorted(work.reviews.values())), "; ".join(work.words) or None,
        )  # fmt: skip


def _works(conn: sqlite3.Connection, topic: str) -> list[Work]:
    """Every cited work once, whatever it is named by: report, PMID, DOI or, without those, its title."""
    works: list[Work] = []
    known: dict[str, Work] = {}
    for review, study, pmid, doi, title, citation, report in conn.execute(_REFERENCES, (topic,)):
        keys = [key for key in (report and f"report:{report}", pmid and f"pmid:{pmid}", doi and f"doi:{doi}") if key]
        if not keys and len(normal := normal_title(title or "")) > 30:
            keys = [f"title:{normal}"]
        work = next((known[key] for key in keys if key in known), None)
        if work is None:
            works.append(work := Work())
        known |= {key: work for key in keys if key not in known}
        work.pmid, work.doi, work.report = work.pmid or pmid, work.doi or doi, work.report or report
        work.title, work.citation = work.title or title or "", work.citation or citation or ""
        work.reviews.setdefault(study, review)
    return works


def _judge(conn: sqlite3.Connection, work: Work, modalities: Sequence[str], tags_of: TitleTags) -> None:
    """Whether a work is on the topic: by its tags where it is held, else by its title; ``None`` without either."""
    if work.report:
        (work.title,) = conn.execute(_TITLE, (work.report,)).fetchone()
    tags = tags_of(work.title) if work.title else {}
    work.words = tuple(dict.fromkeys(word for tag in modalities for word in tags.get(tag, ())))
    work.by_title = bool(tags.keys() & set(modalities)) if work.title else None
    work.on_topic = work.by_title
    if work.report:
        work.on_topic = bool({tag for (tag,) in conn.execute(_MODALITIES, (work.report,))} & set(modalities))


def title_tags(tagger: Tagger) -> TitleTags:
    """Reads a title alone, as the vocabulary does."""

    def read(title: str) -> dict[str, list[str]]:
        tags = tagger.tag(Record(source="reference", title=title))
        words = {tag: list[str]() for tag in tags.modalities}
        for found in tags.evidence:
            if found.facet == Facet.MODALITY and found.tag in words:
                words[found.tag].append(found.phrase)
        return words

    return read
