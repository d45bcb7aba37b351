"""How many took part in a trial by its registration, beside what a sentence says of that trial."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from evidence.bibliography.registrations import registrations_in
from evidence.check.cited import Cited
from evidence.check.library_protocol import CheckLibrary, TrialFacts
from evidence.check.numbers.numbers import Number
from evidence.check.warnings import Warning_

# The role of a number of people that is no part of another.
_PEOPLE = "n"
# A report of more trials pools them: no one enrolment is its own.
_MOST = 1


def registry_warnings(
    text: str, numbers: Sequence[Number], cited: Sequence[Cited], library: CheckLibrary
) -> Iterator[Warning_]:
    """For each trial that the sentence names, or that a report it cites is of: planned and enrolled, where the sentence
    has a number of people."""
    people = [number for number in numbers if number.role == _PEOPLE]
    if not people:
        return
    printed = ", ".join(f"\u201c{number.text}\u201d" for number in people)
    for trial in _trials(text, cited, library):
        if said := in_words(trial):
            beside = "" if any(_same(number, trial.enrolled) for number in people) else f"; the sentence has {printed}"
            where = f"{trial.number}, {trial.registry}, asked on {trial.asked_at[:10]}"
            yield Warning_("registry-enrolment", f"the registry says {said} ({where}){beside}")


def in_words(trial: TrialFacts) -> str:
    """``231 planned, 204 enrolled``; ``""`` where the registry gives neither.

    A number that the registry does not say to be either is given as that.
    """
    parts = [f"{trial.planned:,} planned"] if trial.planned is not None else []
    parts += [f"{trial.enrolled:,} enrolled"] if trial.enrolled is not None else []
    if not parts and trial.enrolment is not None:
        return f"an enrolment of {trial.enrolment:,}, planned or actual is not said"
    return ", ".join(parts)


def _trials(text: str, cited: Sequence[Cited], library: CheckLibrary) -> list[TrialFacts]:
    named = [library.trial(number) for _, number in registrations_in(text)]
    found = [trial for trial in named if trial]
    for one in cited:
        own = library.trials(one.facts.id) if one.facts and not one.one_of_several else ()
        found += own if len(own) <= _MOST else ()
    return list({trial.number: trial for trial in found}.values())


def _same(number: Number, enrolled: int | None) -> bool:
    return enrolled is not None and number.low <= enrolled <= number.high
