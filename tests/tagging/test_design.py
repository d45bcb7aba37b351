"""Design, level, protocol, secondary: types, then title, then text. All abstracts are invented."""

from __future__ import annotations

import gzip
import time
from dataclasses import replace
from pathlib import Path

import pytest

from evidence.exchange.pubmed import read_article_set
from evidence.exchange.reading import read_records
from evidence.record import Record, Section
from evidence.tagging.design import rules
from evidence.tagging.design.describe import SIEVE, describe, trusted_types
from evidence.tagging.design.rules import PUBLICATION_TYPES
from evidence.tagging.text import document as text
from evidence.tagging.types import DesignTags


def tags(title: str = "", abstract: str = "", *types: str, **fields: str) -> DesignTags:
    record = Record(
        source="test",
        title=title,
        abstract=[Section(abstract)] if abstract else [],
        publication_types=[("", name) for name in types],
        **fields,  # type: ignore[arg-type]
    )
    return describe(record, text.read(record))


# The three studies that the health articles cite: titles are facts, abstracts are invented in their manner.
NACC_2014 = (
    "The appropriate use of neurostimulation of the spinal cord and peripheral nervous system for the treatment of "
    "chronic pain and ischemic diseases: the Neuromodulation Appropriateness Consensus Committee.",
    "Objectives: A committee was convened to say when stimulators should be used. Methods: Members looked for "
    "systematic reviews, randomized controlled trials and prospective cohort studies, and graded them. "
    "Results: Forty topics were voted on. Conclusion: The committee recommends use in refractory pain.",
)
REGISTRY_2016 = (
    "Peripheral nerve stimulation for chronic pain: a prospective registry.",
    "Methods: Eleven patients with pain of the arm or leg were enrolled in a prospective registry at three centers and "
    "followed for 12 months after implantation. Results: Mean pain fell from 7.1 to 3.2.",
)
LEAD_2012 = (
    "Spinal cord stimulation with a multicolumn lead for back pain.",
    "Eleven consecutive patients with failed back surgery syndrome were prospectively included in this pilot study and "
    "implanted with a surgical lead. At 6 months, nine patients had at least 50% relief.",
)


def test_a_consensus_that_names_trials_is_no_trial():
    found = tags(*NACC_2014)
    assert found.design == "guideline" and "rct" not in found.designs
    assert found.level is None and found.level_reason
    assert found.sample_size is None


def test_the_same_consensus_typed_review_is_still_a_guideline():
    assert tags(*NACC_2014, "Review", "Journal Article").design == "guideline"


def test_a_prospective_registry_without_controls_starts_at_four():
    found = tags(*REGISTRY_2016)
    assert found.design == "prospective" and "registry" in found.designs
    assert found.level == 4 and found.sample_size is not None and found.sample_size.value == 11
    assert found.follow_up_months == 12


def test_an_uncontrolled_series_starts_at_four():
    found = tags(*LEAD_2012)
    assert found.design == "prospective" and found.level == 4
    assert found.sample_size is not None and found.sample_size.value == 11


TITLES = [
    ("Burst stimulation for back pain: a randomised controlled trial", "rct"),
    ("Burst stimulation: a double-blind, sham-controlled study", "rct"),
    ("Burst stimulation: a non-randomised comparison", "observational"),
    ("Systematic review of randomized controlled trials of burst stimulation", "systematic_review"),
    ("Burst stimulation: a scoping review", "systematic_review"),
    ("Tibial stimulation for incontinence: a network meta-analysis", "systematic_review"),
    ("Systematic review and evidence-based guidelines for occipital nerve stimulation", "guideline"),
    ("Adherence to guidelines for spinal cord stimulation: a retrospective study", "retrospective"),
    ("Cost-effectiveness of spinal cord stimulation", "economic"),
    ("Infected pumps: a survey of centres", "survey"),
    ("Migrated lead: a case report and review of the literature", "case_report"),
    ("A retrospective review of 80 pumps", "retrospective"),
    ("Pocket pain: a narrative review", "review"),
    ("Current concepts in neurostimulation", "review"),
    ("Vagus nerve stimulation in rats", "animal"),
    ("Spinal release of GABA in the rat", "animal"),  # no full stop behind the word
    ("Noradrenaline in the brain of the pig: vagus nerve stimulation", "animal"),
    ("Fentanyl kinetics in healthy volunteers", "experimental_human"),
    ("What patients want from a stimulator: a qualitative study", "qualitative"),
    ("Dorsal root ganglion stimulation at five years: a prospective multicenter study", "prospective"),
    ("Lead fractures: a case-control study", "observational"),
    ("Living with a stimulator: a qualitative evidence synthesis", "systematic_review"),
    ("Living with a stimulator: a meta-ethnography", "systematic_review"),
    ("Qualitative research on pain: an overview", "review"),
    ("Position of the Society of Pumps: refills at home", "guideline"),
    ("Volunteering in healthy ageing persons: an overview", "review"),
]


@pytest.mark.parametrize(("title", "design"), TITLES)
def test_titles(title: str, design: str):
    assert tags(title).design == design


def test_a_title_that_says_nothing_gives_nothing():
    found = tags("Spinal cord stimulation for pain.")
    assert found.designs == {} and found.level is None


SENTENCES = [
    ("Forty adults were randomly assigned to burst or tonic programs.", "rct"),
    ("Patients received active or sham stimulation in a double-blind crossover trial.", "rct"),
    ("Randomised trials are needed. Thirty patients received a pump and were followed for a year.", "observational"),
    ("Few randomized controlled trials exist. We followed 30 patients with pumps.", "observational"),
    ("We reviewed the charts of 44 patients who received a pump.", "retrospective"),
    ("A 54-year-old woman with pain in the arm received a lead.", "case_report"),
    ("We describe three patients whose pumps were filled wrongly.", "case_report"),
    ("Male Wistar rats (n = 8) were implanted with a cuff electrode.", "animal"),
    ("Questionnaires were mailed to 300 centers, and 120 were returned.", "survey"),
    ("Currents were measured in hippocampal slices in vitro.", "laboratory"),
    ("This article reviews the devices in use and their indications.", "review"),
    ("We systematically searched MEDLINE and Embase. Twelve trials were included.", "systematic_review"),
    ("Twelve healthy volunteers were tested before and after stimulation of the wrist.", "experimental_human"),
    ("Vagus nerve stimulation was tested in the anaesthetised cat.", "animal"),
    # What an article that only discusses names is others' work.
    ("This article discusses leads. A survey of centres and medical records of patients are open questions.", "review"),
    ("This article discusses pumps. Animal models of pain have been useful, and prospective work is rare.", "review"),
    ("Pain is common. There are few randomized controlled trials to guide the physician. Leads may help.", None),
]


@pytest.mark.parametrize(("abstract", "design"), SENTENCES)
def test_sentences(abstract: str, design: str | None):
    assert tags("Stimulation for pain.", abstract).design == design


def test_a_plan_for_healthy_people_is_an_experiment_in_them():
    aim = "This study will determine whether healthy subjects feel less pain. Sham stimulation is the control."
    assert tags("Stimulation and pain", aim, kind="registration").design == "experimental_human"
    both = "This study will determine whether healthy subjects and patients feel less pain."
    assert tags("Stimulation and pain", both, kind="registration").design == "prospective"


def test_guidelines_with_a_series_of_their_own_are_its_study():
    series = (
        "We describe our technique and our experience with 13 patients. In our series of 13 patients one had a leak."
    )
    assert tags("Catheters for pain: technique and guidelines", series).designs.keys() == {"observational"}
    assert tags("Catheters for pain: technique and guidelines", "A panel was convened.").design == "guideline"


def test_a_review_may_name_the_laboratory():
    abstract = (
        "Surfaces are an important source of infection, and leads should be clean. Most have been assessed in vitro. "
        "The article discusses what is known of the leads and what must be done."
    )
    assert tags("Clean leads", abstract).design == "review"


def test_types_come_before_the_title_where_they_can_be_trusted():
    title = "Stimulation of the cord: what randomised evidence shows"
    assert tags(title, "", "Review", status="MEDLINE").design == "review"
    assert tags(title, "", "Review", status="MEDLINE", indexing_method="Automated").design == "rct"
    assert tags(title, "", "Review", status="In-Process").design == "rct"


def test_a_retracted_or_withdrawn_report_keeps_the_design_that_was_indexed():
    title = "WITHDRAWN: Rehabilitation for back pain"
    assert tags(title).designs == {}
    assert tags(title, "", "Systematic Review", status="MEDLINE").design == "systematic_review"
    assert tags(title, "", "Systematic Review", "Retraction of Publication").designs == {}


SAYS_LITTLE = {
    "text: discusses, and computes nothing", "text: speaks in general, measures nothing",
    "text: people studied, number not stated",
}  # fmt: skip


@pytest.mark.shared
def test_types_of_records_indexed_by_hand(shared_dir: Path):
    """Trusted, a type decides; not checked by a person, it only fills in where title and abstract say nothing."""
    expected = {"Systematic Review": "systematic_review", "Practice Guideline": "guideline"}
    decided = changed = 0
    with gzip.open(shared_dir / "pubmed" / "chronic-pain-2026-04-06-2600.xml.gz") as stream:
        records = [received.record for received in read_article_set(stream)]
    for record in (r for r in records if r.status == "MEDLINE" and trusted_types(r)):
        for name in record.type_names() & expected.keys():
            decided += 1
            assert describe(record, text.read(record)).design in (expected[name], "guideline"), record.source_id
        untyped = describe(replace(record, publication_types=[]), text.read(record))
        unchecked = describe(replace(record, indexing_method="Automated"), text.read(record))
        said = untyped.design is not None and untyped.designs[untyped.design] not in SAYS_LITTLE
        assert unchecked.design == untyped.design or not said, record.source_id
        changed += untyped.design != unchecked.design
    assert decided > 3 and changed > 0


def test_a_review_with_a_vignette_is_typed_case_report_too():
    typed = ("Review", "Case Reports")
    essay = "Stimulators can help. This article reviews what is known, and the mechanism is discussed."
    assert tags("Stimulation of the spinal cord", essay, *typed).design == "review"
    told = "A 54-year-old woman with phantom pain was treated. We report this case and review the literature."
    assert tags("Stimulation of the spinal cord", told, *typed).design == "case_report"
    assert tags("Phantom pain: case report and review", essay, *typed).design == "case_report"
    assert tags("Stimulation of the spinal cord", essay, "Case Reports").design == "case_report"
    series = "We report a study of 20 patients with stimulators, who were followed for two years."
    assert tags("Stimulation of the spinal cord", series, *typed).design == "observational"


def test_an_unchecked_type_is_better_than_nothing():
    found = tags("Stimulation for pain.", "", "Randomized Controlled Trial", status="Publisher")
    assert found.design == "rct"


def test_trust():
    assert trusted_types(Record(source="pubmed", status="MEDLINE", indexing_method="Curated"))
    assert not trusted_types(Record(source="pubmed", status="MEDLINE", indexing_method="Automated"))
    assert not trusted_types(Record(source="pubmed", status="PubMed-not-MEDLINE"))


@pytest.mark.parametrize(
    ("title", "types", "designs"),
    [
        ("Erratum: Burst stimulation, a randomized trial", (), set()),
        ("Retraction notice to: a randomized trial of leads", ("Retraction of Publication",), set()),
        ("Correction to: a cohort of pumps", ("Published Erratum",), set()),
        ("Reply to the letter on burst stimulation", (), {"opinion"}),
        ("Burst stimulation: too early?", ("Editorial", "Comment"), {"opinion"}),
    ],
)
def test_notices_and_opinions_are_no_studies(title: str, types: tuple[str, ...], designs: set[str]):
    found = tags(title, "", *types)
    assert set(found.designs) == designs and found.level is None


LEVELS = [
    (("A systematic review", "We searched Embase. Randomized controlled trials were included."), 1),
    (("A systematic review", "We searched Embase. Randomized trials and cohort studies were included."), None),
    (("A systematic review", "We searched Embase."), None),
    (("A scoping review", "We searched Embase. Randomized controlled trials were included."), None),
    (("A synthesis of systematic reviews", "We searched Embase for reviews of randomized controlled trials."), None),
    (("Leads for pain", "We conducted a scoping review of randomized controlled trials."), None),
    (("Leads for pain", "Thirty patients with CRPS were compared with 30 healthy control subjects."), 4),
    (("A randomized trial", "Forty patients were randomized."), 2),
    (("A retrospective study", "We compared 20 patients with a matched control group."), 3),
    (("A retrospective study", "We looked at 20 patients."), 4),
    (("A prospective single-arm study", "Twenty patients, without a control group, were followed."), 4),
    (("A case report", "A man of 50 was implanted."), 4),
    (("A narrative review", "We discuss leads."), None),
    (("A survey of centres", "Centres answered."), None),
    (("Leads in sheep", "Six sheep were implanted."), None),
]


@pytest.mark.parametrize(("record", "level"), LEVELS)
def test_levels_start_from_design_alone(record: tuple[str, str], level: int | None):
    found = tags(*record)
    assert found.level == level and found.level_reason


def test_a_planned_study_has_no_level_yet():
    found = tags("Study protocol for a randomised trial of leads", "Patients will be randomised. 60 will be recruited.")
    assert found.protocol and found.design == "rct" and found.level is None


def test_a_registration_is_planned_and_prospective_unless_it_says_more():
    assert tags("Leads for Pain", "The leads will be compared.", kind="registration").design == "prospective"
    assert tags("Leads for Pain", "Subjects are randomized to two leads.", kind="registration").design == "rct"
    assert tags("Leads for Pain", "The leads will be compared.", kind="registration").protocol


def test_a_registration_that_speaks_of_animals_plans_a_study_of_people():
    assert tags("Stimulation for Pain", "In rats the drug was safe.", kind="registration").design == "prospective"


@pytest.mark.shared
def test_the_sieve_leads_to_what_the_rules_find(shared_dir: Path):
    """A rule is tried only where the sieve says that it can match: it misses no match."""
    matched, missed = 0, []
    for record, _ in read_records(shared_dir / "tagging" / "records.jsonl.gz").records[::3]:
        document = text.read(record)
        hits = SIEVE.scan(document)
        for one in rules.TITLE_RULES:
            if one.pattern.search(document.title.lower):
                matched += 1
                missed += [one.label] if one.label not in hits.title else []
        for sentence in document.sentences:
            if sentence.category in rules.NOT_THE_STUDY:
                continue
            for one in rules.TEXT_RULES:
                if one.pattern.search(sentence.lower):
                    matched += 1
                    missed += [one.label] if sentence not in hits.sentences.get(one.label, []) else []
    assert matched > 800
    assert missed == []


def test_secondary_analyses_are_marked():
    assert tags("A post hoc analysis of a randomized trial of leads").secondary
    assert not tags("A randomized trial of leads").secondary


def test_flags_are_given_only_when_stated():
    crossover = tags("A trial", "Twenty patients were randomized in a double-blind, sham-controlled crossover trial.")
    assert crossover.flags == {"open_label": False, "sham": True, "crossover": True, "controlled": True}
    single = tags("A trial", "This open-label, single-arm study enrolled 20 patients.")
    assert single.flags == {"open_label": True, "controlled": False}
    assert tags("A review of sham stimulation").flags == {}
    triple = tags("A trial", "Twenty patients were randomized in a triple blind trial.")
    assert triple.flags["open_label"] is False
    usual = tags("A cohort", "Forty patients with pumps were compared with usual care.")
    assert usual.flags == {"controlled": True} and usual.level == 3


FOLLOW_UP = [
    ("Forty patients were followed for two years.", 24),
    ("Mean follow-up was 23 months. Forty patients had pumps and were seen up to 60 months.", 23),
    ("Forty patients were assessed at 3, 6 and 12 months after implantation.", 12),
    ("Forty patients completed a 24-month follow-up.", 24),
    ("Forty patients had pain for 9 years and received pumps.", None),
    ("Forty patients were assessed at 1 year after implantation.", 12),
]


@pytest.mark.parametrize(("abstract", "months"), FOLLOW_UP)
def test_follow_up(abstract: str, months: float | None):
    assert tags("Pumps for pain", abstract).follow_up_months == months


def test_every_design_has_its_words_and_its_offsets():
    record = Record(
        source="test", title="Leads", abstract=[Section("Pain hurts."), Section("We randomly assigned 20 patients.")]
    )
    found = describe(record, text.read(record))
    (evidence,) = [e for e in found.evidence if e.field == "abstract"]
    assert evidence.section == 1 and record.abstract[1].text[evidence.start : evidence.end] == evidence.phrase
    assert evidence.phrase.startswith("randomly assigned")


def test_what_was_silenced_is_a_near_miss():
    title, abstract = "Narrative review of leads", "Forty patients were randomly assigned in one trial."
    record = Record(source="test", title=title, abstract=[Section(abstract)])
    misses = describe(record, text.read(record), explain=True).near_misses
    assert any(miss.tag == "rct" and miss.rule for miss in misses)
    assert describe(record, text.read(record)).near_misses == []


def test_funding_is_what_the_record_names():
    record = Record(
        source="test", title="Leads", grants=["R01 NS1, NIH"], publication_types=[("", "Research Support, N.I.H.")]
    )
    assert describe(record, text.read(record)).funding == "R01 NS1, NIH"


def test_the_vocabulary_has_every_design_and_its_types(root):
    from evidence.tagging.matching.vocabulary import load_vocabulary

    designs = load_vocabulary(root / "queries" / "vocabulary").tags["design"]
    for name, design in PUBLICATION_TYPES.items():
        if design != "notice":
            assert name in designs[design].publication_types
    assert designs["meta_analysis"].parent == "systematic_review"


@pytest.mark.parametrize(
    "unit",
    ["patients ", "randomized ", "12 ", "n = 1 ", "and ", "-", "(", "double-blind placebo ", "two hundred and ",
     "a patient with ", "follow-up of ", "each group of "],
)  # fmt: skip
def test_a_megabyte_of_anything_takes_bounded_time(unit: str):
    start = time.process_time()
    tags(unit * 200, unit * (1_000_000 // len(unit)))
    assert time.process_time() - start < 3.0


@pytest.mark.parametrize(
    ("title", "abstract"),
    [("", ""), ("脊髓电刺激", "疼痛减轻。"), ("Étude", "Les malades ont été suivis."), ("\x00", "\ud83d")],
)
def test_what_cannot_be_read_is_given_no_design(title: str, abstract: str):
    found = tags(title, abstract)
    assert found.designs == {} and found.level is None and found.sample_size is None


PHRASED = [
    ("Leads for pain", "Forty patients received leads and were followed."),
    ("Leads for pain", "We searched PubMed. Twelve trials were included."),
    ("Leads for pain", "This article discusses leads. The leads are useful and the pain may improve."),
    ("Leads for pain", "In a patient with chronic pain a lead was implanted and the pain resolved."),
    ("Leads for pain", "Patients with chronic pain were evaluated before and after leads were implanted."),
]


@pytest.mark.parametrize(("title", "abstract"), PHRASED)
def test_no_design_without_its_words(title: str, abstract: str):
    found = tags(title, abstract)
    assert found.designs
    for design, rule in found.designs.items():
        assert rule == "parent" or any(e.tag == design and e.phrase for e in found.evidence)


def test_an_abstract_in_another_language_is_no_review_for_what_it_does_not_say():
    assert tags("Douleur", "La stimulation de la moelle est un traitement de la douleur chronique. " * 8).designs == {}


def test_a_planned_study_rests_on_its_words_or_its_title():
    (evidence,) = tags("Leads for Pain", "The leads are new.", kind="registration").evidence
    assert evidence.tag == "prospective" and evidence.field == "title" and evidence.phrase == "Leads for Pain"


def test_umbrella_reviews_bring_their_parent():
    designs = tags("Leads for pain: an umbrella review").designs
    assert set(designs) == {"umbrella_review", "systematic_review"}


def test_conference_proceedings_are_no_study():
    assert tags("Annual meeting", "The proceedings contain 44 papers. A prospective study of leads.").designs == {}


@pytest.mark.parametrize(
    ("title", "planned"),
    [
        ("Leads for pain: study protocol for a randomised trial", True),
        ("Leads for pain: a protocol", True),
        ("Rationale and design of a trial of leads", True),
        ("Follow-up of patients on a staged-care protocol", False),
        ("A standard exercise protocol compared with leads", False),
    ],
)
def test_protocols_by_title(title: str, planned: bool):
    assert tags(title).protocol is planned


@pytest.mark.parametrize(
    ("title", "abstract"),
    [
        ("Spinal cord stimulation: no randomized trial yet", ""),
        ("Comment on: stimulation for back pain: a randomized controlled trial", ""),
        ("Response to: burst stimulation, a randomized clinical trial", ""),
        ("Why we need a randomized controlled trial of TENS", ""),
        ("Stimulation in practice", "Not a randomized trial. We retrospectively reviewed 40 patients."),
        ("Stimulation in practice", "This was not a randomized controlled trial."),
    ],
)
def test_a_trial_that_is_denied_wanted_or_another_s_is_none(make_record, title: str, abstract: str) -> None:  # type: ignore[no-untyped-def]
    record = make_record(title, abstract)
    assert "rct" not in describe(record, text.read(record)).designs


@pytest.mark.parametrize(
    ("abstract", "design"),
    [
        ("Charts of 74 patients were reviewed. A sham-controlled trial has begun.", "retrospective"),
        ("We followed 74 patients. A randomised controlled trial is under way.", "observational"),
        ("Services of 800 veterans were not assigned at random. Their records were reviewed.", "retrospective"),
        ("A standardised telephone interview was held with all 118 patients.", "survey"),
        ("Eighty patients were randomised to burst or tonic stimulation.", "rct"),
    ],
)
def test_trials_that_have_only_begun_and_interviews(abstract: str, design: str):
    assert tags("Stimulation in one town", abstract).design == design


def test_costs_counted_in_a_trial_are_both():
    both = tags("Costs of stimulation", "An economic evaluation alongside a pragmatic randomised trial of 80 patients.")
    assert {"economic", "rct"} <= set(both.designs)
    model = tags("Costs of stimulation", "A Markov model was built with the results of a published randomised trial.")
    assert "rct" not in model.designs and model.design == "economic"
