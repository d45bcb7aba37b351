"""How a check's answer reads: words for codes, what was read, where else to look, and what it is not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evidence.check.result import CheckResult, ReferenceRow

# Code of a warning → how a writer reads it; docs/check.md has the code and the whole meaning.
LABELS: dict[str, str] = {
    "retracted": "retracted",
    "concern": "expression of concern",
    "corrected": "corrected",
    "reference-not-found": "not found",
    "no-such-work": "no such work in PubMed",
    "described-wrongly": "exists, described wrongly",
    "identifier-of-another-work": "identifier of another work",
    "reference-ambiguous": "may mean another report",
    "reference-differs": "printed differently",
    "no-reference": "no source named",
    "number-differs": "number differs",
    "number-absent": "number not in the source",
    "hedge-dropped": "said more carefully in the source",
    "no-control-group": "no control group",
    "open-label": "open label",
    "same-study": "another report of the same study",
    "stronger-evidence": "stronger evidence",
    "newer-evidence": "newer evidence",
    "absolute-claim": "leaves no room for doubt",
    "reviewed-claim": "a reading of a claim like it",
    "registry-enrolment": "what the registration says",
    "contradicts-itself": "contradicts itself",
    "not-checked": "not checked",
}
ADVICE = (
    "This shows what abstracts say. It is not medical advice, and nobody should change a treatment for it; "
    "whether a claim is right is for people to judge."
)
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_PUBMED = "https://pubmed.ncbi.nlm.nih.gov/?term="
_DOIS = "https://search.crossref.org/?from_ui=yes&q="


def label(code: str) -> str:
    """A warning's code in words."""
    return LABELS.get(code, code.replace("-", " "))


def what_was_read(result: CheckResult) -> str:
    """What the answer rests on, as it was: on a library without abstracts none was read."""
    bases = set(_bases(result))
    ledger = "notes of this project's ledger, which no reviewer has confirmed"
    if "abstract" in bases:
        beside = f" Beside them: {ledger}." if "ledger" in bases else ""
        return f"Abstracts were read where the library has them, never full texts.{beside}"
    if "ledger" in bases:
        return f"No abstract was read, nor any full text: what is shown of sources are {ledger}."
    return "No abstract was read, nor any full text."


def _bases(result: CheckResult) -> Iterator[str | None]:
    for reference in result["references"]:
        yield reference["read_from"]
    for sentence in result["sentences"]:
        yield from (one["read_from"] for one in sentence["by_reference"])
        yield from ("abstract" for one in sentence["related"] if one["sentences"])
        yield from (number["read_from"] for claim in sentence["claims"] for number in claim["numbers"])
        yield from ("ledger" for claim in sentence["claims"] for one in claim["bears"] if one.get("note"))
        yield from ("abstract" for claim in sentence["claims"] for one in claim["bears"] if not one.get("note"))


def searches(title: str) -> dict[str, str]:
    """Where to look for a title that the library does not hold: PubMed, and DOIs at Crossref. Nothing is asked here."""
    words = " ".join(title.split())[:300]
    return {"pubmed": f"{_PUBMED}{_quoted(words)}", "doi": f"{_DOIS}{_quoted(words)}"} if words else {}


def _quoted(text: str) -> str:
    """Percent-encoded, as RFC 3986 has it."""
    return "".join(c if c in _PLAIN else "".join(f"%{byte:02X}" for byte in c.encode()) for c in text)


def design_words(reference: ReferenceRow) -> str:
    """Design, level and size of a report in words; ``""`` when nothing is known."""
    parts: list[Any] = [reference["design_label"]]
    parts += [f"level {reference['evidence_level']}"] if reference["evidence_level"] else []
    parts += [f"n = {reference['sample_size']:,}"] if reference["sample_size"] else []
    return ", ".join(part for part in parts if part)
