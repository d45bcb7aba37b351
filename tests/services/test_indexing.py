"""``evidence index``, and what ``resolve`` and ``check`` say with the index. All works are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from check_desk import make_check_library, project_ledger, project_tagger
from clocks import SetClock
from library_factory import make_database

from evidence.check.actions import actions
from evidence.check.render import as_markdown, as_text, codes
from evidence.errors import StorageError, UsageError
from evidence.library.desk import Desk
from evidence.library.pubmed import index_of
from evidence.project import Project
from evidence.pubmed_index import Covers, IndexRow, build_index
from evidence.pubmed_index.reader import PubMedIndex
from evidence.services.indexing import index_tracker
from evidence.services.resolve import resolve_lines
from evidence.tracker import Tracker
from evidence.tracker.importing import import_files

NBIB = """PMID- 105
TI  - Leg pain: a real target for coil stimulation?
FAU - Roux, Paul
DP  - 2012
TA  - Neurosurgery
VI  - 70
PG  - 574-84

PMID- 106
TI  - Coils for knee pain: results at 12 months
FAU - Mbeki, Nomsa
DP  - 2014
TA  - Pain
VI  - 155
PG  - 310-9
"""
ROUX = "Roux P. Leg pain: a real target for coil stimulation? Neurosurgery. 2012;70(3):574-84."
MBEKI = "Mbeki N. Coils for knee pain: results at 12 months. Pain. 2014;155:310-9."
NOBODY = "Zeller Q. Magnetic socks for sleepless nights in space: a cohort study. Nature. 2015;3:1-9."


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "file.nbib").write_text(NBIB, encoding="utf-8")
    project = Project(tmp_path)
    project.data.mkdir()
    with Tracker.open(project.tracker) as tracker:
        import_files(tracker, [tmp_path / "file.nbib"])
    return project


def silent(stage: str, done: int, total: int | None = None) -> None:
    pass


def indexed(project: Project, covers: Covers | None = None, replace: bool = False) -> PubMedIndex:
    index_tracker(project, covers, replace, silent, SetClock())
    index = index_of(project)
    assert index is not None
    return index


def test_the_trackers_records_are_indexed(project: Project) -> None:
    assert index_of(project) is None
    summary = index_tracker(project, None, False, silent, SetClock())
    assert summary.manifest.records == 2 and "does not hold all of PubMed" in summary.text()
    assert summary.as_json()["covers"] is None
    index = index_of(project)
    assert index is not None and index.by_pmid("105") is not None and index.coverage() == ""


def test_an_index_that_covers_years_is_not_replaced_unasked(project: Project) -> None:
    indexed(project, Covers(1950, 2026, "a mirror"))
    with pytest.raises(UsageError, match="covers 1950 to 2026"):
        indexed(project)
    assert indexed(project, replace=True).coverage() == ""


def test_without_a_tracker(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="evidence refresh"):
        index_tracker(Project(tmp_path), None, False, silent, SetClock())


def resolved(project: Project, *lines: str) -> list[dict[str, object]]:
    return [json.loads(line)["standing"] for line in resolve_lines(project, "\n".join(lines).encode())]


def test_resolve_says_where_a_reference_stands(project: Project) -> None:
    make_database([{"id": "105", "pmid": "105", "title": "Leg pain: a real target for coil stimulation?", "authors": ["Roux"], "journal": "Neurosurgery", "year": 2012, "volume": "70", "pages": "574-84"}], project.evidence).close()  # fmt: skip  # noqa: E501
    answers = [standing["answer"] for standing in resolved(project, ROUX, MBEKI, NOBODY)]
    assert answers == ["in the library", "not known", "not known"]
    indexed(project)
    answers = [standing["answer"] for standing in resolved(project, ROUX, MBEKI, NOBODY)]
    assert answers == ["in the library", "in PubMed, not in this library", "not known"]
    indexed(project, Covers(1950, 2026, "a mirror"))
    held, fetchable, nobody = resolved(project, ROUX, MBEKI, NOBODY)
    assert held["work"] == {"pmid": "105", "report": "105", "title": "Leg pain: a real target for coil stimulation?"}
    assert (fetchable["fetch"], held["fetch"], nobody["fetch"]) == ("106", None, None)
    assert nobody["answer"] == "no such work in PubMed" and nobody["covers"] == "1950 to 2026 (a mirror)"
    assert "Magnetic socks" in str(nobody["would_hold"])


def test_a_damaged_index_is_told(project: Project) -> None:
    indexed(project)
    next(project.pubmed_index.glob("g*/keys.npy")).write_bytes(b"")
    make_database([], project.evidence).close()
    with pytest.raises(StorageError, match=r"keys\.npy is not whole"):
        list(resolve_lines(project, NOBODY.encode()))


OAKES = IndexRow(90000001, None, "Night-time stimulation of the spinal cord and sleep in failed back surgery syndrome", "Oakes", 2018, "1", "J Invented Pain", "3", "11")  # fmt: skip  # noqa: E501
RETRACTED = IndexRow(701, "10.5555/a.701", "Coils for the winter pain of swimmers", "Okafor", 2019, "2", "Pain", "160", "44", True)  # fmt: skip  # noqa: E501
DRAFT = """Stimulation improved sleep in 61% of 58 people [1]. Coils ended pain in 90% of swimmers [2]. Socks helped [3, 4]. The knee was not warmed [5].

References

1. Oakes A. Night-time stimulation of the spinal cord and hunger in failed back surgery syndrome. J Invented Pain. 2018;3:11-9.
2. Okafor L. Coils for the winter pain of swimmers. Pain. 2019;160:44-50.
3. Zeller Q. Magnetic socks for sleepless nights in space: a cohort study. Nature. 2015;3:1-9.
4. Abt R. Socks. In: Zeller Q, Roux P, eds. Handbook of Socks. Oxford: Oxford University Press; 2001.
5. Zeller Q. Warming of cold knees with magnetic socks: a survey. Nature. 2016;4:1-9. doi:10.5555/a.701
"""  # noqa: E501


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    directory = tmp_path_factory.mktemp("index")
    build_index([OAKES, RETRACTED], directory, Covers(1950, 2026, "a mirror"))
    index = PubMedIndex.open(directory)
    return Desk(make_check_library("2026-11-19T06:00:00Z"), project_tagger(), project_ledger(), index, 2026)


def test_a_draft_is_told_where_its_references_stand(desk: Desk) -> None:
    result = desk.check_text(DRAFT)
    assert result["library"]["pubmed_index"] == "1950 to 2026 (a mirror)"
    answers = [row["standing"]["answer"] for row in result["references"]]
    assert answers == [
        "exists, described wrongly", "in PubMed, not in this library", "no such work in PubMed", "not PubMed's kind",
        "identifier of another work",
    ]  # fmt: skip
    changed = result["references"][0]["standing"]["differs"][0]
    assert (changed["field"], changed["printed"], changed["known"]) == ("title", "hunger", "sleep")
    assert {"no-such-work", "described-wrongly", "identifier-of-another-work", "retracted"} <= codes(result)
    assert [one.code for one in actions(result)][:4] == [
        "retracted", "no-such-work", "identifier-of-another-work", "described-wrongly",
    ]  # fmt: skip


def test_the_words_of_the_answer(desk: Desk) -> None:
    result = desk.check_text(DRAFT)
    for text in (as_text(result), as_text(result, details=True), as_markdown(result)):
        plain = " ".join(text.split())
        assert "no such work in PubMed" in plain and "evidence fetch 701" in plain
        without = plain.replace("J Invented Pain", "")
        assert not any(word in without.lower() for word in ("invented", "fake", "fabricated"))


def test_without_an_index_nothing_is_called_unknown_to_pubmed() -> None:
    bare = Desk(make_check_library("2026-11-19T06:00:00Z"), project_tagger(), project_ledger())
    result = bare.check_text(DRAFT)
    assert result["library"]["pubmed_index"] is None
    assert "no-such-work" not in codes(result)
    assert [row["standing"]["answer"] for row in result["references"]][1:3] == ["not known", "not known"]


def test_a_name_in_the_text_is_never_called_unknown(desk: Desk) -> None:
    result = desk.check_text("Zeller et al. (2015) found that magnetic socks help in 90% of cases.")
    assert [row["standing"]["answer"] for row in result["references"]] == ["not known"]
