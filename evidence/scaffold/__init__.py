"""``evidence init``: a new project directory, empty with commented examples, or with the files of a field.

    DIR/README.md           what to do first
    DIR/metadata.yml        settings
    DIR/queries/            profile, topics, vocabulary, claims, sources, corrections

An example brings its topics, vocabulary and claims. What its maintainers decided about single records (merges, hand
tags, studies) stays behind: those records are not in the new project.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from evidence.errors import StorageError, UsageError
from evidence.project import Project, is_project, packaged_project

FILES = Path(__file__).with_name("files")
# The program's own field, and the only one it brings.
EXAMPLES = ("neuromodulation",)
# Decisions about single records, left empty in a new project.
DECISIONS = ("merges.yml", "hand_tags.yml", "studies.yml")


def create_project(directory: Path, example: str | None = None) -> Project:
    """Make a project in ``directory``, which is made when missing.

    Raises :class:`UsageError` when it already is a project, is not empty or ``example`` is not known,
    :class:`StorageError` when it cannot be written.
    """
    if example is not None and example not in EXAMPLES:
        raise UsageError(f"there is no example {example!r}; there is {', '.join(EXAMPLES)}")
    if directory.is_dir() and is_project(directory):
        raise UsageError(f"{directory} is a project already; nothing was changed")
    try:
        if directory.exists() and any(directory.iterdir()):
            raise UsageError(f"{directory} is not empty; choose a new directory")
        _copy(directory, example)
    except OSError as error:
        raise StorageError(f"{directory}: cannot be written ({error.strerror or error})") from error
    return Project(directory.resolve())


def _copy(directory: Path, example: str | None) -> None:
    template = packaged_project()
    shutil.copytree(FILES, directory, dirs_exist_ok=True)
    (directory / "gitignore").rename(directory / ".gitignore")
    if example is None:
        return
    left_out = shutil.ignore_patterns(*DECISIONS)
    for emptied in ("topics", "vocabulary", "claims"):
        shutil.rmtree(directory / "queries" / emptied)
    shutil.copytree(template.queries, directory / "queries", ignore=left_out, dirs_exist_ok=True)
    shutil.copyfile(template.metadata_file, directory / "metadata.yml")
