"""A share of the sweep of faults, and a few random mixes: benchmarks/campaign.py runs all of it.

CI's run number chooses the share, so that runs one after the other cover every fault; without one it is the first.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from campaign.injection import POINTS, Fault
from campaign.sweep import OPERATIONS, Plan, Result, at_random, counted, every_fault, look, share, sweep
from campaign.world import BUILD, TRACKER, World

# A generator that an error left unfinished says so when it is thrown away.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
PARTS = 800
PART = int(os.environ.get("GITHUB_RUN_NUMBER", "0")) % PARTS


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with World(tmp_path_factory.mktemp("campaign")) as made:
        yield made


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_share_of_all_faults_loses_nothing(world: World, operation: str) -> None:
    result = sweep(world, share(every_fault(world, operation), PART, PARTS))
    assert result.wrong == []


def test_mixes_at_random_lose_nothing(world: World) -> None:
    result = sweep(world, at_random(world, 3, seed=PART))
    assert result.wrong == [] and result.runs == 3


@pytest.mark.parametrize("operation", OPERATIONS)
def test_what_is_counted_is_reached(world: World, operation: str) -> None:
    counts = counted(world, operation)
    assert {"statement", "open", "frame"} <= counts.keys() <= POINTS.keys()
    told = Result()
    assert list(look(world, Plan(operation, (Fault("statement", counts["statement"], "sql_full"),)), told)) == []
    assert list(look(world, Plan(operation, (Fault("statement", 1, "kill"),)), told)) == []
    assert told.ends["killed"] == 1


def test_all_shares_are_the_whole(world: World) -> None:
    plans = list(every_fault(world, "import"))
    shares = [plan for part in range(7) for plan in share(plans, part, 7)]
    assert len(plans) == len(set(plans)) == len(shares) > 100 and set(shares) == set(plans)


@pytest.mark.parametrize("what", ["version", "watermark", "build", "folder"])
def test_what_a_fault_would_destroy_is_found(world: World, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The campaign can fail: each of these is a loss that somebody else does to the project meanwhile."""

    def spoiled(operation: str, root: Path, *_: object) -> int:
        if what == "build":
            (root / BUILD).write_bytes((root / BUILD).read_bytes()[:50_000])
        elif what == "folder":
            (root / "public" / "metadata.yml").write_text("title: Another\n")
        else:
            with sqlite3.connect(root / TRACKER) as db:
                if what == "version":
                    db.execute("DROP TRIGGER versions_are_kept")
                    db.execute("DELETE FROM versions WHERE rowid = (SELECT max(rowid) FROM versions)")
                else:
                    db.execute("UPDATE topic_refreshes SET watermark = '2030-01-01T00:00:00Z'")
        return 1

    monkeypatch.setattr("campaign.sweep.run", spoiled)
    found = " ".join(look(world, replace(Plan("refresh"), reader=False), Result()))
    words = {
        "version": "is lost", "watermark": "watermark 2030", "build": "neither the old one", "folder": "is finished",
    }  # fmt: skip
    assert words[what] in found
