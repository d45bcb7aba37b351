"""From the registry's answers to the tables of a build: registrations, states, links, what changed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from eutils_server import Article, Corpus
from test_enrich import TRIALS, Library, trial

from evidence.check.render import as_text
from evidence.derive import build
from evidence.library.desk import Desk
from evidence.readonly import open_readonly
from evidence.services.digest.definitions import Definition
from evidence.services.digest.events import events
from evidence.tracker import import_files
from evidence.trial import STATE_LABELS, Trial, TrialState, progress_of

SEARCH = "invented"


@pytest.fixture
def library(make_small: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Library]:
    made = Library(make_small(Corpus()))
    topic = made.project.topics / "alpha.yml"
    topic.write_text(f"{topic.read_text()}\ntrials: {SEARCH}\n")
    made.server.searches[SEARCH] = ["NCT00000200"]
    made.server.trials["NCT00000200"] = trial("NCT00000200", "NOT_YET_RECRUITING")
    made.switch(clinicaltrials=True)
    with made.server as server:
        monkeypatch.setenv("EVIDENCE_CLINICALTRIALS_URL", server.url("clinicaltrials"))
        yield made


def enrolled(count: int, kind: str) -> dict[str, Any]:
    return {"enrollmentInfo": {"count": count, "type": kind}}


def test_registrations_are_reports_that_are_never_evidence(library: Library) -> None:
    library.enrich()
    rows = library.rows("SELECT id, kind, study FROM reports WHERE kind = 'registration' ORDER BY id")
    assert [(name, study) for name, _, study in rows] == [
        *((f"clinicaltrials:{n}", n) for n in TRIALS[:3]),
        ("clinicaltrials:NCT00000200", "NCT00000200"),
    ]
    assert library.rows("SELECT topic, trial FROM topic_trials") == [("alpha", "NCT00000200")]
    counted = "SELECT DISTINCT reports FROM topics"
    assert library.rows(counted) == [(5,)]
    with library.small.tracker() as tracker:
        assert "clinicaltrials" not in tracker.counts()


def test_states_say_how_they_were_decided(library: Library) -> None:
    library.enrich()
    states = {row[0]: row[1:] for row in library.rows("SELECT id, state, state_why FROM studies")}
    day = library.clock().date().isoformat()
    assert (
        states["NCT00000100"][0] == "reported"
        and "the library holds 1 of its results: 1001" in states["NCT00000100"][1]
    )
    assert states["NCT00000200"] == (
        "to_come", f"ClinicalTrials.gov, asked on {day}, gives the status NOT_YET_RECRUITING.",
    )  # fmt: skip
    assert states["NCT00000104"] == (None, None)  # the registry does not have it


def test_the_link_says_what_the_report_is_to_the_trial(library: Library) -> None:
    review = Article("1900", "Alpha stimulation: a systematic review", types=["Systematic Review"])
    review.abstract = f"We found one trial ({TRIALS[0]})."
    protocol = Article("1901", "Alpha stimulation: study protocol for a randomised trial")
    protocol.abstract = f"Sixty patients will be included. ClinicalTrials.gov {TRIALS[1]}."
    for article in (review, protocol):
        library.small.server.corpus.add(article)
    library.small.refresh()
    references = [
        {"pmid": "1005", "type": "RESULT"},
        {"pmid": "1004", "type": "DERIVED"},
        {"pmid": "1", "type": "RESULT"},
    ]
    references += [{"pmid": "1901", "type": "RESULT"}, {"pmid": "1003", "type": "BACKGROUND"}]
    library.server.trials[TRIALS[0]]["protocolSection"]["referencesModule"] = {"references": references}
    library.enrich()
    rows = library.rows("SELECT number, report, relation, basis FROM trial_reports WHERE report GLOB '[0-9]*'")
    assert [row for row in rows if row[0] in TRIALS[:2]] == [
        (TRIALS[0], "1001", "results", "abstract"), (TRIALS[0], "1003", "background", "registry_background"),
        (TRIALS[0], "1004", "derived", "registry_derived"), (TRIALS[0], "1005", "results", "registry"),
        (TRIALS[0], "1900", "review", "abstract"), (TRIALS[0], "1901", "protocol", "registry"),
        (TRIALS[1], "1002", "results", "abstract"), (TRIALS[1], "1901", "protocol", "abstract"),
    ]  # fmt: skip
    members = library.rows(f"SELECT report FROM study_reports WHERE study = '{TRIALS[0]}' ORDER BY report")
    assert {"1001", "1005"} <= {report for (report,) in members} and ("1004",) not in members


def test_results_in_a_year_before_the_trial_began_are_none(library: Library) -> None:
    status = library.server.trials[TRIALS[0]]["protocolSection"]["statusModule"]
    status["startDateStruct"] = {"date": "2021-03"}  # the report is of 2020
    library.enrich()
    assert library.rows(f"SELECT state FROM trials WHERE number = '{TRIALS[0]}'") == [("unreported",)]
    assert library.rows(f"SELECT relation FROM trial_reports WHERE number = '{TRIALS[0]}' AND report = '1001'") == [
        ("earlier",)
    ]


def test_what_changes_in_the_registry_is_kept_with_its_day(library: Library) -> None:
    library.server.trials["NCT00000200"] |= trial("NCT00000200", "RECRUITING", designModule=enrolled(231, "ESTIMATED"))
    library.enrich()
    day_one = library.clock().date().isoformat()
    library.clock.move(days=400)
    library.server.trials["NCT00000200"] = trial("NCT00000200", designModule=enrolled(204, "ACTUAL")) | {
        "hasResults": True
    }
    library.enrich()
    facts = "SELECT state, planned, planned_seen, enrolled, enrolment_type FROM trials WHERE number = 'NCT00000200'"
    assert library.rows(facts) == [("results_posted", 231, day_one, 204, "ACTUAL")]
    assert library.rows(facts, as_of=day_one) == [("under_way", 231, day_one, None, "ESTIMATED")]
    changes = library.rows("SELECT text FROM trial_changes WHERE trial = 'NCT00000200' ORDER BY happened_at, text")
    assert [text for (text,) in changes] == [
        "first seen with the status RECRUITING",
        "enrolment from 231 planned to 204 enrolled",
        "results were posted in the registry",
        "status from RECRUITING to COMPLETED",
    ]


def test_a_number_that_was_given_up_is_its_trials(library: Library) -> None:
    library.server.trials[TRIALS[1]]["protocolSection"]["identificationModule"]["nctIdAliases"] = [TRIALS[4]]
    library.enrich()
    assert library.rows("SELECT report, relation FROM trial_reports WHERE number = 'NCT00000101' ORDER BY 1") == [
        ("1002", "results"), ("1005", "results"), ("clinicaltrials:NCT00000101", "registration"),
    ]  # fmt: skip


def test_a_registration_that_was_imported_too_is_one_report(library: Library) -> None:
    library.enrich()
    file = library.project.root / "ctgov.csv"
    file.write_text(f"NCT Number,Study Title,Study Status\n{TRIALS[0]},Invented,COMPLETED\n")

    with library.small.tracker() as tracker:
        import_files(tracker, [file])
    assert library.rows("SELECT count(*), count(DISTINCT report) FROM records WHERE source_id = 'NCT00000100'") == [
        (2, 1)
    ]


def test_without_the_source_nothing_is_said(library: Library) -> None:
    assert library.rows("SELECT count(*) FROM trials") == [(0,)]
    assert {state for (state,) in library.rows("SELECT state FROM studies")} == {None}


@pytest.mark.parametrize(
    ("status", "more", "reports", "state", "said"),
    [
        ("NOT_YET_RECRUITING", {}, [], "to_come", "NOT_YET_RECRUITING"),
        ("RECRUITING", {}, ["7"], "under_way", "holds 1 of its results: 7"),
        ("SUSPENDED", {"why_stopped": "no money"}, [], "under_way", "no money"),
        ("ACTIVE_NOT_RECRUITING", {}, [], "under_way", "ACTIVE_NOT_RECRUITING"),
        ("COMPLETED", {"completion": "2025-11-29"}, [], "unreported", "more than 12 months before"),
        ("COMPLETED", {"completion": "2025-11-30"}, [], "completed", "not more than 12 months"),
        ("COMPLETED", {"completion": "2025-10"}, [], "unreported", "2025-10"),
        ("COMPLETED", {"completion": "2025"}, [], "completed", "2025"),
        ("COMPLETED", {"primary_completion": "2024-01"}, [], "unreported", "primary outcome completed 2024-01"),
        ("COMPLETED", {}, [], "completed", "without a date"),
        ("COMPLETED", {"completion": "2020"}, ["1", "2"], "reported", "holds 2"),
        ("COMPLETED", {"completion": "2020", "results_posted": True}, [], "results_posted", "results posted there"),
        ("COMPLETED", {"completion": "2020", "results_posted": True}, ["1"], "reported", "holds 1"),
        ("TERMINATED", {"why_stopped": "slow"}, ["1"], "terminated", "slow"),
        ("WITHDRAWN", {}, [], "withdrawn", "WITHDRAWN"),
        ("UNKNOWN", {"last_known_status": "RECRUITING"}, [], "unknown", "before that RECRUITING"),
        ("NEW_WORD", {}, [], "unknown", "NEW_WORD"),
        ("", {}, [], "unknown", "(none)"),
        ("NO_LONGER_AVAILABLE", {}, [], "no_trial", "NO_LONGER_AVAILABLE"),
    ],
)
def test_each_state(status: str, more: dict[str, Any], reports: list[str], state: str, said: str) -> None:
    progress = progress_of(Trial("NCT00000001", status=status, **more), reports, "2026-11-30")
    assert progress.state == state and said in progress.why and "2026-11-30" in progress.why
    assert json.loads(json.dumps(progress.state)) in STATE_LABELS and len(STATE_LABELS) == len(TrialState)


@pytest.mark.parametrize(
    ("draft", "said"),
    [
        ("A trial of 231 patients relieved pain in 60% (doi:10.5555/a0).", "231 planned, 204 enrolled"),
        ("A trial of 190 patients relieved pain in 60% (doi:10.5555/a0).", "the sentence has “190 patients”"),
        ("In 204 patients pain fell (doi:10.5555/a0).", "231 planned, 204 enrolled"),
        (f"In the trial {TRIALS[0]}, 231 patients had less pain.", "231 planned, 204 enrolled"),
        ("A trial relieved pain in 60% (doi:10.5555/a0).", ""),
        ("A trial of 231 patients relieved pain in 60% (doi:10.5555/a3).", ""),
        ("In 231 patients pain fell.", ""),
    ],
)
def test_a_check_tells_what_the_registry_says_of_the_number_of_people(library: Library, draft: str, said: str) -> None:
    library.server.trials[TRIALS[0]] = trial(TRIALS[0], "RECRUITING", designModule=enrolled(231, "ESTIMATED"))
    library.enrich()
    library.clock.move(days=30)
    library.server.trials[TRIALS[0]] = trial(TRIALS[0], designModule=enrolled(204, "ACTUAL"))
    library.enrich()
    (library.project.queries / "sources.yml").write_text("sources: {}\n")
    build(library.project, now=library.clock)
    result = Desk.open(library.project.evidence, library.project).check_text(draft)
    told = [w["message"] for s in result["sentences"] for w in s["warnings"] if w["code"] == "registry-enrolment"]
    assert all(f"({TRIALS[0]}, ClinicalTrials.gov, asked on " in message for message in told)
    assert said in " ".join(told) if said else not told
    assert not [w for s in result["sentences"] for w in s["warnings"] if w["code"] == "same-study"]


@pytest.mark.parametrize(
    ("sponsor_class", "funding"),
    [("INDUSTRY", "industry"), ("NIH", "public"), ("OTHER_GOV", "public"), ("OTHER", None), ("UNKNOWN", None)],
)
def test_a_sponsors_class_is_funding_with_its_source_named(
    library: Library, sponsor_class: str, funding: str | None
) -> None:
    sponsors = {"leadSponsor": {"name": "Invented Inc", "class": sponsor_class}}
    library.server.trials[TRIALS[0]]["protocolSection"]["sponsorCollaboratorsModule"] = sponsors
    library.enrich()
    rows = library.rows("SELECT report, funding, rule, source FROM report_funding WHERE report IN ('1001', '1002')")
    told = {report: (value, rule, source) for report, value, rule, source in rows}
    assert told["1002"][0] == "not_stated"
    if funding:
        rule = f"lead sponsor of {TRIALS[0]}, by ClinicalTrials.gov: Invented Inc ({sponsor_class})"
        assert told["1001"] == (funding, rule, "registry") and len(rows) == 2
    else:
        assert told["1001"][0] == "not_stated"
    assert not library.rows("SELECT report FROM report_interests WHERE source = 'registry'")


def test_a_digest_tells_what_changed_in_the_registry(library: Library) -> None:
    library.enrich()
    build(library.project, now=library.clock)
    with open_readonly(library.project.evidence) as conn:
        everything = events(conn, Definition("a", "A", (("all", "1"),), ("trials", "reports"), ""), "2000-01-01")
        pairs = (("topic", "alpha"), ("all", "1"))
        of_topic = events(conn, Definition("a", "A", pairs, ("trials",), ""), "2000-01-01")
        plain = events(conn, Definition("a", "A", (), ("trials",), ""), "2000-01-01")
    trials = [event for event in everything if event.kind == "trials"]
    assert {event.path for event in trials} == {f"/studies/{n}" for n in (*TRIALS[:3], "NCT00000200")}
    assert trials[0].detail.endswith("first seen with the status COMPLETED") and of_topic == trials
    assert not plain  # the invented registrations name no modality


def test_the_short_answer_has_the_registrys_numbers(library: Library) -> None:
    library.server.trials[TRIALS[0]] = trial(TRIALS[0], designModule=enrolled(204, "ACTUAL"))
    library.enrich()
    (library.project.queries / "sources.yml").write_text("sources: {}\n")
    build(library.project, now=library.clock)
    desk = Desk.open(library.project.evidence, library.project)
    text = " ".join(as_text(desk.check_text("A trial of 231 patients relieved pain (doi:10.5555/a0).")).split())
    assert f"the registry says 204 enrolled ({TRIALS[0]}, ClinicalTrials.gov" in text
