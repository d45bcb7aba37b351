"""Writing: what our own readers get back, what other programs' readers get, and hostile text."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import bibtexparser
import pytest
import rispy
from Bio import Medline
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from pylatexenc.latex2text import LatexNodes2Text
from samples import NBIB

from evidence.bibliography.normal import normal_pages
from evidence.errors import UsageError
from evidence.exchange.bibtex_out import citation_key
from evidence.exchange.pubmed import read_article_set
from evidence.exchange.reading import read_records
from evidence.exchange.writing import FORMATS, write_records
from evidence.markup import decode_references
from evidence.record import Author, Record, Section

HOSTILE = "50% of $5 & \\alpha_1 #{unbalanced} ^~ <script>alert('x')</script> \"quoted\"; =1+1 — é ß 日本"


def sample(**changes: Any) -> Record:
    record = read_records(NBIB.encode()).records[0][0]
    for name, value in changes.items():
        setattr(record, name, value)
    return record


def written(records: list[Record], kind: str) -> str:
    return "".join(write_records(iter(records), kind))


def back(records: list[Record], kind: str) -> list[Record]:
    imported = read_records(written(records, kind).encode())
    assert imported.problems == [] and imported.format == kind
    return [record for record, _ in imported.records]


def flat(record: Record) -> str:
    return " ".join(f"{s.label}: {s.text}" if s.label else s.text for s in record.abstract)


def names(record: Record) -> list[str]:
    return [author.name for author in record.authors]


def short(record: Record) -> list[str]:
    return [author.collective or f"{author.family} {author.initials[:1]}" for author in record.authors]


# What a format keeps of a record, beside what all keep.
COMMON: dict[str, Callable[[Record], Any]] = {
    "title": lambda r: " ".join(r.title.split()),
    "doi": lambda r: r.doi,
    "pmid": lambda r: r.pmid,
    "year": lambda r: r.year,
    "journal": lambda r: r.journal,
    "volume": lambda r: r.volume,
    "issue": lambda r: r.issue,
    "first page": lambda r: normal_pages(r.pages)[0],
    "abstract": lambda r: " ".join(flat(r).split()),
    "authors": names,
}


@pytest.mark.parametrize("kind", FORMATS)
def test_our_own_readers_get_it_back(kind: str) -> None:
    record = sample()
    [again] = back([record], kind)
    for name, of in COMMON.items():
        assert of(again) == of(record), name
    assert again.keywords[:2] == ["invention", "nothing"]
    assert again.pmcid == "PMC9000001"
    if kind != "csv":
        assert again.publication_date == "2014-08"


def test_nbib_loses_nothing_that_it_can_say() -> None:
    record = sample()
    [again] = back([record], "nbib")
    for name in ("authors", "abstract", "mesh", "publication_types", "databanks", "grants", "corrections", "nlm_id"):
        assert getattr(again, name) == getattr(record, name), name


@pytest.mark.parametrize("kind", FORMATS)
def test_hostile_text_comes_back_as_it_was(kind: str) -> None:
    record = Record(
        source="x", source_id="7", pmid="7", title=HOSTILE, abstract=[Section(HOSTILE)], journal="J & {Co}", year=2001,
        authors=[Author(family="O'Neil & Söhne", given="A_B"), Author(collective="Group {of} one and two")],
        keywords=["50%", "a_b"],
    )  # fmt: skip
    [again] = back([record], kind)
    assert again.title == HOSTILE and flat(again) == HOSTILE and again.journal == "J & {Co}"
    assert again.authors[0].family == "O'Neil & Söhne"
    assert again.authors[1].name == "Group {of} one and two"


@pytest.mark.parametrize("kind", FORMATS)
def test_a_line_break_in_a_field_cannot_begin_an_entry(kind: str) -> None:
    evil = "A\nER  - \nTY  - JOUR\nTI  - B\n\nPMID- 5\n}\n@article{x,\r\n"
    again = back([Record(source="x", title=evil, year=2001), Record(source="x", title="next", year=2002)], kind)
    assert len(again) == 2 and again[1].title == "next"


@pytest.mark.parametrize("kind", FORMATS)
def test_a_record_with_nothing_but_a_title(kind: str) -> None:
    [again] = back([Record(source="x", title="Only a title")], kind)
    assert (again.title, again.year, again.authors) == ("Only a title", None, [])


@pytest.mark.parametrize("kind", FORMATS)
def test_no_records_at_all(kind: str) -> None:
    text = written([], kind)
    assert text == "" or kind == "csv" or json.loads(text) == []


@pytest.mark.parametrize("kind", FORMATS)
def test_records_are_written_as_they_come(kind: str) -> None:
    """Streaming: the first piece is there before the second record is asked for."""
    asked = []

    def records() -> Any:
        for number in range(3):
            asked.append(number)
            yield Record(source="x", source_id=str(number), title=f"T{number}")

    pieces = write_records(records(), kind)
    next(pieces)
    assert len(asked) <= 1


def test_an_unknown_format_is_refused() -> None:
    with pytest.raises(UsageError, match="ris, bibtex"):
        written([], "docx")


# -- BibTeX ----------------------------------------------------------------------------------------------------------


def test_citation_keys_are_unique_and_do_not_depend_on_their_neighbours() -> None:
    one, other = sample(), sample(pmid="90000009", source_id="90000009")
    assert citation_key(one) == "muller2014_90000001"
    keys = re.findall(r"@\w+\{([^,]+),", written([one, other, sample()], "bibtex"))
    assert keys == ["muller2014_90000001", "muller2014_90000009", "muller2014_90000001x"]
    nameless = Record(source="x", title="日本")
    assert citation_key(nameless).startswith("anonymous_") and citation_key(nameless).isascii()


def test_braces_balance_whatever_a_title_holds() -> None:
    text = written([sample(title="}} } {{{ \\} {", abstract=[Section("}")])], "bibtex")
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        assert depth >= 0
    assert depth == 0


@pytest.mark.parametrize(
    "title",
    ["Costs--direct and indirect---of pain", "It''s ``quoted'' twice", "Which?` And so!` on", "A -- b - c", "pp. 1-9"],
)
def test_what_latex_would_set_as_another_sign_is_kept(title: str) -> None:
    text = written([sample(title=title, keywords=[title], pages="12-19")], "bibtex")
    [entry] = bibtexparser.parse_string(text).entries
    fields = {field.key: field.value for field in entry.fields}
    printed = LatexNodes2Text(keep_comments=True).latex_to_text(fields["title"])
    assert printed == title and fields["pages"] == "12--19"
    assert back([sample(title=title)], "bibtex")[0].title == title


# -- CSV -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cell", ["=HYPERLINK(1)", "+1", "-1", "@SUM(A1)", "=1+1"])
def test_no_cell_is_a_formula_to_a_spreadsheet(cell: str) -> None:
    rows = list(csv.DictReader(io.StringIO(written([Record(source="x", title=cell)], "csv"))))
    assert rows[0]["title"] == f"'{cell}"
    assert back([Record(source="x", title=cell)], "csv")[0].title == cell


# -- other programs' readers -----------------------------------------------------------------------------------------


def test_rispy_reads_our_ris() -> None:
    [entry] = rispy.loads(written([sample()], "ris").replace("\r\n", "\n"))
    assert entry["type_of_reference"] == "JOUR" and entry["doi"] == "10.1000/inv.1001"
    assert entry["authors"] == ["Müller, Ana B", "van der Berg, Jan", "Invented Study Group"]
    assert (entry["start_page"], entry["end_page"], entry["accession_number"]) == ("515", "50", "90000001")
    assert entry["secondary_title"].startswith("Neuromodulation")


def test_bibtexparser_reads_our_bibtex() -> None:
    library = bibtexparser.parse_string(written([sample(), sample(title=HOSTILE)], "bibtex"))
    assert len(library.failed_blocks) == 0 and len(library.entries) == 2
    fields = {field.key: field.value for field in library.entries[0].fields}
    assert fields["author"] == "Müller, Ana B and van der Berg, Jan and {Invented Study Group}"
    assert fields["pmid"] == "90000001" and fields["pages"] == "515--50; discussion 550"


def test_bio_medline_reads_our_nbib() -> None:
    [entry] = Medline.parse(io.StringIO(written([sample()], "nbib")))
    [expected] = Medline.parse(io.StringIO(NBIB.lstrip()))
    for tag in (
        "PMID",
        "TI",
        "AB",
        "FAU",
        "AU",
        "MH",
        "PT",
        "VI",
        "IP",
        "PG",
        "TA",
        "JT",
        "PMC",
        "SI",
        "OT",
        "JID",
        "CIN",
    ):
        assert entry[tag] == expected[tag], tag
    assert all(len(line) <= 90 for line in written([sample()], "nbib").splitlines())


def test_csl_json_is_what_the_schema_wants() -> None:
    [item] = json.loads(written([sample()], "csl-json"))
    assert item["type"] == "article-journal" and item["issued"] == {"date-parts": [[2014, 8]]}
    assert item["author"][0] == {"family": "Müller", "given": "Ana B"}
    assert item["author"][2] == {"literal": "Invented Study Group"}
    assert item["PMID"] == "90000001" and item["DOI"] == "10.1000/inv.1001" and isinstance(item["id"], str)


# -- properties and real records -------------------------------------------------------------------------------------

words = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp", "Zs", "Cn", "Co")), min_size=1, max_size=12
)
titles = st.lists(words, min_size=1, max_size=6).map(" ".join)


@pytest.mark.parametrize("kind", FORMATS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=titles)
def test_any_title_comes_back(kind: str, title: str) -> None:
    title = f"T {title} t"
    assume(decode_references(title) == title)  # a reader cannot know that "&ap;" was printed so
    [again] = back([Record(source="x", title=title, year=2001)], kind)
    assert again.title == title


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize(
    "names",
    [
        ["*Society for Pain, Stimulation and Research"], ["*Harbour Group; Hill Group"], ["*Oak and Elm"],
        ["*Oak & Elm"], ["*Gamma"], ["*Gamma B"], ["*Boston Scientific", "Vogt P"],
        ["*Society for Pain, Stimulation and Research", "Vogt P"], ["Vogt P", "*Harbour Group; Hill Group", "Lind K"],
        ["Vogt P", "*Oak and Elm"], ["*Alpha, Beta, Gamma Partners", "*Gamma"], ["Vogt P", "Lind K"],
        ["van den Berg P", "*HARBOUR"],
    ],
)  # fmt: skip
def test_groups_of_any_name_come_back(kind: str, names: list[str]) -> None:
    authors = [
        Author(collective=name[1:]) if name[0] == "*" else Author(family=name[:-2], given=name[-1], initials=name[-1])
        for name in names
    ]
    [again] = back([Record(source="x", title="One", year=2001, authors=authors)], kind)
    found = [f"*{a.collective}" if a.collective else f"{a.family} {a.initials}" for a in again.authors]
    assert found == (names if kind != "nbib" else sorted(names, key=lambda name: name[0] == "*"))  # CN after FAU


@pytest.mark.shared
@pytest.mark.parametrize("kind", FORMATS)
def test_real_records_come_back(kind: str, shared_dir: Path) -> None:
    data = gzip.decompress((shared_dir / "pubmed" / "chronic-pain-2026-04-06-2000.xml.gz").read_bytes())
    records = [received.record for received in read_article_set(data, references=False)]
    again = {record.pmid: record for record in back(records, kind)}
    assert len(again) == len(records) == 200
    different = []
    for record in records:
        for name, of in COMMON.items():
            if of(again[record.pmid]) != of(record):
                if name == "authors" and kind != "nbib" and short(again[record.pmid]) == short(record):
                    continue  # PubMed's initials are not always those of the given names
                if name == "first page" and not record.pages and again[record.pmid].pages == record.electronic_id:
                    continue  # an article number that stands as the publisher's identifier only
                different.append((record.pmid, name, of(record), of(again[record.pmid])))
    assert different == []
