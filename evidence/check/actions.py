"""What a writer has to do something about, a line each, the worst first.

Drafts are never among them: neither readings that nobody has confirmed nor numbers beside unconfirmed notes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from evidence.check.result import CheckResult, NumberRow, ReferenceRow, SentenceRow
from evidence.ledger.reading import DIRECTIONS, FIDELITIES

# The order in which they are shown.
_ORDER = (
    "retracted", "concern", "no-such-work", "identifier-of-another-work", "described-wrongly", "reference-not-found",
    "number-differs", "contradicts-itself", "reviewed-claim",
)  # fmt: skip
_OF_REFERENCES = _ORDER[:6]
_DIFFERS = ("differs", "other-role")
_SHOWN = 90  # characters of a title or a claim


@dataclass(frozen=True, slots=True)
class Action:
    """One line: the warning's ``code``, what is the matter, and the sentences and references (positions) concerned."""

    code: str
    said: str
    sentences: tuple[int, ...] = ()
    references: tuple[int, ...] = ()


def actions(result: CheckResult) -> list[Action]:
    """Everything that needs action, each thing once, the worst first."""
    found = [*_references(result), *_numbers(result["sentences"]), *_document(result), *_readings(result["sentences"])]
    once = {(action.code, action.said, action.sentences): action for action in found}
    return sorted(once.values(), key=lambda one: (_ORDER.index(one.code), one.sentences[:1], one.references))


def name_of(reference: ReferenceRow) -> str:
    """How a line names a reference: as printed, cut."""
    return shortened(reference["text"])


def shortened(text: str, longest: int = _SHOWN) -> str:
    text = " ".join(text.split())
    return text if len(text) <= longest else text[:longest].rsplit(" ", 1)[0] + "…"


def _references(result: CheckResult) -> Iterator[Action]:
    for position, reference in enumerate(result["references"]):
        citing = tuple(i for i, row in enumerate(result["sentences"]) if position in row["references"])
        codes = {warning["code"] for warning in reference["warnings"]}
        for code in _OF_REFERENCES:
            if code in codes:
                yield Action(code, name_of(reference), citing, (position,))
                break


def _numbers(sentences: Iterable[SentenceRow]) -> Iterator[Action]:
    for position, row in enumerate(sentences):
        for number in row["numbers"]:
            if number["finding"] in _DIFFERS and number["read_from"] != "ledger":
                yield Action("number-differs", f"“{number['text']}”: {in_source(number)}", (position,))


def in_source(number: NumberRow) -> str:
    """What the source has instead, in a few words."""
    if number["finding"] == "differs":
        return f"the source has “{number['source_number']}”"
    parts = [one for one in number.get("other_role", ()) if one["draft"] and one["source"]]
    said = "the source has it of something else"
    if parts:
        said = f"the source has it of “{parts[0]['source']}”, not “{parts[0]['draft']}”"
    meant = number.get("meant")
    return f"{said}; for this it has “{meant}”" if meant else said


def _document(result: CheckResult) -> Iterator[Action]:
    own = {w["message"] for reference in result["references"] for w in reference["warnings"]}
    for warning in result["warnings"]:
        if warning["code"] in ("reference-not-found", "contradicts-itself") and warning["message"] not in own:
            yield Action(warning["code"], warning["message"], tuple(warning["sentences"]))


def _readings(sentences: Iterable[SentenceRow]) -> Iterator[Action]:
    """Claims whose reading a named person has confirmed, and which is not borne out."""
    for position, row in enumerate(sentences):
        warned = " ".join(w["message"] for w in row["warnings"] if w["code"] == "reviewed-claim")
        for claim in row["claims"]:
            if claim["status"] == "confirmed" and claim["alike"] and f"({claim['id']})" in warned:
                said = FIDELITIES.get(claim["fidelity"] or "", ""), DIRECTIONS.get(claim["direction"] or "", "")
                by = " and ".join(claim["reviewed_by"] or ())
                words = "; ".join(filter(None, said))
                yield Action("reviewed-claim", f"{shortened(claim['paraphrase'])}: {words} ({by})", (position,))
