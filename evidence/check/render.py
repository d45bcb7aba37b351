"""A check's answer for a terminal and for an editor (Markdown): in short, or with all details. The page shows the same.

In short: what needs action, then a line for each sentence and reference that has something to say. With details: every
passage, number and warning in full. Words, not codes or ids; where something comes from is said once a source.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evidence.check.actions import actions, in_source, shortened
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
from evidence.check.wording import ADVICE, design_words, label, what_was_read
from evidence.ledger.reading import DIRECTIONS, FIDELITIES
from evidence.references.standing import OTHER_KIND

_WIDTH = 96
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# Said by other lines of a sentence: a claim with its reading, the numbers and what could not be checked.
_SAID_ELSEWHERE = frozenset({"reviewed-claim", "not-checked", "number-differs", "number-absent"})
# So serious that the sentence says it too, not only the list of references.
_SAID_AGAIN = frozenset({"retracted", "concern"})
# In short these are said of the draft once, with the numbers of the sentences.
_GATHERED = ("no-reference", "absolute-claim")
# In short these stand in the box, or are no more than what the details say.
_NOT_IN_SHORT = frozenset({*_GATHERED, "not-checked", "contradicts-itself", "reviewed-claim", "registry-enrolment"})
_QUOTED = 48  # characters of a sentence in short
_SAID_AT_THE_TOP = "only the abstract was read"
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|])")
_SHORT_END = "The same with every passage and number: --details."
NOTHING = "Nothing was found that needs action. That is no approval: most of a text cannot be checked."
FINDINGS = {
    "bears": "found; these sentences bear on it",
    "nothing bears": "found; nothing in the abstract bears on it",
    "not found": "not found in the library",
    "no reference": "no reference",
    "not checked": "not checked",
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the draft. ``sentence`` is its position, ``None`` between claims; ``state``: act, look or empty."""

    text: str
    sentence: int | None = None
    state: str = ""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One line of an answer. ``mark``: ``#`` a heading, ``!`` look here, ``-`` an item, ``>`` a source's words."""

    text: str
    mark: str = ""
    depth: int = 0


def as_text(result: CheckResult, details: bool = False) -> str:
    """The answer in plain text, 96 columns: in short, or with all details."""
    return "\n".join(line for one in _lines(result, details) for line in _as_text(one)) + "\n"


def as_markdown(result: CheckResult, details: bool = False) -> str:
    """The answer as Markdown: in short, or with all details."""
    lines = ["# Check of a draft", ""]
    for one in _lines(result, details):
        lines += _as_markdown(one)
    return "\n".join(lines) + "\n"


def marked(result: CheckResult) -> list[Piece]:
    """The draft itself in pieces, each claim with what there is to do (``act``) or to look at (``look``)."""
    urgent = {place: one.code for one in reversed(actions(result)) for place in one.sentences}
    pieces, at = [], 0
    for position, row in enumerate(result["sentences"]):
        if not row["claim"] or row["start"] < at:
            continue
        pieces.append(Piece(result["text"][at : row["start"]]))
        labels = [label(urgent[position])] if position in urgent else []
        labels += [said for said in [*own_labels(row, result), *readings_in_short(row)] if said not in labels]
        state = "act" if position in urgent else "look" if labels else ""
        pieces.append(Piece(result["text"][row["start"] : row["end"]], position, state, tuple(labels)))
        at = row["end"]
    return [piece for piece in [*pieces, Piece(result["text"][at:])] if piece.text]


def summary(result: CheckResult) -> str:
    """One line: how much was checked against what."""
    claims = sum(1 for s in result["sentences"] if s["claim"])
    refreshed = result["library"]["refreshed_at"]
    when = f"refreshed {_when(refreshed)}" if refreshed else "never refreshed from PubMed"
    return (
        f"{_count(claims, 'claim')} in {_count(len(result['sentences']), 'sentence')}, "
        f"{_count(len(result['references']), 'reference')}; "
        f"library of {_count(result['library']['reports'], 'report')}, {when}{_index(result)}"
    )


def _index(result: CheckResult) -> str:
    """The index of PubMed that was asked too, and the years it covers."""
    coverage = result["library"]["pubmed_index"]
    if coverage is None:
        return ""
    return f"; index of PubMed, {f'all of {coverage}' if coverage else 'which does not hold all of it'}"


def codes(result: CheckResult) -> set[str]:
    """Every warning code given, for ``--fail-on``."""
    given = {w["code"] for row in result["sentences"] for w in row["warnings"]}
    given |= {w["code"] for row in result["references"] for w in row["warnings"]}
    return given | {w["code"] for w in result["warnings"]}


def not_cited(result: CheckResult) -> list[DraftWarning]:
    """The warnings on the draft as a whole that its references do not say already."""
    said = {(w["code"], w["message"]) for row in result["references"] for w in row["warnings"]}
    return [w for w in result["warnings"] if (w["code"], w["message"]) not in said]


def holds(row: SentenceRow) -> str:
    """How many reports the library has on a sentence's modality × outcome."""
    tags = " × ".join(" or ".join(t) for t in (row["modalities"], row["outcomes"]) if t)
    count = row["reports_on_this"]
    return f"the library holds {count or 'no'} report{'' if count == 1 else 's'} on {row.get('topic') or tags}"


def _lines(result: CheckResult, details: bool) -> Iterator[Line]:
    yield Line(f"{summary(result)}. {what_was_read(result)}")
    yield from (Line(f"Note: {note}") for note in result["notes"])
    yield from _box(result)
    yield from _all(result) if details else _short(result)
    yield Line("")
    yield Line(ADVICE)


def _box(result: CheckResult) -> Iterator[Line]:
    """What needs action, the worst first; drafts are not here."""
    yield Line("What needs action", "#")
    found = actions(result)
    for one in found:
        yield Line(f"{label(one.code)}: {one.said}{_places(one.sentences)}", "!")
    if not found:
        yield Line(NOTHING)


def _short(result: CheckResult) -> Iterator[Line]:
    rows = list(_short_sentences(result))
    if rows:
        yield Line("Sentences", "#")
        yield from rows
    for code in _GATHERED:
        places = [i for i, row in enumerate(result["sentences"]) if code in {w["code"] for w in row["warnings"]}]
        if places:
            yield Line(f"{label(code)}{_places(places)}", "-")
    if result["references"]:
        yield Line("References", "#")
        yield from (_short_reference(number, row) for number, row in enumerate(result["references"], 1))
    whole = [w for w in not_cited(result) if w["code"] not in ("contradicts-itself", "reference-not-found")]
    yield from (Line(w["message"], "-") for w in whole)
    yield Line(_SHORT_END)


def _short_sentences(result: CheckResult) -> Iterator[Line]:
    """A line for each sentence with something to look at: its first words and what it is."""
    for number, row in enumerate(result["sentences"], 1):
        said = own_labels(row, result) + _registered_in_short(row) + readings_in_short(row)
        if row["claim"] and said:
            yield Line(f"{number}. “{shortened(row['text'], _QUOTED)}”: {'; '.join(said)}", "-")


def own_labels(row: SentenceRow, result: CheckResult) -> list[str]:
    """What is the matter with a sentence itself, in words; what its references give stands with these."""
    told = {(w["code"], w["message"]) for p in row["references"] for w in result["references"][p]["warnings"]}
    own = [w["code"] for w in row["warnings"] if (w["code"], w["message"]) not in told]
    of = "" if any(n["beside"] == "reference" for n in row["numbers"]) else " of a claim like it"
    said = [
        label(code) + (of if code.startswith("number-") else "")
        for code in dict.fromkeys(own)
        if code not in _NOT_IN_SHORT
    ]
    return said + (["found, but nothing read of it bears on this"] if row["finding"] == "nothing bears" else [])


def _registered_in_short(row: SentenceRow) -> list[str]:
    """``the registry says 231 planned, 204 enrolled (NCT…)``: a number says more than a label."""
    return [w["message"] for w in row["warnings"] if w["code"] == "registry-enrolment"]


def readings_in_short(row: SentenceRow) -> list[str]:
    """Of the claims that a sentence repeats, the least favourable reading in a few words, and how many more."""
    said = []
    for claim in row["claims"]:
        if claim["alike"] and claim["fidelity"] and not _borne_out(claim):
            whose = "confirmed reading" if claim["status"] == "confirmed" else "draft reading"
            said.append(f"{whose} of a claim like it: {_judged(claim)}")
    return said[:1] + ([f"and {len(said) - 1} more"] if len(said) > 1 else [])


def _borne_out(claim: ClaimRow) -> bool:
    return (claim["fidelity"] in ("faithful", "no_source_named", "not_checked")) and claim["direction"] in (
        None, "for", "not_testable",
    )  # fmt: skip


def _judged(claim: ClaimRow) -> str:
    words = (FIDELITIES.get(claim["fidelity"] or "", ""), DIRECTIONS.get(claim["direction"] or "", ""))
    return "; ".join(filter(None, words))


def _short_reference(number: int, row: ReferenceRow) -> Line:
    serious = [label(w["code"]) for w in row["warnings"] if w["code"] not in ("not-checked", "reference-not-found")]
    known = [design_words(row)] if row["report"] else []
    found = {"certain": "found", "likely": "likely, please confirm"}.get(row["level"], "not found in the library")
    unknown = not row["report"] and not row["standing"]["work"]
    where = [f"look on PubMed: {row['searches']['pubmed']}"] if unknown and row["searches"] else []
    said = "; ".join(filter(None, [found, elsewhere_in_short(row), *known, *dict.fromkeys(serious), *where]))
    return Line(f"[{number}] {shortened(row['text'], _QUOTED)}: {said}", "-")


def elsewhere_in_short(row: ReferenceRow) -> str:
    """Of a reference that the library does not hold: that PubMed has it, or of what other kind it is."""
    standing = row["standing"]
    if standing["fetch"]:
        return f"PubMed has it: evidence fetch {standing['fetch']}"
    return standing["reason"] if standing["answer"] == OTHER_KIND else ""


def _all(result: CheckResult) -> Iterator[Line]:
    told: set[tuple[str, str]] = set()
    if result["references"]:
        yield Line("References", "#")
        for number, reference in enumerate(result["references"], 1):
            yield Line(f"[{number}] {reference['text']}", "-")
            yield Line(_reference(reference), "", 1)
            yield from (Line(f"{label(w['code'])}: {w['message']}", "!", 1) for w in reference["warnings"])
            yield from (Line(f"{where}: {link}", "", 1) for where, link in _where_to_look(reference))
    yield Line("Sentences", "#")
    for number, row in enumerate(result["sentences"], 1):
        if row["claim"]:
            yield from _sentence(number, row, result, told)
    if whole := not_cited(result):
        yield Line("The draft as a whole", "#")
        yield from (Line(f"{label(w['code'])}{_places(w['sentences'])}: {w['message']}", "!") for w in whole)


def _where_to_look(row: ReferenceRow) -> list[tuple[str, str]]:
    names = {"pubmed": "this title on PubMed", "doi": "its DOI at Crossref"}
    return [] if row["report"] else [(names[where], link) for where, link in row["searches"].items()]


def _reference(row: ReferenceRow) -> str:
    """Level, report, design: what is known of a reference in one line."""
    known = [{"certain": "found"}.get(row["level"], row["level"]) + (f" ({row['report']})" if row["report"] else "")]
    known += [words] if (words := design_words(row)) else []
    known += [f"{row['follow_up_months']:g} months"] if row["follow_up_months"] else []
    known += [f"funding: {row['funding']}"] if row["funding"] else []
    known += ["there is a statement of interests"] if row["conflict_statement"] else []
    known += [f"free to read: {row['free_copy']}"] if row["free_copy"] else []
    checked = row["notices_checked"]
    if isinstance(checked, str):
        known.append("notices not checked")
    else:
        known.append("; ".join(f"{c['outcome']} ({c['source']}, {_when(c['checked_at'])})" for c in checked))
    return " · ".join(known)


def _sentence(number: int, row: SentenceRow, result: CheckResult, told: set[tuple[str, str]]) -> Iterator[Line]:
    own, listed = _own(row, result)
    yield Line(f"{number}. {row['text']}", "-")
    yield Line(_heading_line(row), "", 1)
    yield from (Line(f"{_source(found, told)}: {found['text']}", ">", 1) for found in row["bears"])
    yield from (_number(one) for one in row["numbers"] if one["finding"] != "not checked")
    if row["modalities"]:
        yield Line(holds(row), "", 1)
    warned = " ".join(w["message"] for w in row["warnings"] if w["code"] == "reviewed-claim")
    for claim in row["claims"]:
        if claim["alike"]:
            yield Line(_claim(claim), "!" if f"({claim['id']})" in warned else "", 1)
    yield from (Line(f"{said} (see the references)", "!", 1) for said in listed)
    yield from (Line(f"{label(w['code'])}: {w['message']}", "!", 1) for w in own)
    yield from (Line(f"not checked: {said}", "", 1) for said in _open_points(row))


def _own(row: SentenceRow, result: CheckResult) -> tuple[list[WarningRow], list[str]]:
    """A sentence's own warnings, and in a few words those that stand with its references: ``[2]: retracted``."""
    own = list(row["warnings"])
    listed = []
    for position in row["references"]:
        said = {(w["code"], w["message"]) for w in result["references"][position]["warnings"]}
        here = [w["code"] for w in own if w["code"] not in _SAID_AGAIN and (w["code"], w["message"]) in said]
        if here:
            listed.append(f"[{position + 1}]: {', '.join(label(code) for code in dict.fromkeys(here))}")
        own = [w for w in own if w["code"] in _SAID_AGAIN or (w["code"], w["message"]) not in said]
    return [w for w in own if w["code"] not in _SAID_ELSEWHERE], listed


def _open_points(row: SentenceRow) -> list[str]:
    """What could not be checked, without what holds for every sentence and is said once at the top."""
    numbers = [n["text"] for n in row["numbers"] if n["finding"] == "not checked"]
    several = f"nothing to line up with {', '.join(f'“{n}”' for n in numbers)}"
    said = [several] if numbers else []
    return said + [line for line in row["not_checked"] if not line.endswith(_SAID_AT_THE_TOP)]


def _heading_line(row: SentenceRow) -> str:
    """What was found, and where."""
    refs = ", ".join(f"[{i + 1}]" for i in row["references"])
    carried = " (carried over)" if row["references_carried_over"] else ""
    found = f"{FINDINGS[row['finding']]}{' ' + refs if refs else ''}{carried}"
    elsewhere = row["finding"] != "bears" and row["bears"]
    return f"{found}; in the library these sentences bear on it" if elsewhere else found


def _claim(claim: ClaimRow) -> str:
    """A claim as people left it: the reading, when and why, and what the library holds; or that there is none."""
    flags = f" [{'; '.join(claim['flags'])}]" if claim["flags"] else ""
    held = f" Counted: {claim['support']}." if claim["support"] else ""
    said = f"a claim like it: “{claim['paraphrase']}.”"
    if not claim["fidelity"]:
        return f"{said} Not read yet.{held}{flags}"
    dated = f", {claim['dated']}" if claim["dated"] and claim["status"] == "draft" else ""
    reading = f"{claim['reading'][:1].upper()}{claim['reading'][1:]}{dated}"
    return f"{said} {reading}: {_judged(claim)}. {claim['reason']}{held}{flags}"


def _number(one: NumberRow) -> Line:
    """A number of the draft beside the source's: ``“79%”: match: sentence``."""
    printed = f"“{one['text']}”"
    where = "a source of the claim like it" if one["beside"] == "reviewed claim" else "the source"
    if one["finding"] == "absent":
        return Line(f"{label('number-absent')}: {printed}: no such number in what could be read of {where}", "!", 1)
    if one["finding"] == "match":
        return Line(f"{printed}: match in {where}: {one['source_text']}", "", 1)
    said = in_source(one).replace("the source", where, 1)
    return Line(f"{label('number-differs')}: {printed}: {said}: {one['source_text']}", "!", 1)


def _source(found: Passage, told: set[tuple[str, str]]) -> str:
    """Where a passage stands; where it comes from is said the first time."""
    note = found.get("note", "")
    new = bool(note) and (found["report"], note) not in told
    told.add((found["report"], note))
    section = f", {found['section']}" if found["section"] and found["section"] != "facts" else ""
    return f"{found['report'].removeprefix('source:')}{section}{f' ({note})' if new else ''}"


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def _when(moment: str) -> str:
    """The day of a time: ``2026-11-19T06:00:00Z`` → ``2026-11-19``."""
    return moment[:10]


def _places(sentences: Sequence[int]) -> str:
    """`` (sentences 2, 5 to 7)``."""
    if not sentences:
        return ""
    runs: list[list[int]] = []
    for place in sorted(set(sentences)):
        if runs and place == runs[-1][-1] + 1:
            runs[-1].append(place)
        else:
            runs.append([place])
    said = [f"{r[0] + 1} to {r[-1] + 1}" if len(r) > 2 else ", ".join(str(p + 1) for p in r) for r in runs]
    return f" (sentence{'s' if len(set(sentences)) > 1 else ''} {', '.join(said)})"


def _clean(line: str) -> str:
    """Nothing from a draft may move the cursor or turn the line around."""
    return " ".join(_CONTROL.sub(" ", line).split())


def _as_text(line: Line) -> Iterable[str]:
    plain = _clean(line.text)
    if line.mark == "#":
        return ("", plain.upper())
    indent = "  " * (line.depth + (1 if line.mark or line.depth else 0))
    first = indent[: -2 if line.mark else None] + (f"{line.mark} " if line.mark else "")
    return textwrap.wrap(plain, _WIDTH, initial_indent=first, subsequent_indent=indent) or [""]


def _as_markdown(line: Line) -> Iterable[str]:
    plain = _MARKDOWN.sub(r"\\\1", _clean(line.text))
    if line.mark == "#":
        return ("", f"## {plain}", "")
    if not line.mark and not line.depth:
        return (plain, "")
    if line.mark == "!":
        head, colon, rest = plain.partition(":")
        plain = f"**{head}**{colon}{rest}"
    return (f"{'  ' * line.depth}- {plain}",)
