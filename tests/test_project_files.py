"""A value of another kind than a project's file should have: refused with a line, or taken; never a bug."""

from __future__ import annotations

import copy
import datetime
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from evidence.cited_sources import load_sources
from evidence.deduplicate import load_decisions
from evidence.errors import EvidenceError
from evidence.ledger.ledger import load_ledger
from evidence.profile import load_profile
from evidence.project import Project
from evidence.relate import load_groups
from evidence.site.settings import read_settings
from evidence.tagging import Vocabulary, load_hand_tags, load_vocabulary
from evidence.topics import load_topics

ODD: list[Any] = [
    None, [], {}, "x", "", 5, -1, 1.5, float("nan"), float("inf"), True, datetime.date(2020, 1, 1), [[]], [{}],
    {"a": {}}, {"set": [[1]]}, ["x"], [None], {"x": "y"}, b"bytes", {1, 2}, [["a", "b"]], [1, "a", None],
]  # fmt: skip
TOPIC = {"title": "A", "modality": "scs", "query": "a[tiab]", "articles": ["a"], "notes": "n", "tag_only": False}
SOURCES = {
    "review_note": "n",
    "sources": {
        "a2014": {
            "cited_as": "A 2014", "kind": "article", "title": "T", "authors": ["A B"], "journal": "J", "year": 2014,
            "volume": "1", "pages": "1-9", "pmid": "24912345", "doi": "10.5555/x", "confirmed": True, "n": 4,
            "numbers": [{"value": 1, "unit": "%", "role": "n", "what": "w"}], "facts": ["f"],
            "noted_on": "2020-01-01",
        }
    },
}  # fmt: skip
CLAIMS = {
    "article": {"title": "T", "publisher": "P"},
    "drafted_on": "2020-01-01",
    "claims": [
        {
            "id": "a-1", "paraphrase": "p", "kind": "efficacy", "reason": "r", "fidelity": "faithful",
            "direction": "for", "basis": "abstract", "attributed": True, "drafted_on": "2020-01-01",
            "cites": ["a2014"], "reviewed_on": "2020-01-01", "reviewed_by": "Ada Byron",
            "modalities": ["scs"], "outcomes": [], "sources": [],
            "numbers": [{"low": 1, "high": 2, "unit": "%", "role": "n"}], "flags": ["f"],
        }
    ],
}  # fmt: skip
HAND_TAGS = [
    {"report": "1", "who": "me", "why": "w", "modality": {"add": ["scs"], "remove": []}, "outcome": {"set": []},
     "design": "rct", "level": 2, "sample_size": 5, "scope": "core"},
]  # fmt: skip
PROFILE = {
    "title": "T", "name": "tt", "subject": "s", "question": "q", "covers": "c", "example_search": "e", "core": "On it",
    "starter": "neuromodulation", "scope": {"subject_words": "a", "implied_by": "b", "around": "c",
              "other_uses": {"mind": "d"}},
}  # fmt: skip
MERGES = [{"records": ["a", "b"], "merge": True, "reason": "r"}]
STUDIES = [
    {"id": "p", "title": "P", "reason": "r", "registrations": ["NCT01697358"], "apart": ["3"],
     "reports": [{"report": "1", "role": "main"}]},
]  # fmt: skip
METADATA = {
    "title": "T",
    "plugins": {
        "evidence": {"site_url": "https://a.example", "public": True, "abstracts": {"pubmed": "show", "*": "hide"}}
    },
}


@pytest.fixture(scope="module")
def vocabulary(root: Path) -> Vocabulary:
    return load_vocabulary(root / "queries" / "vocabulary")


def settings(path: Path) -> None:
    read_settings(Project(path.parent).settings(), None)


READERS: dict[str, tuple[Any, str, Callable[[Path, Vocabulary], Any]]] = {
    "topic": (TOPIC, "topics/a.yml", lambda path, known: load_topics(path.parent, known.tags["modality"])),
    "sources": (SOURCES, "sources.yml", lambda path, known: load_sources(path)),
    "claims": (CLAIMS, "claims/a.yml", lambda path, known: load_ledger(path.parent, known, [])),
    "hand tags": (HAND_TAGS, "hand_tags.yml", load_hand_tags),
    "merges": (MERGES, "merges.yml", lambda path, known: load_decisions(path)),
    "studies": (STUDIES, "studies.yml", lambda path, known: load_groups(path)),
    "profile": (PROFILE, "profile.yml", lambda path, known: load_profile(path)),
    "settings": (METADATA, "metadata.yml", lambda path, known: settings(path)),
}


def places(data: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield here
    for key, value in data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ():
        yield from places(value, (*here, key))


def with_value(data: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    data = inner = copy.deepcopy(data)
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return data


@pytest.mark.parametrize("name", READERS)
def test_a_value_of_another_kind(tmp_path: Path, vocabulary: Vocabulary, name: str) -> None:
    good, file, read = READERS[name]
    path = tmp_path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    refused = 0
    for place in places(good):
        for value in ODD:
            path.write_text(yaml.safe_dump(with_value(good, place, value)), encoding="utf-8")
            try:
                read(path, vocabulary)
            except EvidenceError as error:
                refused += 1
                assert error.exit_code == 2 and "\n" not in str(error), (place, value)
                assert "metadata.yml" in str(error) or str(error).startswith(f"{path}:"), (place, value, str(error))
            except Exception as error:
                raise AssertionError(f"{name} {place}: {value!r}: {type(error).__name__}: {error}") from error
    assert refused > len(ODD)


@pytest.mark.parametrize(
    "key", ["parent", "mesh", "terms", "patterns", "abbreviations", "label", "definition", "level"]
)
def test_a_tag_of_another_kind(tmp_path: Path, root: Path, key: str) -> None:
    original = root / "queries" / "vocabulary"
    for path in original.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    facet = yaml.safe_load((original / "condition.yml").read_text(encoding="utf-8"))
    facet["tags"] = dict(list(facet["tags"].items())[:3])
    first = next(iter(facet["tags"]))
    for value in ODD[::3]:  # each time the whole vocabulary is read
        changed = with_value(facet, ("tags", first, key), value)
        (tmp_path / "condition.yml").write_text(yaml.safe_dump(changed), encoding="utf-8")
        with_error = None
        try:
            load_vocabulary(tmp_path)
        except EvidenceError as error:
            with_error = error
        assert with_error is None or (with_error.exit_code == 2 and "\n" not in str(with_error))
