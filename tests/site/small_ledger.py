"""The topics and claims of the small invented ``evidence.db``."""

from __future__ import annotations

from site_factory import FIRST_SEEN, SCRIPT, insert
from sqlite_utils import Database


def add_topics(db: Database) -> None:
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


def add_claims(db: Database) -> None:
    insert(
        db,
        "articles",
        id="invented-page",
        title="An invented health page",
        publisher="Example Health",
        url="https://example.org/page",
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
    confirmed = {
        "fidelity": "overstated", "direction": "in_part", "basis": "abstract", "status": "confirmed",
        "reason": "one invented trial says something weaker", "reviewed_on": "2026-03-01", "reviewed_by": "Ada Byron",
        "support": "the library holds 2 studies on it, the best of level 2", "reopened_on": "2026-04-02",
        "reopened_because": "a new randomised trial arrived",
    }  # fmt: skip
    for claim, paraphrase, reading in (
        ("inv-01", "Burst stimulation helps most people after back surgery", confirmed),
        ("inv-02", f"Pumps cure everything {SCRIPT}", {}),
    ):
        insert(
            db,
            "claims",
            id=claim,
            article="invented-page",
            paraphrase=paraphrase,
            kind="efficacy",
            flags='["no control group"]',
            **reading,
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
