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
    assert {"frames", "no_claims"} <= {path.stem for path in FILES}


@pytest.mark.parametrize(
    ("where", "rule"), every_rule(), ids=lambda value: value if isinstance(value, str) else value.name
)
def test_examples(where: str, rule: Rule) -> None:
    assert [text for text in rule.yes if not rule.pattern.search(text)] == []
    assert [text for text in rule.no if rule.pattern.search(text)] == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("part:\n  - {is: a, pattern: x, yes: [x]}\n", "1.yml:2: a rule of part has is, pattern, yes and no"),
        ("part:\n  - {is: a, pattern: '(x', yes: [x], no: [y]}\n", "the pattern cannot be read"),
        ("part:\n  - {is: a, pattern: '{name}', yes: [x], no: [y]}\n", "no fragment is called name"),
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
