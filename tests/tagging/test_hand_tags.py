"""What a maintainer says of a report wins over every rule."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.errors import InputError
from evidence.tagging import DesignTags, Evidence, Tags, Vocabulary, load_hand_tags


def write(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "hand_tags.yml"
    path.write_text(text)
    return path


def tags() -> Tags:
    evidence = [Evidence("modality", "tens", "title", "TENS", start=0, end=4)]
    return Tags(
        modalities={"tens": "title"},
        modalities_mentioned={"scs": "listed"},
        outcomes={"qol": "measure"},
        design=DesignTags(design="review"),
        evidence=evidence,
    )


def test_add_remove_set_and_values(tmp_path: Path, vocabulary: Vocabulary) -> None:
    text = """
- report: "123"
  modality: {add: [scs_burst], remove: [tens]}
  outcome: {set: [device_comp]}
  design: rct
  level: 2
  sample_size: 40
  scope: core
  who: A. Reader
  why: the full text says so
"""
    hand, changed = load_hand_tags(write(tmp_path, text), vocabulary), tags()
    entries = hand.apply(["pubmed:123", "123"], changed)
    assert [(entry.who, entry.line) for entry in entries] == [("A. Reader", 2)]
    assert changed.modalities == {"scs_burst": "hand", "scs": "parent"}
    assert changed.modalities_mentioned == {}
    assert changed.outcomes == {"device_comp": "hand", "ae": "parent"}
    assert (changed.design.design, changed.design.designs, changed.design.level) == ("rct", {"rct": "hand"}, 2)
    assert changed.design.sample_size is not None and changed.design.sample_size.value == 40
    assert changed.scope == "core"
    assert changed.evidence == []


def test_removing_a_parent_removes_its_children(tmp_path: Path, vocabulary: Vocabulary) -> None:
    hand = load_hand_tags(write(tmp_path, "- {report: '1', modality: {remove: scs}, who: A, why: b}\n"), vocabulary)
    changed = Tags(modalities={"scs_burst": "title", "scs": "parent", "tens": "title"})
    hand.apply(["1"], changed)
    assert changed.modalities == {"tens": "title"}


@pytest.mark.parametrize("identifier", ["0123", "10.1000/ABC.1", "pubmed:123"])
def test_a_report_is_found_by_any_of_its_ids(tmp_path: Path, vocabulary: Vocabulary, identifier: str) -> None:
    hand = load_hand_tags(write(tmp_path, f"- {{report: '{identifier}', scope: core, who: A, why: b}}\n"), vocabulary)
    assert len(hand.of(["123", "10.1000/abc.1", "pubmed:123"])) == 1
    assert hand.unmatched(["999"]) == hand.entries


def test_other_reports_are_left_alone(tmp_path: Path, vocabulary: Vocabulary) -> None:
    hand, untouched = (
        load_hand_tags(write(tmp_path, "- {report: '1', scope: core, who: A, why: b}\n"), vocabulary),
        tags(),
    )
    assert hand.apply(["2"], untouched) == [] and untouched == tags()


@pytest.mark.parametrize("text", ["", "[]\n", "# nothing yet\n"])
def test_an_empty_file_holds_none(tmp_path: Path, vocabulary: Vocabulary, text: str) -> None:
    assert load_hand_tags(write(tmp_path, text), vocabulary).entries == []
    assert load_hand_tags(tmp_path / "none.yml", vocabulary).entries == []


def test_the_projects_own_file_is_read(root: Path, vocabulary: Vocabulary) -> None:
    assert isinstance(load_hand_tags(root / "queries" / "hand_tags.yml", vocabulary).entries, list)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("{report: '1', modality: {add: [nothing]}, who: A, why: b}", "unknown modality 'nothing'"),
        ("{report: '1', modality: [scs], who: A, why: b}", "needs a mapping of add, remove, set"),
        ("{report: '1', modality: {plus: [scs]}, who: A, why: b}", "needs a mapping of add, remove, set"),
        ("{report: '1', design: novel, who: A, why: b}", "unknown design"),
        ("{report: '1', level: 7, who: A, why: b}", "1 to 5"),
        ("{report: '1', sample_size: many, who: A, why: b}", "a number of people"),
        ("{report: '1', scope: near, who: A, why: b}", "scope must be one of"),
        ("{report: '1', scope: core, why: b}", "needs 'who'"),
        ("{report: '1', scope: core, who: A}", "needs 'why'"),
        ("{scope: core, who: A, why: b}", "needs 'report'"),
        ("{report: '1', who: A, why: b}", "changes nothing"),
        ("{report: '1', colour: red, who: A, why: b}", "unknown key 'colour'"),
        ("scs", "must be a mapping"),
    ],
)
def test_a_mistake_is_refused_with_its_line(tmp_path: Path, vocabulary: Vocabulary, entry: str, reason: str) -> None:
    with pytest.raises(InputError) as caught:
        load_hand_tags(write(tmp_path, f"# a comment\n- {entry}\n"), vocabulary)
    assert (caught.value.line, reason in caught.value.reason) == (2, True)
