"""``evidence publish``: a folder that holds all that a public site needs, and nothing else.

    DIR/evidence.db         the build, with nothing in it that its settings hide
    DIR/metadata.yml        the project's titles and settings
    DIR/settings.json       Datasette's settings for strangers, which ``datasette DIR`` reads
    DIR/queries/            what checking a draft needs: vocabulary, profile, cited sources
    DIR/SHA256SUMS          of every file above
    DIR/publication.json    what was published, and the hash by which the next run knows that nothing changed

The folder is a project without ``data/``: ``evidence serve --project DIR`` serves it. The tracker, which holds what
was received word for word, never comes along.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from evidence import yamlfile
from evidence.clock import Clock, stamp
from evidence.derive.info import is_current, read_info
from evidence.errors import StorageError, UsageError
from evidence.project import PACKAGE, PUBLICATION, Project
from evidence.readonly import open_readonly
from evidence.site.server import DATASETTE_SETTINGS, make_datasette
from evidence.site.settings import read_settings
from evidence.site.state import find_site

DATABASE, SUMS = "evidence.db", "SHA256SUMS"
# What `/check` reads of a project, besides the library.
NEEDED = ("vocabulary", "profile.yml", "sources.yml")
# Of a cited source: what is printed. What maintainers noted of it is a draft, like the readings of claims.
PRINTED = (
    "cited_as", "kind", "authors", "title", "journal", "year", "volume", "issue", "pages", "doi", "pmid", "pmcid",
    "registration", "confirmed",
)  # fmt: skip
CLOSED = {**DATASETTE_SETTINGS, "default_allow_sql": False}
_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class Publication:
    """What :func:`publish` did. ``changed``: the folder was written; ``content``: the hash of what it holds."""

    directory: Path
    changed: bool
    content: str
    published_at: str
    reports: int

    def as_json(self) -> dict[str, Any]:
        return {
            "directory": str(self.directory),
            "changed": self.changed,
            "content": self.content,
            "published_at": self.published_at,
            "reports": self.reports,
        }

    def text(self) -> str:
        if not self.changed:
            return f"nothing changed since {self.published_at}: {self.directory} stays as it is"
        reports = f"{self.reports:,} report{'s' * (self.reports != 1)}"
        return (
            f"published {reports} to {self.directory} (content {self.content[:12]}); "
            f"try it: evidence serve --project {self.directory}"
        )


def publish(project: Project, directory: Path, now: Clock) -> Publication:
    """Write the folder, or leave it as it is when it already holds the same.

    Raises :class:`UsageError` when the settings are not fit for the public, the build is missing or out of date, or
    ``directory`` holds something else; :class:`StorageError` when a database cannot be read or the folder be written.
    """
    info = _fit_to_publish(project)
    _refuse_what_is_not_ours(project, directory)
    files = _small_files(project)
    content = _content_hash(info["inputs_hash"], files)
    known = _known(directory)
    reports = int(info.get("reports") or 0)
    if known.get("content") == content and _whole(directory):
        return Publication(directory, False, content, str(known.get("published_at")), reports)
    at = stamp(now())
    try:
        _write(project, directory, files)
        record = {"content": content, "published_at": at, "built_at": info.get("built_at"), "reports": reports}
        _replace(directory / PUBLICATION, (json.dumps(record, indent=1) + "\n").encode())
    except OSError as error:
        raise StorageError(f"{directory}: cannot be written ({error.strerror or error}); publish again") from error
    return Publication(directory, True, content, at, reports)


def _fit_to_publish(project: Project) -> dict[str, str]:
    """``build_info`` of a build that may be shown to strangers."""
    settings = project.settings()
    if not settings.get("public"):
        raise UsageError(
            f"{project.metadata_file}: publishing needs 'public: true', a site_url and abstracts under plugins: "
            "evidence (docs/publishing.md); then run 'evidence build'"
        )
    read_settings(settings, None)
    if not project.evidence.is_file():
        raise UsageError(f"{project.evidence} does not exist: make it with 'evidence build'")
    try:
        info = read_info(project.evidence)
        with closing(open_readonly(project.evidence)) as db:
            info["reports"] = str(db.execute("SELECT count(*) FROM reports").fetchone()[0])
            broken = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.Error as error:
        raise StorageError(f"{project.evidence} cannot be read ({error}): run 'evidence build'") from error
    if broken != "ok":
        raise StorageError(f"{project.evidence} is damaged ({broken}): run 'evidence build'")
    if not is_current(project, info):
        raise UsageError(f"{project.evidence} is older than what it is made from: run 'evidence build', then publish")
    datasette = make_datasette(project)  # refuses settings and builds that show what they say is hidden
    find_site(datasette)
    for database in datasette.databases.values():
        database.close()
    return info


def _refuse_what_is_not_ours(project: Project, directory: Path) -> None:
    target, root = directory.resolve(), project.root.resolve()
    if target == root or target in root.parents or target in (root / "data", root / "queries"):
        raise UsageError(f"--to {directory}: that is the project itself; name a folder of its own, such as 'public'")
    if directory.exists() and not directory.is_dir():
        raise UsageError(f"--to {directory} is a file; name a folder")
    if directory.is_dir() and any(directory.iterdir()) and not (directory / PUBLICATION).is_file():
        begun = {DATABASE, SUMS, "metadata.yml", "settings.json", "queries"}
        left = {path.name.removesuffix(".new") for path in directory.iterdir()}
        if not left <= begun:
            raise UsageError(f"--to {directory} holds other files ({sorted(left - begun)[0]}); name an empty folder")


def _small_files(project: Project) -> dict[str, bytes]:
    """Name in the folder → content, for all but the database."""
    files = {
        "metadata.yml": project.metadata_file.read_bytes(),
        "settings.json": (json.dumps(CLOSED, indent=1, sort_keys=True) + "\n").encode(),
    }
    for name in NEEDED:
        path = project.queries / name
        found = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path] * path.is_file()
        for file in found:
            files[file.relative_to(project.root).as_posix()] = file.read_bytes()
    if project.sources.is_file() and not project.settings().get("show_draft_readings"):
        files[project.sources.relative_to(project.root).as_posix()] = _without_notes(project.sources)
    return files


def _without_notes(path: Path) -> bytes:
    """The cited sources, without what maintainers noted of them."""
    sources = yamlfile.load(path).data["sources"]
    printed = {name: {key: source[key] for key in PRINTED if key in source} for name, source in sources.items()}
    return yaml.safe_dump({"sources": printed}, allow_unicode=True, sort_keys=False, width=120).encode()


def _content_hash(inputs: str, files: dict[str, bytes]) -> str:
    """Of what the site would show: the build's inputs, the files beside it, the program that makes pages of them."""
    digest = hashlib.sha256(f"{inputs}\n".encode())
    for name, content in sorted(files.items()):
        digest.update(f"{name} {hashlib.sha256(content).hexdigest()}\n".encode())
    for path in sorted(p for p in PACKAGE.rglob("*") if p.is_file() and "__pycache__" not in p.parts):
        name = path.relative_to(PACKAGE).as_posix()
        digest.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _known(directory: Path) -> dict[str, Any]:
    try:
        found = json.loads((directory / PUBLICATION).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _whole(directory: Path) -> bool:
    """Whether every file is there, and none but those, as ``SHA256SUMS`` says."""
    try:
        lines = (directory / SUMS).read_text(encoding="utf-8").splitlines()
        sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines)}
        there = {p.relative_to(directory).as_posix() for p in directory.rglob("*") if p.is_file()}
        return there == sums.keys() | {SUMS, PUBLICATION} and all(
            _digest(directory / name) == digest for name, digest in sums.items()
        )
    except (OSError, ValueError):
        return False


def _write(project: Project, directory: Path, files: dict[str, bytes]) -> None:
    """Every file by a rename: a site which is being served meets whole files only. What is no more goes last."""
    directory.mkdir(parents=True, exist_ok=True)
    (directory / PUBLICATION).unlink(missing_ok=True)
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    copy = directory / f"{DATABASE}.new"
    shutil.copyfile(project.evidence, copy)
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    sums[DATABASE] = _digest(copy)
    if sums[DATABASE] != _digest(project.evidence):
        raise StorageError(f"{copy} is not what {project.evidence} is: a build ran meanwhile, or the disk fails")
    for name, content in files.items():
        _replace(directory / name, content)
    copy.replace(directory / DATABASE)
    for path in sorted(directory.rglob("*"), reverse=True):
        name = path.relative_to(directory).as_posix()
        if path.is_file() and name not in sums:
            path.unlink()
        elif path.is_dir() and not any(path.iterdir()):
            path.rmdir()
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))
    _replace(directory / SUMS, lines.encode())


def _replace(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    with new.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)


def _digest(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
