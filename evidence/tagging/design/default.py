"""What a record is when no words name its design: planned, people counted, one patient, or an article that discusses.

Each answer carries the words that it rests on; a record without such words is given no design.
"""

from __future__ import annotations

import re
from itertools import islice

from evidence.tagging.design import rules
from evidence.tagging.design.reading import Found, Reading
from evidence.tagging.text.document import Sentence

COUNTED = "people counted, direction not stated"
# An abstract with fewer characters says too little to be called a review for what it does not say.
SHORT = 150
# So many general statements ("pain is", "treatment should") and English articles make an abstract that discusses.
LEAST_STATEMENTS = LEAST_ARTICLES = 2
# So many figures are a study's, though it names nobody that was counted.
LEAST_FIGURES = 2


def by_default(reading: Reading) -> Found | None:
    """The design of a record that names none and counts nobody, or ``None``."""
    if reading.protocol:
        return _planned(reading)
    laboratory = reading.found("laboratory")
    discussed = _discussed(reading)
    if laboratory and not discussed:
        return laboratory
    computed = reading.search("computed") is not None
    measured = computed or reading.search("measured") is not None
    if laboratory and measured:  # a review names laboratories, and measures nothing
        return laboratory
    studied = reading.search("studied")
    if discussed and not (computed or (measured and studied)):
        sentence, match = discussed
        return reading.words("review", "text: discusses, and computes nothing", sentence, *match.span())
    if measured and studied:
        sentence, match = studied
        return reading.words("observational", "text: people studied, number not stated", sentence, *match.span())
    return (None if measured else _general(reading)) or _figures(reading)


def only_discusses(reading: Reading) -> bool:
    """A discussion that reports nothing measured, though it may name trials."""
    return bool(_discussed(reading) and not reading.search("computed") and not reading.search("measured"))


def _discussed(reading: Reading) -> tuple[Sentence, re.Match[str]] | None:
    return reading.search("discussion")


def one_case(reading: Reading) -> Found | None:
    """One patient and what happened to that patient, with nobody else counted."""
    found = reading.search("one case")
    return reading.words("case_report", "text: one patient", found[0], *found[1].span()) if found else None


def counted(reading: Reading, design: str) -> Found:
    """The study of the people counted: the largest number of them, or the sentence that gives the arms' sizes."""
    largest = reading.people.largest()
    if largest is not None:
        return reading.words(design, COUNTED, largest.sentence, largest.start, largest.end)
    arms = reading.people.arms
    return (
        Found(design, COUNTED, 1, arms.sentence, "abstract", arms.section, arms.start, arms.end)
        if arms
        else Found(design, COUNTED, 1)
    )


def _planned(reading: Reading) -> Found:
    found = reading.search("protocol")
    if found:
        return reading.words("prospective", "planned study", found[0], *found[1].span())
    title = reading.document.title
    return Found("prospective", "planned study", 1, title.text, "title", None, 0, len(title.text))


def _figures(reading: Reading) -> Found | None:
    """Figures of its own and a word of clinical work in the title or results, though no design is named: a study."""
    if reading.search("discussion"):
        return None
    found = reading.search("figures")
    if found is None:
        return None
    told = sum(
        len(rules.SIGNS["figures"].pattern.findall(sentence.lower))
        for sentence in reading.document.abstract_sentences
        if sentence.category not in rules.NOT_THE_STUDY
    )
    if told < LEAST_FIGURES:
        return None
    return reading.words("observational", "text: figures of its own", found[0], *found[1].span())


def _general(reading: Reading) -> Found | None:
    """General statements in English, nothing measured, nobody counted: a review."""
    body = " ".join(section.lower for section in reading.document.sections)
    if len(body) < SHORT or body.count(" the ") + body.count(" a ") < LEAST_ARTICLES:
        return None
    if len(list(islice(rules.SIGNS["general"].pattern.finditer(body), LEAST_STATEMENTS))) < LEAST_STATEMENTS:
        return None
    if rules.SIGNS["bench"].search(body):
        return None
    found = reading.search("general")
    return (
        reading.words("review", "text: speaks in general, measures nothing", found[0], *found[1].span())
        if found
        else None
    )
