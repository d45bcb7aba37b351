"""Files of references that would hold or fill the program: read in time in proportion to their length, or refused."""

from __future__ import annotations

import gzip
import time
from pathlib import Path

import pytest

from evidence import limits
from evidence.errors import InputError
from evidence.exchange.citation import parse_citation
from evidence.exchange.latex import plain_text
from evidence.exchange.reading import read_records
from evidence.services.dedupe import dedupe_files

SIZE = 200_000
RIS, NBIB = "TY  - JOUR\nTI  - One\n{}  - §\nER  - \n", "PMID- 1\nTI  - One\n{:4}- §\n\n"
BIBTEX, OVID = "@article{{a,\n title = {{One}},\n {} = {{§}}\n}}\n", "<1>\nVN  - Ovid\nTI  - One\n{}  - §\n\n"
# A file with a place (§), and what stood there over and over when reading took a minute and more.
HOSTILE: list[tuple[str, str]] = [
    (RIS.format("AB"), "\n"), (RIS.format("AB"), " \n"), (RIS.format("N1"), "\n "), (RIS.format("N1"), "; "),
    (RIS.format("N1"), "https://pubmed.ncbi.nlm.nih.gov/12345678,"), (RIS.format("CP"), "no "),
    (RIS.format("UR"), "pubmed"), (RIS.format("UR"), "ovid?D=med&"), (RIS.format("SP"), "?"), (RIS.format("SP"), "? "),
    (RIS.format("AU"), "jr, "), (RIS.format("AU"), " "), (RIS.format("AU"), "Group and a and "),
    (NBIB.format("AB"), "a\n"), (NBIB.format("LID"), "a"), (NBIB.format("LID"), "]"), (NBIB.format("LID"), "[doi]"),
    (NBIB.format("SO"), "Pain. 2019;"), (BIBTEX.format("author"), " "), (BIBTEX.format("author"), "a and {b "),
    (BIBTEX.format("title"), "\\ifmmode\\else "), (BIBTEX.format("title"), "$"), (BIBTEX.format("xdata"), "a,"),
    ("%0 Journal Article\n%T One\n§", "%0 J\n"), ("@article{a, title={One}}\n§", "@string{a = a # a}\n"),
    ("@string{a = {" + 900 * "b" + "}}\n@article{a, title={One}, note = a §}", "# a "),
    (OVID.format("TI"), "[note] "), (OVID.format("TI"), " "), (OVID.format("AU"), "[a "), (OVID.format("AU"), " MD,"),
    ("Title,Source,Keywords\nOne,§,§\n", "."), ("Title,Source,Keywords\nOne,§,§\n", " "), ("§", "\n"), ("§", "<1>\n\n"),
    ('[{"title": "One"},\n§', "\n"), ('[{"title": "One"},\n§', '{"a":\n'), ('[{"title": "One"},\n§', '{"a":[1,\n'),
    ('[{"title": "One"},\n§', "{a\n"), ("<PubmedArticleSet>§", "<!--"), ("§", "<!-- "),
    ("<PubmedArticleSet>§</PubmedArticleSet>", "<PubmedArticle><PMID>12</PMID></PubmedArticle>"),
]  # fmt: skip


@pytest.mark.parametrize(("file", "unit"), HOSTILE)
def test_reading_takes_time_in_proportion(file: str, unit: str) -> None:
    content = file.replace("§", unit * (SIZE // len(unit))).encode()
    start = time.process_time()
    try:
        read_records(content, uncited=True)
    except InputError as refused:
        assert "\n" not in str(refused)
    assert time.process_time() - start < 3


@pytest.mark.parametrize("line", ["a" * 2000, "a" * 900 + "\n" + "b" * 3000])
@pytest.mark.parametrize("packed", [False, True])
def test_a_line_beyond_the_limit_is_refused_with_file_and_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, packed: bool
) -> None:
    monkeypatch.setattr(limits, "IMPORT_LINE", 1000)
    for module in ("exchange.encoding", "exchange.reading", "services.dedupe"):
        monkeypatch.setattr(f"evidence.{module}.CHUNK", 100)
    path = tmp_path / "one.csv"
    content = f"title,doi\n{line}\n".encode()
    path.write_bytes(gzip.compress(content) if packed else content)
    for read in (lambda: read_records(path), lambda: dedupe_files([path], tmp_path / "out.csv")):
        with pytest.raises(InputError, match="a line has more than") as refused:
            read()
        assert refused.value.path == path and refused.value.line in (2, 3)


def test_many_lines_are_no_long_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IMPORT_LINE", 1000)
    monkeypatch.setattr("evidence.exchange.reading.CHUNK", 100)
    path = tmp_path / "many.ris"
    for end in ("\n", "\r\n", "\r"):
        path.write_bytes(f"TY  - JOUR{end}TI  - One{end}ER  - {end}".encode() * 200)
        assert len(read_records(path).records) == 200


def test_a_file_without_one_readable_entry_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "IMPORT_PROBLEMS", 10)
    bare, good = "TY  - JOUR\nER  - \n", "TY  - JOUR\nTI  - One\nER  - \n"
    with pytest.raises(InputError, match=r"none of its first 10 entries can be read .*line 1: neither a title"):
        read_records((bare * 11).encode())
    found = read_records((good + bare * 11).encode())
    assert (len(found.records), len(found.problems)) == (1, 11)
    assert len(read_records((bare * 11).encode(), uncited=True).records) == 11


def test_a_damaged_member_costs_what_stands_behind_it() -> None:
    whole = gzip.compress(b"TY  - JOUR\nTI  - One\nER  - \n")
    found = read_records(whole + whole[:-9])
    assert [record.title for record, _ in found.records] == ["One", "One"] and "ends early" in found.problems[0].reason
    with pytest.raises(InputError, match="damaged"):
        read_records(whole[:10] + b"\xff" * 40)


def test_two_marks_of_mathematics_are_found_from_everywhere() -> None:
    assert plain_text(r"\ifmmode a\else b\fi \ifmmode c\else d\fi{} e") == "b d e"
    assert plain_text(r"\url{a} \url{b} $c$ \$5 $d$") == "a b c $5 d"


def test_a_long_citation_is_read_from_its_beginning() -> None:
    found = parse_citation("Pain Studies. Conference: " + "a. " * 300 + "17(3):1-2, 2019.")
    assert found == {}
