"""Only ``evidence/clock.py`` reads a calendar clock: no other Python, no SQL, no page's script, no file's time."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "evidence"
HOME = PACKAGE / "clock.py"

# Module or class → what of it reads the calendar.
CALENDAR = {
    "time": {"time", "time_ns", "ctime", "localtime", "gmtime", "asctime", "strftime", "clock_gettime"},
    "datetime.datetime": {"now", "utcnow", "today"},
    "datetime.date": {"today"},
    "os.path": {"getmtime", "getctime", "getatime"},
    "email.utils": {"formatdate", "localtime"},
    "uuid": {"uuid1", "uuid6", "uuid7"},
}  # fmt: skip
# Attributes that are a file's time, whatever they hang on.
FILE_TIMES = re.compile(r"(st_)?[mcab](irth)?time(_ns)?$|st_birthtime(_ns)?$|getmtime$|getctime$|getatime$")
# A file's time as one of the marks by which it is told apart from the one that replaced it: compared for equality
# with another, never with a clock.
TOLD_APART = {("site/state.py", "st_mtime_ns")}
SQL = re.compile(
    r"""CURRENT_(?:TIMESTAMP|DATE|TIME)\b|\b(?:date|time|datetime|julianday|unixepoch|strftime|timediff)\s*\([^()]*'now'"""
    r"""|(?<![\w.])(?:datetime|julianday|unixepoch)\s*\(\s*\)""",
    re.I,
)
SCRIPT = re.compile(r"\bDate\.now\b|\bnew\s+Date\b(?:\s*\(\s*\)|(?!\s*\())|(?<![\w.])Date\s*\(\s*\)|\bTemporal\.Now\b")


def python_files() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "_project" not in path.parts and path != HOME)


def reads(source: str) -> Iterator[tuple[int, str]]:
    """Line and name of every calendar clock that Python source reads, in the code or in the SQL of its strings."""
    tree = ast.parse(source)
    names: dict[str, str] = {}  # what a name in this file stands for
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.asname or alias.name: alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            whole = _dotted(node)
            first, _, rest = whole.partition(".")
            meant = f"{names.get(first, first)}.{rest}"
            if _is_calendar(meant) or FILE_TIMES.match(node.attr):
                yield node.lineno, whole
        elif isinstance(node, ast.Name) and _is_calendar(names.get(node.id, "")):
            yield node.lineno, node.id
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            if found := SQL.search(node.value):
                yield node.lineno, found.group()
            elif "%(asctime)" in node.value:
                yield node.lineno, "%(asctime)"


def _is_calendar(meant: str) -> bool:
    module, _, name = meant.rpartition(".")
    return name in CALENDAR.get(module, ())


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "…"


@pytest.mark.parametrize("path", python_files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_module_reads_a_calendar_clock(path: Path) -> None:
    name = path.relative_to(PACKAGE).as_posix()
    found = [
        f"{name}:{line}: {what}"
        for line, what in reads(path.read_text(encoding="utf-8"))
        if (name, what.rpartition(".")[2]) not in TOLD_APART
    ]
    assert not found, f"take the time from a clock that is passed in (evidence/clock.py): {found}"


def test_no_query_page_or_script_reads_one() -> None:
    files = [p for kind in ("*.sql", "*.js", "*.mjs", "*.html", "*.svg", "*.yml") for p in PACKAGE.rglob(kind)]
    files += [PACKAGE.parent / "metadata.yml"]
    assert any(path.suffix == ".html" for path in files)
    found = []
    for path in files:
        text = path.read_text(encoding="utf-8")
        found += [f"{path.name}: {m.group()}" for pattern in (SQL, SCRIPT) for m in pattern.finditer(text)]
    assert not found


READS = [
    "import datetime\ndatetime.datetime.now()",
    "import datetime as dt\ndt.datetime.now(dt.UTC)",
    "from datetime import datetime\ndatetime.utcnow()",
    "from datetime import datetime as D, date\nD.now(None)",
    "from datetime import date\ndate.today()",
    "import datetime\nread = datetime.date.today",
    "import time\ntime.time()",
    "import time as t\nx = t.time_ns()",
    "from time import time\ntime()",
    "from time import time as clock\nread = clock",
    "import time\ntime.strftime('%Y')",
    "from pathlib import Path\nPath('x').stat().st_mtime",
    "import os\nos.stat('x').st_ctime_ns",
    "import os\nos.path.getmtime('x')",
    "from os.path import getmtime\ngetmtime('x')",
    "from email.utils import formatdate\nformatdate()",
    "import uuid\nuuid.uuid1()",
    "x = '%(asctime)s %(message)s'",
    "q = 'SELECT * FROM t WHERE at < CURRENT_TIMESTAMP'",
    "q = \"SELECT strftime('%s', 'now')\"",
    "q = \"SELECT date('now', '-7 days')\"",
    "q = 'INSERT INTO t VALUES (unixepoch())'",
]
READS_NOT = [
    "import time\ntime.monotonic(); time.sleep(1); time.perf_counter()",
    "from datetime import datetime\ndatetime.fromisoformat('2026-11-20').date()",
    "from datetime import date\ndate(2026, 11, 20).isoformat()",
    "class A:\n    def f(self):\n        return self.now()",
    "def f(now):\n    return now()",
    "q = \"SELECT date(received_at), 'now' FROM t\"",
    "import time\nx = time",
    "today = 1\nnow = today",
    "q = 'a report of current date and time'",
]


@pytest.mark.parametrize("source", READS)
def test_what_reads_a_clock_is_seen(source: str) -> None:
    assert list(reads(source)), source


@pytest.mark.parametrize("source", READS_NOT)
def test_what_reads_none_is_left_alone(source: str) -> None:
    assert not list(reads(source)), source


@pytest.mark.parametrize(
    ("script", "reading"),
    [("let t = new Date();", True), ("let t = new Date;", True), ("Date.now()", True), ("String(Date())", True),
     ("new Date(row.received_at)", False), ("input.valueAsDate", False), ("updateDate(x)", False)],
)  # fmt: skip
def test_scripts_are_read_too(script: str, reading: bool) -> None:
    assert bool(SCRIPT.search(script)) is reading
