"""Words as a sentence prints them, for stems that were compared: people read "stimulation", not "stimul"."""

from __future__ import annotations

import re

from evidence.check.numbers.frames import Disagreement, arms
from evidence.check.retrieval.ranking import tokens

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


def as_printed(stems: str, sentence: str) -> str:
    """The words of a sentence that stems stand for, each once, in the sentence's order.

    Text that the sentence prints as it is stays; so do stems of which the sentence has no word.
    """
    if not stems or re.search(rf"(?<!\w){re.escape(stems)}(?!\w)", sentence, re.I):
        return stems
    left = stems.split()
    printed = []
    for found in _WORD.finditer(sentence):
        word = found.group()
        for stem in arms(frozenset(tokens(word))) & set(left):
            left.remove(stem)
            printed.append(word)
    return " ".join(dict.fromkeys([*printed, *left]))


def in_words(why: Disagreement, draft: str, source: str) -> Disagreement:
    """A disagreement of arms with both sides in the words of their sentences."""
    if why.part != "arm":
        return why
    return Disagreement(why.part, as_printed(why.draft, draft), as_printed(why.source, source), why.certain)
