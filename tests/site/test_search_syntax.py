"""What may be typed into the search box: a table of how each form is understood, and what is refused."""

from __future__ import annotations

import doctest
from typing import Any

import pytest

from evidence.derive import index_words
from evidence.library import fields, syntax
from evidence.library.syntax import MAX_DEPTH, MAX_TERMS, QueryError, parse

UNDERSTOOD = [
    # Words, phrases, minus: as ever.
    ("burst pain", "burst AND pain"),
    ('"back pain" relief', '"back pain" AND relief'),
    ("burst -cancer", "burst NOT cancer"),
    ('-"back pain"', 'NOT "back pain"'),
    ("burst OR tonic", "burst OR tonic"),
    ("high-frequency", "high-frequency"),
    ("and not or", "and AND not AND or"),
    ("50% n=11", "50% AND n=11"),
    ("", "None"),
    ('!!! --- "" _', "None"),
    # Brackets, and what binds first: side by side, then from left to right.
    ("(a OR b) AND (c OR d)", "(a OR b) AND (c OR d)"),
    ("(a AND b) OR (c AND d)", "(a AND b) OR (c AND d)"),
    ("a NOT (b OR c)", "a NOT (b OR c)"),
    ("a AND NOT (b OR c)", "a NOT (b OR c)"),
    ("a OR NOT b", "a OR NOT b"),
    ("NOT a", "NOT a"),
    ("NOT (a OR b) AND c", "c NOT (a OR b)"),
    ("a OR b AND c", "(a OR b) AND c"),
    ("a AND b OR c", "(a AND b) OR c"),
    ("a OR b c", "a OR (b AND c)"),
    ("a b OR c", "(a AND b) OR c"),
    ("a b NOT c d", "(a AND b) NOT (c AND d)"),
    ("a (b OR c) d", "a AND (b OR c) AND d"),
    ("(((a)))", "a"),
    ("((a OR b) c) NOT ((d))", "((a OR b) AND c) NOT d"),
    ("NOT(a)AND(b)", "b NOT a"),
    ("a OR -b c", "(a OR c) NOT b"),
    ("-(a OR b) c", "c NOT (a OR b)"),
    ("(a -b) OR c", "(a NOT b) OR c"),
    ("a() b", "a AND b"),
    # Quotation marks of word processors and other languages.
    ("“back pain” relief", '"back pain" AND relief'),
    ("„back pain“", '"back pain"'),
    ("«back pain»", '"back pain"'),
    ("»back pain«", '"back pain"'),
    ("”back pain”", '"back pain"'),
    ("‘back pain’ relief", '"back pain" AND relief'),
    ("‚back pain‘", '"back pain"'),
    ("（burst OR tonic） pain", "(burst OR tonic) AND pain"),
    ("Crohn’s and patients’ pain", "Crohn’s AND and AND patients AND pain"),
    ("Crohn's", "Crohn's"),
    ("burst –tonic", "burst NOT tonic"),
    ("burst – tonic", "burst AND tonic"),
    ('"unclosed phrase', '"unclosed phrase"'),
    # Signs of other systems and of texts.
    ("a + b", "a AND b"),
    ("+burst +tonic", "+burst AND +tonic"),
    ("^x y~2", "^x AND y~2"),
    ("lead(s) and electrode(s)", "lead AND and AND electrode"),
    ("NEAR(a b)", "NEAR AND (a AND b)"),
    ("2:1 ratio: high", "2:1 AND ratio AND high"),
    ("[A new needle for X].", "A AND new AND needle AND for AND X"),
    ("ψυχή 疼痛 naïve", "ψυχή AND 疼痛 AND naïve"),
    ("OR burst OR", "burst"),
    ("a OR OR b", "a OR b"),
    ("a AND OR b", "a OR b"),
    # Stars.
    ("neuro*", "neuro*"),
    ('"spinal cord stim*"', '"spinal cord stim"*'),
    ('"spinal cord stim"*', '"spinal cord stim"*'),
    ("high-freq*", "high-freq*"),
    # PubMed's tags and prefixes.
    ("burst[tiab] AND relief[tiab]", "burst AND relief"),
    ("burst [TIAB]", "burst"),
    ("burst[Title/Abstract]", "burst"),
    ("burst tonic[ti]", "title:burst AND title:tonic"),
    ('"burst tonic"[Title] relief', 'title:"burst tonic" AND relief'),
    ("(burst OR tonic)[ti]", "title:burst OR title:tonic"),
    ("relief -burst[ti]", "relief NOT title:burst"),
    ("Example AB[au] 2019", 'author:"Example AB" AND 2019'),
    ("Example AB[Author] AND Sample C[1au]", 'author:"Example AB" AND author:"Sample C"'),
    ("Pain Loft[ta]", 'journal:"Pain Loft"'),
    ("spinal cord stimulation[mh:noexp]", 'mesh:"spinal cord stimulation"'),
    ('"Failed Back Surgery Syndrome"[MeSH Terms]', 'mesh:"Failed Back Surgery Syndrome"'),
    ("english[la] AND review[pt]", "language:english AND type:review"),
    ("2015:2019[dp]", "year:2015:2019"),
    ('"2015/01/01"[Date - Publication] : "2019/12/31"[Date - Publication]', "year:2015:2019"),
    ("2016/03[pdat]", "year:2016:2016"),
    ('"burst relief"[tiab:~3]', '"burst relief"~3'),
    ("burst[zz]", "burst AND zz"),
    ("[ti] burst", "burst"),
    ("author:example", "author:example"),
    ('author:"Example AB" burst', 'author:"Example AB" AND burst'),
    ("journal:pain title:lead", "journal:pain AND title:lead"),
    ("year:2015-2019", "year:2015:2019"),
    ("author: example", "author:example"),
    ("Title: a trial", "title:a AND trial"),
    ("the title: (a OR b)", "the AND title AND (a OR b)"),
    # Identifiers.
    ("55300001", "id:55300001"),
    ("55300001 55300003", "id:55300001 OR id:55300003"),
    ("55300001,55300003; 55300004", "id:55300001 OR id:55300003 OR id:55300004"),
    ("PMID: 55300001", "id:55300001"),
    ("PMID55300001", "id:55300001"),
    ("pmid:101", "id:101"),
    ("burst 55300001 55300003", "burst AND (id:55300001 OR id:55300003)"),
    ("55300001 AND 55300003", "id:55300001 AND id:55300003"),
    ("pmc7799001", "id:PMC7799001"),
    ("PMCID: PMC7799001", "id:PMC7799001"),
    ("10.5555/Loft.1", "id:10.5555/loft.1"),
    ("(doi:10.5555/loft.1)", "id:10.5555/loft.1"),
    ("https://doi.org/10.5555/loft.1.", "id:10.5555/loft.1"),
    ("10.5555/(SICI)22:11<15::AID-X>3.0.CO;2-3 burst", "id:10.5555/(sici)22:11<15::aid-x>3.0.co;2-3 AND burst"),
    ("https://pubmed.ncbi.nlm.nih.gov/55300001/?x=1 burst", "id:55300001 AND burst"),
    ("10.5555/loft.1[doi]", "id:10.5555/loft.1"),
    ("1,200 patients in 2019", "1,200 AND patients AND in AND 2019"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "understood"), UNDERSTOOD, ids=[typed for typed, _ in UNDERSTOOD])
def test_understood(typed: str, understood: str) -> None:
    assert str(parse(typed).tree) == understood


REFUSED = [
    ("(burst", "is not closed"),
    ("((burst)", "is not closed"),
    ("(((", "is not closed"),
    ("burst)", "was never opened"),
    ("1) burst", "was never opened"),
    (")(", "was never opened"),
    ("a* OR b*", "at least three letters"),
    ("ab*", "at least three letters"),
    ("high-f*", "at least three letters"),
    ('"spinal st*"', "at least three letters"),
    ("st*m", "only at the end"),
    ("*stim", "only at the end"),
    ('"spinal* cord"', "only at the end"),
    ("burst[ad]", "affiliation"),
    ("humans[Filter]", "filter"),
    ("free full text[sb]", "subset"),
    ("burst[dp]", "is no year"),
    ("year:20x6", "is no year"),
    ("word " * (MAX_TERMS + 1), f"more than {MAX_TERMS} words"),
    ("(" * 450 + "a" + ")" * 450, f"more than {MAX_DEPTH} brackets"),
]


@pytest.mark.parametrize(("typed", "reason"), REFUSED, ids=[typed[:30] for typed, _ in REFUSED])
def test_refused_with_a_reason(typed: str, reason: str) -> None:
    with pytest.raises(QueryError, match=reason):
        parse(typed)


TOLD = [
    ("burst OR", "OR was left out"),
    ("AND burst", "AND was left out"),
    ("a AND OR b", "AND OR was taken as OR"),
    ("a - b", "Left out, because no letter or digit is in it: -"),
    ("a | b", "no letter or digit"),
    ("()", "Empty brackets"),
    ('"burst', "quotation mark is not closed"),
    ("burst or tonic", "“or” in small letters"),
    ("burst not tonic", "“not” in small letters"),
    ("wom?n", "no wildcards"),
    ("stimulat$", "no wildcards"),
    ("burst[zz]", "no field that is known here"),
    ("spinal cord[mh]", "without the narrower headings"),
    ("Example A[1au]", "First and last authors"),
    ("Example et al. 2016", "“et al.” was left out"),
]


@pytest.mark.parametrize(("typed", "note"), TOLD, ids=[typed for typed, _ in TOLD])
def test_what_was_left_out_or_taken_otherwise_is_told(typed: str, note: str) -> None:
    assert any(note in told for told in parse(typed).notes)


@pytest.mark.parametrize("typed", ["burst pain", "(a OR b) c", "stimulat* -x", "Burst, tonic; and more.", "author:x"])
def test_plain_searches_have_nothing_to_tell(typed: str) -> None:
    assert parse(typed).notes == ()


@pytest.mark.parametrize("module", [fields, index_words, syntax], ids=lambda module: module.__name__)
def test_examples_in_docstrings(module: Any) -> None:
    result = doctest.testmod(module)
    assert result.attempted and not result.failed
