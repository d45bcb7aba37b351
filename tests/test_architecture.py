"""The house stays as ``docs/architecture.md`` draws it: layers, sizes, and nothing that must not be there."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "evidence"

# Layer of every room; a module may import from layers with a lower number, and from its own room.
LAYERS = {
    "errors": 0, "model": 0, "rules": 0, "number_words": 0, "bibliography": 0, "record": 0,
    "yamlfile": 0, "project": 0, "scaffold": 0, "topics": 0, "cited_sources": 0,
    "collection": 0, "clock": 0, "readonly": 0, "filelock": 0, "markup": 0, "limits": 0, "scrub": 0, "logs": 0,
    "profile": 0, "devices": 0, "packed": 0, "trial": 0,
    "http": 0.5,
    "exchange": 1, "pubmed": 1.5, "sources": 1.5,  # what PubMed answers is read by exchange.pubmed
    "tracker": 2,
    "refresh": 3, "enrich": 3.5,
    "deduplicate": 4, "relate": 4, "tagging": 4, "references": 4, "ledger": 4.1, "check": 4.5,
    "pubmed_index": 4.8,
    "derive": 5, "baseline": 5.5,
    "library": 6, "services": 6.5,
    "site": 7,
    "cli": 8, "__main__": 9,
}  # fmt: skip
PURE = {"deduplicate", "relate", "tagging", "references", "ledger", "check"}
# What a pure room may not touch: SQL, HTTP, the clock, the file system beyond reading YAML that it is handed.
IMPURE_MODULES = {"sqlite3", "sqlite_utils", "requests", "urllib", "http", "socket", "time", "subprocess", "random"}
MOST_LINES, MOST_FUNCTION_LINES = 500, 60


def modules() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "_project" not in path.parts)


def room(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found |= (
                {f"{node.module}.{alias.name}" for alias in node.names} if node.module == "evidence" else {node.module}
            )
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_only_from_layers_above(path: Path) -> None:
    here = room(path)
    if here == "__init__":
        return
    assert here in LAYERS, f"{here} has no place in the house: add it to docs/architecture.md and to LAYERS"
    for name in imports(path):
        if name == "evidence" or not name.startswith("evidence."):
            continue
        there = name.split(".")[1]
        if there == here:
            continue
        assert LAYERS[there] < LAYERS[here] or LAYERS[there] == LAYERS[here] == 0, f"{path.name} imports {name}"
        if here in PURE:
            assert LAYERS[there] == 0 or there in PURE, f"{here} is pure: it may not import {name}"


@pytest.mark.parametrize("path", [p for p in modules() if room(p) in PURE], ids=lambda p: str(p.relative_to(PACKAGE)))
def test_pure_rooms_do_no_input_or_output(path: Path) -> None:
    touched = {name.split(".")[0] for name in imports(path)} & IMPURE_MODULES
    assert not touched, f"{path.name} imports {', '.join(touched)}"


def test_files_and_functions_stay_small() -> None:
    long = []
    for path in modules():
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > MOST_LINES:
            long.append(f"{path.relative_to(ROOT)}: {text.count(chr(10))} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or node.lineno) - node.lineno + 1
                if size > MOST_FUNCTION_LINES:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {size} lines")
    assert not long, "\n".join(long)


def test_every_room_stands_in_the_architecture_page() -> None:
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    missing = [name for name in LAYERS if name != "__main__" and f"`{name}`" not in page and f"`{name}/`" not in page]
    assert not missing


def test_nothing_names_a_machine_or_a_registry() -> None:
    """Paths of somebody's machine and hosts of package registries make a repository work in one place only."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    pattern = re.compile(r"/wor" r"k/|/tm" r"p/(?!bash)|pypi" r"\.org|registry\.npm" r"js|deb\.deb" r"ian\.org")
    found = []
    for name in files:
        path = ROOT / name
        if path.suffix in {".nbib", ".png", ".gz"} or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{name}:{number}: {line.strip()[:100]}")
    assert not found, "\n".join(found)
