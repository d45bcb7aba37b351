"""NLM's files over the network: in pieces, taken up again where a download broke off, checked by MD5."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from evidence.errors import InputError, StorageError, TryLater, UsageError
from evidence.http import Answer, Client, Fault, NotFound, Refused, Request, Service

PIECE = 16 << 20
_LINK = re.compile(r'href="([\w.-]+\.xml\.gz)"', re.I)
_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+)")


def download(urls: list[str], folder: Path, say: Callable[[str], None] = lambda line: None) -> list[Path]:
    """The files of these addresses, in ``folder``: an address that ends with ``/`` is a list of files.

    A file that is there whole is not asked for again. Raises :class:`TryLater` when a server does not answer well,
    :class:`InputError` when a file's MD5 is not the one given, twice in a row.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StorageError(f"{folder} cannot be made: {error.strerror or error}") from error
    return [path for url in urls for path in _of(url, folder, say)]


def _of(url: str, folder: Path, say: Callable[[str], None]) -> list[Path]:
    if not url.lower().startswith(("http://", "https://")):
        raise UsageError(
            f"{url}: only http:// and https:// are asked (NLM serves https://ftp.ncbi.nlm.nih.gov/pubmed/)"
        )
    parts = urlsplit(url)
    base, _, name = url.rpartition("/")
    if parts.query or parts.fragment or not parts.hostname:
        raise UsageError(f"{url}: name a file, or a directory of files that ends with /")
    service = Service(parts.hostname, f"{base}/", "EVIDENCE_NO_SUCH", per_second=3)
    client = Client(service, _check)
    try:
        names = [name] if name else _listed(client)
        if not names:
            raise InputError(f"{url} lists no .xml.gz file: name the files")
        return [_file(client, one, folder, say) for one in names]
    finally:
        client.close()


def _listed(client: Client) -> list[str]:
    page = client.ask(Request("", kind="the list of files"), lambda answer: answer.body.decode("utf-8", "replace"))
    return sorted(set(_LINK.findall(page)))


def _check(answer: Answer, scrub: Callable[[str], str]) -> None:
    if answer.status == 404:
        raise NotFound("there is no such file")
    if answer.status == 416 or answer.status in (200, 206):
        return
    if answer.status in (401, 403, 410):
        raise Refused(f"the server refuses it (HTTP {answer.status})")
    raise Fault(f"HTTP {answer.status}")


def _file(client: Client, name: str, folder: Path, say: Callable[[str], None]) -> Path:
    path, part = folder / name, folder / f"{name}.part"
    md5 = _md5(client, name, folder)
    if path.is_file() and (not md5 or md5_of(path) == md5):
        return path
    for _ in range(2):
        _fill(client, name, part, say)
        if not md5 or md5_of(part) == md5:
            part.replace(path)
            return path
        part.unlink()
    raise InputError(f"{name}: what came does not have the MD5 that the server gives for it: try again later", path)


def _md5(client: Client, name: str, folder: Path) -> str:
    """The MD5 that the server gives, kept beside the file; ``""`` where it gives none."""
    try:
        said = client.ask(Request(f"{name}.md5", kind=f"{name}.md5"), lambda answer: answer.body[:1000])
    except NotFound:
        return ""
    found = re.search(rb"\b[0-9a-fA-F]{32}\b", said)
    if not found:
        raise TryLater(f"{name}.md5 holds no MD5: the server answers something else, try again later")
    (folder / f"{name}.md5").write_bytes(said)
    return found.group().decode().lower()


def _fill(client: Client, name: str, part: Path, say: Callable[[str], None]) -> None:
    """The rest of a file, behind what is there of it."""
    while True:
        start = part.stat().st_size if part.exists() else 0
        ranged = {"Range": f"bytes={start}-{start + PIECE - 1}", "Accept-Encoding": "identity"}
        request = Request(name, kind=name, largest=4096 << 20 if not start else PIECE + 1, headers=ranged)
        status, total, body = client.ask(request, partial(_piece, start))
        if status == 416:
            return
        with part.open("ab" if status == 206 else "wb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if status == 200 or start + len(body) >= total:
            return
        say(f"{name}: {(start + len(body)) / 1e6:,.0f} of {total / 1e6:,.0f} MB")


def _piece(start: int, answer: Answer) -> tuple[int, int, bytes]:
    if answer.status != 206:
        return answer.status, len(answer.body), answer.body
    found = _RANGE.fullmatch(answer.headers.get("content-range", ""))
    if not found or int(found[1]) != start or int(found[2]) - start + 1 != len(answer.body):
        raise Fault("another part of the file came than was asked for")
    return 206, int(found[3]), answer.body


def md5_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.md5(usedforsecurity=False)).hexdigest()
