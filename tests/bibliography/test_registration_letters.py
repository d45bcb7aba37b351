"""The letters that are looked for before a pattern is tried never hide a number that the pattern would find."""

from __future__ import annotations

import re

import pytest

from evidence.bibliography import registrations
from evidence.bibliography.registrations import REGISTRIES, find_registrations

PRINTED = (
    "NCT01234567", "ISRCTN registration number 12345678", "EudraCT 2012-001234-56", "EU CT register 2023-512345-12-00",
    "ACTRN12612000123456", "ANZCTR 12612000123456p", "ChiCTR-TRC-12345678", "JPRN-UMIN CTR 000012345", "jRCTs031180123",
    "JapicCTI-123456", "DRKS ID 00012345", "NTR1234", "Dutch Trial Register (NL 1234)", "NL-OMON12345",
    "Netherlands Trial Registry, NL1234", "CTRI/2012/05/002345", "IRCT ID: 20120215009014N123", "KCT0001234",
    "PACTR201501000123456", "RBR-abcdefg", "RBR-7s6tdp", "TCTR20150101001", "SLCTR/2015/012", "RPCEC00000123",
    "LBCTR2015010123", "PER-012-15", "ITMCTR2023000123",
)  # fmt: skip
AROUND = ("{}", "Electrical stimulation in 12 centres ({}); see also page 45.", "x{}", "{}9", "trial\u2010no. {}")
OTHER = (str.lower, str.upper, lambda text: text.replace("-", "\u2011"), lambda text: text.replace("K", "\u212a"))


def without_letters(text: str, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, int, int]]:
    with monkeypatch.context() as patched:
        patched.setattr(registrations, "_ODD_CASE", re.compile(""))
        patched.setattr(registrations, "_DIGITS", re.compile(""))
        return find_registrations(f"{text}\u2010")[:]


@pytest.mark.parametrize("printed", PRINTED)
def test_the_same_numbers_are_found(printed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for form in (str, *OTHER):
        for around in AROUND:
            text = around.format(form(printed))
            assert find_registrations(f"{text}\u2010") == without_letters(text, monkeypatch), text


def test_every_registry_is_tried_here() -> None:
    found = {registry for printed in PRINTED for registry, *_ in find_registrations(printed)}
    assert found == {registry for registry, _, _ in REGISTRIES}


@pytest.mark.parametrize(
    "text", ["", "electrical stimulation of 12 patients", "in 2012-2013", "RBR", "10.1000/1234-5678"]
)
def test_nothing_is_found(text: str) -> None:
    assert find_registrations(text) == []
