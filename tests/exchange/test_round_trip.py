"""A file of PubMed's through the importer, a build and every export, read by other people's readers.

``benchmarks/round_trip.py`` does it with all of them; here is one file, and the invented record that has everything.
"""

from __future__ import annotations

import gzip
import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

EVERYTHING = Path(__file__).parent / "exports" / "everything.xml"


@pytest.fixture(scope="module")
def benchmark(root: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("round_trip", root / "benchmarks" / "round_trip.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["round_trip"] = module
    spec.loader.exec_module(module)
    return module


def lost(benchmark: ModuleType, path: Path, directory: Path) -> dict[tuple[str, str], list[object]]:
    """``(format, field)`` → what came back otherwise than it was received."""
    return {
        (format_, field): count.wrong
        for format_, counts in benchmark.round_trip([path], directory / "project")
        for field, count in counts.items()
        if count.right != count.total
    }


def test_the_record_that_has_everything(benchmark: ModuleType, tmp_path: Path) -> None:
    path = tmp_path / "everything.xml.gz"
    path.write_bytes(gzip.compress(EVERYTHING.read_bytes()))
    assert lost(benchmark, path, tmp_path) == {}


def test_a_loss_would_be_seen(benchmark: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.exchange.nbib_out.mesh_terms", lambda record: ["Humans"])
    path = tmp_path / "everything.xml.gz"
    path.write_bytes(gzip.compress(EVERYTHING.read_bytes()))
    assert set(lost(benchmark, path, tmp_path)) == {("nbib", "MeSH")}


@pytest.mark.shared
def test_a_file_of_real_records(benchmark: ModuleType, shared_dir: Path, tmp_path: Path) -> None:
    assert lost(benchmark, sorted((shared_dir / "pubmed").glob("*.xml.gz"))[0], tmp_path) == {}
