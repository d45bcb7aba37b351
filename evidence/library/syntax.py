"""What a person typed into a search box, understood.

Words side by side belong together first and are joined by AND; then AND, OR and NOT in capitals work from left to
right, as in PubMed; brackets go before both. ``-word`` leaves its reports out of the whole bracket (or search) it
stands in. PubMed's field tags and ``author:``, ``journal:`` … are in :mod:`evidence.library.fields`.

No database here: what a term finds is the business of :mod:`evidence.library.terms`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache

from evidence.errors import UsageError
from evidence.library.fields import JOINED, PREFIXES, Tag, years_of
from evidence.library.query_tokens import Token, plain_signs, tokens_of
from evidence.library.query_tree import Leaf, Node, Not, Query, Term, all_of, any_of

MAX_CHARACTERS, MAX_TERMS, MAX_DEPTH = 10_000, 40, 30
# Fewer letters stand for so many words that a few such searches would hold the site: "a*" in four of five reports.
LETTERS_BEFORE_STAR = 3
OPERATORS = ("AND", "OR", "NOT")


class QueryError(UsageError):
    """A typed search that cannot be understood, or that stands for too much; the message says what to change."""


@lru_cache(maxsize=512)
def parse(text: str) -> Query:
    """The tree of a typed text. Raises :class:`QueryError` saying what cannot be understood.

    >>> str(parse('burst "back pain" -cancer').tree)
    '(burst AND "back pain") NOT cancer'
    >>> str(parse('(a1 OR b2) c3 NOT d4').tree)
    '((a1 OR b2) AND c3) NOT d4'
    """
    if len(text) > MAX_CHARACTERS:
        raise QueryError(f"a search of more than {MAX_CHARACTERS:,} characters: leave words out")
    return _Parser(tokens_of(plain_signs(text))).query()


_ID_WORD = re.compile(r"(?:PMID:?)?(\d{5,8})|PMID:?(\d{1,8})|(?:PMCID:?)?(PMC\d{1,10})", re.I)
_ID_LABEL = re.compile(r"(?:PMIDs?|PMCIDs?):?", re.I)
_ID_LIST = re.compile(r"(?:PMID:?)?(?:\d{5,8}[,;])+\d{5,8}", re.I)
_EDGE = ".,;:!?'’‘…"
_WORDLIKE = re.compile(r"[^\W_]")


@dataclass(slots=True)
class _Item:
    """A part of a chunk while it grows. ``plain``: an unquoted word that a tag behind the next one also covers."""

    node: Node
    plain: bool = False


@dataclass(slots=True)
class _Group:
    """What stands in one pair of brackets: chunks of words side by side, each with the operators before it."""

    chunks: list[tuple[list[str], list[_Item]]] = field(default_factory=list)
    operators: list[str] = field(default_factory=list)
    excluded: list[Node] = field(default_factory=list)
    last_excluded: bool = False

    def exclude(self, node: Node) -> None:
        self.excluded.append(node)
        self.last_excluded = True
        if self.operators == ["AND"]:  # "a AND -b" needs nothing behind it
            self.operators = []

    def add(self, item: _Item) -> None:
        self.last_excluded = False
        if self.operators or not self.chunks:
            self.chunks.append((self.operators, []))
            self.operators = []
        self.chunks[-1][1].append(item)


class _Parser:
    def __init__(self, tokens: list[Token]):
        self.tokens, self.position, self.terms = tokens, 0, 0
        self.notes: list[str] = []
        self.signs: list[str] = []
        self.labelled = False

    def query(self) -> Query:
        tree = self.group(0)
        if self.signs:
            signs = " ".join(dict.fromkeys(self.signs))
            self.note(f"Left out, because no letter or digit is in it: {signs[:60]}")
        return Query(tree, tuple(dict.fromkeys(self.notes)))

    def note(self, text: str) -> None:
        self.notes.append(text)

    def group(self, depth: int) -> Node | None:
        """What stands between two brackets, or in the whole text at depth 0."""
        if depth > MAX_DEPTH:
            raise QueryError(f"more than {MAX_DEPTH} brackets stand in one another: leave some out")
        group, minus = _Group(), False
        while self.position < len(self.tokens):
            token = self.tokens[self.position]
            self.position += 1
            if token.kind == "close":
                if depth == 0:
                    raise QueryError('a bracket ")" was never opened: remove it, or open one before what belongs to it')
                return self.folded(group)
            if token.kind == "minus":
                minus = True
                continue
            if token.kind == "word" and token.text in OPERATORS and not minus:
                group.operators.append(token.text)
                continue
            if token.kind == "tag":
                self.tagged(group, token)
                continue
            for item in self.items(token, depth):
                if minus:
                    group.exclude(item.node)
                else:
                    group.add(item)
            minus = False
        if depth:
            raise QueryError('a bracket "(" is not closed: write ")" behind what belongs to it')
        return self.folded(group)

    def items(self, token: Token, depth: int) -> list[_Item]:
        """The parts that one token stands for; none for a sign."""
        if token.kind == "open":
            inner = self.group(depth + 1)
            if inner is None:
                self.note("Empty brackets were left out.")
            return [_Item(inner)] if inner else []
        if token.kind == "id":
            return [_Item(self.counted(Term(token.text, "id")))]
        if token.kind in ("phrase", "unclosed"):
            if token.kind == "unclosed" and token.text.strip():
                self.note("A quotation mark is not closed: all behind it was taken as one phrase.")
            return self.phrase(token.text)
        return self.word(token.text)

    def phrase(self, text: str, place: str = "") -> list[_Item]:
        """A quoted phrase; a star at its end, inside or outside the quotes, is for its last word."""
        outside = self.position < len(self.tokens) and self.tokens[self.position]
        star = text.rstrip().endswith("*")
        if outside and outside.glued and outside.kind == "word" and set(outside.text) == {"*"}:
            self.position += 1
            star = True
        bare = " ".join(text.replace("*", " ").split())
        if not _WORDLIKE.search(bare):
            if text.strip():
                self.signs.append(text.strip())
            return []
        if "*" in text.strip().rstrip("*"):
            raise QueryError(f'"{text[:60]}": * works only at the end of a phrase')
        return [_Item(self.counted(Term(bare, place, self.starred(bare, star), quoted=True)))]

    def word(self, raw: str) -> list[_Item]:
        if _ID_LIST.fullmatch(raw.rstrip(_EDGE)):
            return [_Item(self.counted(Term(name, "id"))) for name in re.findall(r"\d{5,8}", raw)]
        name, colon, rest = raw.partition(":")
        place = PREFIXES.get(name.lower()) if colon else None
        if place:
            return self.placed(name, place, rest)
        text = raw.strip(_EDGE)
        if _ID_LABEL.fullmatch(raw) and self.next_is_number():
            self.labelled = True
            return []
        number = _ID_WORD.fullmatch(f"PMID:{text}" if self.labelled and text.isdigit() else text)
        self.labelled = False
        if number:
            return [_Item(self.counted(Term((number[1] or number[2] or number[3]).upper(), "id")))]
        return self.plain_word(text)

    def plain_word(self, text: str, place: str = "") -> list[_Item]:
        star = text.endswith("*")
        bare = text.strip("*" + _EDGE)
        if not _WORDLIKE.search(bare):
            if text:
                self.signs.append(text)
            return []
        if "*" in text.rstrip("*"):
            raise QueryError(f"{text[:60]!r}: * works only at the end of a word, behind at least three letters")
        if self.is_et_al(bare):
            self.note("“et al.” was left out.")
            return []
        if bare.endswith("$") or "?" in bare.strip("?"):
            self.note(f"{bare[:60]}: $ and ? are no wildcards here; * at the end of a word is.")
        if bare in ("or", "not"):
            self.note(f"“{bare}” in small letters was looked for as a word; write {bare.upper()} for the operator.")
        return [_Item(self.counted(Term(bare, place, self.starred(bare, star))), plain=not place)]

    def placed(self, name: str, place: str, rest: str) -> list[_Item]:
        """``author:deer``, ``journal:"Pain Medicine"``, ``year:2015-2019``; a blank may stand behind the colon."""
        if rest.strip(_EDGE):
            found = self.plain_word(rest.strip(_EDGE))
        else:
            following = self.tokens[self.position] if self.position < len(self.tokens) else None
            if following is None or following.text in OPERATORS or following.kind not in ("phrase", "unclosed", "word"):
                return self.plain_word(name)
            self.position += 1
            found = (
                self.plain_word(following.text.strip(_EDGE))
                if following.kind == "word"
                else self.phrase(following.text)
            )
        return [_Item(in_field(item.node, place)) for item in found]

    def next_is_number(self) -> bool:
        following = self.tokens[self.position] if self.position < len(self.tokens) else None
        return following is not None and bool(re.match(r"(?:PMC)?\d", following.text, re.I))

    def is_et_al(self, bare: str) -> bool:
        around = [token.text.strip(_EDGE) for token in self.tokens[max(0, self.position - 2) : self.position + 1]]
        return bare in ("et", "al") and "et al" in " ".join(around)

    def starred(self, bare: str, star: bool) -> bool:
        """Whether a term is a prefix. Raises where too few letters stand before the star."""
        if star:
            last = re.split(r"[\W_]+", bare)[-1]
            if len(last) < LETTERS_BEFORE_STAR:
                raise QueryError(f"{bare[-40:]}*: at least three letters are needed before *")
        return star

    def counted(self, term: Term) -> Term:
        self.terms += 1
        if self.terms > MAX_TERMS:
            raise QueryError(f"the search has more than {MAX_TERMS} words: leave some out")
        return term

    # -- Field tags ------------------------------------------------------------------------------------------------

    def tagged(self, group: _Group, token: Token) -> None:
        """Put PubMed's tag on the term before it: a phrase or bracket, or all plain words since the last of these."""
        inside = token.text[1:-1]
        tag = Tag(inside)
        items = group.chunks[-1][1] if group.chunks and not group.operators else []
        if not tag.known:
            if items and token.glued and " " not in inside.strip():
                self.note(f"[{inside[:40]}] is no field that is known here: it was looked for as a word.")
            for item in (item for part in inside.split() for item in self.word(part)):
                group.add(item)
        elif tag.place is None:
            raise QueryError(
                f"[{inside[:40]}] is PubMed's field for {tag.long}, which is not searched here: leave it out"
            )
        elif group.last_excluded and not group.operators:
            group.excluded[-1] = in_field(group.excluded[-1], tag.place, tag.near)
        elif items:
            self.put_field(items, tag.place, tag.near)
        else:
            self.note(f"[{inside[:40]}] was left out: no word stands before it.")
        if tag.told:
            self.note(tag.told)

    def put_field(self, items: list[_Item], place: str, near: int | None) -> None:
        start = len(items) - 1
        while items[start].plain and start > 0 and items[start - 1].plain:
            start -= 1
        covered = items[start:] if items[start].plain else items[-1:]
        del items[len(items) - len(covered) :]
        nodes = [item.node for item in covered]
        if place in JOINED and len(nodes) > 1:
            terms = [node for node in nodes if isinstance(node, Term)]
            nodes = [Term(" ".join(term.text for term in terms), prefix=terms[-1].prefix, quoted=True)]
        items.extend(_Item(in_field(node, place, near)) for node in nodes)
        _join_dates(items)

    # -- Operators -------------------------------------------------------------------------------------------------

    def folded(self, group: _Group) -> Node | None:
        """The chunks of a group joined from left to right, and what ``-`` leaves out of them all."""
        tree: Node | None = None
        for operators, items in group.chunks:
            node = all_of(_joined_ids(items), side_by_side=len(items) > 1)
            joiner, negated = self.operator(operators, first=tree is None)
            node = Not(node) if negated else node
            join = any_of if joiner == "OR" else all_of
            tree = node if tree is None else join([tree, node])
        if group.operators:
            self.note(f"{' '.join(group.operators)[:40]} was left out: nothing stands behind it.")
        unwanted: list[Node] = [Not(node) for node in group.excluded]
        return all_of([*([tree] if tree else []), *unwanted]) if unwanted else tree

    def operator(self, operators: list[str], first: bool) -> tuple[str, bool]:
        """``(AND or OR, negated)`` of the operators between two chunks; told where they contradict one another."""
        negated = bool(operators) and operators[-1] == "NOT"
        joiners = [name for name in operators if name != "NOT"]
        fine = ([], ["NOT"]) if first else (["AND"], ["OR"], ["NOT"], ["AND", "NOT"], ["OR", "NOT"])
        if operators not in fine:
            taken = " ".join((joiners[-1:] if not first else []) + (["NOT"] if negated else []))
            self.note(f"{' '.join(operators)[:40]} was taken as {taken}." if taken else f"{operators[0]} was left out.")
        return (joiners[-1] if joiners else "AND"), negated


def in_field(node: Node, place: str, near: int | None = None) -> Node:
    """The node with every term that has no field of its own put into one."""
    if isinstance(node, Term):
        if node.field:
            return node
        if not place and near is None:
            return replace(node, literal=True)  # a tag of PubMed's asks for the word as it stands
        if place == "year":
            years = years_of(node.text)
            if not years:
                raise QueryError(f"{node.text[:40]!r} is no year: write 2016, or 2010:2016")
            return Term(years, "year")
        return replace(node, field=place, near=near)
    if isinstance(node, Not):
        return Not(in_field(node.part, place, near))
    if isinstance(node, Leaf):
        return node
    return replace(node, parts=tuple(in_field(part, place, near) for part in node.parts))


def _joined_ids(items: list[_Item]) -> list[Node]:
    """The nodes of a chunk; identifiers side by side are alternatives, as PubMed takes a list of PMIDs."""
    joined: list[Node] = []
    run: list[Node] = []
    for item in [*items, None]:
        if item is not None and isinstance(item.node, Term) and item.node.field == "id":
            run.append(item.node)
            continue
        if run:
            joined.append(any_of(run))
            run = []
        if item is not None:
            joined.append(item.node)
    return joined


def _join_dates(items: list[_Item]) -> None:
    """``"2010"[dp] : "2019"[dp]``, as PubMed writes a range of dates."""
    if len(items) < 2:
        return
    first, last = items[-2].node, items[-1].node
    if isinstance(first, Term) and isinstance(last, Term) and first.field == last.field == "year":
        items[-2:] = [_Item(Term(f"{first.text.split(':')[0]}:{last.text.split(':')[-1]}", "year"))]
