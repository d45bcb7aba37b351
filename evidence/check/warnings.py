"""The warnings that a check can give. Other programs depend on the codes (``--fail-on``)."""

from __future__ import annotations

from dataclasses import dataclass

from evidence.check.result import WarningRow

# Code → what it means, for docs/check.md (python -m evidence.check.reference) and for the page.
CODES: dict[str, str] = {
    "retracted": "a cited report was retracted or withdrawn",
    "concern": "a cited report has an expression of concern",
    "corrected": "a cited report was corrected",
    "reference-not-found": "a reference is not in the library, or the reference list has no entry of that number, or "
    "none by that author of that year",
    "no-such-work": "no record of PubMed fits the reference, and the index at hand holds every record of that year",
    "described-wrongly": "the work exists, and the reference has another title word, first author, journal, identifier "
    "or year (two off or more) than its record, or another volume and page",
    "identifier-of-another-work": "the printed DOI or PMID is another work's than the words mean",
    "reference-ambiguous": "a reference may mean more than one report, or is only likely",
    "reference-differs": "a printed field of a reference differs from the report, or the text gives it another year",
    "no-reference": "a claim names no source: a sentence about health, a treatment or research, with a number, or with "
    "a word of effect, harm, frequency or proof (evidence/check/draft/no_claims.yml)",
    "number-differs": "the source has another number for it, or has the number in another role (of another arm, time "
    "point, group or measure); both are shown",
    "number-absent": "the source has no such number",
    "hedge-dropped": "the source says it more carefully",
    "no-control-group": "a cited report has none, or none is named in what could be read",
    "open-label": "a cited report was open label",
    "same-study": "a cited report is one of several of the same study",
    "stronger-evidence": "the library, or the maintainers’ ledger, has a stronger design on the same modality and "
    "outcome",
    "newer-evidence": "newer evidence of the same strength or better (with nothing cited: the newest of the strongest)",
    "absolute-claim": "a word leaves no room for doubt",
    "reviewed-claim": "a reading of a claim like it did not find it fully borne out; says whether it is a draft or who "
    "confirmed it; reason, date",
    "registry-enrolment": "how many its registration says were planned and enrolled, beside the number of people that "
    "the sentence has",
    "contradicts-itself": "two sentences of the draft do not go together; thirty pairs of figures are told, then "
    "how many more",
    "not-checked": "something could not be checked; the message says what",
}


@dataclass(frozen=True, slots=True)
class Warning_:
    """One warning of a sentence."""

    code: str
    message: str

    def as_dict(self) -> WarningRow:
        if self.code not in CODES:
            raise ValueError(f"unknown warning code {self.code!r}")
        return {"code": self.code, "message": self.message}
