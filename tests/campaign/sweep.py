"""One run per fault: counted without any, then each alone; what is not as it must be comes back as words."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from clocks import SetClock

from campaign.injection import POINTS, Fault, Injector, full_disk, real_connect
from campaign.world import BUILD, OPERATIONS, TRACKER, Servers, World, differences, quick, run
from evidence.cli.failures import explain
from evidence.errors import EXIT_BUG
from evidence.readonly import address

# Of the network: how an answer fails, at one request or from it on. The stand-ins know them by these names.
ANSWERS = {
    "refresh": ("error", "cut_xml", "html", "reset", "empty_set"),
    "enrich": ("http_503", "cut", "html", "no_envelope"),
}
LAST = 999
PATIENCE = 60.0  # seconds that a process of its own may take
JUMPS = (-800, -30, -1, 1, 30, 366)


@dataclass
class Result:
    """``told``: how runs ended, by operation and kind. ``wrong`` must be empty: the fault, and what was found."""

    told: Counter[tuple[str, str]] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @property
    def runs(self) -> int:
        return sum(self.told.values())


@dataclass(frozen=True, slots=True)
class Plan:
    """What is done to one run. ``largest``: bytes beyond which no file grows; ``jump``: days the clock is wrong by."""

    operation: str
    faults: tuple[Fault, ...] = ()
    answers: tuple[tuple[str, int, bool], ...] = ()  # kind, n-th request, whether it stays
    largest: int | None = None
    jump: int = 0
    second: bool = False
    reader: bool = False
    killed_after: float | None = None  # seconds

    @property
    def apart(self) -> bool:
        """Whether it needs a process of its own."""
        kills = any(fault.kind.startswith("kill") for fault in self.faults)
        return kills or self.second or self.largest is not None or self.killed_after is not None

    @property
    def kind(self) -> str:
        parts = [f"{fault.point}: {fault.kind}" for fault in self.faults]
        parts += [f"answer: {kind}{'_stays' * stays}" for kind, _, stays in self.answers]
        return " + ".join(parts) or "mix"


def counted(world: World, operation: str) -> Counter[str]:
    """How often an undisturbed run reaches each point."""
    with world.copied(operation) as root:
        injector = Injector(root, frames=True)
        with injector.active():
            assert run(operation, root, world.servers, world.clock.at) == 0
    return injector.counts


def every_fault(world: World, operation: str) -> Iterator[Plan]:
    for point, count in counted(world, operation).items():
        for kind in POINTS[point]:
            for number in range(1, count + 1):
                yield Plan(operation, (Fault(point, number, kind),))
    requests = _requests(world, operation)
    for kind in ANSWERS.get(operation, ()):
        for number in range(1, requests + 1):
            yield from (Plan(operation, answers=((kind, number, stays),)) for stays in (False, True))


def _requests(world: World, operation: str) -> int:
    if operation not in ANSWERS:
        return 0
    server = world.eutils if operation == "refresh" else world.sources
    before = len(server.arrivals)
    with world.copied(operation) as root:
        run(operation, root, world.servers, world.clock.at)
    return len(server.arrivals) - before


def share(plans: Iterable[Plan], part: int, parts: int) -> Iterator[Plan]:
    """One of ``parts`` shares by hash: together they are all."""
    for plan in plans:
        if int(hashlib.sha256(repr(plan).encode()).hexdigest(), 16) % parts == part:
            yield plan


def sweep(world: World, plans: Iterable[Plan], said: Callable[[str], None] = lambda line: None) -> Result:
    result = Result()
    for plan in plans:
        for line in look(world, plan, result):
            result.wrong.append(f"{plan}: {line}")
            said(result.wrong[-1])
    return result


def look(world: World, plan: Plan, result: Result) -> Iterator[str]:
    """Run what is planned on a copy, and say all that is not as it must be."""
    operation, end = plan.operation, world.ends[plan.operation]
    with world.copied(operation) as root:
        with _reading(root, plan.reader) as read_wrongly:
            code = _disturbed(world, plan, root)
        yield from read_wrongly
        result.told[operation, plan.kind] += 1
        result.ends[str(code)] += 1
        if code == EXIT_BUG:
            yield "ended as a bug does"
        yield from world.lost(operation, root)
        state = world.state(root)
        if not plan.jump:
            yield from world.misplaced(operation, state)
        if code == 0 and not (plan.second or plan.jump):
            yield from (f"said that it was done, and {line}" for line in differences(state, end))
        try:
            last = run(operation, root, world.servers, world.clock.at)
        except Exception as error:
            yield f"the next run failed: {type(error).__name__}: {error}"
            return
        if last:
            yield f"the next run ended with {last}"
        yield from world.lost(operation, root)
        after = world.state(root)
        if plan.jump:
            after["watermarks"] = end["watermarks"]
        yield from (f"after the next run {line}" for line in differences(after, end))


def _disturbed(world: World, plan: Plan, root: Path) -> int | str:
    """The exit code that the command would have had, or ``killed``."""
    server = world.eutils if plan.operation == "refresh" else world.sources
    for kind, number, stays in plan.answers:
        server.fail(kind, nth=range(number, LAST) if stays else {number})
    clock = SetClock(world.clock.at)
    clock.move(days=plan.jump)
    try:
        if not plan.apart:
            return attempt(plan, root, world.servers, clock.at)
        return _apart(plan, root, world.servers, clock.at)
    finally:
        world.eutils.recover()
        world.sources.faults.clear()


def attempt(plan: Plan, root: Path, servers: Servers, at: str) -> int:
    injector = Injector(root, plan.faults)
    try:
        with full_disk(plan.largest), injector.active():
            code = run(plan.operation, root, servers, at)
    except Exception as error:
        code = explain(error)[0]
    return code


def _child(plan: Plan, root: Path, servers: Servers, at: str) -> None:
    with quick():
        os._exit(attempt(plan, root, servers, at))


def _apart(plan: Plan, root: Path, servers: Servers, at: str) -> int | str:
    """In a process of its own, perhaps beside another one; killed by what is planned, or after a while."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["campaign.sweep"])
    plans = [plan, Plan(plan.operation)] if plan.second else [plan]
    children = [context.Process(target=_child, args=(one, root, servers, at)) for one in plans]
    for child in children:
        child.start()
    if plan.killed_after is not None:
        children[0].join(plan.killed_after)
        if children[0].is_alive():
            children[0].kill()
    for child in children:
        child.join(PATIENCE)
        if child.is_alive():
            child.kill()
            child.join()
            return "hung"
    code = children[0].exitcode
    return "killed" if code == -signal.SIGKILL else code if code is not None and code >= 0 else f"signal {code}"


def _to_read(path: Path) -> sqlite3.Connection:
    """Somebody else's connection, which no fault of a plan is for."""
    return real_connect(address(path), uri=True, timeout=30)


@contextmanager
def _reading(root: Path, wanted: bool) -> Iterator[list[str]]:
    """Somebody reads meanwhile: in one transaction all stays as it was, and each opening meets a whole build."""
    wrong: list[str] = []
    if not wanted:
        yield wrong
        return
    ended = threading.Event()

    def read() -> None:
        while not ended.wait(0.01):
            try:
                with closing(_to_read(root / BUILD)) as db:
                    db.execute("SELECT count(*) FROM reports JOIN build_info").fetchone()
            except Exception as error:
                wrong.append(f"a reader met {type(error).__name__}: {error}")
                return

    thread = threading.Thread(target=read)
    with closing(_to_read(root / TRACKER)) as db:
        db.execute("BEGIN")
        count = "SELECT count(*), max(rowid) FROM versions"
        before = db.execute(count).fetchone()
        thread.start()
        try:
            yield wrong
        finally:
            ended.set()
            thread.join()
        if db.execute(count).fetchone() != before:
            wrong.append("what a reader saw changed in its transaction")


def at_random(world: World, runs: int, seed: int) -> Iterator[Plan]:
    """Mixes: faults, answers, a full disk, a wrong clock, a second process, a reader, a kill at any time."""
    chance = Random(seed)
    counts = {operation: counted(world, operation) for operation in OPERATIONS}
    requests = {operation: _requests(world, operation) for operation in OPERATIONS}
    for _ in range(runs):
        operation = chance.choice(OPERATIONS)
        yield Plan(
            operation,
            tuple(_fault(chance, counts[operation]) for _ in range(chance.randint(0, 3))),
            tuple(
                (chance.choice(ANSWERS[operation]), chance.randint(1, requests[operation]), chance.random() < 0.5)
                for _ in range(chance.randint(0, 2) if operation in ANSWERS else 0)
            ),
            largest=chance.choice((4096, 20_000, 60_000, 200_000, 400_000)) if chance.random() < 0.25 else None,
            jump=chance.choice(JUMPS) if chance.random() < 0.2 else 0,
            second=chance.random() < 0.2,
            reader=chance.random() < 0.3,
            killed_after=chance.uniform(0.01, 0.4) if chance.random() < 0.25 else None,
        )


def _fault(chance: Random, counts: Counter[str]) -> Fault:
    point = chance.choice(sorted(counts))
    return Fault(point, chance.randint(1, counts[point]), chance.choice(POINTS[point]))


def table(result: Result) -> Sequence[str]:
    """Runs by operation and kind, as lines of Markdown."""
    kinds = sorted({kind for _, kind in result.told})
    lines = [f"| fault | {' | '.join(OPERATIONS)} |", "|---|" + "--:|" * len(OPERATIONS)]
    return [*lines, *(f"| {k} | {' | '.join(f'{result.told[o, k]:,}' for o in OPERATIONS)} |" for k in kinds)]
