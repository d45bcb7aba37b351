"""What a tracker holds does not depend on the order or the batches in which records came, nor on how often."""

from __future__ import annotations

from pathlib import Path

from clocks import SetClock
from eutils_server import Article
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence.exchange.pubmed import parse_record, read_article_set
from evidence.tracker import Tracker, check_tracker

PMIDS = [str(number) for number in range(3001, 3009)]
LETTERS = st.characters(
    codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Co", "Zl", "Zp"), exclude_characters="<>&"
)
TEXTS = st.text(LETTERS, min_size=1, max_size=40).map(lambda text: f"Invented {' '.join(text.split())} words")
BATCHES = st.lists(st.lists(st.sampled_from(PMIDS), min_size=1, max_size=8), min_size=1, max_size=6)


def received(texts: dict[str, str], pmids: list[str]) -> list[object]:
    xml = "".join(Article(pmid, texts[pmid]).xml() for pmid in pmids)
    return list(read_article_set(f"<PubmedArticleSet>{xml}</PubmedArticleSet>".encode()))


def held(texts: dict[str, str], batches: list[list[str]]) -> dict[str, object]:
    """Record → its bytes and versions, after these batches and, at the end, one with everything."""
    with Tracker.open(Path(":memory:"), now=SetClock()) as tracker:
        for batch in [*batches, PMIDS]:
            refresh = tracker.begin_refresh()
            tracker.store_batch(refresh, received(texts, list(dict.fromkeys(batch))))
            tracker.update_membership(refresh, "alpha", batch, {})
            tracker.finish_refresh(refresh, "done", requests=1)
        assert check_tracker(tracker) == []
        assert tracker.members("alpha") == set(PMIDS)
        return {record.pmid: (record.content, record.versions) for record in tracker.stored()}


@given(texts=st.lists(TEXTS, min_size=8, max_size=8), batches=BATCHES, data=st.data())
@settings(max_examples=25, deadline=None)
def test_order_and_repetition_of_answers_change_nothing(
    texts: list[str], batches: list[list[str]], data: st.DataObject
) -> None:
    by_pmid = dict(zip(PMIDS, texts, strict=True))
    mixed = [data.draw(st.permutations(batch)) for batch in data.draw(st.permutations(batches))]
    assert held(by_pmid, batches) == held(by_pmid, mixed) == held(by_pmid, [])


@given(texts=st.lists(TEXTS, min_size=8, max_size=8))
@settings(max_examples=25, deadline=None)
def test_what_is_stored_is_what_came(texts: list[str]) -> None:
    by_pmid = dict(zip(PMIDS, texts, strict=True))
    came = {one.record.pmid: one for one in received(by_pmid, PMIDS)}
    for pmid, (content, versions) in held(by_pmid, []).items():
        assert (content, versions) == (came[pmid].xml, 1)
        assert parse_record(content) == came[pmid].record and by_pmid[pmid] in came[pmid].record.title
