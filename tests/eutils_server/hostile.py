"""Answers that attack whoever reads them, byte by byte as they go over the wire.

A form is a generator of bytes to write and of pauses in seconds; the connection is closed after its last. Those without
end would go on for ever: the server stops them when nobody reads any more, or it closes.
"""

from __future__ import annotations

import gzip
import html
import json
import zlib
from collections.abc import Callable, Iterator
from functools import cache
from itertools import repeat
from urllib.parse import quote

Pieces = Iterator[bytes | float]
Form = Callable[[dict[str, str]], Pieces]

DRIP = 0.02
BLOCK = b"\0" * (1 << 16)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
XML_HEAD = b'<?xml version="1.0"?>\n'


def drip(data: bytes) -> Pieces:
    """A byte at a time."""
    for position in range(len(data)):
        yield data[position : position + 1]
        yield DRIP


def whole(body: bytes, *headers: bytes, status: bytes = b"200 OK", kind: bytes = b"application/json") -> Pieces:
    lines = [b"HTTP/1.1 " + status, b"Content-Type: " + kind, b"Content-Length: %d" % len(body), *headers, b"", b""]
    yield b"\r\n".join(lines)
    for start in range(0, len(body), 1 << 20):
        yield body[start : start + (1 << 20)]


def text(body: str, *headers: bytes, **options: bytes) -> Pieces:
    return whole(body.encode("utf-8", "surrogatepass"), *headers, **options)


def xml(body: str, **options: bytes) -> Pieces:
    return whole(XML_HEAD + body.encode(), kind=b"text/xml", **options)


def found(count: object = "1", ids: object = ("1001",), **more: object) -> Pieces:
    """A search result, written as JSON by hand where Python would not write it."""
    return text(json.dumps({"esearchresult": {"count": count, "idlist": ids, "querytranslation": "x", **more}}))


@cache
def bomb(megabytes: int, layers: int = 1) -> bytes:
    """gzip of so many megabytes of nothing, one member a megabyte; ``layers``: packed again so often."""
    packed = gzip.compress(b" " * (1 << 20)) * megabytes
    for _ in range(layers - 1):
        packed = gzip.compress(packed)
    return packed


@cache
def deflated(megabytes: int) -> bytes:
    return zlib.compress(b" " * (megabytes << 20), 1)


def packed(body: bytes, encoding: bytes, *headers: bytes, status: bytes = b"200 OK") -> Pieces:
    return whole(body, b"Content-Encoding: " + encoding, *headers, status=status, kind=b"text/xml")


def echo(spell: Callable[[str], str], *, error: Callable[[str], Pieces] | None = None) -> Form:
    """An error that repeats what it was sent, spelt in some way."""

    def form(params: dict[str, str]) -> Pieces:
        secrets = f"api_key={params.get('api_key', '')} email={params.get('email', '')}"
        return (error or (lambda words: xml(f"<eFetchResult><ERROR>{words}</ERROR></eFetchResult>")))(spell(secrets))

    return form


def wrapped(width: int, joint: str) -> Callable[[str], str]:
    return lambda words: joint.join(words[at : at + width] for at in range(0, len(words), width))


def json_error(words: str) -> Pieces:
    return text('{"error": "' + words + '"}')


def json_key(words: str) -> Pieces:
    return text(json.dumps({"esearchresult": {"count": "0", "idlist": [], "errorlist": {words: [words]}}}))


def json_escaped(words: str) -> str:
    return "".join(f"\\u{ord(character):04x}" for character in words)


def late(words: str) -> str:
    """At the end of what may be shown, so that shortening cuts it."""
    return "x" * 130 + words


def in_reason(words: str) -> Pieces:
    return whole(b"", status=b"418 " + words.encode())


def in_headers(words: str) -> Pieces:
    return whole(
        b"", b"X-Said: " + words.encode(), b"broken " + words.encode(), b": " + words.encode(), status=b"400 No"
    )


def in_root(words: str) -> Pieces:
    name = "".join(character if character.isalnum() else "-" for character in words)
    return xml(f"<{name}></{name}>")


def records(params: dict[str, str], of: Callable[[str], str]) -> Pieces:
    ids = params.get("id", "1001").split(",")
    return xml(f"<PubmedArticleSet>{''.join(map(of, ids))}</PubmedArticleSet>")


def record(pmid: str, title: str = "alpha stimulation (invented)", more: str = "") -> str:
    return (
        f'<PubmedArticle><MedlineCitation><PMID Version="1">{pmid}</PMID><Article><Journal><JournalIssue><PubDate>'
        f"<Year>2020</Year></PubDate></JournalIssue></Journal><ArticleTitle>{title}</ArticleTitle>{more}</Article>"
        f"</MedlineCitation></PubmedArticle>"
    )


LAUGHS = '<!DOCTYPE r [<!ENTITY a "ha">' + "".join(
    f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefghi", "bcdefghij", strict=True)
)
QUADRATIC = f'<!DOCTYPE r [<!ENTITY a "{"x" * 100_000}">'
MANY = 4_000_000

# Without end, or too slow: a time bound must end them.
SLOW: dict[str, Form] = {
    "status_drip": lambda p: drip(b"HTTP/1.1 200 " + b"O" * 100_000),
    "header_drip": lambda p: drip(HEAD + b"X-Padding: " + b"x" * 100_000),
    "continue_drip": lambda p: (part for _ in repeat(0) for part in (b"HTTP/1.1 100 Continue\r\n\r\n", DRIP)),
    "body_drip": lambda p: (part for part in (HEAD + b"Content-Length: 100000\r\n\r\n", *drip(b" " * 2_000))),
    "body_drip_to_the_close": lambda p: (part for part in (HEAD + b"\r\n", *drip(XML_HEAD + b" " * 2_000))),
    "chunk_drip": lambda p: (
        part for part in (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *drip(b"1\r\n \r\n" * 400))
    ),
    "chunk_size_drip": lambda p: (part for part in (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *drip(b"0" * 2_000))),
    "trailer_drip": lambda p: (
        part for part in (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", *drip(b"X: y\r\n" * 400))
    ),
    "huge_chunk_drip": lambda p: (
        part for part in (HEAD + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFF\r\n", *drip(b" " * 2_000))
    ),
    "gzip_drip": lambda p: (
        part for part in (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 99999\r\n\r\n", *drip(bomb(50)[:2_000]))
    ),
    "silence_after_the_head": lambda p: iter((HEAD + b"Content-Length: 100\r\n\r\n", 30.0)),
    "silence_in_the_body": lambda p: iter((HEAD + b"Content-Length: 100\r\n\r\n<PubmedArticle", 30.0)),
}

# More than is read: a bound on bytes must end them.
FLOODS: dict[str, Form] = {
    "continue_flood": lambda p: repeat(b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "continue_with_headers": lambda p: repeat(b"HTTP/1.1 100 Continue\r\n" + b"X: y\r\n" * 90 + b"\r\n"),
    "header_flood": lambda p: (part for part in (HEAD, *repeat(b"X-Padding: y\r\n" * 50, 5_000))),
    "long_headers": lambda p: (part for part in (HEAD, *repeat(b"X-Padding: " + b"y" * 60_000 + b"\r\n", 90), b"\r\n")),
    "long_header": lambda p: (part for part in (HEAD + b"X-Padding: ", *repeat(b"y" * 65536, 200))),
    "body_flood": lambda p: (part for part in (HEAD + b"\r\n" + XML_HEAD, *repeat(BLOCK, 4_000))),
    "huge_length": lambda p: (
        part for part in (HEAD + b"Content-Length: 999999999999\r\n\r\n" + XML_HEAD, *repeat(BLOCK, 4_000))
    ),
    "chunk_flood": lambda p: (
        part for part in (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *repeat(b"10000\r\n" + BLOCK + b"\r\n", 4_000))
    ),
    "trailer_flood": lambda p: (
        part for part in (HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n", *repeat(b"X: y\r\n" * 5_000, 20_000))
    ),
    "gzip_bomb": lambda p: packed(bomb(2_000), b"gzip"),
    "gzip_bomb_in_chunks": lambda p: (
        part
        for part in (
            HEAD + b"Content-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n",
            b"%X\r\n" % len(bomb(2_000)) + bomb(2_000) + b"\r\n0\r\n\r\n",
        )
    ),
    "redirect_bomb": lambda p: packed(bomb(2_000), b"gzip", b"Location: /there", status=b"302 Found"),
    "error_bomb": lambda p: packed(bomb(2_000), b"gzip", status=b"400 Bad Request"),
    "json_flood": lambda p: text('{"esearchresult":{"count":"1","idlist":[' + "[]," * MANY + "[]]}}"),
    "json_objects": lambda p: text('{"esearchresult":[' + "{}," * MANY + "{}]}"),
    "xml_flood": lambda p: xml("<eSearchResult>" + "<a/>" * MANY + "</eSearchResult>"),
    "xml_attributes": lambda p: xml("<eSearchResult " + " ".join(f'a{n}=""' for n in range(MANY // 4)) + "/>"),
    "records_flood": lambda p: xml("<PubmedArticleSet>" + record("77") * 40_000 + "</PubmedArticleSet>"),
    "broken_records": lambda p: xml("<PubmedArticleSet>" + "<PubmedArticle></PubmedArticle>" * 100_000),
    "deleted_flood": lambda p: xml(
        "<PubmedArticleSet><DeleteCitation>" + "<PMID>1</PMID>" * 400_000 + "</DeleteCitation></PubmedArticleSet>"
    ),
    "huge_record": lambda p: records(p, lambda i: record(i, more="<Abstract><AbstractText>" + "x " * (15 << 20))),
    "dense_record": lambda p: records(p, lambda i: record(i, more="<a/>" * MANY)),
    "ids_flood": lambda p: found("9", ["1"] * 1_000_000),
    "match_flood": lambda p: whole(b"a|b|c|d|e|k|1\n" * 3_000_000, kind=b"text/plain"),
}

# Neither slow nor large: wrong.
BROKEN: dict[str, Form] = {
    "nothing": lambda p: iter(()),
    "not_http": lambda p: iter((b"SSH-2.0-OpenSSH_9.6\r\n",)),
    "noise": lambda p: iter((bytes(range(256)) * 40,)),
    "half_a_head": lambda p: iter((HEAD,)),
    "status_of_letters": lambda p: iter((b"HTTP/1.1 abc OK\r\n\r\n",)),
    "status_of_5000_digits": lambda p: iter((b"HTTP/1.1 " + b"2" * 5_000 + b" OK\r\n\r\n",)),
    "status_999": lambda p: whole(b"x", status=b"999 What"),
    "status_101": lambda p: whole(b"", b"Upgrade: websocket", status=b"101 Switching Protocols"),
    "status_103": lambda p: iter((b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n",)),
    "status_204": lambda p: iter((b"HTTP/1.1 204 No Content\r\n\r\n",)),
    "status_304": lambda p: iter((b"HTTP/1.1 304 Not Modified\r\n\r\n",)),
    "length_of_5000_digits": lambda p: iter((HEAD + b"Content-Length: " + b"9" * 5_000 + b"\r\n\r\n<x>",)),
    "two_lengths": lambda p: iter((HEAD + b"Content-Length: 5\r\nContent-Length: 7\r\n\r\n<a></a>",)),
    "negative_length": lambda p: iter((HEAD + b"Content-Length: -5\r\n\r\n<a>",)),
    "chunk_size_of_letters": lambda p: iter((HEAD + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n<a>\r\n",)),
    "negative_chunk": lambda p: iter((HEAD + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n<a>\r\n",)),
    "chunk_size_of_5000_digits": lambda p: iter(
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"F" * 5_000 + b"\r\n<a>",)
    ),
    "redirect_loop": lambda p: whole(b"", b"Location: " + b"/x/" * 1000, status=b"301 Moved"),
    "redirect_nowhere": lambda p: whole(b"", b"Location: http://[::1", status=b"307 Temporary Redirect"),
    "redirect_latin": lambda p: whole(b"", b"Location: http://\xe9\xff/", status=b"308 Permanent Redirect"),
    "cookies": lambda p: whole(b"", *[b"Set-Cookie: a=b; expires=" + b" 0" * 9_000] * 10, status=b"500 No"),
    "gzip_cut": lambda p: packed(gzip.compress(XML_HEAD * 100)[:-20], b"gzip"),
    "gzip_that_is_not": lambda p: packed(XML_HEAD, b"gzip"),
    "gzip_of_gzip": lambda p: packed(bomb(2_000, layers=2), b"gzip, gzip"),
    "gzip_ten_times": lambda p: packed(bomb(200, layers=10), b", ".join([b"gzip"] * 10)),
    "gzip_within": lambda p: packed(bomb(20, layers=2), b"gzip"),
    "deflate_bomb": lambda p: packed(deflated(100), b"deflate"),
    "brotli": lambda p: packed(b"\x1b\x03\x00", b"br"),
    "zstd": lambda p: packed(b"\x28\xb5\x2f\xfd", b"zstd"),
    "count_of_5000_digits": lambda p: found("9" * 5_000),
    "number_of_5000_digits": lambda p: text('{"esearchresult":{"count":' + "9" * 5_000 + ',"idlist":[]}}'),
    "id_of_5000_digits": lambda p: found("1", ["9" * 5_000]),
    "id_number_of_5000_digits": lambda p: text('{"esearchresult":{"count":1,"idlist":[' + "9" * 5_000 + "]}}"),
    "xml_count_of_5000_digits": lambda p: xml(f"<eSearchResult><Count>{'9' * 5_000}</Count></eSearchResult>"),
    "float_of_5000_digits": lambda p: text('{"esearchresult":{"count":1e' + "9" * 5_000 + "}}"),
    "count_infinite": lambda p: text('{"esearchresult":{"count":Infinity,"idlist":[]}}'),
    "count_true": lambda p: found(True),
    "count_negative": lambda p: found("-1"),
    "count_in_other_digits": lambda p: found("\u0663", ["\u0661\u0662\u0663"]),
    "count_a_list": lambda p: found([["1"]]),
    "json_nested": lambda p: text("[" * 10_000),
    "json_objects_nested": lambda p: text('{"error":' * 10_000 + "1" + "}" * 10_000),
    "json_nested_within": lambda p: text('{"esearchresult":' + "[" * 10_000 + "]" * 10_000 + "}"),
    "json_error_nested": lambda p: text('{"esearchresult":{"ERROR":' + "[" * 900 + "]" * 900 + "}}"),
    "json_cut": lambda p: text('{"esearchresult":{"count":"3","idlist":["1'),
    "json_in_utf16": lambda p: whole('{"esearchresult":{"count":"1"}}'.encode("utf-16")),
    "json_not_utf8": lambda p: whole(b'{"esearchresult":{"count":"1","idlist":[],"querytranslation":"\xff\xfe"}}'),
    "json_of_other_kinds": lambda p: found("1", {"a": 1}, warninglist=[1], errorlist="x", querytranslation={"y": []}),
    "laughs": lambda p: xml(LAUGHS + "]><eSearchResult><Count>&j;</Count></eSearchResult>"),
    "laughs_in_records": lambda p: xml(LAUGHS + "]><PubmedArticleSet>" + record("1001", "&j;") + "</PubmedArticleSet>"),
    "laughs_in_attributes": lambda p: xml(LAUGHS + ']><eSearchResult a="&j;"/>'),
    "laughs_in_utf16": lambda p: whole((LAUGHS + "]><eSearchResult>&j;</eSearchResult>").encode("utf-16")),
    "quadratic": lambda p: xml(QUADRATIC + "]><eSearchResult>" + "&a;" * 10_000 + "</eSearchResult>"),
    "outside_entity": lambda p: xml(
        '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><eSearchResult><Count>&x;</Count></eSearchResult>'
    ),
    "xml_nested": lambda p: xml("<a>" * 100_000),
    "record_nested": lambda p: records(p, lambda pmid: record(pmid, "<b>" * 5_000 + "x" + "</b>" * 5_000)),
    "record_of_5000_digits": lambda p: records(p, lambda pmid: record("9" * 5_000)),
    "record_with_a_surrogate": lambda p: records(p, lambda pmid: record(pmid, "&#xD800; &#0;")),
    "html_200": lambda p: whole(b"<HTML><body>busy</body></HTML>", kind=b"text/html"),
    "html_after_a_declaration": lambda p: xml('<!-- busy --><!DOCTYPE html PUBLIC "x"><html><body/></html>'),
    "html_after_a_mark": lambda p: whole(b"\xef\xbb\xbf\n\n<!doctype HTML><title>x</title>", kind=b"text/xml"),
    "html_called_json": lambda p: whole(b" " * 1_000_000 + b"<html>", kind=b"application/json"),
    "picture": lambda p: whole(b"\x89PNG\r\n\x1a\n" + b"\0" * 100, kind=b"image/png"),
    "kind_of_60000": lambda p: whole(b"<a/>", kind=b"text/" + b"x" * 60_000),
    "nothing_but_blanks": lambda p: whole(b" \n" * 100_000),
    "dates_and_waits": lambda p: whole(
        b"", b"Retry-After: " + b"9" * 5_000, b"Date: " + b"Tue, 99 " * 500, status=b"503 Busy"
    ),
    "wait_nan": lambda p: whole(b"", b"Retry-After: nan", status=b"503 Busy"),
    "wait_infinite": lambda p: whole(b"", b"Retry-After: 1e999", status=b"503 Busy"),
}  # fmt: skip

# Errors that repeat the API key and the e-mail.
ECHOES: dict[str, Form] = {
    "echo_plain": echo(str),
    "echo_percent": echo(lambda words: quote(words, safe="")),
    "echo_percent_twice": echo(lambda words: quote(quote(words, safe=""), safe="")),
    "echo_every_letter_percent": echo(lambda words: "".join(f"%{ord(c):02x}" for c in words)),
    "echo_upper_case": echo(str.upper),
    "echo_lines_of_9": echo(wrapped(9, "\n")),
    "echo_lines_of_5": echo(wrapped(5, "\r\n  ")),
    "echo_soft_breaks": echo(wrapped(7, "=\r\n")),
    "echo_entities": echo(lambda words: "".join(f"&amp;#{ord(c)};" for c in words)),
    "echo_html": echo(html.escape),
    "echo_cut_off": echo(late),
    "echo_in_json": echo(str, error=json_error),
    "echo_json_escapes": echo(json_escaped, error=json_error),
    "echo_json_breaks": echo(wrapped(6, "\\n"), error=json_error),
    "echo_as_a_key": echo(str, error=json_key),
    "echo_as_python": echo(lambda words: repr(ValueError(words.encode())).replace('"', "'"), error=json_error),
    "echo_in_the_reason": echo(str, error=in_reason),
    "echo_in_headers": echo(str, error=in_headers),
    "echo_in_a_400": echo(str, error=lambda words: whole(words.encode(), status=b"400 Bad Request")),
    "echo_as_root": echo(str, error=in_root),
    "echo_in_records": lambda p: records(p, lambda pmid: record(pmid, f"alpha {p.get('api_key', '')}")),
    "echo_before_the_root": echo(str, error=lambda words: whole(words.encode(), kind=b"text/xml")),
}

FORMS: dict[str, Form] = {**SLOW, **FLOODS, **BROKEN, **ECHOES}
