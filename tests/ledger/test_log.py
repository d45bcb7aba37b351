"""The log of readings: what is read, every complaint with its line, and what two readers confirm."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.errors import InputError
from evidence.ledger.ledger import Claim, Ledger
from evidence.ledger.log import Entry, agreed_on, agreement, as_yaml, kappa, latest, load_log, queue, settle
from evidence.ledger.reading import Reading

DRAFT = Reading("overstated", "in_part", reason="A draft.", dated="2026-11-20")
CLAIMS = tuple(
    Claim(id=f"page-0{n}", article="page", paraphrase=f"Claim {n}", kind="efficacy", reading=DRAFT) for n in (1, 2, 3)
)
LEDGER = Ledger(claims=CLAIMS)
GOOD = """# a log
- claim: page-01
  reader: Ada Byron
  on: 2026-12-01
  fidelity: faithful
  direction: for
  basis: abstract
  reason: It says so.
"""


def load(tmp_path: Path, text: str = GOOD) -> tuple[Entry, ...]:
    (tmp_path / "ada-byron.yml").write_text(text, encoding="utf-8")
    return load_log(tmp_path, [claim.id for claim in CLAIMS])


def entry(reader: str, claim: str = "page-01", fidelity: str = "faithful", direction: str = "", on: str = "2026-12-01"):
    return Entry(claim, reader, on, Reading(fidelity, direction, "abstract", "So it is.", on))


def test_an_entry(tmp_path: Path) -> None:
    (found,) = load(tmp_path)
    assert (found.claim, found.reader, found.on) == ("page-01", "Ada Byron", "2026-12-01")
    assert found.reading == Reading("faithful", "for", "abstract", "It says so.", "2026-12-01")
    assert load_log(tmp_path / "absent", []) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "reason"),
    [
        ("claim: page-01", "claim: page-09", 2, "there is no claim 'page-09'"),
        ("reader: Ada Byron", "reader: maintainers", 3, "names no person"),
        ("reader: Ada Byron", "reader: 0000-0002-1825-0098", 3, "names no person"),
        ("on: 2026-12-01", "on: yesterday", 4, "is not a date"),
        ("fidelity: faithful", "fidelity: true", 5, "is not one of"),
        ("direction: for", "direction: up", 6, "is not one of"),
        ("basis: abstract", "verdict: supported", 7, "unknown key 'verdict'"),
        ("  reason: It says so.\n", "", 2, "'reason' is missing"),
        (GOOD, "readings: []\n", 1, "must be a list"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError) as caught:
        load(tmp_path, GOOD.replace(old, new))
    assert reason in caught.value.reason and caught.value.line == line
    assert str(caught.value.path).endswith("ada-byron.yml")


def test_an_entry_comes_back_as_it_was_written(tmp_path: Path) -> None:
    (found,) = load(tmp_path)
    assert load(tmp_path, GOOD + as_yaml(found)) == (found, found)


def test_the_last_of_a_reader_counts() -> None:
    first, second = entry("Ada Byron"), entry("Ada Byron", fidelity="overstated", on="2026-12-02")
    assert latest([first, second])["page-01"] == {"Ada Byron": second}
    assert latest([second, first])["page-01"] == {"Ada Byron": second}


def test_what_two_readers_agree_on_is_confirmed() -> None:
    (claim, other, _) = settle(LEDGER, [entry("Ada Byron"), entry("Carl Oak", on="2026-12-03")]).claims
    assert claim.reading.status == "confirmed" and claim.reading.reviewed_by == ("Ada Byron", "Carl Oak")
    assert (claim.reading.fidelity, claim.reading.dated, claim.reading.basis) == ("faithful", "2026-12-03", "abstract")
    assert other.reading == DRAFT


@pytest.mark.parametrize(
    "entries",
    [
        [entry("Ada Byron")],  # one
        [entry("Ada Byron"), entry("Ada Byron", on="2026-12-02")],  # one, twice
        [entry("Ada Byron"), entry("Carl Oak", fidelity="overstated")],
        [entry("Ada Byron", direction="for"), entry("Carl Oak", direction="against")],
        [entry("Ada Byron"), entry("Carl Oak"), entry("Eve Elm", fidelity="overstated"),
         entry("Fay Ash", fidelity="overstated")],
    ],
)  # fmt: skip
def test_what_confirms_nothing(entries: list[Entry]) -> None:
    assert settle(LEDGER, entries).claims[0].reading == DRAFT
    assert agreed_on(latest(entries)["page-01"]) == []


def test_a_third_reader_decides() -> None:
    entries = [entry("Ada Byron"), entry("Carl Oak", fidelity="overstated"), entry("Eve Elm", fidelity="overstated")]
    reading = settle(LEDGER, entries).claims[0].reading
    assert (reading.fidelity, reading.reviewed_by) == ("overstated", ("Carl Oak", "Eve Elm"))


def test_what_a_reviewer_signed_stands() -> None:
    signed = Reading("misreported", reason="Signed.", dated="2026-12-09", reviewed_by=("Gil Fir",))
    ledger = Ledger(claims=(Claim("page-01", "page", "Claim 1", "efficacy", signed),))
    assert settle(ledger, [entry("Ada Byron"), entry("Carl Oak")]).claims[0].reading == signed


def test_kappa() -> None:
    # 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: observed .7, by chance .5.
    pairs = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert kappa(pairs) == pytest.approx(0.4)
    assert kappa([("y", "n"), ("n", "y")]) == -1
    assert kappa([("y", "y")] * 3) is None


def test_agreement_is_of_the_claims_that_both_have_read() -> None:
    entries = [
        entry("Ada Byron"), entry("Carl Oak"), entry("Ada Byron", "page-02"),
        entry("Carl Oak", "page-02", "overstated"), entry("Ada Byron", "page-03"),
    ]  # fmt: skip
    (found,) = agreement(entries)
    assert (found.readers, found.claims, found.raw) == (("Ada Byron", "Carl Oak"), 2, 0.5)
    assert found.kappa == pytest.approx(0.0)


def test_the_queue_says_neither_what_was_written_nor_by_whom() -> None:
    entries = [entry("Ada Byron"), entry("Carl Oak"), entry("Ada Byron", "page-02")]
    ledger = settle(LEDGER, entries)
    waiting = queue(ledger, entries, {})
    assert [(one.claim, one.readers) for one in waiting] == [("page-02", 1), ("page-03", 0)]
    assert "another must" in waiting[0].why and "a draft" in waiting[1].why
    assert [one.claim for one in queue(ledger, entries, {}, "Ada Byron")] == ["page-03"]
    reopened = queue(ledger, entries, {"page-01": "since 2027-01-01: a trial"}, "Ada Byron")
    assert reopened[0].claim == "page-01" and "a trial" in reopened[0].why
    assert "faithful" not in repr(waiting) and "Byron" not in repr(waiting)
