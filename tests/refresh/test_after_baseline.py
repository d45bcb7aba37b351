"""NLM's files and E-utilities in one project: each takes up what the other has brought."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from eutils_server import Corpus

pytest.importorskip("hyperscan", reason="pip install 'neuromodulation-evidence[baseline]'")

from evidence.baseline.files import file_of
from evidence.baseline.mapping import Work, map_file, pick
from evidence.baseline.merging import Merge
from evidence.baseline.shard import open_shard

WORK = Work((("alpha", "alpha[tiab]", False),))


def read(small: Any, folder: Path, name: str) -> Any:
    """All that the server holds as one file of NLM's, read into the project."""
    body = "".join(article.xml() for article in small.server.corpus.articles.values())
    path = folder / name
    path.write_bytes(gzip.compress(f"<PubmedArticleSet>{body}</PubmedArticleSet>".encode()))
    map_file(file_of(path), folder / "shards" / name, WORK)
    shard = open_shard(folder / "shards" / name, WORK.fingerprint)
    with small.tracker() as tracker:
        refresh = tracker.begin_refresh("baseline")
        merge = Merge(tracker, refresh, WORK.fingerprint, {"alpha": "alpha[tiab]"}, pick)
        merge.add(file_of(path), shard)
        merge.end([])
        tracker.finish_refresh(refresh, "done")
    return merge.result


def test_a_refresh_after_a_baseline(make_small: Any, tmp_path: Path) -> None:
    small = make_small(Corpus.invented(60))
    assert read(small, tmp_path, "pubmed26n0001.xml.gz").new == 60
    first = small.refresh()
    assert (first.outcome, first.new, first.revised) == ("done", 0, 0)
    small.clock.move(days=3)
    small.server.corpus.revise("1003", title="alpha, revised")
    small.server.corpus.delete("1004")
    second = small.refresh()
    assert (second.new, second.revised) == (0, 1)
    with small.tracker() as tracker:
        assert len(tracker.members("alpha")) == 59


def test_a_baseline_after_a_refresh(make_small: Any, tmp_path: Path) -> None:
    small = make_small(Corpus.invented(60))
    small.refresh()
    told = read(small, tmp_path, "pubmed26n0001.xml.gz")
    assert (told.new, told.revised, told.unchanged) == (0, 0, 60)
    small.clock.move(days=3)
    small.server.corpus.revise("1003", title="alpha, revised")
    small.refresh()
    small.server.corpus.articles["1003"].title = "alpha, as it was"
    small.server.corpus.articles["1003"].revised = "2020/01/01"
    assert read(small, tmp_path, "pubmed26n0002.xml.gz").older == 1
    assert small.refresh().outcome == "done" and small.status().exit_code == 0
