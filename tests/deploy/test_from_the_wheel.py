"""From nothing to a published site as docs/publishing.md says: the wheel, exact versions, an empty directory."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

FIRST_ANSWER_SECONDS = 3.0


def run(*command: str | Path, cwd: Path, env: dict[str, str] | None = None) -> str:
    done = subprocess.run([str(c) for c in command], cwd=cwd, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Path:
    """The programs of a virtual environment as the image has it: the lock files, then the wheel alone."""
    directory = tmp_path_factory.mktemp("image")
    for name, lock in (("maker", "build.lock"), ("image", "requirements.lock")):
        run(sys.executable, "-m", "venv", directory / name, cwd=directory)
        try:
            run(directory / name / "bin" / "pip", "install", "--quiet", "-r", root / "deploy" / lock, cwd=directory)
        except AssertionError as error:
            if re.search(r"Could not find a version|Connection|Temporary failure|No matching distribution", str(error)):
                pytest.skip("needs the package index")
            raise
    wheels = directory / "wheels"
    run(
        directory / "maker" / "bin" / "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation",
        "--wheel-dir", wheels, root, cwd=directory,
    )  # fmt: skip
    run(directory / "image" / "bin" / "pip", "install", "--quiet", "--no-deps", *wheels.glob("*.whl"), cwd=directory)
    return directory / "image" / "bin"


def answer(url: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(url, timeout=10) as found:
            return found.status, found.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, ""


@pytest.mark.slow
def test_from_an_empty_directory_to_a_public_site(installed: Path, tmp_path: Path) -> None:
    evidence = installed / "evidence"
    env = {"PATH": f"{installed}:/usr/bin:/bin", "HOME": str(tmp_path / "home"), "LANG": "C.UTF-8"}
    run(evidence, "init", "mine", "--example", "neuromodulation", cwd=tmp_path, env=env)
    project = tmp_path / "mine"
    metadata = (project / "metadata.yml").read_text(encoding="utf-8")
    metadata = re.sub(r"site_url: .*", "site_url: https://evidence.example.org", metadata)
    (project / "metadata.yml").write_text(metadata.replace("public: false", "public: true"), encoding="utf-8")
    (project / "one.ris").write_text("TY  - JOUR\nTI  - Spinal cord stimulation in a town\nPY  - 2020\nER  - \n")
    run(evidence, "import", "one.ris", cwd=project, env=env)
    run(evidence, "build", cwd=project, env=env)
    said = run(evidence, "publish", "--to", "public", cwd=project, env=env)
    assert "published 1 report to" in said
    (project / "public").rename(tmp_path / "served")  # nothing of the project is beside it any more
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    home = f"http://127.0.0.1:{port}"
    command = [str(evidence), "serve", "--project", str(tmp_path / "served"), "--port", str(port)]
    cpu_before, began = _children_cpu(), time.monotonic()
    with subprocess.Popen(command, cwd=tmp_path, env=env) as process:
        try:
            status, page = _first(home, process)
            took = time.monotonic() - began
            closed = [answer(home + path)[0] for path in ("/evidence.db", "/evidence?sql=select+1", "/-/versions.json")]
            status_check = answer(f"{home}/check")[0]
        finally:
            process.terminate()
    assert status == 200 and "Spinal cord stimulation in a town" in answer_text(page)
    assert closed == [403, 403, 404] and status_check == 200
    # On a machine that is busy with other things, what counts is the work done until then.
    assert min(took, _children_cpu() - cpu_before) < FIRST_ANSWER_SECONDS


def answer_text(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page)


def _first(home: str, process: subprocess.Popen[bytes]) -> tuple[int, str]:
    for _ in range(1200):
        try:
            return answer(f"{home}/search?q=town")
        except OSError:
            assert process.poll() is None
            time.sleep(0.05)
    raise AssertionError("no answer within a minute")


def _children_cpu() -> float:
    times = os.times()
    return times.children_user + times.children_system
