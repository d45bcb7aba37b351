"""A site over the small invented database, and ways to ask it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import small_site
from jinja2 import StrictUndefined

from evidence.site.server import make_datasette

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def evidence_db(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_site.small_database(tmp_path_factory.mktemp("site") / "evidence.db")


@pytest.fixture(scope="session")
def datasette(evidence_db: Path) -> Any:
    site = make_datasette(evidence_db=evidence_db, metadata=ROOT / "metadata.yml")
    # Where Datasette prints nothing for a variable that is missing, the tests fail.
    site.jinja_env.undefined = StrictUndefined
    return site


@pytest.fixture
def get(datasette: Any) -> Callable[..., httpx.Response]:
    """``get(path)`` without a server; redirects are not followed."""

    def ask(path: str, **options: Any) -> httpx.Response:
        return asyncio.run(datasette.client.get(path, **options))

    return ask


@pytest.fixture
def post(datasette: Any) -> Callable[..., httpx.Response]:
    def ask(path: str, **options: Any) -> httpx.Response:
        return asyncio.run(datasette.client.post(path, **options))

    return ask
