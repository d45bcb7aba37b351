"""The tags of a draft's sentences: the vocabulary's words, lay words, and what the sentences before were about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from evidence.check.draft.direction import direction
from evidence.check.draft.sentences import DraftSentence
from evidence.model import WORD_FACETS
from evidence.record import Record

_KEPT = 2_000  # characters of a sentence that are tagged
# "Spinal cord stimulation (SCS)": a long form and the letters that stand for it in the rest of the draft.
_DEFINED = re.compile(r"\b((?:[A-Za-z][\w'’]{0,40}[ -]){1,6}[A-Za-z][\w'’]{0,40})\s{0,8}\(([A-Z][A-Za-z]{1,5}s?)\.?\)")
_SHORT_FORM = re.compile(r"(?<!\()\b[A-Z][A-Za-z]{1,6}\b(?!\))")
# What points back to something named before.
_BACK = re.compile(
    r"^(?:it|its|this|these|they|their|such|the (?:sessions?|treatments?|procedures?|therap(?:y|ies)|devices?|"
    r"implants?|electrodes?|leads?|"
    r"needles?|impulses|pumps?|systems?|methods?|techniques?|whole procedure|pulse generator|screening trial|goal|"
    r"patient|electrical|permanent))\b"
    r"|\b(?:this|these|the) (?:study|therapy|treatment|procedure|approach|method|process|device|technique|implants?|"
    r"sessions?)\b"
    r"|\b(?:electrodes?|pulse generator|implant\w*|sessions?|needles?|stimulation|device|stimulator|"
    r"electrical impulses|surger\w+|battery)\b",
    re.I,
)


class Tags(Protocol):
    """The part of a tagger's answer that is read here: tag ids of each facet."""

    modalities: Any
    outcomes: Any
    conditions: Any


class Tagger(Protocol):
    """Tags one record; ``vocabulary.tags`` maps facet → the ids there are."""

    vocabulary: Any

    def tag(self, record: Record) -> Any: ...


@dataclass(slots=True)
class SentenceTags:
    """Tag ids of one sentence. ``inherited`` are modalities that only the sentences before name.

    ``general`` and ``general_condition`` are the ids of the modality and condition that name no particular one,
    ``alike`` other measures of its outcomes.
    """

    modalities: list[str] = field(default_factory=list)
    outcomes: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    inherited: list[str] = field(default_factory=list)
    direction: str = ""
    general: str = ""
    general_condition: str = ""
    alike: list[str] = field(default_factory=list)

    @property
    def specific(self) -> list[str]:
        """The modalities but the general one."""
        return self.particular(self.modalities)

    def particular(self, modalities: Iterable[str]) -> list[str]:
        """Of these modalities all but the general one."""
        return [tag for tag in modalities if tag != self.general]

    def tokens(self) -> list[str]:
        """The tags as words that a sentence and a report may share."""
        return [f"#{tag}" for tag in (*self.modalities, *self.outcomes, *self.conditions)]


class DraftTagger:
    """Tags short texts by a vocabulary's words and by what popular articles call the same (``lay:``)."""

    def __init__(self, tagger: Tagger | None):
        self._tagger = tagger
        known = getattr(getattr(tagger, "vocabulary", None), "tags", None)
        self._lay: dict[str, list[tuple[str, re.Pattern[str]]]] = {
            facet: [(tag, entry.lay) for tag, entry in known[facet].items() if entry.lay] if known else []
            for facet in WORD_FACETS
        }
        general = getattr(getattr(tagger, "vocabulary", None), "general", lambda facet: "")
        self._general: dict[str, str] = {facet: general(facet) for facet in WORD_FACETS}
        outcomes = known["outcome"].values() if known else ()
        self._alike = [frozenset({entry.id, entry.beside}) for entry in outcomes if entry.beside]

    def tag(self, text: str) -> SentenceTags:
        """The tags of one text by itself."""
        found: dict[str, dict[str, None]] = {facet: {} for facet in WORD_FACETS}
        if self._tagger is not None:
            tags = self._tagger.tag(Record(source="draft", title=text[:_KEPT]))
            found = {
                "modality": dict.fromkeys(tags.modalities),
                "outcome": dict.fromkeys(tags.outcomes),
                "condition": dict.fromkeys(tags.conditions),
            }
        for facet, patterns in self._lay.items():
            found[facet].update(dict.fromkeys(tag for tag, pattern in patterns if pattern.search(text)))
            if len(found[facet]) > 1:
                found[facet].pop(self._general[facet], None)
        modalities, outcomes, conditions = (list(found[facet]) for facet in WORD_FACETS)
        return SentenceTags(
            modalities, outcomes, conditions, direction=direction(text), general=self._general["modality"],
            general_condition=self._general["condition"],
            alike=[tag for pair in self._alike if not pair.isdisjoint(outcomes) for tag in sorted(pair)],
        )  # fmt: skip

    def tokens(self, text: str) -> list[str]:
        return self.tag(text).tokens()

    def labels(self) -> dict[str, str]:
        """Tag id → its label; empty without a vocabulary."""
        known = getattr(getattr(self._tagger, "vocabulary", None), "tags", None) or {}
        return {tag: row.label for facet in known.values() for tag, row in facet.items() if hasattr(row, "label")}


def tag_sentences(
    sentences: Sequence[DraftSentence], tagger: DraftTagger, out_of_time: Callable[[], bool] = lambda: False
) -> list[SentenceTags]:
    """Tag every sentence of a draft in the light of its abbreviations, its headings and what was named last.

    ``out_of_time`` is asked before each; the rest have no tags then.
    """
    expand = _expander(sentences)
    result: list[SentenceTags] = []
    current: list[str] = []
    page: list[str] | None = None  # what the first heading names: a section that names nothing else is about that
    for sentence in sentences:
        if out_of_time():
            result.append(SentenceTags())
            continue
        if sentence.kind == "heading":
            named = tagger.tag(expand(sentence.text)).specific
            page = named if page is None else page
            current = named or list(page)
        if not sentence.claim:
            result.append(SentenceTags())
            continue
        tags = tagger.tag(expand(sentence.text))
        specific = tags.specific
        back = _BACK.match(sentence.text) if tags.modalities else _BACK.search(sentence.text)
        if current and not specific and back:
            tags.inherited = tags.modalities = list(current)
        elif tags.modalities:  # the general word starts afresh: what follows is about neuromodulation at large
            current = specific
        result.append(tags)
    return result


def _expander(sentences: Sequence[DraftSentence]) -> Callable[[str], str]:
    """Writes out the abbreviations that the draft itself defines."""
    long_forms: dict[str, str] = {}
    for sentence in sentences:
        for match in _DEFINED.finditer(sentence.text):
            words, short = match.group(1).split(), match.group(2)
            letters = "".join(w[0].lower() for w in re.split(r"[ -]", " ".join(words[-len(short) :])) if w)
            if letters.endswith(short.rstrip("s").lower()[-len(letters) :]) and short not in long_forms:
                long_forms[short] = " ".join(words[-len(short) :])
    if not long_forms:
        return lambda text: text
    return lambda text: _SHORT_FORM.sub(lambda m: long_forms.get(m.group(), m.group()), text)
