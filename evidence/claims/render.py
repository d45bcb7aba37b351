"""A check's answer for a terminal and for an editor (Markdown). The HTML page renders the same dict."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from typing import Any

_WIDTH = 96
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>#|])")
FINDINGS = {
    "bears": "found; these sentences bear on it",
    "nothing bears": "found; nothing in the abstract bears on it",
    "not found": "not found in the library",
    "no reference": "no reference",
    "not checked": "not checked",
}


def as_text(result: dict[str, Any]) -> str:
    """The whole answer in plain text, 96 columns."""
    return "\n".join(_clean(line) for line in _text_lines(result)) + "\n"


def as_markdown(result: dict[str, Any]) -> str:
    """The whole answer as Markdown: references, sentences with something to say, then the draft as a whole."""
    return "\n".join(_markdown_lines(result)) + "\n"


def summary(result: dict[str, Any]) -> str:
    """One line: how much was checked against what."""
    claims = sum(1 for s in result["sentences"] if s["claim"])
    refreshed = result["library"]["refreshed_at"]
    when = f"refreshed {refreshed}" if refreshed else "never refreshed from PubMed"
    return (
        f"{claims} claims in {len(result['sentences'])} sentences, {len(result['references'])} references; "
        f"library of {result['library']['reports']:,} reports, {when}"
    )


def codes(result: dict[str, Any]) -> set[str]:
    """Every warning code given, for ``--fail-on``."""
    rows = [*result["sentences"], *result["references"]]
    return {w["code"] for row in rows for w in row["warnings"]} | {w["code"] for w in result["warnings"]}


def _clean(line: str) -> str:
    """Nothing from a draft may move the cursor or turn the line around."""
    return _CONTROL.sub(" ", line)


def _text_lines(result: dict[str, Any]) -> Iterator[str]:
    yield from _wrapped(summary(result), "", "")
    for note in result["notes"]:
        yield from _wrapped(f"note: {note}", "", "  ")
    if result["references"]:
        yield ""
        yield "REFERENCES"
        for number, row in enumerate(result["references"], 1):
            yield from _wrapped(f"[{number}] {row['text']}", "  ", "      ")
            yield from _wrapped(_reference(row), "      ", "      ")
            yield from _warning_lines(row["warnings"], "      ")
    yield ""
    yield "SENTENCES"
    for number, row in enumerate(result["sentences"], 1):
        if row["claim"]:
            yield from _sentence_lines(number, row)
    if result["warnings"]:
        yield ""
        yield "THE DRAFT AS A WHOLE"
        for warning in result["warnings"]:
            where = (
                f" (sentences {', '.join(str(i + 1) for i in warning['sentences'])})" if warning["sentences"] else ""
            )
            yield from _wrapped(f"! {warning['code']}{where}: {warning['message']}", "  ", "    ")


def _reference(row: dict[str, Any]) -> str:
    """Level, report, design: what is known of a reference in one line."""
    known = [row["level"] + (f" ({row['report']})" if row["report"] else "")]
    known += [str(row["design"])] if row["design"] else []
    known += [f"level {row['evidence_level']}"] if row["evidence_level"] else []
    known += [f"n = {row['sample_size']:,}"] if row["sample_size"] else []
    known += [f"{row['follow_up_months']:g} months"] if row["follow_up_months"] else []
    known += [f"funding: {row['funding']}"] if row["funding"] else []
    known += ["conflicts are declared"] if row["conflict_statement"] else []
    checked = row["notices_checked"]
    if isinstance(checked, str):
        known.append("notices not checked")
    else:
        known.append("; ".join(f"notices: {c['outcome']}, {c['source']} {c['checked_at']}" for c in checked))
    differing = [name for name, result in row["fields"].items() if result == "differs"]
    return " · ".join(known) + (f" · differs: {', '.join(differing)}" if differing else "")


def _sentence_lines(number: int, row: dict[str, Any]) -> Iterator[str]:
    yield ""
    yield from _wrapped(f"{number}. {row['text']}", "", "   ")
    refs = ", ".join(f"[{i + 1}]" for i in row["references"])
    carried = " (carried over)" if row["references_carried_over"] else ""
    yield f"   {FINDINGS[row['finding']]}{' ' + refs if refs else ''}{carried}"
    for found in row["bears"]:
        yield from _wrapped(f"> {_source(found)}: {found['text']}", "   ", "     ")
    for one in row["numbers"]:
        beside = f" — {one['source_text']}" if one["source_text"] else ""
        yield from _wrapped(f"# {one['text']} ({one['role']}): {one['finding']}{beside}", "   ", "     ")
    if row["modalities"]:
        yield from _wrapped(holds(row), "   ", "   ")
    for claim in row["claims"][:1]:
        said = (
            f"verdict by maintainers, {claim['reviewed_on']}: {claim['verdict']} ({claim['id']}: {claim['paraphrase']})"
        )
        yield from _wrapped(f"= {said}", "   ", "     ")
    yield from _warning_lines(row["warnings"], "   ")
    for said in row["not_checked"]:
        yield from _wrapped(f"? {said}", "   ", "     ")


def holds(row: dict[str, Any]) -> str:
    """How many reports the library has on a sentence's modality × outcome."""
    tags = " × ".join(" or ".join(t) for t in (row["modalities"], row["outcomes"]) if t)
    return f"the library holds {row['reports_on_this'] or 'no'} reports on {tags}"


def _source(found: dict[str, Any]) -> str:
    note = f" ({found['note']})" if found.get("note") else ""
    return f"{found['report']}{', ' + found['section'] if found['section'] else ''}{note}"


def _warning_lines(warnings: list[dict[str, str]], indent: str) -> Iterator[str]:
    for warning in warnings:
        yield from _wrapped(f"! {warning['code']}: {warning['message']}", indent, indent + "  ")


def _wrapped(line: str, first: str, rest: str) -> list[str]:
    plain = " ".join(_clean(line).split())
    return textwrap.wrap(plain, _WIDTH, initial_indent=first, subsequent_indent=rest) or [first]


def _markdown_lines(result: dict[str, Any]) -> Iterator[str]:
    yield "# Check of a draft"
    yield ""
    yield _escaped(summary(result) + ".")
    yield from ("\n" + _escaped(note) for note in result["notes"])
    if result["references"]:
        yield from ("", "## References", "")
        for number, row in enumerate(result["references"], 1):
            yield f"{number}. {_escaped(row['text'])}  "
            yield f"   {_escaped(_reference(row))}"
            yield from (f"   - **{w['code']}**: {_escaped(w['message'])}" for w in row["warnings"])
    yield from ("", "## Sentences")
    for number, row in enumerate(result["sentences"], 1):
        if row["claim"]:
            yield from _markdown_sentence(number, row)
    if result["warnings"]:
        yield from ("", "## The draft as a whole", "")
        for warning in result["warnings"]:
            where = (
                f" (sentences {', '.join(str(i + 1) for i in warning['sentences'])})" if warning["sentences"] else ""
            )
            yield f"- **{warning['code']}**{where}: {_escaped(warning['message'])}"


def _markdown_sentence(number: int, row: dict[str, Any]) -> Iterator[str]:
    refs = ", ".join(f"\\[{i + 1}\\]" for i in row["references"])
    yield ""
    yield f"**{number}.** {_escaped(row['text'])}"
    yield ""
    yield f"- {FINDINGS[row['finding']]}{' ' + refs if refs else ''}"
    yield from (f"  - {_escaped(_source(found))}: {_escaped(found['text'])}" for found in row["bears"])
    for one in row["numbers"]:
        beside = f" — {_escaped(one['source_text'])}" if one["source_text"] else ""
        yield f"- number {_escaped(one['text'])}: {one['finding']}{beside}"
    if row["modalities"]:
        yield f"- {_escaped(holds(row))}"
    for claim in row["claims"][:1]:
        named = f"{claim['id']}: {_escaped(claim['paraphrase'])}"
        yield f"- verdict by maintainers, {claim['reviewed_on']}: {claim['verdict']} ({named})"
    yield from (f"- **{w['code']}**: {_escaped(w['message'])}" for w in row["warnings"])
    yield from (f"- not checked: {_escaped(said)}" for said in row["not_checked"])


def _escaped(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(_clean(text).split()))
