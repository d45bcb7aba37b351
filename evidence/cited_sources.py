"""Cited sources as printed (``queries/sources.yml``): what a health article or a claim cites.

An identifier here is what a person wrote down. It becomes a fact when a refresh has confirmed it with PubMed;
``confirmed`` only says whether the person read it on the source's own page or merely recalled it.
"""

from __future__ import annotations

import datetime
import math
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.bibliography.normal import normal_doi, normal_pmid
from evidence.yamlfile import YamlFile

KINDS = ("article", "registration", "regulatory")
ROLES = (
    "n", "n_part", "percent", "responder", "change", "score", "followup", "duration", "frequency", "sessions",
    "count", "dose", "sites", "studies", "year", "other",
)  # fmt: skip
_ID = re.compile(r"[a-z][a-z0-9_-]*\Z")
_TEXT_KEYS = (
    "cited_as", "title", "journal", "volume", "issue", "pages", "doi", "pmid", "pmcid", "registration", "design",
    "design_note", "funding", "note", "kind",
)  # fmt: skip
_FLAG_KEYS = ("confirmed", "open_label", "controlled")
_OTHER_KEYS = ("authors", "year", "n", "facts", "numbers", "noted_on", "reviewed_on")
_NUMBER_KEYS = ("value", "low", "high", "unit", "role", "what")


@dataclass(frozen=True, slots=True)
class SourceNumber:
    """A figure of the source: ``value`` (or ``low`` to ``high``), ``unit`` as printed, ``role``, what it counts."""

    value: float | None
    unit: str = ""
    role: str = "other"
    what: str = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class CitedSource:
    """One cited source. ``cited_as`` is printed; ``facts`` are the maintainers' own words, dated ``noted_on``.

    ``kind`` is article (PubMed can resolve it), registration or regulatory (it cannot). ``open_label`` and
    ``controlled`` are ``None`` when the reader did not note them.
    """

    id: str
    cited_as: str
    kind: str = "article"
    authors: tuple[str, ...] = ()
    title: str = ""
    journal: str = ""
    year: int | None = None
    volume: str = ""
    issue: str = ""
    pages: str = ""
    pmid: str | None = None
    doi: str | None = None
    pmcid: str | None = None
    registration: str = ""
    confirmed: bool = False
    design: str = ""
    design_note: str = ""
    open_label: bool | None = None
    controlled: bool | None = None
    funding: str = ""
    n: int | None = None
    facts: tuple[str, ...] = ()
    numbers: tuple[SourceNumber, ...] = ()
    noted_on: str = ""
    note: str = ""
    line: int | None = field(default=None, compare=False)

    @property
    def first_author(self) -> str:
        return self.authors[0] if self.authors else ""


def load_sources(path: str | Path) -> list[CitedSource]:
    """Read and check ``queries/sources.yml``. Raises ``InputError`` with file, line and reason."""
    document = yamlfile.load(path)
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("sources"), dict):
        raise document.error("must be a mapping with 'sources': one entry per cited source, by its id")
    if unknown := sorted(set(data) - {"sources", "review_note"}):  # review_note: of an older form
        raise document.error(f"unknown key {unknown[0]!r}; known: sources", unknown[0])
    return [_source(document, source_id, entry) for source_id, entry in data["sources"].items()]


def _source(document: YamlFile, source_id: Any, entry: Any) -> CitedSource:
    here = ("sources", source_id)
    if not isinstance(source_id, str) or not _ID.match(source_id):
        raise document.error(f"source id {source_id!r}: use lower-case letters, digits, - and _", *here)
    if not isinstance(entry, dict):
        raise document.error(f"source {source_id}: must be a mapping", *here)
    if unknown := [key for key in entry if key not in (*_TEXT_KEYS, *_FLAG_KEYS, *_OTHER_KEYS)]:
        raise document.error(f"source {source_id}: unknown key {unknown[0]!r}", *here, unknown[0])
    texts: dict[str, Any] = {key: _text(document, here, entry, key) for key in _TEXT_KEYS}
    if not texts["cited_as"]:
        raise document.error(f"source {source_id}: 'cited_as' is missing (the reference as printed)", *here)
    kind = texts.pop("kind") or "article"
    if kind not in KINDS:
        raise document.error(f"source {source_id}: kind {kind!r} is not one of {', '.join(KINDS)}", *here, "kind")
    flags: dict[str, Any] = {key: _flag(document, here, entry, key) for key in _FLAG_KEYS}
    return CitedSource(
        id=source_id, kind=kind, **_identifiers(document, here, texts), confirmed=bool(flags.pop("confirmed")), **flags,
        authors=_strings(document, here, entry, "authors"), facts=_strings(document, here, entry, "facts"),
        year=_integer(document, here, entry, "year"), n=_integer(document, here, entry, "n"),
        numbers=_numbers(document, here, entry), noted_on=_noted_on(document, entry, here), line=document.line(*here),
    )  # fmt: skip


def _identifiers(document: YamlFile, here: tuple[str, str], texts: dict[str, Any]) -> dict[str, Any]:
    """The text fields with PMID and DOI in normal form; an identifier that is none is an error, not a blank."""
    for key, normal in (("pmid", normal_pmid), ("doi", normal_doi)):
        value = normal(texts[key])
        if texts[key] and value is None:
            raise document.error(f"source {here[1]}: {texts[key]!r} is not a {key.upper()}", *here, key)
        texts[key] = value
    return {**texts, "pmcid": texts["pmcid"] or None}


def _text(document: YamlFile, here: tuple[str, ...], entry: dict[str, Any], key: str) -> str:
    value = entry.get(key)
    if isinstance(value, (dict, list, bool)):
        raise document.error(f"source {here[1]}: {key!r} must be text", *here, key)
    return "" if value is None else str(value).strip()


def _flag(document: YamlFile, here: tuple[str, ...], entry: dict[str, Any], key: str) -> bool | None:
    value = entry.get(key)
    if value is not None and not isinstance(value, bool):
        raise document.error(f"source {here[1]}: {key!r} must be true or false", *here, key)
    return value


def _integer(document: YamlFile, here: tuple[str, ...], entry: dict[str, Any], key: str) -> int | None:
    value = entry.get(key)
    if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
        raise document.error(f"source {here[1]}: {key!r} must be a whole number", *here, key)
    return value


def _strings(document: YamlFile, here: tuple[str, ...], entry: dict[str, Any], key: str) -> tuple[str, ...]:
    value = entry.get(key) or []
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise document.error(f"source {here[1]}: {key!r} must be a list of texts", *here, key)
    return tuple(item.strip() for item in value)


def _numbers(document: YamlFile, here: tuple[str, str], entry: dict[str, Any]) -> tuple[SourceNumber, ...]:
    numbers, items = [], entry.get("numbers") or []
    if not isinstance(items, list):
        raise document.error(f"source {here[1]}: 'numbers' must be a list", *here, "numbers")
    for position, item in enumerate(items):
        where = (*here, "numbers", position)
        if not isinstance(item, dict) or set(item) - set(_NUMBER_KEYS):
            raise document.error(f"source {here[1]}: a number has {', '.join(_NUMBER_KEYS)}", *where)
        numbers.append(source_number(document, item, *where))
    return tuple(numbers)


def source_number(document: YamlFile, item: dict[str, Any], *where: str | int) -> SourceNumber:
    """One checked number, of a source or of a claim. Raises :class:`~evidence.errors.InputError`."""
    values: dict[str, Any] = {key: item.get(key) for key in ("value", "low", "high")}
    for key, value in values.items():
        if value is not None and not _is_number(value):
            raise document.error(f"{key!r} must be a number, not {value!r}", *where, key)
    if values["value"] is None and None in (values["low"], values["high"]):
        raise document.error("a number needs 'value', or 'low' and 'high'", *where)
    role = str(item.get("role") or "other")
    if role not in ROLES:
        raise document.error(f"role {role!r} is not one of {', '.join(ROLES)}", *where, "role")
    return SourceNumber(unit=str(item.get("unit") or ""), role=role, what=str(item.get("what") or ""), **values)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _noted_on(document: YamlFile, entry: dict[str, Any], where: tuple[str | int, ...]) -> str:
    """``noted_on`` (``reviewed_on`` in older files) as ``YYYY-MM-DD``; ``""`` when absent."""
    key = "noted_on" if entry.get("noted_on") is not None else "reviewed_on"
    if (value := entry.get(key)) is None:
        return ""
    try:
        return datetime.date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise document.error(f"{key} {value!r} is not a date (YYYY-MM-DD)", *where, key) from None
