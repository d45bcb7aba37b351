"""Some of the runs that ``benchmarks/refresh_faults.py`` makes more of."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from eutils_server import Corpus
from refresh_campaign import Campaign
from refresh_conftest import Small


@pytest.mark.parametrize("seed", [1, 2])
def test_faults_and_clocks_at_random_lose_nothing(make_small: Callable[[Corpus], Small], seed: int) -> None:
    report = Campaign(make_small(Corpus.invented(120)), seed).run(10)
    assert not report.lost and not report.misplaced
    assert report.runs == 12 and report.told["clock jumps"] and report.told["topics failed"]
