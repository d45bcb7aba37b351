"""YAML that people edit, read so that every complaint can name file, line and reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from evidence.errors import InputError

# libyaml where PyYAML was built with it: the vocabulary took 1.1 s with the loader in Python, 0.1 s with this one.
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"cannot be read as UTF-8 text ({error})", path) from error
    return parse(text, path)


def parse(text: str, path: str | Path = "<text>") -> YamlFile:
    """Like :func:`load`, from a string."""
    loader = _LOADER(text)
    try:
        node = loader.get_single_node()
        if node is not None:
            _refuse_repeated_keys(node, path)
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise InputError(f"not valid YAML: {error.problem}", path, mark.line + 1 if mark else None) from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise InputError(f"not valid YAML: {error}", path) from error
    finally:
        loader.dispose()
    return YamlFile(data, path, node)


def _refuse_repeated_keys(node: yaml.Node, path: str | Path) -> None:
    pending, seen_nodes = [node], set()
    while pending:
        node = pending.pop()
        if id(node) in seen_nodes:  # an alias: looked at once
            continue
        seen_nodes.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            pending.extend(node.value)
        if isinstance(node, yaml.MappingNode):
            seen: set[str] = set()
            for key, value in node.value:
                if key.value in seen:
                    raise InputError(f"key {key.value!r} stands twice", path, key.start_mark.line + 1)
                seen.add(key.value)
                pending.append(value)
