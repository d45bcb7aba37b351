"""Which DOIs name versions of one document, and which only look alike."""

from __future__ import annotations

import pytest

from evidence.bibliography.doi_versions import cochrane_review, look_alike, versions_of_one


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.1002/14651858.cd000963", "10.1002/14651858.cd000963.pub3", True),
        ("10.1002/14651858.cd000963.pub2", "10.1002/14651858.cd000963.pub3", True),
        ("10.1002/14651858.cd000963.pub2", "10.1002/14651858.cd000964.pub2", False),
        ("10.12688/f1000research.5555.1", "10.12688/f1000research.5555.2", True),
        ("10.12688/f1000research.5555.1", "10.12688/f1000research.5556.1", False),
        ("10.21203/rs.3.rs-55555/v1", "10.21203/rs.3.rs-55555/v2", True),
        ("10.20944/preprints202001.0055.v1", "10.20944/preprints202001.0055.v2", True),
        ("10.1101/2020.01.02.555555v1", "10.1101/2020.01.02.555555", True),
        ("10.5555/coil.v1", "10.5555/coil.v2", False),  # nobody knows what this publisher's end means
        ("10.5555/coil", "10.5555/coil", True),
        (None, "10.5555/coil", False),
        (None, None, False),
    ],
)
def test_versions(one: str | None, other: str | None, same: bool) -> None:
    assert versions_of_one(one, other) is same and versions_of_one(other, one) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.1007/sll606-006", "10.1007/s11606-006", True),
        ("10.5555/c.1oo", "10.5555/c.100", True),
        ("10.5555/c.100", "10.5555/c.101", False),
        ("10.5555/c.1", "10.5555/c.11", False),
    ],
)
def test_look_alike(one: str, other: str, same: bool) -> None:
    assert look_alike(one, other) is same


def test_a_cochrane_review() -> None:
    assert cochrane_review("10.1002/14651858.cd014789.pub2") == ("cd014789", 2)
    assert cochrane_review("10.1002/14651858.cd014789") == ("cd014789", 1)
    assert cochrane_review("10.1002/jrsm.1") is cochrane_review(None) is None
