"""The join facet as a plugin by itself: Datasette over an invented database, without the rest of this project."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from evidence.site import join_facet

TABLES = """
    CREATE TABLE dogs(id INTEGER PRIMARY KEY, name TEXT, age INTEGER);
    CREATE TABLE colours(id TEXT PRIMARY KEY, name TEXT);
    CREATE TABLE dog_colours(dog INTEGER REFERENCES dogs(id), colour TEXT REFERENCES colours(id),
        PRIMARY KEY(dog, colour));
    CREATE TABLE walks(id INTEGER PRIMARY KEY, dog INTEGER REFERENCES dogs(id), park TEXT);
    CREATE TABLE cats(id INTEGER PRIMARY KEY, name TEXT);
    INSERT INTO dogs VALUES (1, 'Ada', 3), (2, 'Bo', 5), (3, 'Cy', 5);
    INSERT INTO colours VALUES ('b', 'Black'), ('w', 'White');
    INSERT INTO dog_colours VALUES (1, 'b'), (2, 'b'), (2, 'w');
    INSERT INTO walks(dog, park) VALUES (1, 'North'), (1, 'North'), (2, 'North'), (2, 'South');
"""
ASK = """
import asyncio, json, sys
from datasette.app import Datasette
site = Datasette([sys.argv[1]], plugins_dir=sys.argv[2], metadata=json.loads(sys.argv[3]))
async def answer():
    for line in sys.stdin:
        found = []
        for path in json.loads(line):
            response = await site.client.get(path)
            found.append([response.status_code, response.json() if ".json" in path else response.text])
        print("answers", json.dumps(found), flush=True)
asyncio.run(answer())
"""
METADATA = {"databases": {"pets": {"tables": {"dogs": {"facets": [{"join": "dog_colours.colour"}]}}}}}


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Asks a Datasette in a process of its own that has this one plugin."""
    directory = tmp_path_factory.mktemp("pets")
    with sqlite3.connect(directory / "pets.db") as conn:
        conn.executescript(TABLES)
    (directory / "plugins").mkdir()
    shutil.copy(join_facet.__file__, directory / "plugins" / "join_facet.py")
    command = [sys.executable, "-c", ASK, "pets.db", "plugins", json.dumps(METADATA)]
    with subprocess.Popen(
        command, cwd=directory, env={**os.environ, "DATASETTE_LOAD_PLUGINS": ""}, text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdin and process.stdout

        def answers(*paths: str) -> list[Any]:
            print(json.dumps(paths), file=process.stdin, flush=True)
            for line in process.stdout or ():  # where rich is installed, Datasette prints the traceback of a refusal
                if line.startswith("answers "):
                    found: list[Any] = json.loads(line.removeprefix("answers "))
                    return found
            raise AssertionError("the process ended")

        yield answers
        process.stdin.close()


def counts(answer: Any, name: str) -> dict[str, int]:
    facets = answer["facet_results"]
    facet = facets.get("results", facets)[name]
    return {value["label"]: value["count"] for value in facet["results"]}


def test_it_counts_what_is_linked(ask: Any) -> None:
    whole, old, parks, page = ask(
        "/pets/dogs.json?_extra=facet_results",
        "/pets/dogs.json?age=5&_extra=facet_results",
        "/pets/dogs.json?_facet_join=walks.park&_extra=facet_results",
        "/pets/dogs",
    )
    assert counts(whole[1], "dog_colours.colour") == {"Black": 2, "White": 1}
    assert counts(old[1], "dog_colours.colour") == {"Black": 1, "White": 1}
    assert counts(parks[1], "walks.park") == {"North": 2, "South": 1}, "a dog counts once, however often it walks"
    assert page[0] == 200 and "Black" in page[1]


def test_a_value_leads_to_its_rows_and_back(ask: Any) -> None:
    through = "%7B%22column%22%3A%22colour%22%2C%22table%22%3A%22dog_colours%22%2C%22value%22%3A%22w%22%7D"
    ((status, answer),) = ask(f"/pets/dogs.json?_through={through}&_shape=objects&_extra=facet_results")
    assert status == 200 and [row["name"] for row in answer["rows"]] == ["Bo"]
    facets = answer["facet_results"]
    white = facets.get("results", facets)["dog_colours.colour"]["results"]
    assert {value["label"]: value["selected"] for value in white} == {"Black": False, "White": True}
    assert all("_through" not in value["toggle_url"] for value in white if value["selected"])


@pytest.mark.parametrize(
    "name", ["nope.colour", "dog_colours.nope", "dog_colours", "cats.name", "", '{"x":1}', "a'b.c"]
)
def test_a_name_that_is_no_link_is_a_400(ask: Any, name: str) -> None:
    ((status, answer),) = ask(f"/pets/dogs.json?_facet_join={quote(name)}&_extra=facet_results")
    assert status == 400 and "join facet" in json.dumps(answer), answer


def test_facets_of_both_kinds_combine(ask: Any) -> None:
    """Datasette itself names both parameters :p0, and finds nothing, or something else."""
    through = "%7B%22column%22%3A%22colour%22%2C%22table%22%3A%22dog_colours%22%2C%22value%22%3A%22b%22%7D"
    both, either = ask(
        f"/pets/dogs.json?age=5&_through={through}&_shape=objects&_extra=facet_results",
        f"/pets/dogs.json?age__in=3,5&name__contains=A&_through={through}&_shape=objects&_extra=facet_results",
    )
    assert [row["name"] for row in both[1]["rows"]] == ["Bo"]
    assert counts(both[1], "dog_colours.colour") == {"Black": 1, "White": 1}
    assert [row["name"] for row in either[1]["rows"]] == ["Ada"]


def test_it_stands_by_itself() -> None:
    tree = ast.parse(Path(join_facet.__file__).read_text(encoding="utf-8"))
    modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    assert modules and not any(str(module).startswith("evidence") for module in modules)
    assert join_facet.__doc__ and "_facet_join" in join_facet.__doc__
