"""Words that make a statement weaker (hedges) or stronger (absolutes), and hedges of a source that a draft dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEDGES = (
    "may", "might", "could", "can potentially", "possibly", "perhaps", "probably", "potentially?", "likely",
    "appear(?:s|ed)?(?: to)?",
    "seem(?:s|ed)?(?: to)?", "suggest(?:s|ed|ing)?(?: that)?", "relatively", "generally", "usually", "often",
    "sometimes", "in some",
    "some(?: (?:patients|people|studies|evidence))?", "not uncommon", "not unusual", "limited", "uncertain(?:ty)?",
    "unclear", "unknown",
    "inconclusive", "preliminary", "insufficient", "low[- ]certainty", "very low", "low[- ]quality",
    "moderate[- ]certainty",
    "small(?: sample| study| trial)?", "short[- ]term", "tend(?:s|ed)? to", "in (?:selected|certain) (?:patients|"
    "cases)", "selected patients",
    "further (?:research|studies|trials)", "more research", "larger (?:studies|trials)", "cannot be excluded",
    "not significant\\w*",
    "no significant", "risk of bias", "pilot", "feasib\\w+", "exploratory", "is thought to", "are thought to",
    "reportedly", "is believed to",
    "cautious\\w*", "caution", "modest", "partial(?:ly)?", "minority", "high degree of uncertainty", "up to",
    "certain types",
)  # fmt: skip
_ABSOLUTES = (
    "reliabl[ye]", "complete(?:ly)?", "total(?:ly)?", "always", "never", "all patients", "every (?:patient|one)",
    "everyone", "no one", "cures?",
    "cured", "permanent(?:ly)?(?! (?:implant|lead|device|system|pump|stimulator|electrode|placement))",
    "guarantee[ds]?", "proven", "proves?", "definitely", "certainly", "undoubtedly",
    "without (?:any |these )?(?:risks?|"
    "side effects|complications)", "no (?:side effects|risks?|complications|advised limitations|"
    "addiction potential)", "risk[- ]free", "remarkably",
    "dramatic(?:ally)?", "breakthrough", "revolutionary", "miracle", "eliminates?", "the best", "requires?", "must",
    "has to", "life[- ]changing",
    "confirm(?:s|ed)?", "100 ?%", "perfectly", "entirely", "does require", "fully",
)  # fmt: skip
HEDGE = re.compile(rf"\b(?:{'|'.join(_HEDGES)})\b", re.I)
ABSOLUTE = re.compile(rf"(?<!\w)(?:{'|'.join(_ABSOLUTES)})(?!\w)", re.I)
# "May 2014" is a month.
_MONTH = re.compile(r"\bMay(?= \d)|(?<=\d )May\b")
# Hedges that say how sure a source is; dropping one of these changes what is said.
_WEIGHTY = re.compile(
    r"relatively|not uncommon|not unusual|limited|uncertain|unclear|inconclusive|preliminary|insufficient|low|may|"
    r"might|could|"
    r"suggest|appear|seem|further|larger|risk of bias|pilot|feasib|not significant|no significant|caution|modest|"
    r"partial|short|"
    r"some|potential|possibl|selected|up to|more research",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Tone:
    """The hedges and the absolutes of a sentence, as printed, in order, each once."""

    hedges: tuple[str, ...]
    absolutes: tuple[str, ...]


def tone(sentence: str) -> Tone:
    sentence = _MONTH.sub("   ", sentence)
    return Tone(_found(HEDGE, sentence), _found(ABSOLUTE, sentence))


def dropped(draft: Tone, source_sentence: str) -> tuple[str, ...]:
    """The hedges of a source's sentence when the draft, saying the same, has none at all; ``()`` otherwise."""
    if draft.hedges:
        return ()
    return tuple(hedge for hedge in tone(source_sentence).hedges if _WEIGHTY.match(hedge))


def _found(pattern: re.Pattern[str], sentence: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(match.group().lower() for match in pattern.finditer(sentence)))
