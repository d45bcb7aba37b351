"""The five source articles, where a developer has them: the ten things that must be caught."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from check_desk import codes, make_desk

pytestmark = pytest.mark.shared
FILES = {
    "pnt": "000_*.txt",
    "verywell": "001_*.txt",
    "hong": "002_*.txt",
    "icliniq": "003_*.txt",
    "midback": "004_*.txt",
}


@pytest.fixture(scope="module")
def checked(shared_dir: Path) -> dict[str, dict[str, Any]]:
    desk = make_desk()
    paths = {name: next((shared_dir / "articles").glob(pattern)) for name, pattern in FILES.items()}
    return {name: desk.check_file(path.read_bytes(), path.name) for name, path in paths.items()}


def where(result: dict[str, Any], *words: str) -> dict[str, Any]:
    return next(row for row in result["sentences"] if row["claim"] and all(word in row["text"] for word in words))


def said(row: dict[str, Any], code: str) -> str:
    return " ".join(w["message"] for w in row["warnings"] if w["code"] == code)


def test_sample_size_of_the_series(checked) -> None:
    number = where(checked["verywell"], "Rigoard")["numbers"][0]
    assert (number["value"], number["role"], number["finding"]) == (11, "n", "match")


def test_the_2016_study_is_a_registry_without_control(checked) -> None:
    assert "registry" in said(where(checked["verywell"], "2016 study"), "no-control-group")


def test_deer_2014_is_one_of_several_and_the_list_says_which(checked) -> None:
    deer = next(r for r in checked["verywell"]["references"] if r["text"].startswith("Deer") and r["year"] == 2014)
    assert deer["named_alike"] and "reference-ambiguous" not in codes(deer)


def test_forty_percent_fewer_opioids_has_no_source(checked) -> None:
    row = where(checked["hong"], "40%")
    assert row["finding"] == "no reference" and "no-reference" in codes(row)
    assert row["numbers"][0]["finding"] != "match"


def test_eighty_percent_is_of_those_assessed(checked) -> None:
    row = where(checked["icliniq"], "80%")
    assert "46 assessed of 128 randomised" in said(row, "reviewed-claim")
    assert "128 randomised" in row["numbers"][0]["source_text"]


def test_implants_called_non_invasive(checked) -> None:
    for name in ("pnt", "icliniq"):
        assert any(
            w["code"] == "contradicts-itself" and "non-invasive" in w["message"] for w in checked[name]["warnings"]
        )


def test_general_anaesthesia_against_the_guideline(checked) -> None:
    row = where(checked["midback"], "general anesthesia")
    assert "awake" in said(row, "reviewed-claim")
    assert any("awake" in bears["text"] for bears in row["claims"][0]["bears"])


def test_tens_against_newer_meta_analyses(checked) -> None:
    row = where(checked["midback"], "TENS", "first choice")
    assert "meta-analysis" in said(row, "stronger-evidence") and "2022" in said(row, "newer-evidence")


def test_three_to_four_sessions_against_nine_or_ten(checked) -> None:
    number = where(checked["pnt"], "3-4 sessions")["numbers"][0]
    assert number["finding"] == "differs" and number["source_number"] in ("nine sessions", "Ten sessions")


def test_ten_electrodes_and_thirty_minutes_agree(checked) -> None:
    assert where(checked["pnt"], "10 electrodes")["numbers"][0]["finding"] == "match"
    assert where(checked["pnt"], "30 minutes")["numbers"][0]["finding"] == "match"


def test_nothing_of_the_pages_stands_in_the_ledger(shared_dir: Path) -> None:
    """Paraphrases and reasons share no seven words in a row with the pages."""
    from check_desk import project_ledger

    pages = set()
    for pattern in FILES.values():
        pages |= _runs(next((shared_dir / "articles").glob(pattern)).read_text(encoding="utf-8"))
    for claim in project_ledger().claims:
        assert not _runs(f"{claim.paraphrase}. {claim.reading.reason}") & pages, claim.id


def _runs(text: str, size: int = 7) -> set[tuple[str, ...]]:
    words = "".join(c.lower() if c.isalnum() else " " for c in text).split()
    return {tuple(words[i : i + size]) for i in range(len(words) - size + 1)}
