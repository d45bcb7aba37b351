"""Fixtures that every test may use."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
# Tests of pace, time limits and servers wait for half of their time: two more than there are cores keep these busy.
MORE_WORKERS = 2


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """The workers of ``-n auto``."""
    return (os.cpu_count() or 1) + MORE_WORKERS


@pytest.fixture(scope="session")
def shared_dir() -> Path:
    """The labelled data beside a developer's checkout; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("needs the labelled data beside a developer's checkout (../shared), which users do not have")
    return SHARED


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's own directory: queries/, metadata.yml, docs/."""
    return ROOT
