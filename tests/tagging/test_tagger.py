"""Studied or only named, measured or hoped for: whole records, every text invented for the language it shows."""

from __future__ import annotations

import time

import pytest

from evidence.record import Mesh, Record, Section
from evidence.tagging import Tagger

RCT = (
    "Methods: Sixty patients with chronic low back pain were randomised to {a} or to {b}. "
    "Results: Pain intensity (VAS) fell from 7.1 to 3.2 with {a} and from 7.0 to 5.1 with {b} (p = 0.01). "
    "Conclusions: {a} reduced pain more than {b}."
)


@pytest.mark.parametrize(
    ("title", "abstract", "studied"),
    [
        (
            "Closed-loop against open-loop spinal cord stimulation",
            RCT.format(a="ECAP-controlled closed-loop SCS", b="open-loop SCS"),
            "scs_closed_loop",
        ),
        ("Differential target multiplexed SCS for back pain", RCT.format(a="DTM SCS", b="conventional SCS"), "scs_dtm"),
        (
            "Differential target multiplexed SCS for back pain",
            RCT.format(a="DTM SCS", b="conventional SCS"),
            "scs_tonic",
        ),
        ("10 kHz spinal cord stimulation", RCT.format(a="10 kHz SCS", b="conventional SCS"), "scs_hf"),
        ("Burst spinal cord stimulation", RCT.format(a="burst SCS", b="tonic SCS"), "scs_burst"),
        (
            "Dorsal root ganglion stimulation in knees",
            RCT.format(a="dorsal root ganglion stimulation", b="sham"),
            "drg",
        ),
        ("Percutaneous electrical nerve stimulation for the back", RCT.format(a="PENS", b="sham needles"), "pens"),
        (
            "Percutaneous peripheral nerve stimulation after amputation",
            RCT.format(a="peripheral nerve stimulation", b="sham"),
            "pns",
        ),
        (
            "A pump for pain",
            "We implanted pumps for intrathecal morphine in 20 patients. Intrathecal morphine relieved 15 of them.",
            "itdd_opioid",
        ),
    ],
)
def test_an_arm_of_a_trial_is_studied(tagger: Tagger, make_record, title: str, abstract: str, studied: str) -> None:  # type: ignore[no-untyped-def]
    tags = tagger.tag(make_record(title, abstract))
    assert studied in tags.modalities
    parent = tagger.vocabulary.tags["modality"][studied].parent
    assert parent is None or parent in tags.modalities


@pytest.mark.parametrize(
    ("title", "abstract", "named"),
    [
        (
            "Treatment of cancer pain",
            "Options include nerve blocks, TENS, spinal cord stimulation and intrathecal pumps. Opioids were reviewed.",
            "scs",
        ),
        (
            "Duloxetine in neuropathic pain",
            "Thirty patients who had failed spinal cord stimulation received duloxetine. Pain scores fell by 30%.",
            "scs",
        ),
        (
            "A biomarker of migraine",
            "Transcranial magnetic stimulation gave a biomarker of excitability in 20 patients.",
            "rtms",
        ),
        (
            "Exercise for sciatica",
            "Exercise was compared with usual care. In the future transcutaneous nerve stimulation may be considered.",
            "tens",
        ),
        ("Cognitive therapy without spinal cord stimulation", "", "scs"),
    ],
)
def test_what_is_only_named_is_mentioned(tagger: Tagger, make_record, title: str, abstract: str, named: str) -> None:  # type: ignore[no-untyped-def]
    tags = tagger.tag(make_record(title, abstract))
    assert named not in tags.modalities
    assert named in tags.modalities_mentioned


def test_no_modality_is_both_studied_and_mentioned(tagger: Tagger, make_record) -> None:  # type: ignore[no-untyped-def]
    tags = tagger.tag(make_record("Burst SCS", RCT.format(a="burst spinal cord stimulation", b="TENS")))
    assert not set(tags.modalities) & set(tags.modalities_mentioned)


def test_position_adaptive_stimulation_is_not_closed_loop(tagger: Tagger, make_record) -> None:  # type: ignore[no-untyped-def]
    text = "Spinal cord stimulation with an accelerometer follows posture in a closed-loop fashion."
    assert (
        "scs_closed_loop" not in tagger.tag(make_record("Position-adaptive spinal cord stimulation", text)).modalities
    )


def test_a_bolus_is_not_drug_delivery(tagger: Tagger, make_record) -> None:  # type: ignore[no-untyped-def]
    text = (
        "Intrathecal morphine 0.1 mg was given with spinal anaesthesia before caesarean section. Pruritus was frequent."
    )
    tags = tagger.tag(make_record("Intrathecal morphine for caesarean section", text))
    assert not {"itdd", "itdd_opioid"} & set(tags.modalities)
    assert "acute_pain" in tags.conditions


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Pain was assessed with a numerical rating scale (NRS) at 3 months.", "pain_intensity"),
        ("At 12 months, 58% of patients had at least 50% pain relief.", "pain_relief"),
        ("At 12 months, 58% of patients had at least 50% pain relief.", "responder"),
        ("Disability was measured with the Oswestry Disability Index (ODI).", "function"),
        ("Quality of life (EQ-5D) improved significantly.", "qol"),
        ("Daily morphine equivalents were reduced by 30%.", "opioid_use"),
        ("Sleep quality (PSQI) improved in both groups.", "sleep"),
        ("Two leads migrated and one device was explanted for infection.", "device_comp"),
        ("Two leads migrated and one device was explanted for infection.", "ae"),
        ("Of 50 patients, 42 had a successful trial and received a permanent implant.", "trial_conv"),
        ("Costs and quality-adjusted life years were compared.", "cost"),
        ("Ten patients returned to work.", "work"),
        ("Patient satisfaction was high (PGIC).", "satisfaction"),
        ("Anxiety and depression (HADS) were assessed.", "mood"),
        ("Six-minute walk distance was recorded.", "mobility"),
    ],
)
def test_what_was_measured_or_reported_is_an_outcome(tagger: Tagger, make_record, text: str, outcome: str) -> None:  # type: ignore[no-untyped-def]
    record = make_record(
        "Spinal cord stimulation for chronic pain",
        METHODS="Fifty patients with chronic pain were treated.",
        RESULTS=text,
    )
    assert outcome in tagger.tag(record).outcomes


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("Spinal cord stimulation may improve quality of life.", "qol"),
        ("Chronic pain often disturbs sleep.", "sleep"),
        ("New methods of pain relief are needed.", "pain_relief"),
        ("Patients with intolerable side effects of oral morphine are candidates.", "ae"),
    ],
)
def test_what_is_hoped_for_is_not(tagger: Tagger, make_record, text: str, outcome: str) -> None:  # type: ignore[no-untyped-def]
    record = make_record(
        "Spinal cord stimulation", BACKGROUND=text, METHODS="Lead position was recorded in ten patients."
    )
    assert outcome not in tagger.tag(record).outcomes


def test_an_adverse_effect_is_no_condition(tagger: Tagger, make_record) -> None:  # type: ignore[no-untyped-def]
    text = "Side effects were nausea, dizziness and headache. Constipation (12%) and urinary retention were rare."
    record = make_record(
        "Intrathecal pumps for cancer pain",
        METHODS="Twelve patients with cancer pain had intrathecal pumps.",
        RESULTS=text,
    )
    assert set(tagger.tag(record).conditions) == {"cancer_pain"}


def test_every_tag_has_words_with_offsets(tagger: Tagger, make_record) -> None:  # type: ignore[no-untyped-def]
    record = make_record(
        "Burst SCS for failed back surgery syndrome", RCT.format(a="burst spinal cord stimulation", b="tonic SCS")
    )
    tags = tagger.tag(record)
    given = {("modality", t) for t, r in tags.modalities.items() if r != "parent"}
    given |= {("outcome", t) for t, r in tags.outcomes.items() if r != "parent"} | {
        ("condition", t) for t in tags.conditions
    }
    assert {(e.facet, e.tag) for e in tags.evidence} >= given and len(given) >= 4
    for e in tags.evidence:
        text = (
            record.title
            if e.field == "title"
            else record.abstract[e.section].text
            if e.section is not None
            else e.phrase
        )
        assert e.start is None or text[e.start : e.end] == e.phrase


def test_near_misses_say_what_stopped_them(tagger: Tagger, make_record) -> None:  # type: ignore[no-untyped-def]
    record = make_record("Femoral nerve block guided by a peripheral nerve stimulator", "MCS was scored.")
    misses = {(m.tag, m.rule) for m in tagger.tag(record, explain=True).near_misses}
    assert any(tag == "pns" and "masked" in rule for tag, rule in misses)
    assert any(tag == "mcs" and "abbreviation" in rule for tag, rule in misses)


@pytest.mark.parametrize(
    ("text", "studied"),
    [
        (
            "TMS was used to measure intracortical inhibition before and after the drug. TMS showed less inhibition.",
            False,
        ),
        ("Paired-pulse TMS was done in 20 patients. TMS thresholds did not differ.", False),
        ("20 patients had ten sessions of TMS. Pain fell after TMS, and not after sham TMS.", True),
        ("20 patients had rTMS of the motor cortex or sham. rTMS reduced pain. Intracortical inhibition rose.", True),
    ],
)
def test_pulses_that_measure_the_cortex_are_no_treatment(tagger: Tagger, make_record, text: str, studied: bool) -> None:  # type: ignore[no-untyped-def]
    assert (
        "rtms" in tagger.tag(make_record("Transcranial magnetic stimulation and the cortex", text)).modalities
    ) is studied


def test_the_unspecified_modality_is_not_mentioned_beside_one_that_is_named(tagger: Tagger, make_record) -> None:  # type: ignore[no-untyped-def]
    text = "Forty patients with spinal cord stimulators were followed. Neuromodulation is growing."
    tags = tagger.tag(make_record("Spinal cord stimulation for back pain", text))
    assert "scs" in tags.modalities and "neuromod_unspecified" not in tags.modalities_mentioned


def mesh_record(
    *headings: Mesh, title: str = "A cohort of 30 patients", abstract: str = "They were followed."
) -> Record:
    return Record(source="test", title=title, abstract=[Section(abstract)], mesh=list(headings))


def test_a_major_mesh_heading_gives_its_tag(tagger: Tagger) -> None:
    heading = Mesh("D062187", "Spinal Cord Stimulation", major=True)
    tags = tagger.tag(mesh_record(heading))
    assert tags.modalities["scs"] == "MeSH major topic"
    assert [(e.field, e.phrase) for e in tags.evidence if e.tag == "scs"] == [("mesh", "Spinal Cord Stimulation")]
    assert "scs" not in tagger.tag(mesh_record(Mesh("D062187", "Spinal Cord Stimulation"))).modalities


def test_a_pair_of_headings_gives_its_tag(tagger: Tagger) -> None:
    pump, spinal = Mesh("D015918", "Infusion Pumps, Implantable", major=True), Mesh("D007278", "Injections, Spinal")
    assert "itdd" in tagger.tag(mesh_record(pump, spinal)).modalities
    assert "itdd" not in tagger.tag(mesh_record(pump)).modalities


def test_the_tens_heading_does_not_add_tens_to_a_percutaneous_study(tagger: Tagger) -> None:
    heading = Mesh("D004561", "Transcutaneous Electric Nerve Stimulation", major=True)
    pens = mesh_record(
        heading, title="Percutaneous electrical nerve stimulation for sciatica", abstract="PENS was used."
    )
    assert {"pens"} == {t for t in tagger.tag(pens).modalities if t in ("pens", "tens")}
    assert "tens" in tagger.tag(mesh_record(heading)).modalities


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\x00\x01",
        "Die R\u00fcckenmarkstimulation bei chronischem Schmerz wurde untersucht.",
        "\u810a\u9ad3\u7535\u523a\u6fc0\u6cbb\u7597\u6162\u6027\u75bc\u75db\u3002",
        "\u0627\u0644\u0623\u0644\u0645 \u0627\u0644\u0645\u0632\u0645\u0646",
        "<p><b>&lt;script&gt;</b></p>" * 50,
        "(" * 3000,
        "((((SCS)))) [[[[TENS]]]]",
    ],
)
def test_odd_input_gives_no_tag_without_a_phrase(tagger: Tagger, make_record, text: str) -> None:  # type: ignore[no-untyped-def]
    tags = tagger.tag(make_record(text, text), explain=True)
    assert set(tags.modalities) | set(tags.outcomes) | set(tags.conditions) <= {e.tag for e in tags.evidence}


@pytest.mark.parametrize(
    "piece", ["pain ", "intrathecal morphine pump ", "a" * 200 + " ", "pain reduced 50% (VAS) ", "(SCS "]
)
def test_a_megabyte_takes_bounded_time(tagger: Tagger, make_record, piece: str) -> None:  # type: ignore[no-untyped-def]
    record = make_record("Spinal cord stimulation", piece * (1_000_000 // len(piece)))
    start = time.process_time()
    assert "scs" in tagger.tag(record).modalities
    assert time.process_time() - start < 5
