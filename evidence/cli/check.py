"""``evidence check``: a draft against the library, as text, Markdown or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from itertools import islice
from pathlib import Path

from evidence import limits
from evidence.check.render import as_markdown, as_text, codes
from evidence.check.result import CheckResult
from evidence.check.warnings import CODES
from evidence.cli.options import read_input
from evidence.errors import TryLater, UsageError
from evidence.library.desk import Desk
from evidence.project import Project
from evidence.services.online import pubmed_matcher

_PIECES = 20_000


def run_check(
    project: Project, file: Path, format_: str, online: bool, fail_on: str, details: bool = False
) -> tuple[Iterator[str], bool]:
    """The output in pieces, and whether one of the ``fail_on`` codes (separated by commas) was given.

    Raises ``UsageError`` for an unknown code or without a built library, ``InputError`` for a file that is no draft.
    When PubMed was to be asked and does not answer, the library's answer is given, and says so (``not-checked``).
    """
    wanted = _codes(fail_on)
    content = read_input(file, limits.DOCX_FILE)
    name = "standard input" if str(file) == "-" else str(file)
    with ExitStack() as stack:
        desk = stack.enter_context(closing(Desk.open(project.evidence, project)))
        matcher = stack.enter_context(pubmed_matcher()) if online else None
        try:
            result = desk.check_file(content, name, matcher)
        except TryLater as silent:
            result = _without_pubmed(desk.check_file(content, name), silent)
    if format_ == "json":
        output = _as_json(result)
    else:
        render = as_markdown if format_ == "markdown" else as_text
        output = iter([render(result, details).rstrip("\n")])
    return output, bool(wanted & codes(result))


def _as_json(result: CheckResult) -> Iterator[str]:
    """What ``json.dumps`` gives, piece by piece: whole, it took 200 MB for a draft of 200 kB."""
    pieces = json.JSONEncoder(ensure_ascii=False, indent=2).iterencode(result)
    return iter(lambda: "".join(islice(pieces, _PIECES)), "")


def _without_pubmed(result: CheckResult, silent: TryLater) -> CheckResult:
    """The answer of the library alone, which says that PubMed was not asked: half an answer is better than none."""
    said = f"PubMed did not answer, so references were looked up in the library only: {silent}"
    result["warnings"].append({"code": "not-checked", "message": said, "sentences": []})
    return result


def _codes(fail_on: str) -> set[str]:
    wanted = {code.strip() for code in fail_on.split(",") if code.strip()}
    if unknown := sorted(wanted - set(CODES)):
        raise UsageError(f"--fail-on: unknown code {unknown[0]!r}; known: {', '.join(CODES)}")
    return wanted
