"""Reads a file of references in whatever format it really is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module
from io import BytesIO
from pathlib import Path

from evidence import limits
from evidence.collection import without_collection
from evidence.errors import InputError, StorageError
from evidence.exchange.encoding import CHUNK, checked_lines, text_of_file
from evidence.exchange.entry import Entry, Unread
from evidence.exchange.sniffing import format_of
from evidence.exchange.tagged import without_margin
from evidence.record import Record

UNCITED = "neither a title nor a PMID nor a DOI: there is nothing to cite"
# Format → the module beside this one that has its ``read``; loaded when needed, as some take 0.2 s to load.
READERS: dict[str, str] = {
    "nbib": "nbib",
    "pubmed-xml": "pubmed_xml",
    "ris": "ris",
    "bibtex": "bibtex",
    "endnote-xml": "endnote_xml",
    "enw": "enw",
    "csl-json": "csl_json",
    "csv": "csv_table",
    "wos": "wos",
    "cochrane": "cochrane",
    "jsonl": "json_lines",
    "ictrp": "ictrp",
    "europepmc": "works_json",
    "openalex": "works_json",
    "datacite": "works_json",
    "semantic-scholar": "works_json",
    "zotero": "works_json",
    "esummary": "works_json",
    "ovid": "ovid",
}
# Nothing ends an entry of these but the next one: the last entry of a cut file cannot be trusted.
_OPEN_ENDED = frozenset(("nbib", "enw", "cochrane", "ovid"))


def reader_of(kind: str) -> Callable[[str, str], Iterator[Entry]]:
    """The function that reads a format: ``(text, source)`` → entries."""
    read: Callable[[str, str], Iterator[Entry]] = import_module(f"evidence.exchange.{READERS[kind]}").read
    return read


@dataclass(frozen=True, slots=True)
class Problem:
    """An entry that could not be read: the line it begins at, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Import:
    """What a file held. ``entries`` is the number of records and problems together.

    ``unread`` counts what the entries had and nobody read: a tag's or a column's name → the number of entries.
    """

    format: str
    records: list[tuple[Record, int]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unread: dict[str, int] = field(default_factory=dict)

    @property
    def entries(self) -> int:
        return len(self.records) + len(self.problems)


def read_records(file: str | Path | bytes, source: str | None = None, uncited: bool = False) -> Import:
    """Every entry of a file (or of its bytes). ``source`` becomes the records' source; without it, the format does.

    An entry without a title, a PMID and a DOI is a problem, since nobody could cite it; with ``uncited`` it is read all
    the same. Raises :class:`InputError` when the file cannot be read, is in no known format or holds no entry, and
    when it is beyond :mod:`evidence.limits` (a line; entries of which none can be read).
    """
    if not isinstance(file, bytes):
        try:
            return read_records(contents_of(Path(file)), source, uncited)
        except InputError as error:
            raise InputError(error.reason, file, error.line) from error
    text, cut = text_of_file(file)
    text = without_margin(text)
    kind = format_of(text)
    result = Import(kind)
    ended_badly = False
    with without_collection():
        for line, entry in reader_of(kind)(text, source or kind):
            if isinstance(entry, Unread):
                result.unread |= dict(sorted(entry.names.items(), key=lambda item: (-item[1], item[0])))
                continue
            ended_badly = isinstance(entry, str)
            if len(result.problems) >= limits.IMPORT_PROBLEMS and not result.records:
                raise InputError(
                    f"none of its first {limits.IMPORT_PROBLEMS:,} entries can be read (the format is {kind}; "
                    f"line {result.problems[0].line}: {result.problems[0].reason})"
                )
            if isinstance(entry, str):
                result.problems.append(Problem(line, entry))
            elif not (uncited or _can_be_cited(entry)):
                result.problems.append(Problem(line, UNCITED))
            else:
                result.records.append((entry, line))
    if cut:
        _tell_cut(result, ended_badly, text.count("\n") + 1, cut)
    if not result.entries:
        raise InputError(f"no entry in it (the format is {kind}): was the search or the export empty?")
    return result


def _can_be_cited(record: Record) -> bool:
    return bool(record.title or record.vernacular_title or record.pmid or record.doi)


def _tell_cut(result: Import, ended_badly: bool, last_line: int, reason: str) -> None:
    """Put the reason in the place of the entry that the cut went through, so that it is counted once."""
    if ended_badly and result.problems:
        last_line = result.problems.pop().line
    elif result.format in _OPEN_ENDED and result.records:
        last_line = result.records.pop()[1]
    result.problems.append(Problem(last_line, reason))


def contents_of(path: Path) -> bytes:
    """A file's bytes. Raises :class:`InputError` when there is no such file to read, or a line is too long."""
    try:
        whole = BytesIO()
        with path.open("rb") as file:
            whole.writelines(checked_lines(iter(partial(file.read, CHUNK), b"")))
        return whole.getvalue()
    except InputError as error:
        raise InputError(error.reason, path, error.line) from error
    except FileNotFoundError as error:
        raise InputError("no such file", path) from error
    except IsADirectoryError as error:
        raise InputError("this is a directory: name the files in it", path) from error
    except PermissionError as error:
        raise InputError("this user may not read it", path) from error
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror or error}; check the disk") from error
