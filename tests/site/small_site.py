"""A small invented ``evidence.db`` with every kind of page in it, hostile text included.

Every sentence here was made up for these tests.
"""

from __future__ import annotations

from pathlib import Path

from site_factory import FIRST_SEEN, HOSTILE, SCRIPT, TAGS, add_report, finish, insert, new_database
from small_ledger import add_claims, add_topics
from sqlite_utils import Database


def small_database(path: Path, **info: str | None) -> Path:
    """Every kind of page: 40 plain reports, a study, notices, merges, revisions, claims, topics, hostile text."""
    db = new_database(path)
    insert(
        db,
        "studies",
        id="NCT00000001",
        title="An invented trial of burst stimulation",
        reason="registration NCT00000001",
    )
    _add_reports(db)
    _add_trials(db)
    _add_history(db)
    add_topics(db)
    add_claims(db)
    finish(db, **info)
    return path


def _add_trials(db: Database) -> None:
    """One completed and reported, with a study; one hostile, without a report, for each state that is not."""
    common = {
        "registry": "ClinicalTrials.gov",
        "asked_at": FIRST_SEEN,
        "first_seen": FIRST_SEEN,
        "changed_at": FIRST_SEEN,
    }
    facts = {
        "status": "COMPLETED", "start_date": "2019-05", "completion_date": "2021-02-03", "results_posted": 1,
        "enrolment": 204, "enrolment_type": "ACTUAL", "planned": 231, "planned_seen": "2026-03-01", "enrolled": 204,
        "allocation": "RANDOMIZED", "intervention_model": "PARALLEL", "masking": "DOUBLE", "who_masked": "PARTICIPANT",
        "arms": '[{"label": "Burst", "type": "EXPERIMENTAL"}, {"label": "Sham", "type": "SHAM_COMPARATOR"}]',
        "primary_outcomes": '[{"measure": "Pain relief", "time_frame": "3 months"}]', "sponsor": "Invented Inc",
        "sponsor_class": "INDUSTRY",
    }  # fmt: skip
    why = (
        "ClinicalTrials.gov, asked on 2026-04-02, gives the status COMPLETED; the library holds 1 of its results: 101."
    )
    reported = {"number": "NCT00000001", "study": "NCT00000001", "title": "Invented", "state": "reported"}
    insert(db, "trials", **common, **facts, **reported, state_why=why)
    for number, state in enumerate(("to_come", "under_way", "unreported", "unknown"), 2):
        row = {"number": f"NCT0000000{number}", "title": f"{SCRIPT} trial {number}", "state": state}
        insert(db, "trials", **common, **row, state_why=f"Because {SCRIPT}.", sponsor=SCRIPT)
    link = {"number": "NCT00000001", "trial": "NCT00000001", "basis": "abstract"}
    insert(db, "trial_reports", **link, report="101", relation="results", why="its abstract gives the number")
    insert(db, "trial_reports", **link, report="102", relation="secondary", why="its abstract gives the number")
    for day, text in (("2026-03-01", "first seen with the status RECRUITING"), ("2026-04-02", f"status {SCRIPT}")):
        insert(db, "trial_changes", trial="NCT00000001", happened_at=f"{day}T06:00:00+00:00", text=text)


def _add_reports(db: Database) -> None:
    text = "Forty people with failed back surgery had burst spinal cord stimulation. Pain intensity fell."
    add_report(
        db,
        "101",
        "Burst spinal cord stimulation for failed back surgery: an invented trial",
        study="NCT00000001",
        tags={
            "modality": ("scs", "scs_burst"),
            "outcome": ("pain_intensity",),
            "condition": ("fbss",),
            "design": ("rct",),
        },
        abstract=(
            ("METHODS", text),
            ("RESULTS", "Opioid use was unchanged in 11 of 40. Lead migration occurred twice."),
        ),
        sample_size=40,
        sample_size_sentence="Forty people with failed back surgery",
        pmcid="PMC101",
        status="corrected",
    )
    for facet, tag, phrase in (
        ("modality", "scs_burst", "burst spinal cord stimulation"),
        ("condition", "fbss", "failed back surgery"),
        ("modality", "scs", "spinal cord stimulation"),
    ):
        start = text.index(phrase)
        insert(
            db,
            "tag_evidence",
            report="101",
            facet=facet,
            tag=tag,
            section=0,
            field="abstract",
            phrase=phrase,
            start=start,
            end=start + len(phrase),
            rule="phrase",
        )
    insert(
        db,
        "tag_evidence",
        report="101",
        facet="modality",
        tag="scs_burst",
        field="title",
        phrase="Burst spinal cord stimulation",
        start=0,
        end=29,
        rule="phrase",
    )
    add_report(
        db,
        "102",
        "Two-year results of an invented trial of burst stimulation",
        year=2022,
        publication_date="2022-01-15",
        tags={
            "modality": ("scs", "scs_burst"),
            "outcome": ("pain_relief",),
            "condition": ("fbss",),
            "design": ("rct",),
        },
        study="NCT00000001",
        abstract=((SCRIPT, f"Hostile {SCRIPT} section."),),
    )
    add_report(
        db,
        "103",
        HOSTILE,
        tags={"modality": ("drg",), "outcome": ("function",), "condition": ("crps",), "design": ("cohort",)},
        abstract=(("", f"An abstract with {SCRIPT} and a \x02fake\x03 mark."),),
        authors=f"{SCRIPT} A",
        journal="J <b>Bold</b>",
    )
    add_report(
        db,
        "104",
        "A retracted invented report on pumps",
        status="retracted",
        doi=None,
        tags={"modality": ("itdd",), "outcome": ("opioid_use",), "condition": ("chronic_pain",), "design": ("cohort",)},
    )
    add_report(db, "105", "An off-topic invented report", scope="off_topic", tags={})
    add_report(
        db, "106", "A report that left PubMed", gone_since="2026-04-01T00:00:00+00:00", tags={"modality": ("tens",)}
    )
    add_report(db, "107", "Retraction notice for an invented report", kind="notice", tags={})
    add_report(
        db,
        "starter:ab12/c d",
        "A starter report without a PMID",
        source="starter",
        doi="10.5555/star.ter/1",
        status="unchecked",
        abstract_state="starter",
        tags={"modality": ("pens",), "design": ("review",)},
    )
    designs = [tag for tag, _, _ in TAGS["design"]]
    for number in range(40):
        modality = ("scs", "drg", "tens", "pens")[number % 4]
        tags = {
            "modality": (modality,),
            "outcome": (("pain_intensity", "function", "ae")[number % 3],),
            "condition": (("fbss", "clbp", "crps")[number % 3],),
            "design": (designs[number % 5],),
        }
        add_report(
            db,
            str(200 + number),
            f"Invented report {number} on {modality} and pain relief",
            tags=tags,
            year=1990 + number % 36,
            publication_date=f"{1990 + number % 36}-0{1 + number % 9}",
            abstract=(("", f"Invented abstract number {number} about stimulation."),),
        )


def _add_history(db: Database) -> None:
    insert(db, "study_registrations", study="NCT00000001", registry="ClinicalTrials.gov", number="NCT00000001")
    insert(db, "study_reports", study="NCT00000001", report="101", role="results")
    insert(db, "study_reports", study="NCT00000001", report="102", role="follow-up")
    insert(db, "relations", report="107", related="104", kind="retraction_of", source="pubmed", why="RetractionOf")
    for report, kind in (("101", "erratum"), ("104", "retraction")):
        insert(
            db,
            "notices",
            id=f"{report}-{kind}-107",
            report=report,
            kind=kind,
            notice_pmid="107",
            notice_date="2021-03",
            notice_text=f"Invented notice {SCRIPT}",
            source="pubmed",
            first_seen=FIRST_SEEN,
            checked_at=FIRST_SEEN,
        )
        insert(db, "checks", report=report, source="pubmed", checked_at=FIRST_SEEN, outcome="notice found")
    insert(db, "checks", report="102", source="pubmed", checked_at=FIRST_SEEN, outcome="no notice found")
    insert(
        db,
        "records",
        id="ris:9f",
        source="ris",
        source_id="9f",
        report="101",
        title="Burst spinal cord stimulation",
        first_seen=FIRST_SEEN,
        last_received=FIRST_SEEN,
        versions=1,
    )
    insert(db, "report_ids", id="ris:9f", report="101")
    insert(
        db,
        "merges",
        report="101",
        record="ris:9f",
        rule="same-doi",
        score=1.0,
        other="pubmed:101",
        why="the DOI is the same",
    )
    insert(
        db,
        "revisions",
        report="101",
        record="pubmed:101",
        field="title",
        old="An old title",
        new="A new title",
        received_at=FIRST_SEEN,
    )
    insert(
        db, "report_mesh", report="101", ui="D062187", heading="Spinal Cord Stimulation", major=1, qualifiers="methods"
    )
    insert(db, "report_types", report="101", name="Randomized Controlled Trial")
    insert(db, "report_modalities_mentioned", report="101", modality="tens", rule="phrase")
    insert(
        db,
        "tag_accuracy",
        facet="modality",
        tag="scs",
        precision=0.97,
        recall=0.93,
        support=120,
        measured_on="2026-04-01",
        vocabulary_hash="of an earlier vocabulary",
    )
