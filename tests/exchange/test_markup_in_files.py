"""Character references and markup are undone alike in every format, and never part an author."""

from __future__ import annotations

import json

import pytest

from evidence.exchange.reading import read_records

TITLE, PLAIN_TITLE = "Pain &amp; <scp>SCS</scp>: 10<sup>3</sup> &#945;2 caf&eacute;", "Pain & SCS: 10³ α2 café"
NAMES, PLAIN_NAMES = ["O&apos;Neill, Sean", "Vogt, Petra"], ["O'Neill S", "Vogt P"]
JOURNAL, PLAIN_JOURNAL = "Pain &amp; Nerve Studies", "Pain & Nerve Studies"
ABSTRACT = (
    "<jats:title>Abstract</jats:title><jats:sec><jats:title>Background</jats:title><jats:p>Burst is new.</jats:p>"
    "</jats:sec><jats:sec><jats:title>Methods</jats:title><jats:p>We asked 62 people (p&lt;0.05).</jats:p></jats:sec>"
)
SECTIONS = [("Background", "Burst is new."), ("Methods", "We asked 62 people (p<0.05).")]
DOI = "10.1130/2009.2460(02)"


def _quoted(value: str) -> str:
    return '"' + value.replace('"', '""') + '"'


FILES = {
    "ris": "TY  - JOUR\n" + "".join(f"AU  - {name}\n" for name in NAMES)
    + f"TI  - {TITLE}\nPY  - 2019\nT2  - {JOURNAL}\nAB  - {ABSTRACT}\nDO  - {DOI}\nER  - \n",
    "bibtex": f"@article{{a, title={{{TITLE}}}, author={{{' and '.join(NAMES)}}}, journal={{{JOURNAL}}}, year=2019,"
    f" abstract={{{ABSTRACT}}}, doi={{{DOI}}}}}",
    "enw": "%0 Journal Article\n" + "".join(f"%A {name}\n" for name in NAMES)
    + f"%T {TITLE}\n%D 2019\n%J {JOURNAL}\n%X {ABSTRACT}\n%R {DOI}\n",
    "csl-json": json.dumps([{
        "type": "article-journal", "title": TITLE, "container-title": JOURNAL, "DOI": DOI, "abstract": ABSTRACT,
        "issued": {"date-parts": [[2019]]},
        "author": [dict(zip(("family", "given"), name.split(", "), strict=True)) for name in NAMES]}]),
    "csv": "Title,Authors,Year,Journal,Abstract,DOI\n"
    + ",".join(map(_quoted, (TITLE, "; ".join(NAMES), "2019", JOURNAL, ABSTRACT, DOI))) + "\n",
    "nbib": "PMID- 81234567\n" + f"TI  - {TITLE}\n" + "".join(f"FAU - {name}\n" for name in NAMES)
    + f"DP  - 2019\nJT  - {JOURNAL}\nAB  - {ABSTRACT}\nLID - {DOI} [doi]\n",
    "jsonl": json.dumps({"id": "a", "title": TITLE, "authors": NAMES, "year": 2019, "journal": JOURNAL,
                         "abstract": ABSTRACT, "doi": DOI}),
}  # fmt: skip


@pytest.mark.parametrize("kind", FILES)
def test_a_file_of_every_format(kind: str) -> None:
    found = read_records(FILES[kind].encode())
    assert found.format == kind and not found.problems
    [(record, _)] = found.records
    assert record.title == PLAIN_TITLE
    assert [author.name for author in record.authors] == PLAIN_NAMES
    assert (record.journal, record.doi) == (PLAIN_JOURNAL, DOI)
    assert [(section.label, section.text) for section in record.abstract] == SECTIONS


def test_numbers_of_affiliations_are_no_part_of_a_name() -> None:
    text = "TY  - JOUR\nTI  - T\nAU  - Vogt, Petra<sup>1,2</sup>\nER  - \n"
    [(record, _)] = read_records(text.encode()).records
    assert [author.name for author in record.authors] == ["Vogt P"]
