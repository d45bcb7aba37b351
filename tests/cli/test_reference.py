"""``docs/cli.md`` is what the commands say of themselves."""

from __future__ import annotations

from pathlib import Path

from evidence.cli.app import COMMANDS
from evidence.cli.reference import reference


def test_the_page_is_up_to_date(root: Path) -> None:
    page = (root / "docs" / "cli.md").read_text(encoding="utf-8")
    assert page == reference(), "run: python -m evidence.cli.reference > docs/cli.md"


def test_every_command_is_in_the_readme(root: Path) -> None:
    readme = (root / "README.md").read_text(encoding="utf-8")
    assert [name for name in COMMANDS if f"evidence {name}" not in readme] == []
