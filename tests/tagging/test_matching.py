"""Words in texts: spelling, hyphens, offsets, masks, gates, longer phrases. Every text is invented."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from evidence.record import Record, Section
from evidence.tagging import Tagger
from evidence.tagging.matching.automaton import Automaton, SentencePlaces, with_blanks, words_only
from evidence.tagging.matching.literals import BLANKS
from evidence.tagging.matching.patterns import compile_pattern
from evidence.tagging.text.document import read


def found(tagger: Tagger, title: str, abstract: str = "") -> set[str]:
    record = Record(source="test", title=title, abstract=[Section(abstract)] if abstract else [])
    return {hit.tag for hit in tagger._matcher.find(read(record)).hits}


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Spinal-cord stimulation for sciatica", "scs"),
        ("SPINAL CORD STIMULATORS in practice", "scs"),
        ("Stimulation of the dorsal columns", "scs"),
        ("Spinal cord neuro\u2010stimulation", "scs"),
        ("Epidural spinal electrical stimulation", "scs"),
        ("10\u00a0kHz high-frequency spinal cord stimulation", "scs_hf"),
        ("Differential target multiplexed (DTM) spinal cord stimulation", "scs_dtm"),
        ("ECAP-controlled closed-loop spinal cord stimulation", "scs_closed_loop"),
        ("Passive recharge burst SCS, a form of spinal cord stimulation, in backs", "scs_burst"),
        ("Dorsal root ganglion (DRG) stimulation in groin pain", "drg"),
        ("Neuromodulation of the dorsal root ganglion", "drg"),
        ("Percutaneous electrical nerve stimulation (PENS)", "pens"),
        ("Peripheral nerve field stimulation of the back", "pnfs"),
        ("Transcutaneous electric nerve stimulation", "tens"),
        ("Occipital nerve neurostimulation", "ons"),
        ("Implantable infusion pumps for intrathecal morphine", "itdd"),
        ("Ziconotide by the intrathecal route", "itdd_ziconotide"),
        ("r-TMS of the motor cortex", "rtms"),
        ("Paraesthesia coverage after lead revision with spinal cord stimulation", "paresthesia"),
        ("Peripheral arterial disease with critical limb ischaemia", "angina_ischemia"),
        ("Failed back surgery syndrome", "fbss"),
        ("Persistent spinal pain syndrome type 2", "fbss"),
        ("Post-herpetic and postherpetic neuralgias", "phn"),
        ("CHRONIC LOW-BACK PAIN", "clbp"),
    ],
)
def test_a_term_is_found_in_its_spellings(tagger: Tagger, text: str, tag: str) -> None:
    assert tag in found(tagger, text)


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("Transcutaneous spinal cord stimulation after injury", "scs"),
        ("Percutaneous electrical nerve field stimulation of the ear", "pnfs"),
        ("Nerve stimulator guided block of the sciatic nerve", "pns"),
        ("Ultrasound or peripheral nerve stimulation for needle placement", "pns"),
        ("Pulsed radiofrequency of the dorsal root ganglion", "drg"),
        ("Gastric acid and proton pump inhibitors", "itdd"),
        ("Dopaminergic neuromodulation of the striatum", "neuromod_unspecified"),
        ("Systemic corticosteroids (SCS) in asthma", "scs"),
        ("Theta burst stimulation with spinal cord stimulation", "scs_burst"),
        ("Low lumbar burst fractures after spinal cord stimulation", "scs_burst"),
        ("Acute low back pain", "clbp"),
        ("Non-cancer pain", "cancer_pain"),
        ("Respiratory depression after morphine", "mood"),
        ("Tens of patients", "tens"),
        ("Spinal cord. Stimulation of appetite", "scs"),
        ("A painless test", "pain_intensity"),
        ("Postdiscal", "sci"),
    ],
)
def test_words_that_mean_something_else_are_not(tagger: Tagger, text: str, tag: str) -> None:
    assert tag not in found(tagger, text)


def test_an_abbreviation_means_what_the_record_says(tagger: Tagger) -> None:
    pudendal = (
        "Pudendal nerve stimulation (PNS) was compared with the usual care. PNS helped. A peripheral nerve was spared."
    )
    assert "pns" not in found(tagger, "Incontinence", pudendal)
    assert "sacral" in found(tagger, "Incontinence", pudendal)
    assert "itdd" in found(tagger, "Pain", "Intrathecal drug therapy (IDT) was begun. IDT lasted a year.")
    assert "tens" in found(tagger, "Pain", "Electric nerve stimulation (TENS) was applied.")


def test_an_abbreviation_that_nothing_explains_is_a_near_miss(tagger: Tagger) -> None:
    record = Record(source="test", title="MCS and QLS scores in psychosis")
    misses = tagger._matcher.find(read(record)).misses
    assert [(m.tag, "does not explain" in m.rule) for m in misses if m.tag == "mcs"] == [("mcs", True)]
    assert "mcs" not in found(tagger, "MCS and QLS scores in psychosis")


def test_capitals_count_in_abbreviations(tagger: Tagger) -> None:
    assert "tens" not in found(tagger, "Pain in tens of thousands")
    assert "ons" not in found(tagger, "Occipital pain goes ons and ons")


@pytest.mark.parametrize(
    "text",
    [
        "Use of spinal-cord stimulators today",
        "Use of <i>spinal</i> <b>cord</b> stimulation",
        "Use  of  spinal  cord   stimulation",
        "\u0130stanbul: spinal cord stimulation",
        "Pain \u2265 5: spinal cord stimulation",
    ],
)
def test_offsets_are_into_the_text_as_received(tagger: Tagger, text: str) -> None:
    hits = [h for h in tagger._matcher.find(read(Record(source="test", title=text))).hits if h.tag == "scs"]
    words = re.sub(r"<[^>]*>|-", " ", text[hits[0].start : hits[0].end]).split()
    assert words[:2] == ["spinal", "cord"] and words[2].startswith("stimulat") and len(hits) == 1


def test_the_vocabulary_may_grow_without_more_being_found(tagger: Tagger) -> None:
    known = tagger.vocabulary.tags
    twin = replace(
        known["modality"]["scs"], id="twin", terms=("zzqx stimulat*",), abbreviations={}, patterns=(), masks=(), mesh=()
    )
    larger = Tagger(replace(tagger.vocabulary, tags={**known, "modality": {**known["modality"], "twin": twin}}))
    assert found(larger, "Spinal cord stimulation") == found(tagger, "Spinal cord stimulation")
    assert "twin" in found(larger, "Zzqx stimulation")


@pytest.mark.parametrize(
    "text",
    [
        "Sciatica/spinal cord stimulation",
        "\u2265spinal cord stimulation\u2026",
        "(spinal cord stimulation)",
        "\u00abSpinal cord stimulation\u00bb",
    ],
)
def test_any_sign_ends_a_word(tagger: Tagger, text: str) -> None:
    assert "scs" in found(tagger, text)


@pytest.mark.parametrize("text", ["The spinal cord, stimulation of growth", "An xspinal cord stimulation"])
def test_no_phrase_crosses_a_sign_or_begins_inside_a_word(tagger: Tagger, text: str) -> None:
    assert "scs" not in found(tagger, text)


def test_literals_that_differ_by_a_sign_are_told_apart(tagger: Tagger) -> None:
    automaton = Automaton(tagger.vocabulary, {"slash": ["lead and/or wire"], "blank": ["lead and or wire"]})
    for text, name in (("lead and/or wires", "slash"), ("lead and or wire", "blank")):
        cues: dict[str, list[tuple[int, int]]] = {}
        automaton.scan(text, text, SentencePlaces((0,), (0,), (cues,)))
        assert cues == {name: [(0, len(text))]}


def test_a_word_is_not_met_at_the_beginning_of_another_one(tagger: Tagger) -> None:
    automaton = Automaton(tagger.vocabulary, {"closed": ["lead wire"], "open": ["wir*"]})
    text = "leads, lead wires, lead wired"
    cues: dict[str, list[tuple[int, int]]] = {}
    automaton.scan(text, text, SentencePlaces((0,), (0,), (cues,)))
    assert cues == {"closed": [(7, 17)], "open": [(12, 17), (24, 29)]}


@pytest.mark.parametrize(
    "text", ["plain - text_1", "caf\u00e9, \u00b15 \u00b5g", "\u03b2-blocker \u2265 2\u00b2", "\u4e2d\u3002 \u0131n"]
)
def test_only_words_are_left_and_every_place_is_kept(text: str) -> None:
    assert words_only(text) == "".join(c if c.isalnum() else " " for c in text)
    assert with_blanks(text) == text.translate(BLANKS) and len(with_blanks(text)) == len(text)


def test_a_pattern_ignores_case_only_where_it_has_capitals() -> None:
    assert compile_pattern(r"\bVAS\b").search("by vas") and compile_pattern(r"\bvas\b").search("by vas")
    assert not compile_pattern(r"\bvas\b").flags & re.IGNORECASE
