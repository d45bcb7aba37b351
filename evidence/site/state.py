"""What the site knows of one build: its settings, labels, facet index and page cache."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from datasette.utils import StartupError

from evidence.derive.facet_index import FacetIndex
from evidence.derive.schema import FACET_TABLE
from evidence.errors import UsageError
from evidence.model import Facet, StatedFacet
from evidence.profile import packaged_profile
from evidence.readonly import open_readonly
from evidence.site.access import asked
from evidence.site.reading import Readers
from evidence.site.settings import Settings, read_settings
from evidence.site.wording import scope_note
from evidence.site.workers import CheckPool
from evidence.tracker.storage import storage_errors

# Enough for some thousand pages; a busy site re-reads the same few hundred.
CACHE_BYTES = 48_000_000
# An evidence.db is known by the tables that no other database has together.
OUR_TABLES = ("build_info", "reports", "report_ids", "tag_evidence", "facet_bits")
# A short form that names one tag, as an example of what may be typed.
SHORT_FORM = """
    SELECT upper(substr(key, 2)) FROM search_names WHERE key LIKE '=____' AND facet = 'modality'
    GROUP BY key HAVING count(*) = 1 ORDER BY 1 LIMIT 1"""
# Counts that pages speak of; an older build has not got them all.
SPOKEN_OF = {"claims_read", "with_mesh", "hand_tagged", "file_records", "with_abstract"}
HIDDEN_ABSTRACT = """
    SELECT r.id FROM reports r
    JOIN (SELECT report FROM abstracts UNION ALL SELECT report FROM other_abstracts) a ON a.report = r.id
    WHERE NOT EXISTS (SELECT 1 FROM records WHERE report = r.id AND source IN ({shown})) LIMIT 1"""


@dataclass(frozen=True, slots=True)
class Tag:
    """A term of a facet."""

    facet: str
    id: str
    label: str
    definition: str = ""
    parent: str | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """A page as it is sent. ``scripts`` and ``styles``: the sources that other plugins' additions to it need."""

    status: int
    content_type: str
    body: bytes
    scripts: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()

    def allow(self) -> None:
        """Let the policy of the request that is being answered pass what the page needs."""
        here = asked()
        here.scripts, here.styles = list(self.scripts), list(self.styles)


@dataclass(slots=True)
class PageCache:
    """Rendered pages of one build, least recently used out first. ``limit`` in bytes."""

    limit: int = CACHE_BYTES
    size: int = 0
    pages: OrderedDict[str, Answer] = field(default_factory=OrderedDict)
    lock: Lock = field(default_factory=Lock)

    def get(self, key: str) -> Answer | None:
        with self.lock:
            page = self.pages.get(key)
            if page:
                self.pages.move_to_end(key)
            return page

    def put(self, key: str, page: Answer) -> None:
        with self.lock:
            old = self.pages.pop(key, None)
            self.size += len(page.body) - (len(old.body) if old else 0)
            self.pages[key] = page
            while self.size > self.limit and self.pages:
                self.size -= len(self.pages.popitem(last=False)[1].body)


# What SQLite says of a table or a column that is not there; of disks and locks it says something else.
_OTHER_SHAPE = "SQLITE_ERROR"


class Replaced(Exception):
    """The file was replaced by another build since this site read it; a moment later the new one is served."""


class Site:
    """One ``evidence.db`` as Datasette serves it: ``database`` is its name in URLs."""

    def __init__(
        self, database: str, path: Path, settings: Settings, base_url: str = "/", others: frozenset[str] = frozenset()
    ):
        self.database, self.path, self.settings, self.others = database, path, settings, others
        self.prefix = base_url.rstrip("/")
        self.address = public_address(settings.site_url, self.prefix)
        self.cache = PageCache()
        self.readers = Readers(self.open)
        self.check_pool: CheckPool | None = None
        self.stamp = file_stamp(path)
        conn = open_readonly(path)
        try:
            self._read(conn)
        except (sqlite3.OperationalError, LookupError) as error:
            if getattr(error, "sqlite_errorname", _OTHER_SHAPE) != _OTHER_SHAPE:
                with storage_errors(path):
                    raise
            raise UsageError(f"{path} was built by another version of this program: run 'evidence build'") from error
        finally:
            conn.close()

    def _read(self, conn: sqlite3.Connection) -> None:
        """Everything that every page needs, read once."""
        self.info: dict[str, str] = dict(conn.execute("SELECT key, value FROM build_info"))
        stored = self.info.get("profile")
        self.profile: dict[str, str] = json.loads(stored) if stored else packaged_profile().texts()
        if not self.settings.title:
            self.settings = replace(self.settings, title=self.profile["title"])
        self.example_name = next((name for (name,) in conn.execute(SHORT_FORM)), "")
        self.tags = {str(facet): _read_tags(conn, facet) for facet in (*Facet, *StatedFacet)}
        self.topics: dict[str, str] = dict(conn.execute("SELECT id, title FROM topics ORDER BY title"))
        self.index = FacetIndex.load(conn)
        self.key_parts = _read_key_parts(conn)
        fragments = dict(conn.execute("SELECT name, value FROM fragments"))
        self.counts: dict[str, int] = json.loads(fragments["counts"])
        if not self.counts.keys() >= SPOKEN_OF:
            raise LookupError("a count is missing")
        self.newest: list[int] = json.loads(fragments["newest"])
        for table in (
            "search_words",
            "fields_fts",
            "author_words",
        ):  # a build of before they were made cannot be searched
            conn.execute(f"SELECT count(*) FROM (SELECT 1 FROM {table} LIMIT 1)")
        _refuse_hidden_abstracts(conn, self.settings)
        _refuse_draft_readings(conn, self.settings)

    def check_unchanged(self) -> None:
        """Raise :class:`Replaced` when the path leads to another file than the one that was read."""
        if file_stamp(self.path) != self.stamp:
            raise Replaced

    def open(self) -> sqlite3.Connection:
        """A connection of its own to this build, for one thread at a time. Raises :class:`Replaced`."""
        self.check_unchanged()
        return open_readonly(self.path, check_same_thread=False)

    @cached_property
    def build(self) -> str:
        """A short name of this build and these settings, for ETags: another build, another name."""
        parts = (self.stamp, self.settings, sorted(self.info.items()))
        return hashlib.sha256(repr(parts).encode()).hexdigest()[:16]

    @cached_property
    def known(self) -> dict[str, list[str]]:
        """Facet → the ids it may be filtered by."""
        return {**{facet: list(tags) for facet, tags in self.tags.items()}, "topic": list(self.topics)}

    def scope_note(self, report: Mapping[str, Any]) -> tuple[str, str] | None:
        """What to say beside a report that is not on the subject in people, and why."""
        return scope_note(report, self.profile)

    @property
    def as_of(self) -> str:
        """The day an ``--as-of`` build looks back to; ``""`` for an ordinary build."""
        return self.info.get("as_of") or ""

    @property
    def starter_only(self) -> bool:
        """Nothing has been fetched from PubMed yet: the site is made of the starter library."""
        return self.info.get("starter") == "1"

    @property
    def partly_starter(self) -> bool:
        """Some topics have been fetched; the starter library still stands in for the others."""
        return not self.starter_only and self.counts.get("starter_records", 0) > 0

    @property
    def has_files(self) -> bool:
        """Some records came from files of other databases."""
        return self.counts.get("file_records", 0) > 0

    def local(self, path: str) -> str:
        """A path without the prefix that Datasette is mounted at, which a proxy may have taken off already."""
        below = path.startswith(f"{self.prefix}/") or path == self.prefix
        return (path[len(self.prefix) :] or "/") if self.prefix and below else path

    def is_foreign(self, path: str) -> bool:
        """Whether a path belongs to another database that this Datasette serves."""
        first = self.local(path).lstrip("/").split("/")[0].split(".")[0]
        return first in self.others

    def label(self, facet: str, value: str) -> str:
        tag = self.tags.get(facet, {}).get(value)
        if tag:
            return tag.label
        return self.topics.get(value, value) if facet == "topic" else value


def public_address(site_url: str, prefix: str) -> str:
    """Where the site is reached from outside: ``site_url``, with Datasette's ``base_url`` where it names a host only.

    >>> public_address("https://example.org", "/neuro"), public_address("https://example.org/neuro", "/neuro")
    ('https://example.org/neuro', 'https://example.org/neuro')
    """
    return site_url if urlsplit(site_url).path else site_url + prefix


def file_stamp(path: Path) -> tuple[int, int, int] | None:
    """What differs when a file is replaced; ``None`` when there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_ino, status.st_mtime_ns, status.st_size)


def _read_tags(conn: sqlite3.Connection, facet: str) -> dict[str, Tag]:
    sql = f"SELECT id, label, definition, parent, level FROM {FACET_TABLE[facet]} ORDER BY position, id"
    return {row[0]: Tag(facet, row[0], row[1], row[2] or "", row[3], row[4]) for row in conn.execute(sql)}


def _read_key_parts(conn: sqlite3.Connection) -> dict[str, int]:
    """Table → the number of columns in its key; 1 (rowid) without one, 0 for a view."""
    found = {}
    for name, kind in conn.execute("SELECT name, type FROM sqlite_master WHERE type IN ('table', 'view')").fetchall():
        columns = conn.execute("SELECT count(*) FROM pragma_table_info(?) WHERE pk > 0", [name]).fetchone()[0]
        found[name] = 0 if kind == "view" else max(1, columns)
    return found


def _refuse_hidden_abstracts(conn: sqlite3.Connection, settings: Settings) -> None:
    """A publication must not hold, not even in its index, an abstract that its settings hide."""
    if not settings.public:
        return
    sources = [source for (source,) in conn.execute("SELECT DISTINCT source FROM records")]
    shown = [source for source in sources if settings.shows_abstracts_of(source)]
    if len(shown) == len(sources):
        return
    row = conn.execute(HIDDEN_ABSTRACT.format(shown=", ".join("?" * len(shown))), shown).fetchone()
    if row:
        raise UsageError(
            f"evidence.db holds an abstract that metadata.yml hides (report {row[0]}): "
            "run 'evidence build' with public: true set, so that the text and the search index leave it out"
        )


def _refuse_draft_readings(conn: sqlite3.Connection, settings: Settings) -> None:
    """A publication must not hold a reading that no named person has confirmed, unless its settings say so."""
    if settings.public and not settings.show_draft_readings:
        row = conn.execute("SELECT id FROM claims WHERE status = 'draft' LIMIT 1").fetchone()
        if row:
            raise UsageError(
                f"evidence.db holds a draft reading ({row[0]}) and public is true: run 'evidence build', "
                "which leaves drafts out, or write show_draft_readings: true under plugins: evidence"
            )


# The names of a Datasette's databases when it was looked at, and the site among them.
_sites: WeakKeyDictionary[Any, tuple[frozenset[str], Site | None]] = WeakKeyDictionary()


def find_site(datasette: Any) -> Site | None:
    """The site of a Datasette instance, made once; ``None`` when it serves no ``evidence.db``.

    Raises Datasette's ``StartupError`` (a message, no traceback) when the settings forbid serving it.
    """
    names = frozenset(datasette.databases)
    known = _sites.get(datasette)
    if known and known[0] == names:
        return known[1]
    site = _make_site(datasette)
    _sites[datasette] = (names, site)
    return site


def known_site(datasette: Any) -> Site | None:
    """The site that :func:`find_site` has made, ``None`` before; nothing is made or opened."""
    known = _sites.get(datasette)
    return known[1] if known else None


def _make_site(datasette: Any) -> Site | None:
    for name, database in datasette.databases.items():
        if database.path and _is_evidence(database.path):
            others = frozenset(datasette.databases) - {name, "_internal"}
            try:
                settings = read_settings(datasette.plugin_config("evidence") or {}, _title(datasette))
                return Site(name, Path(database.path), settings, datasette.setting("base_url"), others)
            except UsageError as error:
                raise StartupError(str(error)) from error
    return None


def _title(datasette: Any) -> str | None:
    """The title in ``metadata.yml``; Datasette 1.0 has no way to read it here, and the profile's stands in."""
    read = getattr(datasette, "metadata", None)
    return read("title") if read else None


def _is_evidence(path: str) -> bool:
    try:
        conn = open_readonly(path)
        try:
            tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        finally:
            conn.close()
    except sqlite3.Error:
        return False
    return tables.issuperset(OUR_TABLES)
