"""Writes records in the formats that reference managers read, one record at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from evidence.errors import UsageError
from evidence.exchange import bibtex_out, csl_json, csv_out, nbib_out, ris_out
from evidence.record import Record


@dataclass(frozen=True, slots=True)
class Format:
    """A format to write: its function, the ending of its files, its media type."""

    write: Callable[[Iterable[Record]], Iterator[str]]
    ending: str
    media_type: str


FORMATS: dict[str, Format] = {
    "ris": Format(ris_out.write, "ris", "application/x-research-info-systems"),
    "bibtex": Format(bibtex_out.write, "bib", "application/x-bibtex"),
    "csl-json": Format(csl_json.write, "json", "application/vnd.citationstyles.csl+json"),
    "csv": Format(csv_out.write, "csv", "text/csv"),
    "nbib": Format(nbib_out.write, "nbib", "application/nbib"),
}


def write_records(records: Iterable[Record], format: str) -> Iterator[str]:
    """The records as text, in pieces. Raises :class:`UsageError` for a format that is not in ``FORMATS``."""
    if format not in FORMATS:
        raise UsageError(f"unknown format {format!r}: choose one of {', '.join(FORMATS)}")
    return FORMATS[format].write(records)
