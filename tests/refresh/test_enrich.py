"""Other sources asked about the reports: what is stored, what is due again, what a build makes of it."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from shutil import copy, copytree
from typing import Any

import pytest
from eutils_server import Article, Corpus
from eutils_server.hostile import BROKEN, ECHOES
from refresh_conftest import Small
from sources_server import KINDS, SourcesServer

from evidence.derive import build
from evidence.enrich import EnrichSummary, enrich
from evidence.errors import StorageError, UsageError
from evidence.http import Client, Patience, Timeouts, pacing
from evidence.http.pacing import Pacer
from evidence.library.desk import Desk
from evidence.readonly import open_readonly
from evidence.refresh.progress import Silent
from evidence.services.sources_asked import is_failing, source_lines, sources_asked
from evidence.site import make_datasette
from evidence.sources import SOURCES, Source
from evidence.tracker import check_tracker

MIGRAINE = Path(__file__).parents[1] / "fixtures" / "migraine" / "queries"
EMAIL = "qwzxjvk+mpfghtd@bcdlnrs.zqxw"
ODD = "10.5555/a,2;<x>#y"
TRIALS = [f"NCT0000010{number}" for number in range(5)]
RETRACTION = {"type": "retraction", "label": "Retraction", "updated": {"date-parts": [[2021, 3, 4]]}}


def work(doi: str, *updates: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"DOI": doi, "title": ["Invented"], "type": "journal-article", "indexed": {"date-time": "2026"}, **more} | (
        {"updated-by": list(updates)} if updates else {}
    )


def trial(number: str, status: str = "COMPLETED", **more: Any) -> dict[str, Any]:
    modules = {
        "identificationModule": {"nctId": number, "briefTitle": "Invented"},
        "statusModule": {"overallStatus": status, "completionDateStruct": {"date": "2020-05"}},
        **more,
    }
    return {"protocolSection": modules, "hasResults": False}


def watched(doi: str, **more: Any) -> dict[str, Any]:
    return {**RETRACTION, "DOI": doi, "source": "retraction-watch", "record-id": "1", **more}


PAPERS: dict[str, Any] = {
    "1001": {"citation_count": 7, "relative_citation_ratio": 1.5, "nih_percentile": 60.1, "cited_by": [1002, 999]},
    "1002": {"citation_count": 0, "relative_citation_ratio": None, "provisional": "Yes", "references": "1001 1004"},
    "1004": {"citation_count": 2, "relative_citation_ratio": 0.4, "cited_by": "", "references": None},
}


DEVICES: dict[str, list[dict[str, Any]]] = {
    "classification.json": [
        {"product_code": "LGW", "device_name": "Stimulator, Spinal-Cord, Totally Implanted", "device_class": "3"}
    ],
    "recall.json": [
        {
            "product_code": "LGW", "product_res_number": "Z-0053-2020", "res_event_number": "82984",
            "event_date_initiated": "2019-05-17", "recall_status": "Terminated", "recalling_firm": "Invented Inc",
            "reason_for_recall": "The battery\r\nmay end early.", "product_description": "Invented stimulator",
        }
    ],
    "enforcement.json": [
        {"event_id": "82984", "recall_number": "Z-0053-2020", "classification": "Class II"},
        {"event_id": "82984", "recall_number": "Z-0054-2020", "classification": "Class I"},
    ],
}  # fmt: skip


class Library:
    """Five reports, three of them known to each source; quick clients without a pace."""

    def __init__(self, small: Small):
        self.small, self.project, self.clock = small, small.project, small.clock
        copytree(MIGRAINE / "vocabulary", self.project.vocabulary)
        copy(MIGRAINE / "profile.yml", self.project.queries)
        topic = self.project.topics / "alpha.yml"
        topic.write_text(topic.read_text().replace("modality: scs", "modality: cgrp"))
        for number in range(5):
            article = Article(str(1001 + number), f"alpha stimulation, invented report {number}")
            article.doi = f"10.5555/a{number}" if number != 2 else ODD
            article.abstract += f" ClinicalTrials.gov: {TRIALS[number]}."
            small.server.corpus.add(article)
        assert small.refresh().exit_code == 0
        works = [
            work("10.5555/a0"),
            work("10.5555/a1", watched("10.5555/n1")),
            work("10.5555/a,2;<x>#y", watched("10.5555/n2")),
        ]
        link = {"source": "MED", "id": "9001", "type": "Retraction in", "reference": "J Invented. 2021 May;1(1):1."}
        erratum = link | {"type": "Erratum in"}
        results = {
            "MED:1001": {"id": "1001", "source": "MED", "doi": "10.5555/a0", "citedByCount": 1},
            "MED:1002": {"id": "1002", "source": "MED", "commentCorrectionList": {"commentCorrection": [link]}},
            "MED:1004": {
                "id": "1004",
                "source": "MED",
                "commentCorrectionList": {"commentCorrection": [erratum]},
            },
        }
        flags = {"10.5555/a0": False, "10.5555/a1": True, ODD: False}
        flagged = {
            doi: {"doi": f"https://doi.org/{doi}", "ids": {}, "type": "article", "is_retracted": flag}
            for doi, flag in flags.items()
        }
        self.server = SourcesServer(
            {w["DOI"]: w for w in works}, results, flagged, {n: trial(n) for n in TRIALS[:3]}, PAPERS
        )
        self.server.openfda = {name: [dict(one) for one in held] for name, held in DEVICES.items()}
        (self.project.queries / "devices.yml").write_text("- {code: LGW, modality: cgrp, named: spinal cord}\n")
        self.switch(crossref=True, europepmc=True)

    def switch(self, **sources: bool) -> None:
        settings = {"plugins": {"evidence": {"sources": sources, "abstracts": {"*": "show"}}}}
        self.project.metadata_file.write_text(json.dumps({"title": "Invented"} | settings))

    def connect(self, source: Source, email: str) -> Client:
        patience = Patience(attempts=3, first=0.001, lost_requests=1000)
        return source.client(email, limits=Timeouts(2, 5, 10), patience=patience, pacer=Pacer(1000))

    def enrich(self, *names: str, full: bool = False) -> EnrichSummary:
        environ = {"NCBI_EMAIL": EMAIL}
        return enrich(self.project, names, full, Silent("questions"), environ, self.clock, self.connect)

    def asked(self) -> list[Any]:
        with self.small.tracker() as tracker:
            return [one for name in SOURCES for one in tracker.asked(name)]

    def rows(self, statement: str, as_of: str | None = None) -> list[tuple[Any, ...]]:
        output = self.project.data / "built.db"
        build(self.project, output=output, as_of=as_of, now=self.clock)
        with open_readonly(output) as connection:
            return connection.execute(statement).fetchall()


@pytest.fixture
def library(make_small: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    made = Library(make_small(Corpus()))
    with made.server as server:
        monkeypatch.setenv("EVIDENCE_CROSSREF_URL", server.url("crossref"))
        monkeypatch.setenv("EVIDENCE_EUROPEPMC_URL", server.url("europepmc"))
        monkeypatch.setenv("EVIDENCE_OPENALEX_URL", server.url("openalex"))
        monkeypatch.setenv("EVIDENCE_CLINICALTRIALS_URL", server.url("clinicaltrials"))
        monkeypatch.setenv("EVIDENCE_OPENFDA_URL", server.url("openfda"))
        monkeypatch.setenv("EVIDENCE_ICITE_URL", server.url("icite"))
        yield made


def by_name(summary: EnrichSummary) -> dict[str, Any]:
    return {source.name: source for source in summary.sources}


def test_all_are_asked_once_and_the_same_day_nothing_is(library: Library) -> None:
    first = by_name(library.enrich())
    assert (first["crossref"].asked, first["crossref"].found, first["crossref"].notices) == (5, 3, 2)
    assert (first["europepmc"].asked, first["europepmc"].found, first["europepmc"].notices) == (5, 3, 2)
    assert all(arrival.agent == f"evidence-tracker (mailto:{EMAIL})" for arrival in library.server.arrivals)
    before = len(library.server.arrivals)
    again = library.enrich()
    assert again.exit_code == 0 and len(library.server.arrivals) == before
    assert [source.due for source in again.sources] == [0, 0]
    library.clock.move(days=31)
    assert [source.due for source in library.enrich().sources] == [5, 5]
    assert [source.due for source in library.enrich(full=True).sources] == [5, 5]


def test_a_comma_in_a_doi_hides_no_retraction(library: Library) -> None:
    library.enrich("crossref")
    rows = library.rows("SELECT report, kind, source, notice_date, notice_doi FROM notices WHERE report = '1003'")
    assert rows == [("1003", "retraction", "retraction_watch", "2021-03-04", "10.5555/n2")]


def test_notices_stand_side_by_side_with_who_says_so_and_who_was_asked_when(library: Library) -> None:
    library.enrich()
    notices = library.rows("SELECT report, kind, source, notice_date, notice_pmid, repeats FROM notices ORDER BY 1, 3")
    assert notices == [
        ("1002", "retraction", "europepmc", "2021-05", "9001", 0),
        ("1002", "retraction", "retraction_watch", "2021-03-04", None, 1),
        ("1003", "retraction", "retraction_watch", "2021-03-04", None, 0),
        ("1004", "erratum", "europepmc", "2021-05", "9001", 0),
    ]
    status = dict(library.rows("SELECT id, status FROM reports"))
    assert status == {
        "1001": "no_notice", "1002": "retracted", "1003": "retracted", "1004": "corrected", "1005": "no_notice",
    }  # fmt: skip
    checks = {
        (report, source): outcome
        for report, source, outcome in library.rows("SELECT report, source, outcome FROM checks")
    }
    assert checks["1002", "pubmed"] == checks["1001", "crossref"] == "no notice found"
    assert checks["1002", "crossref"] == checks["1004", "europepmc"] == "notice found"
    assert checks["1005", "crossref"] == checks["1003", "europepmc"] == "not found there"


def test_the_page_says_who_was_asked_and_what_each_said(library: Library) -> None:
    library.enrich()
    build(library.project, now=library.clock)
    pages = asyncio.run(_pages(library, ("1001", "1002", "1005")))
    day = library.clock().date().isoformat()
    assert f"No notice found in PubMed, Crossref and Europe PMC, {day}" in pages["1001"]
    assert f"No notice found in PubMed, {day}; the report is not in Crossref or Europe PMC" in pages["1005"]
    told = " ".join(pages["1002"].split())
    assert f"Asked: PubMed, no notice found, {day}; Crossref, notice found, {day}; Europe PMC, notice found" in told
    assert "Source: Retraction Watch, through Crossref" in told and "https://doi.org/10.5555/n1" in told


def test_a_check_of_a_draft_tells_a_retraction_that_pubmed_does_not_know(library: Library) -> None:
    library.enrich("crossref")
    (library.project.queries / "sources.yml").write_text("sources: {}\n")
    build(library.project, now=library.clock)
    desk = Desk.open(library.project.evidence, library.project)
    draft = "A trial helped 80% of patients (doi:10.5555/a1). Another did not (doi:10.5555/a0)."
    result = desk.check_text(draft)
    told = [(row["report"], [n["source"] for n in row["notices"]]) for row in result["references"]]
    assert told == [("1002", ["retraction_watch"]), ("1001", [])]
    assert "retracted" in {warning["code"] for sentence in result["sentences"] for warning in sentence["warnings"]}


async def _pages(library: Library, names: tuple[str, ...]) -> dict[str, str]:
    datasette = make_datasette(library.project)
    await datasette.invoke_startup()
    return {name: (await datasette.client.get(f"/reports/{name}")).text for name in names}


def test_a_notice_that_goes_away_and_one_that_comes_are_seen_as_of_their_day(library: Library) -> None:
    library.enrich("crossref")
    day_one = library.clock().date().isoformat()
    library.clock.move(days=40)
    library.server.crossref["10.5555/a0"] = work("10.5555/a0", watched("10.5555/n0"), **{"is-referenced-by-count": 7})
    library.server.crossref["10.5555/a1"] = work(
        "10.5555/a1", watched("10.5555/n1"), RETRACTION | {"type": "correction", "DOI": "10.5555/c1"}
    )
    library.enrich("crossref")
    seen = "SELECT report, kind, date(first_seen) FROM notices ORDER BY 1, 2"
    day_two = library.clock().date().isoformat()
    assert library.rows(seen) == [
        ("1001", "retraction", day_two), ("1002", "erratum", day_two), ("1002", "retraction", day_one),
        ("1003", "retraction", day_one),
    ]  # fmt: skip
    assert library.rows(seen, as_of=day_one) == [("1002", "retraction", day_one), ("1003", "retraction", day_one)]


def test_what_says_the_same_is_stored_once(library: Library) -> None:
    library.enrich()
    with library.small.tracker() as tracker:
        held = tracker.db.execute("SELECT count(*), sum(size) FROM answers").fetchone()
    library.clock.move(days=31)
    for found in library.server.crossref.values():
        found["indexed"] = {"date-time": "2027"}
    library.server.europepmc["MED:1001"]["citedByCount"] = 99
    library.enrich()
    with library.small.tracker() as tracker:
        assert tracker.db.execute("SELECT count(*), sum(size) FROM answers").fetchone() == held
        assert not check_tracker(tracker)
    assert {at[:10] for (at,) in library.rows("SELECT checked_at FROM checks WHERE source != 'pubmed'")} == {
        library.clock().date().isoformat()
    }


def test_a_notice_by_a_publisher_is_looked_up_before_it_is_believed(library: Library) -> None:
    works = library.server.crossref
    works["10.5555/a0"] = work("10.5555/a0", RETRACTION | {"DOI": "10.5555/paper", "source": "publisher"})
    works["10.5555/paper"] = work("10.5555/paper", watched("10.5555/a0"))  # so a0 is the notice of it
    works["10.5555/a4"] = work("10.5555/a4", RETRACTION | {"DOI": "10.5555/notice", "source": "publisher"})
    works["10.5555/notice"] = work("10.5555/notice", published={"date-parts": [[2022, 7]]})
    found = by_name(library.enrich("crossref"))["crossref"]
    assert found.due == 7 and found.asked == 7
    rows = library.rows("SELECT report, kind, source, notice_date FROM notices WHERE report IN ('1001', '1005')")
    assert rows == [("1005", "retraction", "crossref", "2022-07")]


def test_what_a_list_passes_over_is_asked_for_by_itself(library: Library) -> None:
    library.server.fail("missing", program="crossref", nth={1})
    found = by_name(library.enrich("crossref"))["crossref"]
    assert (found.asked, found.found) == (5, 3)


PASSING = [kind for kind in KINDS if kind not in ("missing", "refused")]
STAYING = [*PASSING, "refused", "gzip_bomb", "json_nested", "laughs", "redirect_bomb"]
# How OpenAlex itself says that it has not a work.
ITS_OWN = {("openalex", "not_found_html")}


@pytest.mark.parametrize(("name", "kind"), [pair for pair in product(SOURCES, PASSING) if pair not in ITS_OWN])
def test_a_fault_that_passes_costs_nothing(
    library: Library, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evidence.http.answer.DEFAULT_RETRY_AFTER", 0.01)
    library.switch(**{name: True})
    library.server.fail(kind, program=name, nth={1})
    summary = library.enrich(name)
    assert summary.exit_code == 0 and by_name(summary)[name].found == 3


@pytest.mark.parametrize(("name", "kind"), [pair for pair in product(SOURCES, STAYING) if pair not in ITS_OWN])
def test_a_fault_that_stays_leaves_the_last_check_and_is_told(
    library: Library, name: str, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("evidence.http.answer.DEFAULT_RETRY_AFTER", 0.01)
    library.switch(**{name: True})
    library.enrich()
    before = library.asked()
    library.clock.move(days=31)
    if kind == "rate_limit_wait":
        monkeypatch.setattr("evidence.http.answer.retry_after_seconds", lambda *_: 0.01)
    library.server.fail(kind, program=name)
    summary = library.enrich(name)
    failed = by_name(summary)[name]
    assert failed.error and failed.asked == 0 and summary.exit_code in (1, 75)
    assert library.asked() == before
    library.server.faults.clear()
    assert library.enrich(name).exit_code == 0 and by_name(library.enrich(name))[name].due == 0


def test_a_run_goes_on_where_it_stopped(library: Library) -> None:
    for number in range(10, 70):
        article = Article(str(2000 + number), f"alpha stimulation, invented report {number}", doi=f"10.5555/b{number}")
        library.small.server.corpus.add(article)
        library.server.crossref[article.doi] = work(article.doi)
    library.small.refresh()
    library.server.fail("http_503", program="crossref", holding="b40")
    first = by_name(library.enrich("crossref"))["crossref"]
    assert 0 < first.failed <= 20 and first.asked == 65 - first.failed
    library.server.faults.clear()
    assert by_name(library.enrich("crossref"))["crossref"].due == first.failed


def test_one_source_that_is_down_leaves_the_other_alone(library: Library) -> None:
    library.server.fail("http_503", program="crossref")
    summary = library.enrich()
    assert summary.exit_code == 1 and by_name(summary)["europepmc"].found == 3
    library.server.fail("http_503", program="europepmc")
    library.clock.move(days=31)
    assert library.enrich().exit_code == 75


@pytest.mark.parametrize("form", [*ECHOES, *list(BROKEN)[::6]])
def test_no_address_and_no_half_character_stays_behind(
    library: Library, form: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("evidence.http.answer.DEFAULT_RETRY_AFTER", 0.01)
    library.server.fail(form)
    summary = library.enrich()
    told = summary.text() + json.dumps(summary.as_json(), ensure_ascii=False) + capfd.readouterr().err
    files = [path for path in library.project.data.rglob("*") if path.is_file()]
    text = "".join((told + "".join(path.read_bytes().decode("latin-1") for path in files)).lower().split())
    told.encode()
    assert not [EMAIL[at : at + 6] for at in range(len(EMAIL) - 5) if EMAIL[at : at + 6] in text]


def test_each_source_is_off_until_it_is_switched_on_and_an_address_is_set(library: Library, tmp_path: Path) -> None:
    library.switch(crossref=True)
    with pytest.raises(UsageError, match="europepmc is off"):
        library.enrich("europepmc")
    with pytest.raises(UsageError, match="no source 'pubmed'"):
        library.enrich("pubmed")
    assert [source.name for source in library.enrich().sources] == ["crossref"]
    library.switch()
    with pytest.raises(UsageError, match="no source is switched on"):
        library.enrich()
    library.switch(crosref=True)
    with pytest.raises(UsageError, match="no source 'crosref'"):
        library.enrich()
    assert not library.server.asked("europepmc")


def test_without_an_address_nobody_elsewhere_is_asked(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("EVIDENCE_CROSSREF_URL")
    with pytest.raises(UsageError, match="EVIDENCE_EMAIL"):
        enrich(library.project, environ={}, now=library.clock, connect=library.connect)


def test_without_a_tracker_there_is_nothing_to_ask_about(library: Library) -> None:
    library.project.tracker.rename(library.project.data / "elsewhere")
    with pytest.raises(StorageError, match="evidence refresh"):
        library.enrich()


def test_the_pace_of_a_source_is_kept_at_its_side(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(60):
        doi = f"10.5555/b{number}"
        library.small.server.corpus.add(Article(str(3000 + number), f"alpha stimulation, invented {number}", doi=doi))
        library.server.crossref[doi] = work(doi)
    library.small.refresh()
    library.server.crossref |= {f"10.5555/a{number}": work(f"10.5555/a{number}") for number in (3, 4)}
    library.connect = lambda source, email: source.client(email)  # type: ignore[method-assign]
    monkeypatch.setattr(pacing, "WINDOW", 1.05)
    started = time.monotonic()
    assert by_name(library.enrich("crossref"))["crossref"].asked == 65
    lists = library.server.asked("crossref")
    assert len(lists) == 5 and library.server.most_in_a_second("crossref") == 1
    assert time.monotonic() - started < 12  # 4.2 s where nothing else runs


def test_a_flag_of_openalex_is_shown_and_decides_nothing(library: Library) -> None:
    library.switch(openalex=True)
    found = by_name(library.enrich())["openalex"]
    assert (found.asked, found.found, found.notices) == (5, 3, 1)
    assert library.rows("SELECT report, kind, source FROM notices") == [("1002", "flagged_retracted", "openalex")]
    assert library.rows("SELECT status FROM reports WHERE id = '1002'") == [("no_notice",)]


def test_clocks_that_jump_ask_again(library: Library) -> None:
    library.clock.move(days=400)
    library.enrich("crossref")
    library.clock.move(days=-400)
    assert by_name(library.enrich("crossref"))["crossref"].due == 5


def test_citations_within_the_library_and_how_often_pubmed_cites(library: Library) -> None:
    library.switch(icite=True)
    asked = by_name(library.enrich())["icite"]
    assert (asked.asked, asked.found, asked.requests) == (5, 3, 2)  # what was passed over is asked for once more
    assert "notice" not in asked.line()
    assert library.rows("SELECT citing, cited, source FROM citations ORDER BY 1, 2") == [
        ("1002", "1001", "icite"), ("1002", "1004", "icite"),
    ]  # fmt: skip
    counts = library.rows("SELECT report, count, rcr, percentile, provisional FROM citation_counts ORDER BY 1")
    assert counts == [("1001", 7, 1.5, 60.1, None), ("1002", 0, None, None, 1), ("1004", 2, 0.4, None, None)]
    assert library.rows("SELECT count(*) FROM checks WHERE source = 'icite'") == [(0,)]
    day = library.clock().date().isoformat()
    library.clock.move(days=31)
    library.server.icite["1001"]["citation_count"] = 9
    library.enrich()
    count = "SELECT count FROM citation_counts WHERE report = '1001'"
    assert library.rows(count) == [(9,)] and library.rows(count, as_of=day) == [(7,)]


def test_free_copies_and_preprints_with_source_and_licence(library: Library) -> None:
    urls = [
        {"availabilityCode": "OA", "documentStyle": "html", "site": "Europe_PMC", "url": "https://europepmc.org/x"},
        {"availabilityCode": "S", "documentStyle": "doi", "site": "DOI", "url": "https://doi.org/10.5555/a0"},
        {"availabilityCode": "F", "site": "Unpaywall", "url": "https://www.ncbi.nlm.nih.gov/pmc/articles/3864987"},
        {"availabilityCode": "F", "site": "Bad", "url": "javascript:alert(1)"},
    ]
    preprint = {"source": "PPR", "id": "PPR12", "type": "Preprint in", "note": "Link created based on a title match"}
    library.server.europepmc["MED:1001"] |= {
        "isOpenAccess": "Y", "license": "cc by", "fullTextUrlList": {"fullTextUrl": urls},
        "commentCorrectionList": {"commentCorrection": preprint},
    }  # fmt: skip
    place = {"is_oa": True, "pdf_url": "https://example.org/a.pdf", "license": None, "version": "acceptedVersion"}
    library.server.openalex["10.5555/a0"]["best_oa_location"] = place
    related = {"has-preprint": [{"id-type": "doi", "id": "10.5555/A1", "asserted-by": "subject"}]}
    library.server.crossref["10.5555/a0"]["relation"] = related
    library.switch(crossref=True, europepmc=True, openalex=True)
    library.enrich()
    (library.project.queries / "sources.yml").write_text("sources: {}\n")
    copies = "SELECT report, url, terms, licence, version, source FROM copies ORDER BY url"
    assert library.rows(copies) == [
        ("1001", "https://europepmc.org/x", "open", "cc by", None, "europepmc"),
        ("1001", "https://example.org/a.pdf", "free", None, "accepted", "openalex"),
    ]
    assert library.rows("SELECT report, kind, other, number, guessed, source FROM versions ORDER BY 1, 4") == [
        ("1001", "preprint", "1002", "10.5555/a1", 0, "crossref"),
        ("1001", "preprint", None, "PPR12", 1, "europepmc"),
        ("1002", "article", "1001", "10.5555/a0", 0, "crossref"),
    ]
    relations = library.rows("SELECT report, related, kind, source FROM relations")
    assert relations == [("1002", "1001", "preprint", "crossref")]
    build(library.project, now=library.clock)
    page = " ".join(asyncio.run(_pages(library, ("1001",)))["1001"].split())
    result = Desk.open(library.project.evidence, library.project).check_text("It helped 80% (doi:10.5555/a0).")
    assert result["references"][0]["free_copy"] == "https://europepmc.org/x"
    assert "open, cc by" in page and "accepted version" in page and "guessed" in page and "javascript:" not in page


def test_status_lists_the_sources_with_when_and_what_failed(library: Library) -> None:
    library.switch(crossref=True, openalex=True)
    assert [line.split(":")[1] for line in source_lines(sources_asked(library.project))] == [" never asked"] * 2
    library.enrich()
    day = library.clock().date().isoformat()
    first = sources_asked(library.project)
    assert source_lines(first) == [
        f"Crossref: asked {day}, 3 of 5 found there", f"OpenAlex: asked {day}, 3 of 5 found there",
    ]  # fmt: skip
    library.clock.move(days=31)
    library.server.fail("http_503", program="openalex")
    library.enrich()
    crossref, openalex = sources_asked(library.project)
    assert not is_failing(crossref) and is_failing(openalex)
    assert f"FAILING: 5 not answered, not whole since {day}: " in source_lines([openalex])[0]
    library.switch(crossref=True)
    assert [is_failing(one) for one in sources_asked(library.project)] == [False, False]
    assert "OpenAlex (off now)" in source_lines(sources_asked(library.project))[1]


def test_recalls_of_a_modalitys_devices_with_source_and_date(library: Library) -> None:
    library.switch(openfda=True)
    first = by_name(library.enrich())["openfda"]
    assert (first.asked, first.found, first.requests) == (3, 3, 3) and "notice" not in first.line()
    assert by_name(library.enrich())["openfda"].due == 0
    build(library.project, now=library.clock)
    assert library.rows("SELECT code, modality, device_class, state FROM devices") == [("LGW", "cgrp", "3", "checked")]
    recalls = "SELECT number, initiated, status, class, reason FROM recalls"
    told = ("Z-0053-2020", "2019-05-17", "Terminated", "Class II", "The battery may end early.")
    assert library.rows(recalls) == [told]
    page = " ".join(asyncio.run(_page(library, "/tags/modality/cgrp")).split())
    day = library.clock().date().isoformat()
    assert "Invented Inc" in page and "Class II" in page and f"openFDA, {day}" in page and "no rates" not in page
    assert "event report" not in page
    library.clock.move(days=8)
    library.server.openfda["classification.json"][0]["device_name"] = "Catheter"
    assert by_name(library.enrich())["openfda"].due == 3
    assert library.rows("SELECT state, name FROM devices") == [("another device", "Catheter")]
    assert not library.rows(recalls) and library.rows(recalls, as_of=day) == [told]


@pytest.mark.parametrize(("gone", "state"), [("classification.json", "no such code"), ("recall.json", "checked")])
def test_a_search_of_openfda_without_a_match_is_no_fault(library: Library, gone: str, state: str) -> None:
    library.switch(openfda=True)
    library.server.openfda[gone] = []
    summary = library.enrich()
    assert summary.exit_code == 0 and by_name(summary)["openfda"].failed == 0
    assert library.rows("SELECT state FROM devices") == [(state,)]
    assert library.rows("SELECT count(*) FROM recalls") == [(0,)]


async def _page(library: Library, path: str) -> str:
    datasette = make_datasette(library.project)
    await datasette.invoke_startup()
    return str((await datasette.client.get(path)).text)
