"""NLM's descriptor file: which headings are narrower than one, and which words lead to one.

Files: ``desc2026.xml`` (headings and publication types) and ``qual2026.xml`` (subheadings), packed with gzip or not,
from https://nlmpubs.nlm.nih.gov/projects/mesh/MESH_FILES/xmlmesh/.
"""

from __future__ import annotations

import bisect
import gzip
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from evidence.errors import InputError
from evidence.topics.words import line_of

_RECORDS = ("DescriptorRecord", "QualifierRecord")
# desc2026.xml has 31,000 headings; a file of more is none.
_MOST = 200_000


@dataclass(slots=True)
class Mesh:
    """Headings by their words. ``entries`` leads from each name or entry term to its heading, ``trees`` from a heading
    to its places (``C10.597.617``), both in the form of :func:`evidence.topics.words.line_of`."""

    entries: dict[str, str] = field(default_factory=dict)
    trees: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _places: list[tuple[str, str]] = field(default_factory=list)

    def heading(self, words: str) -> str | None:
        """The heading that words (a heading or an entry term) stand for, ``None`` when there is none."""
        return self.entries.get(line_of(words))

    def narrower(self, heading: str) -> frozenset[str]:
        """A heading and all that stand below it in any of its places."""
        if not self._places:
            self._places = sorted((tree, name) for name, trees in self.trees.items() for tree in trees)
        found = {heading}
        for tree in self.trees.get(heading, ()):
            start = bisect.bisect_left(self._places, (f"{tree}.",))
            for place, name in self._places[start:]:
                if not place.startswith(f"{tree}."):
                    break
                found.add(name)
        return frozenset(found)


def part_of(mesh: Mesh, names: Iterable[str]) -> Mesh:
    """As much of ``mesh`` as these names need, small enough to be sent to other machines."""
    part = Mesh()
    for name in names:
        if heading := mesh.heading(name):
            part.entries[line_of(name)] = heading
            for narrower in mesh.narrower(heading):
                part.trees[narrower] = mesh.trees[narrower]
    return part


def load_mesh(paths: Iterable[Path]) -> Mesh:
    """The headings of NLM's files. Raises :class:`InputError` for a file that is none of them."""
    mesh = Mesh()
    for path in paths:
        before = len(mesh.trees)
        try:
            with (gzip.open if _is_packed(path) else open)(path, "rb") as stream:
                for _, element in etree.iterparse(
                    stream, tag=_RECORDS, load_dtd=False, no_network=True, resolve_entities=False
                ):
                    _add(mesh, element)
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
                    if len(mesh.trees) > _MOST:
                        raise InputError(f"holds more than {_MOST:,} headings: it is no descriptor file of NLM's", path)
        except (etree.XMLSyntaxError, gzip.BadGzipFile, EOFError, zlib.error) as error:
            raise InputError(f"cannot be read as NLM's descriptor file: {error}", path) from error
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror or error}", path) from error
        if len(mesh.trees) == before:
            raise InputError("holds no heading: give NLM's desc2026.xml (or .gz), or qual2026.xml", path)
    return mesh


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(2) == b"\x1f\x8b"


def _add(mesh: Mesh, record: Any) -> None:
    kind = record.tag.removesuffix("Record")
    name = line_of(record.findtext(f"{kind}Name/String") or "")
    if not name.strip():
        return
    # Headings before entry terms: an entry term never takes a heading's own name.
    mesh.entries[name] = name
    mesh.trees[name] = tuple(tree.text for tree in record.iterfind("TreeNumberList/TreeNumber") if tree.text)
    for term in record.iterfind("ConceptList/Concept/TermList/Term/String"):
        mesh.entries.setdefault(line_of(term.text or ""), name)
