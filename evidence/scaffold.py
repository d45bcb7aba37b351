"""``evidence init``: a new project directory from the files that came with the program."""

from __future__ import annotations

import shutil
from pathlib import Path

from evidence.errors import StorageError, UsageError
from evidence.project import Project, is_project, packaged_project


def create_project(directory: Path) -> Project:
    """Copy ``metadata.yml`` and ``queries/`` into ``directory``, which is made when missing.

    Raises :class:`UsageError` when it already is a project or is not empty, :class:`StorageError` when it cannot be
    written.
    """
    if directory.is_dir() and is_project(directory):
        raise UsageError(f"{directory} is a project already; nothing was changed")
    if directory.exists() and any(directory.iterdir()):
        raise UsageError(f"{directory} is not empty; choose a new directory")
    template = packaged_project()
    try:
        directory.mkdir(parents=True, exist_ok=True)
        shutil.copytree(template.queries, directory / "queries")
        shutil.copyfile(template.metadata_file, directory / "metadata.yml")
        (directory / ".gitignore").write_text("/data/\n", encoding="utf-8")
    except OSError as error:
        raise StorageError(f"{directory}: cannot be written ({error.strerror or error})") from error
    return Project(directory.resolve())
