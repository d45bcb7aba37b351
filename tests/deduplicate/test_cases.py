"""Every pair of cases.yml is judged as it says, by the rule it names; and every rule has a pair."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from evidence.deduplicate import deduplicate_rows
from evidence.deduplicate.compare import Comparison
from evidence.deduplicate.prepare import Item, prepare_row
from evidence.deduplicate.rules import MERGE_RULES, VETOES, matched, vetoed

CASES = yaml.safe_load((Path(__file__).parent / "cases.yml").read_text(encoding="utf-8"))


def items_of(case: dict) -> tuple[Item, Item]:
    found = []
    for side in ("left", "right"):
        fields = {**case["both"], **case.get(side, {}), "record_id": case.get(side, {}).get("accession", side)}
        item = prepare_row({key: value for key, value in fields.items() if isinstance(value, str)})
        item.kind = fields.get("kind", "article")
        item.types = frozenset(fields.get("types", ()))
        item.corrected = frozenset(fields.get("corrects", ()))
        found.append(item)
    return found[0], found[1]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_pair_is_judged_as_expected(case: dict) -> None:
    left, right = items_of(case)
    for one, other in ((left, right), (right, left)):
        comparison = Comparison(one, other)
        veto = vetoed(comparison)
        rule = None if veto else matched(comparison)
        assert ("together" if rule else "apart") == case["expected"], (veto, rule)
        if "rule" in case:
            assert (veto or rule).name == case["rule"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_pair_ends_as_expected_in_the_whole_pipeline(case: dict) -> None:
    clusters = deduplicate_rows(items_of(case)).clusters
    assert clusters == ([[0, 1]] if case["expected"] == "together" else [[0], [1]])


def test_every_rule_has_a_pair_and_every_pair_a_rule_that_exists() -> None:
    tested = {case["rule"] for case in CASES if "rule" in case}
    known = {rule.name for rule in (*VETOES, *MERGE_RULES)}
    assert tested == known
    assert len({case["id"] for case in CASES}) == len(CASES)


def test_every_rule_says_why() -> None:
    for rule in (*VETOES, *MERGE_RULES):
        assert len(rule.reason) > 15 or rule.reason == "nobody wrote both"
    assert all(0.8 <= rule.score <= 1.0 for rule in MERGE_RULES)
