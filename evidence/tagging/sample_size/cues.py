"""What the words around a number of people say of it: is this the study population, an arm, or what became of some?

The rules stand in ``cues.yml``, each with the side of the number that it looks at and how far.
"""

from __future__ import annotations

from pathlib import Path

from evidence.rules import Rule, load_rules
from evidence.tagging.matching.prefilter import Prefilter

_FILE = load_rules(Path(__file__).with_name("cues.yml"))
CUES = _FILE.parts["cues"]
# Who was pooled by a systematic review; the pattern's group ``n`` is their number.
POOLED = _FILE.parts["pooled"]
# Who was studied where no word for people stands beside the number; the sizes ``a`` and ``b`` of two arms.
LIKELY, BOTH = _FILE.parts["likely"], _FILE.parts["both"]
# Said of men or women only: "90 patients, 40 men and 50 women" are 90.
PART_BY_SEX = "a part by sex"


class CuesAt:
    """The cues that look at one side of a number. ``reach`` is the farthest that one of them looks."""

    def __init__(self, where: str):
        self._cues = tuple(rule for rule in CUES if rule.where == where)
        self._prefilter = Prefilter(rule.pattern for rule in self._cues)
        self.reach = max(rule.reach for rule in self._cues)

    def worth_trying(self, text: str) -> list[Rule]:
        """The cues that can hold in ``text`` or a part of it, in the order of the file."""
        cues = self._cues
        return [cues[place] for place in sorted(self._prefilter.which(text))]


BEFORE, AFTER, BETWEEN = CuesAt("before"), CuesAt("after"), CuesAt("between")
