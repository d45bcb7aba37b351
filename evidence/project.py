"""A project directory: where its files are, its settings, and who asks NCBI.

    DIR/metadata.yml        Datasette's metadata, with this project's settings under ``plugins: evidence``
    DIR/queries/            what maintainers edit
    DIR/data/tracker.db     what was received (private)
    DIR/data/evidence.db    what is derived (public)

``metadata.yml`` and ``queries/`` together mark a project; commands look for them in the working directory
and its parents. The wheel carries both, so that ``evidence init`` and the stand-alone commands work anywhere.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.errors import UsageError

EUTILS_URL = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/"
PACKAGE = Path(__file__).parent
INDEX_MANIFEST = "index.json"  # in the folder of an index of PubMed: says which files are the index
PUBLICATION = "publication.json"  # in a folder that 'evidence publish' wrote
STARTERS = PACKAGE / "starter"  # by the name that a profile gives


@dataclass(frozen=True, slots=True)
class NcbiIdentity:
    """Who asks NCBI. ``email`` and ``api_key`` are secrets: they go into POST bodies and nowhere else."""

    base_url: str = EUTILS_URL
    email: str = ""
    api_key: str = ""
    tool: str = "evidence-tracker"

    def __repr__(self) -> str:  # a traceback must not show a secret
        email, key = ("set" if secret else "not set" for secret in (self.email, self.api_key))
        return f"NcbiIdentity(base_url={self.base_url!r}, email={email}, api_key={key})"


def ncbi_identity(environ: Mapping[str, str] = os.environ) -> NcbiIdentity:
    """The identity that the environment names (``NCBI_EMAIL``, ``NCBI_API_KEY``, ``EVIDENCE_EUTILS_URL``)."""
    url = environ.get("EVIDENCE_EUTILS_URL", "").strip() or EUTILS_URL
    if not url.startswith(("http://", "https://")):
        raise UsageError(f"EVIDENCE_EUTILS_URL is {url!r}: it must start with http:// or https://")
    return NcbiIdentity(
        base_url=url.rstrip("/") + "/",
        email=environ.get("NCBI_EMAIL", "").strip(),
        api_key=environ.get("NCBI_API_KEY", "").strip(),
    )


@dataclass(frozen=True, slots=True)
class Project:
    """A project directory. Paths are computed, not checked; settings are read when asked for."""

    root: Path

    @property
    def metadata_file(self) -> Path:
        return self.root / "metadata.yml"

    @property
    def queries(self) -> Path:
        return self.root / "queries"

    @property
    def topics(self) -> Path:
        return self.queries / "topics"

    @property
    def vocabulary(self) -> Path:
        return self.queries / "vocabulary"

    @property
    def claims(self) -> Path:
        return self.queries / "claims"

    @property
    def readings(self) -> Path:
        return self.queries / "readings"

    @property
    def sources(self) -> Path:
        return self.queries / "sources.yml"

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def tracker(self) -> Path:
        return self.data / "tracker.db"

    @property
    def evidence(self) -> Path:
        """The build; in a published folder, which has no ``data/``, it stands beside ``metadata.yml``."""
        return (self.root if (self.root / PUBLICATION).is_file() else self.data) / "evidence.db"

    @property
    def pubmed_index(self) -> Path:
        """The index of PubMed (:mod:`evidence.pubmed_index`), where one was made."""
        return self.data / "pubmed-index"

    @property
    def has_pubmed_index(self) -> bool:
        return (self.pubmed_index / INDEX_MANIFEST).is_file()

    @property
    def lock(self) -> Path:
        return self.data / "refresh.lock"

    @property
    def log(self) -> Path:
        return self.data / "evidence.log"

    def settings(self) -> dict[str, Any]:
        """``plugins: evidence`` of ``metadata.yml`` (``site_url``, ``abstracts``, ``public``); ``{}`` when absent."""
        document = yamlfile.load(self.metadata_file)
        found: Any = document.data
        for keys in ((), ("plugins",), ("plugins", "evidence")):
            found = (found.get(keys[-1]) if keys else found) or {}
            if not isinstance(found, dict):
                what = ": ".join(keys) or "the file"
                raise document.error(f"{what} must be a mapping (name: value)", *keys)
        settings: dict[str, Any] = found
        return settings


def is_project(directory: Path) -> bool:
    return (directory / "metadata.yml").is_file() and (directory / "queries").is_dir()


def find_project(start: Path | None = None) -> Project:
    """The project at ``start``, or the nearest one above the working directory. Raises :class:`UsageError`."""
    if start is not None:
        if is_project(start):
            return Project(start.resolve())
        raise UsageError(
            f"{start} is not a project (no metadata.yml beside queries/): make one with 'evidence init {start}'"
        )
    here = Path.cwd()
    for directory in (here, *here.parents):
        if is_project(directory):
            return Project(directory)
    raise UsageError(
        f"no project here: neither {here} nor a directory above it has metadata.yml and queries/. "
        "Make one with 'evidence init DIR', or name one with --project DIR"
    )


def packaged_project() -> Project:
    """The project files that came with the program: the vocabulary, topics and claims of this version."""
    installed = PACKAGE / "_project"
    return Project(installed if installed.is_dir() else PACKAGE.parent)
