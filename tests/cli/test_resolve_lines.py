"""``evidence resolve``: lines in, JSON lines out. The works are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from eutils_server import Corpus, EutilsServer
from library_factory import make_database

from evidence.errors import InputError, UsageError
from evidence.project import Project
from evidence.references import FIELDS
from evidence.services.resolve import resolve_lines

ROUX = "Roux P. Leg pain: a real target for coil stimulation? Neurosurgery. 2013;70(3):574-84."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = Project(tmp_path)
    project.data.mkdir()
    row = {
        "id": "105",
        "pmid": "105",
        "title": "Leg pain: a real target for coil stimulation?",
        "authors": ["Roux"],
        "journal": "Neurosurgery",
        "year": 2012,
        "volume": "70",
        "pages": "574-84",
    }
    make_database([row], project.evidence).close()
    return project


def test_one_object_a_line_in_the_order_given(project: Project) -> None:
    content = f"{ROUX}\r\n\r\n  Schmidt A. Bridges. J Bridges 2001;1:2.  \n".encode()
    first, second = (json.loads(line) for line in resolve_lines(project, content))
    assert (first["reference"], first["report"], first["pmid"], first["level"]) == (ROUX, "105", "105", "certain")
    assert list(first["fields"]) == list(FIELDS)
    assert [field for field, result in first["fields"].items() if result == "differs"] == ["year"]
    assert first["candidates"][0]["report"] == "105"
    assert 0.97 <= first["confidence"] <= 1
    assert (second["reference"], second["report"], second["pmid"], second["level"]) == (
        "Schmidt A. Bridges. J Bridges 2001;1:2.",
        None,
        None,
        "not found",
    )


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf\n"])
def test_nothing_in_nothing_out(project: Project, content: bytes) -> None:
    assert list(resolve_lines(project, content)) == []


def test_odd_bytes_are_a_reference_like_any_other(project: Project) -> None:
    (line,) = resolve_lines(project, b"\xff\xfe caf\xe9 \xe2\x80\xae")
    assert json.loads(line)["level"] == "not found"


def test_a_file_that_is_no_text_is_refused(project: Project) -> None:
    with pytest.raises(InputError, match="one printed reference a line"):
        list(resolve_lines(project, b"PK\x03\x04\x00\x00"))


def test_without_a_build_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="evidence build"):
        list(resolve_lines(Project(tmp_path), b"x"))


def test_online_asks_pubmed_about_what_is_open(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A work that only PubMed holds is named by its PMID, to be confirmed; an unmatchable one stays not found."""
    with EutilsServer(Corpus.invented(5)) as server:
        server.corpus.articles["1003"].volume = "77"
        monkeypatch.setenv("EVIDENCE_EUTILS_URL", server.url)
        content = f"{ROUX}\nExample A. Something else. J Invented Res. 2020;77:1-9.\nNobody knows this.\n"
        lines = [json.loads(line) for line in resolve_lines(project, content.encode(), online=True)]
        asked = [arrival.params["bdata"] for arrival in server.arrivals]
    assert [(line["report"], line["pmid"], line["level"], line["source"]) for line in lines] == [
        ("105", "105", "certain", "library"),
        (None, "1003", "likely", "online"),
        (None, None, "not found", ""),
    ]
    assert [line.split("|")[:4] for bdata in asked for line in bdata.split("\r")] == [
        ["J Invented Res", "2020", "77", "1"]
    ]
