"""Each source fails from its n-th request on, in each way: nothing is lost, and the next run ends the work."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from test_enrich import ITS_OWN, RETRACTION, STAYING, Library, by_name, library, work  # noqa: F401

from evidence.services.sources_asked import source_lines, sources_asked
from evidence.sources import SOURCES

LAST = 99  # more requests than any of these runs sends


def items(library: Library) -> dict[tuple[str, str], Any]:  # noqa: F811
    """(service, subject) → what is held of it."""
    with library.small.tracker() as tracker:
        return {(name, one.subject): (one.item, one.checked_at) for name in SOURCES for one in tracker.asked(name)}


# A single work has no count, and how long to wait is tested by itself.
KINDS = [kind for kind in STAYING if kind != "miscount" and not kind.startswith("rate_limit")]
SWEPT = [pair for pair in product(SOURCES, KINDS) if pair not in ITS_OWN]


@pytest.mark.parametrize(("name", "kind"), SWEPT)
def test_a_run_that_fails_from_its_nth_request_on_is_ended_by_the_next(
    library: Library,  # noqa: F811
    name: str,
    kind: str,
) -> None:
    works = library.server.crossref  # a notice that has to be looked up after the paper that names it
    works["10.5555/a4"] = work("10.5555/a4", RETRACTION | {"DOI": "10.5555/notice", "source": "publisher"})
    works["10.5555/notice"] = work("10.5555/notice")
    library.switch(**{name: True})
    started = len(library.server.asked(name))
    assert library.enrich().exit_code == 0
    held, requests = items(library), len(library.server.asked(name)) - started
    for number in range(1, requests + 1):
        library.clock.move(days=31)
        before = items(library)
        library.server.fail(kind, program=name, nth=range(number, LAST))
        failed = by_name(library.enrich())[name]
        stopped = items(library)
        assert failed.error and failed.failed
        assert {key: one[0] for key, one in stopped.items()} == {key: one[0] for key, one in held.items()}
        late = [key for key in stopped if stopped[key][1] == before[key][1]]
        assert late, "what was not answered keeps the date of its last check"
        assert "FAILING" in source_lines(sources_asked(library.project))[0]
        library.server.faults.clear()
        again = by_name(library.enrich())[name]
        assert again.error is None and again.due <= len(late) + again.found
        assert {key: one[0] for key, one in items(library).items()} == {key: one[0] for key, one in held.items()}
        assert len({one[1] for one in items(library).values()}) == 1
        assert by_name(library.enrich())[name].due == 0
