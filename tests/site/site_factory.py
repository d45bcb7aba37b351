"""A small invented ``evidence.db`` with every kind of page in it, hostile text included; and large ones for the benchmark.

Every sentence here was made up for these tests.
"""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from evidence.build import schema
from evidence.build.site_tables import fill_site_tables
from evidence.build.write import add_indexes, add_search

SCRIPT = "<script>alert('x')</script>"
HOSTILE = f"Burst stimulation {SCRIPT} \"quoted\" & 'single' </title><img src=x onerror=alert(1)>"
TAGS: dict[str, list[tuple[str, str, str | None]]] = {
    "modality": [
        ("scs", "Spinal cord stimulation", None),
        ("scs_hf", "SCS - high frequency (kHz)", "scs"),
        ("scs_burst", "SCS - burst", "scs"),
        ("drg", "Dorsal root ganglion stimulation", None),
        ("pens", "Percutaneous electrical nerve stimulation", None),
        ("tens", "Transcutaneous electrical nerve stimulation", None),
        ("itdd", "Intrathecal drug delivery (implanted pump)", None),
    ],
    "outcome": [
        ("pain_intensity", "Pain intensity", None),
        ("pain_relief", "Pain relief / responder rate", None),
        ("function", "Physical function / disability", None),
        ("opioid_use", "Opioid / analgesic consumption", None),
        ("ae", "Adverse events / complications", None),
        ("device_comp", "Device-related complications", "ae"),
    ],
    "condition": [
        ("fbss", "Persistent spinal pain syndrome type 2", None),
        ("crps", "Complex regional pain syndrome", None),
        ("clbp", "Chronic low back / leg pain", None),
        ("chronic_pain", "Chronic pain (general / other)", None),
    ],
    "design": [
        ("systematic_review", "Systematic review / meta-analysis", None),
        ("rct", "Randomised controlled trial", None),
        ("cohort", "Cohort / observational", None),
        ("case_report", "Case report / small case series", None),
        ("review", "Narrative review", None),
    ],
}
LEVEL_OF = {"systematic_review": 1, "rct": 2, "cohort": 3, "case_report": 4, "review": None}
FIRST_SEEN = "2026-04-02T11:00:00+00:00"


def new_database(path: Path) -> Database:
    """The public tables with the vocabulary in them; :func:`finish` adds what a build adds at its end."""
    path.unlink(missing_ok=True)
    db = Database(path)
    for pragma in ("journal_mode=OFF", "synchronous=OFF"):
        db.conn.execute(f"PRAGMA {pragma}")
    db.conn.execute("BEGIN")
    for table, columns in schema.TABLES.items():
        db.conn.execute(f'CREATE TABLE "{table}" ({columns})')
    for facet, tags in TAGS.items():
        for position, (tag, label, parent) in enumerate(tags):
            insert(db, schema.FACET_TABLE[facet], id=tag, label=label, parent=parent, position=position,
                   definition=f"Invented definition of {label.lower()}.", mesh="Invented Heading", synonyms="one; two",
                   level=LEVEL_OF.get(tag))  # fmt: skip
    return db


def finish(db: Database, **info: str | None) -> None:
    add_indexes(db)
    add_search(db)
    fill_site_tables(db)
    defaults = {"built_at": "2026-04-03T06:00:00+00:00", "refreshed_at": FIRST_SEEN, "starter": "0", "inputs_hash": "abc"}
    for key, value in {**defaults, **info}.items():
        insert(db, "build_info", key=key, value=value)
    db.conn.execute("COMMIT")
    db.conn.execute("ANALYZE")
    db.close()


def insert(db: Database, table: str, **row: Any) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    db.conn.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({", ".join("?" * len(row))})', list(row.values()))


def add_report(
    db: Database,
    report_id: str,
    title: str,
    *,
    tags: dict[str, tuple[str, ...]] | None = None,
    abstract: tuple[tuple[str, str], ...] = (),
    source: str = "pubmed",
    **columns: Any,
) -> None:
    """One report of one record, its tags (parents given by the caller), abstract and ids."""
    pmid = report_id if report_id.isdigit() else None
    design = next(iter((tags or {}).get("design", ())), None)
    row = {
        "pmid": pmid, "doi": f"10.5555/{report_id}", "kind": "article", "authors": "Example AB, Sample CD, Model EF, Fourth GH",
        "first_author": "Example AB", "journal": "J Invent Pain", "journal_full": "Journal of Invented Pain", "year": 2020,
        "publication_date": "2020-05", "volume": "12", "issue": "3", "pages": "101-9", "issn": "1234-5678", "language": "eng",
        "design": design, "design_label": dict((i, label) for i, label, _ in TAGS["design"]).get(design or ""),
        "evidence_level": LEVEL_OF.get(design or ""), "scope": "core", "status": "no_notice", "first_seen": FIRST_SEEN,
        "abstract_state": "present" if abstract else "none", "citation": f"Example AB, Sample CD. {title} J Invent Pain. 2020;12(3):101-9.",
        **columns,
    }  # fmt: skip
    insert(db, "reports", id=report_id, title=title, **row)
    record = f"{source}:{report_id}"
    insert(db, "records", id=record, source=source, source_id=report_id, report=report_id, pmid=row["pmid"], doi=row["doi"],
           title=title, first_seen=row["first_seen"], last_received=row["first_seen"], versions=1)  # fmt: skip
    for name in filter(None, dict.fromkeys((report_id, record, row["doi"]))):
        insert(db, "report_ids", id=name, report=report_id)
    for position, (label, text) in enumerate(abstract):
        insert(db, "abstracts", report=report_id, position=position, section=label, category=label, text=text)
    for position, (family, given) in enumerate((("Example", "Ann B"), ("Sample", "Cyd D"))):
        insert(db, "authors", report=report_id, position=position, name=f"{family} {given[0]}{given[-1]}", family=family, given=given)
    for facet, values in (tags or {}).items():
        for tag in values:
            insert(db, f"report_{schema.FACET_TABLE[facet]}", **{"report": report_id, facet: tag, "rule": "phrase", "source": "rule"})


def small_database(path: Path, **info: str | None) -> Path:
    """Every kind of page: 40 plain reports, a study, notices, merges, revisions, claims, topics, hostile text."""
    db = new_database(path)
    insert(db, "studies", id="NCT00000001", title="An invented trial of burst stimulation", reason="registration NCT00000001")
    _add_reports(db)
    _add_history(db)
    _add_topics(db)
    _add_claims(db)
    finish(db, **info)
    return path


def _add_reports(db: Database) -> None:
    text = "Forty people with failed back surgery had burst spinal cord stimulation. Pain intensity fell."
    add_report(db, "101", "Burst spinal cord stimulation for failed back surgery: an invented trial", study="NCT00000001",
               tags={"modality": ("scs", "scs_burst"), "outcome": ("pain_intensity",), "condition": ("fbss",), "design": ("rct",)},
               abstract=(("METHODS", text), ("RESULTS", "Opioid use was unchanged in 11 of 40. Lead migration occurred twice.")),
               sample_size=40, sample_size_sentence="Forty people with failed back surgery", pmcid="PMC101", status="corrected")  # fmt: skip
    for facet, tag, phrase in (("modality", "scs_burst", "burst spinal cord stimulation"), ("condition", "fbss", "failed back surgery"),
                               ("modality", "scs", "spinal cord stimulation")):  # fmt: skip
        start = text.index(phrase)
        insert(db, "tag_evidence", report="101", facet=facet, tag=tag, section=0, field="abstract", phrase=phrase,
               start=start, end=start + len(phrase), rule="phrase")  # fmt: skip
    insert(db, "tag_evidence", report="101", facet="modality", tag="scs_burst", field="title",
           phrase="Burst spinal cord stimulation", start=0, end=29, rule="phrase")  # fmt: skip
    add_report(db, "102", "Two-year results of an invented trial of burst stimulation", year=2022, publication_date="2022-01-15",
               tags={"modality": ("scs", "scs_burst"), "outcome": ("pain_relief",), "condition": ("fbss",), "design": ("rct",)},
               study="NCT00000001", abstract=((SCRIPT, f"Hostile {SCRIPT} section."),))  # fmt: skip
    add_report(db, "103", HOSTILE, tags={"modality": ("drg",), "outcome": ("function",), "condition": ("crps",), "design": ("cohort",)},
               abstract=(("", f"An abstract with {SCRIPT} and a \x02fake\x03 mark."),), authors=f"{SCRIPT} A", journal="J <b>Bold</b>")  # fmt: skip
    add_report(db, "104", "A retracted invented report on pumps", status="retracted", doi=None,
               tags={"modality": ("itdd",), "outcome": ("opioid_use",), "condition": ("chronic_pain",), "design": ("cohort",)})  # fmt: skip
    add_report(db, "105", "An off-topic invented report", scope="off_topic", tags={})
    add_report(db, "106", "A report that left PubMed", gone_since="2026-04-01T00:00:00+00:00", tags={"modality": ("tens",)})
    add_report(db, "107", "Retraction notice for an invented report", kind="notice", tags={})
    add_report(db, "starter:ab12/c d", "A starter report without a PMID", source="starter", doi="10.5555/star.ter/1", status="unchecked",
               abstract_state="starter", tags={"modality": ("pens",), "design": ("review",)})  # fmt: skip
    designs = [tag for tag, _, _ in TAGS["design"]]
    for number in range(40):
        modality = ("scs", "drg", "tens", "pens")[number % 4]
        tags = {"modality": (modality,), "outcome": (("pain_intensity", "function", "ae")[number % 3],),
                "condition": (("fbss", "clbp", "crps")[number % 3],), "design": (designs[number % 5],)}  # fmt: skip
        add_report(db, str(200 + number), f"Invented report {number} on {modality} and pain relief", tags=tags, year=1990 + number % 36,
                   publication_date=f"{1990 + number % 36}-0{1 + number % 9}", abstract=(("", f"Invented abstract number {number} about stimulation."),))  # fmt: skip


def _add_history(db: Database) -> None:
    insert(db, "study_registrations", study="NCT00000001", registry="ClinicalTrials.gov", number="NCT00000001")
    insert(db, "study_reports", study="NCT00000001", report="101", role="results")
    insert(db, "study_reports", study="NCT00000001", report="102", role="follow-up")
    insert(db, "relations", report="107", related="104", kind="retraction_of", source="pubmed", why="RetractionOf")
    for report, kind in (("101", "erratum"), ("104", "retraction")):
        insert(db, "notices", id=f"{report}-{kind}-107", report=report, kind=kind, notice_pmid="107", notice_date="2021-03",
               notice_text=f"Invented notice {SCRIPT}", source="pubmed", first_seen=FIRST_SEEN, checked_at=FIRST_SEEN)  # fmt: skip
        insert(db, "checks", report=report, source="pubmed", checked_at=FIRST_SEEN, outcome="notice found")
    insert(db, "checks", report="102", source="pubmed", checked_at=FIRST_SEEN, outcome="no notice found")
    insert(db, "records", id="ris:9f", source="ris", source_id="9f", report="101", title="Burst spinal cord stimulation", first_seen=FIRST_SEEN,
           last_received=FIRST_SEEN, versions=1)  # fmt: skip
    insert(db, "report_ids", id="ris:9f", report="101")
    insert(db, "merges", report="101", record="ris:9f", rule="same-doi", score=1.0, other="pubmed:101", why="the DOI is the same")
    insert(db, "revisions", report="101", record="pubmed:101", field="title", old="An old title", new="A new title", received_at=FIRST_SEEN)
    insert(db, "report_mesh", report="101", ui="D062187", heading="Spinal Cord Stimulation", major=1, qualifiers="methods")
    insert(db, "report_types", report="101", name="Randomized Controlled Trial")
    insert(db, "report_modalities_mentioned", report="101", modality="tens", rule="phrase")
    insert(db, "tag_accuracy", facet="modality", tag="scs", precision=0.97, recall=0.93, support=120, measured_on="2026-04-01")


def _add_topics(db: Database) -> None:
    insert(db, "refreshes", id=1, started_at=FIRST_SEEN, finished_at=FIRST_SEEN, kind="incremental", outcome="done", requests=9)
    query = '# burst and others\n"Spinal Cord Stimulation"[mh]\nOR "burst stimulat*"[tiab]'
    for topic, title, warnings in (("scs", "Spinal cord stimulation", '["phrase not found: burst stimulat*"]'), ("empty", f"Empty {SCRIPT}", None)):
        insert(db, "topics", id=topic, title=title, modality="scs", query=query, reports=2, studies=1, identified=3, duplicates=1,
               last_refreshed=FIRST_SEEN if topic == "scs" else None, hits=3, translation='"burst"[All Fields]', warnings=warnings)  # fmt: skip
    insert(db, "topic_refreshes", refresh=1, topic="scs", query=query, hits=3, new=3, revised=0, unchanged=0, gone=0, failed=0)
    for report in ("101", "102"):
        insert(db, "topic_reports", topic="scs", report=report, first_seen=FIRST_SEEN)
    insert(db, "topic_reports", topic="scs", report="105", first_seen=FIRST_SEEN, left_at=FIRST_SEEN, reason="left query")


def _add_claims(db: Database) -> None:
    insert(db, "articles", id="invented-page", title="An invented health page", publisher="Example Health", url="https://example.org/page", author="A. Writer")
    insert(db, "sources", id="example2020", cited_as="Example 2020; 12(3):101-9", report="101", state="certain", checked_at=FIRST_SEEN)
    insert(db, "sources", id="lost1999", cited_as=f"Lost {SCRIPT} 1999", state="unresolved", reason="no refresh has asked PubMed for it yet")
    insert(db, "source_facts", source="example2020", position=0, text="An invented fact in our own words.")
    for claim, paraphrase, verdict, reopened in (
        ("inv-01", "Burst stimulation helps most people after back surgery", "partly", "2026-04-02"),
        ("inv-02", f"Pumps cure everything {SCRIPT}", "unsupported", None),
    ):
        insert(db, "claims", id=claim, article="invented-page", paraphrase=paraphrase, kind="efficacy", verdict=verdict,
               reason="one invented trial says something weaker", reviewed_on="2026-03-01", reviewed_by="maintainers",
               flags='["no control group"]', reopened_on=reopened, reopened_because="a new randomised trial arrived" if reopened else None)  # fmt: skip
        insert(db, "claim_sources", claim=claim, source="example2020", role="cited")
        insert(db, "claim_outcomes", claim=claim, outcome="opioid_use")
    insert(db, "claim_sources", claim="inv-02", source="lost1999", role="bears")
    insert(db, "claim_modalities", claim="inv-01", modality="scs_burst")
    insert(db, "claim_modalities", claim="inv-02", modality="pens")
    insert(db, "claim_conditions", claim="inv-01", condition="fbss")
    insert(db, "claim_numbers", claim="inv-01", position=0, value=80, unit="%", what="were helped")
    insert(db, "claim_events", claim="inv-01", happened_on="2026-04-02", kind="reopened", report="102", text="a new randomised trial arrived")


def large_database(path: Path, size: int, seed: int = 7) -> Path:
    """``size`` invented reports whose words follow a Zipf law, as titles and abstracts of one field do."""
    rng = random.Random(seed)
    db = new_database(path)
    words = _words(rng)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    cumulative = [sum(weights[: 1])]
    for weight in weights[1:]:
        cumulative.append(cumulative[-1] + weight)
    for study in range(size // 40):
        insert(db, "studies", id=f"S{study}", title=f"Invented study {study}", reason="registration")
    for number in range(size):
        title = " ".join(rng.choices(words, cum_weights=cumulative, k=12)).capitalize()
        abstract = tuple((label, " ".join(rng.choices(words, cum_weights=cumulative, k=45)) + ".") for label in ("METHODS", "RESULTS", "CONCLUSIONS"))
        tags = {facet: _some_tags(rng, facet) for facet in TAGS}
        year = 1985 + int(41 * rng.random() ** 0.5)
        add_report(db, str(10_000_000 + number), title, tags=tags, abstract=abstract, year=year, sample_size=rng.randint(5, 500),
                   publication_date=f"{year}-{rng.randint(1, 12):02}", study=f"S{rng.randrange(size // 40)}" if rng.random() < 0.06 else None,
                   scope=rng.choices(("core", "neighbour", "off_topic"), (6, 2, 2))[0])  # fmt: skip
    finish(db)
    return path


def _some_tags(rng: random.Random, facet: str) -> tuple[str, ...]:
    tag, _, parent = rng.choice(TAGS[facet])
    return (tag, parent) if parent else (tag,)


def _words(rng: random.Random) -> list[str]:
    """4,000 invented words behind thirty that everybody in the field uses."""
    common = ("stimulation pain spinal cord patients chronic nerve study treatment results relief back trial frequency burst lead "
              "implantation syndrome neuropathic outcomes randomised efficacy dorsal root ganglion peripheral opioid therapy device quality").split()  # fmt: skip
    parts = ("ba", "co", "di", "fen", "gra", "hel", "jo", "kar", "lum", "mi", "nor", "pel", "ri", "sto", "tu", "ver")
    return common + ["".join(rng.choices(parts, k=rng.randint(2, 4))) for _ in range(4000)]
