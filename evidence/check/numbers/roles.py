"""The part a number plays, read off the words around it: a sample size, a share, a change, a follow-up, a dose."""

from __future__ import annotations

import re

from evidence.check.numbers.tables import (
    CHANGE,
    CHANGED_BY,
    COMPARATORS,
    DURATION,
    OF,
    OR_MORE,
    PEOPLE,
    PERCENT,
    RATE,
    RELIEF_OF,
    RESPONDER,
    SHARE,
    SHORT,
    THRESHOLD_AFTER,
    THRESHOLD_BEFORE,
    TIME,
    WINDOW,
)

_AGE_WAS = re.compile(
    r"\b(?:age|aged)\b(?: (?:was|were|is|of|in|the|on|a|at|about|mean|median|middle|average))*\s*$", re.I
)
_OF_THEIR_PAIN = re.compile(r"\s*(?:of )?(?:their|the|his|her)\b[^.;,]{0,30}\bpain\b", re.I)


def compare_sign(text: str, start: int) -> str:
    before = text[max(0, start - 24) : start]
    return next((sign for sign, pattern in COMPARATORS if pattern.search(before)), "")


def role_of(text: str, start: int, end: int, dimension: str, base: float, kind: str) -> str:
    before = text[max(0, start - WINDOW) : start]
    if dimension == PEOPLE:
        return "n_part" if OF.search(before) else "n"
    if dimension == PERCENT:
        return percent_role(text, start, end)
    if dimension == TIME:
        if kind == "age" or re.match(r"\s*(?:old|of age)\b", text[end : end + 10]) or _AGE_WAS.search(before):
            return "age"
        return "duration" if base < SHORT or _lasts(text, start, end) else "followup"
    return {
        RATE: "frequency", "sessions": "sessions", "electrodes": "count", "leads": "count", "studies": "studies",
        "sites": "sites",
        "Hz": "dose", "mg": "dose", "mL": "dose", "mA": "dose", "V": "dose", "µs": "dose",
        "points": "change" if CHANGE.search(before) else "score",
        "age": "age", "fold": "ratio", "implants": "count", "money": "money",
    }.get(dimension, "other")  # fmt: skip


def _lasts(text: str, start: int, end: int) -> bool:
    return bool(DURATION.search(text[max(0, start - 24) : start])) and not re.search(
        r"follow", text[start : end + 20], re.I
    )


def percent_role(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - WINDOW) : start], text[end : end + WINDOW]
    before = re.split(r"[;.]\s|\d\s?%", before)[-1]
    if (
        THRESHOLD_BEFORE.search(before)
        and THRESHOLD_AFTER.match(after)
        and re.search(
            r"[\d%)]|\b(?:responders?|patients|had|with|reach(?:ed)?|achieved?|got|reported|obtained|experienced|"
            r"felt|of them)\b",
            before,
        )
    ):
        return "threshold"
    if RELIEF_OF.search(before) or OR_MORE.match(after):
        return "threshold"
    if THRESHOLD_BEFORE.search(before) and _OF_THEIR_PAIN.match(after):  # "had at least half of their pain relieved"
        return "threshold"
    if re.match(r"\s*(?:CI|confidence)", after):
        return "other"
    if SHARE.match(after):
        return "responder" if RESPONDER.search(after) else "percent"
    if re.match(
        r"\s*(?:(?!(?:had|have|has|got|get|with|felt|found|reported|reached|achieved|saw|of|in|and|the|"
        r"needed) )[\w-]+ )?(?:decrease|reduction|fall|drop|cut|increase|improvement|rise|decline|relief|lower|less|"
        r"fewer|higher|change)\b",
        after,
        re.I,
    ):
        return "change"
    if CHANGED_BY.search(before):
        return "change"
    if RESPONDER.search(before) or RESPONDER.search(after):
        return "responder"
    return (
        "change"
        if re.search(
            r"\b(?:reduction|decrease|relief|improvement|increase|decline|change)\b[^,;.]{0,24}$", before, re.I
        )
        else "percent"
    )
