"""A reading of a claim: whether the source that is named says so, and what else people found on it.

A reading is a draft until a named person confirms it. Fidelity (does the named source say so) is not the strength of
the evidence: how many studies the library holds on a claim, and of what level, is counted by the build.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from evidence.yamlfile import YamlFile

# Does the named source say so?
FIDELITIES = {
    "faithful": "the named source says so",
    "overstated": "the named source says less",
    "misreported": "the named source says something else",
    "no_source_named": "no source is named",
    "source_not_found": "the named source was not found",
    "not_checked": "not checked against the named source",
}
# What the evidence found says of it: for people to judge.
DIRECTIONS = {
    "for": "what was found says so too",
    "in_part": "what was found says so in part",
    "against": "what was found says otherwise",
    "nothing_found": "nothing was found that says so",
    "not_testable": "it says nothing that could be tested",
}
# What was read for it.
BASES = {
    "full_text": "the source was read in full",
    "abstract": "the abstract was read",
    "second_hand": "read second hand",
    "textbook": "textbook knowledge",
    "page_itself": "the page itself",
}
NO_BASIS = "basis not recorded"
DRAFT = "draft reading, not yet confirmed by a reviewer"
STATUSES = ("draft", "confirmed")
# How far a claim is from borne out, the least favourable first.
_UNFAVOURABLE = (
    ("misreported", "against"), ("source_not_found", "nothing_found"), ("overstated", "in_part"), ("", "not_testable"),
)  # fmt: skip
_BORNE_OUT = len(_UNFAVOURABLE)
# The one verdict of files written before fidelity and direction were told apart → the direction it was about.
OLD_VERDICTS = {
    "supported": "for", "partly": "in_part", "contradicted": "against", "unsupported": "nothing_found",
    "not checkable": "not_testable",
}  # fmt: skip
KEYS = ("fidelity", "direction", "basis", "reason", "drafted_on", "reviewed_on", "reviewed_by")
_ORCID = re.compile(r"(?:https?://orcid\.org/)?(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dX])\Z", re.I)
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]*\.?(?:[ -][^\W\d_][\w'’.]*)+\Z")
# Words that name a part played and no person.
_ROLES = re.compile(
    r"^(?:the|our)\b|\b(?:maintainers?|reviewers?|editors?|authors?|team|staff|admin\w*|committee|group|project|nobody|"
    r"no one|anonymous|unknown|bot|chat\w*|gpt\S*|language|model|assistant|program|script|automatic\w*|machine|"
    r"readers?|curators?)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What people made of a claim. ``dated`` is the day of the confirmation, else of the draft (``""``: not noted).

    ``fidelity`` is one of :data:`FIDELITIES`, ``direction`` of :data:`DIRECTIONS` or ``""``, ``basis`` of :data:`BASES`
    or ``""`` (not recorded). ``reviewed_by`` are the people who confirmed it: empty while it is a draft.
    """

    fidelity: str
    direction: str = ""
    basis: str = ""
    reason: str = ""
    dated: str = ""
    reviewed_by: tuple[str, ...] = ()

    @property
    def status(self) -> str:
        return "confirmed" if self.reviewed_by else "draft"

    @property
    def rank(self) -> int:
        """How far from borne out: 0 is the least favourable."""
        found = (i for i, pair in enumerate(_UNFAVOURABLE) if self.fidelity == pair[0] or self.direction == pair[1])
        return next(found, _BORNE_OUT)

    @property
    def borne_out(self) -> bool:
        """Whether nothing of it says that the claim is more than its source or the evidence."""
        return self.rank > 2

    def in_words(self) -> str:
        """Fidelity and direction as a sentence says them: ``no source is named; what was found says otherwise``."""
        return "; ".join(filter(None, (FIDELITIES[self.fidelity], DIRECTIONS.get(self.direction, ""))))

    def standing(self) -> str:
        """Whose reading it is: ``draft reading, not yet confirmed by a reviewer``, or who confirmed it and when."""
        if not self.reviewed_by:
            return DRAFT
        return f"confirmed by {' and '.join(self.reviewed_by)}" + (f", {self.dated}" if self.dated else "")

    def basis_in_words(self) -> str:
        return BASES.get(self.basis, NO_BASIS)


def person(named: str) -> str | None:
    """The person's name, or ORCID with its dashes; ``None`` for what names nobody ("maintainers", "the team").

    An ORCID's last digit is checked (ISO 7064 MOD 11-2).
    """
    named = " ".join(named.split())
    if found := _ORCID.match(named):
        orcid = "-".join(found.groups()).upper()
        return orcid if _check_digit(orcid.replace("-", "")[:15]) == orcid[-1] else None
    cased = named.lower() != named.upper()
    if _ROLES.search(named) or (cased and named == named.lower()):
        return None
    return named if _NAME.match(named) or (not cased and len(named) > 1 and named.replace(" ", "").isalpha()) else None


def _check_digit(digits: str) -> str:
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    result = (12 - total % 11) % 11
    return "X" if result == 10 else str(result)


def read_reading(document: YamlFile, entry: dict[str, Any], name: str, *here: str | int) -> tuple[Reading | None, bool]:
    """The reading of a claim's or a log's entry, ``None`` where there is none; and whether it is of the older form.

    Raises :class:`~evidence.errors.InputError` with file, line and reason: an unknown value, a reading without a
    reason, a reviewer who is no named person.
    """
    old = entry.get("verdict") not in (None, "")
    values = {key: str(entry.get(key) or "").strip() for key in ("fidelity", "direction", "basis", "reason")}
    if old:
        verdict = str(entry["verdict"])
        if verdict not in OLD_VERDICTS:
            reason = (
                f"{name}: verdict {verdict!r} is not one of {', '.join(OLD_VERDICTS)}; better: fidelity and direction"
            )
            raise document.error(reason, *here, "verdict")
        values["direction"] = values["direction"] or OLD_VERDICTS[verdict]
        values["fidelity"] = values["fidelity"] or ("not_checked" if entry.get("cites") else "no_source_named")
    for key, allowed in (("fidelity", FIDELITIES), ("direction", DIRECTIONS), ("basis", BASES)):
        if values[key] and values[key] not in allowed:
            raise document.error(f"{name}: {key} {values[key]!r} is not one of {', '.join(allowed)}", *here, key)
    if not values["fidelity"]:
        if extra := next((key for key in KEYS if entry.get(key) not in (None, "")), None):
            raise document.error(f"{name}: {extra!r} without 'fidelity' ({', '.join(FIDELITIES)})", *here, extra)
        return None, False
    if not values["reason"]:
        raise document.error(f"{name}: has a reading without a reason", *here)
    people, nobody = _people(document, entry, name, here, old)
    dated = day(document, entry, "reviewed_on", *here) or day(document, entry, "drafted_on", *here)
    if people and not day(document, entry, "reviewed_on", *here):
        raise document.error(f"{name}: 'reviewed_by' without 'reviewed_on' (YYYY-MM-DD)", *here, "reviewed_by")
    return Reading(**values, dated=dated, reviewed_by=people), old or nobody


def _people(
    document: YamlFile, entry: dict[str, Any], name: str, here: tuple[str | int, ...], old: bool
) -> tuple[tuple[str, ...], bool]:
    """Who confirmed it, and whether an older form's ``maintainers`` or the like stands there, who are nobody."""
    written = entry.get("reviewed_by")
    if written in (None, "", []):
        return (), False
    if str(written).strip().lower() == "maintainers":
        return (), True
    people = []
    for one in written if isinstance(written, list) else [written]:
        named = person(str(one))
        if named is None and old:
            return (), True
        if named is None:
            what = "names no person: write a first and last name or an ORCID, or leave it out"
            raise document.error(f"{name}: reviewed_by {str(one)!r} {what}", *here, "reviewed_by")
        people.append(named)
    return tuple(dict.fromkeys(people)), False


def day(document: YamlFile, entry: dict[str, Any], key: str, *here: str | int) -> str:
    """A date as ``YYYY-MM-DD``; ``""`` when absent."""
    value = entry.get(key)
    if value is None:
        return ""
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise document.error(f"{key} {value!r} is not a date (YYYY-MM-DD)", *here, key) from None
