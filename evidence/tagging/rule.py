"""A rule: words that give a design where an anchor occurs and nothing speaks against it."""

from __future__ import annotations

import re
from typing import NamedTuple


class Rule(NamedTuple):
    """``pattern`` gives ``design`` where an anchor occurs and ``unless`` does not match the same title or sentence."""

    design: str
    name: str
    anchors: tuple[str, ...]
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None = None

    def match(self, text: str) -> re.Match[str] | None:
        found = self.pattern.search(text)
        return found if found and not (self.unless and self.unless.search(text)) else None


def rule(design: str, name: str, anchors: str, pattern: str, unless: str = "") -> Rule:
    """A rule from its printed form: anchors are separated by ``|``; ``@`` ends an anchor that ends in a blank."""
    words = tuple(anchor.replace("@", "") for anchor in anchors.split("|"))
    return Rule(design, name, words, re.compile(pattern), re.compile(unless) if unless else None)
