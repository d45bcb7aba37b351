"""``evidence baseline``: each file once, the newest version, deletions marked, taken up again after kill -9."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from eutils_server.corpus import Article

pytest.importorskip("distributed", reason="pip install 'neuromodulation-evidence[baseline]'")

from evidence.baseline.download import download
from evidence.baseline.files import covered, file_of, find_files
from evidence.baseline.light import light_row
from evidence.baseline.mapping import Work, map_file
from evidence.baseline.merging import Merge
from evidence.baseline.run import baseline
from evidence.baseline.shard import open_shard
from evidence.errors import InputError, TryLater, UsageError
from evidence.exchange.pubmed import parse_record
from evidence.project import Project
from evidence.pubmed_index import Covers, row_of
from evidence.pubmed_index.reader import PubMedIndex
from evidence.tracker import Tracker

TOPIC = "title: Invented\nmodality: scs\nquery: alpha[tiab]\n"
WORK = Work((("alpha", "alpha[tiab]", False),))


def nlm_file(folder: Path, name: str, articles: list[Article], deleted: tuple[str, ...] = (), md5: bool = True) -> Path:
    gone = "".join(f'<PMID Version="1">{pmid}</PMID>' for pmid in deleted)
    gone = f"<DeleteCitation>{gone}</DeleteCitation>" if gone else ""
    body = "\n".join(article.xml() for article in articles)
    data = gzip.compress(f'<?xml version="1.0"?>\n<PubmedArticleSet>{body}{gone}</PubmedArticleSet>'.encode(), mtime=0)
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(data)
    if md5:
        (folder / f"{name}.md5").write_text(f"MD5({name})= {hashlib.md5(data).hexdigest()}\n")
    return path


def articles(first: int, count: int, every: int = 3, word: str = "alpha") -> list[Article]:
    """Every third one is found by the topic."""
    return [
        Article(str(pmid), f"{word if pmid % every == 0 else 'other'} report {pmid}", revised="2020/01/01")
        for pmid in range(first, first + count)
    ]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    root = tmp_path / "project"
    (root / "queries" / "topics").mkdir(parents=True)
    (root / "metadata.yml").write_text("title: Invented\n")
    (root / "queries" / "topics" / "alpha.yml").write_text(TOPIC)
    return Project(root)


def merged(project: Project, files: list[Path]) -> Merge:
    """Map and merge without a cluster, as ``baseline`` does with one."""
    from evidence.baseline.mapping import pick

    with Tracker.open(project.tracker) as tracker:
        refresh = tracker.begin_refresh("baseline")
        merge = Merge(tracker, refresh, WORK.fingerprint, {"alpha": "alpha[tiab]"}, pick)
        for file in find_files(files):
            target = project.data / "baseline" / "shards" / file.path.name
            map_file(file, target, WORK)
            shard = open_shard(target, WORK.fingerprint)
            assert shard is not None
            merge.add(file, shard)
        merge.end([])
        tracker.finish_refresh(refresh, "done")
    return merge


def members(project: Project) -> set[str]:
    with Tracker.open(project.tracker) as tracker:
        return tracker.members("alpha")


def title(project: Project, pmid: str) -> str:
    with Tracker.open(project.tracker) as tracker:
        return parse_record(tracker.versions(f"pubmed:{pmid}")[-1].content).title


def test_a_baseline_and_an_update(project: Project, tmp_path: Path) -> None:
    """New, revised, out of the query, deleted: nothing is lost, each is marked as what it is."""
    one = nlm_file(tmp_path / "nlm", "pubmed26n0001.xml.gz", articles(1, 30))
    revised = [
        Article("3", "alpha report 3, revised", revised="2026/02/01"),
        Article("6", "no longer about it", revised="2026/02/01"),
        Article("100", "alpha, new", revised="2026/02/01"),
    ]
    two = nlm_file(tmp_path / "nlm", "pubmed26n1335.xml.gz", revised, deleted=("9", "555"))
    merged(project, [one])
    assert members(project) == {str(n) for n in range(3, 31, 3)}
    result = merged(project, [one, two]).result
    assert (result.files, result.new, result.revised, result.gone, result.left) == (1, 1, 2, 1, 1)
    assert members(project) == {str(n) for n in range(3, 31, 3)} - {"6"} | {"100"}
    assert title(project, "3") == "alpha report 3, revised" and title(project, "6") == "no longer about it"
    with Tracker.open(project.tracker) as tracker:
        assert tracker.known()["9"].gone_since and not tracker.known()["3"].gone_since
        assert len(tracker.versions("pubmed:9")) == 1


def test_each_file_is_merged_once_and_the_newest_version_wins(project: Project, tmp_path: Path) -> None:
    new = nlm_file(tmp_path / "nlm", "pubmed26n1400.xml.gz", [Article("3", "alpha, later", revised="2026/03/01")])
    old = nlm_file(tmp_path / "nlm", "pubmed26n0001.xml.gz", articles(1, 9))
    merged(project, [new])
    first = merged(project, [old]).result
    assert (first.new, first.older) == (2, 1) and title(project, "3") == "alpha, later"
    again = merged(project, [old, new]).result
    assert (again.files, again.new, again.revised) == (0, 0, 0)
    with Tracker.open(project.tracker) as tracker:
        assert len(tracker.imports()) == 2 and len(tracker.versions("pubmed:3")) == 1


def test_a_version_within_one_file(project: Project, tmp_path: Path) -> None:
    twice = [Article("3", "alpha first"), Article("3", "alpha second")]
    merged(project, [nlm_file(tmp_path / "nlm", "pubmed26n1400.xml.gz", twice)])
    assert title(project, "3") == "alpha second"


def test_a_damaged_file_is_told(project: Project, tmp_path: Path) -> None:
    good = nlm_file(tmp_path / "nlm", "pubmed26n0001.xml.gz", articles(1, 9))
    cases = {
        "cut": (good.read_bytes()[:-20], False),
        "bits": (good.read_bytes()[:60] + b"\x00\x01" + good.read_bytes()[62:], False),
        "other": (gzip.compress(b"<html/>"), False),
        "md5": (good.read_bytes(), True),
    }
    for name, (data, md5) in cases.items():
        path = tmp_path / f"{name}.xml.gz"
        path.write_bytes(data)
        if md5:
            path.with_name(f"{path.name}.md5").write_text("0" * 32)
        for index in (True, False):
            with pytest.raises(InputError, match=name):
                map_file(file_of(path), tmp_path / "shards" / name, Work(WORK.topics, index=index))
    assert not list((tmp_path / "shards").iterdir())


def test_without_isal_and_unpacked_it_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """zlib where isal is not installed, and a file that is not packed: the same records, topics and index."""
    packed = nlm_file(tmp_path / "nlm", "pubmed26n0001.xml.gz", articles(1, 60), deleted=("9",))
    plain = tmp_path / "nlm" / "pubmed26n0001.xml"
    plain.write_bytes(gzip.decompress(packed.read_bytes()))

    def read(path: Path, name: str) -> tuple[object, ...]:
        summary = map_file(file_of(path), tmp_path / "shards" / name, WORK)
        shard = open_shard(tmp_path / "shards" / name, WORK.fingerprint)
        assert shard is not None
        files = {one.name: one.read_bytes() for one in (tmp_path / "shards" / name / "index").iterdir()}
        return summary.records, summary.selected, summary.deleted, list(shard.records()), files

    with_isal = read(packed, "isal")
    assert with_isal[:3] == (60, 20, ["9"]) and read(plain, "plain") == with_isal
    monkeypatch.setitem(sys.modules, "isal", None)
    with pytest.raises(ImportError):
        from isal import igzip  # noqa: F401
    assert read(packed, "zlib") == with_isal
    packed.write_bytes(packed.read_bytes()[:-30])
    packed.with_name(f"{packed.name}.md5").unlink()
    with pytest.raises(InputError, match="not a whole file"):
        read(packed, "cut")


def test_names_and_what_they_cover(tmp_path: Path) -> None:
    for number in (2, 1, 3):
        nlm_file(tmp_path / "nlm", f"pubmed26n{number:04}.xml.gz", [])
    (tmp_path / "nlm" / "README.txt").write_text("not a file of records")
    files = find_files([tmp_path / "nlm"])
    assert [(file.year, file.number) for file in files] == [(2026, 1), (2026, 2), (2026, 3)]
    assert all(len(file.md5) == 32 for file in files) and covered(files) is None
    whole = [file_of(Path(f"pubmed26n{number:04}.xml.gz")) for number in range(1, 1335)]
    assert covered(whole) == Covers(1700, 2025, "NLM's files of 2026, 1 to 1,334")
    assert covered([file for file in whole if file.number != 400]) is None
    with pytest.raises(UsageError, match="name files of NLM"):
        find_files([tmp_path])
    with pytest.raises(InputError, match="no such file"):
        find_files([tmp_path / "nowhere"])
    (tmp_path / "nlm" / "pubmed26n0001.xml.gz.md5").write_text("<html>")
    with pytest.raises(InputError, match="no MD5"):
        find_files([tmp_path / "nlm"])


@pytest.mark.shared
def test_the_light_row_is_the_whole_record_s() -> None:
    folder = Path(__file__).resolve().parents[3] / "shared" / "pubmed"
    if not folder.is_dir():
        pytest.skip("needs ../shared/pubmed")
    from evidence.exchange.pubmed.stream import cut_answer

    for path in sorted(folder.glob("*.gz"))[:4]:
        for _, xml in cut_answer(gzip.decompress(path.read_bytes())):
            assert light_row(xml) == row_of(parse_record(xml))


def test_the_light_row_of_odd_records() -> None:
    plain = Article("7", "alpha", more_authors=["Second"], doi="10.5555/x").xml()
    odd = [
        plain,
        plain.replace("<AbstractText>", "<AbstractText><!-- </Abstract> -->"),
        plain.replace("<Author>", '<Author ValidYN="N">', 1),
        plain.replace("<Abstract>", "<Abstract ><AbstractText>a</AbstractText>"),
        plain.replace("<AuthorList>", '<AuthorList CompleteYN="Y">'),
        plain.replace("<Abstract>", "<AbstractOther>x</AbstractOther><Abstract>"),
        Article("8", "a book", book=True).xml(),
    ]  # fmt: skip
    for xml in odd:
        assert light_row(xml.encode()) == row_of(parse_record(xml.encode()))


class _Ranges(SimpleHTTPRequestHandler):
    """Files with ranges; ``asked`` notes them, ``broken`` files answer other bytes."""

    asked: list[str]

    def log_message(self, *_: object) -> None: ...

    def do_GET(self) -> None:
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            super().do_GET()
            return
        data = path.read_bytes()
        wanted = self.headers.get("Range", "")
        self.asked.append(f"{path.name} {wanted}")
        if not wanted:
            self.send_response(200)
        else:
            start, end = (int(n) for n in wanted.removeprefix("bytes=").split("-"))
            if start >= len(data):
                self.send_error(416)
                return
            whole, data = len(data), data[start : end + 1]
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {start}-{start + len(data) - 1}/{whole}")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@pytest.fixture
def mirror(tmp_path: Path):
    folder = tmp_path / "mirror"
    folder.mkdir()
    handler = type("Handler", (_Ranges,), {"asked": []})
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield folder, f"http://127.0.0.1:{server.server_address[1]}/", handler.asked
    server.shutdown()
    server.server_close()


def test_downloads_are_checked_and_taken_up_again(mirror, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, url, asked = mirror
    monkeypatch.setattr("evidence.baseline.download.PIECE", 500)
    monkeypatch.setenv("EVIDENCE_HTTP_BACKOFF", "0.01")
    data = nlm_file(folder, "pubmed26n0001.xml.gz", articles(1, 60)).read_bytes()
    nlm_file(folder, "pubmed26n0002.xml.gz", articles(61, 3), md5=False)
    into = tmp_path / "into"
    into.mkdir()
    (into / "pubmed26n0001.xml.gz.part").write_bytes(data[:700])
    one, two = download([url], into)
    assert one.read_bytes() == data and "pubmed26n0001.xml.gz bytes=700-1199" in asked and two.is_file()
    asked.clear()
    assert download([f"{url}pubmed26n0001.xml.gz"], into) == [one]
    assert not any("bytes" in line for line in asked)
    (folder / "pubmed26n0001.xml.gz.md5").write_text("MD5(x)= " + "0" * 32)
    with pytest.raises(InputError, match="MD5"):
        download([f"{url}pubmed26n0001.xml.gz"], into)
    with pytest.raises(UsageError, match="http"):
        download(["ftp://ftp.example.org/x.xml.gz"], into)


def command(project: Project, *arguments: str) -> list[str]:
    return [sys.executable, "-m", "evidence", "baseline", "--project", str(project.root), *arguments]


def run(project: Project, *arguments: str) -> dict:
    done = subprocess.run([*command(project, *arguments), "--json"], capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def many(tmp_path: Path) -> Path:
    for number in range(1, 9):
        nlm_file(tmp_path / "nlm", f"pubmed26n{number:04}.xml.gz", articles(number * 1000, 300))
    return tmp_path / "nlm"


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """Files that take a worker a second each: time enough to kill somebody."""
    for number in range(1, 7):
        nlm_file(tmp_path / "nlm", f"pubmed26n{number:04}.xml.gz", articles(number * 10_000, 4_000, every=100))
    return tmp_path / "nlm"


LARGE = {str(pmid) for number in range(1, 7) for pmid in range(number * 10_000, number * 10_000 + 4_000, 100)}
EXPECTED = {str(pmid) for number in range(1, 9) for pmid in range(number * 1000, number * 1000 + 300) if pmid % 3 == 0}


@pytest.mark.slow
def test_on_a_local_cluster_with_the_reference_index(project: Project, many: Path) -> None:
    said = run(project, str(many), "--workers", "2", "--covers", "2019-2021")
    assert said["read"] == 8 and said["records"] == 2400 and said["selected"] == len(EXPECTED) == said["merged"]["new"]
    assert members(project) == EXPECTED
    index = PubMedIndex.open(project.data / "pubmed-index")
    assert index.manifest.records == 2400 and index.manifest.covers == Covers(2019, 2021)
    again = run(project, str(many), "--workers", "1")
    assert again["read"] == 0 and again["merged"]["new"] == again["merged"]["files"] == 0
    assert again["index_records"] == 2400


def _wait(what, seconds: float = 60) -> None:
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends, "waited too long"
        time.sleep(0.01)


def _shards(project: Project) -> int:
    folder = project.data / "baseline" / "shards"
    return len([p for p in folder.iterdir() if not p.name.startswith(".")]) if folder.is_dir() else 0


def _workers(pid: int) -> list[int]:
    import psutil

    children = psutil.Process(pid).children(recursive=True)
    return [child.pid for child in children if "spawn_main" in " ".join(child.cmdline())]


@pytest.mark.slow
@pytest.mark.parametrize("victim", ["worker", "client"])
def test_kill_9_loses_nothing(project: Project, large: Path, victim: str) -> None:
    process = subprocess.Popen(command(project, str(large), "--workers", "1"), stderr=subprocess.PIPE, text=True)
    try:
        _wait(lambda: _shards(project) >= 2)
        if victim == "worker":
            os.kill(_workers(process.pid)[0], signal.SIGKILL)
            assert process.wait(120) == 0, process.stderr.read()
        else:
            workers = _workers(process.pid)
            process.kill()
            process.wait()
            _wait(lambda: not any(Path(f"/proc/{worker}").exists() for worker in workers))
            before = _shards(project)
            said = run(project, str(large), "--workers", "1")
            assert said["read"] == 6 - before < 6
    finally:
        process.kill()
        process.stderr.close()
    assert members(project) == LARGE
    with Tracker.open(project.tracker) as tracker:
        assert len(tracker.imports()) == 6 and len(tracker.known()) == len(LARGE)


@pytest.mark.slow
def test_kill_9_of_the_scheduler_is_told_and_taken_up_again(project: Project, large: Path, tmp_path: Path) -> None:
    said = tmp_path / "scheduler.json"
    start = partial(subprocess.Popen, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    tool = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--port", "0", "--no-dashboard"]
    scheduler = start([*tool, "--scheduler-file", str(said)])
    worker = client = None
    try:
        _wait(said.is_file)
        time.sleep(0.5)
        address = json.loads(said.read_text())["address"]
        tool = [sys.executable, "-m", "distributed.cli.dask_worker", address, "--nthreads", "1", "--no-dashboard"]
        worker = start([*tool, "--nworkers", "1", "--death-timeout", "5"])
        client = subprocess.Popen(
            command(project, str(large), "--scheduler", address), stderr=subprocess.PIPE, text=True
        )
        _wait(lambda: _shards(project) >= 2)
        scheduler.kill()
        told = client.communicate(timeout=120)[1]
        assert client.returncode == 75 and "run the command again" in told, told
    finally:
        for process in (scheduler, worker, client):
            if process:
                process.terminate()
                process.wait(30)
    assert run(project, str(large), "--workers", "1")["read"] < 6
    assert members(project) == LARGE


def test_nobody_at_the_address(project: Project, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(TryLater, match="no Dask scheduler answers"):
        baseline(project, [str(many)], scheduler="tcp://127.0.0.1:9")


def test_a_topic_that_only_pubmed_can_search_for(project: Project, many: Path) -> None:
    (project.topics / "odd.yml").write_text("title: Odd\nmodality: scs\nquery: |\n  alpha[tiab]\n  OR beta[tw]\n")
    with pytest.raises(InputError, match=r"odd\.yml:5: the field of beta\[tw\]"):
        baseline(project, [str(many)])


def test_without_dask_the_extra_is_named(project: Project, many: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(UsageError, match=r"pip install 'neuromodulation-evidence\[baseline\]'"):
        baseline(project, [str(many)])
