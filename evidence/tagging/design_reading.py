"""What was read of a record before its design is decided: words that name designs, and numbers of people."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

from evidence.tagging.anchors import Hits
from evidence.tagging.sample_size import People
from evidence.tagging.text import ADMINISTRATIVE, BACKGROUND, ELIGIBILITY, Document, Sentence

NOT_THE_STUDY = frozenset({BACKGROUND, ELIGIBILITY, ADMINISTRATIVE})


class Found(NamedTuple):
    """A design and the words that say so; ``strength``: 4 publication type, 3 title, 2 text, 1 a type not checked."""

    design: str
    rule: str
    strength: int
    phrase: str = ""
    field: str = "abstract"
    section: int | None = None
    start: int | None = None
    end: int | None = None


@dataclass(slots=True)
class Reading:
    """What was read of a record: ``best`` holds the strongest words for each design, ``people`` the numbers counted."""

    document: Document
    hits: Hits
    protocol: bool
    best: dict[str, Found]
    people: People

    def search(
        self, pattern: re.Pattern[str], sentences: list[Sentence] | None = None
    ) -> tuple[Sentence, re.Match[str]] | None:
        """The first match in the abstract's sentences (all of them, or these), background and eligibility left out."""
        for sentence in self.document.sentences if sentences is None else sentences:
            if sentence.part is not None and sentence.category not in NOT_THE_STUDY:
                match = pattern.search(sentence.lower)
                if match:
                    return sentence, match
        return None

    def words(self, design: str, rule: str, sentence: Sentence, start: int, end: int, strength: int = 1) -> Found:
        """Words of a sentence as evidence; offsets are given in the sentence, kept in its part."""
        part = self.document.part(sentence.part)
        start, end = sentence.start + start, sentence.start + end
        field = "title" if sentence.part is None else "abstract"
        return Found(design, rule, strength, part.text[start:end], field, sentence.part, start, end)
