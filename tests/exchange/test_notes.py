"""Notes that say what a format has no field for: read where a label begins them, and left alone where none does."""

from __future__ import annotations

import pytest

from evidence.exchange.nbib import CORRECTIONS
from evidence.exchange.notes import REF_TYPES, corrections_in, labelled
from evidence.exchange.reading import read_records
from evidence.record import Correction

PLACE = "Pain Stud. 2021 May;19(5):77"
CASES: list[tuple[str, list[Correction]]] = [
    (f"Retraction in: {PLACE}. PMID: 80000103", [Correction("RetractionIn", "80000103", PLACE)]),
    (f"retraction in: {PLACE}", [Correction("RetractionIn", None, PLACE)]),
    (
        f"Erratum in: {PLACE}; Comment in: Harbour Rev. 2020;2:1-9. PMID: 80000104",
        [Correction("ErratumIn", None, PLACE), Correction("CommentIn", "80000104", "Harbour Rev. 2020;2:1-9")],
    ),
    (f"PMID: 80000101\nExpression of concern in: {PLACE}", [Correction("ExpressionOfConcernIn", None, PLACE)]),
    (f"Corrected and republished from: {PLACE}", [Correction("CorrectedandRepublishedFrom", None, PLACE)]),
    # a sentence of a reader, a label without a place, a list of references
    ("We found the comment in: a drawer", []),
    ("See the erratum in the next issue", []),
    ("Erratum in: ", []),
    ("References: Vogt P. A title. Pain Stud. 2011. PMID: 80000105", []),
    ("", []),
]


@pytest.mark.parametrize(("note", "corrections"), CASES)
def test_corrections_of_a_note(note: str, corrections: list[Correction]) -> None:
    assert corrections_in([note]) == corrections


def test_every_kind_of_correction_has_its_words() -> None:
    assert set(CORRECTIONS.values()) <= set(REF_TYPES)


def test_what_else_a_label_says() -> None:
    notes = [
        "Registration: ClinicalTrials.gov/NCT00000101; Grant: R01 X/Agency",
        "Conflicts of interest: none; at all.",
    ]
    assert list(labelled(notes)) == [
        ("Registration", "ClinicalTrials.gov/NCT00000101"),
        ("Grant", "R01 X/Agency"),
        ("Conflicts of interest", "none; at all."),
    ]


@pytest.mark.parametrize("note", ["Comment in: Pain Stud. 2020. PMID: 80000106", "Retraction in: x. PMID: 80000106"])
def test_a_correction_never_gives_the_entry_its_identifiers(note: str) -> None:
    text = f"TY  - JOUR\nTI  - An invented title\nPY  - 2019\nN1  - {note}\nER  - \n"
    ((record, _),) = read_records(text.encode()).records
    assert record.pmid is None and record.corrections[0].pmid == "80000106"
