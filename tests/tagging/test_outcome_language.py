"""How an outcome, and the study around it, are said in words: short records, every text invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evidence.record import Record
from evidence.tagging import Tagger, text

MakeRecord = Callable[..., Record]
TITLE = "Spinal cord stimulation in chronic pain"


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ("Sleep and function improved in 12 of 20 patients (p = 0.01).", "sleep"),
        ("Sleep and function improved in 12 of 20 patients (p = 0.01).", "function"),
        ("Physical and emotional functioning were measured and improved (p = 0.02).", "function"),
        ("There were no adverse effects on memory, function or mood (p = 0.4).", "mood"),
        ("Pain and disability decreased in 14 of 20 patients (p = 0.01).", "function"),
        ("The duration of postoperative analgesia was longer with stimulation (9 vs 4 h).", "pain_relief"),
        ("All 20 implants were done without complications.", "ae"),
        ("The amount of opioid medication fell by 30% (p = 0.01).", "opioid_use"),
    ],
)
def test_a_reported_outcome_is_found(tagger: Tagger, make_record: MakeRecord, results: str, outcome: str) -> None:
    record = make_record(TITLE, METHODS="Twenty patients were implanted.", RESULTS=results)
    assert outcome in tagger.tag(record).outcomes


@pytest.mark.parametrize(
    ("methods", "outcome"),
    [
        ("Sixty patients of ASA physical status I and II were randomised.", "function"),
        ("All received standard postoperative analgesia and were followed for a year.", "opioid_use"),
        ("A sucrose preference test was performed in 20 rats.", "satisfaction"),
        ("Patients with chronic lower back pain were treated.", "pain_intensity"),
        ("The success rate of ultrasound guided block was recorded in 40 patients.", "pain_relief"),
    ],
)
def test_words_that_only_sound_like_an_outcome(
    tagger: Tagger, make_record: MakeRecord, methods: str, outcome: str
) -> None:
    assert outcome not in tagger.tag(make_record(TITLE, METHODS=methods)).outcomes


def test_what_precedes_the_aim_in_a_section_of_objectives_is_background(
    tagger: Tagger, make_record: MakeRecord
) -> None:
    record = make_record(
        TITLE,
        OBJECTIVE="Pain impairs sleep and quality of life. We aimed to assess the effect on pain intensity.",
        METHODS="Twenty patients were implanted.",
    )
    outcomes = tagger.tag(record).outcomes
    assert "pain_intensity" in outcomes
    assert not {"qol", "sleep"} & outcomes.keys()


def test_a_heading_inside_a_labelled_section_opens_a_section(make_record: MakeRecord) -> None:
    record = make_record(TITLE, BACKGROUND="Pain is common. Method(s): We studied 20 patients. Result(s): Pain fell.")
    categories = [sentence.category for sentence in text.read(record).abstract_sentences]
    assert categories == [text.BACKGROUND, text.METHODS, text.RESULTS]


@pytest.mark.parametrize(
    ("title", "modalities"),
    [
        ("Closed-loop versus open-loop spinal cord stimulation", {"scs", "scs_closed_loop"}),
        ("10-kHz high-frequency SCS in daily practice", {"scs", "scs_hf"}),
        ("Combined DRG and spinal cord stimulation", {"scs", "drg"}),
        ("Restorative neurostimulation for mechanical low back pain", {"pns"}),
        ("Neurostimulation of the spinal cord and peripheral nervous system", {"scs", "pns"}),
        ("Intrathecal ziconotide and hydromorphone", {"itdd", "itdd_ziconotide", "itdd_opioid"}),
        ("Ultrasound versus neurostimulation for axillary block", set()),
    ],
)
def test_titles(tagger: Tagger, make_record: MakeRecord, title: str, modalities: set[str]) -> None:
    assert set(tagger.tag(make_record(title)).modalities) == modalities
