"""The vocabulary of tags: ``queries/vocabulary/*.yml`` read, checked and made ready for matching.

One file a facet (``modality.yml``, ``outcome.yml``, ``condition.yml``, ``design.yml``), ``concepts.yml`` for terms
that only claims use. One entry is one tag; docs/tags.md shows how to add one. The language of terms is in
:mod:`evidence.tagging.matching.terms`, patterns are in :mod:`evidence.tagging.matching.patterns`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from evidence import yamlfile
from evidence.model import Facet
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
    " articles note level publication_types covers".split()
)
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
        document = yamlfile.load(directory / f"{facet}.yml")
        digest.update(_canonical(document))
        tags[facet] = _read_facet(document, facet)
        masks[facet] = read_terms_and_patterns(document, "masks")
        documents[facet] = document
    _check_requires(documents, tags)
    document = yamlfile.load(directory / "concepts.yml")
    digest.update(_canonical(document))
    concepts = _read_concepts(document)
    return Vocabulary(digest.hexdigest()[:16], tags, concepts, masks)


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
        if tag.parent is not None and tag.parent not in tags:
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
        **{key: read_terms(document, *where, key) for key in ("measures", "context", "unless")},
        **{key: read_strings(document, *where, key) for key in ("requires", "articles", "publication_types", "covers")},
    )


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
