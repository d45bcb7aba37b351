"""The public tables of ``evidence.db``: one readable statement each, indexes and search after the rows.

Names are depended on by other people's queries: columns may be added, never renamed. Text dates are
UTC ISO 8601 or as partial as the source was. The order is the order of creation (parents first).
"""

from __future__ import annotations

from evidence.markup import SCRIPT_FIGURES

FACET_TABLE = {
    "modality": "modalities", "outcome": "outcomes", "condition": "conditions", "design": "designs",
    "comparator": "comparators", "blinding": "blinding", "funding": "funding", "interests": "interests",
}  # fmt: skip

# Facets of a claim; concepts are tagged on claims only.
CLAIM_TABLE = {"modality": "modalities", "outcome": "outcomes", "condition": "conditions", "concept": "concepts"}

_TAG_TABLE = """
    id TEXT PRIMARY KEY, label TEXT NOT NULL, definition TEXT, mesh TEXT, parent TEXT REFERENCES {table}(id),
    level INTEGER, synonyms TEXT, kind TEXT NOT NULL DEFAULT 'tag', articles TEXT, position INTEGER"""
_REPORT_TAG = """
    report TEXT NOT NULL REFERENCES reports(id), {facet} TEXT NOT NULL REFERENCES {table}(id),
    rule TEXT, source TEXT NOT NULL, who TEXT, why TEXT, PRIMARY KEY(report, {facet})"""

_CLAIM_TAG = """
    claim TEXT NOT NULL REFERENCES claims(id), {facet} TEXT NOT NULL REFERENCES {table}(id),
    PRIMARY KEY(claim, {facet})"""

TABLES: dict[str, str] = {
    "build_info": "key TEXT PRIMARY KEY, value TEXT",
    "studies": "id TEXT PRIMARY KEY, title TEXT, reason TEXT, state TEXT, state_why TEXT",
    "reports": """
        id TEXT PRIMARY KEY, pmid TEXT, doi TEXT, pmcid TEXT, kind TEXT NOT NULL, title TEXT NOT NULL,
        vernacular_title TEXT, authors TEXT, first_author TEXT, journal TEXT, journal_full TEXT, year INTEGER,
        publication_date TEXT, electronic_date TEXT, volume TEXT, issue TEXT, pages TEXT, issn TEXT, language TEXT,
        journal_abbreviation TEXT, issns TEXT, nlm_id TEXT, electronic_id TEXT, record_status TEXT,
        date_completed TEXT, history TEXT,
        design TEXT, design_label TEXT, evidence_level INTEGER, level_reason TEXT,
        sample_size INTEGER, sample_size_sentence TEXT, sample_size_source TEXT, follow_up_months REAL,
        open_label INTEGER, sham INTEGER, placebo INTEGER, crossover INTEGER, controlled INTEGER,
        protocol INTEGER, secondary INTEGER, funding TEXT, conflict_statement TEXT,
        scope TEXT NOT NULL, status TEXT NOT NULL, gone_since TEXT, first_seen TEXT NOT NULL, last_revised TEXT,
        abstract_state TEXT NOT NULL, study TEXT REFERENCES studies(id), citation TEXT, url TEXT""",
    "abstracts": """
        report TEXT NOT NULL REFERENCES reports(id), position INTEGER NOT NULL, section TEXT, category TEXT,
        text TEXT NOT NULL, language TEXT, PRIMARY KEY(report, position)""",
    "records": """
        id TEXT PRIMARY KEY, source TEXT NOT NULL, source_id TEXT, report TEXT NOT NULL REFERENCES reports(id),
        pmid TEXT, doi TEXT, title TEXT, first_seen TEXT, last_received TEXT, versions INTEGER, gone_since TEXT""",
    "merges": """
        report TEXT NOT NULL REFERENCES reports(id), record TEXT NOT NULL REFERENCES records(id),
        rule TEXT NOT NULL, score REAL, other TEXT, why TEXT, PRIMARY KEY(report, record)""",
    "report_ids": "id TEXT PRIMARY KEY, report TEXT NOT NULL REFERENCES reports(id)",
    "field_sources": """
        report TEXT NOT NULL REFERENCES reports(id), field TEXT NOT NULL, record TEXT NOT NULL REFERENCES records(id),
        PRIMARY KEY(report, field)""",
    "revisions": """
        report TEXT NOT NULL REFERENCES reports(id), record TEXT NOT NULL REFERENCES records(id), field TEXT NOT NULL,
        old TEXT, new TEXT, received_at TEXT NOT NULL""",
    "authors": """
        report TEXT NOT NULL REFERENCES reports(id), position INTEGER NOT NULL, name TEXT NOT NULL, family TEXT,
        given TEXT, suffix TEXT, orcid TEXT, affiliation TEXT, affiliations TEXT, PRIMARY KEY(report, position)""",
    "report_mesh": """
        report TEXT NOT NULL REFERENCES reports(id), ui TEXT NOT NULL, heading TEXT NOT NULL, major INTEGER NOT NULL,
        qualifiers TEXT, printed TEXT, PRIMARY KEY(report, ui)""",
    "report_types": "report TEXT NOT NULL REFERENCES reports(id), name TEXT NOT NULL, PRIMARY KEY(report, name)",
    "report_keywords": """
        report TEXT NOT NULL REFERENCES reports(id), position INTEGER NOT NULL, keyword TEXT NOT NULL,
        PRIMARY KEY(report, position)""",
    "report_databanks": """
        report TEXT NOT NULL REFERENCES reports(id), position INTEGER NOT NULL, bank TEXT, accession TEXT NOT NULL,
        PRIMARY KEY(report, position)""",
    "report_grants": """
        report TEXT NOT NULL REFERENCES reports(id), position INTEGER NOT NULL, printed TEXT NOT NULL,
        PRIMARY KEY(report, position)""",
    "report_corrections": """
        report TEXT NOT NULL REFERENCES reports(id), position INTEGER NOT NULL, ref_type TEXT NOT NULL, pmid TEXT,
        ref_source TEXT, note TEXT, PRIMARY KEY(report, position)""",
    "other_abstracts": """
        report TEXT NOT NULL REFERENCES reports(id), number INTEGER NOT NULL, position INTEGER NOT NULL, kind TEXT,
        language TEXT, section TEXT, category TEXT, text TEXT NOT NULL, PRIMARY KEY(report, number, position)""",
    "study_registrations": """
        study TEXT NOT NULL REFERENCES studies(id), registry TEXT NOT NULL, number TEXT NOT NULL,
        PRIMARY KEY(study, number)""",
    "study_reports": """
        study TEXT NOT NULL REFERENCES studies(id), report TEXT NOT NULL REFERENCES reports(id), role TEXT,
        PRIMARY KEY(study, report)""",
    "relations": """
        report TEXT NOT NULL REFERENCES reports(id), related TEXT NOT NULL REFERENCES reports(id), kind TEXT NOT NULL,
        source TEXT NOT NULL, why TEXT, PRIMARY KEY(report, related, kind)""",
    "notices": """
        id TEXT PRIMARY KEY, report TEXT NOT NULL REFERENCES reports(id), kind TEXT NOT NULL, notice_pmid TEXT,
        notice_doi TEXT, notice_date TEXT, notice_text TEXT, source TEXT NOT NULL, first_seen TEXT NOT NULL,
        checked_at TEXT, repeats INTEGER NOT NULL DEFAULT 0""",
    "checks": """
        report TEXT NOT NULL REFERENCES reports(id), source TEXT NOT NULL, checked_at TEXT NOT NULL,
        outcome TEXT NOT NULL, PRIMARY KEY(report, source)""",
    # Of two reports of the library; "source" says who told of it, so that a pair may stand twice.
    "citations": """
        citing TEXT NOT NULL REFERENCES reports(id), cited TEXT NOT NULL REFERENCES reports(id), source TEXT NOT NULL,
        PRIMARY KEY(citing, cited, source)""",
    # FDA's product codes: "state" says whether FDA's own name of the code has the words expected.
    "devices": """
        code TEXT PRIMARY KEY, modality TEXT NOT NULL REFERENCES modalities(id), expected TEXT NOT NULL, name TEXT,
        device_class TEXT, state TEXT NOT NULL, checked_at TEXT, recalls_checked_at TEXT""",
    "recalls": """
        code TEXT NOT NULL REFERENCES devices(code), number TEXT NOT NULL, event TEXT, initiated TEXT, posted TEXT,
        terminated TEXT, status TEXT, firm TEXT, product TEXT, reason TEXT, cause TEXT, class TEXT,
        checked_at TEXT NOT NULL, PRIMARY KEY(code, number)""",
    # Copies that anybody may read; "terms" is open (its licence allows reuse) or free; PMC's own are not dated.
    "copies": """
        report TEXT NOT NULL REFERENCES reports(id), url TEXT NOT NULL, terms TEXT NOT NULL, licence TEXT, version TEXT,
        site TEXT, source TEXT NOT NULL, checked_at TEXT, PRIMARY KEY(report, url, source)""",
    # "kind" says what the other is: an article or a preprint; "other" is it where the library holds it.
    "versions": """
        report TEXT NOT NULL REFERENCES reports(id), kind TEXT NOT NULL, other TEXT REFERENCES reports(id),
        number TEXT NOT NULL, scheme TEXT NOT NULL, guessed INTEGER NOT NULL, note TEXT, source TEXT NOT NULL,
        checked_at TEXT NOT NULL, PRIMARY KEY(report, kind, number, source)""",
    "citation_counts": """
        report TEXT PRIMARY KEY REFERENCES reports(id), count INTEGER NOT NULL, rcr REAL, percentile REAL,
        provisional INTEGER, source TEXT NOT NULL, checked_at TEXT NOT NULL""",
    # The reference lists of systematic reviews; "report" is the cited work where the library holds it.
    "review_references": """
        review TEXT NOT NULL REFERENCES reports(id), position INTEGER NOT NULL, pmid TEXT, doi TEXT, title TEXT,
        citation TEXT, report TEXT REFERENCES reports(id), PRIMARY KEY(review, position)""",
    **{table: _TAG_TABLE.format(table=table) for table in FACET_TABLE.values()},
    "concepts": "id TEXT PRIMARY KEY, label TEXT NOT NULL, kind TEXT NOT NULL, definition TEXT, articles TEXT",
    **{f"report_{table}": _REPORT_TAG.format(facet=facet, table=table) for facet, table in FACET_TABLE.items()},
    "report_modalities_mentioned": """
        report TEXT NOT NULL REFERENCES reports(id), modality TEXT NOT NULL REFERENCES modalities(id), rule TEXT,
        PRIMARY KEY(report, modality)""",
    "tag_evidence": """
        id INTEGER PRIMARY KEY, report TEXT NOT NULL REFERENCES reports(id), facet TEXT NOT NULL, tag TEXT NOT NULL,
        section INTEGER, field TEXT NOT NULL, phrase TEXT NOT NULL, start INTEGER, "end" INTEGER, rule TEXT""",
    "tag_accuracy": """
        facet TEXT NOT NULL, tag TEXT NOT NULL, "precision" REAL, recall REAL, support INTEGER, measured_on TEXT,
        vocabulary_hash TEXT, PRIMARY KEY(facet, tag)""",
    "articles": """
        id TEXT PRIMARY KEY, title TEXT NOT NULL, publisher TEXT, url TEXT, published TEXT, updated TEXT,
        note TEXT""",
    "topics": """
        id TEXT PRIMARY KEY, title TEXT NOT NULL, modality TEXT, query TEXT NOT NULL, articles TEXT, notes TEXT,
        reports INTEGER, studies INTEGER, identified INTEGER, duplicates INTEGER, last_refreshed TEXT, hits INTEGER,
        translation TEXT, warnings TEXT, error TEXT""",
    "topic_reports": """
        topic TEXT NOT NULL REFERENCES topics(id), report TEXT NOT NULL REFERENCES reports(id), first_seen TEXT,
        left_at TEXT, reason TEXT, PRIMARY KEY(topic, report)""",
    # Registrations as their registry gave them; ``study`` has all reports of one investigation.
    "trials": """
        number TEXT PRIMARY KEY, registry TEXT NOT NULL, study TEXT REFERENCES studies(id), title TEXT NOT NULL,
        state TEXT NOT NULL, state_why TEXT NOT NULL, asked_at TEXT NOT NULL, status TEXT, why_stopped TEXT,
        start_date TEXT, primary_completion_date TEXT, completion_date TEXT, first_posted TEXT, last_updated TEXT,
        results_posted INTEGER, results_posted_on TEXT, enrolment INTEGER, enrolment_type TEXT, planned INTEGER,
        planned_seen TEXT, enrolled INTEGER, study_type TEXT, phases TEXT, allocation TEXT, intervention_model TEXT,
        masking TEXT, who_masked TEXT, arms TEXT, primary_outcomes TEXT, sponsor TEXT, sponsor_class TEXT,
        conditions TEXT, interventions TEXT, first_seen TEXT NOT NULL, changed_at TEXT NOT NULL""",
    "trial_reports": """
        number TEXT NOT NULL, report TEXT NOT NULL REFERENCES reports(id), trial TEXT REFERENCES trials(number),
        relation TEXT NOT NULL, basis TEXT NOT NULL, why TEXT NOT NULL, PRIMARY KEY(number, report)""",
    "trial_changes": """
        trial TEXT NOT NULL REFERENCES trials(number), happened_at TEXT NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY(trial, happened_at, text)""",
    "topic_trials": """
        topic TEXT NOT NULL REFERENCES topics(id), trial TEXT NOT NULL REFERENCES trials(number),
        PRIMARY KEY(topic, trial)""",
    # Works that two or more reviews of a topic cite: on the topic, held by it, of an unknown title; 95% interval.
    "recall": """
        topic TEXT PRIMARY KEY REFERENCES topics(id), reviews INTEGER NOT NULL, reviews_with_list INTEGER NOT NULL,
        works INTEGER NOT NULL, on_topic INTEGER NOT NULL, held INTEGER NOT NULL, unknown INTEGER NOT NULL,
        low REAL NOT NULL, high REAL NOT NULL, on_topic_by_title INTEGER NOT NULL, held_by_title INTEGER NOT NULL""",
    "recall_works": """
        topic TEXT NOT NULL REFERENCES topics(id), position INTEGER NOT NULL, pmid TEXT, doi TEXT, title TEXT,
        citation TEXT, report TEXT REFERENCES reports(id), reviews INTEGER NOT NULL, cited_by TEXT NOT NULL, words TEXT,
        PRIMARY KEY(topic, position)""",
    "refreshes": "id INTEGER PRIMARY KEY, started_at TEXT, finished_at TEXT, kind TEXT, outcome TEXT, requests INTEGER",
    "topic_refreshes": """
        refresh INTEGER NOT NULL REFERENCES refreshes(id), topic TEXT NOT NULL, query TEXT, hits INTEGER, new INTEGER,
        revised INTEGER, unchanged INTEGER, gone INTEGER, failed INTEGER, translation TEXT, warnings TEXT, error TEXT,
        PRIMARY KEY(refresh, topic)""",
    "sources": """
        id TEXT PRIMARY KEY, cited_as TEXT NOT NULL, report TEXT REFERENCES reports(id), state TEXT NOT NULL,
        reason TEXT, checked_at TEXT, pmid TEXT, doi TEXT, design TEXT, sample_size INTEGER, noted_on TEXT,
        note TEXT""",
    "source_facts": """
        source TEXT NOT NULL REFERENCES sources(id), position INTEGER NOT NULL, text TEXT NOT NULL,
        PRIMARY KEY(source, position)""",
    "source_numbers": """
        source TEXT NOT NULL REFERENCES sources(id), position INTEGER NOT NULL, value REAL, low REAL, high REAL,
        unit TEXT, role TEXT, what TEXT, PRIMARY KEY(source, position)""",
    "claims": """
        id TEXT PRIMARY KEY, article TEXT NOT NULL REFERENCES articles(id), paraphrase TEXT NOT NULL, kind TEXT,
        fidelity TEXT, direction TEXT, support TEXT, support_studies INTEGER, support_level INTEGER, basis TEXT,
        status TEXT, reason TEXT, drafted_on TEXT, reviewed_on TEXT, reviewed_by TEXT, cited TEXT,
        support_needed TEXT, flags TEXT, reopened_on TEXT, reopened_because TEXT""",
    "claim_sources": """
        claim TEXT NOT NULL REFERENCES claims(id), source TEXT NOT NULL REFERENCES sources(id), role TEXT,
        PRIMARY KEY(claim, source)""",
    **{f"claim_{table}": _CLAIM_TAG.format(facet=facet, table=table) for facet, table in CLAIM_TABLE.items()},
    "claim_numbers": """
        claim TEXT NOT NULL REFERENCES claims(id), position INTEGER NOT NULL, value REAL, low REAL, high REAL,
        unit TEXT, what TEXT, PRIMARY KEY(claim, position)""",
    "claim_events": """
        claim TEXT NOT NULL REFERENCES claims(id), happened_on TEXT NOT NULL, kind TEXT NOT NULL,
        report TEXT REFERENCES reports(id), text TEXT NOT NULL, PRIMARY KEY(claim, happened_on, kind, text)""",
    "map_cells": """
        facet TEXT NOT NULL, modality TEXT NOT NULL, tag TEXT NOT NULL, level TEXT NOT NULL, studies INTEGER NOT NULL,
        reports INTEGER NOT NULL, claims INTEGER NOT NULL, PRIMARY KEY(facet, modality, tag, level)""",
    "trends": "modality TEXT NOT NULL, year INTEGER NOT NULL, reports INTEGER NOT NULL, PRIMARY KEY(modality, year)",
    "fragments": "name TEXT PRIMARY KEY, value TEXT NOT NULL",
    # Every word of the titles and abstracts: what "stimulat*" stands for, and how long a search will take.
    "search_words": "word TEXT PRIMARY KEY, stem TEXT NOT NULL, reports INTEGER NOT NULL",
    # What tags are called (derive/search_names.py), and the words of family names, for names that were mistyped.
    "search_names": "key TEXT NOT NULL, facet TEXT NOT NULL, tag TEXT NOT NULL, PRIMARY KEY(key, facet, tag)",
    "author_words": "word TEXT PRIMARY KEY, reports INTEGER NOT NULL",
    # The site's facet counts: see derive/facet_index.py. Not for people.
    "facet_bits": "facet TEXT NOT NULL, value TEXT NOT NULL, bits BLOB NOT NULL, PRIMARY KEY(facet, value)",
}

# Facet and sort columns: without them a table page took 1,376 ms at 50,000 rows, with them 10.
INDEXES: tuple[tuple[str, str], ...] = (
    ("reports", "year"),
    ("reports", "design"),
    ("reports", "evidence_level"),
    ("reports", "scope"),
    ("reports", "status"),
    ("reports", "kind"),
    ("reports", "first_seen"),
    ("reports", "publication_date"),
    ("reports", "study"),
    ("reports", "doi"),
    ("reports", "pmid"),
    ("reports", "pmcid"),
    ("records", "report"),
    ("merges", "record"),
    ("report_ids", "report"),
    ("revisions", "report"),
    ("revisions", "received_at"),
    ("report_mesh", "ui"),
    ("study_reports", "report"),
    ("study_registrations", "number"),
    ("relations", "related"),
    ("notices", "report"),
    ("citations", "cited"),
    ("notices", "first_seen"),
    *((f"report_{table}", f"{facet}, report") for facet, table in FACET_TABLE.items()),
    ("report_modalities_mentioned", "modality, report"),
    ("trials", "study"),
    ("trials", "state"),
    ("trial_reports", "report"),
    ("trial_changes", "happened_at"),
    ("search_words", "stem"),
    ("tag_evidence", "report"),
    ("topic_reports", "report"),
    ("topic_reports", "topic, first_seen"),
    ("sources", "report"),
    ("claims", "article"),
    ("claim_sources", "source"),
    ("claim_modalities", "modality"),
    ("claim_outcomes", "outcome"),
    ("claim_conditions", "condition"),
)

# External content over a view of title + abstract: each text is stored once.
SEARCH_VIEW = """
    CREATE VIEW report_texts AS
    SELECT reports.rowid AS rowid, reports.id AS report, reports.title AS title,
           (SELECT group_concat(text, ' ') FROM
               (SELECT text FROM abstracts WHERE report = reports.id ORDER BY position)) AS abstract
    FROM reports"""
# Raised and lowered figures end a word: "pain¹" is found by "pain".
UNSTEMMED = f"unicode61 remove_diacritics 2 separators '{SCRIPT_FIGURES}'"
STEMMED = f"porter {UNSTEMMED}"
SEARCH_TABLE = f"""
    CREATE VIRTUAL TABLE reports_fts USING fts5(
        title, abstract, content='report_texts', content_rowid='rowid', tokenize="{STEMMED}")"""
# What else a search may name. Stemming would make one of two authors; each value stands between two FIELD_MARKs (a
# private character that the tokenizer takes for a word), so that a phrase can say where a name begins and ends.
FIELDS_TABLE = f"""
    CREATE VIRTUAL TABLE fields_fts USING fts5(
        author, journal, mesh, type, language, content='', tokenize="{UNSTEMMED}")"""
FIELD_MARK = "\ue000"
# A title word says five times as much of what a report is about as a word of its abstract.
TITLE_WEIGHT, ABSTRACT_WEIGHT = 5.0, 1.0
# What a printed reference is compared with; families are joined by the unit separator.
REFERENCE_VIEW = """
    CREATE VIEW cited_reports AS
    SELECT reports.rowid AS position, id, pmid, doi, pmcid, title, vernacular_title, first_author,
           (SELECT group_concat(coalesce(family, name), char(31))
              FROM (SELECT family, name FROM authors WHERE report = reports.id ORDER BY position)) AS families,
           journal, journal_full, year, electronic_date, volume, issue, pages
    FROM reports"""
# What a printed reference is looked up by. bm25 needs detail=full: with less, a contentless table ranks all rows alike.
REFERENCE_TABLE = f"""
    CREATE VIRTUAL TABLE reference_fts USING fts5(text, content='', tokenize="{UNSTEMMED}")"""
REFERENCE_VOCABULARY = "CREATE VIRTUAL TABLE reference_terms USING fts5vocab(reference_fts, row)"
