"""What a report is to the trials that it names: its results, or something else."""

from __future__ import annotations

import pytest

from evidence.record import Record, Section
from evidence.relate.trial_links import BASES, LINK_LABELS, links_of, registry_link, timely

NUMBER = "NCT00000101"


def record(title: str, abstract: str, *types: str, databank: bool = False, kind: str = "article") -> Record:
    return Record(
        source="pubmed",
        source_id="1",
        kind=kind,
        title=title,
        abstract=[Section(abstract)],
        publication_types=[("", name) for name in types],
        databanks=[("ClinicalTrials.gov", NUMBER)] if databank else [],
    )


TRIAL = "Invented stimulation for back pain: a randomised trial"
REGISTERED = f"Sixty patients took part. Pain fell. ClinicalTrials.gov {NUMBER}."


@pytest.mark.parametrize(
    ("title", "abstract", "types", "relation"),
    [
        (TRIAL, REGISTERED, (), "results"),
        (TRIAL, f"Pain fell. Trial registration: ClinicalTrials.gov, {NUMBER}. Registered 2016.", (), "results"),
        ("Two-year outcomes of invented stimulation", REGISTERED, (), "results"),
        (TRIAL, f"Pain fell. Funded by Invented Inc; ClinicalTrials.gov number, {NUMBER}.", (), "results"),
        (TRIAL, f"We compared 12 samples of blood. This study is registered as {NUMBER}.", (), "results"),
        (TRIAL, f"In a randomised trial ({NUMBER}), stimulation was evaluated in patients with pain.", (), "results"),
        # Other words for what is no result
        ("Invented stimulation: study protocol for a randomised trial", REGISTERED, (), "protocol"),
        ("Invented stimulation: a systematic review", REGISTERED, (), "review"),
        ("Invented stimulation", REGISTERED, ("Meta-Analysis",), "review"),
        ("Invented stimulation", REGISTERED, ("Review",), "review"),
        ("Guideline on invented stimulation", REGISTERED, ("Practice Guideline",), "review"),
        ("Is stimulation invented?", REGISTERED, ("Comment",), "review"),
        ("Erratum: Invented stimulation", REGISTERED, ("Published Erratum",), "notice"),
        (TRIAL, f"An ongoing trial ({NUMBER}) will tell.", (), "mention"),
        (TRIAL, f"This will be tested in a larger trial ({NUMBER}).", (), "mention"),
        (TRIAL, f"Participants of the previous study ({NUMBER}) were asked again.", (), "mention"),
        (TRIAL, f"This is an extension of a trial ({NUMBER}) of stimulation.", (), "mention"),
        (TRIAL, f"Relief was less compared with the invented trial ({NUMBER}).", (), "mention"),
        ("Predictors of response to stimulation", REGISTERED, (), "secondary"),
        ("Stimulation for pain: primary and secondary analyses", REGISTERED, (), "results"),
        ("Stimulation for pain: an integrated safety analysis", REGISTERED, (), "secondary"),
        ("Response to stimulation: a post hoc analysis", REGISTERED, (), "secondary"),
        ("Cost-effectiveness of stimulation", REGISTERED, (), "secondary"),
        ("Sleep and stimulation", f"We used data from the invented trial ({NUMBER}).", (), "secondary"),
        ("Sleep and stimulation", f"Patients enrolled in the invented trial ({NUMBER}) walked.", (), "secondary"),
        ("Sleep and stimulation", f"In a pooled analysis of trials ({NUMBER}), pain fell.", (), "secondary"),
    ],
)  # fmt: skip
def test_what_a_report_says_itself(title: str, abstract: str, types: tuple[str, ...], relation: str) -> None:
    (link,) = links_of(record(title, abstract, *types))
    assert (link.number, link.relation, link.basis) == (NUMBER, relation, "abstract")
    assert relation in LINK_LABELS and link.basis in BASES


def test_four_trials_of_one_registry_are_not_the_reports_own() -> None:
    numbers = [f"NCT0000020{n}" for n in range(4)]
    assert {link.relation for link in links_of(record(TRIAL, f"Trials: {', '.join(numbers)}."))} == {"mention"}
    assert {link.relation for link in links_of(record(TRIAL, f"Trials: {', '.join(numbers[:3])}."))} == {"results"}


def test_a_databank_and_a_title_are_places_too() -> None:
    assert links_of(record(TRIAL, "Pain fell.", databank=True)) == ((NUMBER, "results", "databank"),)
    assert links_of(record(f"{TRIAL} ({NUMBER})", "Pain fell.")) == ((NUMBER, "results", "title"),)
    assert links_of(record(TRIAL, "Pain fell.")) == ()


def test_plans_in_the_abstract_make_a_protocol() -> None:
    assert links_of(record("Invented stimulation", REGISTERED), protocol=True)[0].relation == "protocol"


@pytest.mark.parametrize(
    ("kind", "own", "sort", "relation"),
    [
        ("RESULT", None, "", "results"), ("RESULT", "mention", "", "results"), ("RESULT", "results", "", None),
        ("RESULT", "secondary", "", None), ("RESULT", None, "review", "review"),
        ("RESULT", None, "protocol", "protocol"),
        ("RESULT", "protocol", "protocol", None), ("DERIVED", None, "", "derived"), ("DERIVED", "results", "", None),
        ("BACKGROUND", None, "", "background"), ("BACKGROUND", "mention", "", None), ("", None, "", None),
    ],
)  # fmt: skip
def test_what_the_registry_says(kind: str, own: str | None, sort: str, relation: str | None) -> None:
    link = registry_link(kind, NUMBER, own, sort)
    assert (link.relation if link else None) == relation
    assert link is None or (link.relation in LINK_LABELS and link.basis in BASES)


@pytest.mark.parametrize(
    ("relation", "year", "start", "expected"),
    [
        ("results", 2015, "2016-03", "earlier"), ("results", 2016, "2016-03", "results"),
        ("results", None, "2016-03", "results"), ("results", 2015, "", "results"),
        ("secondary", 2015, "2016", "earlier"), ("protocol", 2015, "2016", "protocol"),
    ],
)  # fmt: skip
def test_results_do_not_come_before_the_trial(relation: str, year: int | None, start: str, expected: str) -> None:
    assert timely(relation, year, start) == expected
