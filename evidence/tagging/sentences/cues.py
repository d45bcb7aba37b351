"""Words that tell what a sentence is for, and what it says of the terms in it: ``cues.yml``, each cue with its tests.

The automaton finds them in the same pass as the terms. Names are used by :mod:`.roles` and by
:mod:`~evidence.tagging.facets.modality`, ``outcome`` and ``condition``.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from evidence import yamlfile
from evidence.tagging.matching.vocabulary_file import read_strings, read_terms, refuse_unknown

_KEYS = frozenset({"terms", "yes", "no"})


class Cue(NamedTuple):
    """``terms`` in the language of the vocabulary; ``yes`` and ``no`` are sentences with and without the cue."""

    terms: tuple[str, ...]
    yes: tuple[str, ...]
    no: tuple[str, ...]


def read_cues(path: Path) -> dict[str, Cue]:
    """The cues of a file. Raises :class:`~evidence.errors.InputError` with file, line and reason for a mistake."""
    document = yamlfile.load(path)
    cues = {}
    for name, entry in (document.data or {}).items():
        refuse_unknown(document, entry, _KEYS, name)
        cue = Cue(
            read_terms(document, name, "terms"), read_strings(document, name, "yes"), read_strings(document, name, "no")
        )
        if not all(cue):
            raise document.error(f"cue {name} needs terms, yes and no", name)
        cues[name] = cue
    return cues


EVERY_CUE = read_cues(Path(__file__).with_name("cues.yml"))
CUES: dict[str, tuple[str, ...]] = {name: cue.terms for name, cue in EVERY_CUE.items()}
