"""Every rule of language matches the sentences that it must, and none that it must not."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.errors import InputError
from evidence.rules import Rule, RuleFile

PACKAGE = Path(__file__).resolve().parents[1] / "evidence"
FILES = sorted(
    p for p in PACKAGE.rglob("*.yml") if "_project" not in p.parts and "\n    pattern:" in p.read_text("utf-8")
)


def every_rule() -> list[tuple[str, Rule]]:
    return [(f"{path.stem}:{part}", rule) for path in FILES for part, rules in RuleFile(path) for rule in rules]


def test_there_are_rules() -> None:
    assert {"frames", "no_claims", "titles", "sentences", "signs", "cues"} <= {path.stem for path in FILES}


@pytest.mark.parametrize(
    ("where", "rule"), every_rule(), ids=lambda value: value if isinstance(value, str) else value.name
)
def test_examples(where: str, rule: Rule) -> None:
    assert [text for text in rule.yes if not rule.holds(text)] == []
    assert [text for text in rule.no if rule.holds(text)] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("part:\n  - {is: a, pattern: x, yes: [x]}\n", "1.yml:2: a rule of part has is, pattern, yes and no"),
        ("part:\n  - {is: a, pattern: '(x', yes: [x], no: [y]}\n", "the pattern cannot be read"),
        ("part:\n  - {is: a, pattern: '{name}', yes: [x], no: [y]}\n", "no fragment is called name"),
        ("part:\n  - {is: a, pattern: '{a}', yes: [x], no: [y]}\nfragments: {a: '{b}', b: '{a}'}\n", "a holds itself"),
        ("part:\n  - {is: a, pattern: x, factor: 1/x, yes: [x], no: [y]}\n", "factor is a number"),
        ("part:\n  - {is: a, pattern: x, where: left, yes: [x], no: [y]}\n", "where is one of before, after, between"),
        ("part:\n  - {is: a, pattern: x, unless: '(', yes: [x], no: [y]}\n", "the unless cannot be read"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "1.yml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"1\.yml:2") as told:
        RuleFile(path)
    assert says in str(told.value)


def test_fragments(tmp_path: Path) -> None:
    path = tmp_path / "1.yml"
    path.write_text("fragments: {who: patients|people}\npart:\n  - {is: a, pattern: '{who} fell', yes: [x], no: [y]}\n")
    assert RuleFile(path).first("part", "Two people fell ill") == ("a", "people fell")
    path.write_text(
        path.read_text().replace("people}", "people, long: '{who} in [a-z]+'}").replace("{who} fell", "{long} fell")
    )
    assert RuleFile(path).first("part", "Two people in town fell ill") == ("a", "people in town fell")


def test_a_rule_that_looks_beside_something(tmp_path: Path) -> None:
    path = tmp_path / "1.yml"
    path.write_text(
        "lower_case: true\npart:\n"
        "  - {is: a, where: before, reach: 12, pattern: 'treated $', yes: ['Treated [40 men]'], no: ['x']}\n"
        "  - {is: b, where: after, reach: 20, aside: false, pattern: '^ died', yes: ['[9] (of 12) died'], no: ['x']}\n"
        "  - {is: c, where: between, pattern: ' old ', unless: young, yes: ['[9 old men]'], no: ['[9 old young]']}\n"
    )
    before, after, between = RuleFile(path).parts["part"]
    assert all(rule.holds(rule.yes[0]) for rule in (before, after, between))
    assert not before.holds("Treated, and then all of [40 men]") and not after.holds("[9] men died")
    assert not between.holds("[9 men] old") and not between.holds("[9 old young men]")


def test_a_pattern_may_be_a_list_and_hold_numbers(tmp_path: Path) -> None:
    path = tmp_path / "1.yml"
    path.write_text("part:\n  - {is: a, pattern: ['{number} men', twins], yes: [x], no: [y]}\n")
    assert RuleFile(path).pattern("part", "a").search("Forty-five men") and RuleFile(path).first("part", "Twins")[0]
    with pytest.raises(KeyError, match="no rule b"):
        RuleFile(path).pattern("part", "b")
