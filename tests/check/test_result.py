"""The answer's types are the documented JSON, and every answer is what they say."""

from __future__ import annotations

import re
from pathlib import Path
from types import NoneType
from typing import Any, Literal, NotRequired, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from check_desk import make_desk

from evidence.check.reference import END, START, put_in
from evidence.check.result import SHAPES, CheckResult, ClaimRow, NumberRow, in_words, keys
from evidence.check.warnings import CODES

DRAFTS = [
    "",
    "Where does it hurt?",
    "Spinal cord stimulation may improve sleep in 61% of 58 patients (Oakes 2018). In 44% it did not [2].\n\n"
    "It relieves leg pain in 80% of people with DTM.\n\nReferences\n\n1. Elm C. A pump for everybody: intrathecal "
    "morphine without any harm. Invented Med. 2015;1:1-4.\n2. Aspen B. Spinal cord stimulation and sleep: a randomised "
    "trial. J Invented Pain. 2023;8:100-9.\n3. Nobody X. Of nothing. None. 1999;1:1.\n4. Aspen B. Spinal cord "
    "stimulation and sleep: a randomised trial. J Invented Pain. 2011;8:100-9.",
]


def test_the_page_is_up_to_date(root: Path) -> None:
    page = (root / "docs" / "check.md").read_text(encoding="utf-8")
    assert page == put_in(page), "run: python -m evidence.check.reference docs/check.md"


def test_every_key_and_code_is_on_the_page(root: Path) -> None:
    page = (root / "docs" / "check.md").read_text(encoding="utf-8")
    made = page.split(START)[1].split(END)[0]
    documented = set(re.findall(r"^\| `([\w-]+)` \|", made, re.M))
    assert documented == {key.name for shape in SHAPES for key in keys(shape)} | set(CODES)


def test_a_page_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="must hold"):
        put_in("# a page")


@pytest.mark.parametrize("draft", DRAFTS, ids=["empty", "no claim", "claims"])
def test_an_answer_is_what_the_types_say(draft: str) -> None:
    result = make_desk().check_text(draft)
    assert wrong(result, CheckResult, "answer") == []


def test_a_draft_of_the_test_fills_every_shape() -> None:
    """Else the test above would say nothing of a shape."""
    seen: set[str] = set()
    wrong(make_desk().check_text(DRAFTS[2]), CheckResult, "answer", seen)
    assert {shape.__name__ for shape in SHAPES} - seen <= {"RoleDifference", "Candidate"}


def test_what_is_not_of_its_type_is_told() -> None:
    row: dict[str, Any] = {key.name: "" for key in keys(ClaimRow)}
    assert "similarity: '' is no number" in wrong(row, ClaimRow, "claim")
    assert "claim: more is missing" in wrong({**row, "more": 1}, ClaimRow, "claim")[0].replace("unknown", "missing")


def test_types_in_words() -> None:
    hints = get_type_hints(NumberRow)
    assert in_words(hints["value"]) == "number or null"
    assert in_words(list[str]) == "list of text" and in_words(dict[str, str]) == "text → text"
    assert in_words(Literal["a", "b"]) == "one of `a`, `b`"


def wrong(value: Any, hint: Any, place: str, seen: set[str] | None = None) -> list[str]:
    """What of a value is not as its type says, each with its place."""
    origin, inner = get_origin(hint), get_args(hint)
    if is_typeddict(hint):
        return wrong_keys(value, hint, place, seen)
    if origin is list:
        if not isinstance(value, list):
            return [f"{place}: no list"]
        return [said for i, one in enumerate(value) for said in wrong(one, inner[0], f"{place}[{i}]", seen)]
    if origin is dict:
        return [said for one in value.values() for said in wrong(one, inner[1], place, seen)]
    if origin is Literal:
        return [] if value in inner else [f"{place}: {value!r} is none of {inner}"]
    if inner:
        tried = [wrong(value, one, place, seen) for one in inner]
        return [] if [] in tried else tried[0]
    fits = {float: isinstance(value, (int, float)), int: isinstance(value, int), str: isinstance(value, str)}
    fits |= {bool: isinstance(value, bool), NoneType: value is None}
    names = {float: "number", int: "whole number", str: "text", bool: "truth value", NoneType: "null"}
    return [] if fits[hint] else [f"{place.split('.')[-1]}: {value!r} is no {names[hint]}"]


def wrong_keys(value: Any, shape: Any, place: str, seen: set[str] | None) -> list[str]:
    if not isinstance(value, dict):
        return [f"{place}: no object"]
    if seen is not None:
        seen.add(shape.__name__)
    hints = get_type_hints(shape)
    optional = {n for n, h in get_type_hints(shape, include_extras=True).items() if get_origin(h) is NotRequired}
    said = [f"{place}: {key} is unknown" for key in value if key not in hints]
    said += [f"{place}: {key} is missing" for key in hints if key not in value and key not in optional]
    return said + [
        line for key, hint in hints.items() if key in value for line in wrong(value[key], hint, f"{place}.{key}", seen)
    ]
