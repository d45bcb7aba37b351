"""``queries/devices.yml``: what it may hold, and what its mistakes say."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.devices import Device, load_devices
from evidence.errors import InputError
from evidence.tagging import load_vocabulary

QUERIES = Path(__file__).parents[1] / "queries"


def test_the_projects_own_codes_are_of_its_modalities() -> None:
    devices = load_devices(QUERIES / "devices.yml", load_vocabulary(QUERIES / "vocabulary").tags["modality"])
    assert Device("LGW", "scs", ("stimulator", "spinal", "cord")) in devices
    assert load_devices(QUERIES / "nothing.yml") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("code: LGW\n", "must be a list"),
        ("- {code: LGW, modality: scs}\n", "exactly the keys"),
        ("- {code: LGW, modality: scs, named: ''}\n", "not empty"),
        ("- {code: lgw, modality: scs, named: x}\n", "no product code"),
        ("- {code: LGW, modality: nothing, named: x}\n", "no modality 'nothing'"),
        ("- {code: LGW, modality: scs, named: x}\n- {code: LGW, modality: scs, named: y}\n", "stands twice"),
    ],
)
def test_mistakes_are_told_with_their_line(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "devices.yml"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        load_devices(path, {"scs"})


@pytest.mark.parametrize(
    ("name", "good"),
    [
        ("Stimulator, Spinal-Cord, Totally Implanted For Pain Relief", True),
        ("STIMULATOR, SPINAL CORD, IMPLANTED (PAIN RELIEF)", True),
        ("Stimulator, Cerebellar, Implanted", False),
        ("Cordless spinal stimulator", False),
        ("", False),
    ],
)
def test_a_code_counts_when_fda_names_it_so(name: str, good: bool) -> None:
    assert Device("LGW", "scs", ("stimulator", "spinal", "cord")).is_named(name) == good
