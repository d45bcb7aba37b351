"""``evidence tag`` on a file: the documented keys, ids as given, any importable format. Every text is invented."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from evidence.errors import InputError, StorageError
from evidence.record import Record, Section
from evidence.services.tag import explain, tag_file, tagged
from evidence.tagging import Tagger, load_vocabulary

ROWS = [
    {
        "id": "pmid:1",
        "pmid": "1",
        "title": "Spinal cord stimulation for failed back surgery syndrome: a randomised trial",
        "abstract": "Forty patients were randomised. Pain intensity (VAS) fell.",
    },
    {"id": "own-2", "title": "Cookery", "abstract": ""},
    {
        "id": "nct:NCT00000000",
        "title": "TENS for labour pain",
        "abstract": "Pain will be measured by VAS. Women will be randomised.",
    },
]


@pytest.fixture
def words(root: Path) -> Path:
    return root / "queries" / "vocabulary"


def write(path: Path) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in ROWS)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text)
    return path


@pytest.mark.parametrize("name", ["records.jsonl", "records.jsonl.gz"])
def test_json_lines_in_json_lines_out(tmp_path: Path, words: Path, name: str) -> None:
    output = tmp_path / "tags.jsonl"
    said = tag_file(write(tmp_path / name), output, words)
    rows = [json.loads(line) for line in output.read_text().splitlines()]
    assert [row["id"] for row in rows] == [row["id"] for row in ROWS]
    assert "3 records tagged" in said
    assert rows[0]["modalities"] == ["scs"] and rows[0]["conditions"] == ["fbss"] and rows[0]["design"] == ["rct"]
    assert "pain_intensity" in rows[0]["outcomes"] and rows[0]["n"] == 40
    assert (rows[1]["modalities"], rows[1]["outcomes"], rows[1]["conditions"], rows[1]["scope"]) == (
        [],
        [],
        [],
        "off_topic",
    )
    assert rows[2]["modalities"] == ["tens"] and rows[2]["conditions"] == ["acute_pain"]
    assert set(rows[0]) >= {
        "id",
        "modalities",
        "modalities_mentioned",
        "outcomes",
        "conditions",
        "design",
        "n",
        "level",
        "scope",
    }


def test_another_format(tmp_path: Path, words: Path) -> None:
    (tmp_path / "export.ris").write_text(
        "TY  - JOUR\nID  - r1\nTI  - Vagus nerve stimulation in epilepsy\nPY  - 2020\nER  - \n"
    )
    tag_file(tmp_path / "export.ris", tmp_path / "out.jsonl", words)
    (row,) = map(json.loads, (tmp_path / "out.jsonl").read_text().splitlines())
    assert row["modalities"] == ["vns"] and row["conditions"] == ["epilepsy"]


def test_standard_output(tmp_path: Path, words: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tag_file(write(tmp_path / "records.jsonl"), None, words)
    assert len(capsys.readouterr().out.splitlines()) == 3


def test_every_entry_has_its_line_though_nobody_could_cite_it(tmp_path: Path, words: Path) -> None:
    """Only an import asks for a title, a PMID or a DOI."""
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    entries = [
        {"id": "a", "title": "", "abstract": ""},
        {"id": "b", "title": None, "abstract": "Forty patients with spinal cord stimulators were followed."},
    ]
    source.write_text("".join(json.dumps(entry) + "\n" for entry in entries))
    assert "2 records tagged, 0 entries" in tag_file(source, out, words)
    rows = [json.loads(line) for line in out.read_text().splitlines()]
    assert [(row["id"], row["modalities"]) for row in rows] == [("a", []), ("b", ["scs"])]


def test_what_cannot_be_read_or_written_is_said(tmp_path: Path, words: Path) -> None:
    with pytest.raises(InputError):
        tag_file(tmp_path / "none.jsonl", tmp_path / "out.jsonl", words)
    with pytest.raises(StorageError):
        tag_file(write(tmp_path / "records.jsonl"), tmp_path / "no" / "such" / "out.jsonl", words)


def test_explaining_names_rules_places_and_near_misses(words: Path) -> None:
    vocabulary = load_vocabulary(words)
    record = Record(
        source="test",
        title="Burst spinal cord stimulation",
        abstract=[Section("MCS and quality of life (EQ-5D) were measured.")],
    )
    tags = Tagger(vocabulary).tag(record, explain=True)
    text = "\n".join(explain(record, tags, vocabulary))
    assert vocabulary.hash in text
    assert "scs_burst: " in text and "[title] 'Burst spinal" in text
    assert "[abstract, section 1, " in text
    assert "modality mcs: 'MCS': an abbreviation that the record does not explain" in text
    assert tagged(record, tags)["modalities"][0] in ("scs", "scs_burst")
