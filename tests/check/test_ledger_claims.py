"""The claims of the ledger that sentences repeat: what the benchmark measures, held to its figures."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from check_desk import make_desk

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "benchmarks"))

import ledger_claims  # noqa: E402


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return yaml.safe_load(ledger_claims.DATA.read_text(encoding="utf-8"))


def test_a_paraphrase_of_each_claim_is_known(data: dict[str, Any]) -> None:
    desk = make_desk()
    assert set(data["paraphrases"]) == {claim.id for claim in desk.ledger.claims} - {"vw-19", "vw-20", "vw-21"}
    score = ledger_claims.of_sentences(desk, data["paraphrases"], data["others"])
    assert score.shown >= 76 and score.wrong <= 6, score.line("paraphrases")


@pytest.mark.shared
def test_the_claims_of_the_five_articles_are_shown(data: dict[str, Any], shared_dir: Path) -> None:
    desk = make_desk()
    shown = wrong = others = 0
    for path in sorted((shared_dir / "articles").glob("0*.txt")):
        name = path.name[:3]
        result = desk.check_file(path.read_bytes(), path.name)
        score = ledger_claims.of_article(result, data["articles"][name], data["as_well"].get(name, {}))
        shown, wrong, others = shown + score.shown, wrong + score.wrong, others + score.others
    assert shown >= 75
    assert wrong / others < 0.05
