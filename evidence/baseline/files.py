"""NLM's files by their names: which baseline, which number, in which order they count.

``pubmed26n0001.xml.gz`` is the first file of the baseline made in December 2025; the daily updates go on counting where
the baseline ends. Each has its MD5 beside it (``pubmed26n0001.xml.gz.md5``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from evidence.errors import InputError, UsageError
from evidence.pubmed_index import Covers

_NAME = re.compile(r"pubmed(\d\d)n(\d{4,5})\.xml(?:\.gz)?")
_XML = re.compile(r".+\.xml(?:\.gz)?")
_MD5 = re.compile(r"\b([0-9a-fA-F]{32})\b")
# The baseline of 2019 had 972 files, that of 2024 1,219: fewer are no whole PubMed.
FEWEST_FILES = 900
FIRST_YEAR = 1700  # PubMed's oldest records are of the 18th century


@dataclass(frozen=True, slots=True)
class NlmFile:
    """``year`` and ``number`` by NLM's name, zero for any other; ``md5`` of the packed file where one is given."""

    path: Path
    year: int = 0
    number: int = 0
    md5: str = ""

    @property
    def order(self) -> tuple[int, int, str]:
        """Files with NLM's names count after others, by their numbers: the later one knows more."""
        return (self.year, self.number, self.path.name)


def is_url(given: str) -> bool:
    return given.lower().startswith(("http://", "https://", "ftp://"))


def file_of(path: Path) -> NlmFile:
    """A file and what its name says. Raises :class:`InputError` where its ``.md5`` is none."""
    named = _NAME.fullmatch(path.name)
    year, number = (2000 + int(named[1]), int(named[2])) if named else (0, 0)
    beside = path.with_name(f"{path.name}.md5")
    md5 = ""
    if beside.is_file():
        found = _MD5.search(beside.read_text(encoding="ascii", errors="replace")[:1000])
        if not found:
            raise InputError("holds no MD5: fetch it again, or delete it", beside)
        md5 = found[1].lower()
    return NlmFile(path.resolve(), year, number, md5)


def find_files(given: Iterable[Path]) -> list[NlmFile]:
    """The files named, and those of the directories named, in the order in which they count.

    Raises :class:`UsageError` when there is none, or two of one name (each file counts once).
    """
    files = [file_of(path) for path in dict.fromkeys(path.resolve() for path in _paths(given))]
    if not files:
        raise UsageError("there is no .xml or .xml.gz file: name files of NLM's, or a directory that holds them")
    names: dict[str, Path] = {}
    for file in files:
        if file.path.name in names:
            raise UsageError(f"{file.path} and {names[file.path.name]} have one name: name one of them")
        names[file.path.name] = file.path
    return sorted(files, key=lambda file: file.order)


def _paths(given: Iterable[Path]) -> Iterator[Path]:
    for path in given:
        if path.is_dir():
            yield from sorted(child for child in path.iterdir() if child.is_file() and _XML.fullmatch(child.name))
        elif path.is_file():
            yield path
        else:
            raise InputError("there is no such file or directory", path)


def covered(files: Sequence[NlmFile]) -> Covers | None:
    """The years of which these files hold every record, ``None`` when their names do not say so.

    They are a baseline when one year's numbers go from 1 without a gap to :data:`FEWEST_FILES` at least. The year
    in which NLM made it is not whole yet.
    """
    for year in sorted({file.year for file in files if file.year}, reverse=True):
        numbers = {file.number for file in files if file.year == year}
        last = next(number for number in range(1, len(numbers) + 2) if number not in numbers) - 1
        if last >= FEWEST_FILES:
            return Covers(FIRST_YEAR, year - 1, f"NLM's files of {year}, 1 to {last:,}")
    return None
