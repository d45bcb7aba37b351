"""Which items are worth comparing: those that share a key, within blocks small enough to compare all pairs.

Keys that must hold a duplicate together when everything else drifts: DOI, PMID, title, volume and first page, the
first two authors, and two of the rarest words of the title. On 41,492 PubMed records they give about one pair a
record to compare, once those that two identifiers already tell apart are passed over.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from rapidfuzz import fuzz

from evidence.deduplicate.columns import KIND_BITS, KIND_WIDTH, KINDS, Columns, of_kind, pair_key
from evidence.deduplicate.names import first_names
from evidence.deduplicate.places import first_page_key
from evidence.deduplicate.prepare import Item
from evidence.packed import KeyIndex

BLOCK_LIMIT = 40  # members; a larger block is divided, 40 make 780 pairs
WINDOW = 8  # neighbours compared in what cannot be divided further
RARE_WORDS = 3
RARE_LIMIT = 400  # a word of more titles than this tells nothing
LARGE = 500  # members of a block that the log tells of
# Of the letters of two titles: to look no further below both lost none of 5,500 duplicate pairs of eight labelled sets.
MIN_TITLE_RATIO, MIN_SHARED_RATIO = 55.0, 75.0
VERSIONED = (b"10.12688/", b"10.21203/", b"10.1101/", b"10.3310/", b"10.2196/", b"10.20944/", b"10.35241/")
SHARED_DOI_AUTHORS = 3  # a DOI under which three first authors write is a supplement's
_DOI, _WORDS = KINDS.index("d"), KINDS.index("w")

ItemAt = Callable[[int], Item]


class Blocks:
    """Blocks of two members and more, in the order of their first members."""

    def __init__(self, found: Iterator[tuple[int, list[int]]]):
        self._members, self._ends, self._kinds = array("I"), array("I", [0]), bytearray()
        for key, members in found:
            self._members.extend(members)
            self._ends.append(len(self._members))
            self._kinds.append(key & KIND_BITS)
        firsts = [self._members[end] for end in self._ends[:-1]]
        self._order = array("I", sorted(range(len(firsts)), key=lambda at: (firsts[at], self._kinds[at])))

    def __iter__(self) -> Iterator[tuple[int, list[int]]]:
        """``(kind, members)`` of each; a kind is a place in ``columns.KINDS``."""
        for at in self._order:
            yield self._kinds[at], self._members[self._ends[at] : self._ends[at + 1]].tolist()

    def of_kind(self, kind: int) -> Iterator[list[int]]:
        return (self._members[self._ends[at] : self._ends[at + 1]].tolist()
                for at in self._order if self._kinds[at] == kind)  # fmt: skip


def make_blocks(
    columns: Columns, positions: Sequence[int], frequency: Counter[int], part: int = 0, parts: int = 1
) -> Blocks:
    """Blocks by key over the items at ``positions``, those of one member left out.

    ``frequency``: of the words of all their titles. ``part`` of ``parts``: every block is in one of them, by its key.
    """
    index = KeyIndex()
    for position in positions:
        for key in columns.own_keys(position):
            if parts == 1 or (key >> KIND_WIDTH) % parts == part:
                index.add(key, position)
        for key in _word_keys(columns.words(position), frequency):
            if parts == 1 or (key >> KIND_WIDTH) % parts == part:
                index.add(key, position)
    return Blocks(index.shared())


def doi_blocks(columns: Columns, positions: Sequence[int]) -> Blocks:
    """The blocks of the items that have a DOI in common."""
    index = KeyIndex()
    for position in positions:
        if doi := columns.doi[position]:
            index.add(of_kind(doi, _DOI), position)
    return Blocks(index.shared())


def _word_keys(words: Sequence[int], frequency: Counter[int]) -> set[int]:
    rare = [word for word in words if 1 < frequency[word] <= RARE_LIMIT]
    if len(rare) > RARE_WORDS:
        chosen = set(sorted(rare, key=frequency.__getitem__)[:RARE_WORDS])
        rare = [word for word in rare if word in chosen]
    if len(rare) == 1:
        return {of_kind(rare[0], _WORDS)}
    return {of_kind(pair_key(word, other), _WORDS) for at, word in enumerate(rare) for other in rare[at + 1 :]}


def shared_dois(columns: Columns, blocks: Blocks, item_at: ItemAt) -> set[str]:
    """DOIs that name a whole supplement: several first authors and titles stand under each."""
    found = set()
    for members in blocks.of_kind(_DOI):
        if len(members) >= SHARED_DOI_AUTHORS and len({columns.title[m] for m in members}) >= SHARED_DOI_AUTHORS:
            firsts = {columns.first_author[m] for m in members} - {0}
            if len(firsts) >= SHARED_DOI_AUTHORS:
                found.add(item_at(members[0]).doi or "")
    return found


@dataclass(slots=True)
class Cut:
    """Blocks that were too large to compare all pairs: how many by what they share, and a line on each of the largest,
    with the first member and the kind of the block."""

    counts: Counter[str] = field(default_factory=Counter)
    lines: list[tuple[int, int, str]] = field(default_factory=list)

    def add(self, other: Cut) -> None:
        self.counts += other.counts
        self.lines += other.lines

    def log(self) -> list[str]:
        """The same whatever the order in which blocks were added."""
        said = [line for _, _, line in sorted(self.lines)]
        kinds = ", ".join(f"{count} by {_KEY_NAMES[kind]}" for kind, count in sorted(self.counts.items()))
        return [*said, f"large blocks compared in parts only: {kinds}"] if kinds else said


def candidate_pairs(columns: Columns, blocks: Blocks, item_at: ItemAt, cut: Cut) -> Iterator[tuple[int, int]]:
    """Pairs of positions to compare, each once, left < right; ``cut`` is told every block that was cut."""
    seen: set[int] = set()
    total = len(columns)
    for kind, block in blocks:
        for members in _divide(columns, block, kind, item_at, cut):
            for left, right in _pairs(members):
                if not _told_apart(columns, left, right):
                    code = left * total + right
                    if code not in seen and _worth_comparing(item_at(left), item_at(right)):
                        seen.add(code)
                        yield left, right


_KEY_NAMES = {"d": "DOI", "p": "PMID", "t": "title", "g": "page", "a": "first authors", "w": "title words"}


def _pairs(members: Sequence[int]) -> Iterator[tuple[int, int]]:
    window = len(members) if len(members) <= BLOCK_LIMIT else WINDOW
    for at, one in enumerate(members):
        for other in members[at + 1 : at + 1 + window]:
            yield (one, other) if one < other else (other, one)


def _told_apart(columns: Columns, left: int, right: int) -> bool:
    """The first of the reasons of :func:`_worth_comparing` not to look, as far as the columns know them: two DOIs, two
    PMIDs, years far apart; and not the same title on one page."""
    one, other = columns.doi[left], columns.doi[right]
    pmid, other_pmid = columns.pmid[left], columns.pmid[right]
    if one and other:
        if one == other or _of_one_document(columns.printed_doi(left), columns.printed_doi(right)):
            return False
        return not (pmid and pmid == other_pmid) and not _one_page_keys(columns, left, right)
    if pmid and other_pmid:
        return pmid != other_pmid
    year, other_year = columns.year[left], columns.year[right]
    if year and other_year and abs(year - other_year) > 3:
        volume = columns.volume[left]
        return not (volume and volume == columns.volume[right] and _one_page_keys(columns, left, right))
    return False


def _one_page_keys(columns: Columns, left: int, right: int) -> bool:
    pages = columns.pages[left]
    return columns.title[left] == columns.title[right] and pages != 0 and pages == columns.pages[right]


def _of_one_document(one: bytes, other: bytes) -> bool:
    """Whether two DOIs may be one document's: one was cut off, or they are versions."""
    return one.startswith(other) or other.startswith(one) or (one[:8] == other[:8] and one.startswith(VERSIONED))


def _worth_comparing(left: Item, right: Item) -> bool:
    """A first look at what is not told apart yet, that costs a microsecond: how much of the titles is the same letters,
    where no identifier decides."""
    if (left.doi and right.doi) or (left.pmid and right.pmid):
        return True
    if left.year and right.year and abs(left.year - right.year) > 3:
        return True
    if left.squeezed == right.squeezed or "[" in left.title or "[" in right.title:
        return True
    one_title, other_title = left.words, right.words
    if fuzz.ratio(one_title, other_title, score_cutoff=MIN_TITLE_RATIO) or _prefix(one_title, other_title):
        return True
    return fuzz.token_set_ratio(one_title, other_title, score_cutoff=MIN_SHARED_RATIO) > 0


def _prefix(left: str, right: str) -> bool:
    """One title begins or ends the other: its subtitle was dropped."""
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    return len(short) > 15 and (long.startswith(short) or long.endswith(short))


def _divide(columns: Columns, members: list[int], kind: int, item_at: ItemAt, cut: Cut) -> list[list[int]]:
    """A block, or the parts of one that is too large: by first author, then year, page, journal and title."""
    if len(members) <= BLOCK_LIMIT:
        return [members]
    cut.counts[KINDS[kind]] += 1
    done, pending = [], [members]
    for column in (columns.first_author, columns.year, columns.page, columns.journal, columns.title):
        large = [part for part in pending if len(part) > BLOCK_LIMIT]
        done += [part for part in pending if 1 < len(part) <= BLOCK_LIMIT]
        pending = []
        for part in large:
            parts: defaultdict[int, list[int]] = defaultdict(list)
            for member in part:
                parts[column[member]].append(member)
            pending += parts.values()
        if not pending:
            break
    for part in pending:
        if len(part) > BLOCK_LIMIT:
            part.sort(key=lambda member: item_at(member).content())
        if len(part) > 1:
            done.append(part)
    if len(members) >= LARGE:
        said = (
            f"{len(members)} records share the {_KEY_NAMES[KINDS[kind]]} {_key_text(kind, members, item_at)!r}: "
            "compared only within the same first author, year, page and journal"
        )
        cut.lines.append((members[0], kind, said))
    return done


def _key_text(kind: int, members: list[int], item_at: ItemAt) -> str:
    """What the members of a block share, for people to read."""
    first = item_at(members[0])
    if KINDS[kind] == "a":
        text = "|".join(first_names(first.authors))
    elif KINDS[kind] == "g":
        text = f"{first_page_key(first.volume)}|{first_page_key(first.pages)}"
    else:  # never by words: more than RARE_LIMIT titles share none that is rare
        text = {"d": first.doi, "p": first.pmid, "t": first.squeezed}[KINDS[kind]] or ""
    return text[:59]
