"""``evidence check``: a draft against the library, as text, Markdown or JSON."""

from __future__ import annotations

import json
from contextlib import ExitStack, closing
from pathlib import Path

from evidence.claims.render import as_markdown, as_text, codes
from evidence.claims.warnings import CODES
from evidence.cli.online import pubmed_matcher
from evidence.cli.options import read_input
from evidence.errors import UsageError
from evidence.library.desk import Desk
from evidence.project import Project


def run_check(project: Project, file: Path, format_: str, online: bool, fail_on: str) -> tuple[str, bool]:
    """The output, and whether one of the ``fail_on`` codes (separated by commas) was given.

    Raises ``UsageError`` for an unknown code or without a built library, ``InputError`` for a file that is no draft.
    """
    wanted = _codes(fail_on)
    content = read_input(file)
    name = "standard input" if str(file) == "-" else str(file)
    with ExitStack() as stack:
        desk = stack.enter_context(closing(Desk.open(project.evidence, project)))
        matcher = stack.enter_context(pubmed_matcher()) if online else None
        result = desk.check_file(content, name, matcher)
    if format_ == "json":
        output = json.dumps(result, ensure_ascii=False, indent=2)
    else:
        output = (as_markdown(result) if format_ == "markdown" else as_text(result)).rstrip("\n")
    return output, bool(wanted & codes(result))


def _codes(fail_on: str) -> set[str]:
    wanted = {code.strip() for code in fail_on.split(",") if code.strip()}
    if unknown := sorted(wanted - set(CODES)):
        raise UsageError(f"--fail-on: unknown code {unknown[0]!r}; known: {', '.join(CODES)}")
    return wanted
