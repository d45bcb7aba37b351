"""Packed columns: the same answers as the dictionaries and lists that they stand for."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

import pytest

from evidence.packed import KeyIndex, Spool, key_of


def test_keys_tell_texts_apart_and_stay() -> None:
    texts = ["", "a", "b", "ab", "a b", "é", "e\u0301", "\ud800"]
    assert len({key_of(text) for text in texts}) == len(texts)
    assert key_of("Pain") == 12245444983747506383, "keys travel between processes and builds"
    assert all(key_of(text) for text in texts), "0 stands for no text"


def test_an_index_answers_as_a_dictionary_of_lists() -> None:
    rng = random.Random(3)
    index, expected = KeyIndex(), defaultdict(list)
    for position in range(5000):
        key = key_of(str(rng.randrange(3000)))
        index.add(key, position)
        expected[key].append(position)
    shared = {key: positions for key, positions in expected.items() if len(positions) > 1}
    assert dict(index.shared()) == shared
    for key, positions in expected.items():
        assert index.find(key) == positions
        assert index.find(key, 1) == positions[:1]
    assert dict(index.shared()) == shared, "also when it has been sorted"
    assert index.find(key_of("nobody's")) == []
    index.add(key_of("late"), 7)
    assert index.find(key_of("late")) == [7]


def test_one_position_twice_under_a_key_is_told_twice() -> None:
    index = KeyIndex()
    index.add(1, 5)
    index.add(1, 5)
    assert dict(index.shared()) == {1: [5, 5]}


def test_a_spool_gives_back_what_was_put_in_and_leaves_no_file(tmp_path: Path) -> None:
    with Spool(tmp_path) as spool:
        pieces = [b"", b"x" * (1 << 21), b"abc"]
        assert [spool.append(piece) for piece in pieces] == [0, 1, 2]
        assert [spool[2], spool[0], spool[1]] == [pieces[2], pieces[0], pieces[1]]
        assert spool.append(b"later") == 3
        assert spool[3] == b"later"
        assert len(spool) == 4
        assert list(tmp_path.iterdir()) == []
    with pytest.raises(ValueError, match="closed"):
        spool.append(b"x" * (1 << 21))


def test_a_spool_in_a_directory_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        Spool(tmp_path / "none")
