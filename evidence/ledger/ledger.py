"""The ledger: what health articles claim, and how people read it (``queries/claims/*.yml``).

One file per health article; its id is the file's name. A reading (:mod:`evidence.ledger.reading`) is people's work; the
program never makes one, and calls it a draft until a named person has confirmed it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from evidence import yamlfile
from evidence.cited_sources import CitedSource, SourceNumber, source_number
from evidence.ledger.reading import KEYS as READING_KEYS
from evidence.ledger.reading import Reading, day, read_reading
from evidence.yamlfile import YamlFile

KINDS = ("efficacy", "safety", "mechanism", "procedure", "indication", "regulatory", "cost", "citation")
# Key in a claim → facet of the vocabulary.
FACETS = {"modalities": "modality", "outcomes": "outcome", "conditions": "condition"}
_ARTICLE_KEYS = ("title", "publisher", "author", "url", "published", "updated", "note")
_TOP_KEYS = ("article", "drafted_on", "review_note", "claims")
_REQUIRED = ("id", "paraphrase", "kind")
_TEXTS = ("id", "paraphrase", "kind", "cited", "support_needed")
_LISTS = (*FACETS, "concepts", "cites", "sources", "flags")
# Keys of the older form are still read: see the notes of the ledger.
_OLD_KEYS = ("verdict", "review_note")
_CLAIM_KEYS = {*_TEXTS, *_LISTS, *READING_KEYS, *_OLD_KEYS, "numbers", "attributed"}
_ID = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*\Z")


class Tagged(Protocol):
    """What the ledger needs of a vocabulary: the ids of each facet, and the concepts."""

    @property
    def tags(self) -> Any: ...

    @property
    def concepts(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Article:
    """A health article whose claims are followed. Dates are as precise as the page was."""

    id: str
    title: str
    publisher: str = ""
    author: str = ""
    url: str = ""
    published: str = ""
    updated: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A checkable statement of a health article, paraphrased in the maintainers' words.

    ``reading`` is ``None`` where there is none yet. ``cited`` is what the article names for it, ``cites`` those of our
    sources that this is, ``sources`` those that bear on it (the cited ones among them), ``flags`` what a reader should
    be told. ``attributed``: it says what a paper reported, which no newer paper changes.
    """

    id: str
    article: str
    paraphrase: str
    kind: str
    reading: Reading | None = None
    attributed: bool = False
    modalities: tuple[str, ...] = ()
    outcomes: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    numbers: tuple[SourceNumber, ...] = ()
    cited: str = ""
    cites: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    support_needed: str = ""
    flags: tuple[str, ...] = ()

    def source_roles(self) -> dict[str, str]:
        """Source id → ``cited`` (the article names it) or ``bears`` (a maintainer does)."""
        return {source: "cited" if source in self.cites else "bears" for source in (*self.cites, *self.sources)}


@dataclass(frozen=True, slots=True)
class Ledger:
    """Every health article, every claim and every cited source. ``notes``: what is of an older form."""

    articles: tuple[Article, ...] = ()
    claims: tuple[Claim, ...] = ()
    sources: tuple[CitedSource, ...] = ()
    notes: tuple[str, ...] = ()

    def without_drafts(self) -> Ledger:
        """Only confirmed readings; claims and sources stay, without what a draft or unconfirmed note says of them."""
        claims = [
            claim if claim.reading is not None and claim.reading.reviewed_by else replace(claim, reading=None, flags=())
            for claim in self.claims
        ]
        sources = [
            replace(source, facts=(), numbers=(), n=None, design_note="", open_label=None, controlled=None, funding="")
            for source in self.sources
        ]
        return replace(self, claims=tuple(claims), sources=tuple(sources))


EMPTY = Ledger()


def published(ledger: Ledger, settings: Mapping[str, Any]) -> Ledger:
    """What a site may hold: everything, but under ``public: true`` no draft without ``show_draft_readings: true``."""
    hidden = settings.get("public") and not settings.get("show_draft_readings")
    return ledger.without_drafts() if hidden else ledger


def load_ledger(directory: str | Path, vocabulary: Tagged | None, sources: Iterable[CitedSource]) -> Ledger:
    """Read and check every ``*.yml`` of a directory, in the order of the file names.

    Without a vocabulary, tags are taken as they are. Raises :class:`~evidence.errors.InputError` with file, line and
    reason: an unknown tag or source, a reading without a reason, a reviewer without a name, an id used twice.
    """
    sources = tuple(sources)
    reader = _Reader(vocabulary, {source.id for source in sources})
    articles, claims = [], []
    for path in sorted(Path(directory).glob("*.yml")):
        document = yamlfile.load(path)
        article, rows = reader.read(document, path.stem)
        articles.append(article)
        claims.extend(rows)
    return Ledger(tuple(articles), tuple(claims), sources, tuple(reader.notes))


class _Reader:
    """Reads one file after another and remembers the ids already given."""

    def __init__(self, vocabulary: Tagged | None, sources: set[str]):
        self.vocabulary, self.sources = vocabulary, sources
        self.seen: dict[str, str] = {}
        self.notes: list[str] = []

    def read(self, document: YamlFile, article_id: str) -> tuple[Article, list[Claim]]:
        data = document.data
        if not isinstance(data, dict) or not isinstance(data.get("article"), dict):
            raise document.error("must be a mapping with 'article' (title, publisher, …) and 'claims'")
        if unknown := [key for key in data if key not in _TOP_KEYS]:
            raise document.error(f"unknown key {unknown[0]!r}; known: {', '.join(_TOP_KEYS)}", unknown[0])
        if not isinstance(data.get("claims"), list):
            raise document.error("'claims' must be a list", "claims")
        old: list[int] = []
        rows = [self._claim(document, article_id, i, entry, old) for i, entry in enumerate(data["claims"])]
        if old:
            self.notes.append(_older_form(document, old))
        return _article(document, article_id, data["article"]), rows

    def _claim(self, document: YamlFile, article: str, position: int, entry: Any, old: list[int]) -> Claim:
        here = ("claims", position)
        if not isinstance(entry, dict):
            raise document.error("a claim must be a mapping", *here)
        name = f"claim {entry.get('id', position + 1)}"
        if unknown := [key for key in entry if key not in _CLAIM_KEYS]:
            raise document.error(f"{name}: unknown key {unknown[0]!r}", *here, unknown[0])
        for key in _REQUIRED:
            if entry.get(key) in (None, ""):
                raise document.error(f"{name}: {key!r} is missing", *here)
        values: dict[str, Any] = {key: str(entry.get(key) or "").strip() for key in _TEXTS}
        if values["kind"] not in KINDS:
            raise document.error(f"{name}: kind {values['kind']!r} is not one of {', '.join(KINDS)}", *here, "kind")
        if not isinstance(entry.get("attributed", False), bool):
            raise document.error(f"{name}: 'attributed' must be true or false", *here, "attributed")
        self._remember(document, values["id"], here)
        for key in _LISTS:
            values[key] = self._list(document, name, entry, key, here)
        items = entry.get("numbers") or []
        if not isinstance(items, list):
            raise document.error(f"{name}: 'numbers' must be a list", *here, "numbers")
        numbers = tuple(
            source_number(document, item if isinstance(item, dict) else {}, *here, "numbers", i)
            for i, item in enumerate(items)
        )
        reading, older = read_reading(document, self._dated(document, entry), name, *here)
        if older:
            old.append(document.line(*here) or 0)
        attributed = bool(entry.get("attributed")) or values["kind"] == "citation"
        return Claim(article=article, numbers=numbers, reading=reading, attributed=attributed, **values)

    @staticmethod
    def _dated(document: YamlFile, entry: dict[str, Any]) -> dict[str, Any]:
        """The entry with the file's ``drafted_on``, where it has a reading and no day of its own."""
        day(document, document.data, "drafted_on")
        has_one = any(entry.get(key) not in (None, "") for key in ("fidelity", "verdict"))
        return {"drafted_on": document.data.get("drafted_on"), **entry} if has_one else entry

    def _remember(self, document: YamlFile, claim_id: str, here: tuple[str, int]) -> None:
        if not _ID.match(claim_id):
            raise document.error(f"claim id {claim_id!r}: use lower-case letters, digits and -", *here, "id")
        if claim_id in self.seen:
            raise document.error(f"claim id {claim_id!r} is used twice (first at {self.seen[claim_id]})", *here, "id")
        self.seen[claim_id] = f"{document.path}:{document.line(*here, 'id')}"

    def _list(
        self, document: YamlFile, name: str, entry: dict[str, Any], key: str, here: tuple[str, int]
    ) -> tuple[str, ...]:
        value = entry.get(key) or []
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise document.error(f"{name}: {key!r} must be a list of texts", *here, key)
        known = self._known(key)
        for position, item in enumerate(value):
            if known is not None and item not in known:
                what = "source" if known is self.sources else f"{FACETS.get(key, 'concept')} in the vocabulary"
                raise document.error(f"{name}: {item!r} is not a known {what}", *here, key, position)
        return tuple(value)

    def _known(self, key: str) -> Any:
        """The ids allowed under a key; ``None`` when any text is."""
        if key in ("cites", "sources"):
            return self.sources
        if self.vocabulary is None or key == "flags":
            return None
        return self.vocabulary.concepts if key == "concepts" else self.vocabulary.tags[FACETS[key]]


def _older_form(document: YamlFile, lines: list[int]) -> str:
    """What to write instead of ``verdict`` and ``reviewed_by: maintainers``."""
    claims = f"{len(lines)} claims are" if len(lines) > 1 else "a claim is"
    return (
        f"{document.path}:{lines[0]}: {claims} of the older form and read as drafts: write 'fidelity' and 'direction' "
        "for 'verdict', and in 'reviewed_by' a person's name or ORCID, or leave it out (docs/claims.md)"
    )


def _article(document: YamlFile, article_id: str, entry: dict[str, Any]) -> Article:
    if unknown := [key for key in entry if key not in _ARTICLE_KEYS]:
        raise document.error(f"article: unknown key {unknown[0]!r}", "article", unknown[0])
    if not entry.get("title"):
        raise document.error("article: 'title' is missing", "article")
    return Article(id=article_id, **{key: str(entry.get(key) or "").strip() for key in _ARTICLE_KEYS})
