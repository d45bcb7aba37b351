"""Files damaged at random: every reader answers with records and problems, or with one line, and nothing else."""

from __future__ import annotations

import random
import time

import pytest
from samples import SAMPLES

from evidence.errors import InputError
from evidence.exchange.reading import read_records

JUNK = [
    b"\x00", b"\xff", b'"', b"{", b"}", b"<", b">", b"\n", b"\r", b"TY  - ", b"ER  - ", b"PMID- ", b"@article{", b"]",
    b"[", b",", b"%", b"\\", b"&#x0;", b"&", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"<record>", b"  - ", b"1e999",
    b"-" * 50,
]  # fmt: skip


def damaged(data: bytes, chance: random.Random) -> bytes:
    for _ in range(chance.choice((1, 2, 5))):
        here, there = sorted((chance.randrange(len(data) + 1), chance.randrange(len(data) + 1)))
        kind = chance.random()
        if kind < 0.3:
            data = data[:there]
        elif kind < 0.7:
            data = data[:here] + chance.choice(JUNK) + data[here:]
        elif kind < 0.9:
            data = data[:here] + data[min(there, here + 200) :]
        else:
            data = data[:here] + data[there : there + 100] + data[here:]
    return data


@pytest.mark.parametrize("name", SAMPLES)
def test_damage_costs_entries_and_never_the_program(name: str) -> None:
    chance = random.Random(name)
    read = refused = 0
    start = time.process_time()
    for _ in range(60):
        data = damaged((SAMPLES[name][1] * chance.choice((1, 3))).encode(), chance)
        try:
            imported = read_records(data)
        except InputError as error:
            refused += 1
            assert "\n" not in str(error)
            continue
        read += 1
        assert imported.entries == len(imported.records) + len(imported.problems)
        assert all(problem.line >= 1 and "\n" not in problem.reason for problem in imported.problems)
    assert read > 20 and read + refused == 60 and time.process_time() - start < 10
