"""A number's page: its registry's own, the portal of all, or none where no address is known to last."""

from __future__ import annotations

import pytest

from evidence.bibliography.dates import month_number
from evidence.bibliography.registrations import registration_page, registrations_in


@pytest.mark.parametrize(
    ("printed", "page"),
    [
        ("NCT 01234567", "https://clinicaltrials.gov/study/NCT01234567"),
        ("ISRCTN12345678", "https://www.isrctn.com/ISRCTN12345678"),
        ("EudraCT 2010-123456-12", "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:2010-123456-12"),
        ("CTIS 2023-512345-12-00", "https://euclinicaltrials.eu/ctis-public/view/2023-512345-12-00"),
        ("ACTRN12605000039628", "https://www.anzctr.org.au/ACTRN12605000039628.aspx"),
        ("CTRI/2010/091/000123", "https://trialsearch.who.int/Trial2.aspx?TrialID=CTRI/2010/091/000123"),
        ("JapicCTI-123456", ""),
    ],
)  # fmt: skip
def test_a_number_leads_to_its_page(printed: str, page: str) -> None:
    ((_, number),) = registrations_in(printed)
    assert registration_page(number) == page


@pytest.mark.parametrize("number", ["", "2010-12-01", "12345678", "10.1000/xyz"])
def test_what_is_no_number_has_no_page(number: str) -> None:
    assert registration_page(number) == ""


@pytest.mark.parametrize(
    ("month", "number"),
    [("Jul", 7), ("July", 7), ("07", 7), ("7", 7), ("sept", 9), ("MAY", 5), ("Spring", None), ("13", None), ("", None)],
)
def test_months(month: str, number: int | None) -> None:
    assert month_number(month) == number
