"""Notes that say what a format has no field for, as our own exports print them and EndNote does for PubMed's records.

``Erratum in: Pain. 2020;1:9. PMID: 80000102``, ``Registration: ClinicalTrials.gov/NCT00000101``, ``Grant: …``: a label
at the start of a note, of a line of it, or after a semicolon. :func:`evidence.exchange.text_out.notes_of` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from evidence.exchange.text_out import CONFLICTS, GRANT, PUBLICATION_TYPE, REGISTRATION, correction_words
from evidence.record import Correction

# NLM's RefTypes (CommentsCorrectionsList), all of them.
REF_TYPES = (
    "CommentIn", "CommentOn", "ErratumIn", "ErratumFor", "RetractionIn", "RetractionOf", "PartialRetractionIn",
    "PartialRetractionOf", "ExpressionOfConcernIn", "ExpressionOfConcernFor", "CorrectedandRepublishedIn",
    "CorrectedandRepublishedFrom", "RetractedandRepublishedIn", "RetractedandRepublishedFrom", "RepublishedIn",
    "RepublishedFrom", "ReprintIn", "ReprintOf", "UpdateIn", "UpdateOf", "OriginalReportIn", "SummaryForPatientsIn",
    "AssociatedDataset", "AssociatedPublication",
)  # fmt: skip
_REF_TYPE = {correction_words(ref_type): ref_type for ref_type in REF_TYPES}
_LABELS = (*_REF_TYPE, REGISTRATION, GRANT, CONFLICTS, PUBLICATION_TYPE)
_BY_LOWER = {label.lower(): label for label in _LABELS}
_LABEL = re.compile(rf"(?:^|[;\n])[^\S\n]*({'|'.join(map(re.escape, _LABELS))}): ", re.I)
_PMID = re.compile(r"PMID:\s*(\d+)")
_PMID_PRINTED = re.compile(r"\.?(?<!\s)\s*+PMID:\s*\d+\.?")


def labelled(notes: Iterable[str]) -> Iterator[tuple[str, str]]:
    """``(label, text)`` for every labelled part of the notes; the label as :mod:`text_out` writes it."""
    for note in notes:
        found = list(_LABEL.finditer(note))
        ends = [*(match.start() for match in found[1:]), len(note)]
        for match, end in zip(found, ends, strict=False):
            text = note[match.end() : end]
            yield _BY_LOWER[match.group(1).lower()], text.split("\n")[0].strip(" ;")


def corrections_in(notes: Iterable[str]) -> list[Correction]:
    """The corrections, retractions and comments that notes name."""
    return [correction_of(_REF_TYPE[label], text) for label, text in labelled(notes) if label in _REF_TYPE and text]


def correction_of(ref_type: str, printed: str) -> Correction:
    """``Neuromodulation. 2014 Aug;17(6):599-615. doi: 10.x. PMID: 25112890``."""
    pmid = _PMID.search(printed)
    return Correction(ref_type, pmid.group(1) if pmid else None, _PMID_PRINTED.sub("", printed).strip())
