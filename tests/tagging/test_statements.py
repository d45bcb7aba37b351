"""Comparator, blinding, funding and interests: each with the sentence's siblings and with what must not change it."""

from __future__ import annotations

import pytest

from evidence.record import Author, Mesh, Record, Section
from evidence.tagging import Tagger, Tags
from evidence.tagging.matching.pattern_set import PatternSet
from evidence.tagging.statements.values import values

AUTHORS = [Author(family="Aalto", initials="T"), Author(family="Berg", initials="M")]


def tagged(tagger: Tagger, title: str = "", abstract: str = "", **fields: object) -> Tags:
    record = Record(source="x", title=title, abstract=[Section(text=abstract)], authors=AUTHORS)
    for name, value in fields.items():
        setattr(record, name, value)
    return tagger.tag(record)


TRIALS = [
    (
        "Tibial nerve stimulation for pain",
        "Sixty adults were randomly allocated to active or sham stimulation; neither they nor the nurses knew which.",
        {"sham_or_placebo"},
        "double",
    ),
    (
        "Two frequencies",
        "Patients crossed over between 1 kHz and 40 Hz stimulation in an open-label randomised design.",
        {"active_other"},
        "open",
    ),
    (
        "Stimulation for back pain: randomised trial",
        "Stimulation plus best medical care was compared with best medical care alone.",
        {"usual_care"},
        "not_stated",
    ),
    (
        "Yoga for neck pain",
        "We randomised 90 people to yoga, pregabalin or a waiting list. Assessors were masked.",
        {"active_other", "drug", "usual_care"},
        "assessor",
    ),
    (
        "Lidocaine patch: a single-blind randomised trial",
        "Participants did not know whether the patch held lidocaine or nothing.",
        {"sham_or_placebo"},
        "single",
    ),
    (
        "Spinal cord stimulation versus reoperation: randomised trial",
        "Fifty patients with pain refractory to conventional medical management were randomised.",
        {"active_other"},
        "not_stated",
    ),
    (
        "Needling or exercise",
        "Patients were randomised to dry needling or to exercise. Outcome assessors, but not patients, were blinded.",
        {"active_other"},
        "assessor",
    ),
    (
        "A programme for pain",
        "Participants were randomised to the programme or to a control group.",
        {"not_stated"},
        "not_stated",
    ),
    (
        "Pregabalin versus duloxetine in neuropathy",
        "A randomized trial of 100 patients. Double-blind trials are needed.",
        {"drug"},
        "not_stated",
    ),
    (
        "Nerve stimulation in back pain",
        "A randomised trial. Patients received stimulation or sham; blinding was not possible.",
        {"sham_or_placebo"},
        "open",
    ),
]
OTHERS = [
    ("Stimulation: a prospective study", "All 31 patients were implanted; pain fell from 7.9 to 3.1.", {"none"}),
    ("Neck pain in nurses: a survey", "Four hundred nurses answered; those with pain were compared with those without.",
     {"not_applicable"}),
    ("A case of stimulation", "We report a 45-year-old woman. Sham stimulation had no effect.", {"not_applicable"}),
    ("Stimulation in rats", "Rats were randomised to stimulation or sham.", {"not_applicable"}),
    ("Placebo effects in pain: a review", "Placebo effects form part of all treatments.", {"not_applicable"}),
    ("Acupuncture: a systematic review", "Eleven randomised controlled trials were found.", {"not_applicable"}),
    ("Stimulation: a systematic review", "Against sham (six trials) pain fell by 12 points, against exercise by 2.",
     {"sham_or_placebo", "active_other"}),
    ("Education: a systematic review", "Compared with no psychological treatment, pain fell.", {"not_applicable"}),
    ("Hypermobility: a review", "Psychological factors may operate against exercise.", {"not_applicable"}),
    ("Acupuncture: a review", "Compared to sham controls, acupuncture has benefits.", {"sham_or_placebo"}),
    ("Rehabilitation: a systematic review", "It was more effective than usual care.", {"usual_care"}),
]  # fmt: skip


@pytest.mark.parametrize(("title", "abstract", "compared", "blinded"), TRIALS)
def test_a_trial(tagger: Tagger, title: str, abstract: str, compared: set[str], blinded: str) -> None:
    stated = tagged(tagger, title, abstract).stated
    assert set(stated.comparators) == compared
    assert list(stated.blinding) == [blinded]


@pytest.mark.parametrize(("title", "abstract", "compared"), OTHERS)
def test_what_is_no_trial(tagger: Tagger, title: str, abstract: str, compared: set[str]) -> None:
    assert set(tagged(tagger, title, abstract).stated.comparators) == compared


def test_masking_of_a_reviews_authors_is_none(tagger: Tagger) -> None:
    abstract = "Eleven randomised trials were found. Raters were blinded to the names of the centres."
    assert list(tagged(tagger, "Stimulation: a systematic review", abstract).stated.blinding) == ["not_stated"]


def test_mesh_tells_where_the_text_does_not(tagger: Tagger) -> None:
    mesh = [Mesh(heading="Double-Blind Method")]
    trial = ("Stimulation versus sham: randomised trial", "Sixty patients were randomised.")
    assert list(tagged(tagger, *trial, mesh=mesh).stated.blinding) == ["double"]
    assert list(tagged(tagger, "Pain", "All patients were implanted.", mesh=mesh).stated.blinding) == ["not_applicable"]


STATEMENTS = [
    ("None.", {"not_stated"}, "none_declared"),
    ("Competing interests: None declared.", {"not_stated"}, "none_declared"),
    ("Funding: none.", {"none_declared"}, "not_stated"),
    ("Role of the funding source: none.", {"not_stated"}, "not_stated"),
    ("Conflicts of interest are listed in the appendix.", {"not_stated"}, "not_stated"),
    ("The remaining authors have nothing to disclose.", {"not_stated"}, "not_stated"),
    ("Tiina Aalto has no conflict of interest.", {"not_stated"}, "not_stated"),
    ("Tiina Aalto and Mats Berg have no conflict of interest.", {"not_stated"}, "none_declared"),
    ("Dr Aalto is a paid adviser to Nervolux.", {"not_stated"}, "stated"),
    ("Dr Aalto reports grants from Nervolux Inc, outside the submitted work.", {"not_stated"}, "stated"),
    ("MB has received grant funding from Medtronic.", {"not_stated"}, "stated"),
    ("MB is employed by Nervolux. TA has no conflict.", {"not_stated"}, "stated"),
    ("KM ran one of the included trials.", {"not_stated"}, "stated"),
    ("This work was supported by Nervolux Ltd. The authors declare no conflicts.", {"industry"}, "none_declared"),
    ("Stimulators were donated by Nervolux Ltd.", {"industry"}, "not_stated"),
    ("This trial was paid for by Lund University. The authors have no competing interests.", {"public"},
     "none_declared"),
    ("This study was funded by the Back Pain Trust and the Ministry of Health.", {"charity", "public"}, "not_stated"),
    ("No funding was received for this study for authors TA and MB.", {"not_stated"}, "not_stated"),
    ("The study was not funded by industry.", {"not_stated"}, "not_stated"),
    ("The author(s) received no financial support for the research.", {"none_declared"}, "not_stated"),
    ("Die Autoren geben an, dass kein Interessenkonflikt besteht.", {"not_stated"}, "none_declared"),
    ("Les auteurs déclarent ne pas avoir de liens d'intérêts.", {"not_stated"}, "none_declared"),
    ("Not applicable.The authors declare that they have no competing interests.Publisher remains neutral.",
     {"not_stated"}, "none_declared"),
]  # fmt: skip


@pytest.mark.parametrize(("statement", "paid", "at_stake"), STATEMENTS)
def test_a_conflict_statement(tagger: Tagger, statement: str, paid: set[str], at_stake: str) -> None:
    stated = tagged(tagger, conflict_statement=statement).stated
    assert (set(stated.funding), list(stated.interests)) == (paid, [at_stake])


@pytest.mark.parametrize(
    ("grant", "kinds"),
    [
        ("R01 AR000001/AR/NIAMS NIH HHS/United States", {"public"}),
        ("000001/WT_/Wellcome Trust/United Kingdom", {"charity"}),
        ("Unnumbered research grant/Pfizer Denmark", {"industry"}),
        ("18-1/Russian Foundation for Basic Research", {"public"}),
        ("Leeds Teaching Hospitals NHS Trust", {"not_stated"}),
        ("Centre of Expertise in Rehabilitation", {"not_stated"}),
    ],
)
def test_a_grant(tagger: Tagger, grant: str, kinds: set[str]) -> None:
    assert set(tagged(tagger, grants=[grant]).stated.funding) == kinds


def test_a_publication_type_says_who_paid_only_where_it_does(tagger: Tagger) -> None:
    public = tagged(tagger, publication_types=[("", "Research Support, N.I.H., Extramural")]).stated
    somebody = tagged(tagger, publication_types=[("", "Research Support, Non-U.S. Gov't")]).stated
    assert (set(public.funding), set(somebody.funding)) == ({"public"}, {"not_stated"})


def test_an_abstract_says_who_paid(tagger: Tagger) -> None:
    model = "The model is supported by recent research of the society."
    assert set(tagged(tagger, "Pain", model).stated.funding) == {"not_stated"}
    paid = "Pain fell. This study was funded by the National Institute for Health Research."
    assert set(tagged(tagger, "Pain", paid).stated.funding) == {"public"}


def test_every_value_stands_on_words_of_the_record(tagger: Tagger) -> None:
    record = Record(
        source="x",
        title="Stimulation versus sham: double-blind randomised trial",
        abstract=[Section(text="Sixty patients were randomised.")],
        conflict_statement="This work was supported by Nervolux Ltd. Dr Aalto is a consultant to Otso.",
    )
    tags = tagger.tag(record)
    texts = {"title": record.title, "conflict_statement": record.conflict_statement}
    quoted = {e.facet: e for e in tags.stated.evidence}
    assert quoted.keys() == {"comparator", "blinding", "funding", "interests"}
    for evidence in tags.stated.evidence:
        assert texts[evidence.field][evidence.start : evidence.end] == evidence.phrase
        assert evidence in tags.evidence


def test_every_facet_says_what_not_stated_is() -> None:
    assert all("not_stated" in facet for facet in values().values())


def test_the_sieve_takes_letters_of_other_languages_for_letters() -> None:
    """RE2's own classes know ASCII only."""
    sieve = PatternSet({("a", 0): r"\bna\w+ve patients", ("b", 0): r"dr\.\s+\w+ller", ("c", 0): "’s fund"})
    assert sieve.which("naïve patients") == [("a", 0)]
    assert sieve.which("dr.\u00a0müller") == [("b", 0)]
    assert sieve.which("the town’s fund") == [("c", 0)]
    assert sieve.which("nothing") == []
