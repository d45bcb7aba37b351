"""Secrets are taken out however they are written, and nothing else is."""

from __future__ import annotations

import json
import time
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.scrub import MASK, PIECE, KeyInRecords, Scrubber, remember, scrub, tidy

KEY, EMAIL = "f3a9c1e7b5d2048690ab", "qwzxjvk+mpfghtd@bcdlnrs.zqxw"
scrubbed = Scrubber([KEY, EMAIL])

SPELT = {
    "plain": str,
    "upper case": str.upper,
    "percent": lambda s: quote(s, safe=""),
    "percent, small letters": lambda s: quote(s, safe="").lower(),
    "a form": quote_plus,
    "percent twice": lambda s: quote(quote(s, safe=""), safe=""),
    "percent three times": lambda s: quote(quote(quote(s, safe=""), safe=""), safe=""),
    "every letter percent": lambda s: "".join(f"%{ord(c):02X}" for c in s),
    "JSON": json.dumps,
    "JSON in JSON": lambda s: json.dumps(json.dumps(s.replace("@", "\u0000@"))),
    "JSON escapes": lambda s: "".join(f"\\u{ord(c):04x}" for c in s),
    "Python escapes": lambda s: "".join(f"\\x{ord(c):02x}" for c in s),
    "an exception": lambda s: repr(ValueError(s)),
    "bytes": lambda s: repr(s.encode()),
    "HTML numbers": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "HTML hexadecimal": lambda s: "".join(f"&#x{ord(c):x};" for c in s),
    "HTML twice": lambda s: "".join(f"&amp;amp;#{ord(c)};" for c in s),
    "lines of one": "\n".join,
    "lines of five": lambda s: "\r\n    ".join(s[i : i + 5] for i in range(0, len(s), 5)),
    "lines in a repr": lambda s: repr("\n".join(s[i : i + 7] for i in range(0, len(s), 7))),
    "soft breaks": lambda s: "=\r\n".join(s[i : i + 7] for i in range(0, len(s), 7)),
    "backslash breaks": lambda s: "\\\n".join(s[i : i + 7] for i in range(0, len(s), 7)),
    "soft hyphens": "\u00ad".join,
    "blanks": " ".join,
}


@pytest.mark.parametrize("secret", [KEY, EMAIL])
@pytest.mark.parametrize("spell", SPELT.values(), ids=SPELT)
def test_a_secret_is_taken_out_however_it_is_written(spell, secret: str) -> None:
    text = f"asked with x={spell(secret)}&y, and went on"
    assert MASK in scrubbed(text) and scrubbed(text).count(MASK) <= 2
    assert scrubbed(text).startswith("asked with x=") and scrubbed(text).endswith("&y, and went on")
    left = "".join(scrubbed(text).split())
    assert not [secret[i : i + PIECE] for i in range(len(secret) - PIECE + 1) if secret[i : i + PIECE] in left]


@given(st.sampled_from([KEY, EMAIL]), st.integers(0, 14), st.integers(PIECE, 20), st.text("mnoy.,/ ", max_size=9))
def test_any_piece_of_six_is_taken_out_and_what_is_around_stays(
    secret: str, start: int, length: int, around: str
) -> None:
    piece = secret[start : start + length]
    expected = MASK if len(piece) >= PIECE else piece
    assert scrubbed(f"[{around}]{piece}[{around}]") == f"[{around}]{expected}[{around}]"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "f3a9c",
        "3.4% of 1e7b patients",
        "ab" * 50,
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils/",
        "100%",
        "\\",
        "&#",
        "a\ud800b",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert scrubbed(text) == text


def test_words_of_this_program_stay_unless_the_whole_address_is_there() -> None:
    mine = Scrubber(["somebody+tracker@example.org"])
    assert mine("data/tracker.db; set NCBI_EMAIL=you@example.org") == "data/tracker.db; set NCBI_EMAIL=you@example.org"
    assert mine("from somebody+tracker@example.org") == f"from {MASK}"


def test_short_secrets_count_as_a_whole() -> None:
    assert Scrubber(["ab12"])("x ab12 y ab1 z") == f"x {MASK} y ab1 z"
    assert Scrubber(["ab1", "", " "])("x ab1 y") == "x ab1 y"


def test_it_takes_time_in_proportion() -> None:
    def seconds(text: str) -> float:
        started = time.process_time()
        scrubbed(text)
        return time.process_time() - started

    for part in ("%25", "\\", "&amp;", "\\\\u00", "=\r\n", "f3a9c", " "):
        assert seconds(part * 30_000) < 2, part


def test_what_a_client_was_given_is_scrubbed_from_then_on_like_the_environment() -> None:
    assert scrub("x", {"NCBI_API_KEY": "zz91qq82"}) == "x"
    assert scrub("key zz91qq82", {"NCBI_API_KEY": "zz91qq82"}) == f"key {MASK}"
    remember(["kk55ll66mm"])
    assert scrub("key kk55ll66mm", {}) == f"key {MASK}"


def test_a_users_name_stays_in_paths_of_this_machine_and_the_address_goes() -> None:
    environ = {"NCBI_EMAIL": "margarete@bcdlnrs.zqxw", "HOME": "/home/margarete"}
    assert scrub("/home/margarete/a.ris, margarete@bcdlnrs.zqxw", environ) == f"/home/margarete/a.ris, {MASK}"
    assert scrub("margarete", environ | {"HOME": "/home/x"}) == MASK


def test_a_key_in_megabytes_is_seen_and_a_piece_by_chance_is_not() -> None:
    sees = KeyInRecords(KEY)
    text = b"<AbstractText>invented f3a9c1 and b5d204</AbstractText>" * 500
    assert not sees(text)
    for start in range(len(KEY) - 9):
        assert sees(text + KEY[start : start + 10].upper().encode() + text), start
        assert not sees(text + KEY[start : start + 9].encode() + text), start
    assert sees(b"f3a9c1 " * 100_000)  # that is no chance
    assert not KeyInRecords("")(KEY.encode())


def test_tidy_text_can_be_encoded_and_printed() -> None:
    assert tidy("a\ud800b\x1b[2J\x00\u202e\n\tc") == "a\ufffdb [2J  \n\tc"
