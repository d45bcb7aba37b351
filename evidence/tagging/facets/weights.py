"""The weights of the facts: ``weights.json``, made by ``benchmarks/fit_tagging.py`` and readable by a person.

A tag is given when the sum of its facts' weights is above zero.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from evidence.tagging.facets.fact_words import in_words, is_so

WEIGHTS_FILE = Path(__file__).parents[1] / "weights.json"
FACTS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Weights:
    """A linear decision over named facts."""

    start: float
    facts: Mapping[str, float]

    def score(self, found: Mapping[str, float]) -> float:
        """Above zero: give the tag."""
        get, total = self.facts.get, self.start
        for name, value in found.items():
            total += value * get(name, 0.0)
        return total

    def reason(self, found: Mapping[str, float], given: bool) -> str:
        """The facts that spoke loudest for the decision, in words."""
        sign = 1 if given else -1
        get = self.facts.get
        shares = [(share, name) for name, value in found.items() if (share := sign * value * get(name, 0.0)) > 0]
        shares.sort(reverse=True)
        told: list[str] = []
        for _, name in shares:
            if is_so(name, found) and (words := in_words(name)) and words not in told:
                told.append(words)
                if len(told) == FACTS_SHOWN:
                    break
        return "; ".join(told) or ("phrase" if given else "no word says that it was studied")


@lru_cache(maxsize=1)
def load_weights() -> dict[str, Weights]:
    """The weights of each facet."""
    data = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return {facet: Weights(entry["start"], entry["facts"]) for facet, entry in data["facets"].items()}
