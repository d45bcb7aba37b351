"""Datasette over ``evidence.db`` with this plugin, and a server that notices when a build replaces the file.

A build puts a new file in place by a rename. Datasette would serve the old one for ever: its connections belong
to threads and to a name. So a new build gets a new Datasette, with threads of its own, made ready beside the old
one; then requests go to the new one, and the old one is closed when its last request is answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import secrets
import signal
import socket
import sqlite3
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import uvicorn
from datasette.app import Datasette
from datasette.database import Database
from datasette.plugins import pm
from datasette.utils import StartupError
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors import Multiprocess

from evidence import yamlfile
from evidence.errors import EvidenceError, StorageError, UsageError
from evidence.project import Project
from evidence.readonly import open_readonly
from evidence.site.access import closed_because, is_loopback, opening
from evidence.site.connections import BACKLOG, MAX_HEADERS, Limits, limits_here, protocol_class
from evidence.site.quiet import keep_quiet
from evidence.site.settings import DEFAULT_HOST, DEFAULT_URL, read_settings
from evidence.site.state import OUR_TABLES, file_stamp, find_site

log = logging.getLogger("evidence.site")
DATABASE = "evidence"
# Measured on Datasette 0.65: see docs/site.md for what each one prevents.
DATASETTE_SETTINGS: dict[str, Any] = {
    "allow_facet": False,
    "suggest_facets": False,
    "allow_download": False,
    "allow_csv_stream": False,
    "max_returned_rows": 200,
    "default_page_size": 25,
    "truncate_cells_html": 300,
    "sql_time_limit_ms": 1000,
    "facet_time_limit_ms": 500,
    "num_sql_threads": 2,
    "max_csv_mb": 5,
}
# Where the site is for its own machine (site/access.py): as any Datasette.
OWN_MACHINE_SETTINGS: dict[str, Any] = {
    "allow_facet": True,
    "allow_download": True,
    "allow_csv_stream": True,
    "max_returned_rows": 1000,
    "max_csv_mb": 0,
}
WATCH_SECONDS = 2.0
DRAIN_SECONDS = 30.0
# How long one thread may keep Python from the others that wait. A page reads row by row and waits for each of them
# while an export is written, so that Python's own 5 ms become hundreds.
SWITCH_SECONDS = 0.0005
# Seconds after which a process that says nothing is replaced. A busy machine may take ten to start one, and uvicorn's
# own five killed each before it was ready.
WORKER_SILENT = 60
# Requests being answered at once; more would only wait longer. A page takes some 20 ms of one core.
MOST_REQUESTS = {"GET": 200, "POST": 40}


def make_datasette(
    project: Project | None = None,
    *,
    evidence_db: Path | None = None,
    metadata: Path | dict[str, Any] | None = None,
    settings: dict[str, Any] | None = None,
    host: str | None = None,
    secret: str | None = None,
) -> Datasette:
    """Datasette over one ``evidence.db``: a project's, or the file named. ``settings`` override Datasette's.

    ``host`` is where the server will listen: this machine alone, unless ``metadata.yml`` names another. ``secret``
    signs what forms carry; without it Datasette makes one.

    Raises :class:`StorageError` when there is no such database, :class:`UsageError` when ``metadata.yml`` forbids it.
    """
    path = evidence_db or (project.evidence if project else None)
    if path is None:
        raise UsageError("make_datasette needs a project or an evidence_db")
    _check_database(path)
    if metadata is None and project is not None:
        metadata = project.metadata_file
    _register()
    described = _read_metadata(metadata)
    described = with_ours(described, host=host) if host else described
    try:
        ours = read_settings((described.get("plugins") or {}).get("evidence") or {}, None)
        opened = {} if closed_because(ours) else OWN_MACHINE_SETTINGS
        chosen = {**DATASETTE_SETTINGS, **opened, **(settings or {})}
        datasette = Datasette(metadata=described, settings=chosen, **({"secret": secret} if secret else {}))
        _serve_file(datasette, path)
    except StartupError as error:
        raise UsageError(str(error)) from error
    return datasette


def _check_database(path: Path) -> None:
    try:
        str(path).encode()  # Datasette writes it into a table
    except UnicodeEncodeError as error:
        raise UsageError(f"{path}: the name of a folder is not UTF-8 text: rename it, then serve it") from error
    if not path.is_file():
        raise StorageError(f"{path} does not exist: make it with 'evidence build' (or 'evidence up')")
    try:
        with contextlib.closing(open_readonly(path)) as conn:
            tables = {name for (name,) in conn.execute("SELECT name FROM sqlite_master")}
    except sqlite3.Error as error:
        raise StorageError(f"{path} cannot be read ({error}): make it again with 'evidence build'") from error
    if not tables.issuperset(OUR_TABLES):
        raise StorageError(f"{path} is not an evidence.db of this version: make it again with 'evidence build'")


def _read_metadata(metadata: Path | dict[str, Any] | None) -> dict[str, Any]:
    if isinstance(metadata, Path):
        document = yamlfile.load(metadata) if metadata.exists() else None
        if document is None or document.data is None:
            return {}
        if not isinstance(document.data, dict):
            raise document.error("the file must be a mapping (name: value)")
        return document.data
    return metadata or {}


def with_local_url(metadata: dict[str, Any], local_url: str) -> dict[str, Any]:
    """Metadata whose ``site_url``, where it was left at the default, is where this server listens (``--port``)."""
    plugins = metadata.get("plugins") or {}
    ours = plugins.get("evidence") or {}
    if str(ours.get("site_url") or DEFAULT_URL).rstrip("/") != DEFAULT_URL:
        return metadata
    return with_ours(metadata, site_url=local_url)


def with_ours(metadata: dict[str, Any], **values: str) -> dict[str, Any]:
    """Metadata with some of ``plugins: evidence`` set."""
    plugins = metadata.get("plugins") or {}
    return {**metadata, "plugins": {**plugins, "evidence": {**(plugins.get("evidence") or {}), **values}}}


def _register() -> None:
    """Register the plugin where the entry point has not: in a checkout that is not installed."""
    import evidence.site as plugin  # the package itself carries the hooks

    if not pm.is_registered(plugin):
        pm.register(plugin, name="evidence")


class _BuiltDatabase(Database):
    """One file that does not change. Datasette's own glues its address together: see :mod:`evidence.readonly`.

    Datasette's own also writes each failing statement to stderr, with what a stranger put in it, up to 16 kB a request.
    """

    async def execute(self, *positional: Any, **named: Any) -> Any:
        return await super().execute(*positional, **{**named, "log_sql_errors": False})

    def connect(self, write: bool = False) -> sqlite3.Connection:
        connection = open_readonly(self.path, unchanging=True, check_same_thread=False)
        getattr(self, "_all_file_connections", []).append(connection)  # Datasette closes these with the database
        return connection


def _serve_file(datasette: Datasette, path: Path) -> None:
    """Serve this file, whatever its name (``--as-of ... --output``), under the same addresses."""
    for name in [name for name in datasette.databases if name != "_internal"]:
        datasette.remove_database(name)
    datasette.add_database(_BuiltDatabase(datasette, str(path), is_mutable=False), name=DATABASE)
    if "app" in vars(datasette.client):  # made before there was a database; 1.0 makes it when it is asked for
        datasette.client.app = datasette.app()


def new_secret() -> str:
    """What signs forms: ``DATASETTE_SECRET``, as Datasette's own command line reads it, or a new one."""
    return os.environ.get("DATASETTE_SECRET") or secrets.token_hex(32)


class Live:
    """An ASGI application that always answers from the newest build of one file."""

    def __init__(
        self,
        project: Project,
        evidence_db: Path | None = None,
        local_url: str = DEFAULT_URL,
        host: str = DEFAULT_HOST,
        secret: str | None = None,
    ):
        self.project, self.path, self.local_url, self.host = project, evidence_db or project.evidence, local_url, host
        # One for all builds and processes: a form that was opened before a rebuild can still be sent.
        self.secret = secret or new_secret()
        self._active = dict.fromkeys(MOST_REQUESTS, 0)
        self._stamp = self._read_stamp()
        self._current = _Serving(self._make())

    def _make(self) -> Datasette:
        metadata = with_local_url(_read_metadata(self.project.metadata_file), self.local_url)
        return make_datasette(
            self.project, evidence_db=self.path, metadata=metadata, host=self.host, secret=self.secret
        )

    def _read_stamp(self) -> tuple[Any, Any] | None:
        """What changes when a build or new settings are put in place; ``None`` while the file is missing."""
        stamp = file_stamp(self.path)
        return (stamp, file_stamp(self.project.metadata_file)) if stamp else None

    def opening(self) -> str:
        """A line about what is open to whom."""
        site = find_site(self._current.datasette)
        return opening(site.settings) if site else ""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        # A body may take its time to arrive, so that those who send one are counted apart.
        kind = "POST" if scope["method"] == "POST" else "GET"
        if self._active[kind] >= MOST_REQUESTS[kind]:
            await _send_busy(send)
            return
        self._active[kind] += 1
        try:
            async with self._current.request() as app:
                await app(scope, receive, send)
        finally:
            self._active[kind] -= 1

    async def refresh(self) -> bool:
        """Serve the file again if it was replaced. A file that cannot be served leaves the old build up."""
        stamp = self._read_stamp()
        if stamp is None or stamp == self._stamp:
            return False
        self._stamp = stamp
        try:
            fresh = _Serving(await asyncio.get_running_loop().run_in_executor(None, self._make))
            await fresh.start()
        except Exception as error:
            log.error("the new %s cannot be served, the old one stays: %s", self.path.name, error)
            return False
        old, self._current = self._current, fresh
        log.info("serving the new %s", self.path.name)
        await old.close()
        return True

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCH_SECONDS)
            await self.refresh()

    async def _lifespan(self, receive: Any, send: Any) -> None:
        watcher: asyncio.Task[None] | None = None
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                await self._current.start()
                watcher = asyncio.create_task(self._watch())
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                if watcher:
                    watcher.cancel()
                await self._current.close()
                await send({"type": "lifespan.shutdown.complete"})
                return


async def _send_busy(send: Any) -> None:
    body = b"This server is busy: please try again in a few seconds."
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"retry-after", b"5"), (b"cache-control", b"no-store")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class _Serving:
    """One Datasette, and how many requests it is answering."""

    def __init__(self, datasette: Datasette):
        self.datasette, self.app, self.active = datasette, datasette.app(), 0

    async def start(self) -> None:
        """Make ready before the first request: templates, row counts, and a connection for every thread.

        A thread that connected later would open whatever file is at the path by then.
        """
        await self.datasette.invoke_startup()
        database = self.datasette.get_database(DATABASE)
        threads = self.datasette.setting("num_sql_threads")
        together = Barrier(threads, timeout=10)
        await asyncio.gather(*(database.execute_fn(lambda conn: together.wait()) for _ in range(threads)))
        await database.table_counts(limit=60_000)
        site = find_site(self.datasette)
        if site:
            await asyncio.get_running_loop().run_in_executor(None, site.readers.start)

    @contextlib.asynccontextmanager
    async def request(self) -> AsyncIterator[Any]:
        self.active += 1
        try:
            yield self.app
        finally:
            self.active -= 1

    async def close(self) -> None:
        """Wait for the last request, then free threads, connections and workers."""
        for _ in range(int(DRAIN_SECONDS * 10)):
            if self.active == 0:
                break
            await asyncio.sleep(0.1)
        if self.datasette.executor:
            await asyncio.get_running_loop().run_in_executor(None, self.datasette.executor.shutdown)
        for database in self.datasette.databases.values():
            database.close()
        site = find_site(self.datasette)
        if site:
            await asyncio.get_running_loop().run_in_executor(None, site.readers.close)
            if site.check_pool:
                site.check_pool.close()


def server_config(app: Any, host: str, port: int, limits: Limits | None = None) -> uvicorn.Config:
    """uvicorn's settings: connections are limited in number and in time (see :mod:`evidence.site.connections`)."""
    return uvicorn.Config(
        app,
        host=host,
        port=port,
        http=protocol_class(limits_here(limits)),
        ws="none",
        log_level="warning",
        lifespan="on",
        access_log=False,
        backlog=BACKLOG,
        h11_max_incomplete_event_size=MAX_HEADERS,
        timeout_graceful_shutdown=int(DRAIN_SECONDS),
    )


def serve(
    project: Project,
    host: str = "127.0.0.1",
    port: int = 8001,
    say: Callable[[str], Any] | None = None,
    workers: int = 1,
) -> None:
    """Serve a project's site until interrupted; a rebuilt ``evidence.db`` is picked up within seconds.

    ``say`` is told whether SQL, facets, streams and the download are open, and if not, why. With more than one of
    ``workers`` so many processes answer at one address; one that dies is replaced.

    Raises :class:`StorageError` without a database and :class:`UsageError` for a port that is taken.
    """
    # With several processes this one is made to find out now what would end each of them.
    live = Live(project, local_url=_local_url(host, port), host=host)
    if say:
        say(live.opening())
    config = server_config(live, host, port) if workers == 1 else WorkerConfig(project.root, host, port, workers)
    keep_quiet()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        sock = config.bind_socket()
    except SystemExit as error:
        raise UsageError(
            f"cannot listen on {host}:{port} (in use, or not allowed): choose another with --port"
        ) from error
    # uvicorn's socket does not ask for it, and headers and body go out apart: every answer on a kept connection waited
    # 44 ms for the reader's delayed acknowledgement. Accepted connections inherit it.
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if workers == 1:
        asyncio.run(uvicorn.Server(config).serve(sockets=[sock]))
    else:
        del live
        _supervise(config, sock)


def _local_url(host: str, port: int) -> str:
    address = f"[{host}]" if ":" in host else host
    return f"http://{address}:{port}" if is_loopback(host) else DEFAULT_URL


class WorkerConfig(uvicorn.Config):
    """What uvicorn's supervisor hands to each process; it becomes the real settings where it is unpickled, there."""

    def __init__(self, root: Path, host: str, port: int, workers: int):
        super().__init__(
            "evidence.site",
            host=host,
            port=port,
            workers=workers,
            log_level="warning",
            access_log=False,
            timeout_worker_healthcheck=WORKER_SILENT,
        )
        self._made_of = (root, host, port, new_secret(), os.getpid())

    def __reduce__(self) -> tuple[Any, ...]:
        return worker_config, self._made_of


def worker_config(root: Path, host: str, port: int, secret: str, parent: int) -> uvicorn.Config:
    """One process's settings; it ends when ``parent`` (a process id) does.

    A library that cannot be served ends the process in the way that ends its supervisor.
    """
    keep_quiet()
    sys.setswitchinterval(SWITCH_SECONDS)
    Thread(target=_end_with_parent, args=[parent], daemon=True).start()
    try:
        live = Live(Project(root), local_url=_local_url(host, port), host=host, secret=secret)
    except EvidenceError as error:
        log.error("%s", error)
        sys.exit(STARTUP_FAILURE)
    return server_config(live, host, port)


def _end_with_parent(parent: int) -> None:
    """A supervisor that was killed leaves nobody who would end this process, and the port taken."""
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


class _Supervisor(Multiprocess):
    """uvicorn's, which remembers the signal that ended it, so that the exit code says it as with one process."""

    ended_by: signal.Signals | None = None

    def handle_int(self) -> None:
        self.ended_by = signal.SIGINT
        super().handle_int()

    def handle_term(self) -> None:
        self.ended_by = signal.SIGTERM
        super().handle_term()


def _supervise(config: uvicorn.Config, sock: socket.socket) -> None:
    """Serve with several processes until a signal. Raises :class:`StorageError` when they cannot start."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    supervisor = _Supervisor(config, sockets=[sock])
    supervisor.run()
    for number, handler in before.items():
        signal.signal(number, handler)
    if supervisor.ended_by is None:
        raise StorageError("the site's processes could not start (see above): run 'evidence doctor'")
    signal.raise_signal(supervisor.ended_by)
