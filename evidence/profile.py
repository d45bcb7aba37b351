"""``queries/profile.yml``: the field that a library follows, in words for pages and in words that tell what is on it.

A project without the file (made before there was one) is read with the profile that came with the program.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.project import STARTERS, packaged_project
from evidence.yamlfile import YamlFile

FILE = "profile.yml"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}\Z")
_TEXTS = ("title", "name", "subject", "question", "covers", "example_search")
_LABELS = ("core", "neighbour", "not_core", "not_core_why")
_PATTERNS = ("subject_words", "implied_by", "acute_words", "lasting_words", "other_diseases", "around")
_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class ScopeWords:
    """What tells whether a record is on the subject; compiled, for lower-case text. A missing one matches nothing."""

    subject_words: re.Pattern[str] = _NEVER
    implied_by: re.Pattern[str] = _NEVER
    acute_words: re.Pattern[str] = _NEVER
    lasting_words: re.Pattern[str] = _NEVER
    other_diseases: re.Pattern[str] = _NEVER
    around: re.Pattern[str] = _NEVER
    other_uses: re.Pattern[str] = _NEVER


@dataclass(frozen=True, slots=True)
class Profile:
    """The texts of ``profile.yml``; ``name`` is short, for file names; ``starter`` names a library that came along."""

    title: str
    name: str
    subject: str
    question: str
    covers: str = ""
    example_search: str = ""
    core: str = "On the subject"
    neighbour: str = "Another use"
    not_core: str = "another use"
    not_core_why: str = "Its modality was used for something else"
    starter: str = ""
    scope: ScopeWords = ScopeWords()

    def texts(self) -> dict[str, str]:
        """What pages show, by name."""
        return {name: getattr(self, name) for name in (*_TEXTS, *_LABELS)}


def load_profile(path: Path) -> Profile:
    """Read a profile. Raises :class:`~evidence.errors.InputError` with file, line and reason for a mistake."""
    document = yamlfile.load(path if path.is_file() else packaged_project().queries / FILE)
    data = document.data
    if not isinstance(data, dict):
        raise document.error("must be a mapping with title, name, subject and question")
    for key in data:
        if key not in (*_TEXTS, "scope", "starter"):
            raise document.error(f"unknown key {key!r} (known: {', '.join((*_TEXTS, 'scope', 'starter'))})", str(key))
    for key in ("title", "name", "subject", "question"):
        if not isinstance(data.get(key), str) or not data[key].strip():
            raise document.error(f"needs a text for {key!r}", key)
    if not _NAME.match(data["name"]):
        raise document.error("name: 2 to 40 small letters, digits and hyphens", "name")
    starter = str(data.get("starter") or "")
    if starter and starter not in {path.stem for path in STARTERS.glob("*.nbib")}:
        raise document.error(f"no starter library is called {starter!r}", "starter")
    scope = data.get("scope") or {}
    if not isinstance(scope, dict):
        raise document.error("scope must be a mapping", "scope")
    for key in scope:
        if key not in (*_LABELS, *_PATTERNS, "other_uses"):
            known = ", ".join((*_LABELS, *_PATTERNS, "other_uses"))
            raise document.error(f"unknown key {key!r} under scope (known: {known})", "scope", str(key))
    texts = {key: str(data[key]).strip() for key in _TEXTS if data.get(key) is not None}
    labels = {key: str(scope[key]).strip() for key in _LABELS if scope.get(key) is not None}
    return Profile(**texts, **labels, starter=starter, scope=_scope_words(document, scope))


def _scope_words(document: YamlFile, scope: dict[str, Any]) -> ScopeWords:
    compiled = {key: _compiled(document, scope[key], key) for key in _PATTERNS if scope.get(key)}
    uses = scope.get("other_uses")
    if uses:
        words = list(uses.values()) if isinstance(uses, dict) else [uses] if isinstance(uses, str) else uses
        if not isinstance(words, list) or not all(isinstance(word, str) for word in words):
            raise document.error("other_uses must be patterns, by field", "scope", "other_uses")
        compiled["other_uses"] = _compiled(document, rf"\b(?:{'|'.join(words)})", "other_uses")
    return ScopeWords(**compiled)


def _compiled(document: YamlFile, pattern: Any, key: str) -> re.Pattern[str]:
    if not isinstance(pattern, str):
        raise document.error(f"{key} must be a pattern", "scope", key)
    try:
        return re.compile(pattern)
    except re.error as error:
        raise document.error(f"{key}: the pattern cannot be read ({error})", "scope", key) from error


def packaged_profile() -> Profile:
    """The profile that came with the program."""
    return load_profile(packaged_project().queries / FILE)
