"""``evidence index``, and what ``resolve`` and ``check`` say with the index. All works are invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from check_desk import make_check_library, project_ledger, project_tagger
from clocks import SetClock
from command_shell import Shell
from eutils_server import Article, Corpus, EutilsServer
from library_factory import make_database

from evidence.check.actions import actions
from evidence.check.render import as_markdown, as_text, codes
from evidence.derive.verify import verify
from evidence.errors import StorageError, UsageError
from evidence.library.desk import Desk
from evidence.library.pubmed import index_of
from evidence.project import Project
from evidence.pubmed_index import Covers, IndexRow, build_index, read_manifest
from evidence.pubmed_index.reader import PubMedIndex
from evidence.pubmed_index.standing import OLDEST_DAYS
from evidence.services.doctor import look
from evidence.services.indexing import index_tracker, keep_current
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


def test_an_index_of_the_tracker_is_kept_current(project: Project, tmp_path: Path) -> None:
    """Made anew when a record came, not when nothing did; the years it covers stay; one of NLM's files is let be."""
    assert keep_current(project, silent, SetClock()) == "" and not project.has_pubmed_index
    indexed(project, Covers(1950, 2026, "a mirror"))
    assert keep_current(project, silent, SetClock()) == ""
    more = tmp_path / "more.nbib"
    more.write_text(NBIB.replace("PMID- 105", "PMID- 205").split("PMID- 106")[0], encoding="utf-8")
    with Tracker.open(project.tracker) as tracker:
        tracker.begin_refresh("benchmark")
        assert read_manifest(project.pubmed_index).tracker == tracker.records_hash()
        import_files(tracker, [more])
        assert read_manifest(project.pubmed_index).tracker != tracker.records_hash()
    assert "3 records" in keep_current(project, silent, SetClock())
    index = index_of(project)
    assert index is not None and index.by_pmid("205") is not None and index.coverage() == "1950 to 2026 (a mirror)"
    build_index([IndexRow(7, title="of NLM's files")], project.pubmed_index)
    assert keep_current(project, silent, SetClock()) == "" and read_manifest(project.pubmed_index).records == 1


def test_commands_that_bring_records_keep_the_index_current(tmp_path: Path) -> None:
    shell = Shell(tmp_path)
    assert shell.run("init", "project", "--example", "neuromodulation").returncode == 0
    project = Project(tmp_path / "project")
    shell.directory = project.root
    for path in project.topics.glob("*.yml"):
        path.unlink()
    (project.topics / "alpha.yml").write_text("title: Invented\nmodality: scs\nquery: alpha[tiab]\n", encoding="utf-8")
    (project.root / "file.nbib").write_text(NBIB, encoding="utf-8")
    (project.root / "new.nbib").write_text(NBIB.replace("PMID- 10", "PMID- 30"), encoding="utf-8")

    def records() -> int:
        return read_manifest(project.pubmed_index).records

    assert shell.run("import", "file.nbib").returncode == 0 and shell.run("index").returncode == 0 and records() == 2
    done = shell.run("import", "new.nbib", "--json")
    assert done.returncode == 0 and json.loads(done.stdout) and records() == 4, done.stderr
    assert "made anew: 4 records" in done.stderr
    assert "made anew" not in shell.run("import", "new.nbib").stderr
    with EutilsServer(Corpus([Article("501", "alpha one"), Article("502", "beta two")])) as server:
        shell.env["EVIDENCE_EUTILS_URL"] = server.url
        assert shell.run("refresh", "--dry-run").returncode == 0 and records() == 4
        done = shell.run("refresh")
        assert done.returncode == 0 and records() == 5, done.stderr
        assert shell.run("refresh").returncode == 0 and records() == 5
        assert shell.run("fetch", "502").returncode == 0 and records() == 6


def look_at(project: Project, days: int = 0) -> dict[str, str]:
    clock = SetClock()
    clock.move(days=days)
    (found,) = [one for one in look(project, {}, clock) if one.what == "index of PubMed"]
    return found.as_json()


def test_doctor_and_verify_look_at_the_index(project: Project, tmp_path: Path) -> None:
    assert (look_at(project)["state"], look_at(project)["must"]) == ("missing", False)
    assert not any("pubmed-index" in line for line in verify(project).checked)
    indexed(project)
    assert look_at(project)["state"] == "ok" and "covers no year" in look_at(project)["said"]
    assert any("pubmed-index: 2 records" in line and "every byte" in line for line in verify(project).checked)
    (tmp_path / "new.nbib").write_text(NBIB.replace("PMID- 10", "PMID- 30"), encoding="utf-8")
    with Tracker.open(project.tracker) as tracker:
        import_files(tracker, [tmp_path / "new.nbib"])
    stale = look_at(project)
    made = read_manifest(project.pubmed_index).built_at[:10]
    assert stale["state"] == "stale" and made in stale["said"] and "evidence build" in stale["do"]
    assert any(made in line and "have changed since" in line for line in verify(project).outdated)


def test_an_index_of_nlm_s_files_grows_old(project: Project) -> None:
    build_index([IndexRow(7, title="of NLM's files")], project.pubmed_index, now=SetClock())
    assert look_at(project)["state"] == look_at(project, days=OLDEST_DAYS)["state"] == "ok"
    old = look_at(project, days=OLDEST_DAYS + 1)
    assert old["state"] == "stale" and f"{OLDEST_DAYS + 1} days ago" in old["said"] and "baseline" in old["do"]


@pytest.mark.parametrize("name", ["rows.npy", "blocks.bin", "postings.npy", "journals.txt"])
def test_verify_finds_a_changed_byte(project: Project, name: str) -> None:
    indexed(project)
    (path,) = project.pubmed_index.glob(f"g*/{name}")
    assert not [line for line in verify(project).damaged if "pubmed-index" in line]
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(content)
    found = verify(project)
    assert any(name in line and "evidence index --replace" in line for line in found.damaged) and found.exit_code == 74
    path.unlink()
    assert any(name in line for line in verify(project).damaged) and look_at(project)["state"] == "differs"


def test_an_index_without_checksums_is_read(project: Project) -> None:
    indexed(project)
    manifest = project.pubmed_index / "index.json"
    said = json.loads(manifest.read_text(encoding="utf-8"))
    del said["sha256"], said["tracker"]
    manifest.write_text(json.dumps(said), encoding="utf-8")
    assert any("before checksums were kept" in line for line in verify(project).checked)
    assert index_of(project) is not None and keep_current(project, silent, SetClock()) == ""


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
