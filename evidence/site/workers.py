"""The check of a pasted draft in processes of its own: two at a time, fifteen seconds at most, nothing kept.

A check is asked to stop after eight seconds and to say what it did not get to; a worker that has not answered after
fifteen is killed and a fresh one takes its place (a process pool of the standard library cannot stop one task). The
text goes through a pipe; neither the text nor an error about it is ever logged.
"""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from evidence.site.reading import Busy

log = logging.getLogger("evidence.site")
Checker = Callable[[str], Mapping[str, Any]]

WORKERS = 2
TIME_LIMIT = 15.0
STOP_AFTER = 8.0
# Checks of 190 kB took 290 MB of addresses over a library of 440 reports; one that asks for more than this fails alone.
MOST_MEMORY = 2 * 1024**3
# How long a request waits for a free worker before it is told to come back.
PATIENCE = 10.0
# The first check of a worker also imports the program and loads the vocabulary.
START_LIMIT = 30.0


class _Worker:
    """A process that waits for texts. ``spawn``: a fork would copy Datasette's threads and connections."""

    def __init__(self, load: Callable[[], Checker]):
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        self.process = context.Process(target=work, args=(other, load), daemon=True)
        self.process.start()
        other.close()
        self.ready = False

    def ask(self, text: str) -> dict[str, Any]:
        """The findings. Blocks; raises :class:`Busy` when the time is up or the worker died."""
        try:
            if not self.ready:
                said = self.pipe.recv() if self.pipe.poll(START_LIMIT) else "it took too long"
                if said != "ready":
                    log.error("the check of drafts cannot start: %s", said)
                    raise Busy("the check cannot start; this has been logged")
                self.ready = True
            self.pipe.send(text)
            if not self.pipe.poll(TIME_LIMIT):
                raise Busy(
                    f"the check took longer than {TIME_LIMIT:.0f} seconds and was stopped: check a part of the text"
                )
            answer = self.pipe.recv()
        except (EOFError, OSError) as error:
            raise Busy("the check stopped unexpectedly: try a part of the text") from error
        return dict(answer)

    def stop(self) -> None:
        self.process.kill()
        self.process.join(2)
        self.pipe.close()


class CheckPool:
    """At most :data:`WORKERS` checks at once. ``load`` is called in each worker and gives its checker."""

    def __init__(self, load: Callable[[], Checker]):
        self.load = load
        self._slots = asyncio.Semaphore(WORKERS)
        self._idle: list[_Worker] = []

    async def check(self, text: str) -> dict[str, Any]:
        try:
            await asyncio.wait_for(self._slots.acquire(), PATIENCE)
        except TimeoutError as error:
            raise Busy("two other texts are being checked: try again in a moment") from error
        try:
            worker = self._idle.pop() if self._idle else _Worker(self.load)
            try:
                answer = await asyncio.get_running_loop().run_in_executor(None, worker.ask, text)
            except BaseException:
                worker.stop()
                raise
            self._idle.append(worker)
            return answer
        finally:
            self._slots.release()

    def close(self) -> None:
        while self._idle:
            self._idle.pop().stop()


def work(pipe: Connection, load: Callable[[], Checker]) -> None:
    """A worker's whole life: load once, then answer texts until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _be_modest()
    try:
        checker = load()
    except Exception as error:  # a traceback a request would fill the log
        pipe.send(str(error) or type(error).__name__)
        return
    pipe.send("ready")
    while True:
        try:
            text = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send(checker(text))
        except Exception as error:  # MemoryError too
            # The type only: a message or a traceback could quote the draft.
            pipe.send({"error": type(error).__name__})


def _be_modest() -> None:
    """Lower priority, since two checks would take both cores from the readers of pages, and a bound on memory."""
    if sys.platform != "win32":
        import resource

        os.nice(10)
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard == resource.RLIM_INFINITY or hard > MOST_MEMORY:
            resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, hard))


def _allow(more: int) -> None:
    """Let a worker map so many bytes more: what is mapped counts as addresses, though it takes no memory."""
    if sys.platform != "win32":
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        if soft != resource.RLIM_INFINITY:
            wanted = soft + more
            resource.setrlimit(
                resource.RLIMIT_AS, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
            )


def load_checker(evidence_db: Path, root: Path) -> Checker:
    """The check over a library and the queries of the project at ``root``. Imported here: only workers need it."""
    from evidence.library.desk import Desk
    from evidence.project import Project

    project = Project(root)
    _allow(sum(file.stat().st_size for file in project.pubmed_index.rglob("*") if file.is_file()))
    desk = Desk.open(evidence_db, project, publication=True)
    desk.library.abstracts_shown = project.settings().get("abstracts")
    return lambda text: desk.check_text(text, seconds=STOP_AFTER)
