"""Which regular expressions of the program can be made slow, and by what text?

    python benchmarks/regexes.py [ROOM,…] [--size 4000]

Every expression of the rooms is looked at by its own parse: for each repeat that has no small bound, texts are made
that lead to it, go round it many times and then fail, and texts of the lead itself many times over. Printed are the
expressions whose time for a text of twice the size is three times as long or more, with the text and the seconds.
An expression that is only ever given short texts, or only tried at the beginning of one, is named all the same: what
is printed is to be judged by a person.
"""

from __future__ import annotations

import argparse
import ast
import importlib
import pkgutil
import random
import re
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser as sre_parser  # type: ignore[attr-defined]
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "tagging")]

from expression_samples import part, sequence  # noqa: E402

import evidence  # noqa: E402

REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT)
SMALL_BOUND = 8
TOO_LONG = 0.3  # seconds: then it is stopped
GROWS, WORTH_TELLING = 2.8, 0.003
ENDS = ("", "\x01", "\n!", " \x01")
INLINE = frozenset(("search", "match", "fullmatch", "sub", "split", "findall", "finditer", "compile"))


class Stopped(Exception):
    pass


def stop(*_: object) -> None:
    raise Stopped


def expressions(rooms: list[str]) -> dict[tuple[str, int], str]:
    """``(expression, flags)`` → the module that it stands in: compiled ones in modules' globals, and inline ones."""
    found: dict[tuple[str, int], str] = {}
    for info in pkgutil.walk_packages(evidence.__path__, "evidence."):
        if "_project" in info.name or (rooms and info.name.split(".")[1] not in rooms):
            continue
        module = importlib.import_module(info.name)
        for value in vars(module).values():
            for pattern in _patterns(value, set()):
                found.setdefault((pattern.pattern, pattern.flags), info.name)
        for text in _inline(Path(str(module.__file__))):
            found.setdefault((text, 0), info.name)
    return found


def _patterns(value: Any, seen: set[int]) -> Iterator[re.Pattern[str]]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _patterns(one, seen)
    elif isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from _patterns(one, seen)
    elif hasattr(value, "pattern") and not isinstance(value, type):
        yield from _patterns(value.pattern, seen)


def _inline(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in INLINE
            and getattr(node.func.value, "id", "") == "re"
            and node.args
            and isinstance(node.args[0], ast.Constant)
        ):
            yield str(node.args[0].value)


def repeats(tree: Any) -> Iterator[Any]:
    """Every repeat without a small bound, by its value in the tree."""
    for operation, value in tree:
        if operation in REPEATS and value[1] > SMALL_BOUND:
            yield value
        for inside in _inside(operation, value):
            yield from repeats(inside)


def _inside(operation: Any, value: Any) -> list[Any]:
    if operation in (*REPEATS, sre.POSSESSIVE_REPEAT):
        return [value[2]]
    if operation is sre.SUBPATTERN:
        return [value[3]]
    if operation is sre.BRANCH:
        return list(value[1])
    return [value] if operation is sre.ATOMIC_GROUP else []


def lead(tree: Any, target: Any, choose: random.Random) -> tuple[str, bool]:
    """A text that leads to a repeat, and whether it was reached."""
    text = ""
    for operation, value in tree:
        if value is target:
            return text, True
        for inside in _inside(operation, value):
            if any(one is target for one in repeats(inside)):
                more, reached = lead(inside, target, choose)
                return text + more, reached
        text += part(operation, value, choose)
    return text, False


def attacks(expression: str, size: int) -> Iterator[tuple[str, str, str]]:
    """``(before, unit, after)``: texts of ``before + unit * n + after``."""
    tree = sre_parser.parse(expression)
    for number, target in enumerate(repeats(tree)):
        for draw in range(2):
            choose = random.Random(100 * number + draw)
            before = lead(tree, target, choose)[0]
            unit = sequence(target[2], choose) or "x"
            for after in ENDS:
                yield before, unit, after
            yield "", before + unit, ""
            if before:
                yield "", before, ""


def seconds(pattern: re.Pattern[str], text: str) -> float:
    signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, TOO_LONG)
    start = time.process_time()
    try:
        for _ in pattern.finditer(text):
            pass
    except Stopped:
        return TOO_LONG
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    return time.process_time() - start


def worst(expression: str, flags: int, size: int) -> tuple[float, int, str] | None:
    """The slowest attack: how often as long for twice the size, the length, and the text in short."""
    pattern = re.compile(expression, flags)
    found: tuple[float, int, str] | None = None
    for before, unit, after in attacks(expression, size):
        length, last = 60, 0.0
        while length <= size:
            now = seconds(pattern, before + unit * (length // len(unit) + 1) + after)
            slow = last and now / max(last, 1e-6) > GROWS and now > WORTH_TELLING
            if now >= TOO_LONG or (slow and length * 2 > size):
                if found is None or (length, -now) < (found[1], -found[0]):
                    found = now, length, f"{before[:30]!r} + {unit[:30]!r} * n + {after!r}"
                break
            length, last = length * 2, now
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("rooms", nargs="?", default="")
    options.add_argument("--size", type=int, default=4000)
    chosen = options.parse_args()
    every = expressions(chosen.rooms.split(",") if chosen.rooms else [])
    slow = 0
    for (expression, flags), module in every.items():
        found = worst(expression, flags, chosen.size)
        if found:
            slow += 1
            took, length, text = found
            print(f"{module}: {took:6.3f} s for {length:5}: {text}\n    {expression[:160]!r}", flush=True)
    print(f"{len(every)} expressions, {slow} to look at")


if __name__ == "__main__":
    main()
