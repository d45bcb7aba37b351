"""A rule: words that give a design where an anchor occurs and nothing speaks against it."""

from __future__ import annotations

import re
from typing import NamedTuple

from evidence.tagging.matching.needed_words import Guarded, needed_words


class Rule(NamedTuple):
    """``pattern`` gives ``design`` where an anchor occurs and ``unless`` does not match the same title or sentence."""

    design: str
    name: str
    anchors: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: Guarded | None = None

    def match(self, text: str) -> re.Match[str] | None:
        found = self.pattern.search(text)
        return found if found and not (self.unless and self.unless.search(text)) else None


def rule(design: str, name: str, pattern: str, unless: str = "", anchors: str = "", also: str = "") -> Rule:
    """A rule from its printed form. ``anchors`` (separated by ``|``; ``@`` ends one that ends in a blank) are given
    only where the words that the pattern needs are too common ("rat" in "duration"); ``also`` adds to those that it
    needs, where one may be glued to the end of another word. ``ValueError`` without any."""
    words = _printed(anchors) or (*needed_words(pattern), *_printed(also))
    if not words:
        raise ValueError(f"rule {name!r}: no word that the pattern needs; give it anchors")
    return Rule(design, name, words, re.compile(pattern), Guarded(unless, known=words) if unless else None)


def _printed(anchors: str) -> tuple[str, ...]:
    return tuple(anchor.replace("@", "") for anchor in anchors.split("|")) if anchors else ()
