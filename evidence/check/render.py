"""A check's answer for a terminal and for an editor (Markdown). The HTML page renders the same dict."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator

from evidence.check.result import (
    CheckResult,
    ClaimRow,
    DraftWarning,
    NumberRow,
    Passage,
    ReferenceRow,
    SentenceRow,
    WarningRow,
)  # fmt: skip
from evidence.ledger.reading import DIRECTIONS, FIDELITIES

_WIDTH = 96
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Said by other lines of a sentence: a claim with its reading, the numbers and what could not be checked.
_SAID_ELSEWHERE = frozenset({"reviewed-claim", "not-checked", "number-differs", "number-absent"})
# So serious that the sentence says it too, not only the list of references.
_SAID_AGAIN = frozenset({"retracted", "concern"})
_SAID_AT_THE_TOP = "only the abstract was read"
_READ = "At most abstracts were read, where the library has them, never full texts. A person decides what is right."
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|])")
FINDINGS = {
    "bears": "found; these sentences bear on it",
    "nothing bears": "found; nothing in the abstract bears on it",
    "not found": "not found in the library",
    "no reference": "no reference",
    "not checked": "not checked",
}


def as_text(result: CheckResult) -> str:
    """The whole answer in plain text, 96 columns."""
    return "\n".join(_clean(line) for line in _text_lines(result)) + "\n"


def as_markdown(result: CheckResult) -> str:
    """The whole answer as Markdown: references, sentences with something to say, then the draft as a whole."""
    return "\n".join(_markdown_lines(result)) + "\n"


def summary(result: CheckResult) -> str:
    """One line: how much was checked against what."""
    claims = sum(1 for s in result["sentences"] if s["claim"])
    refreshed = result["library"]["refreshed_at"]
    when = f"refreshed {refreshed}" if refreshed else "never refreshed from PubMed"
    return (
        f"{_count(claims, 'claim')} in {_count(len(result['sentences']), 'sentence')}, "
        f"{_count(len(result['references']), 'reference')}; "
        f"library of {_count(result['library']['reports'], 'report')}, {when}"
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def codes(result: CheckResult) -> set[str]:
    """Every warning code given, for ``--fail-on``."""
    rows = [*result["sentences"], *result["references"]]
    return {w["code"] for row in rows for w in row["warnings"]} | {w["code"] for w in result["warnings"]}


def not_cited(result: CheckResult) -> list[DraftWarning]:
    """The warnings on the draft as a whole that its references do not say already."""
    said = {(w["code"], w["message"]) for row in result["references"] for w in row["warnings"]}
    return [w for w in result["warnings"] if (w["code"], w["message"]) not in said]


def _own(row: SentenceRow, result: CheckResult) -> tuple[list[WarningRow], list[str]]:
    """A sentence's own warnings, and in a few words those that stand with its references: ``[2]: retracted``."""
    own = list(row["warnings"])
    listed = []
    for position in row["references"]:
        said = {(w["code"], w["message"]) for w in result["references"][position]["warnings"]}
        codes_here = [w["code"] for w in own if w["code"] not in _SAID_AGAIN and (w["code"], w["message"]) in said]
        if codes_here:
            listed.append(f"[{position + 1}]: {', '.join(dict.fromkeys(codes_here))}")
        own = [w for w in own if w["code"] in _SAID_AGAIN or (w["code"], w["message"]) not in said]
    return [w for w in own if w["code"] not in _SAID_ELSEWHERE], listed


def _open_points(row: SentenceRow) -> list[str]:
    """What could not be checked, without what holds for every sentence and is said once at the top."""
    numbers = [n["text"] for n in row["numbers"] if n["finding"] == "not checked"]
    several = f"not-checked: nothing to line up with {', '.join(f'“{n}”' for n in numbers)}"
    said = [several] if numbers else []
    return said + [line for line in row["not_checked"] if not line.endswith(_SAID_AT_THE_TOP)]


def _heading_line(row: SentenceRow) -> str:
    """What was found, and where."""
    refs = ", ".join(f"[{i + 1}]" for i in row["references"])
    carried = " (carried over)" if row["references_carried_over"] else ""
    found = FINDINGS[row["finding"]]
    if row["finding"] != "bears" and row["bears"]:
        return f"{found}{' ' + refs if refs else ''}{carried}; in the library these sentences bear on it"
    return f"{found}{' ' + refs if refs else ''}{carried}"


def _when(moment: str) -> str:
    """The day of a time: ``2026-11-19T06:00:00Z`` → ``2026-11-19``."""
    return moment[:10]


def _where(warning: DraftWarning) -> str:
    places = [str(i + 1) for i in warning["sentences"]]
    return f" (sentence{'s' if len(places) > 1 else ''} {', '.join(places)})" if places else ""


def _reviewed(row: SentenceRow) -> list[str]:
    """The claims that a sentence repeats, the least favourable first, marked where the reading is a warning."""
    said = " ".join(w["message"] for w in row["warnings"] if w["code"] == "reviewed-claim")
    return [
        ("! reviewed-claim " if f"({c['id']})" in said else "= reviewed claim ") + _verdict(c)
        for c in row["claims"]
        if c["alike"]
    ]


def _verdict(claim: ClaimRow) -> str:
    """A claim as the maintainers left it: the claim, the reading, when and why, or that there is none."""
    flags = f" [{'; '.join(claim['flags'])}]" if claim["flags"] else ""
    said = f"{claim['id']}: “{claim['paraphrase']}.”"
    if not claim["fidelity"]:
        return f"{said} Not read yet.{flags}"
    dated = f", {claim['dated']}" if claim["dated"] and claim["status"] == "draft" else ""
    words = "; ".join(filter(None, (FIDELITIES[claim["fidelity"]], DIRECTIONS.get(claim["direction"] or "", ""))))
    reading = f"{claim['reading'][:1].upper()}{claim['reading'][1:]}{dated}"
    return f"{said} {reading}: {words}. {claim['reason']}{flags}"


def _clean(line: str) -> str:
    """Nothing from a draft may move the cursor or turn the line around."""
    return _CONTROL.sub(" ", line)


def _text_lines(result: CheckResult) -> Iterator[str]:
    yield from _wrapped(summary(result), "", "")
    yield from _wrapped(_READ, "", "")
    for note in result["notes"]:
        yield from _wrapped(f"note: {note}", "", "  ")
    if result["references"]:
        yield ""
        yield "REFERENCES"
        for number, reference in enumerate(result["references"], 1):
            yield from _wrapped(f"[{number}] {reference['text']}", "  ", "      ")
            yield from _wrapped(_reference(reference), "      ", "      ")
            yield from _warning_lines(reference["warnings"], "      ")
    yield ""
    yield "SENTENCES"
    for number, row in enumerate(result["sentences"], 1):
        if row["claim"]:
            yield from _sentence_lines(number, row, result)
    if whole := not_cited(result):
        yield ""
        yield "THE DRAFT AS A WHOLE"
        for warning in whole:
            yield from _wrapped(f"! {warning['code']}{_where(warning)}: {warning['message']}", "  ", "    ")


def _reference(row: ReferenceRow) -> str:
    """Level, report, design: what is known of a reference in one line."""
    known = [row["level"] + (f" ({row['report']})" if row["report"] else "")]
    known += [str(row["design"])] if row["design"] else []
    known += [f"level {row['evidence_level']}"] if row["evidence_level"] else []
    known += [f"n = {row['sample_size']:,}"] if row["sample_size"] else []
    known += [f"{row['follow_up_months']:g} months"] if row["follow_up_months"] else []
    known += [f"funding: {row['funding']}"] if row["funding"] else []
    known += ["there is a statement of interests"] if row["conflict_statement"] else []
    checked = row["notices_checked"]
    if isinstance(checked, str):
        known.append("notices not checked")
    else:
        known.append("; ".join(f"{c['outcome']} ({c['source']}, {_when(c['checked_at'])})" for c in checked))
    return " · ".join(known)


def _sentence_lines(number: int, row: SentenceRow, result: CheckResult) -> Iterator[str]:
    own, listed = _own(row, result)
    yield ""
    yield from _wrapped(f"{number}. {row['text']}", "", "   ")
    yield f"   {_heading_line(row)}"
    for found in row["bears"]:
        yield from _wrapped(f"> {_source(found)}: {found['text']}", "   ", "     ")
    for one in row["numbers"]:
        if one["finding"] != "not checked":
            yield from _wrapped(_number(one), "   ", "     ")
    if row["modalities"]:
        yield from _wrapped(holds(row), "   ", "   ")
    for said in _reviewed(row):
        yield from _wrapped(said, "   ", "     ")
    for said in listed:
        yield from _wrapped(f"! {said} (see the references)", "   ", "     ")
    yield from _warning_lines(own, "   ")
    for said in _open_points(row):
        yield from _wrapped(f"? {said}", "   ", "     ")


def _number(one: NumberRow) -> str:
    """A number of the draft beside the source's: ``# “79%” (responder): match — sentence``."""
    printed = f"“{one['text']}” ({one['role']})"
    reviewed = one["beside"] == "reviewed claim"
    if one["finding"] == "absent":
        where = "the sources of the reviewed claim" if reviewed else "the source"
        return f"! number-absent: {printed}: no such number in what could be read of {where}"
    beside = " in a source of the reviewed claim" if reviewed else ""
    if one["finding"] == "differs":
        has = "a source of the reviewed claim has" if reviewed else "the source has"
        return f"! number-differs: {printed}: {has} “{one['source_number']}” — {one['source_text']}"
    return f"# {printed}: match{beside} — {one['source_text']}"


def holds(row: SentenceRow) -> str:
    """How many reports the library has on a sentence's modality × outcome."""
    tags = " × ".join(" or ".join(t) for t in (row["modalities"], row["outcomes"]) if t)
    count = row["reports_on_this"]
    return f"the library holds {count or 'no'} report{'' if count == 1 else 's'} on {row.get('topic') or tags}"


def _source(found: Passage) -> str:
    note = f" ({found['note']})" if found.get("note") else ""
    return f"{found['report']}{', ' + found['section'] if found['section'] else ''}{note}"


def _warning_lines(warnings: list[WarningRow], indent: str) -> Iterator[str]:
    for warning in warnings:
        yield from _wrapped(f"! {warning['code']}: {warning['message']}", indent, indent + "  ")


def _wrapped(line: str, first: str, rest: str) -> list[str]:
    plain = " ".join(_clean(line).split())
    return textwrap.wrap(plain, _WIDTH, initial_indent=first, subsequent_indent=rest) or [first]


def _markdown_lines(result: CheckResult) -> Iterator[str]:
    yield "# Check of a draft"
    yield ""
    yield _escaped(summary(result) + ".")
    yield ""
    yield _READ
    yield from ("\n" + _escaped(note) for note in result["notes"])
    if result["references"]:
        yield from ("", "## References", "")
        for number, reference in enumerate(result["references"], 1):
            yield f"{number}. {_escaped(reference['text'])}  "
            yield f"   {_escaped(_reference(reference))}"
            yield from (f"   - **{w['code']}**: {_escaped(w['message'])}" for w in reference["warnings"])
    yield from ("", "## Sentences")
    for number, row in enumerate(result["sentences"], 1):
        if row["claim"]:
            yield from _markdown_sentence(number, row, result)
    if whole := not_cited(result):
        yield from ("", "## The draft as a whole", "")
        yield from (f"- **{w['code']}**{_where(w)}: {_escaped(w['message'])}" for w in whole)


def _markdown_sentence(number: int, row: SentenceRow, result: CheckResult) -> Iterator[str]:
    own, listed = _own(row, result)
    yield ""
    yield f"**{number}.** {_escaped(row['text'])}"
    yield ""
    yield f"- {_escaped(_heading_line(row))}"
    yield from (f"  - {_escaped(_source(found))}: {_escaped(found['text'])}" for found in row["bears"])
    yield from (f"- {_escaped(_number(n).lstrip('!# '))}" for n in row["numbers"] if n["finding"] != "not checked")
    if row["modalities"]:
        yield f"- {_escaped(holds(row))}"
    yield from (f"- {_escaped(said.lstrip('!= '))}" for said in _reviewed(row))
    yield from (f"- **{_escaped(said)}** (see the references)" for said in listed)
    yield from (f"- **{w['code']}**: {_escaped(w['message'])}" for w in own)
    yield from (f"- not checked: {_escaped(said.removeprefix('not-checked: '))}" for said in _open_points(row))


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(_clean(text).split()))
