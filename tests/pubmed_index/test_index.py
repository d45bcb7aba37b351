"""The index of PubMed: what goes in is found again, the newest counts, what is damaged is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.errors import InputError, StorageError, UsageError
from evidence.pubmed_index import Covers, IndexRow, build_index, merge_shards, read_manifest, row_of, write_shard
from evidence.pubmed_index import build as building
from evidence.pubmed_index import shards as sharding
from evidence.pubmed_index.manifest import covers, has_index
from evidence.pubmed_index.postings import COMMON_LEAST
from evidence.pubmed_index.reader import PubMedIndex
from evidence.record import Author, Correction, Record
from evidence.references import parse_reference

COIL = IndexRow(
    pmid=105, doi="10.5555/Coil.105", title="Leg pain: a real target for coil stimulation?", first_author="Roux",
    year=2012, journal_id="7802914", journal="Neurosurgery", volume="70", first_page="574-84", electronic_year=2011,
)  # fmt: skip
RETRACTED = IndexRow(
    pmid=9, title="[Coils in winter.]", vernacular_title="Spulen im Winter", first_author="Müller", year=1999,
    journal_id="1", journal="Z Spulen", journal_full="Zeitschrift für Spulen", volume="3 Suppl 1", first_page="S44",
    retracted=True,
)  # fmt: skip


def filler(count: int) -> Iterator[IndexRow]:
    for number in range(1, count + 1):
        yield IndexRow(
            pmid=10_000 + number * 3, title=f"Unrelated work {number} on soil and weather of region {number % 97}",
            first_author=f"Filler{number % 50}", year=1990 + number % 30, journal_id=str(number % 7),
            journal=f"J Weather {number % 7}", volume=str(number % 60), first_page=str(number % 900),
            doi=f"10.5555/filler.{number}",
        )  # fmt: skip


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> PubMedIndex:
    directory = tmp_path_factory.mktemp("index")
    build_index([*filler(3000), COIL, RETRACTED], directory, Covers(1950, 2026, "all there is"))
    return PubMedIndex.open(directory)


def test_a_record_comes_back_whole(index: PubMedIndex) -> None:
    report = index.by_pmid("105")
    assert report is not None
    assert (report.id, report.pmid, report.doi) == ("pubmed:105", "105", "10.5555/coil.105")
    assert (report.title, report.first_author, report.journal) == (COIL.title, "Roux", "Neurosurgery")
    assert (report.year, report.electronic_year, report.volume, report.first_page) == (2012, 2011, "70", "574")
    other = index.by_pmid("9")
    assert other is not None and index.is_retracted(other) and not index.is_retracted(report)
    assert (other.vernacular_title, other.journal_full, other.volume_number) == (
        "Spulen im Winter", "Zeitschrift für Spulen", "3",
    )  # fmt: skip


@pytest.mark.parametrize("doi", ["10.5555/coil.105", "https://doi.org/10.5555/COIL.105", "10.5555/filler.2999"])
def test_by_doi(index: PubMedIndex, doi: str) -> None:
    found = index.by_doi(doi)
    assert found is not None and found.doi == doi.lower().removeprefix("https://doi.org/")


@pytest.mark.parametrize("doi", ["10.5555/nobody.1", "10.5555", "", "coil.105"])
def test_a_doi_that_no_record_has(index: PubMedIndex, doi: str) -> None:
    assert index.by_doi(doi) is None


@pytest.mark.parametrize("pmid", ["104", "0", "99999999999", "", "x", "4294967295"])
def test_a_pmid_that_no_record_has(index: PubMedIndex, pmid: str) -> None:
    assert index.by_pmid(pmid) is None


@pytest.mark.parametrize(
    ("printed", "pmid"),
    [
        ("Roux P. Leg pain: a real target for coil stimulation? Neurosurgery. 2012;70(3):574-84.", "105"),
        ("Leg pain: a real target for coil stimulation", "105"),
        ("Leg pain: a real target for magnet stimulation", "105"),  # a word exchanged
        ("Leg pain, a target for coils", "105"),
        ("P. Roux, Neurosurgery 70 (2012) 574.", "105"),  # no title
        ("Roux P. 2011", "105"),  # the year it came online
        ("Müller A. Spulen im Winter. Zeitschrift für Spulen 1999", "9"),
        ("doi:10.5555/coil.105", "105"),
        ("PMID: 9", "9"),
    ],
)
def test_candidates(index: PubMedIndex, printed: str, pmid: str) -> None:
    assert pmid in [report.pmid for report in index.candidates(parse_reference(printed), 5)]


@pytest.mark.parametrize("printed", ["", "?", "Zzyx Q. Qwertz uiop", "the of and"])
def test_no_candidates(index: PubMedIndex, printed: str) -> None:
    assert index.candidates(parse_reference(printed), 5) == []


def test_common_words_alone_find_their_title(tmp_path: Path) -> None:
    """Every word of the title is in thousands of others, but not together."""
    pairs = [("pain", "spine"), ("pain", "nerve"), ("spine", "nerve")]
    many = [
        IndexRow(pmid=number, title=f"{a} {b} {number} topic{number % 50}", year=2000)
        for number, (a, b) in ((n, pairs[n % 3]) for n in range(1, COMMON_LEAST))
    ]
    build_index([*many, IndexRow(pmid=5000, title="Pain, spine, nerve", year=2001)], tmp_path)
    opened = PubMedIndex.open(tmp_path)
    assert opened.candidates(parse_reference("Pain spine nerve"), 3)[0].pmid == "5000"


def test_a_word_of_most_records_is_left_out_and_titles_are_found_all_the_same(tmp_path: Path) -> None:
    many = [IndexRow(pmid=n, title=f"Pain {n} of kind{n % 211}") for n in range(1, 2 * COMMON_LEAST)]
    build_index(many, tmp_path)
    opened = PubMedIndex.open(tmp_path)
    assert opened.candidates(parse_reference("Pain 77 of kind77"), 1)[0].pmid == "77"


def test_of_one_pmid_the_last_row_counts_and_deleted_ones_go(tmp_path: Path) -> None:
    newer = replace(COIL, title="Leg pain: corrected", retracted=True)
    build_index([COIL, *filler(10), newer], tmp_path, without=[10_003])
    opened = PubMedIndex.open(tmp_path)
    found = opened.by_pmid("105")
    assert found is not None and found.title == "Leg pain: corrected" and opened.is_retracted(found)
    assert opened.by_pmid("10003") is None and len(opened) == 10


def test_many_shards_make_the_same_index_as_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [*filler(500), COIL, RETRACTED, replace(COIL, title="Newer")]
    build_index(rows, tmp_path / "one")
    monkeypatch.setattr(sharding, "ROWS_AT_ONCE", 37)
    monkeypatch.setattr(building, "_AT_ONCE", 50)
    build_index(rows, tmp_path / "many")
    one, many = PubMedIndex.open(tmp_path / "one"), PubMedIndex.open(tmp_path / "many")
    assert len(one) == len(many) == 502
    assert [one.by_pmid(str(row.pmid)) for row in rows] == [many.by_pmid(str(row.pmid)) for row in rows]
    printed = parse_reference("Filler3. Unrelated work 103 on soil and weather. J Weather 2003;43:103.")
    assert one.candidates(printed, 5) == many.candidates(printed, 5)


def test_shards_of_several_processes(tmp_path: Path) -> None:
    rows = list(filler(90))
    folders = [tmp_path / f"shard{n}" for n in range(3)]
    counts = [write_shard(rows[n::3], folder) for n, folder in enumerate(folders)]
    write_shard(rows[0::3], folders[0])  # written again after a crash
    manifest = merge_shards(folders, tmp_path / "index", Covers(1990, 2020))
    assert (sum(counts), manifest.records) == (90, 90)
    assert all(folder.is_dir() for folder in folders)


def test_shards_later_in_the_list_are_newer(tmp_path: Path) -> None:
    write_shard([COIL], tmp_path / "a")
    write_shard([replace(COIL, title="Newer")], tmp_path / "b")
    for order, title in (("ab", "Newer"), ("ba", COIL.title)):
        merge_shards([tmp_path / name for name in order], tmp_path / "index")
        found = PubMedIndex.open(tmp_path / "index").by_pmid("105")
        assert found is not None and found.title == title


def test_an_old_index_serves_until_the_new_one_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build_index([COIL], tmp_path)
    opened = PubMedIndex.open(tmp_path)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(building, "write_postings", full)
        with pytest.raises(StorageError, match="cannot be written"):
            build_index([RETRACTED], tmp_path)
    assert PubMedIndex.open(tmp_path).by_pmid("105") is not None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g0001", "index.json"]
    build_index([RETRACTED], tmp_path)
    assert opened.by_pmid("105") is not None  # who has it open keeps it
    assert PubMedIndex.open(tmp_path).by_pmid("105") is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["g0002", "index.json"]


def test_an_empty_index(tmp_path: Path) -> None:
    build_index([], tmp_path)
    opened = PubMedIndex.open(tmp_path)
    assert len(opened) == 0 and opened.by_pmid("1") is None
    assert opened.candidates(parse_reference("Roux P. Leg pain. Neurosurgery 2012;70:574"), 5) == []


def test_a_damaged_index_is_refused(tmp_path: Path) -> None:
    build_index([COIL], tmp_path)
    assert has_index(tmp_path)
    file = tmp_path / "g0001" / "postings.npy"
    whole = file.read_bytes()
    file.write_bytes(whole[:-4])
    with pytest.raises(StorageError, match=r"postings\.npy is not whole"):
        PubMedIndex.open(tmp_path)
    file.unlink()
    with pytest.raises(StorageError, match=r"postings\.npy is not whole"):
        PubMedIndex.open(tmp_path)
    file.write_bytes(b"x" * len(whole))
    with pytest.raises(StorageError, match="cannot be read"):
        PubMedIndex.open(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"format": "x"}', "\x00"])
def test_a_damaged_manifest_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "index.json").write_text(content, encoding="utf-8")
    with pytest.raises(StorageError):
        read_manifest(tmp_path)


def test_another_version_is_refused(tmp_path: Path) -> None:
    build_index([COIL], tmp_path)
    said = json.loads((tmp_path / "index.json").read_text(encoding="utf-8"))
    (tmp_path / "index.json").write_text(json.dumps(said | {"format": 2}), encoding="utf-8")
    with pytest.raises(StorageError, match="of version 2"):
        read_manifest(tmp_path)


def test_without_an_index(tmp_path: Path) -> None:
    assert not has_index(tmp_path)
    with pytest.raises(UsageError, match="holds no index"):
        PubMedIndex.open(tmp_path)


def test_texts_are_kept_on_one_line(tmp_path: Path) -> None:
    row = IndexRow(
        pmid=1, title="Two\nlines\x1fand\x00more\u2028so", first_author="A\tB", journal="J\tK", doi="10.1/a\nb"
    )
    build_index([row, IndexRow(pmid=2, title="\udce9 no text"), IndexRow(pmid=3, title="x" * 5000)], tmp_path)
    opened = PubMedIndex.open(tmp_path)
    one, three = opened.by_pmid("1"), opened.by_pmid("3")
    assert one is not None and one.title == "Two lines and more so" and one.journal == "J K"
    assert three is not None and len(three.title) == 1000


@pytest.mark.parametrize("pmid", [0, -1, 1 << 32])
def test_a_pmid_that_is_none_is_refused(tmp_path: Path, pmid: int) -> None:
    with pytest.raises(ValueError, match="is no PMID"):
        build_index([IndexRow(pmid=pmid)], tmp_path)


def test_row_of_a_record() -> None:
    record = Record(
        source="pubmed", pmid="105", doi="10.5555/coil.105", title="Leg pain", nlm_id="7802914",
        authors=[Author(family="Roux", initials="P"), Author(family="Delmas")], journal="Neurosurgery (long)",
        journal_abbreviation="Neurosurgery", year=2012, volume="70", pages="574-84", electronic_date="2011-12-01",
        corrections=[Correction("RetractionIn", "7")],
    )  # fmt: skip
    row = row_of(record)
    assert row is not None
    assert (row.pmid, row.first_author, row.journal, row.journal_full) == (105, "Roux", "Neurosurgery", record.journal)
    assert (row.year, row.electronic_year, row.retracted) == (2012, 2011, True)
    assert row_of(Record(source="ris", title="No PMID")) is None
    group = row_of(Record(source="pubmed", pmid="1", authors=[Author(collective="NACC")]))
    assert group is not None and group.first_author == "NACC" and not group.retracted


@pytest.mark.parametrize(("text", "years"), [("1950-2026", (1950, 2026)), (" 1990 – 1990 ", (1990, 1990))])
def test_years_that_an_index_covers(text: str, years: tuple[int, int]) -> None:
    found = covers(text, "a mirror")
    assert (found.first, found.last) == years
    assert found.holds(years[0]) and found.holds(years[1])
    assert not found.holds(years[0] - 1) and not found.holds(years[1] + 1) and not found.holds(None)


@pytest.mark.parametrize("text", ["", "1950", "2026-1950", "50-26", "1950-2026-2027"])
def test_no_years(text: str) -> None:
    with pytest.raises(InputError, match="are no years"):
        covers(text)


def test_keys_of_one_bucket_stay_apart(index: PubMedIndex) -> None:
    """Every filler's DOI finds its own record: keys that share a bucket or a part are not mixed up."""
    found = [index.by_doi(f"10.5555/filler.{number}") for number in range(1, 3001)]
    assert [report and report.pmid for report in found] == [str(10_000 + number * 3) for number in range(1, 3001)]
