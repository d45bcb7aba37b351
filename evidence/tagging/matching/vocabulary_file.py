"""Reading the values of vocabulary files: each helper takes the keys of a value and names the line of an error."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from evidence.tagging.matching.patterns import compile_pattern
from evidence.tagging.matching.terms import expand
from evidence.yamlfile import YamlFile

MESH_ROLES = ("exact", "weak")
_MESH_UI = re.compile(r"[DC]\d{6,9}\Z")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression that runs only at its anchors, literal terms that the automaton finds.

    ``regex`` is looked for around an anchor; with ``follows`` it must begin where the anchor ends (``then`` in the
    file), which is one attempt instead of one for every character.
    """

    anchors: tuple[str, ...]
    regex: re.Pattern[str]
    follows: bool = False


@dataclass(frozen=True, slots=True)
class MeshTerm:
    """A MeSH heading: ``exact`` alone justifies the tag as a major topic, ``weak`` only beside its words."""

    heading: str
    ui: str
    role: str


def refuse_unknown(document: YamlFile, entry: dict[str, Any], known: frozenset[str], *where: str) -> None:
    for key in entry:
        if key not in known:
            raise document.error(f"unknown key {key!r} (known: {', '.join(sorted(known))})", *where, str(key))


def _at(document: YamlFile, *where: str) -> Any:
    value = document.data
    for key in where:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _list(document: YamlFile, *where: str) -> list[Any]:
    value = _at(document, *where)
    if value is not None and not isinstance(value, list):
        raise document.error(f"{where[-1]!r} must be a list", *where)
    return value or []


def read_strings(document: YamlFile, *where: str) -> tuple[str, ...]:
    value = _at(document, *where)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise document.error(f"{where[-1]!r} must be a list of texts (quote numbers and yes/no)", *where)
    return tuple(value)


def read_terms(document: YamlFile, *where: str) -> tuple[str, ...]:
    terms, patterns = read_terms_and_patterns(document, *where)
    if patterns:
        raise document.error(f"{where[-1]!r} takes terms only, patterns go under 'patterns'", *where)
    return terms


def read_terms_and_patterns(document: YamlFile, *where: str) -> tuple[tuple[str, ...], tuple[Pattern, ...]]:
    value = _at(document, *where)
    terms: list[str] = []
    patterns: list[Pattern] = []
    if value is not None and not isinstance(value, list):
        raise document.error(f"{where[-1]!r} must be a list", *where)
    for position, item in enumerate(value or ()):
        if isinstance(item, str):
            _check_term(document, item, *where, position)
            terms.append(item)
        elif isinstance(item, dict):
            patterns.append(_pattern(document, item, *where, position))
        else:
            raise document.error(
                f"{item!r} is neither a text (quote it) nor a pattern {{anchor, regex}}", *where, position
            )
    return tuple(terms), tuple(patterns)


def _pattern(document: YamlFile, item: dict[str, Any], *where: str | int) -> Pattern:
    anchors = [item["anchor"]] if isinstance(item.get("anchor"), str) else item.get("anchor")
    key = "then" if "then" in item else "regex"
    if set(item) != {"anchor", key} or not anchors or not isinstance(item[key], str):
        raise document.error(
            "a pattern needs an 'anchor' (a term, or several) and a 'regex' or a 'then', and nothing else", *where
        )
    for anchor in anchors:
        _check_term(document, anchor, *where)
    try:
        return Pattern(tuple(anchors), compile_pattern(item[key]), key == "then")
    except ValueError as error:
        raise document.error(f"pattern {item[key]!r}: {error}", *where, key) from error


def _check_term(document: YamlFile, term: Any, *where: str | int) -> None:
    try:
        if not isinstance(term, str):
            raise ValueError("it must be a text (quote it)")
        for spelling in expand(term):
            if len(spelling.rstrip("*").strip()) < 2:
                raise ValueError("a term needs two characters or more: one letter would match everywhere")
    except ValueError as error:
        raise document.error(f"term {term!r}: {error}", *where) from error


def read_abbreviations(document: YamlFile, *where: str) -> dict[str, tuple[str, ...]]:
    value = _at(document, *where)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise document.error(
            "'abbreviations' maps each abbreviation to the terms that must stand with it ([] for none)", *where
        )
    result = {}
    for short in value:
        if not isinstance(short, str) or len(short) < 2:
            raise document.error(f"abbreviation {short!r} needs two characters or more", *where, str(short))
        result[short] = read_terms(document, *where, short)
    return result


def read_mesh(document: YamlFile, *where: str) -> tuple[MeshTerm, ...]:
    found = []
    for position, item in enumerate(_list(document, *where)):
        if (
            not isinstance(item, list)
            or len(item) != 3
            or item[2] not in MESH_ROLES
            or not _MESH_UI.match(str(item[1]))
        ):
            raise document.error(f"{item!r} must be [heading, unique id, exact or weak]", *where, position)
        found.append(MeshTerm(str(item[0]), str(item[1]), item[2]))
    return tuple(found)


def read_pairs(document: YamlFile, *where: str) -> tuple[tuple[str, ...], ...]:
    pairs = _list(document, *where)
    for position, pair in enumerate(pairs):
        if not isinstance(pair, list) or len(pair) < 2 or not all(_MESH_UI.match(str(ui)) for ui in pair):
            raise document.error(f"{pair!r} must be two or more MeSH unique ids", *where, position)
    return tuple(tuple(pair) for pair in pairs)
