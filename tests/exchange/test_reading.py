"""Reading files of references: one invented article from sixteen exports, and all that can be wrong with a file."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from samples import BIBTEX, CSV_OURS, NBIB, RIS_OVID, RIS_ZOTERO, SAMPLES

from evidence.bibliography.normal import normal_pages
from evidence.errors import InputError
from evidence.exchange.fields import parse_date
from evidence.exchange.reading import Import, read_records
from evidence.record import Record


def read(text: str | bytes, source: str | None = None) -> Import:
    imported = read_records(text.encode() if isinstance(text, str) else text, source)
    assert imported.entries == len(imported.records) + len(imported.problems)
    return imported


def only(text: str | bytes) -> Record:
    imported = read(text)
    assert imported.problems == [] and len(imported.records) == 1
    return imported.records[0][0]


@pytest.mark.parametrize("name", SAMPLES)
def test_one_article_from_many_programs(name: str) -> None:
    kind, text = SAMPLES[name]
    imported = read(text)
    assert imported.format == kind and imported.problems == []
    [(record, line)] = imported.records
    assert record.title.startswith("Invented stimulation for invented pain: a randomized trial of nobody")
    assert record.year == 2014 and record.doi == "10.1000/inv.1001"
    assert (record.journal.lower() or "neuromodulation").startswith("neuromodulation")
    assert [a.family.replace("ue", "ü").replace("Mul", "Mül") for a in record.authors[:2]] == ["Müller", "van der Berg"]
    assert [a.name.split()[-1] for a in record.authors[:2]] == ["AB", "J"]
    if name != "ovid-embase.ris":
        assert record.pmid == "90000001" and record.source_id in ("90000001", "a1", "pmid:90000001", "ABCD1234")
    if name != "pubmed.csv":
        assert (record.volume, record.issue) == ("17", "6") and normal_pages(record.pages)[0] == "515"
    assert record.source == kind and line >= 1
    assert read(text, "hand").records[0][0].source == "hand"


def test_nbib_to_the_last_tag() -> None:
    record = only(NBIB)
    assert [(s.label, s.category) for s in record.abstract] == [
        ("OBJECTIVES", "OBJECTIVE"),
        ("METHODS", "METHODS"),
        ("RESULTS", "RESULTS"),
        ("CONCLUSIONS", "CONCLUSIONS"),
    ]
    assert record.abstract[2].text == "Of 11 patients none came."
    assert record.authors[0].affiliations == ["Department of Invention, Nowhere, Land."]
    assert record.authors[0].orcid == "0000-0001-0000-0002" and record.authors[2].collective == "Invented Study Group"
    assert [(m.heading, m.major, m.qualifiers) for m in record.mesh] == [
        ("Humans", False, []),
        ("Pain", True, [("", "drug therapy", True), ("", "psychology", False)]),
        ("Spinal Cord Stimulation", False, [("", "methods", False)]),
    ]
    assert record.databanks == [("ClinicalTrials.gov", "NCT00000001")]
    assert [(c.ref_type, c.pmid) for c in record.corrections] == [("CommentIn", "90000002"), ("ErratumIn", "90000003")]
    assert record.keywords == ["invention", "nothing"] and record.pmcid == "PMC9000001"
    assert record.publication_date == "2014-08" and record.pages == "515-50; discussion 550"
    assert record.journal.endswith("Neuromodulation Society") and record.journal_abbreviation == "Neuromodulation"
    assert record.electronic_id == "S1094-7159(21)00001-1" and record.conflict_statement == "None declared."


NBIB_WITHOUT_A_PMID = (
    # what stands between two entries → how many entries there are
    ("\n\n", 2),
    ("\n\n\n\n", 2),
    ("\n   \n", 2),
    ("\r\n\r\n", 2),
    ("\n", 1),  # nothing says that another begins
)


@pytest.mark.parametrize(("between", "entries"), NBIB_WITHOUT_A_PMID)
@pytest.mark.parametrize("begins", ["DP  - 1967\nTI  - ", "TI  - "])
def test_an_nbib_entry_without_a_pmid_begins_after_an_empty_line(between: str, entries: int, begins: str) -> None:
    first = "PMID- 80000001\nTI  - A first invented title\nAU  - Vogt P"
    second = f"{begins}A second invented title\nLID - 10.5555/second [doi]\nAU  - Lind K"
    imported = read_records((first + between + second + "\n").encode())
    assert imported.format == "nbib" and imported.entries == entries and imported.problems == []
    if entries == 2:
        one, two = (record for record, _ in imported.records)
        assert (one.pmid, one.title, [a.family for a in one.authors]) == (
            "80000001", "A first invented title", ["Vogt"],
        )  # fmt: skip
        assert (two.pmid, two.doi, two.title) == (None, "10.5555/second", "A second invented title")
        assert [a.family for a in two.authors] == ["Lind"]


def test_ovid_embase_gives_its_accession_number_and_no_pmid() -> None:
    record = only(RIS_OVID)
    assert record.pmid is None and record.source_id == "2014123456"
    assert [s.category for s in record.abstract] == ["OBJECTIVE", "METHODS", "RESULTS"]


def test_a_number_that_is_only_the_files_own_is_no_accession() -> None:
    record = only("TY  - JOUR\nID  - 17\nTI  - A title\nAN  - 5\nER  - \n")
    assert record.source_id == "" and len(record.id) > len("ris:17")


# -- encodings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "latin-1", "cp1252"]
)
@pytest.mark.parametrize("sample", [NBIB, RIS_ZOTERO, CSV_OURS])
def test_encodings_and_byte_order_marks(encoding: str, sample: str) -> None:
    assert only(sample.encode(encoding)).authors[0].family == "Müller"


def test_windows_quotes_and_dashes_are_not_control_characters() -> None:
    record = only("TY  - JOUR\nTI  - “Invented” – a title’s\nER  - \n".encode("cp1252"))
    assert record.title == "“Invented” – a title’s"


def test_two_encodings_in_one_file() -> None:
    other = RIS_ZOTERO.replace("invented pain", "other pain").replace("10.1000/inv.1001", "10.1000/2")
    records = read(RIS_ZOTERO.encode() + other.encode("cp1252")).records
    assert [record.authors[0].family for record, _ in records] == ["Müller", "Müller"]


@pytest.mark.parametrize("end", ["\r\n", "\r"])
@pytest.mark.parametrize(
    "name", ["pubmed.nbib", "zotero.ris", "article.bib", "endnote.enw", "scopus.csv", "zotero.csl.json", "endnote.xml"]
)
def test_line_ends_of_other_systems(name: str, end: str) -> None:
    text = SAMPLES[name][1]
    assert only(text.replace("\n", end)).title == only(text).title


def test_a_compressed_file() -> None:
    assert only(gzip.compress(NBIB.encode())).pmid == "90000001"


def test_a_compressed_file_that_was_cut_gives_what_is_whole_and_says_so() -> None:
    many = "".join(f"PMID- {n}\nTI  - Title {n} {n * 7919}\nDP  - 2001\n\n" for n in range(10000, 13000))
    data = gzip.compress(many.encode())
    imported = read(data[: len(data) // 2])
    assert len(imported.records) > 500 and "ends early" in imported.problems[-1].reason
    assert all(record.title.endswith(str(int(record.pmid or 0) * 7919)) for record, _ in imported.records)
    xml = (
        "<PubmedArticle><MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>{}</ArticleTitle></Article>"
        "</MedlineCitation></PubmedArticle>"
    )
    xmls = "".join(xml.format(n, n * 7919) for n in range(1, 400))
    data = gzip.compress(f"<PubmedArticleSet>{xmls}</PubmedArticleSet>".encode())
    [problem] = read(data[: len(data) // 2]).problems
    assert "ends early" in problem.reason


# -- files that are not what they seem -------------------------------------------------------------------------------


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(RIS_ZOTERO, encoding="utf-8")
    assert read_records(path).format == "ris"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "empty"),
        (b"\n \n", "empty"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (bytes(range(256)) * 20, "binary"),
        (b"<!DOCTYPE html><html><body>Please log in</body></html>", "HTML"),
        (b"<feed><entry/></feed>", "neither"),
        (b"Dear colleagues,\nplease find attached nothing.\n", "none of the formats"),
        (b"a,b,c\n1,2,3\n", "none of the formats"),
        (b"\x1f\x8b not gzip", "compressed"),
        (b"{broken json", "none of the formats"),
    ],
)
def test_what_cannot_be_read_is_refused_in_a_line(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "file.ris"
    path.write_bytes(data)
    with pytest.raises(InputError, match=says) as caught:
        read_records(path)
    assert str(caught.value).startswith(str(path)) and "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_missing_file_and_a_directory(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_records(tmp_path / "none.ris")
    with pytest.raises(InputError, match="directory"):
        read_records(tmp_path)


def test_a_gzip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.exchange.encoding.LARGEST_TEXT", 1 << 20)
    with pytest.raises(InputError, match="more than 1 MB"):
        read_records(gzip.compress(b"\0" * (8 << 20)))


# -- entries that are broken -----------------------------------------------------------------------------------------


def test_ris_repeated_missing_and_unfinished() -> None:
    text = (
        "TY  - JOUR\nTI  - One\nTI  - Uno\nAB  - first line\nsecond line\nER  - \n\n"
        "TY  - JOUR\nTI  - Two without ER\n"
        "TY  - JOUR\nAU  - Nobody, N\nPY  - 2001\nER  - \n"
        "TY  - JOUR\nTI  - Three is cu"
    )
    imported = read(text)
    assert [record.title for record, _ in imported.records] == ["One", "Two without ER"]
    assert imported.records[0][0].abstract[0].text == "first line\nsecond line"
    assert [(p.line, p.reason.split(":")[0]) for p in imported.problems] == [
        (10, "neither a title nor a PMID nor a DOI"),
        (14, "the entry has no ER line"),
    ]


def test_nbib_without_blank_lines_and_with_rubbish_between() -> None:
    text = (
        "PMID- 11\nTI  - One\nPMID- 12\nTI  - Two\nTI  - Two again\n\nthis is no tag\nnor is this\n\n"
        "PMID- 13\nAU  - Only A\n\nOWN - NLM\n"
    )
    imported = read(text)
    assert [(record.pmid, record.title, line) for record, line in imported.records] == [
        ("11", "One", 1),
        ("12", "Two Two again", 3),
        ("13", "", 10),
    ]
    assert [p.line for p in imported.problems] == [7, 13]


def test_bibtex_with_an_unclosed_brace_and_a_repeated_key() -> None:
    again = BIBTEX.replace("invented pain", "other pain")
    imported = read(BIBTEX + again + "\n@article{cut, title = {Never closed,\n  year = 2001\n")
    assert len(imported.records) == 2 and len(imported.problems) == 1
    assert imported.records[0][0].authors[0].family == "Müller"
    assert "50% of cases" in imported.records[0][0].abstract[0].text
    assert "Nobody & nothing" in imported.records[0][0].abstract[1].text


def test_json_that_is_cut_gives_what_stands_before() -> None:
    text = (
        '[\n{"id": 1, "type": "article-journal", "title": "One", "issued": {"date-parts": [[2001]]}},\n{"id": 2, "titl'
    )
    imported = read(text)
    assert [record.title for record, _ in imported.records] == ["One"]
    assert [(p.line, "JSON" in p.reason) for p in imported.problems] == [(3, True)]


def test_json_lines_with_a_bad_line() -> None:
    imported = read(
        '{"id": "a", "title": "One"}\n{"id": "b", "title": \n{"id": "c", "title": "Three"}\n[1]\n{"id": "d"}\n'
    )
    assert [record.source_id for record, _ in imported.records] == ["a", "c"]
    assert [p.line for p in imported.problems] == [2, 4, 5]


def test_endnote_xml_that_is_cut_or_damaged() -> None:
    good = "<record><titles><title>One</title></titles></record>"
    text = f"<xml><records>{good}\n<record><titles><title>Two</wrong></titles></record>\n{good}\n<record><titles>"
    imported = read(text)
    assert [line for _, line in imported.records] == [1, 3] and [p.line for p in imported.problems] == [2, 4]


def test_pubmed_xml_that_is_cut() -> None:
    one = (
        "<PubmedArticle><MedlineCitation><PMID>{}</PMID><Article><ArticleTitle>T {}</ArticleTitle></Article>"
        "</MedlineCitation></PubmedArticle>\n"
    )
    text = "<?xml version='1.0' encoding='latin-1'?>\n<PubmedArticleSet>\n" + one.format(1, "é") + one.format(2, 2)
    imported = read(text.encode("latin-1") + b"<PubmedArticle><Medl")
    assert [(record.pmid, record.title, record.source, line) for record, line in imported.records] == [
        ("1", "T é", "pubmed-xml", 3),
        ("2", "T 2", "pubmed-xml", 4),
    ]
    assert len(imported.problems) == 1


def test_csv_rows_that_are_too_short_too_long_or_never_closed() -> None:
    text = (
        "title,year,doi\nOne,2001,10.1000/1\nTwo,2002,10.1000/2,more,cells\n"
        '"Three never closes,2003,10.1000/3\nFour,2004,10.1000/4\n,,\n,2005,\nFive,20'
    )
    imported = read(text)
    assert [record.title for record, _ in imported.records] == ["One", "Four"]
    assert [p.line for p in imported.problems] == [3, 4, 7, 8]
    assert "in the middle" in imported.problems[-1].reason


def test_csv_cells_with_line_breaks_quotes_and_a_huge_abstract() -> None:
    huge = "word " * 250_000
    record = only(f'title;year;abstract\n"A ""quoted""\ntitle";2001;"{huge}"\n')
    assert record.title == 'A "quoted" title' and len(record.abstract[0].text) > 1_000_000


def test_csv_placeholders_and_odd_years_are_absent() -> None:
    record = only("title,year,authors,doi,pmid\nA title,n.d.,N/A,not available,12345678.0\n")
    assert (record.year, record.authors, record.doi, record.pmid) == (None, [], None, "12345678")


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2014", "2014"), ("2014/08//", "2014-08"), ("2014-08-03T00:00:00Z", "2014-08-03"), ("2010//", "2010"),
        ("20140803", "2014-08-03"), ("3 August 2014", "2014-08"), ("Aug 3 2014", "2014-08-03"),
        ("2014 Jul-Aug", "2014-07"),
        ("n.d.", ""), ("Spring 2014", "2014"), ("", ""), ("in press", ""),
    ],
)  # fmt: skip
def test_printed_dates(text: str, date: str) -> None:
    assert parse_date(text) == date


# -- habits of databases ---------------------------------------------------------------------------------------------


def ris(*lines: str) -> Record:
    return only("TY  - JOUR\n" + "\n".join(lines) + "\nER  - \n")


def test_scopus_keeps_the_pmid_in_c2_and_its_own_id_in_the_link() -> None:
    link = "UR  - https://www.scopus.com/inward/record.uri?eid=2-s2.0-84900000001&doi=10.1000%2fx"
    record = ris("TI  - A title", "C2  - 90000001", "DB  - Scopus", link)
    assert record.pmid == "90000001" and record.source_id == "90000001"
    assert ris("TI  - A title", "DB  - Scopus", link).source_id == "2-s2.0-84900000001"


def test_central_keeps_the_pmid_in_c3() -> None:
    record = ris("TI  - A title", "AN  - CN-01234567", "C3  - PUBMED 90000001", "M3  - Trial registry record")
    assert record.pmid == "90000001" and record.kind == "registration"
    assert ris("TI  - A title", "AN  - CN-01234567", "C3  - EMBASE 614000000").source_id == "CN-01234567"


def test_endnote_prints_month_and_year_apart() -> None:
    record = ris("TI  - A title", "PY  - 2014", "DA  - Aug 3", "AN  - 90000001", "DP  - NLM")
    assert record.publication_date == "2014-08-03" and record.pmid == "90000001"


def test_an_embase_number_is_not_taken_for_a_pmid() -> None:
    record = ris("TI  - A title", "AN  - 600000001", "DB  - Embase", "M3  - Conference Abstract")
    assert record.pmid is None and record.source_id == "600000001" and record.kind == "abstract"


def test_ovids_tagged_text() -> None:
    text = (
        "\n<1>\nVN  - Ovid Technologies\nDB  - Embase\nAN  - 2014123456\nAU  - Nobody N.\nTI  - A title.\n"
        "SO  - Pain. 12(3):1-9, 2014.\nYR  - 2014\n\n<2>\nVN  - Ovid Technologies\nTI  - Another.\n"
    )
    imported = read(text)
    assert [(r.title, r.journal, r.year) for r, _ in imported.records] == [
        ("A title.", "Pain", 2014),
        ("Another.", "", None),
    ]
    assert imported.problems == [] and imported.records[0][0].source_id == "2014123456"


def test_excels_separator_line() -> None:
    assert only("sep=;\ntitle;year\nA title;2001\n").year == 2001


def test_zotero_json_with_creators() -> None:
    text = (
        '{"items": [{"title": "A title", "creators": [{"lastName": "Nobody", "firstName": "Ann"}], "date": "2001-02"}]}'
    )
    record = only(text)
    assert record.authors[0].name == "Nobody A" and record.publication_date == "2001-02"


def test_a_json_record_type_counts_when_it_is_a_kind_of_document() -> None:
    text = '{"id": "nct:NCT00000001", "title": "A trial", "record_type": "trial_registration"}\n'
    record = only(text)
    assert record.kind == "registration" and record.databanks == [("ClinicalTrials.gov", "NCT00000001")]
    assert only(text.replace("trial_registration", "bibliographic")).publication_types == []
