"""Asks a server for one search and one fetch of each form named; prints by how many kilobytes memory rose at most.

    python tests/pubmed/bombs.py URL FORM...

The highest mark of memory is set back before each (``/proc``, so Linux only).
"""

from __future__ import annotations

import gc
import re
import sys
from contextlib import suppress
from pathlib import Path

from evidence.errors import EvidenceError
from evidence.http.bounded import Timeouts
from evidence.http.pacing import Pacer
from evidence.project import NcbiIdentity
from evidence.pubmed.eutils import Eutils, Patience

FIRST_PMID = 700_000


def memory(name: str) -> int:
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found.group(1))


def main(url: str, forms: list[str]) -> None:
    for number, form in enumerate(forms):
        client = Eutils(NcbiIdentity(base_url=url), Timeouts(2, 2, 8), Patience(attempts=1), Pacer(1000))
        client.search("alpha[tiab]")
        client.fetch(["1001"])
        gc.collect()
        Path("/proc/self/clear_refs").write_text("5")
        before = memory("VmRSS")
        with suppress(EvidenceError):
            client.search(f"form {number}.")
        with suppress(EvidenceError):
            client.fetch([str(FIRST_PMID + number)])
        print(form, memory("VmHWM") - before, flush=True)
        client.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2:])
