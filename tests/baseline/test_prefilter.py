"""What the prefilter lets through holds every record that a search finds, however its XML is spelled."""

from __future__ import annotations

import gzip
import io
import random
import re
from pathlib import Path

import pytest

pytest.importorskip("hyperscan", reason="pip install 'neuromodulation-evidence[baseline]'")

from evidence.baseline.prefilter import Prefilter
from evidence.exchange.pubmed import parse_record
from evidence.exchange.pubmed.stream import AnswerError, cut_answer
from evidence.topics import compile_topic, load_topics
from evidence.topics.evaluate import Selector, compile_query
from evidence.topics.facts import Facts

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared" / "pubmed"
TOPICS = load_topics(ROOT / "queries" / "topics")
ARTICLE = (
    '<PubmedArticle><MedlineCitation Status="MEDLINE"><PMID Version="1">{pmid}</PMID><Article><Journal><JournalIssue>'
    "<PubDate><Year>2020</Year></PubDate></JournalIssue><Title>Pain</Title></Journal><ArticleTitle>{title}</ArticleTitle>"
    "<Abstract><AbstractText>{abstract}</AbstractText></Abstract><AuthorList><Author><LastName>{author}</LastName>"
    "<Initials>A</Initials></Author></AuthorList><Language>eng</Language></Article></MedlineCitation><PubmedData>"
    '<ArticleIdList><ArticleId IdType="pubmed">{pmid}</ArticleId></ArticleIdList><ReferenceList><Reference><Citation>'
    "{cited}</Citation></Reference></ReferenceList></PubmedData></PubmedArticle>"
)


def article(pmid: int = 1, title: str = "x", abstract: str = "y", author: str = "North", cited: str = "z") -> bytes:
    return ARTICLE.format(pmid=pmid, title=title, abstract=abstract, author=author, cited=cited).encode()


def article_set(records: list[bytes], end: bytes = b"</PubmedArticleSet>") -> bytes:
    return (
        b'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE PubmedArticleSet>\n<PubmedArticleSet>\n'
        + b"\n".join(records)
        + end
    )


def found_by(selectors: list[Selector], xml: bytes) -> bool:
    try:
        facts = Facts(parse_record(xml))
    except ValueError:
        return False
    return any(selector.selects(facts) for selector in selectors)


def passed(selectors: list[Selector], data: bytes) -> list[bytes]:
    return [xml for name, xml in Prefilter(selectors).candidates(io.BytesIO(data)) if name.startswith("Pubmed")]


def selected_both_ways(selectors: list[Selector], data: bytes) -> tuple[list[bytes], list[bytes]]:
    through = [xml for xml in passed(selectors, data) if found_by(selectors, xml)]
    everything = [xml for name, xml in cut_answer(data) if name.startswith("Pubmed") and found_by(selectors, xml)]
    return through, everything


SPELLINGS = [
    "spinal cord stimulation",
    "SPINAL CORD STIMULATION",
    "Spinal-Cord&#x2013;Stimulation",
    "spinal&#xa0;cord\u2009stimulation",
    "spinal cord stimul&#97;tion",
    "spinal cord stimul&#x61;tion",
    "spinal cord stimul&#x000061;tion",
    "&#115;pinal cord stimulatio&#110;",
    "&#115;&#112;&#105;&#110;&#97;&#108; cord stimulation",
    "sp\u00edn\u00e1l c\u00f3rd st\u00efm\u00fblation",
    "sp&#xed;nal cord stimulation",
    "spina&#xAD;l cord stimulation",
    "spina\u00adl co\u200drd stimulation",
    "spina&#x200d;l cord stimulation",
    "<i>spinal</i> cord stimulation",
    "spi<i>nal</i> cord stimulation",
    "spi<sub>n</sub>al cord stimulation",
    "s<b><u>pinal</u></b> cord stimulation",
    "spinal <i>cord</i>stimulation",
    "spinal cord stimul<!-- x -->ation",
    "spinal cord stimul<?x y?>ation",
    "spinal cord <![CDATA[stimulation]]>",
    "\uff53pinal cord stimulation",
    "spinal cord \ufb02 stimulation spinal cord stimulation",
    "spinal cord stimulation and <mml:math xmlns:mml='http://www.w3.org/1998/Math/MathML'><mml:mi>x</mml:mi></mml:math>",
    "spinal co<DispFormula>rd</DispFormula> stimulation",
    "spinal &amp; cord stimulation",
]


@pytest.mark.parametrize("spelled", SPELLINGS)
@pytest.mark.parametrize("where", ["title", "abstract"])
def test_no_spelling_loses_a_record(spelled: str, where: str) -> None:
    selectors = [compile_query('"spinal cord stimulation"[tiab]')]
    records = [article(n) for n in range(2, 30)]
    records.insert(7, article(1, **{where: spelled}))
    through, everything = selected_both_ways(selectors, article_set(records))
    assert through == everything
    assert len(everything) == (0 if spelled == "spinal <i>cord</i>stimulation" else 1)
    assert len(passed(selectors, article_set(records))) <= 1


GREEK = [
    ('"tnf alpha"[tiab]', "TNF-\u03b1"),
    ('"tnf alpha"[tiab]', "TNF-&#x3b1;"),
    ('"tnf alpha"[tiab]', "TNF-&#945;"),
    ('"10 3"[tiab] OR 103[tiab]', "10<sup>3</sup>"),
    ("m2[tiab]", "m<sup>2</sup>"),
    ("m2[tiab]", "m\u00b2"),
    ("m2[tiab]", "m&#xB2;"),
    ("fish[tiab]", "\ufb01sh"),
    ("kelvin[tiab]", "\u212aelvin"),
]


@pytest.mark.parametrize(("query", "text"), GREEK)
def test_letters_that_are_read_as_others(query: str, text: str) -> None:
    through, everything = selected_both_ways(
        [compile_query(query)], article_set([article(2), article(1, title=text), article(3)])
    )
    assert through == everything and len(everything) == 1


def test_what_it_leaves_out() -> None:
    """Cited works and authors are not read by a search for words; a search for people reads authors."""
    words = [compile_query("stimulation[tiab]")]
    assert passed(words, article_set([article(1, cited="stimulation"), article(2, author="Stimulation")])) == []
    people = [compile_query("Muller[au]")]
    data = article_set([article(1, author="M\u00fcller"), article(2, author="M&#xfc;ller"), article(3)])
    assert selected_both_ways(people, data)[0] == selected_both_ways(people, data)[1]
    assert len(passed(people, data)) == 2


def test_without_words_every_record_goes_through() -> None:
    data = article_set([article(1), article(2)])
    assert len(passed([compile_query("2020[dp]")], data)) == 2
    assert passed([], data) == []


STRUCTURES = [
    article_set([]),
    article_set([article(1, title="stimulation")]),
    article_set([article(1), b"<!-- </PubmedArticle> -->", article(2, title="stimulation")]),
    article_set([article(1), b"<PubmedArticle/>", article(2, title="stimulation")]),
    article_set([article(1, cited="<!-- </PubmedArticle> -->"), article(2, title="stimulation")]),
    article_set([article(1, abstract="stimulation <AuthorList>"), article(2, title="stimulation")]),
    article_set([article(1), b"<DeleteCitation><PMID>9</PMID></DeleteCitation>", article(2, title="stimulation")]),
    article_set([article(1)]) + article_set([article(2, title="stimulation")]),
    article_set([article(1), b"<PubmedBookArticle><BookDocument><PMID>5</PMID><ArticleTitle>stimulation</ArticleTitle>"
                 b"<Book><BookTitle>z</BookTitle></Book></BookDocument></PubmedBookArticle>", article(2)]),
    article_set([article(1, title="stimulation").replace(b"<PubmedArticle>", b'<PubmedArticle a="b">')]),
    article_set([article(n, title="stimulation" if n % 500 == 0 else "x", abstract="y " * 900) for n in range(1, 900)]),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(STRUCTURES)))
def test_whatever_stands_between_records(number: int) -> None:
    data, selectors = STRUCTURES[number], [compile_query("stimulation[tiab]")]
    through, everything = selected_both_ways(selectors, data)
    assert through == everything
    others = [found for found in cut_answer(data) if not found[0].startswith("Pubmed")]
    assert [f for f in Prefilter(selectors).candidates(io.BytesIO(data)) if not f[0].startswith("Pubmed")] == others


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html/>",
        article_set([article(1)], end=b""),
        article_set([article(1)])[:-60],
        article_set([article(1), b"<ERROR>busy</ERROR>"]),
        b'<?xml version="1.0" encoding="latin-1"?>' + article_set([article(1)])[39:],
    ],
)
def test_a_file_that_is_not_whole_is_told(data: bytes) -> None:
    with pytest.raises(AnswerError):
        list(cut_answer(data))
    with pytest.raises(AnswerError):
        passed([compile_query("stimulation[tiab]")], data)


def mutated(text: str, dice: random.Random) -> str:
    """Some letters of a text spelled otherwise: as references, accented, with tags, joiners or case."""
    ways = [
        lambda c: f"&#{ord(c)};",
        lambda c: f"&#x{ord(c):X};",
        lambda c: f"<i>{c}</i>",
        lambda c: f"{c}<sup>",
        lambda c: c.upper(),
        lambda c: {"a": "\u00e1", "e": "\u00e9", "n": "\u00f1"}.get(c, c),
        lambda c: c + "\u00ad",
        lambda c: c + "\u0301",
        lambda c: chr(ord(c) + 0xFEE0),
    ]
    out = "".join(dice.choice(ways)(c) if c.isalpha() and dice.random() < 0.08 else c for c in text)
    return out.replace("<sup>", "<sup></sup>")


@pytest.mark.parametrize("seed", range(40))
def test_random_spellings_select_what_parsing_everything_selects(seed: int) -> None:
    dice = random.Random(seed)
    selectors = [compile_topic(topic)[0] for topic in TOPICS]
    phrases = [re.sub(r"\W+$", "", phrase) for topic in TOPICS for phrase in re.findall(r'"([^"]+)"', topic.query)]
    records = []
    for pmid in range(1, 80):
        text = " ".join(dice.choice([*phrases, "pain", "of the", "chronic"]) for _ in range(dice.randint(1, 6)))
        records.append(article(pmid, mutated(text, dice), mutated(text[::-1], dice), cited=dice.choice(phrases)))
    through, everything = selected_both_ways(selectors, article_set(records))
    assert through == everything and everything


@pytest.mark.shared
@pytest.mark.skipif(not SHARED.is_dir(), reason="needs ../shared/pubmed")
@pytest.mark.parametrize(
    "queries",
    [
        [topic.written for topic in TOPICS],
        ['pain[ti] AND (randomized[tiab] OR "Randomized Controlled Trial"[pt])'],
        ["opioid*[tiab] NOT review[pt]", '"low back pain"[mh:noexp]', "Smith[au]", "fre[la]"],
        ['"neuropathic pain"[tiab:~3]', '"quality life"[tiab:~2]'],
    ],
    ids=["topics", "trials", "several", "near"],
)
def test_real_files_select_what_parsing_everything_selects(queries: list[str]) -> None:
    selectors = [compile_query(query) for query in queries]
    for path in sorted(SHARED.glob("*.xml.gz"))[:4]:
        through, everything = selected_both_ways(selectors, gzip.decompress(path.read_bytes()))
        assert through == everything
