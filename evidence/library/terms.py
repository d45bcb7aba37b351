"""What the terms of a typed query find in one ``evidence.db``: full-text expressions, or rows of reports.

A word is looked for in titles and abstracts. One that stands in none of them is looked for among authors and journals,
and so are a family name with initials; the answer says so. Stars are taken from ``search_words``.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field

from evidence.derive.facet_index import FacetIndex
from evidence.derive.schema import FIELD_MARK
from evidence.library.fields import LANGUAGES
from evidence.library.index_words import stems, words
from evidence.library.query_tree import And, Leaf, Node, Not, Or, Term, all_of, any_of
from evidence.library.syntax import QueryError

# Stems that the stars of one search may stand for together; "con*" stands for 660 in 57,632 records on many fields.
MAX_EXPANDED = 2_000
# A name is at most so many words: "van der Berg J", "Reg Anesth Pain Med".
MAX_NAME = 8
EXPAND = """
    SELECT min(word), sum(reports) FROM search_words WHERE word >= ? AND word < ? || char(1114111)
    GROUP BY stem ORDER BY 2 DESC, 1 LIMIT ?"""
POSTINGS = "SELECT coalesce(sum(reports), 0) FROM search_words WHERE stem = ?"
HAS_TEXT = "SELECT 1 FROM reports_fts WHERE reports_fts MATCH ? LIMIT 1"
IN_FIELDS = "SELECT json_group_array(rowid) FROM fields_fts WHERE fields_fts MATCH ?"
BY_ID = "SELECT reports.rowid FROM report_ids JOIN reports ON reports.id = report_ids.report WHERE report_ids.id = ?"
BY_PMCID = "SELECT rowid FROM reports WHERE pmcid = ?"
BY_REGISTRATION = """
    SELECT reports.rowid FROM study_registrations JOIN study_reports USING (study)
    JOIN reports ON reports.id = study_reports.report WHERE number = ?"""
_INITIALS = re.compile(r"[^\W\d_](?:[.-]{0,2}[^\W\d_]){0,2}\.?")
_REGISTRATION = re.compile(r"(?=\D*\d[\d-]{4})[A-Za-z][\w/-]{5,40}")


@dataclass(frozen=True, slots=True)
class Match(Leaf):
    """An FTS5 expression over title and abstract; ``postings``: how many entries of the index it reads, about."""

    expression: str
    postings: int = 0


@dataclass(frozen=True, slots=True)
class Rows(Leaf):
    """Reports found another way than by their text, as bits of the facet index."""

    bits: int


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell beside the answer; ``query`` is a search to offer with it."""

    text: str
    query: str = ""


@dataclass(slots=True)
class Resolver:
    """Finds the terms of one query. Afterwards ``postings`` says what the search will cost, ``notes`` what to tell."""

    conn: sqlite3.Connection
    index: FacetIndex
    notes: list[Note] = field(default_factory=list)
    postings: int = 0
    expanded: int = 0
    named: bool = False

    def resolve(self, node: Node) -> Node:
        """The tree with every term replaced by a :class:`Match`, :class:`Rows` or both."""
        if isinstance(node, Leaf):
            return self.term(node) if isinstance(node, Term) else node
        if isinstance(node, Not):
            return Not(self.resolve(node.part))
        if isinstance(node, And) and node.side_by_side:
            return self.side_by_side(node.parts)
        parts = tuple(self.resolve(part) for part in node.parts)
        return And(parts) if isinstance(node, And) else Or(parts)

    # -- One term --------------------------------------------------------------------------------------------------

    def term(self, term: Term) -> Node:
        if term.field in ("", "title", "abstract"):
            return self.text(term)
        if term.field == "id":
            return self.identifier(term.text)
        if term.field == "year":
            low, high = map(int, term.text.split(":"))
            years = [year for year in self.index.values("year") if low <= int(year) <= high]
            return Rows(self.index.any_of("year", years))
        return Rows(self.index.from_rowids(self.in_field(term.field, term.text, term.prefix)))

    def text(self, term: Term) -> Node:
        """A word or phrase in titles and abstracts; without a field also names that stand in no text."""
        match = self.match(term)
        if term.field or term.prefix or term.near is not None:
            return match
        number = None if term.quoted else self.registered(term.text)
        if number:
            return Or((number, match))
        return (self.name(term.text, match) or match) if self.may_be_missing(term, match) else match

    def match(self, term: Term) -> Match:
        """The expression of a text term. Raises :class:`QueryError` where a star stands for too many words."""
        found = words(term.text)
        if not found:
            return Match('""')
        postings = [self.conn.execute(POSTINGS, [stem]).fetchone()[0] for stem in stems(term.text)]
        alternatives: Sequence[str] = [found[-1]]
        if term.prefix:
            expanded = self.expansions(found[-1])
            alternatives = [word for word, _ in expanded]
            postings[-1:] = [sum(count for _, count in expanded)]
            if len(found) > 1:  # each alternative reads the words before it again
                postings = [count * max(1, len(expanded)) for count in postings[:-1]] + postings[-1:]
        start = " ".join(found[:-1])
        if term.near is not None:
            if term.prefix:
                raise QueryError("words at a distance take no *, as in PubMed")
            expression = "NEAR(" + " ".join(f'"{word}"' for word in found) + f", {term.near})"
        else:
            phrases = [f'"{start} {word}"' if start else f'"{word}"' for word in alternatives]
            expression = f"({' OR '.join(phrases)})" if len(phrases) > 1 else (phrases or ['""'])[0]
        self.postings += sum(postings)
        return Match(f"{{{term.field}}} : {expression}" if term.field else expression, sum(postings))

    def expansions(self, start: str) -> list[tuple[str, int]]:
        """``(word, reports)`` for every stem of the words that begin so."""
        rows = self.conn.execute(EXPAND, [start, start, MAX_EXPANDED - self.expanded + 1]).fetchall()
        self.expanded += len(rows)
        if self.expanded > MAX_EXPANDED:
            raise QueryError(f"{start}* makes more than {MAX_EXPANDED:,} words of this search: write more of the word")
        return rows

    def may_be_missing(self, term: Term, match: Match) -> bool:
        """Whether a word stands in no title and no abstract; of a phrase only a search would tell."""
        return match.postings == 0 or len(words(term.text)) > 1

    def identifier(self, name: str) -> Node:
        """A PMID, PMC number, DOI or registration; the text may name it as well."""
        rowids = [row for (row,) in self.conn.execute(BY_ID, [name])]
        rowids = rowids or [row for (row,) in self.conn.execute(BY_ID, [name.lower()])]
        rowids += [row for (row,) in self.conn.execute(BY_PMCID, [name.upper()])]
        rowids += [row for (row,) in self.conn.execute(BY_REGISTRATION, [name.upper()])]
        if not rowids:
            self.notes.append(Note(f"No report here has the id {name[:80]}."))
        return Or((Rows(self.index.from_rowids(sorted(set(rowids)))), self.match(Term(name))))

    def registered(self, text: str) -> Rows | None:
        """The reports of a study by its registration number."""
        if not _REGISTRATION.fullmatch(text):
            return None
        rowids = [row for (row,) in self.conn.execute(BY_REGISTRATION, [text.upper()])]
        return Rows(self.index.from_rowids(rowids)) if rowids else None

    # -- Names -----------------------------------------------------------------------------------------------------

    def in_field(self, place: str, text: str, prefix: bool = False) -> list[int]:
        """Rowids by a field: the value as a whole (an author: from its start), else where the words stand in it."""
        if place == "language":
            text = LANGUAGES.get(text.lower(), text)
        name = " ".join(words(_as_indexed(text.split()) if place == "author" and " " in text else text))
        if not name:
            return []
        if prefix:
            return self.rowids(f'{place} : "{FIELD_MARK} {name}" *')
        end = "" if place == "author" else f" {FIELD_MARK}"
        exact = [] if place == "language" else self.rowids(f'{place} : "{FIELD_MARK} {name}{end}"')
        found = exact or self.rowids(f'{place} : "{name}"')
        if found and not exact and place == "mesh":
            self.notes.append(Note(f"No MeSH heading is just “{text[:60]}”: those that hold it were taken."))
        return found

    def rowids(self, expression: str) -> list[int]:
        return list(json.loads(self.conn.execute(IN_FIELDS, [expression]).fetchone()[0]))

    def name(self, text: str, match: Match) -> Rows | None:
        """A name that no title or abstract has: an author's or a journal's; told."""
        for place in ("author", "journal"):
            found = self.in_field(place, text)
            if found and self.conn.execute(HAS_TEXT, [match.expression]).fetchone() is None:
                self.named = True
                self.notes.append(Note(f"“{text[:80]}” stands in no title or abstract; it was found as {_A[place]}."))
                return Rows(self.index.from_rowids(found))
        return None

    def side_by_side(self, parts: Sequence[Node]) -> Node:
        """Words without an operator between them: some may be one name, and a number beside a name may be a year."""
        found: list[Node] = []
        position, self.named = 0, False
        while position < len(parts):
            length, node = self.name_at(parts, position)
            found.append(node)
            position += length
        if self.named:
            found = [self.also_year(node) for node in found]
        elif all(_is_plain(part) for part in parts):
            self.offer_journal([part.text for part in parts if isinstance(part, Term)])
        return all_of(found)

    def also_year(self, node: Node) -> Node:
        """``Example 2016``: the number may be the year of the report that the name is looked for in."""
        year = re.fullmatch(r'"((?:19|20)\d\d)"', node.expression) if isinstance(node, Match) else None
        return any_of([Rows(self.index.get("year", year[1])), node]) if year else node

    def name_at(self, parts: Sequence[Node], start: int) -> tuple[int, Node]:
        """The longest name that begins at a part, and how many parts it takes; else the part itself."""
        run: list[str] = []
        for part in parts[start : start + MAX_NAME]:
            if not (isinstance(part, Term) and _is_plain(part)):
                break
            run.append(part.text)
        missing = [not any(self.conn.execute(POSTINGS, [stem]).fetchone()[0] for stem in stems(word)) for word in run]
        for length in range(len(run), 1, -1):
            text = " ".join(run[:length])
            if _INITIALS.fullmatch(run[length - 1]) and length < 5:
                rows = self.rowids(f'author : "{FIELD_MARK} {" ".join(words(_as_indexed(run[:length])))}"')
                if rows:
                    self.notes.append(Note(f"“{text[:80]}” was also looked for as an author."))
                    return length, self.also(parts[start : start + length], rows)
            if any(missing[:length]):
                for place in ("journal", "author"):
                    rows = self.rowids(f'{place} : "{" ".join(words(text))}"')
                    if rows:
                        self.notes.append(Note(f"“{text[:80]}” was also looked for as {_A[place]}."))
                        return length, self.also(parts[start : start + length], rows)
        return 1, self.resolve(parts[start])

    def also(self, parts: Sequence[Node], rowids: list[int]) -> Node:
        """The reports of a name, or those with all its words in their text."""
        self.named = True
        texts = all_of([self.match(part) for part in parts if isinstance(part, Term)])
        return any_of([Rows(self.index.from_rowids(rowids)), texts])

    def offer_journal(self, run: Sequence[str]) -> None:
        """Offer the journal of that name where the words also stand in texts."""
        name = " ".join(run)
        exact = " ".join(words(name))
        if len(run) <= MAX_NAME and exact and self.rowids(f'journal : "{FIELD_MARK} {exact} {FIELD_MARK}"'):
            self.notes.append(Note(f"“{name}” is also a journal here.", f'journal:"{name}"'))


_A = {"author": "an author", "journal": "a journal"}


def _is_plain(node: Node) -> bool:
    return isinstance(node, Term) and not (node.field or node.quoted or node.prefix or node.near is not None)


def _as_indexed(parts: Sequence[str]) -> str:
    """A family name and initials as indexes print them: ``Example A. B.`` and ``Example A.-B.`` are ``Example AB``."""
    initials = re.sub(r"[.-]", "", parts[-1])
    family = list(parts[:-1])
    while len(family) > 1 and len(family[-1].strip(".")) == 1:
        initials = family.pop().strip(".") + initials
    return " ".join([*family, initials])
