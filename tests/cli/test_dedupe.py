"""``evidence dedupe``: ids as given, whatever the files call their columns, and a clear word where that cannot be."""

from __future__ import annotations

import csv
import gzip
from pathlib import Path

import pytest

from evidence.cli.dedupe import dedupe_files
from evidence.errors import InputError, StorageError

HEADER = "record_id,title,authors,year,journal,volume,pages,doi\n"
ROW = "{},Spinal cord stimulation for painful neuropathy: a trial,Okafor AB and Haas E,2020,Pain Med,{},{},{}\n"


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text(header + "".join(rows), encoding="utf-8")
    return path


def clusters(path: Path) -> dict[str, str]:
    with path.open(newline="") as file:
        return {row["record_id"]: row["cluster_id"] for row in csv.DictReader(file)}


def test_ids_as_given(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ROW.format("x 1", "", "", "10.9/a"), ROW.format("é-2", "21", "5-9", "10.9/a"))
    summary = dedupe_files([path], tmp_path / "out.csv")
    assert clusters(tmp_path / "out.csv") == {"x 1": "x 1", "é-2": "x 1"}
    assert summary.text().startswith("2 records are 1 documents (1 duplicates)")


def test_any_column_may_be_absent_and_answers_are_not_read(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        "1,Same title of two,c1\n",
        "2,Same title of two,c1\n",
        header="record_id,title,true_cluster_id\n",
    )
    dedupe_files([path], tmp_path / "out.csv")
    assert clusters(tmp_path / "out.csv") == {"1": "1", "2": "2"}


def test_compressed_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "a.csv.gz"
    path.write_bytes(gzip.compress(b"\xef\xbb\xbf" + (HEADER + ROW.format("1", "", "", "")).encode()))
    dedupe_files([path], tmp_path / "out.csv")
    assert clusters(tmp_path / "out.csv") == {"1": "1"}


def test_two_files_that_number_from_one(tmp_path: Path) -> None:
    one, two = (write(tmp_path / name, ROW.format("1", "21", "5-9", "")) for name in ("a.csv", "b.csv"))
    summary = dedupe_files([one, two], tmp_path / "out.csv")
    assert clusters(tmp_path / "out.csv") == {"a.csv:1": "a.csv:1", "b.csv:1": "a.csv:1"}
    assert any("share record ids" in line for line in summary.log)


def test_one_id_twice_in_a_file_is_refused(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ROW.format("7", "", "", ""), ROW.format("7", "", "", ""))
    with pytest.raises(InputError, match="rows 2 and 3"):
        dedupe_files([path], tmp_path / "out.csv")
    assert not (tmp_path / "out.csv").exists()


def test_another_format(tmp_path: Path) -> None:
    fields = "TI  - Spinal cord stimulation for painful neuropathy\nAU  - Haas, E.\nPY  - 2020\nDO  - 10.9999/a\n"
    entry = "TY  - JOUR\n" + fields + "AN  - {}\nER  - \n\n"
    path = tmp_path / "export.txt"
    path.write_text(entry.format("A1") + entry.format("A2"))
    summary = dedupe_files([path], tmp_path / "out.csv")
    assert summary.records == 2 and summary.clusters == 1
    assert len(clusters(tmp_path / "out.csv")) == 2


def test_a_broken_row_is_reported_and_the_rest_goes_in(tmp_path: Path) -> None:
    path = write(
        tmp_path / "a.csv",
        ROW.format("1", "", "", ""),
        "2,too,many,columns,in,this,one,row,here\n",
        ROW.format("3", "", "", ""),
    )
    summary = dedupe_files([path], tmp_path / "out.csv")
    assert summary.problems == 1 and any("a.csv:3" in line for line in summary.log)
    assert set(clusters(tmp_path / "out.csv")) == {"1", "3"}


def test_what_cannot_be_read_or_written(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ROW.format("1", "", "", ""))
    with pytest.raises(InputError, match="no such file"):
        dedupe_files([tmp_path / "none.csv"], tmp_path / "out.csv")
    with pytest.raises(StorageError, match="cannot be written"):
        dedupe_files([path], tmp_path / "absent" / "out.csv")
