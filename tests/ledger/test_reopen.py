"""When a reading is opened again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from evidence.ledger.ledger import Claim
from evidence.ledger.reading import Reading
from evidence.ledger.reopening import Arrival, SourceNotice, reopen

CLAIM = Claim(
    id="page-01", article="page", paraphrase="Stimulation helps people to sleep", kind="efficacy",
    reading=Reading("overstated", "in_part", reason="Twelve people.", dated="2026-11-20"), modalities=("scs",),
    outcomes=("sleep",), conditions=("clbp", "fbss"),
    sources=("oak2019",),
)  # fmt: skip
TRIAL = Arrival("900", "A trial", "2026-12-01T06:00:00Z", frozenset({"scs"}), frozenset({"sleep"}), 2, year=2026,
                conditions=frozenset({"chronic_pain", "fbss"}))  # fmt: skip


def run(*arrivals: Arrival, level: int | None = 4, notices: tuple[SourceNotice, ...] = (), claim: Claim = CLAIM):
    return reopen(claim, {"oak2019": "100"}, {"oak2019": level}, arrivals, notices)


def test_a_stronger_report_reopens() -> None:
    (found,) = run(TRIAL)
    assert (found.claim, found.on, found.report, found.kind) == ("page-01", "2026-12-01", "900", "report")
    assert "level 2" in found.because and "A trial" in found.because


@pytest.mark.parametrize(
    "changed",
    [
        {"first_seen": "2026-11-20T23:00:00Z"},  # on the day of the review
        {"modalities": frozenset({"tens"})},
        {"outcomes": frozenset({"qol"})},
        {"conditions": frozenset({"chronic_pain", "migraine"})},
        {"conditions": frozenset()},
        {"level": 5},  # weaker than the source
        {"level": None},
        {"kind": "protocol"},
        {"report": "100"},  # the source itself
        {"baseline": True, "year": 2019},  # an old paper that the first fetch brought
        {"baseline": True},  # and a new one: the first fetch is no news
        {"imported": True, "year": 2019},  # an old paper in an imported file
    ],
)
def test_what_does_not_reopen(changed: dict) -> None:
    assert run(replace(TRIAL, **changed)) == []


def test_as_strong_is_strong_enough_and_a_new_paper_of_an_imported_file_counts() -> None:
    assert len(run(replace(TRIAL, level=4))) == 1
    assert len(run(replace(TRIAL, imported=True))) == 1


def test_a_claim_without_a_condition_is_of_any() -> None:
    assert len(run(replace(TRIAL, conditions=frozenset()), claim=replace(CLAIM, conditions=()))) == 1


def test_a_claim_on_the_general_condition_is_of_any() -> None:
    claim = replace(CLAIM, conditions=("chronic_pain",))
    trial = replace(TRIAL, conditions=frozenset({"crps"}))
    assert run(trial, claim=claim) == []
    assert len(reopen(claim, {}, {}, [trial], [], "chronic_pain")) == 1


def test_what_a_paper_reported_is_reopened_by_a_notice_only() -> None:
    reported = replace(CLAIM, attributed=True)
    assert run(TRIAL, claim=reported) == []
    (found,) = run(TRIAL, notices=(SourceNotice("100", "retraction", "2026-11-25T00:00:00Z"),), claim=reported)
    assert found.kind == "notice"


def test_without_a_day_nothing_is_newer() -> None:
    assert run(TRIAL, claim=replace(CLAIM, reading=Reading("overstated"))) == []


def test_without_a_graded_source_a_trial_is_needed() -> None:
    assert run(replace(TRIAL, level=3), level=None) == []
    assert len(run(TRIAL, level=None)) == 1


def test_a_notice_about_a_source_reopens() -> None:
    (found,) = run(notices=(SourceNotice("100", "retraction", "2026-11-25T00:00:00Z"),))
    assert found.kind == "notice" and "retraction" in found.because
    assert run(notices=(SourceNotice("777", "retraction", "2026-11-25T00:00:00Z"),)) == []
    assert run(notices=(SourceNotice("100", "erratum", "2020-01-01T00:00:00Z"),)) == []


def test_the_oldest_reason_comes_first() -> None:
    later = replace(TRIAL, report="901", first_seen="2027-01-01")
    assert [found.report for found in run(later, TRIAL)] == ["900", "901"]
