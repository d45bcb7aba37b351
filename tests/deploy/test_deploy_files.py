"""The files in deploy/ agree with the program: exact versions of all that it needs, units that are locked down."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement


def locked(path: Path) -> dict[str, str]:
    pairs = (line.split("==") for line in path.read_text(encoding="utf-8").splitlines() if line and line[0] != "#")
    return {name.strip().lower(): version.strip() for name, version in pairs}


def test_the_lock_has_an_exact_version_of_every_dependency(root: Path) -> None:
    known = locked(root / "deploy" / "requirements.lock")
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for written in project["dependencies"]:
        need = Requirement(written)
        assert need.name.lower() in known, f"{need.name} is not locked: run deploy/lock.sh"
        assert known[need.name.lower()] in need.specifier, f"{need} is locked otherwise: run deploy/lock.sh"


def test_the_image_is_made_of_locked_versions_and_runs_without_rights(root: Path) -> None:
    text = (root / "deploy" / "Containerfile").read_text(encoding="utf-8")
    last = text.rpartition("\nFROM ")[2]
    assert re.search(r"^USER (?!0)\d+:\d+$", last, re.M) and "HEALTHCHECK" in last
    for line in re.findall(r"pip (?:install|wheel)[^&\n]*", text):
        assert ".lock" in line or "--no-deps" in line, line
    compose = yaml.safe_load((root / "deploy" / "compose.yml").read_text(encoding="utf-8"))
    site = compose["services"]["site"]
    assert site["read_only"] is True and site["cap_drop"] == ["ALL"] and "ports" not in site
    assert compose["networks"]["inside"]["internal"] is True


UNITS = ("evidence-site.service", "evidence-refresh.service")


@pytest.mark.parametrize("unit", UNITS)
def test_a_failing_unit_is_told(root: Path, unit: str) -> None:
    text = (root / "deploy" / unit).read_text(encoding="utf-8")
    assert "OnFailure=evidence-failed@%n.service" in text
    assert (root / "deploy" / "evidence-failed@.service").is_file()


def test_the_sites_unit_cannot_read_the_tracker(root: Path) -> None:
    text = (root / "deploy" / "evidence-site.service").read_text(encoding="utf-8")
    refresh = (root / "deploy" / "evidence-refresh.service").read_text(encoding="utf-8")
    assert re.search(r"^InaccessiblePaths=.*-/srv/evidence/data\b", text, re.M) and "ReadWritePaths" not in text
    users = [re.search(r"^User=(.*)$", unit, re.M) for unit in (text, refresh)]
    assert users[0] and users[1] and users[0].group(1) != users[1].group(1)


@pytest.mark.parametrize("unit", UNITS)
def test_units_are_hardly_exposed(root: Path, unit: str) -> None:
    analyze = shutil.which("systemd-analyze")
    if not analyze:
        pytest.skip("needs systemd-analyze (Debian's package systemd)")
    command = [analyze, "security", "--offline=true", "--no-pager", str(root / "deploy" / unit)]
    said = subprocess.run(command, capture_output=True, text=True, timeout=60).stdout
    level = re.search(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert level, said
    assert float(level.group(1)) <= 2.5
