"""What a snapshot says of itself: Frictionless Data Package, RO-Crate, CITATION.cff."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from evidence.services.snapshot.tables import Table

LICENSE = "CC-BY-4.0"
LICENSE_TITLE = "Creative Commons Attribution 4.0"
LICENSE_URL = "https://creativecommons.org/licenses/by/4.0/"
RIGHTS = (
    "The licence covers what this project adds: tags, studies, claims, relations. Bibliographic data are courtesy of "
    "the U.S. National Library of Medicine. Abstracts may be their publishers'."
)
ADVICE = "It holds what abstracts and titles say. It is not medical advice; nobody should change a treatment for it."
_TYPES = {"TEXT": "string", "INTEGER": "integer", "REAL": "number"}
_MEDIA = {
    "sqlite": "application/vnd.sqlite3", "parquet": "application/vnd.apache.parquet", "json": "application/json",
    "md": "text/markdown", "cff": "text/yaml", "SHA256SUMS": "text/plain",
}  # fmt: skip


def _json(data: Any) -> str:
    return json.dumps(data, indent=1, ensure_ascii=False) + "\n"


def datapackage(title: str, info: Mapping[str, str], tables: list[Table], files: Mapping[str, tuple[int, str]]) -> str:
    """https://specs.frictionlessdata.io/data-package/: each table with its columns, key, and what it refers to."""
    names = {table.name for table in tables}
    resources = []
    for table in tables:
        path = f"parquet/{table.name}.parquet"
        if path not in files:
            continue
        size, digest = files[path]
        resources.append(
            {
                "name": table.name.replace("_", "-"),
                "path": path,
                "format": "parquet",
                "mediatype": _MEDIA["parquet"],
                "bytes": size,
                "hash": f"sha256:{digest}",
                "schema": _schema(table, names),
            }
        )
    size, digest = files["evidence.sqlite"]
    resources.append(
        {"name": "sqlite", "path": "evidence.sqlite", "format": "sqlite", "mediatype": _MEDIA["sqlite"], "bytes": size,
         "hash": f"sha256:{digest}", "description": "All tables in one file."}
    )  # fmt: skip
    return _json(
        {
            "name": "evidence-snapshot",
            "title": title,
            "description": f"{ADVICE} {RIGHTS}",
            "created": info["built_at"],
            "version": version_of(info),
            "licenses": [{"name": LICENSE, "title": LICENSE_TITLE, "path": LICENSE_URL}],
            "resources": resources,
        }
    )


def _schema(table: Table, names: set[str]) -> dict[str, Any]:
    fields = [
        {"name": c.name, "type": _TYPES[c.type], **({"constraints": {"required": True}} if c.required else {})}
        for c in table.columns
    ]
    schema: dict[str, Any] = {"fields": fields}
    if table.key:
        schema["primaryKey"] = list(table.key)
    keys = [
        {
            "fields": [c.name],
            "reference": {"resource": _resource(c.refers[0], table.name), "fields": [c.refers[1]]},
        }
        for c in table.columns
        if c.refers and c.refers[0] in names
    ]  # fmt: skip
    return schema | ({"foreignKeys": keys} if keys else {})


def _resource(name: str, here: str) -> str:
    """A table's own name is the empty one in a foreign key."""
    return "" if name == here else name.replace("_", "-")


def ro_crate(title: str, info: Mapping[str, str], files: Mapping[str, tuple[int, str]], contact: str) -> str:
    """https://www.researchobject.org/ro-crate/specification/1.1/: a flat list of what is in the folder."""
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": title,
        "description": f"{ADVICE} {RIGHTS}",
        "datePublished": info["built_at"],
        "version": version_of(info),
        "license": {"@id": LICENSE_URL},
        "hasPart": [{"@id": name} for name in files],
        "author": {"@id": "#maintainers"},
    }
    maintainers = {"@id": "#maintainers", "@type": "Organization", "name": f"The maintainers of: {title}"}
    graph: list[dict[str, Any]] = [
        {
            "@id": "ro-crate-metadata.json",
            "@type": "CreativeWork",
            "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
            "about": {"@id": "./"},
        },
        root,
        maintainers | ({"email" if "@" in contact else "url": contact} if contact else {}),
        {"@id": LICENSE_URL, "@type": "CreativeWork", "name": LICENSE_TITLE, "identifier": LICENSE_URL},
    ]
    for name, (size, digest) in files.items():
        media = _MEDIA.get(name.rpartition(".")[2], "application/octet-stream")
        graph.append(
            {
                "@id": name,
                "@type": "File",
                "name": name,
                "encodingFormat": media,
                "contentSize": str(size),
                "sha256": digest,
            }
        )
    return _json({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph})


def citation(title: str, info: Mapping[str, str], url: str) -> str:
    """https://citation-file-format.github.io/, version 1.2.0."""
    return (
        "cff-version: 1.2.0\n"
        "message: If you use this data set, please cite it as below.\n"
        "type: dataset\n"
        f"title: {json.dumps(title, ensure_ascii=False)}\n"
        "authors:\n"
        f"  - name: {json.dumps(f'The maintainers of: {title}', ensure_ascii=False)}\n"
        f"version: {json.dumps(version_of(info))}\n"
        f"date-released: '{info['built_at'][:10]}'\n"
        f"license: {LICENSE}\n" + (f"url: {json.dumps(url)}\n" if url else "")
    )


def version_of(info: Mapping[str, str]) -> str:
    """The day of the build and the start of the hash of what it was made from: ``2026-11-30+1a2b3c4d``."""
    return f"{info['built_at'][:10]}+{info['inputs_hash'][:8]}"
