"""Scope: core, neighbour or off topic, from tags and text. All titles are invented."""

from __future__ import annotations

import pytest

from evidence.record import Record, Section
from evidence.tagging import text
from evidence.tagging.scope import scope

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
]


@pytest.mark.parametrize(("title", "abstract", "modalities", "conditions", "expected"), CASES)
def test_scope(title: str, abstract: str, modalities: set[str], conditions: set[str], expected: str):
    document = text.read(Record(source="test", title=title, abstract=[Section(abstract)] if abstract else []))
    assert scope(modalities, conditions, document) == expected


def test_animal_work_is_a_neighbour():
    document = text.read(Record(source="test", title="Stimulation of the cord in neuropathic rats"))
    assert scope({"scs"}, {"neuropathic"}, document, animal=True) == "neighbour"
