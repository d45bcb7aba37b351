"""What is set, missing or stale is said with what to do; a service that answers otherwise than assumed is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from command_shell import SECRET, Shell
from eutils_server import Article, Corpus, EutilsServer
from sources_server import SourcesServer

KNOWN = Article("1", "Formate assay in body fluids: application in methanol poisoning.")
RECORDED = Path(__file__).parents[1] / "fixtures" / "sources" / "clinicaltrials.json"
TOPIC = "title: Invented\nmodality: scs\nquery: alpha[tiab]\n"


def findings(shell: Shell, *options: str, **env: str) -> tuple[int, dict[str, dict[str, str]]]:
    done = shell.run("doctor", "--json", *options, **env)
    return done.returncode, {one["what"]: one for one in json.loads(done.stdout)}


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    shell = Shell(tmp_path)
    assert shell.run("init", "project", "--example", "neuromodulation").returncode == 0
    shell.directory = tmp_path / "project"
    for path in (shell.directory / "queries" / "topics").glob("*.yml"):
        path.unlink()
    (shell.directory / "queries" / "topics" / "alpha.yml").write_text(TOPIC)
    return shell


def test_from_nothing_to_all_well(shell: Shell) -> None:
    code, found = findings(shell, NCBI_EMAIL="")
    assert code == 1
    assert [w for w, one in found.items() if one["state"] == "missing" and one["must"]] == [
        "NCBI_EMAIL",
        "tracker",
        "build",
    ]
    assert "evidence refresh" in found["tracker"]["do"] and "export NCBI_EMAIL" in found["NCBI_EMAIL"]["do"]
    with EutilsServer(Corpus.invented(3)) as server:
        shell.env["EVIDENCE_EUTILS_URL"] = server.url
        assert shell.run("refresh").returncode == 0
    _, found = findings(shell)
    assert found["tracker"]["state"] == found["refresh"]["state"] == "ok" and found["build"]["state"] == "missing"
    assert shell.run("build").returncode == 0
    code, found = findings(shell)
    assert code == 0, [one for one in found.values() if one["state"] != "ok"]
    assert SECRET not in json.dumps(found) and found["NCBI_API_KEY"]["state"] == "ok"
    (shell.directory / "queries" / "topics" / "beta.yml").write_text(TOPIC)
    code, found = findings(shell)
    assert code == 1 and found["build"]["state"] == found["refresh"]["state"] == "stale"


def test_mistakes_are_told_with_their_line_and_no_traceback(shell: Shell) -> None:
    (shell.directory / "queries" / "topics" / "alpha.yml").write_text("title: [\n")
    (shell.directory / "data").mkdir(exist_ok=True)
    (shell.directory / "data" / "tracker.db").write_bytes(b"no database" * 500)
    code, found = findings(shell)
    assert code == 1 and "alpha.yml" in found["queries/ and metadata.yml"]["said"]
    assert found["tracker"]["state"] == "differs" and "verify" in found["tracker"]["do"]


@pytest.mark.parametrize(
    ("article", "state"),
    [
        (KNOWN, "ok"),
        (Article("1", "Something else was printed first."), "differs"),
        (Article("2", "Not asked."), "differs"),
    ],
)
def test_pubmed_is_asked_three_known_questions(shell: Shell, article: Article, state: str) -> None:
    corpus = Corpus.invented(2)
    corpus.add(article)
    with EutilsServer(corpus) as server:
        _, found = findings(shell, "--online", "pubmed", EVIDENCE_EUTILS_URL=server.url)
    assert found["PubMed records (efetch)"]["state"] == state
    assert found["PubMed on a record that is not there (esummary)"]["state"] == "ok"


def test_a_service_that_is_not_reached_is_75(shell: Shell) -> None:
    done = shell.run("doctor", "--online", "pubmed", EVIDENCE_EUTILS_URL="http://127.0.0.1:9/")
    assert done.returncode == 75 and len(done.stderr.strip().splitlines()) == 1


def test_without_online_nothing_is_asked(shell: Shell) -> None:
    with EutilsServer(Corpus.invented(2)) as server:
        findings(shell, EVIDENCE_EUTILS_URL=server.url)
        assert not server.arrivals


def registry(**more: Any) -> SourcesServer:
    """ClinicalTrials.gov as it was recorded, with what the recorded projection left out."""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    study = recorded["study_terminated_projection"] | {"hasResults": True}
    modules = study["protocolSection"]
    dates = {"lastUpdatePostDateStruct": {"date": "2020-01"}, "studyFirstPostDateStruct": {"date": "2015"}}
    modules["statusModule"] |= dates
    modules["designModule"]["enrollmentInfo"]["type"] = "ACTUAL"
    modules["sponsorCollaboratorsModule"]["leadSponsor"]["class"] = "INDUSTRY"
    modules["outcomesModule"] = {"primaryOutcomes": [{"measure": "x", "timeFrame": "y"}]}
    for name, value in more.items():
        modules[name] = value
    server = SourcesServer(clinicaltrials={"NCT02576665": study})
    server.searches['"Phelan-McDermid Syndrome"'] = [f"NCT000000{n}" for n in range(10, 31)]
    return server


def test_the_registry_is_asked_three_known_questions(shell: Shell) -> None:
    with registry() as server:
        _, found = findings(
            shell, "--online", "clinicaltrials", EVIDENCE_CLINICALTRIALS_URL=server.url("clinicaltrials")
        )
    asked = {f["what"]: f["state"] for f in found.values() if f["what"].startswith("ClinicalTrials.gov")}
    assert len(asked) == 3 and set(asked.values()) == {"ok"} and len(server.arrivals) == 4


@pytest.mark.parametrize(
    ("kind", "module", "said"),
    [
        ("", {"statusModule": {"overallStatus": "COMPLETED"}}, "status is 'COMPLETED', not 'TERMINATED'"),
        ("", {"outcomesModule": {}}, "primary_outcomes did not come"),
        ("missing", {}, "NCT02576665 is not there"),
        ("no_total", {}, "the count None"),
        ("refused", {}, "refused"),
    ],
)
def test_what_differs_in_the_registry_is_said(shell: Shell, kind: str, module: dict[str, Any], said: str) -> None:
    with registry(**module) as server:
        if kind:
            server.fail(kind, program="clinicaltrials")
        _, found = findings(
            shell, "--online", "clinicaltrials", EVIDENCE_CLINICALTRIALS_URL=server.url("clinicaltrials")
        )
    wrong = [
        f["said"] for f in found.values() if f["state"] == "differs" and f["what"].startswith("ClinicalTrials.gov")
    ]
    assert wrong and any(said in one for one in wrong)


def test_a_registry_that_is_not_there_is_for_later(shell: Shell) -> None:
    address = "http://127.0.0.1:9/"
    assert shell.run("doctor", "--online", "clinicaltrials", EVIDENCE_CLINICALTRIALS_URL=address).returncode == 75


FIXTURES = RECORDED.parent


def works(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


def other_sources() -> SourcesServer:
    """The known works as they were recorded, with the fields that were cut out of the fixtures."""
    openalex, europepmc, icite = works("openalex"), works("europepmc"), {}
    openalex["work_article"]["best_oa_location"] = {
        "is_oa": True, "landing_page_url": "https://doi.org/10.1371/journal.pone.0000030", "license": "cc-by",
        "version": "publishedVersion",
    }  # fmt: skip
    free = {"availabilityCode": "OA", "documentStyle": "html", "site": "Europe_PMC", "url": "https://europepmc.org/x"}
    europepmc["MED:22338609"]["fullTextUrlList"] = {"fullTextUrl": [free]}
    for paper in works("icite")["pubs_2024_shape"]["data"]:
        icite[str(paper["pmid"])] = paper | {"cited_by": [1, 2]}
    server = SourcesServer(works("crossref"), europepmc, openalex, icite=icite)
    server.limits["x-ratelimit-remaining"] = "900"
    return server


@pytest.mark.parametrize(
    ("name", "label"),
    [("crossref", "Crossref"), ("europepmc", "Europe PMC"), ("openalex", "OpenAlex"), ("icite", "iCite")],
)
def test_each_source_is_asked_three_known_questions(shell: Shell, name: str, label: str) -> None:
    with other_sources() as server:
        address = {f"EVIDENCE_{name.upper()}_URL": server.url(name)}
        _, found = findings(shell, "--online", name, **address)
        own = {what: one for what, one in found.items() if what.startswith(f"{label}: ")}
        assert [one["said"] for one in own.values()] == ["as assumed"] * 3
        assert len(server.asked(name)) == 3
        server.limits.clear()
        for held in (server.crossref, server.europepmc, server.openalex, server.icite):
            held.clear()
        code, found = findings(shell, "--online", name, **address)
        states = [one["state"] for what, one in found.items() if what.startswith(f"{label}: ")]
        assert code == 1 and states == ["differs", "differs", "ok"]


def test_a_header_that_the_pace_rests_on_is_missed(shell: Shell) -> None:
    with other_sources() as server:
        server.limits.clear()
        _, found = findings(shell, "--online", "crossref", EVIDENCE_CROSSREF_URL=server.url("crossref"))
    assert "its headers have no x-rate-limit-limit" in found["Crossref: a known work by itself"]["said"]


def test_openfda_is_asked_what_it_calls_a_code(shell: Shell) -> None:
    with other_sources() as server:
        recall = {"product_code": "LGW", "res_event_number": "1", "event_date_initiated": "2019-05-17"}
        device = {"product_code": "LGW", "device_name": "Stimulator, Spinal-Cord"}
        server.openfda = {"classification.json": [device], "recall.json": [recall]}
        address = {"EVIDENCE_OPENFDA_URL": server.url("openfda")}
        _, found = findings(shell, "--online", "openfda", **address)
        assert [one["said"] for what, one in found.items() if what.startswith("openFDA: ")] == ["as assumed"] * 3
        device["device_name"] = "Catheter"
        server.openfda["recall.json"] = []
        _, found = findings(shell, "--online", "openfda", **address)
    said = [one["said"] for what, one in found.items() if what.startswith("openFDA: ")]
    assert said[0] == "class:LGW is named 'Catheter'" and "404" in said[1] and said[2] == "as assumed"
