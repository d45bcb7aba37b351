"""A stand-in for GitHub's ``gh``: releases in a directory (``GH_STATE``), and every way to fail (``GH_FAULT``).

``GH_FAULT`` is ``KIND:COMMAND``; one of ``list``, ``assets``, ``download``, ``upload``, ``create``, ``delete``.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

STATE = Path(os.environ["GH_STATE"])
KIND, _, WHERE = os.environ.get("GH_FAULT", "").partition(":")


def main(args: list[str]) -> None:
    if args[0] == "api":
        api(args[-3] if args[-2] == "--jq" else args[-1], args[args.index("--jq") + 1])
    elif args[1] == "download":
        download(args[args.index("--pattern") + 1], Path(args[args.index("--output") + 1]))
    elif args[1] == "upload":
        need_release()
        keep(Path(args[3]), "upload")
    elif args[1] == "create":
        assert not release().exists(), "the release is there already"
        fail("create")
        release().mkdir()
        keep(Path(args[3]), "create")
    elif args[1] == "delete-asset":
        fail("delete")
        shutil.rmtree(need_release() / args[3])


def release() -> Path:
    return STATE / "data"


def need_release() -> Path:
    if not release().exists():
        stop("release not found")
    return release()


def stop(said: str) -> NoReturn:
    sys.stderr.write(f"{said}\n")
    sys.exit(1)


def fail(where: str) -> None:
    """The faults in which nothing comes."""
    if where != WHERE:
        return
    said = {
        "network": "error connecting to api.github.com",
        "http_500": "gh: Server Error (HTTP 500)",
        "no_access": "gh: Not Found (HTTP 404)",
        "rate": "gh: API rate limit exceeded (HTTP 403)",
    }
    if KIND in said:
        stop(said[KIND])
    if KIND == "killed":
        os.killpg(os.getpgid(0), signal.SIGKILL)
    if KIND == "empty":
        sys.exit(0)


def api(path: str, query: str) -> None:
    where = "assets" if path.endswith("/assets") else "list"
    fail(where)
    if ("html", where) == (KIND, WHERE):
        answer = "<html>busy</html>"
    elif where == "assets":
        answer = json.dumps([asset(folder) for folder in need_release().iterdir()])
    else:
        known = [{"tag_name": "v1.0", "id": 1}]
        answer = json.dumps([*known, {"tag_name": "data", "id": 2}] if release().exists() else known)
    done = subprocess.run(["jq", "-r", query], input=answer, text=True, check=False)
    sys.exit(done.returncode)


def asset(folder: Path) -> dict[str, object]:
    about: dict[str, object] = json.loads((folder / "about.json").read_text())
    return about


def keep(path: Path, where: str) -> None:
    if KIND != "killed":
        fail(where)
    folder = release() / path.name
    shutil.rmtree(folder, ignore_errors=True)  # --clobber
    folder.mkdir()
    content = path.read_bytes()
    about = {"name": path.name, "state": "uploaded", "size": len(content), "created_at": created()}
    if KIND in ("partial", "killed") and where == WHERE and path.name.startswith("tracker"):
        content = content[: len(content) // 2]
        about |= {"size": 0, "state": "starter"} if KIND == "killed" else {"size": len(content)}
    if not os.environ.get("GH_WITHOUT_DIGEST"):
        about["digest"] = "sha256:" + hashlib.sha256(content).hexdigest()
    (folder / "content").write_bytes(content)
    (folder / "about.json").write_text(json.dumps(about))
    if KIND == "killed":
        fail(where)


def created() -> str:
    """Later than every other's."""
    count = STATE / "count"
    number = int(count.read_text()) + 1 if count.exists() else 1
    count.write_text(str(number))
    return f"2026-11-{number:02}T00:00:00Z"


def download(name: str, output: Path) -> None:
    fail("download")
    folder = need_release() / name
    if not folder.exists():
        stop("no assets match the file pattern")
    content = (folder / "content").read_bytes()
    if WHERE == "download" and KIND == "partial":
        content = content[: len(content) // 2]
    if WHERE == "download" and KIND == "garbled":
        content = content[:-10] + b"x" * 10
    output.write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1:])
