"""The parts of a checked sentence as the JSON shows them (docs/check.md), and the warnings that follow from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Literal, TypedDict

from evidence.check.cited import ABSTRACT, Cited, Reading
from evidence.check.numbers.alignment import ABSENT, DIFFERS, MATCH, OTHER_ROLE, LinedUp
from evidence.check.numbers.numbers import Number
from evidence.check.result import ClaimRow, Finding, NumberFinding, NumberRow, Passage, ReferenceFinding, SentenceRow
from evidence.check.retrieval.ledger_claims import Near
from evidence.check.retrieval.ranking import SHOWN, Ranked
from evidence.check.warnings import Warning_
from evidence.ledger.reading import Reading as Reading_

BEARS_ON: Literal["bears"] = "bears"
NOTHING_BEARS: Literal["nothing bears"] = "nothing bears"
NOT_FOUND: Literal["not found"] = "not found"
NO_REFERENCE: Literal["no reference"] = "no reference"
NOT_CHECKED: Literal["not checked"] = "not checked"
# Numbers of these roles agree by chance: a bare number, a year.
_SAYS_LITTLE = frozenset({"other", "year", "age"})


def in_place(reading: Reading, ranked: Iterable[Ranked]) -> list[Passage]:
    """Passages in the order of the report, each with its section."""
    rows: list[Passage] = []
    passages = reading.document.passages if reading.document else ()
    for one in sorted(ranked, key=lambda r: r.position):
        said = passages[one.position]
        row: Passage = {
            "report": reading.report, "section": said.section, "text": said.text, "position": one.position,
        }  # fmt: skip
        if reading.note:
            row["note"] = reading.note
        rows.append(row)
    return rows


def lined_up(number: NumberRow) -> bool:
    """Whether a source's sentence has the draft's number, or another one for it."""
    return number["finding"] in (MATCH, OTHER_ROLE, DIFFERS) and number["role"] not in _SAYS_LITTLE


def bears_by_numbers(reading: Reading, ranked: Sequence[Ranked], numbers: Sequence[NumberRow]) -> bool:
    """Whether a sentence of the source has the draft's number, or is among the nearest and has another one for it."""
    passages = reading.document.passages if reading.document else ()
    near = {passages[one.position].text for one in ranked}
    return any(lined_up(n) and (n["finding"] == MATCH or n["source_text"] in near) for n in numbers)


def with_numbers(reading: Reading, ranked: Sequence[Ranked], numbers: Sequence[NumberRow]) -> list[Passage]:
    """Three passages in place: those that the draft's numbers were lined up with, then the nearest by words."""
    passages = reading.document.passages if reading.document else ()
    told = Counter(number["source_text"] for number in numbers if lined_up(number))
    nearest = {one.position: place for place, one in enumerate(ranked)}
    holding = [i for i, passage in enumerate(passages) if passage.text in told]
    holding.sort(key=lambda i: (-told[passages[i].text], nearest.get(i, len(ranked)), i))
    order = [Ranked(i, 0.0, 0.0) for i in holding]
    order += [one for one in ranked if passages[one.position].text not in told]
    return in_place(reading, order[:SHOWN])


def first(lists: Iterable[list[Passage]]) -> list[Passage]:
    """The first list that has something."""
    return next((rows for rows in lists if rows), [])


def finding(by_reference: Sequence[ReferenceFinding]) -> Finding:
    """The most telling of the references' findings; ``no reference`` without one."""
    findings = {row["finding"] for row in by_reference}
    order: tuple[Finding, ...] = (BEARS_ON, NOTHING_BEARS, NOT_CHECKED, NOT_FOUND)
    return next((found for found in order if found in findings), NO_REFERENCE)


def number_row(number: Number, found: NumberFinding) -> NumberRow:
    return {
        "text": number.text, "value": number.value, "low": number.low, "high": number.high, "unit": number.unit,
        "role": number.role, "finding": found, "report": None, "source_text": None, "source_number": None,
        "read_from": None,
    }  # fmt: skip


def lined_row(lined: LinedUp, reading: Reading | None) -> NumberRow:
    row = number_row(lined.number, lined.finding)
    if lined.source:
        source = lined.source
        row["report"], row["source_text"], row["source_number"] = source.report, source.sentence, source.number.text
        row["section"] = source.section
    if lined.finding == OTHER_ROLE:
        row["other_role"] = [{"part": w.part, "draft": w.draft, "source": w.source} for w in lined.why]
        row["meant"] = lined.meant.number.text if lined.meant else None
        row["meant_text"] = lined.meant.sentence if lined.meant else None
    if reading:
        row["read_from"] = reading.basis
        if reading.note:
            row["note"] = reading.note
    return row


def numbers_together(
    numbers: Sequence[Number], by_reference: Sequence[ReferenceFinding], claims: Sequence[ClaimRow]
) -> list[NumberRow]:
    """Each number once: as the references have it, else as the sources of a reviewed claim, else not checked."""
    rows: list[NumberRow] = []
    for position, number in enumerate(numbers):
        cited = [r["numbers"][position] for r in by_reference if r["numbers"]]
        cited = [row for row in cited if row["finding"] != NOT_CHECKED]
        reviewed = [c["numbers"][position] for c in claims if c["numbers"] and c["alike"]]
        ranked = sorted(cited or reviewed, key=lambda row: (MATCH, OTHER_ROLE, DIFFERS, ABSENT).index(row["finding"]))
        if ranked:
            rows.append({**ranked[0], "beside": "reference" if cited else "reviewed claim"})
        else:
            rows.append({**number_row(number, NOT_CHECKED), "beside": None})
    return rows


def not_checked(cited: Sequence[Cited], modalities: Sequence[str], outcomes: Sequence[str]) -> list[str]:
    """What could not be checked about a sentence, in words."""
    said = [f"{c.name}: {c.reading.note}" for c in cited if c.known and c.reading.document is None]
    said += [f"{c.name}: not found, so nothing of it was read" for c in cited if not c.known]
    said += [f"{c.name}: only the abstract was read" for c in cited if c.reading.basis == ABSTRACT]
    if not modalities:
        said.append("no treatment is named, so the library's reports on it were not counted")
    elif not outcomes:
        said.append("no outcome is named, so newer and stronger evidence was not looked for")
    return said


def number_warnings(row: SentenceRow) -> list[Warning_]:
    warnings = []
    for number in row["numbers"]:
        printed = f"“{number['text']}”"
        where = "the source" if number["beside"] == "reference" else "a source of the reviewed claim"
        if number["finding"] == DIFFERS:
            other = f"“{number['source_number']}”: {number['source_text']}"
            warnings.append(Warning_("number-differs", f"{printed}: {where} has {other}"))
        elif number["finding"] == OTHER_ROLE:
            warnings.append(Warning_("number-differs", f"{printed}: {_other_role(number, where)}"))
        elif number["finding"] == ABSENT:
            warnings.append(Warning_("number-absent", f"{printed}: no such number in what could be read of {where}"))
        elif number["finding"] == NOT_CHECKED:
            warnings.append(Warning_("not-checked", f"{printed}: not checked, nothing to line it up with"))
    return warnings


# Part of a frame → how a sentence speaks of it.
_PART_WORDS = {
    "population": "other people are counted", "measure": "it measures something else", "time": "it is of another time",
    "statistic": "it is another end of the change or another estimate", "arm": "it is said of something else",
    "place": "it stands at the place of another",
}  # fmt: skip


def _other_role(number: NumberRow, where: str) -> str:
    """What a number is in the source, and what the draft calls it."""
    parts = []
    for one in number["other_role"]:
        both = f" (here “{one['draft']}”, there “{one['source']}”)" if one["draft"] and one["source"] else ""
        parts.append(_PART_WORDS[one["part"]] + both)
    said = f"{where} has this number, but {'; '.join(parts)}: {number['source_text']}"
    if number["meant"]:
        beside = "" if number["meant_text"] == number["source_text"] else f": {number['meant_text']}"
        said += f" For what is said here it has “{number['meant']}”{beside}"
    return said


class ReadingKeys(TypedDict):
    """The keys of a claim that a reading fills."""

    fidelity: str | None
    direction: str | None
    basis: str | None
    status: Literal["draft", "confirmed"] | None
    reading: str
    reason: str | None
    dated: str | None
    reviewed_by: list[str] | None


def reading_of(reading: Reading_ | None) -> ReadingKeys:
    """A reading as the JSON has it; all null where there is none."""
    if reading is None:
        return {
            "fidelity": None, "direction": None, "basis": None, "status": None, "reading": "not read yet",
            "reason": None, "dated": None, "reviewed_by": None,
        }  # fmt: skip
    return {
        "fidelity": reading.fidelity, "direction": reading.direction or None, "basis": reading.basis or None,
        "status": "confirmed" if reading.reviewed_by else "draft",
        "reading": f"{reading.standing()}; {reading.basis_in_words()}", "reason": reading.reason,
        "dated": reading.dated or None, "reviewed_by": list(reading.reviewed_by) or None,
    }  # fmt: skip


def claim_warnings(near: Sequence[Near]) -> list[Warning_]:
    """What people made of the claims that a sentence repeats, where one is not borne out: least favourable first."""
    warnings = []
    for one in near:
        reading = one.claim.reading
        if one.alike and reading is not None and not reading.borne_out:
            flags = f" [{'; '.join(one.claim.flags)}]" if one.claim.flags else ""
            dated = f", {reading.dated}" if reading.dated and not reading.reviewed_by else ""
            said = f"{reading.standing()}{dated}, of a claim like it ({one.claim.id}): {reading.in_words()}"
            warnings.append(Warning_("reviewed-claim", f"{said}. {reading.reason}{flags}"))
    return warnings
