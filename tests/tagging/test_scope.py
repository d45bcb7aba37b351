"""Scope: core, neighbour, unstated or off topic, from tags and text. All titles are invented."""

from __future__ import annotations

import pytest

from evidence.record import Record, Section
from evidence.tagging import Vocabulary
from evidence.tagging.facets.scope import ScopeReader
from evidence.tagging.text import document as text

CASES = [
    ("Leads for failed back surgery", "", {"scs"}, {"fbss"}, "core"),
    ("Migration of leads of spinal cord stimulators", "", {"scs"}, set(), "core"),
    ("Spinal cord stimulation for tremor", "", {"scs"}, set(), "neighbour"),
    ("tDCS and pain", "", {"tdcs"}, set(), "core"),
    ("TENS for labour pain", "", {"tens"}, set(), "neighbour"),
    ("TENS after surgery", "Acute pain of the back.", {"tens"}, {"acute_pain", "clbp"}, "neighbour"),
    ("Vagus nerve stimulation for epilepsy", "", {"vns"}, {"epilepsy"}, "neighbour"),
    ("Pumps for spasticity", "", {"itdd", "itdd_baclofen"}, {"spasticity"}, "neighbour"),
    ("Exercise for back pain", "", set(), {"clbp"}, "off_topic"),
    # a title that names no use says nothing of it
    ("Ten years of TENS: who goes on with it", "", {"tens"}, set(), "unstated"),
    ("Programming of implanted nerve stimulators: a survey", "", {"pns"}, set(), "unstated"),
    ("Batteries of implanted pulse generators", "", {"neuromod_unspecified"}, set(), "unstated"),
    ("Infection of a pocket after revision of a pump", "", {"itdd"}, set(), "unstated"),
    ("Low testosterone during intrathecal morphine", "", {"itdd", "itdd_opioid"}, set(), "unstated"),
    ("Catheters for intrathecal delivery", "", {"itdd"}, set(), "unstated"),
    ("Complications after vagus nerve stimulator surgery", "", {"vns"}, set(), "unstated"),
    ("Results of the Northern registry: three years", "", {"neuromod_unspecified"}, set(), "unstated"),
    ("Guidelines on magnetic stimulation", "We sum up what is known. Coils differ.", {"rtms"}, set(), "unstated"),
    ("TENS: what is known", "Reports in any language were read. Speech was clear.", {"tens"}, set(), "unstated"),
    ("Current density in TENS", "Pads of two sizes were worn. Pain is to be treated.", {"tens"}, set(), "unstated"),
    # one that does name a use is a neighbour, as before
    ("Magnetic stimulation for obsessive-compulsive disorder", "", {"rtms"}, set(), "neighbour"),
    ("Direct current stimulation and working memory", "", {"tdcs"}, set(), "neighbour"),
    ("Magnetic stimulation in healthy volunteers", "", {"rtms"}, set(), "neighbour"),
    ("TENS after hernia repair", "", {"tens"}, set(), "neighbour"),
    ("TENS in patients undergoing thoracotomy", "", {"tens"}, set(), "neighbour"),
    ("Stimulation of the vomiting centre for nausea", "", {"other_stim"}, set(), "neighbour"),
    ("Intrathecal baclofen and walking", "", {"itdd", "itdd_baclofen"}, set(), "neighbour"),
    ("Theta bursts over the left side", "Thirty people with schizophrenia took part.", {"rtms"}, set(), "neighbour"),
    ("Stimulation of the stomach: two centres", "Nausea was counted daily.", {"other_stim"}, set(), "neighbour"),
]


@pytest.mark.parametrize(("title", "abstract", "modalities", "conditions", "expected"), CASES)
def test_scope(
    title: str, abstract: str, modalities: set[str], conditions: set[str], expected: str, vocabulary: Vocabulary
):
    document = text.read(Record(source="test", title=title, abstract=[Section(abstract)] if abstract else []))
    assert ScopeReader(vocabulary).scope(modalities, conditions, document) == expected


def test_animal_work_is_a_neighbour(vocabulary: Vocabulary):
    document = text.read(Record(source="test", title="Stimulation of the cord in neuropathic rats"))
    assert ScopeReader(vocabulary).scope({"scs"}, {"neuropathic"}, document, animal=True) == "neighbour"
