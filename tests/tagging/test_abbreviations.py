"""Abbreviations that a record explains (Schwartz and Hearst)."""

from __future__ import annotations

import pytest

from evidence.tagging.text.abbreviations import long_forms


@pytest.mark.parametrize(
    ("text", "short", "long"),
    [
        ("We used spinal cord stimulation (SCS) in ten patients.", "SCS", "spinal cord stimulation"),
        ("after intrathecal drug therapy (IDT; n = 12)", "IDT", "intrathecal drug therapy"),
        ("the numerical rating scale [NRS]", "NRS", "numerical rating scale"),
        ("repetitive transcranial magnetic stimulation (rTMS)", "rTMS", "repetitive transcranial magnetic stimulation"),
        ("implanted pulse generators (IPGs) were", "IPG", "implanted pulse generators"),
    ],
)
def test_a_long_form_is_found(text: str, short: str, long: str) -> None:
    assert long_forms([text]) == {short: long}


@pytest.mark.parametrize(
    "text", ["ten patients (USA)", "(SCS)", "the pump (see)", "no brackets at all", "results (2014)"]
)
def test_a_bracket_that_explains_nothing_is_left(text: str) -> None:
    assert long_forms([text]) == {}


def test_the_first_explanation_stands() -> None:
    assert long_forms(["pudendal nerve stimulation (PNS)", "peripheral nerve stimulation (PNS)"]) == {
        "PNS": "pudendal nerve stimulation"
    }
