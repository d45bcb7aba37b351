"""Whether a record is about the subject of the library (core), beside it (neighbour), or about something else.

The labelling guideline: ``core`` is a modality studied or reviewed for the subject; ``neighbour`` a modality, but for
something else, or in animals; ``off_topic`` no modality at all. Where a record has a modality
and names nothing that it was used for, it is ``unstated``: a silent title is no ground for "not for that".
"""

from __future__ import annotations

from collections.abc import Collection

from evidence.model import Scope
from evidence.tagging.matching.vocabulary import Vocabulary
from evidence.tagging.text.document import BACKGROUND, Document


class ScopeReader:
    """Tells the scope of records by a vocabulary's ``scope:`` attributes and the profile's words."""

    def __init__(self, vocabulary: Vocabulary):
        self._words = vocabulary.scope_words
        self._core_conditions = vocabulary.of_scope("condition", "core")
        self._acute_conditions = vocabulary.of_scope("condition", "acute")
        self._core_modalities = vocabulary.of_scope("modality", "core")

    def scope(
        self, modalities: Collection[str], conditions: Collection[str], document: Document, animal: bool = False
    ) -> Scope:
        """From the modalities and conditions tagged, and the text."""
        words = self._words
        if not modalities:
            return Scope.OFF_TOPIC
        if animal:
            return Scope.NEIGHBOUR
        title = document.title.lower
        if not self._core_conditions.isdisjoint(conditions):
            acute = not self._acute_conditions.isdisjoint(conditions)
            only_acute = acute and not words.lasting_words.search(title + " " + _opening(document))
            return Scope.NEIGHBOUR if only_acute else Scope.CORE
        if conditions:
            return Scope.NEIGHBOUR
        if words.subject_words.search(title):
            acute = bool(words.acute_words.search(title)) and not words.lasting_words.search(title)
            return Scope.NEIGHBOUR if acute else Scope.CORE
        if not self._core_modalities.isdisjoint(modalities) and not words.other_diseases.search(title):
            return Scope.CORE
        return Scope.NEIGHBOUR if self._names_another_use(document) else Scope.UNSTATED

    def _names_another_use(self, document: Document) -> bool:
        """Whether the title, or an abstract that does not speak of the subject, says what else it was used for."""
        words, opening = self._words, _opening(document)
        texts = [document.title.lower]
        if not words.subject_words.search(opening):
            texts.append(opening)
        signs = (words.other_diseases, words.acute_words, words.other_uses, words.around)
        return any(found.search(text) for text in texts for found in signs)


def _opening(document: Document) -> str:
    """What the abstract says of the study, background left out."""
    return " ".join(s.lower for s in document.abstract_sentences if s.category != BACKGROUND)
