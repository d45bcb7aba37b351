"""Saved searches evaluated here: the same selection as the tests' own server makes, and nothing guessed."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from eutils_server.corpus import Article
from eutils_server.query import matches

from evidence.errors import InputError
from evidence.exchange.pubmed import parse_record
from evidence.record import Author, Mesh, Record, Section
from evidence.topics import compile_topic, load_topics
from evidence.topics.evaluate import NotEvaluated, compile_query
from evidence.topics.expression import Term, parse_expression, terms_of
from evidence.topics.facts import Facts
from evidence.topics.mesh import Mesh as Headings
from evidence.topics.mesh import load_mesh
from evidence.topics.query import Flaw

ROOT = Path(__file__).resolve().parents[2]
TOPICS = load_topics(ROOT / "queries" / "topics")


def record(**fields: object) -> Record:
    return Record(source="pubmed", source_id="1", pmid="1", **fields)  # type: ignore[arg-type]


def finds(query: str, found: Record, mesh: Headings | None = None) -> bool:
    return compile_query(query, mesh).selects(Facts(found))


def bag_of_words() -> list[str]:
    """The words and phrases of all topics, and fillers."""
    terms = {term.text.rstrip("*") for topic in TOPICS for term in terms_of(parse_expression(topic.written))}
    return [*sorted(terms), *"of the in and patients with a trial back leg nerve root cord spinal stimulation".split()]


def random_articles(seed: int, count: int) -> dict[str, Article]:
    dice, words = random.Random(seed), bag_of_words()
    headings = sorted(
        {t.text for topic in TOPICS for t in terms_of(parse_expression(topic.written)) if t.tag == "mesh terms"}
    )

    def text(longest: int) -> str:
        parts = [
            dice.choice(words) + dice.choice(("", "", "", "s", "ion", "ic")) for _ in range(dice.randint(1, longest))
        ]
        return dice.choice((" ", ", ", "-", " ")).join(parts).capitalize() + "."

    return {
        str(pmid): Article(
            str(pmid),
            text(6),
            text(20),
            mesh=dice.sample(headings, dice.randint(0, 3)),
            author=dice.choice(("Deer", "Example", "North")),
            more_authors=dice.sample(["Kumar", "Taylor"], dice.randint(0, 2)),
            journal=dice.choice(("Pain", "J Pain", "Neuromodulation")),
            year=dice.randint(1990, 2026),
            volume=str(dice.randint(1, 3)),
            doi=dice.choice(("", f"10.5555/invented.{pmid}")),
            types=dice.sample(["Journal Article", "Review", "Randomized Controlled Trial"], 2),
            book=dice.random() < 0.05,
        )
        for pmid in range(1000, 1000 + count)
    }


def random_query(dice: random.Random, depth: int = 3) -> str:
    words = bag_of_words()

    def term() -> str:
        one = dice.choice(words)
        forms: list[Callable[[], str]] = [
            lambda: f'"{one}"[{dice.choice(("tiab", "ti", "Title/Abstract"))}]',
            lambda: f'"{one[:-1] if len(one.split()[-1]) > 4 and one[-2].isalnum() else one + "tion"}*"[tiab]',
            lambda: f'"{one} {dice.choice(words)}"[tiab:~{dice.randint(0, 6)}]',
            lambda: f'"{dice.choice(("Pain", "Deep Brain Stimulation", "Neuralgia"))}"[mh:noexp]',
            lambda: f"{dice.choice(('Deer', 'Kumar', 'Nobody'))}{dice.choice(('', ' A'))}[au]",
            lambda: f"Example[{dice.choice(('1au', 'au'))}]",
            lambda: f"{dice.choice(('Pain', 'J Pain'))}[ta]",
            lambda: f"{dice.choice(('Review', 'Journal Article'))}[pt]",
            lambda: f"{dice.randint(1990, 2026)}[dp]",
            lambda: f"{dice.randint(1990, 2010)}:{dice.randint(2005, 2026)}[dp]",
            lambda: f"{dice.randint(1000, 1200)}[pmid]",
            lambda: f"1000:{dice.randint(1000, 1200)}[uid]",
            lambda: f"10.5555/INVENTED.{dice.randint(1000, 1200)}[{dice.choice(('doi', 'aid'))}]",
            lambda: f"{dice.randint(1, 4)}[vi]",
        ]
        return dice.choice(forms)()

    parts = [f"({random_query(dice, depth - 1)})" if depth and dice.random() < 0.3 else term() for _ in range(4)]
    operators = [dice.choice((" AND ", " OR ", " OR ", " NOT ", "\n")) for _ in range(3)]
    return "".join(part + operator for part, operator in zip(parts, [*operators, ""], strict=True))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.id)
def test_every_topic_selects_what_the_server_selects(topic) -> None:
    articles = random_articles(11, 400)
    selector, _ = compile_topic(topic)
    facts = {pmid: Facts(parse_record(article.xml().encode())) for pmid, article in articles.items()}
    found = [pmid for pmid in sorted(facts, reverse=True) if selector.selects(facts[pmid])]
    assert found == matches(topic.query, articles)


def test_the_topics_select_something_and_not_everything() -> None:
    articles = random_articles(11, 400)
    sizes = [len(matches(topic.query, articles)) for topic in TOPICS]
    assert sum(size > 0 for size in sizes) >= 8 and max(sizes) < 300


@pytest.mark.parametrize("seed", range(250))
def test_random_expressions_select_what_the_server_selects(seed: int) -> None:
    articles = random_articles(seed % 5, 200)
    query = random_query(random.Random(seed))
    selector = compile_query(query)
    facts = {pmid: Facts(parse_record(article.xml().encode())) for pmid, article in articles.items()}
    assert [p for p in sorted(facts, reverse=True) if selector.selects(facts[p])] == matches(query, articles), query


FIELD_CASES = [
    # words: case, accents, hyphens, Greek letters, raised figures
    ("pain[ti]", {"title": "PAIN."}, True),
    ("pain[ti]", {"title": "Painful."}, False),
    ("pain*[ti]", {"title": "Painful."}, True),
    ("neuralgia[ti]", {"title": "Névralgie, neurálgia"}, True),
    ('"closed loop"[ti]', {"title": "A closed-loop device"}, True),
    ('"closed-loop"[ti]', {"title": "A closed loop device"}, True),
    ('"closed loop"[ti]', {"title": "closed. A loop"}, False),
    ('"tnf alpha"[ti]', {"title": "TNF-α and pain"}, True),
    ('"tnf-α"[ti]', {"title": "TNF alpha"}, True),
    # fields
    ("pain[tiab]", {"abstract": [Section("for pain", "METHODS")]}, True),
    ("methods[tiab]", {"abstract": [Section("for pain", "METHODS")]}, True),
    ("pain[ti]", {"abstract": [Section("for pain")]}, False),
    ('"a b"[tiab]', {"title": "a", "abstract": [Section("b")]}, False),
    ('"a b"[tiab]', {"abstract": [Section("a"), Section("b")]}, True),
    ("pain[tiab]", {"other_abstracts": [("", "spa", [Section("pain")])]}, True),
    ("pain[tiab]", {"keywords": ["chronic pain"]}, True),
    ("pain[ot]", {"keywords": ["chronic pain"]}, True),
    ("pain[ot]", {"title": "pain"}, False),
    ("pain[tiab]", {"mesh": [Mesh("D1", "Pain")]}, False),
    # proximity: any order, at most N words among them, each word as often as asked
    ('"pain back"[tiab:~0]', {"title": "back pain"}, True),
    ('"pain back"[tiab:~1]', {"title": "back or leg pain"}, False),
    ('"pain back"[tiab:~2]', {"title": "back or leg pain"}, True),
    ('"pain pain"[tiab:~2]', {"title": "back pain"}, False),
    ('"pain back"[tiab:~9]', {"title": "back", "abstract": [Section("pain")]}, False),
    # headings
    ("Pain[mh]", {"mesh": [Mesh("D1", "Pain")]}, True),
    ("Pain[mh]", {"mesh": [Mesh("D1", "Chronic Pain")]}, False),
    ('"Pain, Intractable"[mh]', {"mesh": [Mesh("D1", "Pain, Intractable")]}, True),
    ("Wounds and Injuries[mh]", {"mesh": [Mesh("D1", "Wounds and Injuries")]}, True),
    ("Pain[majr]", {"mesh": [Mesh("D1", "Pain")]}, False),
    ("Pain[majr]", {"mesh": [Mesh("D1", "Pain", major=True)]}, True),
    ("Pain[majr]", {"mesh": [Mesh("D1", "Pain", qualifiers=[("Q", "therapy", True)])]}, True),
    ('"Pain/therapy"[mh]', {"mesh": [Mesh("D1", "Pain", qualifiers=[("Q", "therapy", False)])]}, True),
    ('"Pain/therapy"[mh]', {"mesh": [Mesh("D1", "Pain", qualifiers=[("Q", "etiology", False)])]}, False),
    ('"Pain/therapy"[majr]', {"mesh": [Mesh("D1", "Pain", major=True, qualifiers=[("Q", "therapy", False)])]}, False),
    ("therapy[sh]", {"mesh": [Mesh("D1", "Pain", qualifiers=[("Q", "therapy", False)])]}, True),
    ("therapy[sh]", {"title": "therapy"}, False),
    ("Review[pt]", {"publication_types": [("D1", "Review")]}, True),
    ("Review[pt]", {"publication_types": [("D1", "Systematic Review")]}, False),
    # people and places
    ("Deer TR[au]", {"authors": [Author("Deer", "Timothy R", "TR")]}, True),
    ("Deer T[au]", {"authors": [Author("Deer", "Timothy R", "TR")]}, True),
    ('"Deer T"[au]', {"authors": [Author("Deer", "Timothy R", "TR")]}, False),
    ("Deer[au]", {"authors": [Author("Deer", "Timothy R", "TR")]}, True),
    ("Dee[au]", {"authors": [Author("Deer", "Timothy R", "TR")]}, False),
    ("van der Berg A[au]", {"authors": [Author("van der Berg", "", "AB")]}, True),
    ("Muller[1au]", {"authors": [Author("North"), Author("Müller")]}, False),
    ("Muller[lastau]", {"authors": [Author("North"), Author("Müller")]}, True),
    ("Neuromodulation[ta]", {"journal_abbreviation": "Neuromodulation"}, True),
    ("Neuromodulation[ta]", {"journal": "Neuromodulation : journal of"}, False),
    ('"1094-7159"[ta]', {"issns": [("1094-7159", "Print")]}, True),
    ("english[la]", {"languages": ["eng"]}, True),
    ("eng[la]", {"languages": ["ger"]}, False),
    # dates: in print or electronically; a missing month is January
    ("2014[dp]", {"publication_date": "2014-07"}, True),
    ("2014[dp]", {"publication_date": "2015", "electronic_date": "2014-12-30"}, True),
    ("2014/07[dp]", {"publication_date": "2014-07-03"}, True),
    ("2014/08[dp]", {"publication_date": "2014-07-03"}, False),
    ("2014/06:2014/08[dp]", {"publication_date": "2014-07"}, True),
    ("2014/06:3000[dp]", {"publication_date": "2014"}, False),
    ('"2010"[dp] : "2013"[dp]', {"publication_date": "2014"}, False),
    ("2014[dp]", {}, False),
    # identifiers
    ("1[pmid]", {}, True),
    ("2:9[uid]", {}, False),
    ("10.5555/A(1)[doi]", {"doi": "10.5555/a(1)"}, True),
    ("S0304-3959(20)30001-1[aid]", {"electronic_id": "S0304-3959(20)30001-1"}, True),
    ("e13267[pg]", {"pages": "e13267"}, True),
    ("574[pg]", {"pages": "574-84"}, True),
]


@pytest.mark.parametrize(("query", "fields", "found"), FIELD_CASES)
def test_fields(query: str, fields: dict[str, object], found: bool) -> None:
    query = query.replace("10.5555/A(1)", '"10.5555/A(1)"').replace("S0304-3959(20)30001-1", '"S0304-3959(20)30001-1"')
    assert finds(query, record(**fields)) is found


def test_operators_are_applied_from_left_to_right() -> None:
    one = record(title="a")
    assert not finds("a[ti] OR b[ti] AND c[ti]", one)
    assert finds("a[ti] OR (b[ti] AND c[ti])", one)
    assert finds("a[ti] NOT b[ti] OR c[ti]", one) and not finds("c[ti] OR a[ti] NOT a[ti]", one)
    assert not finds("a[ti] b[ti]", one) and finds("a[ti] AND NOT b[ti]", one)


NOT_HERE = [
    ("a[ti] OR\npain", 2, "no field tag"),
    ("a[ti] OR\nlast 5 years[dp]", 2, "write a date"),
    ("a[ti]\nAND humans[filter]", 2, "without PubMed"),
    ("a[ti]\nAND pain[tw]", 2, "without PubMed"),
    ("a[ti]\nAND pain[all]", 2, "without PubMed"),
    ("a[ti] OR\n\n spinal cord[tiab]", 3, 'write "spinal cord"[tiab]'),
    ('"spin* cord"[tiab]', 1, "end of the last word"),
    ("pai*[tiab]", 1, "fewer than 4 signs"),
    ("Pain*[mh]", 1, "headings"),
    ("Deer, Timothy[au]", 1, "Deer TR"),
    ("klingon[la]", 1, "not known here"),
    ("a:b[ti]", 1, "range"),
    ("x[doi]", 1, "no DOI"),
    ("1 2[pmid]", 1, "one PMID"),
]


@pytest.mark.parametrize(("query", "line", "reason"), NOT_HERE)
def test_what_cannot_be_evaluated_is_named_with_its_line(query: str, line: int, reason: str) -> None:
    with pytest.raises(NotEvaluated, match=reason.replace("[", r"\[")) as caught:
        compile_query(query)
    assert caught.value.line == line


@pytest.mark.parametrize("query", ["a[ti] OR NOT b[ti]", "NOT a[ti]", "(" * 200 + "a[ti]" + ")" * 200, "1[dp]:2[ti]"])
def test_what_is_no_search_is_refused(query: str) -> None:
    with pytest.raises(Flaw):
        compile_query(query)


def test_a_topic_names_file_and_line(tmp_path: Path) -> None:
    path = tmp_path / "odd.yml"
    path.write_text("title: Odd\nmodality: scs\nquery: |\n  # a comment\n  a[ti] OR\n  b[tw]\n")
    (topic,) = load_topics(tmp_path)
    with pytest.raises(InputError, match=r"odd\.yml:6: the field of b\[tw\]"):
        compile_topic(topic)
    path.write_text("title: Odd\nmodality: scs\nquery: |\n  # a comment\n  a[ti] OR\n  b[mh]\n")
    (topic,) = load_topics(tmp_path)
    _, notes = compile_topic(topic)
    assert notes == ["odd.yml:6: without NLM's descriptor file, what is narrower than these is left out: b[mh]"]


DESCRIPTORS = """<?xml version="1.0"?>
<!DOCTYPE DescriptorRecordSet SYSTEM "https://www.nlm.nih.gov/databases/dtd/nlmdescriptorrecordset_20260101.dtd">
<DescriptorRecordSet LanguageCode="eng">{}</DescriptorRecordSet>"""
QUALIFIERS = '<QualifierRecordSet LanguageCode="eng">{}</QualifierRecordSet>'


def heading(name: str, tree: str, *entries: str, kind: str = "Descriptor") -> str:
    terms = "".join(f"<Term><String>{entry}</String></Term>" for entry in (name, *entries))
    return (
        f"<{kind}Record><{kind}UI>D0</{kind}UI><{kind}Name><String>{name}</String></{kind}Name><TreeNumberList>"
        f"<TreeNumber>{tree}</TreeNumber></TreeNumberList><ConceptList><Concept><TermList>{terms}</TermList></Concept>"
        f"</ConceptList></{kind}Record>"
    )


@pytest.fixture
def mesh(tmp_path: Path) -> Headings:
    pain = [
        heading("Pain", "C23.888", "Ache", "Suffering, Physical"),
        heading("Chronic Pain", "C23.888.1"),
        heading("Widespread Chronic Pain", "C23.888.1.5"),
        heading("Painless Thing", "C23.8881"),
    ]
    with gzip.open(tmp_path / "desc2026.gz", "wt") as file:
        file.write(DESCRIPTORS.format("".join(pain)))
    qualifiers = [
        heading("therapy", "Y08", kind="Qualifier"),
        heading("drug therapy", "Y08.020", kind="Qualifier"),
    ]
    (tmp_path / "qual2026.xml").write_text(QUALIFIERS.format("".join(qualifiers)))
    return load_mesh([tmp_path / "desc2026.gz", tmp_path / "qual2026.xml"])


@pytest.mark.parametrize(
    ("query", "name", "found"),
    [
        ("Pain[mh]", "Widespread Chronic Pain", True),
        ("Pain[mh:noexp]", "Widespread Chronic Pain", False),
        ("Pain[mh:noexp]", "Pain", True),
        ("Ache[mh]", "Chronic Pain", True),
        ("Pain[mh]", "Painless Thing", False),
        ('"Chronic Pain"[mh]', "Pain", False),
        ("Unheard of[mh]", "Unheard of", True),
    ],
)
def test_headings_come_with_narrower_ones(mesh: Headings, query: str, name: str, found: bool) -> None:
    assert finds(query, record(mesh=[Mesh("D1", name)]), mesh) is found


def test_subheadings_come_with_narrower_ones(mesh: Headings) -> None:
    under = record(mesh=[Mesh("D1", "Pain", qualifiers=[("Q", "drug therapy", False)])])
    assert finds("therapy[sh]", under, mesh) and not finds("therapy[sh:noexp]", under, mesh)
    assert finds('"Pain/therapy"[mh]', under, mesh) and not finds("therapy[sh]", under)


def test_what_the_descriptor_file_lacks_is_told(mesh: Headings) -> None:
    assert compile_query("Pain[mh]", mesh).notes == []
    (note,) = compile_query("Pain[mh] OR\nUnheard of[mh]", mesh).notes
    assert note[0] == 2 and "Unheard of[mh] is no heading" in note[1]


@pytest.mark.parametrize("content", [b"", b"<html/>", b"\x1f\x8bcut", b"<DescriptorRecordSet><Descr"])
def test_what_is_no_descriptor_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "desc2026.xml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"desc2026\.xml"):
        load_mesh([path])


def test_the_tree_is_as_written() -> None:
    tree = parse_expression('a[ti] OR "b c"[tiab:~2]\nNOT 1:2[uid]')
    assert list(terms_of(tree)) == [
        Term("a", "title", 1, written_tag="[ti]"),
        Term("b c", "title/abstract", 1, True, "~2", written_tag="[tiab:~2]"),
        Term("2", "pmid", 2, low="1", written_tag="[uid]"),
    ]
    assert [operator for operator, _ in tree.rest] == ["OR", "NOT"]
