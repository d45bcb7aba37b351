"""The vocabulary of tags: ``queries/vocabulary/*.yml`` read, checked and made ready for matching.

One file a facet (``modality.yml``, ``outcome.yml``, ``condition.yml``, ``design.yml``), ``concepts.yml`` for terms
that only claims use. One entry is one tag; docs/tags.md shows how to add one.

The little language of ``terms``, ``masks`` and ``requires`` (see :func:`expand`):

    spinal cord stimulation   whole words, any case; a blank stands for a blank or a hyphen; a plural matches too
    post-operative            a hyphen stands for a blank, a hyphen or nothing
    stimulat*                 any ending
    (dorsal|posterior) column one of several; an empty one may be left out
    British and American spellings of one another are found without being written down
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidence import yamlfile
from evidence.errors import InputError
from evidence.tagging.patterns import compile_pattern
from evidence.yamlfile import YamlFile

FACETS = ("modality", "outcome", "condition", "design")
MESH_ROLES = ("exact", "weak")
TAG_KEYS = frozenset(
    "label definition synonyms parent terms measures abbreviations patterns masks requires context unless mesh pairs articles note level"
    " publication_types covers".split()
)
CONCEPT_KEYS = frozenset("label kind definition terms articles covers note".split())
FILE_KEYS = frozenset({"facet", "tags", "masks", "note"})
CONCEPT_KINDS = ("mechanism", "device_feature", "comparator", "regulatory", "outcome", "other")

_ID = re.compile(r"[a-z][a-z0-9_]*\Z")
_MESH_UI = re.compile(r"[DC]\d{6,9}\Z")
_GROUP = re.compile(r"\(([^()]*)\)")
_TERM = re.compile(r"[^\W_](?:[\w '’/+%&.,>=-]*[\w'%+])?\*?\Z")
# Parts of words that the two spellings write differently.
_SPELLINGS = (
    ("aesthe", "esthe"), ("ischaem", "ischem"), ("haem", "hem"), ("oedema", "edema"), ("faec", "fec"), ("tumour", "tumor"),
    ("isation", "ization"), ("ising", "izing"), ("ised", "ized"), ("behaviour", "behavior"), ("labour", "labor"), ("oesoph", "esoph"),
    ("paed", "ped"), ("fibre", "fiber"), ("rrhoea", "rrhea"), ("grey", "gray"), ("analogue", "analog"), ("caesar", "cesar"),
    ("programme", "program"), ("leucaem", "leukem"), ("catalogue", "catalog"), ("centre", "center"),
)  # fmt: skip
MOST_SPELLINGS = 1000


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


@dataclass(frozen=True, slots=True)
class Tag:
    """One term of one facet. ``measures`` are instruments and named scores: stronger evidence than ``terms``.

    ``abbreviations`` maps a spelling to the terms that must stand in the same record for it to count
    (none: it stands for itself). ``masks`` are phrases that must not earn the tag; ``requires`` are tags of which one
    must be found too, ``context`` terms of which one must occur, and where one of ``unless`` occurs only ``measures``
    count. ``pairs`` are MeSH unique
    ids that justify the tag together. ``covers`` names the rows of the list of topics that the health articles name.
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
        """What a reader may look for: the written-out terms and the abbreviations."""
        plain = [t for t in (*self.terms, *self.measures) if not set(t) & set("*(|")]
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
    digest = hashlib.sha256()
    for facet in FACETS:
        document = yamlfile.load(directory / f"{facet}.yml")
        digest.update(_canonical(document))
        tags[facet] = _read_facet(document, facet)
        masks[facet] = _terms_and_patterns(document, "masks") if "masks" in document.data else ((), ())
    document = yamlfile.load(directory / "concepts.yml")
    digest.update(_canonical(document))
    concepts = _read_concepts(document)
    return Vocabulary(digest.hexdigest()[:16], tags, concepts, masks)


def _canonical(document: YamlFile) -> bytes:
    return json.dumps(document.data, sort_keys=True, ensure_ascii=False, default=str).encode()


def _read_facet(document: YamlFile, facet: str) -> dict[str, Tag]:
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("tags"), dict):
        raise document.error("must be a mapping with 'facet' and 'tags'")
    _refuse_unknown(document, data, FILE_KEYS)
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
    _refuse_unknown(document, entry, TAG_KEYS, *where)
    level = entry.get("level")
    if level is not None and level not in (1, 2, 3, 4, 5):
        raise document.error(f"level is {level!r}, not 1 to 5", *where, "level")
    masks, mask_patterns = _terms_and_patterns(document, *where, "masks")
    terms, patterns = _terms_and_patterns(document, *where, "terms")
    more_terms, more_patterns = _terms_and_patterns(document, *where, "patterns")
    return Tag(
        id=name, facet=facet, label=entry["label"], definition=str(entry.get("definition", "")).strip(), parent=entry.get("parent"),
        terms=terms + more_terms, measures=_terms(document, *where, "measures"), patterns=patterns + more_patterns,
        abbreviations=_abbreviations(document, *where, "abbreviations"), masks=masks, mask_patterns=mask_patterns,
        requires=_strings(document, *where, "requires"), context=_terms(document, *where, "context"), unless=_terms(document, *where, "unless"), mesh=_mesh(document, *where, "mesh"), pairs=_pairs(document, *where, "pairs"),
        articles=_strings(document, *where, "articles"), level=level,
        publication_types=_strings(document, *where, "publication_types"), covers=_strings(document, *where, "covers"),
    )  # fmt: skip


def _read_concepts(document: YamlFile) -> dict[str, Concept]:
    if not isinstance(document.data, dict) or not isinstance(document.data.get("concepts"), dict):
        raise document.error("must be a mapping with 'concepts'")
    concepts = {}
    for name, entry in document.data["concepts"].items():
        where = ("concepts", str(name))
        if not isinstance(entry, dict) or not isinstance(entry.get("label"), str):
            raise document.error(f"concept {name!r} needs a label", *where)
        _refuse_unknown(document, entry, CONCEPT_KEYS, *where)
        if entry.get("kind") not in CONCEPT_KINDS:
            raise document.error(f"concept {name!r}: kind must be one of {', '.join(CONCEPT_KINDS)}", *where, "kind")
        concepts[str(name)] = Concept(
            id=str(name), label=entry["label"], kind=entry["kind"], definition=str(entry.get("definition", "")).strip(),
            terms=_terms(document, *where, "terms"), articles=_strings(document, *where, "articles"),
            covers=_strings(document, *where, "covers"),
        )  # fmt: skip
    return concepts


def _refuse_unknown(document: YamlFile, entry: dict[str, Any], known: frozenset[str], *where: str) -> None:
    for key in entry:
        if key not in known:
            raise document.error(f"unknown key {key!r} (known: {', '.join(sorted(known))})", *where, str(key))


def _at(document: YamlFile, *where: str) -> Any:
    value = document.data
    for key in where:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _strings(document: YamlFile, *where: str) -> tuple[str, ...]:
    value = _at(document, *where)
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise document.error(f"{where[-1]!r} must be a list of texts (quote numbers and yes/no)", *where)
    return tuple(value)


def _terms(document: YamlFile, *where: str) -> tuple[str, ...]:
    terms, patterns = _terms_and_patterns(document, *where)
    if patterns:
        raise document.error(f"{where[-1]!r} takes terms only, patterns go under 'patterns'", *where)
    return terms


def _terms_and_patterns(document: YamlFile, *where: str) -> tuple[tuple[str, ...], tuple[Pattern, ...]]:
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
            raise document.error(f"{item!r} is neither a text (quote it) nor a pattern {{anchor, regex}}", *where, position)
    return tuple(terms), tuple(patterns)


def _pattern(document: YamlFile, item: dict[str, Any], *where: str | int) -> Pattern:
    anchors = [item["anchor"]] if isinstance(item.get("anchor"), str) else item.get("anchor")
    key = "then" if "then" in item else "regex"
    if set(item) != {"anchor", key} or not anchors or not isinstance(item[key], str):
        raise document.error("a pattern needs an 'anchor' (a term, or several) and a 'regex' or a 'then', and nothing else", *where)
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


def _abbreviations(document: YamlFile, *where: str) -> dict[str, tuple[str, ...]]:
    value = _at(document, *where)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise document.error("'abbreviations' maps each abbreviation to the terms that must stand with it ([] for none)", *where)
    result = {}
    for short in value:
        if not isinstance(short, str) or len(short) < 2:
            raise document.error(f"abbreviation {short!r} needs two characters or more", *where, str(short))
        result[short] = _terms(document, *where, short)
    return result


def _mesh(document: YamlFile, *where: str) -> tuple[MeshTerm, ...]:
    found = []
    for position, item in enumerate(_at(document, *where) or ()):
        if not isinstance(item, list) or len(item) != 3 or item[2] not in MESH_ROLES or not _MESH_UI.match(str(item[1])):
            raise document.error(f"{item!r} must be [heading, unique id, exact or weak]", *where, position)
        found.append(MeshTerm(str(item[0]), str(item[1]), item[2]))
    return tuple(found)


def _pairs(document: YamlFile, *where: str) -> tuple[tuple[str, ...], ...]:
    pairs = _at(document, *where) or ()
    for position, pair in enumerate(pairs):
        if not isinstance(pair, list) or len(pair) < 2 or not all(_MESH_UI.match(str(ui)) for ui in pair):
            raise document.error(f"{pair!r} must be two or more MeSH unique ids", *where, position)
    return tuple(tuple(pair) for pair in pairs)


def expand(term: str) -> list[str]:
    """Every spelling a term stands for, in lower case with blanks for hyphens; a final ``*`` stays.

    Raises ``ValueError`` when the term is not in the language above or stands for too many spellings.

    >>> expand("post-operative (pain|ache)")
    ['post operative pain', 'postoperative pain', 'post operative ache', 'postoperative ache']
    """
    parts = _GROUP.split(term)
    choices = [[part] if position % 2 == 0 else part.split("|") for position, part in enumerate(parts)]
    if "(" in "".join(parts[::2]) or ")" in "".join(parts[::2]):
        raise ValueError("brackets do not pair up")
    spellings: dict[str, None] = {}
    for choice in itertools.product(*choices):
        plain = " ".join("".join(choice).lower().split())
        if not _TERM.match(plain):
            raise ValueError(f"{plain!r} is not a phrase of words (only a final '*' may stand for an ending)")
        for spelling in _spellings(plain):
            spellings[spelling] = None
        if len(spellings) > MOST_SPELLINGS:
            raise ValueError(f"it stands for more than {MOST_SPELLINGS} spellings: write it as several terms")
    return list(spellings)


def _spellings(plain: str) -> list[str]:
    found = [plain]
    if "-" in plain:
        found = [plain.replace("-", " "), plain.replace("-", "")]
    for british, american in _SPELLINGS:
        if british in plain or american in plain:
            found += [s.replace(british, american) for s in found if british in s] + [
                re.sub(rf"(?<!{british[0]}){american}" if british.endswith(american) else american, british, s)
                for s in found
                if american in s and british not in s
            ]
    if plain.endswith("y") and len(plain) > 3 and plain[-2] not in "aeiou":
        found += [s[:-1] + "ies" for s in found]
    return list(dict.fromkeys(found))


