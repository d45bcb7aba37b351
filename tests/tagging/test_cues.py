"""Every cue is found in the sentences that have it, and in none that have not."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.errors import InputError
from evidence.record import Record, Section
from evidence.tagging import Tagger
from evidence.tagging.sentences.cues import EVERY_CUE, read_cues
from evidence.tagging.text.document import read


@pytest.mark.parametrize("name", EVERY_CUE)
def test_examples(name: str, tagger: Tagger) -> None:
    def cues_of(sentence: str) -> set[str]:
        document = read(Record(source="test", title="T", abstract=[Section(sentence)]))
        return {cue for found in tagger._matcher.find(document).cues for cue in found}

    cue = EVERY_CUE[name]
    assert [sentence for sentence in cue.yes if name not in cues_of(sentence)] == []
    assert [sentence for sentence in cue.no if name in cues_of(sentence)] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("hope:\n  terms: [may]\n  yes: [it may]\n", "1.yml:1: cue hope needs terms, yes and no"),
        ("hope:\n  terms: [m]\n  yes: [it may]\n  no: [it]\n", "a term needs two characters"),
        ("hope:\n  terms: [may]\n  if: [it may]\n", "unknown key 'if'"),
    ],
)
def test_mistakes(tmp_path: Path, text: str, says: str) -> None:
    (tmp_path / "1.yml").write_text(text)
    with pytest.raises(InputError, match=says.replace("(", "\\(")):
        read_cues(tmp_path / "1.yml")
