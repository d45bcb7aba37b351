"""YAML that people wrote wrongly: one line that names the file and where in it, and nothing that runs away."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence import yamlfile
from evidence.errors import InputError


def aliases(first: str, again: str, times: int) -> str:
    """``times`` values, each made of the one before it."""
    return "\n".join([f"a0: &a0 {first}", *(f"a{n}: &a{n} {again.format(f'*a{n - 1}')}" for n in range(1, times))])


# (the text, the line that is named, words of the reason)
BAD: dict[str, tuple[str, int | None, str]] = {
    "a list for a key": ("a: 1\n? [b, c]\n: 2\n", 2, "a key must be a word"),
    "a mapping for a key": ("a: 1\n{b: 1}: 2\n", 2, "a key must be a word"),
    "a list for a key, further in": ("a:\n  b:\n  - ? [c]\n    : 1\n", 3, "a key must be a word"),
    "a key twice": ("a: 1\nb: 2\na: 3\n", 3, "'a' stands twice"),
    "a key twice, further in": ("a:\n- b: 1\n  b: 2\n", 3, "'b' stands twice"),
    "a tab": ("a:\n\tb: 1\n", 2, "not valid YAML"),
    "a bracket open": ("a: [1, 2\nb: 1\n", 2, "not valid YAML"),
    "a quote open": ("a: 'x\n", 2, "not valid YAML"),
    "two documents": ("a: 1\n---\nb: 2\n", 2, "another document"),
    "an alias of nothing": ("a: 1\nb: *a\n", 2, "undefined alias"),
    "20,000 brackets": ("a: 1\nb: " + "[" * 20_000, 2, "nest"),
    "20,000 closed brackets": ("a: 1\nb: " + "[" * 20_000 + "]" * 20_000, 2, "nest"),
    "20,000 braces": ("a: 1\nb: " + "{a: " * 20_000, 2, "nest"),
    "20,000 dashes": ("- " * 20_000, 1, "nest"),
    "200 brackets": ("a: 1\nb: " + "[" * 200 + "]" * 200, 2, "more than 50 deep"),
    "aliases, each ten of the one before": (aliases("[x]", "[" + ", ".join(["{0}"] * 10) + "]", 12), 7, "more than"),
    "merged aliases": (aliases("{x: 1}", "{{<<: [" + ", ".join(["{0}"] * 10) + "]}}", 12), 7, "more than"),
    "aliases nested by a chain": (aliases("[x]", "[{0}]", 300), 50, "more than 50 deep"),
    "an alias in itself": ("a: 1\nb: &b [1, *b]\n", 2, "inside what it names"),
    "a number of 5,000 digits": ("a: 1\nb: " + "9" * 5000 + "\n", 2, "more than 15 digits"),
    "a hexadecimal number of 5,000 digits": ("a: 1\nb: 0x" + "f" * 5000 + "\n", 2, "more than 15 digits"),
    "a date that is none": ("a: 1\nb: 2026-13-45\n", 2, "cannot be read"),
    "a word said to be a number": ("a: 1\nb: !!int x\n", 2, "cannot be read"),
    "a word said to be yes or no": ("a: 1\nb: !!bool x\n", 2, "cannot be read"),
    "a word said to be a time": ("a: 1\nb: !!timestamp x\n", 2, "cannot be read"),
    "a program's object": ("a: 1\nb: !!python/object:os.system x\n", 2, "not valid YAML"),
    "a zero byte": ("a: 1\nb: \0\n", 2, "control character (U+0000)"),
    "an escape": ("a: 1\nb: \x1b[0m\n", 2, "control character (U+001B)"),
    "a surrogate": ('a: 1\nb: "\\ud800"\n', 2, "not valid YAML"),
}
GOOD = {
    "an alias": ("a: &a [1, 2]\nb: *a\n", {"a": [1, 2], "b": [1, 2]}),
    "a merged alias": ("a: &a {x: 1}\nb:\n  <<: *a\n  y: 2\n", {"a": {"x": 1}, "b": {"x": 1, "y": 2}}),
    "a number for a key": ("2014: b\n'2015': b\n", {"2014": "b", "2015": "b"}),
    "a yes for a key": ("yes: a\non: b\n~: c\n", {"yes": "a", "on": "b", "~": "c"}),
    "a yes for a value": ("a: yes\nb: 2014\n", {"a": True, "b": 2014}),
    "40 brackets": ("a: " + "[" * 40 + "]" * 40, None),
    "letters of other scripts": ("a: Größe 中文 😀\u00a0x\n", {"a": "Größe 中文 😀\u00a0x"}),
    "a tab within text": ("a: b\tc\n", {"a": "b\tc"}),
    "a PMID": ("a: 24912345\n", {"a": 24912345}),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_named_with_its_line(name: str) -> None:
    text, line, words = BAD[name]
    with pytest.raises(InputError) as caught:
        yamlfile.parse(text, "queries/x.yml")
    assert (caught.value.line, "\n" in str(caught.value)) == (line, False)
    assert words in str(caught.value)


@pytest.mark.parametrize("name", GOOD)
def test_what_is_right_is_read(name: str) -> None:
    text, data = GOOD[name]
    read = yamlfile.parse(text)
    assert data is None or read.data == data


def test_the_loader_in_python_refuses_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """PyYAML without libyaml has no bound on nesting but Python's own."""
    monkeypatch.setattr(yamlfile, "_LOADER", yamlfile.yaml.SafeLoader)
    for text, _, _ in BAD.values():
        with pytest.raises(InputError):
            yamlfile.parse(text)


@pytest.mark.parametrize(
    ("content", "line", "words"),
    [
        (b"a: 1\nb: \xff\xfe\n", 2, "UTF-8"),
        ("a: 1\nb: Gr\u00f6\u00dfe\n".encode("latin-1"), 2, "UTF-8"),
        ("a: 1\n".encode("utf-16"), 1, "UTF-8"),
        (b"\x80", 1, "UTF-8"),
    ],
)
def test_a_file_of_another_encoding(tmp_path: Path, content: bytes, line: int, words: str) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes(content)
    with pytest.raises(InputError, match=words) as caught:
        yamlfile.load(path)
    assert caught.value.line == line


def test_a_directory_and_a_missing_file(tmp_path: Path) -> None:
    for path, words in ((tmp_path, "directory"), (tmp_path / "none.yml", "No such file")):
        with pytest.raises(InputError, match=words) as caught:
            yamlfile.load(path)
        assert str(caught.value).startswith(f"{path}: ") and str(caught.value).count(str(path)) == 1


def test_a_byte_order_mark_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes(b"\xef\xbb\xbfa: 1\n")
    assert yamlfile.load(path).data == {"a": 1}
