"""The warnings that a check can give. Other programs depend on the codes (``--fail-on``)."""

from __future__ import annotations

from dataclasses import dataclass

# Code → what it means, for docs/check.md and for the page.
CODES: dict[str, str] = {
    "retracted": "a cited report was retracted or withdrawn",
    "concern": "a cited report has an expression of concern",
    "corrected": "a cited report was corrected",
    "reference-not-found": "a reference is not in the library",
    "reference-ambiguous": "a reference may mean more than one report",
    "reference-differs": "a printed field of a reference differs from the report",
    "no-reference": "a claim names no source",
    "number-differs": "the source has another number for it",
    "number-absent": "the source has no such number",
    "hedge-dropped": "the source says it more carefully",
    "no-control-group": "a cited report has no control group",
    "open-label": "a cited report was open label",
    "same-study": "a cited report is one of several of the same study",
    "stronger-evidence": "the library holds a stronger design on the same modality and outcome",
    "newer-evidence": "the library holds newer evidence of the same strength or better",
    "absolute-claim": "a word leaves no room for doubt",
    "reviewed-claim": "a draft reading, not yet confirmed, did not find a claim like it fully borne out",
    "contradicts-itself": "two sentences of the draft do not go together",
    "not-checked": "something could not be checked",
}


@dataclass(frozen=True, slots=True)
class Warning_:
    """One warning of a sentence."""

    code: str
    message: str

    def as_dict(self) -> dict[str, str]:
        if self.code not in CODES:
            raise ValueError(f"unknown warning code {self.code!r}")
        return {"code": self.code, "message": self.message}
