"""``evidence dedupe``: ids as given, whatever the files call their columns, and a clear word where that cannot be."""

from __future__ import annotations

import csv
import gzip
import os
import threading
from pathlib import Path

import pytest

from evidence.errors import InputError, StorageError
from evidence.services.dedupe import dedupe_files

HEADER = "record_id,title,authors,year,journal,volume,pages,doi\n"
ROW = "{},Spinal cord stimulation for painful neuropathy: a trial,Okafor AB and Haas E,2020,Pain Med,{},{},{}\n"


def write(path: Path, *rows: str, header: str = HEADER) -> Path:
    path.write_text(header + "".join(rows), encoding="utf-8")
    return path


def clusters(path: Path) -> dict[str, str]:
    with path.open(newline="") as file:
        return {row["record_id"]: row["cluster_id"] for row in csv.DictReader(file)}


def test_a_table_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no row in it"):
        dedupe_files([write(tmp_path / "empty.csv")], tmp_path / "out.csv")


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


def test_one_id_twice_in_a_file_is_numbered_and_said(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ROW.format("7", "", "", ""), ROW.format("7", "", "", ""))
    summary = dedupe_files([path], tmp_path / "out.csv")
    assert clusters(tmp_path / "out.csv") == {"7": "7", "7#2": "7"}
    assert any("stands here again" in line and "a.csv:3" in line for line in summary.log)


def test_columns_may_be_absent_the_title_too(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("record_id,doi,pmid\n1,10.9999/abc,77\n2,https://doi.org/10.9999/ABC,77\n3,10.9999/abd,\n")
    dedupe_files([path], tmp_path / "out.csv")
    assert clusters(tmp_path / "out.csv") == {"1": "1", "2": "1", "3": "3"}


def test_a_file_to_read_is_never_the_output(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ROW.format("1", "", "", ""))
    before = path.read_bytes()
    with pytest.raises(InputError, match="both a file to read and the output"):
        dedupe_files([path], path)
    assert path.read_bytes() == before


def test_a_device_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", ROW.format("1", "", "", ""))
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    found: list[str] = []
    reader = threading.Thread(target=lambda: found.append(pipe.read_text()))
    reader.start()
    dedupe_files([path], pipe)
    reader.join(5)
    assert found == ["record_id,cluster_id\n1,1\n"] and pipe.is_fifo()


def test_ids_that_only_one_file_gives_stay_as_given(tmp_path: Path) -> None:
    one = write(tmp_path / "a.csv", ROW.format("1", "", "", ""), ROW.format("8", "", "", ""))
    two = write(tmp_path / "b.csv", ROW.format("1", "", "", ""))
    dedupe_files([one, two], tmp_path / "out.csv")
    assert set(clusters(tmp_path / "out.csv")) == {"a.csv:1", "8", "b.csv:1"}


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
