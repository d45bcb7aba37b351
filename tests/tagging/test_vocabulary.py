"""Vocabulary files: what is read, what is refused with file, line and reason, and what is covered."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from evidence.errors import InputError
from evidence.tagging import Tagger, Vocabulary, load_vocabulary

ARTICLES = {
    "pain-spine-pnt",
    "verywell-neuromodulation",
    "hong-neuromodulation",
    "icliniq-neuromodulation",
    "midback-neuromodulation",
}


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    for facet in ("outcome", "condition", "design"):
        (tmp_path / f"{facet}.yml").write_text(f"facet: {facet}\ntags: {{}}\n")
    (tmp_path / "concepts.yml").write_text("concepts: {}\n")
    return tmp_path


def modality(directory: Path, body: str) -> Path:
    (directory / "modality.yml").write_text("facet: modality\ntags:\n" + body)
    return directory


def test_a_tag_is_one_entry(directory: Path) -> None:
    body = "  scs:\n    label: Stimulation\n    terms: [cord stimulat*]\n    abbreviations: {SCS: [spinal cord]}\n"
    vocabulary = load_vocabulary(modality(directory, body))
    tag = vocabulary.tags["modality"]["scs"]
    assert (tag.label, tag.terms) == ("Stimulation", ("cord stimulat*",))
    assert tag.abbreviations == {"SCS": ("spinal cord",)}
    assert Tagger(vocabulary).vocabulary is vocabulary


def test_the_hash_changes_with_the_words_and_not_with_comments(directory: Path) -> None:
    first = load_vocabulary(modality(directory, "  scs: {label: S, terms: [cord]}\n")).hash
    assert load_vocabulary(modality(directory, "  # a comment\n  scs: {label: S, terms: [cord]}\n")).hash == first
    assert load_vocabulary(modality(directory, "  scs: {label: S, terms: [cords]}\n")).hash != first


@pytest.mark.parametrize(
    ("body", "line", "reason"),
    [
        ("  scs:\n    label: S\n    term: [cord]\n", 5, "unknown key 'term'"),
        ("  scs: {terms: [cord]}\n", 3, "needs a label"),
        ("  SCS: {label: S}\n", 3, "lower case"),
        ("  a1: {label: S}\n  a1: {label: T}\n", 4, "stands twice"),
        ("  scs:\n    label: S\n    parent: none_such\n", 5, "unknown parent"),
        ("  aa:\n    label: A\n    parent: bb\n  bb:\n    label: B\n    parent: aa\n", 5, "its own ancestor"),
        ("  scs:\n    label: S\n    terms: [cord, x]\n", 5, "two characters or more"),
        ("  scs:\n    label: S\n    terms: ['a*']\n", 5, "two characters or more"),
        ("  scs:\n    label: S\n    terms: [12]\n", 5, "quote it"),
        ("  scs:\n    label: S\n    patterns:\n      - {regex: 'cord'}\n", 6, "anchor"),
        ("  scs:\n    label: S\n    masks:\n      - {regex: 'cord'}\n", 6, "anchor"),
        ("  scs:\n    label: S\n    patterns:\n      - {anchor: cord, regex: '(a+)+b'}\n", 6, "backtrack"),
        ("  scs:\n    label: S\n    patterns:\n      - {anchor: cord, regex: '('}\n", 6, "not a regular expression"),
        ("  scs:\n    label: S\n    abbreviations: [SCS]\n", 5, "maps each abbreviation"),
        ("  scs:\n    label: S\n    abbreviations: {S: []}\n", 5, "two characters or more"),
        ("  scs:\n    label: S\n    mesh: [[Pain, D010146]]\n", 5, "exact or weak"),
        ("  scs:\n    label: S\n    pairs: [[D010146]]\n", 5, "two or more"),
        ("  scs:\n    label: S\n    requires: [none_such]\n", 5, "no tag"),
        ("  scs:\n    label: S\n    level: 9\n", 5, "1 to 5"),
    ],
)
def test_a_mistake_is_refused_with_its_line(directory: Path, body: str, line: int, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        load_vocabulary(modality(directory, body))
    assert (caught.value.line, str(caught.value.path).endswith("modality.yml")) == (line, True)
    assert reason in caught.value.reason


def test_a_facet_that_is_not_its_file_is_refused(directory: Path) -> None:
    (directory / "modality.yml").write_text("facet: outcome\ntags: {}\n")
    with pytest.raises(InputError, match="facet is 'outcome'"):
        load_vocabulary(directory)


def test_every_tag_has_a_definition_and_known_articles(vocabulary: Vocabulary) -> None:
    for facet in ("modality", "outcome", "condition"):
        for tag in vocabulary.tags[facet].values():
            assert tag.definition, tag.id
            assert set(tag.articles) <= ARTICLES, tag.id
    assert all(set(concept.articles) <= ARTICLES for concept in vocabulary.concepts.values())


def _rows(path: Path) -> list[tuple[str, str, list[str]]]:
    found = []
    for group, rows in yaml.safe_load(path.read_text()).items():
        if group.startswith("traps"):
            continue
        for row in rows:
            name = row["id"] if isinstance(row, dict) else row.rsplit(" [", 1)[0]
            seeds = row["seeds"] if isinstance(row, dict) else row.rsplit(" [", 1)[1].rstrip("]").split(", ")
            found.append((f"{group}:{name}", name, seeds))
    return found


@pytest.mark.shared
def test_every_topic_of_the_health_articles_is_covered(vocabulary: Vocabulary, shared_dir: Path) -> None:
    covered: dict[str, set[str]] = {}
    everything = [tag for known in vocabulary.tags.values() for tag in known.values()]
    for entry in [*everything, *vocabulary.concepts.values()]:
        for row in entry.covers:
            covered.setdefault(row, set()).update(entry.articles)
    order = (
        "pain-spine-pnt",
        "verywell-neuromodulation",
        "hong-neuromodulation",
        "icliniq-neuromodulation",
        "midback-neuromodulation",
    )
    by_seed = dict(zip(("S0", "S1", "S2", "S3", "S4"), order, strict=True))
    rows = _rows(shared_dir / "claims" / "coverage.yml")
    assert len(rows) > 80
    assert [row for row, _, _ in rows if row not in covered] == []
    for row, _, seeds in rows:
        assert {by_seed[seed] for seed in seeds} <= covered[row], row
    assert set(covered) <= {row for row, _, _ in rows}


@pytest.mark.shared
def test_every_id_of_the_labels_exists(vocabulary: Vocabulary, shared_dir: Path) -> None:
    labels = yaml.safe_load((shared_dir / "tagging" / "labels.json").read_text())
    for facet, key in (("modality", "modalities"), ("outcome", "outcomes"), ("condition", "conditions")):
        for tag, parent in labels[key].items():
            assert vocabulary.tags[facet][tag].parent == parent, tag
