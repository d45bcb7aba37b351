"""A small invented ``evidence.db`` with every kind of page in it, hostile text included.

Every sentence here was made up for these tests.
"""

from __future__ import annotations

from pathlib import Path

from site_factory import FIRST_SEEN, HOSTILE, SCRIPT, TAGS, add_report, finish, insert, new_database
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
    _add_history(db)
    _add_topics(db)
    _add_claims(db)
    finish(db, **info)
    return path


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
    )


def _add_topics(db: Database) -> None:
    insert(
        db,
        "refreshes",
        id=1,
        started_at=FIRST_SEEN,
        finished_at=FIRST_SEEN,
        kind="incremental",
        outcome="done",
        requests=9,
    )
    query = '# burst and others\n"Spinal Cord Stimulation"[mh]\nOR "burst stimulat*"[tiab]'
    for topic, title, warnings in (
        ("scs", "Spinal cord stimulation", '["phrase not found: burst stimulat*"]'),
        ("empty", f"Empty {SCRIPT}", None),
    ):
        insert(
            db,
            "topics",
            id=topic,
            title=title,
            modality="scs",
            query=query,
            reports=2,
            studies=1,
            identified=3,
            duplicates=1,
            last_refreshed=FIRST_SEEN if topic == "scs" else None,
            hits=3,
            translation='"burst"[All Fields]',
            warnings=warnings,
        )
    insert(
        db,
        "topic_refreshes",
        refresh=1,
        topic="scs",
        query=query,
        hits=3,
        new=3,
        revised=0,
        unchanged=0,
        gone=0,
        failed=0,
    )
    for report in ("101", "102"):
        insert(db, "topic_reports", topic="scs", report=report, first_seen=FIRST_SEEN)
    insert(
        db, "topic_reports", topic="scs", report="105", first_seen=FIRST_SEEN, left_at=FIRST_SEEN, reason="left query"
    )


def _add_claims(db: Database) -> None:
    insert(
        db,
        "articles",
        id="invented-page",
        title="An invented health page",
        publisher="Example Health",
        url="https://example.org/page",
        author="A. Writer",
    )
    insert(
        db,
        "sources",
        id="example2020",
        cited_as="Example 2020; 12(3):101-9",
        report="101",
        state="certain",
        checked_at=FIRST_SEEN,
    )
    insert(
        db,
        "sources",
        id="lost1999",
        cited_as=f"Lost {SCRIPT} 1999",
        state="unresolved",
        reason="no refresh has asked PubMed for it yet",
    )
    insert(db, "source_facts", source="example2020", position=0, text="An invented fact in our own words.")
    for claim, paraphrase, verdict, reopened in (
        ("inv-01", "Burst stimulation helps most people after back surgery", "partly", "2026-04-02"),
        ("inv-02", f"Pumps cure everything {SCRIPT}", "unsupported", None),
    ):
        insert(
            db,
            "claims",
            id=claim,
            article="invented-page",
            paraphrase=paraphrase,
            kind="efficacy",
            verdict=verdict,
            reason="one invented trial says something weaker",
            reviewed_on="2026-03-01",
            reviewed_by="maintainers",
            flags='["no control group"]',
            reopened_on=reopened,
            reopened_because="a new randomised trial arrived" if reopened else None,
        )
        insert(db, "claim_sources", claim=claim, source="example2020", role="cited")
        insert(db, "claim_outcomes", claim=claim, outcome="opioid_use")
    insert(db, "claim_sources", claim="inv-02", source="lost1999", role="bears")
    insert(db, "claim_modalities", claim="inv-01", modality="scs_burst")
    insert(db, "claim_modalities", claim="inv-02", modality="pens")
    insert(db, "claim_conditions", claim="inv-01", condition="fbss")
    insert(db, "claim_numbers", claim="inv-01", position=0, value=80, unit="%", what="were helped")
    insert(
        db,
        "claim_events",
        claim="inv-01",
        happened_on="2026-04-02",
        kind="reopened",
        report="102",
        text="a new randomised trial arrived",
    )
