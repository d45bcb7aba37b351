"""What may be typed and filtered, checked against plain SQL."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import large_site
import pytest
import site_factory as factory

from evidence.derive.facet_index import FacetIndex
from evidence.errors import UsageError
from evidence.library.search import Expensive, Selection, facet_counts, filter_bits, from_pairs, search
from evidence.library.syntax import QueryError


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> sqlite3.Connection:
    path = large_site.large_database(tmp_path_factory.mktemp("large") / "evidence.db", 800)
    return sqlite3.connect(path)


@pytest.fixture(scope="module")
def index(large: sqlite3.Connection) -> FacetIndex:
    return FacetIndex.load(large)


def test_random_punctuation_never_breaks_a_search(large: sqlite3.Connection, index: FacetIndex) -> None:
    rng = random.Random(1)
    alphabet = "abc \"'()*-+:^{}[]&|~<>\\/.,;%_#@!?\u00e9\u4e2d\u200f\t AND OR NOT NEAR"
    answered = 0
    for _ in range(1500):
        text = "".join(rng.choices(alphabet, k=rng.randint(1, 40)))
        try:
            search(large, index, Selection(text=" ".join(text.split())))
            answered += 1
        except QueryError as refused:
            assert str(refused)
    assert answered > 300


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("modality", "nope")], "no modality 'nope'"),
        ([("sort", "colour")], "no sort 'colour'"),
        ([("level", "9")], "no level '9'"),
        ([("year", "20x6")], "year must be a year"),
        ([("from", "²⁰")], "from must be a year"),
        ([("q", "x" * 1001)], "longer than 1000"),
        ([("status", "fine")], "no status 'fine'"),
    ],
)
def test_wrong_filters_name_what_is_wrong(pairs: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        from_pairs(pairs, {"modality": ["scs"]})


def test_a_selection_survives_the_query_string() -> None:
    pairs = [
        ("q", "burst pain"),
        ("modality", "scs"),
        ("modality", "drg"),
        ("level", "2"),
        ("from", "1999"),
        ("all", "1"),
        ("sort", "level"),
    ]
    selection = from_pairs(pairs, {"modality": ["scs", "drg"]})
    assert from_pairs(selection.pairs(), {"modality": ["scs", "drg"]}) == selection
    assert selection.toggled("modality", "scs").modality == ("drg",)


WHERE = "r.scope != 'off_topic' AND r.gone_since IS NULL AND r.kind NOT IN ('notice', 'registration')"


@pytest.mark.parametrize("facet", ["modality", "outcome", "condition", "design"])
def test_counts_by_bits_are_the_counts_by_sql(large: sqlite3.Connection, index: FacetIndex, facet: str) -> None:
    table = {"modality": "modalities", "outcome": "outcomes", "condition": "conditions", "design": "designs"}[facet]
    for text, extra in (
        ("", ""),
        ("stimulation", "AND r.rowid IN (SELECT rowid FROM reports_fts WHERE reports_fts MATCH 'stimulation')"),
    ):
        source = f"report_{table} t JOIN reports r ON r.id = t.report"
        sql = f"SELECT t.{facet}, count(*) FROM {source} WHERE {WHERE} {extra} GROUP BY 1"
        selection = Selection(text=text)
        hits = search(large, index, selection)
        assert facet_counts(index, hits, selection, facet) == dict(large.execute(sql))


def test_studies_are_counted_once(large: sqlite3.Connection, index: FacetIndex) -> None:
    sql = f"""SELECT count(DISTINCT coalesce(r.study, r.id)) FROM report_modalities t JOIN reports r ON r.id = t.report
              WHERE t.modality = ? AND {WHERE}"""
    for modality in ("scs", "drg", "tens", "itdd"):
        bits = filter_bits(index, Selection(modality=(modality,)))
        assert index.count_studies(bits) == large.execute(sql, [modality]).fetchone()[0]
    assert index.count_studies(index.every) < index.count_reports(index.every)


def test_chosen_values_are_joined_by_or_within_and_by_and_across(large: sqlite3.Connection, index: FacetIndex) -> None:
    both = search(large, index, Selection(modality=("drg", "tens"))).total
    assert both == sum(search(large, index, Selection(modality=(m,))).total for m in ("drg", "tens"))
    sql = f"""SELECT count(*) FROM reports r WHERE {WHERE}
              AND r.id IN (SELECT report FROM report_modalities WHERE modality = 'drg')
              AND r.id IN (SELECT report FROM report_outcomes WHERE outcome = 'function')"""
    assert (
        search(large, index, Selection(modality=("drg",), outcome=("function",))).total
        == large.execute(sql).fetchone()[0]
    )


def test_orders(large: sqlite3.Connection, index: FacetIndex) -> None:
    def column(name: str, selection: Selection) -> list:
        rowids = search(large, index, selection).rowids
        values = dict(large.execute(f"SELECT rowid, {name} FROM reports"))
        return [values[rowid] for rowid in rowids]

    dates = column("publication_date", Selection(text="pain", sort="date"))
    assert dates == sorted(dates, reverse=True)
    levels = [level or 9 for level in column("evidence_level", Selection(sort="level"))]
    assert levels == sorted(levels)
    best = search(large, index, Selection(text="stimulation pain")).rowids[0]
    ranked = large.execute(
        "SELECT rowid FROM reports_fts WHERE reports_fts MATCH 'stimulation pain' ORDER BY bm25(reports_fts, 5.0, 1.0)"
    ).fetchall()
    allowed = set(index.rowids(filter_bits(index, Selection())))
    assert best == next(rowid for (rowid,) in ranked if rowid in allowed)


def test_a_title_word_weighs_more_than_an_abstract_word(tmp_path: Path) -> None:
    db = factory.new_database(tmp_path / "evidence.db")
    for number in range(5):
        factory.add_report(
            db, str(50 + number), "Another invented title about something", abstract=(("", "filler words here"),)
        )
    factory.add_report(db, "1", "Something else entirely", abstract=(("", "zygote zygote zygote and more words"),))
    factory.add_report(db, "2", "Zygote stimulation", abstract=(("", "plain words and yet more of them here"),))
    factory.finish(db)
    conn = sqlite3.connect(tmp_path / "evidence.db")
    rowids = search(conn, FacetIndex.load(conn), Selection(text="zygote")).rowids
    assert [row[0] for row in conn.execute("SELECT id FROM reports WHERE rowid = ?", [rowids[0]])] == ["2"]


def test_excluded_words(large: sqlite3.Connection, index: FacetIndex) -> None:
    everything = search(large, index, Selection()).total
    with_word = search(large, index, Selection(text="burst")).total
    assert 0 < with_word < everything
    assert search(large, index, Selection(text="-burst")).total == everything - with_word


def test_very_long_hit_lists_count_the_best(
    monkeypatch: pytest.MonkeyPatch, large: sqlite3.Connection, index: FacetIndex
) -> None:
    monkeypatch.setattr("evidence.library.search.COUNT_ALL_BELOW", 100)
    monkeypatch.setattr("evidence.library.search.COUNT_BEST", 50)
    selection = Selection(text="stimulation")
    hits = search(large, index, selection)
    assert hits.best_only and hits.total > 100
    assert sum(facet_counts(index, hits, selection, "scope").values()) == 50


def test_a_search_that_reads_too_much_says_so(large: sqlite3.Connection, index: FacetIndex) -> None:
    search(large, index, Selection(text="stimulation pain"), most_postings=2_000)
    for text in (
        "stimulation pain spinal cord patients",
        "(stimulation OR pain) spinal OR cord",
        "-stimulation -pain cord",
    ):
        with pytest.raises(Expensive):
            search(large, index, Selection(text=text), most_postings=2_000)
