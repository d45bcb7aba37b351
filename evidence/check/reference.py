"""The key tables of ``docs/check.md``, made from the types: ``python -m evidence.check.reference docs/check.md``."""

from __future__ import annotations

import sys
from pathlib import Path

from evidence.check.result import SHAPES, keys
from evidence.check.warnings import CODES

START = "<!-- made by python -m evidence.check.reference docs/check.md; a test fails when it is out of date -->"
END = "<!-- end of what is made -->"


def reference() -> str:
    """The tables of every key and of every warning code, as Markdown."""
    parts = []
    for shape in SHAPES:
        parts += [f"### {shape.__name__}", "", shape.__doc__ or "", "", "| key | type | what |", "|---|---|---|"]
        for key in keys(shape):
            missing = ", may be missing" if key.optional else ""
            parts.append(f"| `{key.name}` | {key.type}{missing} | {key.meaning} |")
        parts.append("")
    parts += ["### Warning codes", "", "| code | means |", "|---|---|"]
    parts += [f"| `{code}` | {meaning} |" for code, meaning in CODES.items()]
    return "\n".join(parts)


def put_in(page: str) -> str:
    """The page with the tables between its two marks. Raises ``ValueError`` where the marks are missing."""
    before, start, rest = page.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end:
        raise ValueError(f"the page must hold the lines {START!r} and {END!r}")
    return f"{before}{START}\n\n{reference()}\n\n{END}{after}"


if __name__ == "__main__":
    if len(sys.argv) == 2:
        target = Path(sys.argv[1])
        target.write_text(put_in(target.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(reference())
