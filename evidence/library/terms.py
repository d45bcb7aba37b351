"""What the terms of a typed query find in one ``evidence.db``: full-text expressions, or rows of reports.

A word is looked for in titles and abstracts, in its British and American spelling. What names a tag (``PENS``) also
finds the name that is written out and the reports tagged so. A word that stands in no text is looked for among authors
and journals, and so are a family name with initials or beside a year; then it is taken for the nearest word there is.
The answer says so. A word in quotation marks is looked for as it stands. Stars are taken from ``search_words``.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from evidence.bibliography.languages import LANGUAGES
from evidence.derive import spelling
from evidence.derive.facet_index import FacetIndex
from evidence.derive.index_words import stems, words
from evidence.derive.schema import FACET_TABLE, FIELD_MARK
from evidence.derive.search_names import names_of, stems_key
from evidence.library.query_tree import And, Leaf, Node, Not, Or, Term, all_of, any_of
from evidence.library.syntax import QueryError

# Stems that the stars of one search may stand for together; "con*" stands for 660 in 57,632 records on many fields.
MAX_EXPANDED = 2_000
# A name is at most so many words: "van der Berg J", "Reg Anesth Pain Med".
MAX_NAME = 8
NAMES = "SELECT key, facet, tag FROM search_names ORDER BY key, facet, tag"
# The names of a build's tags, some hundreds, read once.
_names: WeakKeyDictionary[FacetIndex, dict[str, list[tuple[str, str]]]] = WeakKeyDictionary()
TAG = "SELECT label FROM {table} WHERE id = ?"
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
    """Something to tell beside the answer.

    ``query`` is a search to offer with it, ``typed`` words of this search to offer as they stand, in quotation marks,
    ``tag`` a tag, as facet and id.
    """

    text: str
    query: str = ""
    typed: str = ""
    tag: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Family:
    """A family name in a query: how many of its parts it takes, and the author's reports as bits."""

    length: int
    rows: int
    name: str


@dataclass(slots=True)
class Resolver:
    """Finds the terms of one query. Afterwards ``postings`` says what the search will cost, ``notes`` what to tell.

    ``first`` are reports that the query is likely to name (author and year), as bits. ``generous``: family names are
    looked for as well where the words stand in texts.
    """

    conn: sqlite3.Connection
    index: FacetIndex
    notes: list[Note] = field(default_factory=list)
    postings: int = 0
    expanded: int = 0
    named: bool = False
    generous: bool = False
    first: int = 0

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
        if not term.as_it_stands:
            number = self.registered(term.text)
            if number:
                return Or((number, match))
            tagged = self.tagged([term])
            if tagged:
                return tagged
        if self.may_be_missing(term, match):
            found = self.name(term.text, match) or (None if term.as_it_stands else self.corrected(term.text, match))
            return found or match
        return self.with_author(term, match) if self.generous and not term.as_it_stands else match

    def with_author(self, term: Term, match: Match) -> Node:
        """A word of texts that is also a family name."""
        rows = self.by_author(term.text)
        if not rows:
            return match
        self.notes.append(Note(f"“{term.text[:80]}” was also looked for as an author."))
        return any_of([Rows(self.index.from_rowids(rows)), match])

    def corrected(self, text: str, match: Match) -> Node | None:
        """The nearest word for one that nothing here has: of a text, else of a name. ``None`` where none is near."""
        found = words(text)
        missing = [word for word in found if not self.reports_with(word)]
        if not found or self.conn.execute(HAS_TEXT, [match.expression]).fetchone():
            return None
        nearest = {word: spelling.nearest(self.conn, word, "search_words") for word in missing}
        if missing and all(nearest.values()):
            meant = " ".join(nearest[word][0] if word in nearest else word for word in found)
            self.notes.append(Note(f"Nothing here has “{text[:80]}”: “{meant}” was searched instead.", typed=text))
            return self.match(Term(meant, quoted=len(found) > 1))
        if text[:1].isupper():
            author = self.other_author(text, self.index.every)
            return Rows(author.rows) if author else None
        for name in spelling.nearest(self.conn, found[0], "author_words")[:1] if len(found) == 1 else ():
            self.notes.append(Note(f"Did you mean the author “{name.capitalize()}”?", query=f'author:"{name}"'))
        return None

    def other_author(self, text: str, within: int) -> Family | None:
        """The author with the family name nearest to a mistyped one who wrote some of those reports."""
        for name in spelling.nearest(self.conn, words(text)[0], "author_words") if len(words(text)) == 1 else ():
            rows = self.index.from_rowids(self.by_author(name))
            if rows & within:
                self.named = True
                told = f"Nothing here has “{text[:80]}”: the author “{name.capitalize()}” was looked for instead."
                self.notes.append(Note(told))
                return Family(1, rows, name.capitalize())
        return None

    def reports_with(self, word: str) -> int:
        count: int = self.conn.execute(POSTINGS, [" ".join(stems(word))]).fetchone()[0]
        return count

    # -- Names of tags ---------------------------------------------------------------------------------------------

    def tagged(self, run: Sequence[Term]) -> Node | None:
        """The reports of the tags that words name, and those with the words or the tag's fullest names."""
        typed = " ".join(term.text for term in run)
        tags = self.tags_named(typed, ("~", "=", "!"))
        if not tags:
            return None
        texts: list[Node] = [all_of([self.match(term) for term in run])]
        labels, others = [], []
        for facet, tag in tags:
            (label,) = self.conn.execute(TAG.format(table=FACET_TABLE[facet]), [tag]).fetchone()
            names = [name for name in names_of(label) if len(words(name)) > 1]
            others += [name for name in names if stems_key(name) != stems_key(typed)]
            labels.append(label)
            texts.append(Rows(self.index.get(facet, tag)))
        texts += [self.match(Term(name, quoted=True)) for name in others]
        also = "; ".join(f"“{name}”" for name in others)
        told = f"Also searched: {also + ', and ' if also else ''}reports tagged {' or '.join(labels)}."
        self.notes.append(Note(told, typed=typed, tag=tags[0]))
        return any_of(texts)

    def tags_named(self, text: str, kinds: Sequence[str]) -> list[tuple[str, str]]:
        """The tags that go by a name, as facet and id."""
        if self.index not in _names:
            names: dict[str, list[tuple[str, str]]] = {}
            for key, facet, tag in self.conn.execute(NAMES):
                names.setdefault(key, []).append((facet, tag))
            _names[self.index] = names
        known, by_stems = _names[self.index], stems_key(text)
        forms = {"~": by_stems, "?": by_stems, "=": " ".join(words(text)), "!": text.strip()}
        found = [tag for kind in kinds for tag in known.get(f"{kind}{forms[kind]}", ())]
        return list(dict.fromkeys(found))

    def offer_tag(self, text: str) -> None:
        """Offer the tag that a whole search names, where it was not searched already."""
        if not any(note.tag for note in self.notes):
            for facet, tag in self.tags_named(text, ("?",)):
                label = self.conn.execute(TAG.format(table=FACET_TABLE[facet]), [tag]).fetchone()[0]
                self.notes.append(Note(f"“{text[:80]}” is what a tag is called: {label}.", tag=(facet, tag)))

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
        elif len(found) == 1 and not term.as_it_stands and term.near is None:
            spellings = [word for word in spelling.other_spellings(found[0]) if self.reports_with(word)]
            spellings = [word for word in spellings if stems(word) != stems(found[0])]
            alternatives = [found[0], *spellings]
            postings += [self.reports_with(word) for word in spellings]
            if spellings:
                self.notes.append(Note(f"Also searched: “{'”, “'.join(spellings)}”.", typed=term.text))
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
        parts = [part for part in parts if not (_is_plain(part) and str(part) == "and")] or parts
        known = self.author_and_year(parts)
        if known:
            return known
        found: list[Node] = []
        position, self.named = 0, False
        while position < len(parts):
            length, node = self.name_at(parts, position)
            found.append(node)
            position += length
        if self.named:
            found = [self.also_year(node) for node in found]
            self.first |= self.of_year(found)
        elif all(_is_plain(part) for part in parts):
            self.offer_journal([part.text for part in parts if isinstance(part, Term)])
        return all_of(found)

    def author_and_year(self, parts: Sequence[Node]) -> Node | None:
        """``Example 2016``, ``Example and Sample 2016 burst``: family names of authors who wrote in a year.

        The reports that they may mean come first, those of a first author before the others; ``None`` without a year
        or without such an author.
        """
        years = [part.text[:4] for part in parts if isinstance(part, Term) and _is_year(part)]
        if len(years) != 1 or len(parts) < 2:
            return None
        in_year, position = self.index.get("year", years[0]), 0
        found: list[Node] = []
        named: list[Family] = []
        while position < len(parts):
            family = self.family_at(parts, position, in_year) or self.mistyped_at(parts[position], in_year)
            length = family.length if family else 1
            run = parts[position : position + length]
            if family:
                named.append(family)
                texts = all_of([self.match(part) for part in run if isinstance(part, Term)])
                found.append(any_of([Rows(family.rows), texts]))
            elif isinstance(run[0], Term) and _is_year(run[0]):
                found.append(any_of([Rows(in_year), self.match(run[0])]))
            else:
                found.append(self.or_journal(run[0]))
            position += length
        if not named:
            return None
        known = in_year
        for family in named:
            known &= family.rows
        self.first |= self.by_first_author(named[0].name, known) or known
        names = " and ".join(family.name for family in named)
        self.notes.append(Note(f"First what {names} wrote in {years[0]}.", typed=names))
        return all_of(found)

    def family_at(self, parts: Sequence[Node], start: int, within: int) -> Family | None:
        """The family name, perhaps with initials, that begins at a part, of an author of some of those reports."""
        run: list[str] = []
        for part in parts[start : start + 4]:
            if not (isinstance(part, Term) and _is_plain(part)) or _is_year(part):
                break
            run.append(part.text)
        for length in range(len(run), 0, -1):
            initials = length > 1 and _INITIALS.fullmatch(run[length - 1])
            name = _as_indexed(run[:length]) if initials else " ".join(run[:length])
            rows = self.index.from_rowids(self.by_author(name))
            if rows & within:
                return Family(length, rows, " ".join(run[:length]))
        return None

    def mistyped_at(self, part: Node, within: int) -> Family | None:
        """As :meth:`family_at`, for a word that nothing here has."""
        if not (isinstance(part, Term) and _is_plain(part)) or _is_year(part):
            return None
        if any(self.reports_with(word) for word in words(part.text)):
            return None
        if any(self.in_field(place, part.text) for place in ("author", "journal")):
            return None
        return self.other_author(part.text, within)

    def by_author(self, name: str) -> list[int]:
        """Rowids by an author whose name begins so."""
        plain = " ".join(words(name))
        return self.rowids(f'author : "{FIELD_MARK} {plain}"') if plain else []

    def or_journal(self, part: Node) -> Node:
        """A part of a search that names a report, where a word may be of its journal."""
        node = self.resolve(part)
        if not (isinstance(part, Term) and _is_plain(part)) or not words(part.text):
            return node
        rows = self.rowids(f'journal : "{" ".join(words(part.text))}"')
        return any_of([node, Rows(self.index.from_rowids(rows))]) if rows else node

    def by_first_author(self, name: str, bits: int) -> int:
        """Those of the reports whose first author has that family name."""
        wanted, found = words(name)[0], []
        for row in self.index.rowids(bits):
            first = self.conn.execute("SELECT first_author FROM reports WHERE rowid = ?", [row]).fetchone()[0]
            if wanted in words(first or ""):
                found.append(row)
        return self.index.from_rowids(sorted(found))

    def of_year(self, found: Sequence[Node]) -> int:
        """The reports of a name beside a year, both of them found as such."""
        bits = self.index.every
        rows = [[leaf.bits for leaf in part.parts if isinstance(leaf, Rows)] for part in found if isinstance(part, Or)]
        for parts in rows:
            bits &= parts[0] if parts else bits
        return bits if len(rows) > 1 else 0

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
            tagged = self.tagged([part for part in parts[start : start + length] if isinstance(part, Term)])
            if tagged:
                return length, tagged
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


_YEAR = re.compile(r"(?:19|20)\d\d[a-e]?")
_A = {"author": "an author", "journal": "a journal"}


def _is_plain(node: Node) -> bool:
    return isinstance(node, Term) and not (node.field or node.as_it_stands or node.prefix or node.near is not None)


def _is_year(node: Node) -> bool:
    return isinstance(node, Term) and _is_plain(node) and bool(_YEAR.fullmatch(node.text))


def _as_indexed(parts: Sequence[str]) -> str:
    """A family name and initials as indexes print them: ``Example A. B.`` and ``Example A.-B.`` are ``Example AB``."""
    initials = re.sub(r"[.-]", "", parts[-1])
    family = list(parts[:-1])
    while len(family) > 1 and len(family[-1].strip(".")) == 1:
        initials = family.pop().strip(".") + initials
    return " ".join([*family, initials])
