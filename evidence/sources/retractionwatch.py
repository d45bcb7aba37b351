"""Retraction Watch's own list, a CSV file that is imported, not asked.

https://gitlab.com/crossref/retraction-watch-data. A row is one notice on one paper; a paper may have several rows, of
several natures. Columns are read by name (the header of 2026 ends with a comma). A row's paper is named by DOI, PMID or
both; ``unavailable``, ``0`` and nothing mean none.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from io import StringIO

from evidence.bibliography.normal import normal_doi
from evidence.http import Fault
from evidence.sources.source import Item, Reported

NAME, LABEL = "retractionwatch", "Retraction Watch's file"
# Who says so: the same people as in Crossref's entries, by another way, and as of another day.
SAID_BY = "retraction_watch_file"
NUMBER, NATURE = "Record ID", "RetractionNature"
DOI, PMID, TITLE = "OriginalPaperDOI", "OriginalPaperPubMedID", "Title"
NOTICE_DOI, NOTICE_PMID, DATE, REASON = "RetractionDOI", "RetractionPubMedID", "RetractionDate", "Reason"
# What is used of a row; a change in the others (subjects, links, payment) says nothing new.
USED = (NUMBER, TITLE, NATURE, DATE, NOTICE_DOI, NOTICE_PMID, DOI, PMID, REASON)
_TELLING = frozenset((NUMBER, NATURE, DOI, PMID, DATE))
# The whole list had 71,799 rows in August 2026 and only grows: a file of fewer is an excerpt, and what it lacks says
# nothing.
WHOLE = 50_000
KINDS = {
    "retraction": "retraction",
    "expression of concern": "concern",
    "correction": "erratum",
    "reinstatement": "reinstatement",
}
UNKNOWN = "unknown_update"
_SEVERAL = re.compile(r"[;,|]?\s+(?=(?:doi:|https?://\S*?)?10\.\d)", re.I)
_NUMBER = re.compile(r"0*([1-9]\d{0,8})(?:\.0)?", re.ASCII)
_MONTH_FIRST = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\b", re.ASCII)
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\b", re.ASCII)
_FIRST_YEAR = 1900


def is_list(text: str) -> bool:
    """Whether a text begins with the header of this list."""
    line = text.lstrip("\ufeff\n\r\t ")[:4000].partition("\n")[0]
    return {name.strip() for name in next(csv.reader([line]), [])} >= _TELLING


def rows_of(text: str) -> Iterator[tuple[int, Item | str]]:
    """(line, row or what is wrong with it) of every entry. Raises ``ValueError`` without the columns."""
    if not is_list(text):
        raise ValueError("the columns are not those of Retraction Watch's list")
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff\n\r\t "), newline=""), restval=None)
    reader.fieldnames = [name.strip() for name in reader.fieldnames or ()]
    line = reader.line_num + 1
    try:
        for row in reader:
            yield line, _sound(row)
            line = reader.line_num + 1
    except csv.Error as error:
        yield line, f"not CSV from here on ({error})"


def _sound(row: Mapping[str | None, str | list[str] | None]) -> Item | str:
    if any(value.strip() for value in row.get(None) or ()):  # beyond the header: a cell was cut in two
        return "more cells than columns: a quotation mark is missing"
    if any(row.get(name) is None for name in USED):
        return "fewer cells than columns: the file is cut here"
    named = {str(key): str(value or "") for key, value in row.items() if key}
    number = _number(named[NUMBER])
    if not number:
        return f"its {NUMBER} is {named[NUMBER][:40]!r}, no number"
    if not any(_papers(named)):
        return "it names its paper by neither DOI nor PMID" + (f": {title[:80]!r}" if (title := named[TITLE]) else "")
    return named | {NUMBER: number}


def subject_of(row: Item) -> str:
    return f"record:{row[NUMBER]}"


def said_by(row: Item) -> Item:
    """What is used of a row, each cell without blanks around it."""
    return {name: " ".join(row.get(name, "").split()) for name in USED}


def packed(rows: Iterable[Item]) -> bytes:
    """Rows as a file of their own with the columns that they came with."""
    held = list(rows)
    text = StringIO(newline="")
    writer = csv.DictWriter(text, list(dict.fromkeys(name for row in held for name in row)), restval="")
    writer.writeheader()
    writer.writerows(held)
    return text.getvalue().encode()


def read(body: bytes, asked: Collection[str]) -> dict[str, Item]:
    """Subject → its row, of those that are asked for. Raises :class:`Fault`."""
    wanted = frozenset(asked)
    try:
        rows = [row for _, row in rows_of(body.decode())]
    except ValueError as error:
        raise Fault(str(error)) from error
    return {name: said_by(row) for row in rows if not isinstance(row, str) and (name := subject_of(row)) in wanted}


def reported(subject: str, row: Item, rows: Mapping[str, Item] = {}) -> Iterator[Reported]:
    """The notice on the paper; nothing is said of the notice itself."""
    papers = _papers(row)
    dois = {one for one in papers if one.startswith("doi:")}
    notice = normal_doi(row.get(NOTICE_DOI, ""))
    own = notice is not None and f"doi:{notice}" in dois
    pmid = _number(row.get(NOTICE_PMID, ""))
    pmid = None if f"pmid:{pmid}" in papers else pmid
    nature = row.get(NATURE, "").strip()
    reasons = "; ".join(one.strip().lstrip("+").strip() for one in row.get(REASON, "").split(";") if one.strip(" +"))
    text = f"record {row[NUMBER]}: {nature or 'no nature given'}" + (f"; reasons: {reasons}" if reasons else "")
    for kind in dict.fromkeys(KINDS.get(part.strip().lower(), UNKNOWN) for part in nature.split(";")):
        for first, *also in [papers] if papers else ():
            yield Reported(
                first, kind, SAID_BY, date_of(row), None if own else notice, pmid, text[:500], tuple(also), row[TITLE]
            )


def date_of(row: Item) -> str | None:
    """``8/16/2023 0:00`` → ``2023-08-16``: the month stands first. A date that is none is its year, or ``None``."""
    written = row.get(DATE, "")
    if month_first := _MONTH_FIRST.match(written.strip()):
        month, day, year = map(int, month_first.groups())
    elif year_first := _YEAR_FIRST.match(written.strip()):
        year, month, day = map(int, year_first.groups())
    else:
        return None
    if year < _FIRST_YEAR:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return str(year)


def _papers(row: Item) -> list[str]:
    """Subjects of the paper, DOIs first."""
    dois = (normal_doi(part) for part in _SEVERAL.split(row.get(DOI, "").strip()))
    pmid = _number(row.get(PMID, ""))
    return [*dict.fromkeys(f"doi:{doi}" for doi in dois if doi), *([f"pmid:{pmid}"] if pmid else [])]


def _number(written: str) -> str | None:
    found = _NUMBER.fullmatch(written.strip())
    return found.group(1) if found else None
