"""The project's own vocabulary and its tagger, made once; records of invented texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.record import Record, Section
from evidence.tagging import Tagger, Vocabulary, load_vocabulary

MakeRecord = Callable[..., Record]


@pytest.fixture(scope="session")
def vocabulary(root: Path) -> Vocabulary:
    return load_vocabulary(root / "queries" / "vocabulary")


@pytest.fixture(scope="session")
def tagger(vocabulary: Vocabulary) -> Tagger:
    return Tagger(vocabulary)


@pytest.fixture(scope="session")
def make_record() -> MakeRecord:
    """``make_record("A title.", "An abstract.", METHODS="A labelled section.")``; every text is invented."""

    def make(title: str, abstract: str = "", /, kind: str = "article", **labelled: str) -> Record:
        sections = [Section(abstract)] if abstract else []
        sections += [Section(text, label, label) for label, text in labelled.items()]
        return Record(source="test", source_id="1", title=title, abstract=sections, kind=kind)

    return make
