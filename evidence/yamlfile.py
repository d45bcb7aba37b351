"""YAML that people edit, read so that every complaint can name file, line and reason."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from evidence import limits
from evidence.errors import InputError

# libyaml where PyYAML was built with it: the vocabulary took 1.1 s with the loader in Python, 0.1 s with this one.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# The deepest of the project's own files is nested 8 deep, the longest has 2,042 values. An alias is what it names. More
# digits than these are an identifier, or do not fit into SQLite's integers (also when written in hexadecimal).
MOST_NESTED, MOST_VALUES, MOST_DIGITS = 50, 1_000_000, 15
_INTEGER = "tag:yaml.org,2002:int"
_TEXT, _MERGE = "tag:yaml.org,2002:str", "tag:yaml.org,2002:merge"
_TOO_DEEP = f"lists or mappings are nested more than {MOST_NESTED} deep"
# What PyYAML raises for ``2026-13-45``, ``!!bool x`` and ``!!timestamp x``.
_UNREADABLE = (ValueError, LookupError, AttributeError)
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")
_CONTROL: re.Pattern[str] = yaml.reader.Reader.NON_PRINTABLE


class YamlFile:
    """A YAML document: ``data`` is plain Python, :meth:`line` says where a value stands (1-based)."""

    def __init__(self, data: Any, path: str | Path, node: yaml.Node | None):
        self.data, self.path, self._node = data, path, node

    def line(self, *keys: str | int) -> int | None:
        """The line of the value reached by these keys and indexes, or of the nearest parent that exists."""
        node, line = self._node, None
        if node is not None:
            line = node.start_mark.line + 1
        for key in keys:
            found = _child(node, key)
            if found is None:
                break
            node, line = found
        return line

    def is_block(self, key: str) -> bool:
        """Whether a top-level value is written as a literal block (``key: |``), so that its lines are the file's."""
        found = _child(self._node, key) if self._node is not None else None
        return found is not None and getattr(found[0], "style", None) == "|"

    def error(self, reason: str, *keys: str | int) -> InputError:
        """The error to raise about the value at these keys."""
        return InputError(reason, self.path, self.line(*keys))


def _child(node: yaml.Node | None, key: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if key_node.value == str(key):
                return value_node, key_node.start_mark.line + 1
    if isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
        item = node.value[key]
        return item, item.start_mark.line + 1
    return None


def load(path: str | Path) -> YamlFile:
    """Read one YAML file. Raises :class:`InputError` when it is unreadable, malformed or repeats a key."""
    try:
        with Path(path).open("rb") as file:
            content = file.read(limits.YAML_FILE + 1)
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror or error})", path) from error
    if len(content) > limits.YAML_FILE:
        raise InputError(f"is larger than {limits.YAML_FILE // 1_000_000} MB, far more than a person writes", path)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("is not UTF-8 text: save it as UTF-8", path, line) from error
    return parse(text, path)


def parse(text: str, path: str | Path = "<text>") -> YamlFile:
    """Like :func:`load`, from a string."""
    if control := _CONTROL.search(text):
        line = text.count("\n", 0, control.start()) + 1
        raise InputError(f"a control character (U+{ord(control.group()):04X}) stands in it", path, line)
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        if node is not None:
            _check(node, path)
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(f"not valid YAML: {error.problem}", path, mark.line + 1 if mark else None) from error
    except RecursionError as error:
        raise InputError(_TOO_DEEP, path) from error
    except _UNREADABLE as error:
        raise InputError(f"a value cannot be read ({error})", path, _unreadable(node)) from error
    finally:
        loader.dispose()
    return YamlFile(data, path, node)


def _check(root: yaml.Node, path: str | Path) -> None:
    """Refuses what no file that a person wrote has: see the errors. Nodes are visited once, however often named."""
    sizes: dict[int, int] = {}
    heights: dict[int, int] = {}
    around: set[int] = set()
    pending = [(root, False)]
    while pending:
        node, children_done = pending.pop()
        key = id(node)
        if children_done:
            around.discard(key)
            inside = [id(child) for child in _children(node)]
            sizes[key] = 1 + sum(sizes[child] for child in inside)
            heights[key] = 1 + max((heights[child] for child in inside), default=0)
            if heights[key] > MOST_NESTED:
                raise InputError(_TOO_DEEP, path, _line(node))
            if sizes[key] > MOST_VALUES:
                raise InputError(f"its aliases (*name) stand for more than {MOST_VALUES:,} values", path, _line(node))
        elif key in around:
            raise InputError("an alias (*name) stands inside what it names", path, _line(node))
        elif key not in sizes:
            if isinstance(node, yaml.MappingNode):
                _check_keys(node, path)
            if isinstance(node, yaml.ScalarNode):
                _check_value(node, path)
            around.add(key)
            pending.append((node, True))
            pending += [(child, False) for child in _children(node)]


def _children(node: yaml.Node) -> list[yaml.Node]:
    if isinstance(node, yaml.SequenceNode):
        return list(node.value)
    return [value for _, value in node.value] if isinstance(node, yaml.MappingNode) else []


def _check_keys(node: yaml.MappingNode, path: str | Path) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise InputError("a key must be a word, not a list or a mapping", path, _line(key))
        if key.value in seen:
            raise InputError(f"key {key.value!r} stands twice", path, _line(key))
        seen.add(key.value)
        if key.tag != _MERGE:  # a key is the word that is written, where YAML reads yes, on or 2014 too
            key.tag = _TEXT


def _check_value(node: yaml.ScalarNode, path: str | Path) -> None:
    if node.tag == _INTEGER and len(node.value) > MOST_DIGITS:
        raise InputError(f"a number of more than {MOST_DIGITS} digits: quote it if it is text", path, _line(node))
    if half := _HALF_CHARACTER.search(node.value):  # libyaml refuses it, PyYAML's own loader does not
        raise InputError(f"not valid YAML: a character that is none (U+{ord(half.group()):04X})", path, _line(node))


def _unreadable(root: yaml.Node | None) -> int | None:
    """The line of the first value that is not what it looks like or is said to be."""
    constructor, pending = yaml.SafeLoader(""), [root] if root is not None else []
    while pending:
        node = pending.pop(0)
        if isinstance(node, yaml.ScalarNode):
            try:
                constructor.construct_object(node)
            except _UNREADABLE:
                return _line(node)
        pending += _children(node)
    return None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
