"""Resolves what records name to the reports that hold it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from evidence.bibliography.normal import normal_doi
from evidence.record import Correction, Record

_DOI = re.compile(r"\bdoi:\s*(10\.\S+)", re.I)


@dataclass(frozen=True, slots=True)
class Names:
    """``aliases`` maps PMIDs, DOIs and record ids to the ids of ``reports``."""

    reports: Mapping[str, Record]
    aliases: Mapping[str, str]

    def find(self, name: str | None) -> str | None:
        """The id of the report with this PMID, DOI or id; ``None`` when it is not in the library."""
        if not name:
            return None
        if name in self.reports:
            return name
        found = self.aliases.get(name)
        return found if found in self.reports else None

    def corrected(self, correction: Correction) -> str | None:
        """The report that a correction names, by PMID or else by the DOI in its citation."""
        match = _DOI.search(correction.ref_source)
        return self.find(correction.pmid) or self.find(normal_doi(match.group(1)) if match else None)
