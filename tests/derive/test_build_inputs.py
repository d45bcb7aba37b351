"""What decides a build is hashed whole, and nothing else: what must be built again, and what must not."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from evidence.derive import info
from evidence.derive.info import DERIVING_PART, NOT_DERIVING, inputs_hash, program_hash
from evidence.project import PACKAGE, Project

SECOND = "\n# a comment\n"


def replaced(old: str, new: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{path.name} has no {old!r} any more: choose another"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def written(text: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return change


def added(text: str) -> Callable[[Path], None]:
    def change(path: Path) -> None:
        assert path.is_file(), f"{path.name} is gone: choose another"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    return change


def touched(path: Path) -> None:
    os.utime(path, (0, 0))


DECIDES = {
    "a weight": ("tagging/weights.json", replaced("0.", "0.1")),
    "a blank in a weights file": ("tagging/weights.json", added(" ")),
    "a word list": ("check/retrieval/word_relatives.txt", added("\nneedle\tneedles\n")),
    "a new word list": ("tagging/more_words.txt", written("a word\n")),
    "a new table of rules, deep down": ("relate/tables/of/rules.yml", written("- a rule\n")),
    "a file in a room that is new": ("grading/words.tsv", written("a\tb\n")),
    "a module in a room that is new": ("grading/__init__.py", written("GRADES = (1, 2)\n")),
    "a file of a kind that nobody thought of": ("tagging/model.bin", written("0101")),
    "a data file beside the top modules": ("plurals.csv", written("a,b\n")),
    "a module of layer 0": ("bibliography/normal.py", added("\nNEW = 1\n")),
    "a constant": ("collection.py", added("\n_A = 'x'\n")),
    "a set's element": ("collection.py", added("\n_A = 'x' in {'a', 'b'}\n")),
    "a default": ("collection.py", added("\ndef f(a=1): pass\n")),
    "an except": ("collection.py", added("\ntry:\n    A = 1\nexcept ValueError:\n    A = 2\n")),
    "a module of a deriving room that is gone": ("deduplicate/rules.py", Path.unlink),
    "a reader of PubMed's XML": ("exchange/pubmed/__init__.py", added("\n_A = 1\n")),
    "what the build writes": ("derive/schema.py", added("\n_A = 1\n")),
    "what reads the tracker": ("tracker/reading.py", added("\n_A = 1\n")),
}  # fmt: skip

DECIDES_NOTHING = {
    "a comment in an exporter": ("exchange/ris_out.py", added(SECOND)),
    "an exporter": ("exchange/ris_out.py", added("\n_A = 1\n")),
    "a reader of files: what it reads is in the tracker": ("exchange/ris.py", added("\n_A = 1\n")),
    "a style sheet": ("site/static/site.css", added("\na { color: red }\n")),
    "a template": ("site/templates/evidence/home.html", added("<p>more</p>")),
    "a new template": ("site/templates/evidence/more.html", written("<p>more</p>")),
    "a page": ("site/pages/home.py", added("\n_A = 1\n")),
    "a command": ("cli/app.py", added("\n_A = 1\n")),
    "the refresh": ("refresh/run.py", added("\n_A = 1\n")),
    "what reads a build": ("library/search.py", added("\n_A = 1\n")),
    "a comment in a rule": ("deduplicate/rules.py", added(SECOND)),
    "a blank line in a rule": ("deduplicate/rules.py", replaced("\n\n\n", "\n\n\n\n")),
    "a docstring": ("collection.py", replaced('"""', '"""Said in other words. ')),
    "a swap file": ("tagging/.tagger.py.swp", written("x")),
    "a copy that an editor left": ("tagging/tagger.py~", written("x")),
    "a copy of a merge": ("tagging/tagger.py.orig", written("x")),
    "compiled Python": ("tagging/__pycache__/tagger.cpython-311.pyc", written("x")),
    "a file's time": ("tagging/weights.json", touched),
}  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _compiled_once() -> Iterator[None]:
    """The files of the program that a test does not change are compiled once for all of them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(info, "compile", cache(compile), raising=False)
        patch.setattr(info, "packages_distributions", cache(info.packages_distributions))
        yield


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    copy = tmp_path_factory.mktemp("program") / "evidence"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "_project"))
    return copy, program_hash(copy)


def hash_after(original: tuple[Path, str], name: str, change: Callable[[Path], None]) -> tuple[str, str]:
    """The hashes before and after; the copy is put back as it was."""
    copy, before = original
    path = copy / name
    kept = path.read_bytes() if path.exists() else None
    change(path)
    after = program_hash(copy)
    if kept is None:
        path.unlink()
    else:
        path.write_bytes(kept)
    return before, after


@pytest.mark.parametrize("kind", DECIDES)
def test_what_decides_is_built_again(original: tuple[Path, str], kind: str) -> None:
    before, after = hash_after(original, *DECIDES[kind])
    assert after != before


@pytest.mark.parametrize("kind", DECIDES_NOTHING)
def test_what_decides_nothing_is_not(original: tuple[Path, str], kind: str) -> None:
    before, after = hash_after(original, *DECIDES_NOTHING[kind])
    assert after == before


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A = {'a', 'b'}", "A = {'a', 'c'}"),
        ("A = x in {'a', 'b'}", "A = x in {'a', 'c'}"),
        ("A = x in {('a', frozenset()), 2}", "A = x in {('a', None), 2}"),
        ("A = 1", "A = 1.0"),
        ("A = 'b'", "A = b'b'"),
        ("A = -0.0", "A = 0.0"),
        ("def f(*, a=1): ...", "def f(a=1): ..."),
        ("async def f(): ...", "def f(): ..."),
        ("try:\n    f()\n    g()\nexcept E: pass", "f()\ntry:\n    g()\nexcept E: pass"),
        ("f = lambda a: a", "f = lambda b: b"),
    ],
)
def test_python_that_does_something_else_hashes_otherwise(tmp_path: Path, one: str, other: str) -> None:
    hashes = set()
    for source in (one, other):
        (tmp_path / "a.py").write_text(source)
        hashes.add(program_hash(tmp_path))
    assert len(hashes) == 2


def test_the_hash_does_not_change_from_run_to_run(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("A = x in {'a', 'b', 'c', ('d', 'e')}\nB = {'f', 'g', 'h'}\n")
    program = "import sys; from pathlib import Path; from evidence.derive.info import program_hash as h; "
    program += "print(h(Path(sys.argv[1])))"
    found = {
        subprocess.run(
            [sys.executable, "-c", program, str(tmp_path)], env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in ("1", "2")
    }  # fmt: skip
    assert len(found) == 1


@pytest.mark.parametrize("library", ["rapidfuzz", "lxml", "pyahocorasick", "PyYAML"])
def test_another_version_of_a_library_that_derives(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    before = program_hash()
    installed = info.version
    monkeypatch.setattr(info, "version", lambda name: "99.0" if name.lower() == library.lower() else installed(name))
    assert program_hash() != before


@pytest.mark.parametrize("library", ["datasette", "feedgen", "click", "pytest", "neuromodulation-evidence"])
def test_another_version_of_a_library_that_only_shows(monkeypatch: pytest.MonkeyPatch, library: str) -> None:
    before = program_hash()
    installed = info.version
    monkeypatch.setattr(info, "version", lambda name: "99.0" if name.lower() == library.lower() else installed(name))
    assert program_hash() == before


METADATA = """title: A title
plugins:
  evidence:
    site_url: http://127.0.0.1:8001
    contact: ""
    public: false
    abstracts:
      pubmed: show
      "*": hide
databases:
  evidence: {title: The tables}
"""
SETTINGS = [
    ("public: false", "public: true", True),
    ('"*": hide', '"*": show', True),
    ("pubmed: show", "pubmed: show\n      embase: show", True),
    ("public: false", "public: false\n    a_setting_to_come: 1", True),
    ("title: A title", "title: Another", False),
    ('contact: ""', "contact: somebody@example.org", False),
    ("http://127.0.0.1:8001", "https://evidence.example.org", False),
    ("The tables", "Some tables", False),
    ("public: false", "public: false  # not yet", False),
]
QUERIES = [
    ("topics/alpha.yml", "title: B\n", True),
    ("topics/beta.yml", "title: B\n", True),
    ("vocabulary/modality.yml", "scs: 2\n", True),
    ("vocabulary/more/words.txt", "a word\n", True),
    ("readings/one.md", "read\n", True),
    ("topics/.alpha.yml.swp", "x", False),
    ("topics/alpha.yml~", "x", False),
    (".DS_Store", "x", False),
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    for name, text in (("topics/alpha.yml", "title: A\n"), ("vocabulary/modality.yml", "scs: 1\n")):
        written(text)(tmp_path / "queries" / name)
    (tmp_path / "metadata.yml").write_text(METADATA)
    return Project(tmp_path)


@pytest.mark.parametrize(("old", "new", "decides"), SETTINGS)
def test_settings(project: Project, old: str, new: str, decides: bool) -> None:
    before = inputs_hash(project, "tracker")
    replaced(old, new)(project.metadata_file)
    assert (inputs_hash(project, "tracker") != before) is decides


@pytest.mark.parametrize(("name", "text", "decides"), QUERIES)
def test_queries(project: Project, name: str, text: str, decides: bool) -> None:
    before = inputs_hash(project, "tracker")
    written(text)(project.queries / name)
    assert (inputs_hash(project, "tracker") != before) is decides


def test_the_tracker_and_the_day_count_too(project: Project) -> None:
    hashes = {inputs_hash(project, "one"), inputs_hash(project, "two"), inputs_hash(project, "one", "2026-11-20")}
    assert len(hashes) == 3


def test_the_rooms_that_are_left_out_are_reached_by_no_build() -> None:
    """But for the reading of files, which ``tracker.importing`` does before anything is stored."""
    reached, waiting = set[str](), ["evidence.derive.run"]
    while waiting:
        name = waiting.pop()
        path = PACKAGE.parent.joinpath(*name.split("."))
        file = path.with_suffix(".py") if path.with_suffix(".py").is_file() else path / "__init__.py"
        if name in reached or not file.is_file() or name == "evidence.tracker.importing":
            continue
        reached.add(name)
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                waiting += [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module:
                waiting += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    part = ".".join(("evidence", *DERIVING_PART))
    assert part in reached
    rooms = {
        name.split(".")[1]
        for name in reached
        if "." in name and name != "evidence.exchange" and not name.startswith(part)
    }
    assert len(rooms) > 10 and not rooms & NOT_DERIVING


@pytest.mark.slow
def test_verify_and_up_see_another_weight_and_pass_over_a_style_sheet(tmp_path: Path, root: Path) -> None:
    shutil.copytree(root / "evidence", tmp_path / "evidence")  # compiled modules too: each process has them to load
    shutil.copytree(root / "queries", tmp_path / "queries")
    shutil.copyfile(root / "metadata.yml", tmp_path / "metadata.yml")
    ready = (
        "from evidence.services.up import make_ready; from evidence.project import Project; from pathlib import Path; "
    )
    ready += "from evidence.clock import system_clock; "
    ready += "print(*make_ready(Project(Path('.').resolve()), lambda *_: None, system_clock), sep='\\n')"

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"PYTHONPATH": str(tmp_path)}
        return subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=300
        )

    def verified() -> int:
        return run("-m", "evidence", "verify").returncode

    assert "began with the starter library" in run("-c", ready).stdout and verified() == 0
    added("\na { color: red }\n")(tmp_path / "evidence" / "site" / "static" / "site.css")
    added(SECOND)(tmp_path / "evidence" / "exchange" / "ris_out.py")
    assert verified() == 0 and "building" not in run("-c", ready).stdout
    added(" ")(tmp_path / "evidence" / "tagging" / "weights.json")
    assert verified() == 1 and "an input changed: building" in run("-c", ready).stdout
    assert verified() == 0
