"""The index opened: the records that a printed reference may mean, by identifier or by what it shares with them.

Which of them it means is for :mod:`evidence.references` to say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from math import log
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray

from evidence.bibliography.normal import normal_doi, words
from evidence.errors import StorageError
from evidence.packed import key_of
from evidence.pubmed_index.manifest import BLOCK, Manifest, read_manifest
from evidence.pubmed_index.postings import Postings
from evidence.pubmed_index.rows import doi_key, title_key, word_key
from evidence.pubmed_index.shards import FIELD, LINE, RETRACTED
from evidence.references import CitedReport, ParsedReference
from evidence.references.lookup import compounds

# Places in the postings that one reference may look at: some 2 ms. The rarest terms come first.
_BUDGET = 60_000
# Records whose rarer terms agree best, which are then asked for the commoner ones.
_ASKED_AGAIN = 200
# Terms too common for the budget that are met with one another where nothing rarer agrees.
_MET = 4
_CACHED_BLOCKS = 2048
_SHORTEST_WORD = 2


class PubMedIndex:
    """An index opened to be read; nothing of it is in memory but what was asked for. Threads may share it.

    Open with :meth:`open`. Reports have the id ``pubmed:PMID``.
    """

    def __init__(self, directory: Path, manifest: Manifest):
        folder = directory / manifest.generation
        self.manifest = manifest
        self._rows = np.load(folder / "rows.npy", mmap_mode="r")
        self._pmids = np.ascontiguousarray(self._rows["pmid"])
        self._ends = np.load(folder / "blocks.npy", mmap_mode="r")
        size = (folder / "blocks.bin").stat().st_size
        self._blocks = np.memmap(folder / "blocks.bin", np.uint8, "r") if size else np.zeros(0, np.uint8)
        learnt = (folder / "rows.dict").read_bytes()
        self._dictionary = zstandard.ZstdCompressionDict(learnt) if learnt else None
        self._journals = [
            line.split("\t") for line in (folder / "journals.txt").read_text(encoding="utf-8").split("\n")[:-1]
        ]
        self._postings = Postings(folder)
        self._lines = lru_cache(_CACHED_BLOCKS)(self._unpacked)

    @classmethod
    def open(cls, directory: Path) -> PubMedIndex:
        """Raises ``UsageError`` without an index, :class:`StorageError` for one of another version or a damaged one."""
        manifest = read_manifest(directory)
        try:
            return cls(directory, manifest)
        except (OSError, ValueError) as error:
            raise StorageError(f"{directory}: the index cannot be read ({error}): make it anew") from error

    def __len__(self) -> int:
        return len(self._pmids)

    def by_pmid(self, pmid: str) -> CitedReport | None:
        """The record with this PMID (digits)."""
        if not pmid.isdecimal() or not 0 < int(pmid) < 1 << 32:
            return None
        at = int(np.searchsorted(self._pmids, np.uint32(int(pmid))))
        return self._report(at) if at < len(self._pmids) and int(self._pmids[at]) == int(pmid) else None

    def by_doi(self, doi: str) -> CitedReport | None:
        """The record with this DOI, in any form."""
        normal = normal_doi(doi)
        if normal is None:
            return None
        span = self._postings.span(key_of(doi_key(normal)))
        found = self.reports(self._postings.records(span)[:8].tolist())
        return next((report for report in found if normal_doi(report.doi) == normal), None)

    def is_retracted(self, report: CitedReport) -> bool:
        """Whether PubMed said that a record of this index was retracted, when the index was made."""
        at = int(np.searchsorted(self._pmids, np.uint32(int(report.pmid or 0))))
        return at < len(self._rows) and bool(self._rows["flags"][at] & RETRACTED)

    def covers_year(self, year: int) -> bool:
        """Whether the index holds every record of PubMed of that year, as far as anybody has said so."""
        return self.manifest.covers is not None and self.manifest.covers.holds(year)

    def coverage(self) -> str:
        """The years it covers, and what says so; ``""`` where it covers none."""
        return self.manifest.covers.in_words() if self.manifest.covers else ""

    def candidates(self, reference: ParsedReference, limit: int) -> list[CitedReport]:
        """The records that a reference may mean, likeliest first: by its identifiers, then by its rare terms."""
        named = [
            report
            for report in (
                self.by_pmid(reference.pmid) if reference.pmid else None,
                self.by_doi(reference.doi) if reference.doi else None,
            )
            if report
        ]
        similar = self.reports(self._similar(reference, limit))
        return list({report.id: report for report in (*named, *similar)}.values())

    def reports(self, places: Iterable[int]) -> list[CitedReport]:
        """The records at these places of the index."""
        return [self._report(place) for place in places]

    def _similar(self, reference: ParsedReference, limit: int) -> list[int]:
        """The places of the records that agree best with the terms of a reference."""
        title = words(reference.title)
        exact = self._postings.span(key_of(title_key(title))) if title else (0, 0)
        spans = self._spans(reference, title)
        weights: dict[int, float] = dict.fromkeys(
            self._postings.records(exact)[:limit].tolist(), 2 * log(len(self) + 2)
        )
        cheap, dear = _within(spans, _BUDGET)
        for place, weight in self._voted(cheap, limit):
            weights[place] = weights.get(place, 0.0) + weight
        if dear and len(weights) < _ASKED_AGAIN:
            for place in self._meeting(dear[:_MET], limit):
                weights.setdefault(place, 0.0)
        best = sorted(weights, key=lambda place: -weights[place])[:_ASKED_AGAIN]
        self._add_common(best, dear, weights)
        return sorted(best, key=lambda place: (-weights[place], place))[:limit]

    def _spans(self, reference: ParsedReference, title: Sequence[str]) -> list[tuple[int, int]]:
        """Where the records of each term stand, the rarest first: the title's words (all of them, where there is no
        title) and the compounds."""
        stated = title if len(title) > 1 else words(reference.text)
        keys = [word_key(word) for word in dict.fromkeys(stated) if len(word) >= _SHORTEST_WORD]
        keys += [key_of(term) for term in dict.fromkeys(compounds(reference))]
        if reference.year and reference.volume and reference.first_page:
            keys.append(key_of(f"y{reference.year}v{reference.volume}p{reference.first_page}"))
        spans = [span for key in dict.fromkeys(keys) if (span := self._postings.span(key))[0] < span[1]]
        return sorted(spans, key=lambda span: span[1] - span[0])

    def _voted(self, spans: Sequence[tuple[int, int]], limit: int) -> list[tuple[int, float]]:
        """The records that hold most of the terms, each term weighing the more the rarer it is."""
        if not spans:
            return []
        found = [self._postings.records(span) for span in spans]
        weights = np.repeat([log((len(self) + 1) / len(one)) for one in found], [len(one) for one in found])
        places, which = np.unique(np.concatenate(found), return_inverse=True)
        sums = np.bincount(which, weights)
        most = min(len(places), max(_ASKED_AGAIN, limit))
        best = np.argpartition(-sums, most - 1)[:most]
        return list(zip(places[best].tolist(), sums[best].tolist(), strict=True))

    def _meeting(self, spans: Sequence[tuple[int, int]], limit: int) -> list[int]:
        """The records that hold two of a few common terms, those that hold more of them first."""
        found = [self._postings.records(span) for span in spans]
        met: dict[int, int] = {}
        for at, one in enumerate(found):
            for other in found[at + 1 :]:
                both = one[_holds(other, one)]
                if len(both) <= _ASKED_AGAIN * limit:
                    for place in both.tolist():
                        met[place] = met.get(place, 0) + 1
        return sorted(met, key=lambda place: -met[place])[:_ASKED_AGAIN]

    def _add_common(self, places: Sequence[int], spans: Sequence[tuple[int, int]], weights: dict[int, float]) -> None:
        """Add the weight of the commoner terms to records that the rarer ones have found."""
        asked = np.array(places, np.uint32)
        for span in spans:
            held = self._postings.records(span)
            weight = log((len(self) + 1) / len(held))
            for place in asked[_holds(held, asked)].tolist():
                weights[place] += weight

    def _report(self, place: int) -> CitedReport:
        row = self._rows[place]
        title, vernacular, author, volume, page, doi = self._lines(place // BLOCK)[place % BLOCK].split(FIELD)
        journal = self._journals[int(row["journal"])]
        return CitedReport(
            id=f"pubmed:{row['pmid']}", pmid=str(row["pmid"]), doi=normal_doi(doi) or doi or None, title=title,
            vernacular_title=vernacular, first_author=author, authors=(author,) if author else (),
            journal=journal[1], journal_full=journal[2], year=int(row["year"]) or None,
            electronic_year=int(row["electronic_year"]) or None, volume=volume, pages=page,
        )  # fmt: skip

    def _unpacked(self, block: int) -> list[str]:
        start, end = int(self._ends[block - 1]) if block else 0, int(self._ends[block])
        try:
            unpacker = zstandard.ZstdDecompressor(dict_data=self._dictionary)
            text = unpacker.decompress(self._blocks[start:end].tobytes()).decode("utf-8")
        except (zstandard.ZstdError, UnicodeDecodeError) as error:
            raise StorageError(f"the index of PubMed is damaged ({error}): make it anew") from error
        return text.split(LINE)[:-1]


def _within(spans: Sequence[tuple[int, int]], budget: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """The rarest terms, as many as the budget lets be looked at; and the others."""
    total = 0
    for at, (start, end) in enumerate(spans):
        total += end - start
        if total > budget:
            return list(spans[:at]), list(spans[at:])
    return list(spans), []


def _holds(sorted_places: NDArray[np.uint32], asked: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """For each of ``asked``, whether it stands among the sorted places."""
    at = np.searchsorted(sorted_places, asked)
    at[at == len(sorted_places)] = 0
    held: NDArray[np.bool_] = sorted_places[at] == asked
    return held
