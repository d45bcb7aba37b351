"""What a typed search finds: against a brute-force reader of a small corpus, and names, stars, tags one by one."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import site_factory as factory
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from evidence.derive.facet_index import FacetIndex
from evidence.library import matching, terms
from evidence.library.search import Hits, Selection, search
from evidence.library.syntax import QueryError, parse

# -- A corpus of sets of words, and an evaluator that knows nothing of the program ----------------------------------

WORDS = ("kestrel", "osprey", "merlin", "harrier", "falcon")


@pytest.fixture(scope="module")
def birds(tmp_path_factory: pytest.TempPathFactory) -> tuple[sqlite3.Connection, FacetIndex]:
    """Every subset of five words once, and each again with the words in two orders, in title or abstract."""
    path = tmp_path_factory.mktemp("birds") / "evidence.db"
    db = factory.new_database(path)
    for number in range(64):
        held = [word for bit, word in enumerate(WORDS) if number >> bit & 1]
        text = " ".join(held if number < 32 else held[::-1])
        abstract = (("", f"We saw {text} there."),) if number % 3 else ()
        title = "Stimulation of pain" if number % 3 else f"Stimulation of pain {text}"
        factory.add_report(db, str(1000 + number), title, abstract=abstract)
    factory.finish(db)
    conn = sqlite3.connect(path)
    return conn, FacetIndex.load(conn)


def corpus(conn: sqlite3.Connection) -> list[str]:
    return [f"{title} {text or ''}".lower() for title, text in conn.execute("SELECT title, abstract FROM report_texts")]


@dataclass(frozen=True)
class Typed:
    """A search as it is typed, and as a Python expression over ``has(word)``."""

    text: str
    meaning: str


def word() -> st.SearchStrategy[Typed]:
    plain = st.sampled_from(WORDS).map(lambda w: Typed(w, f"has({w!r})"))
    star = st.sampled_from(WORDS).map(lambda w: Typed(f"{w[:3]}*", f"has({w[:3]!r})"))
    pair = st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS), st.sampled_from(('""', "“”", "«»")))
    phrase = pair.map(lambda p: Typed(f"{p[2][0]}{p[0]} {p[1]}{p[2][1]}", f"has({p[0] + ' ' + p[1]!r})"))
    return st.one_of(plain, plain, star, phrase)


def bracketed(inner: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
    return inner.map(lambda t: Typed(f"({t.text})", f"({t.meaning})"))


def chunk(part: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
    """Parts side by side: AND."""
    return st.lists(part, min_size=1, max_size=3).map(
        lambda parts: Typed(" ".join(p.text for p in parts), "(" + " and ".join(p.meaning for p in parts) + ")")
    )


OPERATORS = {"AND": "and", "OR": "or", "NOT": "and not", "AND NOT": "and not", "OR NOT": "or not"}


def from_left_to_right(part: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
    """Chunks joined by operators from left to right, perhaps NOT before the first, perhaps words left out of all."""

    def join(drawn: Any) -> Typed:
        negated, first, rest, minus = drawn
        text = f"NOT {first.text}" if negated else first.text
        meaning = f"(not {first.meaning})" if negated else first.meaning
        for operator, following in rest:
            text = f"{text} {operator} {following.text}"
            meaning = f"({meaning} {OPERATORS[operator]} {following.meaning})"
        for left_out in minus:
            text, meaning = f"{text} -{left_out.text}", f"({meaning} and not {left_out.meaning})"
        return Typed(text, meaning)

    chunks = chunk(part)
    rest = st.lists(st.tuples(st.sampled_from(sorted(OPERATORS)), chunks), max_size=3)
    return st.tuples(st.booleans(), chunks, rest, st.lists(word(), max_size=1)).map(join)


EXPRESSIONS = st.recursive(word(), lambda inner: bracketed(from_left_to_right(inner)), max_leaves=9).flatmap(
    lambda part: from_left_to_right(st.one_of(st.just(part), word()))
)


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS)
def test_counts_are_those_of_a_brute_force_reader(birds: tuple[sqlite3.Connection, FacetIndex], typed: Typed) -> None:
    conn, index = birds
    meant = eval(f"lambda has: {typed.meaning}")
    expected = {row for row, text in enumerate(corpus(conn), 1) if meant(lambda part, text=text: part in text)}
    try:
        hits = search(conn, index, Selection(text=typed.text))
    except QueryError as refused:
        assert "more than 40 words" in str(refused)
        return
    assert set(hits.rowids) == expected and hits.total == len(expected) == len(hits.rowids)


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS)
def test_bits_and_full_text_give_the_same_reports(birds: tuple[sqlite3.Connection, FacetIndex], typed: Typed) -> None:
    """What FTS5 can say in one expression, said leaf by leaf."""
    conn, index = birds
    try:
        tree = matching.plan(conn, index, search_tree(typed.text)).tree
    except QueryError:
        return
    assert tree is not None
    whole = matching.bits_of(conn, index, tree)
    assert whole == by_leaves(conn, index, tree)


def search_tree(text: str) -> Any:
    return parse(text)


def by_leaves(conn: sqlite3.Connection, index: FacetIndex, node: Any) -> int:
    if isinstance(node, terms.Match):
        return index.from_rowids(matching.matching(conn, node.expression))
    if isinstance(node, terms.Rows):
        return node.bits
    if isinstance(node, terms.Not):
        return index.every & ~by_leaves(conn, index, node.part)
    found = [by_leaves(conn, index, part) for part in node.parts]
    bits = found[0]
    for other in found[1:]:
        bits = bits & other if isinstance(node, terms.And) else bits | other
    return bits


def test_the_order_is_by_relevance_and_holds_every_hit(birds: tuple[sqlite3.Connection, FacetIndex]) -> None:
    conn, index = birds
    for text in ("kestrel OR NOT osprey", "NOT kestrel", "kestrel OR author:example", "osprey -merlin"):
        rowids = search(conn, index, Selection(text=text)).rowids
        assert len(rowids) == len(set(rowids)) == search(conn, index, Selection(text=text)).total, text
    first = search(conn, index, Selection(text="(kestrel AND osprey) OR NOT falcon")).rowids[:3]
    texts = corpus(conn)
    assert all("kestrel" in texts[row - 1] or "osprey" in texts[row - 1] for row in first)


# -- Names, identifiers, stars, tags -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def named(tmp_path_factory: pytest.TempPathFactory) -> tuple[sqlite3.Connection, FacetIndex]:
    path = tmp_path_factory.mktemp("named") / "evidence.db"
    db = factory.new_database(path)
    rows = (
        ("701", "Stimulation and the kestrel", "Pain Loft", "Annals of Pain Loft", 2016, ("Falconbridge GA", "Greta")),
        ("702", "Stimulating leads for the osprey", "J Feathered Leads", "J Feathered Leads", 2017, ("Mews R", "Rob")),
        ("703", "Stimulators and answers; a series", "Pain Loft", "", 2018, ("van der Berg J", "Jan")),
        ("704", "The pain of the loft", "Spine Ache", "", 2019, ("North RB", "Ruth B")),
        ("705", "North of the border: analysing merlin data", "Spine Ache", "", 2019, ("Mews RT", "Rita T")),
    )  # fmt: skip
    for report, title, journal, full, year, (name, first) in rows:
        family = name.rsplit(" ", 1)[0]
        names = {"pmcid": f"PMC99{report}", "doi": f"10.5555/x.{report}"}
        factory.add_report(db, report, title, journal=journal, journal_full=full, year=year, **names)
        db.conn.execute("DELETE FROM authors WHERE report = ?", [report])
        factory.insert(db, "authors", report=report, position=0, name=name, family=family, given=first)
    factory.insert(db, "report_mesh", report="701", ui="D1", heading="Spinal Cord", major=1)
    factory.insert(db, "report_mesh", report="702", ui="D2", heading="Spinal Cord Stimulation", major=0)
    factory.insert(db, "report_types", report="702", name="Clinical Trial")
    factory.insert(db, "studies", id="NCT00000099", title="A study", reason="registration")
    factory.insert(db, "study_registrations", study="NCT00000099", registry="ClinicalTrials.gov", number="NCT00000099")
    factory.insert(db, "study_reports", study="NCT00000099", report="703", role="results")
    factory.finish(db)
    conn = sqlite3.connect(path)
    return conn, FacetIndex.load(conn)


FOUND = [
    ("Falconbridge GA", "701"),
    ("falconbridge ga", "701"),
    ("Falconbridge G", "701"),
    ("Falconbridge G.A.", "701"),
    ("Falconbridge, G. A.", "701"),
    ("Falconbridge", "701"),
    ("Greta Falconbridge", "701"),
    ("Falconbridge GB", ""),
    ("Falconbridge 2016", "701"),
    ("Falconbridge 2017", ""),
    ("Falconbridge et al. 2016", "701"),
    ("kestrel Falconbridge GA", "701"),
    ("osprey Falconbridge GA", ""),
    ("osprey OR Falconbridge GA", "701 702"),
    ("Falconbridge GA[au]", "701"),
    ("author:falconbridge", "701"),
    ("author:falcon*", "701"),
    ('"Mews R"[au]', "702 705"),
    ("Mews RT", "705"),
    ("Mews R NOT osprey", "705"),
    ("van der Berg J", "703"),
    ("Berg J[au]", "703"),
    ("North", "705"),  # a word of a text stays a word
    ("North RB", "704"),
    ("author:north", "704"),
    ("Feathered Leads", "702"),
    ('"Feathered Leads"', "702"),
    ("Feathered Leads[ta]", "702"),
    ("journal:feathered", "702"),
    ("Pain Loft", "704"),  # its words stand in a text: the journal is offered
    ('journal:"Pain Loft"', "701 703"),
    ("Annals of Pain Loft[Journal]", "701"),
    ("PMC99701", "701"),
    ("pmc99701 PMC99702", "701 702"),
    ("10.5555/X.703", "703"),
    ("https://doi.org/10.5555/x.703", "703"),
    ("pmid:701", "701"),
    ("701[uid] OR 702[pmid]", "701 702"),
    ("NCT00000099", "703"),
    ("NCT00000099[si]", "703"),
    ("nct00000099 -kestrel", "703"),
    ("99999999", ""),
    ("stimulat*", "701 702 703"),
    ("stimulati*", "701 702 703"),  # stimulation, whose stem is that of stimulator
    ("stimulationx*", ""),
    ("answ*", "703"),
    ("ans*", "703"),  # not "and": the stem of "ans" is no word
    ("analys*", "705"),
    ("series*", "703"),
    ('"the kes*"', "701"),
    ('"the osp*" OR "the kes*"', "701 702"),
    ("zzz*", ""),
    ("stimulating", "701 702 703"),
    ("Spinal Cord[mh]", "701"),
    ("spinal cord stimul*[mh]", "702"),
    ("cord[mh]", "701 702"),
    ("clinical trial[pt]", "702"),
    ("english[la] 2018:2019[dp]", "703 704 705"),
    ("year:2016", "701"),
    ("kestrel[ti]", "701"),
    ("kestrel[ab]", ""),
    ('"stimulation kestrel"[ti:~2]', "701"),
    ('"stimulation kestrel"[tiab:~1]', ""),
]  # fmt: skip


def ids(site: tuple[sqlite3.Connection, FacetIndex], text: str) -> tuple[str, Hits]:
    hits = search(*site, Selection(text=text))
    by_row = dict(site[0].execute("SELECT rowid, id FROM reports"))
    return " ".join(sorted(by_row[row] for row in hits.rowids)), hits


@pytest.mark.parametrize(("typed", "found"), FOUND, ids=[typed for typed, _ in FOUND])
def test_found(named: tuple[sqlite3.Connection, FacetIndex], typed: str, found: str) -> None:
    assert ids(named, typed)[0] == found


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("Falconbridge GA", "was also looked for as an author"),
        ("Falconbridge", "stands in no title or abstract; it was found as an author"),
        ("Feathered Leads", "was also looked for as a journal"),
        ("Pain Loft", "is also a journal here"),
        ("99999999", "No report here has the id 99999999"),
        ("cord[mh]", "No MeSH heading is just “cord”"),
    ],
)
def test_how_a_name_was_found_is_told(named: tuple[sqlite3.Connection, FacetIndex], typed: str, told: str) -> None:
    assert any(told in note.text for note in ids(named, typed)[1].notes)


def test_what_is_offered_finds_the_journal(named: tuple[sqlite3.Connection, FacetIndex]) -> None:
    (offer,) = [note.query for note in ids(named, "Pain Loft")[1].notes if note.query]
    assert ids(named, offer)[0] == "701 703"


def test_stars_are_bounded(named: tuple[sqlite3.Connection, FacetIndex], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(terms, "MAX_EXPANDED", 3)
    assert ids(named, "kest* osp*")[0] == ""
    for text in ("stimulat* kest* osp* mer*", '"the kes*" OR stimulat* OR mer* OR osp*'):
        with pytest.raises(QueryError, match=r"\* makes more than 3 words"):
            search(*named, Selection(text=text))


def test_the_most_words_that_stars_may_stand_for_are_searched_in_time(tmp_path: Path) -> None:
    db = factory.new_database(tmp_path / "evidence.db")
    for number in range(50):
        words = " ".join(f"pre{number * 40 + k:04d}x" for k in range(40))
        factory.add_report(db, str(2000 + number), f"Invented {words}")
    factory.finish(db)
    conn = sqlite3.connect(tmp_path / "evidence.db")
    index = FacetIndex.load(conn)
    hits = search(conn, index, Selection(text="pre*"))
    assert hits.total == 50 and len(re.findall("pre", hits.marks)) == 2000
