"""How an outcome, and the study around it, are said in words: short records, every text invented."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evidence.record import Record
from evidence.tagging import Tagger
from evidence.tagging.facets import outcome as outcomes
from evidence.tagging.text import document as text

MakeRecord = Callable[..., Record]
TITLE = "Spinal cord stimulation in chronic pain"


def of_registration(tagger: Tagger, make_record: MakeRecord, planned: str) -> dict[str, str]:
    text = f"This is a randomized study of spinal cord stimulation. Forty patients will be enrolled. {planned}"
    return tagger.tag(make_record(TITLE, text, kind="registration")).outcomes


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
        ("TENS did not reduce pain compared with placebo (SMD -0.1, 95% CI -0.4 to 0.2).", "pain_intensity"),
        ("There was no significant difference between groups in pain.", "pain_intensity"),
        ("Opioid dose fell in 12 of 20 patients.", "opioid_use"),
        ("Eight patients were able to stop all analgesics.", "opioid_use"),
        ("Two leads migrated and were revised.", "device_comp"),
        ("The system was removed in three patients because of infection.", "device_comp"),
        ("Most patients were able to resume daily activities.", "function"),
        ("Fourteen of 20 patients had more than 50% relief.", "pain_relief"),
        ("Relief of 50% or more was reached by 12 of 20.", "pain_relief"),
        ("At one year pain had at least halved in 12 of 20.", "pain_relief"),
        ("Two had a single seizure during programming.", "ae"),
        ("Redness and tingling were as frequent as with sham (n = 4).", "ae"),
        ("Three stopped because of hallucinations.", "ae"),
        ("Four leads dislodged within six weeks.", "device_comp"),
        ("One had her generator moved.", "device_comp"),
        ("Seventeen of 20 would undergo the treatment again.", "satisfaction"),
        ("Sixteen of 20 preferred the automatic mode.", "satisfaction"),
        ("Six patients returned to a job.", "work"),
        ("Interference with activities on the Brief Pain Inventory fell by 2 points.", "function"),
        ("Tramadol had been stopped by eight of 20.", "opioid_use"),
        ("Drowsiness scores were higher; so were the scores for nausea (p = 0.02).", "ae"),
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


@pytest.mark.parametrize(
    ("results", "outcome"),
    [
        ("Pain fell from 7.1 to 3.2. Costs to the patient were not recorded.", "cost"),
        ("Pain fell from 7.1 to 3.2. Neither mood nor sleep was measured.", "mood"),
        ("Pain fell from 7.1 to 3.2. Opioid prescriptions after the operation were not examined.", "opioid_use"),
        ("A reduction of at least 50% in overall pain was reached by 12 of 20.", "pain_intensity"),
        ("Four stopped because of gait imbalance.", "mobility"),
    ],
)
def test_what_was_not_measured_is_no_outcome(
    tagger: Tagger, make_record: MakeRecord, results: str, outcome: str
) -> None:
    record = make_record(TITLE, METHODS="Twenty patients were implanted.", RESULTS=results)
    assert outcome not in tagger.tag(record).outcomes


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
        ("Restorative neurostimulation for mechanical low back pain", {"other_stim"}),
        ("Neurostimulation of the spinal cord and peripheral nervous system", {"scs", "pns"}),
        ("Intrathecal ziconotide and hydromorphone", {"itdd", "itdd_ziconotide", "itdd_opioid"}),
        ("Ultrasound versus neurostimulation for axillary block", set()),
    ],
)
def test_titles(tagger: Tagger, make_record: MakeRecord, title: str, modalities: set[str]) -> None:
    assert set(tagger.tag(make_record(title)).modalities) == modalities


@pytest.mark.parametrize(
    ("planned", "outcome"),
    [
        ("The primary endpoint is the change from baseline in average daily pain at 12 weeks.", "pain_intensity"),
        ("Participants will rate their pain on an 11-point scale.", "pain_intensity"),
        ("Data will be collected on pain and stimulation parameters.", "pain_intensity"),
        ("Success is defined as 50 percent or greater relief of leg pain.", "pain_relief"),
        ("Incidence of adverse events up to one year.", "ae"),
        ("Evaluate the tolerability of stimulation.", "ae"),
        ("The rate of lead migration at 6 months is the main outcome.", "device_comp"),
        ("The investigators compared sleep quality with two kinds of stimulation.", "sleep"),
    ],
)
def test_a_registration_names_what_it_plans_to_measure(
    tagger: Tagger, make_record: MakeRecord, planned: str, outcome: str
) -> None:
    assert outcome in of_registration(tagger, make_record, planned)


@pytest.mark.parametrize(
    ("planned", "outcome"),
    [
        ("Chronic pain reduces function, mood, sleep and quality of life.", "qol"),
        ("Patients with an infection or a bleeding disorder will be excluded.", "ae"),
        ("A trial of stimulation will be carried out for 7 days before implantation.", "trial_conv"),
        ("If effective, this treatment may reduce disability and health care costs.", "cost"),
    ],
)
def test_a_registration_also_names_what_it_does_not_measure(
    tagger: Tagger, make_record: MakeRecord, planned: str, outcome: str
) -> None:
    assert outcome not in of_registration(tagger, make_record, planned)


def test_where_pain_is_scored_analgesia_is_no_outcome_of_its_own(tagger: Tagger, make_record: MakeRecord) -> None:
    record = make_record(
        "Intrathecal morphine after hip surgery",
        OBJECTIVE="To compare the analgesic efficacy of two doses of intrathecal morphine.",
        METHODS="Sixty patients were randomised. Pain scores (VAS) and morphine consumption were recorded.",
        RESULTS="Pain scores and morphine consumption were lower with the higher dose (p = 0.01).",
        CONCLUSIONS="The higher dose provides better analgesia.",
    )
    outcomes = tagger.tag(record).outcomes
    assert {"pain_intensity", "opioid_use"} <= outcomes.keys()
    assert "pain_relief" not in outcomes


def test_what_is_left_to_further_studies_was_not_measured(tagger: Tagger, make_record: MakeRecord) -> None:
    record = make_record(
        TITLE,
        METHODS="Twenty patients were implanted.",
        RESULTS="Pain scores fell by half (p = 0.01).",
        CONCLUSIONS="Further studies are needed to determine the effect on quality of life and costs.",
    )
    assert not {"qol", "cost"} & tagger.tag(record).outcomes.keys()


def test_a_short_case_report_tells_its_course_in_the_past_tense(tagger: Tagger, make_record: MakeRecord) -> None:
    record = make_record(
        "Spinal cord stimulation for intractable pain: a case report",
        "A 60-year-old man had leg pain for nine years. A stimulator was implanted. "
        "The patient has been pain-free for two years.",
    )
    assert "pain_relief" in tagger.tag(record).outcomes


def test_a_review_tells_what_is_known_and_a_study_what_it_found(tagger: Tagger, make_record: MakeRecord) -> None:
    known = (
        "Chronic pain impairs mood and quality of life. Current options include drugs, blocks and stimulation. "
        "Stimulators are used in the treatment of pain that drugs do not control, to improve function. "
    )
    review = make_record(
        "Neuropathic pain and its management: a review",
        known + "This article reviews its mechanisms. Careful selection of patients is essential.",
    )
    assert not tagger.tag(review).outcomes
    harm = make_record(
        "Intrathecal pumps in chronic pain: a review",
        known + "This article reviews the indications, techniques and complications of intrathecal pumps. "
        "Intrathecal pumps are effective but are accompanied by severe complications in some patients.",
    )
    assert "ae" in tagger.tag(harm).outcomes


@pytest.mark.parametrize(
    ("planned", "designs", "kind"),
    [
        (False, ("rct",), outcomes.STUDY),
        (False, (), outcomes.STUDY),
        (False, ("review",), outcomes.ESSAY),
        (False, ("animal",), outcomes.ANIMALS),
        (True, ("rct",), outcomes.PLAN),
        (True, ("review",), outcomes.PLAN),
    ],
)
def test_the_design_tells_the_kind_of_text(planned: bool, designs: tuple[str, ...], kind: str) -> None:
    assert outcomes.kind(planned, designs) == kind


def test_a_review_without_headings_has_no_results_of_its_own(tagger: Tagger, make_record: MakeRecord) -> None:
    sentence = "Pain scores were assessed and decreased in 40% of patients."
    plain = tagger.read(make_record("Stimulation for pain: a review", f"This article reviews stimulation. {sentence}"))
    headed = tagger.read(make_record("Stimulation for pain: a review", RESULTS=sentence))
    facts = {tag: found for facet, tag, found in tagger.facts(plain) if facet == "outcome"}["pain_intensity"]
    assert "measure in unknown" in facts and "measure in results" not in facts
    facts = {tag: found for facet, tag, found in tagger.facts(headed) if facet == "outcome"}["pain_intensity"]
    assert "measure in results" in facts


@pytest.mark.parametrize(("beside", "alone"), [("longer analgesia", "effective analgesia")])
def test_how_long_analgesia_lasts_is_an_outcome_beside_scores(
    tagger: Tagger, make_record: MakeRecord, beside: str, alone: str
) -> None:
    def facts(said: str) -> dict[str, float]:
        record = make_record(TITLE, RESULTS=f"Pain scores were lower (p = 0.01). The group had {said}.")
        return {tag: found for _, tag, found in tagger.facts(tagger.read(record))}["pain_relief"]

    assert "said of analgesia" in facts(alone)
    assert "said of analgesia" not in facts(beside)
