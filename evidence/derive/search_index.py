"""What a search can name beside the words of a text: authors, journals, headings; and every word there is.

The text index is stemmed, so "stimulat*" asked of it finds nothing: "stimulation" stands there as "stimul". A star is
therefore looked up in ``search_words``, which also says how many reports a word costs before anything is searched.
"""

from __future__ import annotations

import re
import sqlite3

from evidence.derive.schema import FIELD_MARK, FIELDS_TABLE, SEARCH_TABLE, STEMMED, UNSTEMMED

_INITIALS = re.compile(r"(.+) ([A-Z]{2,4})$")
_FIELDS = f"""
    INSERT INTO fields_fts(rowid, author, journal, mesh, type, language)
    SELECT rowid,
        (SELECT group_concat(author_forms(name, family, given), ' ') FROM authors WHERE report = reports.id),
        '{FIELD_MARK} ' || coalesce(journal, '') || ' {FIELD_MARK} ' || coalesce(journal_full, '') || ' {FIELD_MARK}',
        (SELECT '{FIELD_MARK} ' || group_concat(heading, ' {FIELD_MARK} ') || ' {FIELD_MARK}'
           FROM report_mesh WHERE report = reports.id),
        (SELECT '{FIELD_MARK} ' || group_concat(name, ' {FIELD_MARK} ') || ' {FIELD_MARK}'
           FROM report_types WHERE report = reports.id),
        language
    FROM reports"""


# FTS5 merges what it wrote whenever a megabyte of words is full; with more it writes once, and merges once: a quarter
# of the time less.
_HELD = 1 << 25
_HELD_BY_DEFAULT = 1 << 20


def begin_filling(conn: sqlite3.Connection, table: str) -> None:
    """Let an index hold more in memory while it is filled; :func:`end_filling` merges it and takes that back."""
    conn.execute(f"INSERT INTO {table}({table}, rank) VALUES ('hashsize', {_HELD})")


def end_filling(conn: sqlite3.Connection, table: str) -> None:
    name = table.rpartition(".")[2]
    conn.execute(f"INSERT INTO {table}({name}) VALUES ('optimize')")
    conn.execute(f"INSERT INTO {table}({name}, rank) VALUES ('hashsize', {_HELD_BY_DEFAULT})")


def add_texts(conn: sqlite3.Connection) -> None:
    """Make and fill ``reports_fts`` from ``report_texts``, once at the end: five times cheaper than by triggers."""
    conn.execute(SEARCH_TABLE)
    begin_filling(conn, "reports_fts")
    conn.execute("INSERT INTO reports_fts(rowid, title, abstract) SELECT rowid, title, abstract FROM report_texts")
    end_filling(conn, "reports_fts")


def author_forms(name: str, family: str | None, given: str | None) -> str:
    """Every form that an author is searched by, each behind a mark: fewer initials, and the full name.

    >>> author_forms("Example AB", "Example", "Ann B").replace("\\ue000", "|")
    '| Example AB | Example A | Example Ann B |'
    """
    forms = [name]
    initials = _INITIALS.match(name)
    if initials:
        forms += [f"{initials[1]} {initials[2][:length]}" for length in range(len(initials[2]) - 1, 0, -1)]
    if family and given:
        forms.append(f"{family} {given}")
    return "".join(f"{FIELD_MARK} {form} " for form in dict.fromkeys(forms)) + FIELD_MARK


def add_fields(conn: sqlite3.Connection) -> None:
    """Make and fill ``fields_fts`` from authors, journals, MeSH headings, types and languages."""
    conn.create_function("author_forms", 3, author_forms, deterministic=True)
    conn.execute(FIELDS_TABLE)
    begin_filling(conn, "fields_fts")
    conn.execute(_FIELDS)
    end_filling(conn, "fields_fts")


def add_words(conn: sqlite3.Connection) -> None:
    """Fill ``search_words`` from ``report_texts``: SQLite's own tokenizers say what a word and its stem are."""
    for table, tokenizer in (("word", UNSTEMMED), ("stem", STEMMED)):
        conn.execute(
            f"CREATE VIRTUAL TABLE temp.{table}_fts USING fts5(text, content='', detail=none, tokenize=\"{tokenizer}\")"
        )
        kind = "row" if table == "word" else "instance"
        conn.execute(f"CREATE VIRTUAL TABLE temp.{table}_list USING fts5vocab(temp, {table}_fts, {kind})")
    conn.execute(
        "INSERT INTO temp.word_fts(rowid, text) SELECT rowid, title || ' ' || coalesce(abstract, '') FROM report_texts"
    )
    conn.execute("CREATE TEMP TABLE found_words AS SELECT term AS word, doc AS reports FROM temp.word_list")
    conn.execute("INSERT INTO temp.stem_fts(rowid, text) SELECT rowid, word FROM found_words")
    conn.execute(
        "INSERT INTO search_words(word, stem, reports) SELECT word, term, reports "
        "FROM temp.stem_list JOIN found_words ON found_words.rowid = stem_list.doc ORDER BY word"
    )
    for table in ("word_list", "stem_list", "word_fts", "stem_fts", "found_words"):
        conn.execute(f"DROP TABLE temp.{table}")
