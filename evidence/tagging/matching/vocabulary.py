"""The vocabulary of tags: ``queries/vocabulary/*.yml`` read, checked and made ready for matching.

One file a facet (``modality.yml``, ``outcome.yml``, ``condition.yml``; ``design.yml`` where a project has its own),
``concepts.yml`` for terms that only claims use. One entry is one tag; docs/tags.md shows how to add one. The language
of terms is in :mod:`evidence.tagging.matching.terms`, patterns are in :mod:`evidence.tagging.matching.patterns`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.model import Facet
from evidence.profile import FILE, ScopeWords, load_profile
from evidence.project import packaged_project
from evidence.tagging.matching.vocabulary_file import (
    MeshTerm,
    Pattern,
    read_abbreviations,
    read_mesh,
    read_pairs,
    read_strings,
    read_terms,
    read_terms_and_patterns,
    refuse_unknown,
)
from evidence.yamlfile import YamlFile

TAG_KEYS = frozenset(
    "label definition synonyms parent terms measures abbreviations patterns masks requires context unless mesh pairs"
    " articles note level publication_types covers scope implies general beside lay".split()
)
# What tags say of their place in the field; in code there is no tag's id.
_ATTRIBUTES = ("scope", "implies", "general", "beside", "lay")
SCOPES = ("core", "acute")
# Abbreviations count in upper case only: TENS is a device, "tens of patients" is not.
_UPPER = re.compile(r"(?<![\\\w])[A-Z]{2,}(?![\w])")
CONCEPT_KEYS = frozenset("label kind definition terms articles covers note".split())
FILE_KEYS = frozenset({"facet", "tags", "masks", "note"})
CONCEPT_KINDS = ("mechanism", "device_feature", "comparator", "regulatory", "outcome", "other")

_ID = re.compile(r"[a-z][a-z0-9_]*\Z")


@dataclass(frozen=True, slots=True)
class Tag:
    """One term of one facet. ``measures`` are instruments and named scores: stronger evidence than ``terms``.

    ``abbreviations`` maps a spelling to the terms that must stand in the same record for it to count
    (none: it stands for itself). ``masks`` are phrases that must not earn the tag; ``requires`` are tags of which one
    must be found too, ``context`` terms of which one must occur, and where one of ``unless`` occurs only ``measures``
    count. ``pairs`` are MeSH unique ids that justify the tag together. ``covers`` names the rows of the list of topics
    that the health articles name.

    ``scope`` is ``core`` (a condition that is the subject; a modality that is used for the subject where a record names
    nothing), or ``acute``. A modality ``implies`` a condition where a record names none; ``none`` keeps it from that.
    ``general`` marks the tag of a facet that a more particular one makes superfluous, ``beside`` another measure of the
    same outcome, which counts for more where both are found. ``lay`` is what popular articles call it.
    """

    id: str
    facet: str
    label: str
    definition: str = ""
    parent: str | None = None
    terms: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()
    abbreviations: dict[str, tuple[str, ...]] = field(default_factory=dict)
    patterns: tuple[Pattern, ...] = ()
    names: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    mask_patterns: tuple[Pattern, ...] = ()
    requires: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    mesh: tuple[MeshTerm, ...] = ()
    pairs: tuple[tuple[str, ...], ...] = ()
    articles: tuple[str, ...] = ()
    level: int | None = None
    publication_types: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    scope: str = ""
    implies: str = ""
    general: bool = False
    beside: str = ""
    lay: re.Pattern[str] | None = None

    @property
    def synonyms(self) -> tuple[str, ...]:
        """What a reader may look for: ``synonyms`` as written, the written-out terms and the abbreviations."""
        plain = [t for t in (*self.names, *self.terms, *self.measures) if not set(t) & set("*(|")]
        return tuple(dict.fromkeys([*plain, *self.abbreviations]))


@dataclass(frozen=True, slots=True)
class Concept:
    """What claims speak of and no record is tagged with: a mechanism, a device feature, a comparator, a regulation."""

    id: str
    label: str
    kind: str
    definition: str = ""
    terms: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Every tag by facet and id, in the order of the files. ``hash`` says which version tagged a record."""

    hash: str
    tags: dict[str, dict[str, Tag]]
    concepts: dict[str, Concept]
    masks: dict[str, tuple[tuple[str, ...], tuple[Pattern, ...]]] = field(default_factory=dict)
    scope_words: ScopeWords = field(default_factory=ScopeWords)

    def general(self, facet: str) -> str:
        """The tag of a facet that any other makes superfluous; ``""`` without one."""
        return next((tag.id for tag in self.tags[facet].values() if tag.general), "")

    def of_scope(self, facet: str, scope: str) -> frozenset[str]:
        """The tags of a facet that have a scope, or a parent that has it."""
        tags = self.tags[facet]
        return frozenset(
            name for name in tags if any(tags[one].scope == scope for one in (name, *self.with_parents(facet, name)))
        )

    def with_parents(self, facet: str, tag: str) -> Iterator[str]:
        """The parents of a tag, nearest first."""
        parent = self.tags[facet][tag].parent
        while parent is not None:
            yield parent
            parent = self.tags[facet][parent].parent


def load_vocabulary(directory: Path | str) -> Vocabulary:
    """Read and check a vocabulary directory. Raises :class:`InputError` with file, line and reason."""
    directory = Path(directory)
    tags: dict[str, dict[str, Tag]] = {}
    masks: dict[str, tuple[tuple[str, ...], tuple[Pattern, ...]]] = {}
    documents: dict[str, YamlFile] = {}
    digest = hashlib.sha256()
    for facet in Facet:
        path = directory / f"{facet}.yml"
        if facet == Facet.DESIGN and not path.exists():  # designs are told by rules for English abstracts of any field
            path = packaged_project().vocabulary / path.name
        document = yamlfile.load(path)
        digest.update(_canonical(document))
        tags[facet] = _read_facet(document, facet)
        masks[facet] = read_terms_and_patterns(document, "masks")
        documents[facet] = document
    _check_requires(documents, tags)
    document = yamlfile.load(directory / "concepts.yml")
    digest.update(_canonical(document))
    concepts = _read_concepts(document)
    profile = directory.parent / FILE
    if not profile.is_file():
        tags = _with_packaged_attributes(directory, tags)
    return Vocabulary(digest.hexdigest()[:16], tags, concepts, masks, load_profile(profile).scope)


def _with_packaged_attributes(directory: Path, tags: dict[str, dict[str, Tag]]) -> dict[str, dict[str, Tag]]:
    """A vocabulary written before tags said their scope and kin: what the program's own says of the same tags holds."""
    packaged = packaged_project().vocabulary
    if directory.resolve() == packaged.resolve():
        return tags
    known = load_vocabulary(packaged).tags
    return {
        facet: {
            name: replace(tag, **{key: getattr(known[facet][name], key) for key in _ATTRIBUTES})
            if name in known[facet]
            else tag
            for name, tag in of_facet.items()
        }
        for facet, of_facet in tags.items()
    }


def _check_requires(documents: dict[str, YamlFile], tags: dict[str, dict[str, Tag]]) -> None:
    known = {name for facet in tags.values() for name in facet}
    for facet, document in documents.items():
        for tag in tags[facet].values():
            for other in tag.requires:
                if other not in known:
                    raise document.error(
                        f"tag {tag.id!r} requires {other!r}, which is no tag", "tags", tag.id, "requires"
                    )


def _canonical(document: YamlFile) -> bytes:
    return json.dumps(document.data, sort_keys=True, ensure_ascii=False, default=str).encode()


def _read_facet(document: YamlFile, facet: str) -> dict[str, Tag]:
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("tags"), dict):
        raise document.error("must be a mapping with 'facet' and 'tags'")
    refuse_unknown(document, data, FILE_KEYS)
    if data.get("facet") != facet:
        raise document.error(f"facet is {data.get('facet')!r}, the file's name says {facet!r}", "facet")
    tags = {str(name): _read_tag(document, facet, str(name)) for name in data["tags"]}
    for tag in tags.values():
        if tag.parent is not None and (not isinstance(tag.parent, str) or tag.parent not in tags):
            raise document.error(f"tag {tag.id!r}: unknown parent {tag.parent!r}", "tags", tag.id, "parent")
        _refuse_circle(document, tag, tags)
    return tags


def _refuse_circle(document: YamlFile, tag: Tag, tags: dict[str, Tag]) -> None:
    seen, parent = {tag.id}, tag.parent
    while parent is not None:
        if parent in seen:
            raise document.error(f"tag {tag.id!r} is its own ancestor", "tags", tag.id, "parent")
        seen.add(parent)
        parent = tags[parent].parent if parent in tags else None


def _read_tag(document: YamlFile, facet: str, name: str) -> Tag:
    where = ("tags", name)
    entry = document.data["tags"][name]
    if not _ID.match(name):
        raise document.error(f"tag id {name!r} must be lower case letters, digits and '_'", *where)
    if not isinstance(entry, dict) or not isinstance(entry.get("label"), str):
        raise document.error(f"tag {name!r} needs a label", *where)
    refuse_unknown(document, entry, TAG_KEYS, *where)
    level = entry.get("level")
    if level is not None and level not in (1, 2, 3, 4, 5):
        raise document.error(f"level is {level!r}, not 1 to 5", *where, "level")
    masks, mask_patterns = read_terms_and_patterns(document, *where, "masks")
    terms, patterns = read_terms_and_patterns(document, *where, "terms")
    more_terms, more_patterns = read_terms_and_patterns(document, *where, "patterns")
    return Tag(
        id=name,
        facet=facet,
        label=entry["label"],
        definition=str(entry.get("definition", "")).strip(),
        parent=entry.get("parent"),
        terms=terms + more_terms,
        patterns=patterns + more_patterns,
        abbreviations=read_abbreviations(document, *where, "abbreviations"),
        masks=masks,
        mask_patterns=mask_patterns,
        level=level,
        mesh=read_mesh(document, *where, "mesh"),
        pairs=read_pairs(document, *where, "pairs"),
        names=read_strings(document, *where, "synonyms"),
        lay=_lay(document, entry, *where),
        general=entry.get("general") is True,
        scope=_one_of(document, entry, "scope", SCOPES, *where),
        implies=str(entry.get("implies") or ""),
        beside=str(entry.get("beside") or ""),
        **{key: read_terms(document, *where, key) for key in ("measures", "context", "unless")},
        **{key: read_strings(document, *where, key) for key in ("requires", "articles", "publication_types", "covers")},
    )


def _one_of(document: YamlFile, entry: dict[str, Any], key: str, allowed: tuple[str, ...], *where: str) -> str:
    value = entry.get(key)
    if value is not None and value not in allowed:
        raise document.error(f"{key} is {value!r}, not one of {', '.join(allowed)}", *where, key)
    return str(value or "")


def _lay(document: YamlFile, entry: dict[str, Any], *where: str) -> re.Pattern[str] | None:
    """``lay`` as whole words in any case, abbreviations as written."""
    written = entry.get("lay")
    if written is None:
        return None
    words = written if isinstance(written, str) else "|".join(map(str, written))
    try:
        return re.compile(rf"(?<!\w)(?:{_UPPER.sub(lambda m: f'(?-i:{m.group()})', words)})(?!\w)", re.I)
    except re.error as error:
        raise document.error(f"lay: the pattern cannot be read ({error})", *where, "lay") from error


def _read_concepts(document: YamlFile) -> dict[str, Concept]:
    if not isinstance(document.data, dict) or not isinstance(document.data.get("concepts"), dict):
        raise document.error("must be a mapping with 'concepts'")
    concepts = {}
    for name, entry in document.data["concepts"].items():
        where = ("concepts", str(name))
        if not isinstance(entry, dict) or not isinstance(entry.get("label"), str):
            raise document.error(f"concept {name!r} needs a label", *where)
        refuse_unknown(document, entry, CONCEPT_KEYS, *where)
        if entry.get("kind") not in CONCEPT_KINDS:
            raise document.error(f"concept {name!r}: kind must be one of {', '.join(CONCEPT_KINDS)}", *where, "kind")
        concepts[str(name)] = Concept(
            id=str(name), label=entry["label"], kind=entry["kind"], definition=str(entry.get("definition", "")).strip(),
            terms=read_terms(document, *where, "terms"), articles=read_strings(document, *where, "articles"),
            covers=read_strings(document, *where, "covers"),
        )  # fmt: skip
    return concepts
