"""Which items are worth comparing: those that share a key, within blocks small enough to compare all pairs.

Keys that must hold a duplicate together when everything else drifts: DOI, PMID, title, volume and first page, the
first two authors, and two of the rarest words of the title. On 41,492 PubMed records they give about one pair a
record to compare, once those that two identifiers already tell apart are passed over.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence

from rapidfuzz import fuzz

from evidence.deduplicate.names import first_names
from evidence.deduplicate.places import first_page_key
from evidence.deduplicate.prepare import Item

BLOCK_LIMIT = 40  # members; a larger block is divided, 40 make 780 pairs
WINDOW = 8  # neighbours compared in what cannot be divided further
RARE_WORDS = 3
RARE_LIMIT = 400  # a word of more titles than this tells nothing
# Of the letters of two titles: to look no further below both lost none of 5,500 duplicate pairs of eight labelled sets.
MIN_TITLE_RATIO, MIN_SHARED_RATIO = 55.0, 75.0
VERSIONED = ("10.12688/", "10.21203/", "10.1101/", "10.3310/", "10.2196/", "10.20944/", "10.35241/")
SHARED_DOI_AUTHORS = 3  # a DOI under which three first authors write is a supplement's

Blocks = dict[str, list[int]]


def make_blocks(items: Sequence[Item], positions: Sequence[int]) -> Blocks:
    """Blocks by key over the items at ``positions``, those of one member left out."""
    frequency = _word_frequency(items, positions)
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for position in positions:
        for key in _keys(items[position], frequency):
            blocks[key].append(position)
    return {key: members for key, members in blocks.items() if len(members) > 1}


def _word_frequency(items: Sequence[Item], positions: Sequence[int]) -> Counter[str]:
    frequency: Counter[str] = Counter()
    for position in positions:
        frequency.update(set(items[position].words.split()))
    return frequency


def _keys(item: Item, frequency: Counter[str]) -> set[str]:
    if item.keys is None:
        item.keys = _own_keys(item)
    keys = set(item.keys)
    rare = sorted({w for w in item.words.split() if 1 < frequency[w] <= RARE_LIMIT and len(w) > 2})
    if len(rare) > RARE_WORDS:
        rare = sorted(sorted(rare, key=frequency.__getitem__)[:RARE_WORDS])
    if len(rare) == 1:
        keys.add("w" + rare[0])
    for at, word in enumerate(rare):
        for other in rare[at + 1 :]:
            keys.add(f"w{word}|{other}")
    return keys


def _own_keys(item: Item) -> frozenset[str]:
    """The keys that do not depend on the other items."""
    keys = set()
    if item.doi:
        keys.add("d" + item.doi)
    if item.pmid:
        keys.add("p" + item.pmid)
    if item.squeezed:
        keys.add("t" + item.squeezed)
    page = first_page_key(item.pages)
    if page:
        keys.add(f"g{first_page_key(item.volume)}|{page}")
    names = first_names(item.authors)
    if len(names) == 2:
        keys.add(f"a{names[0]}|{names[1]}")
    return frozenset(keys)


def shared_dois(items: Sequence[Item], blocks: Blocks) -> set[str]:
    """DOIs that name a whole supplement: several first authors and titles stand under each."""
    found = set()
    for key, members in blocks.items():
        if key[0] == "d" and len(members) >= SHARED_DOI_AUTHORS:
            titles = {items[m].squeezed for m in members}
            if len(titles) < SHARED_DOI_AUTHORS:
                continue
            firsts = {name for m in members for name in first_names(items[m].authors, 1)}
            if len(firsts) >= SHARED_DOI_AUTHORS:
                found.add(key[1:])
    return found


def candidate_pairs(items: Sequence[Item], blocks: Blocks, log: list[str]) -> Iterator[tuple[int, int]]:
    """Pairs of positions to compare, each once, left < right; ``log`` gets a line for every block that was cut."""
    seen: set[int] = set()
    total, cut = len(items), Counter[str]()
    for key in blocks:
        for members in _divide(items, blocks[key], key, log, cut):
            for left, right in _pairs(items, members):
                code = left * total + right
                if code not in seen and _worth_comparing(items[left], items[right]):
                    seen.add(code)
                    yield left, right
    if cut:
        kinds = ", ".join(f"{count} by {_KEY_NAMES[kind]}" for kind, count in sorted(cut.items()))
        log.append(f"large blocks compared in parts only: {kinds}")


_KEY_NAMES = {"d": "DOI", "p": "PMID", "t": "title", "g": "page", "a": "first authors", "w": "title words"}


def _pairs(items: Sequence[Item], members: Sequence[int]) -> Iterator[tuple[int, int]]:
    window = len(members) if len(members) <= BLOCK_LIMIT else WINDOW
    for at, one in enumerate(members):
        for other in members[at + 1 : at + 1 + window]:
            yield (one, other) if one < other else (other, one)


def _worth_comparing(left: Item, right: Item) -> bool:
    """A first look that costs a microsecond: identifiers, years, and how much of the titles is the same letters."""
    one, other = left.doi, right.doi
    if one and other:
        if one != other and not (one.startswith(other) or other.startswith(one) or _versioned(one, other)):
            return (left.pmid is not None and left.pmid == right.pmid) or _one_page(left, right)
        return True
    if left.pmid and right.pmid:
        return left.pmid == right.pmid
    if left.year and right.year and abs(left.year - right.year) > 3:
        return bool(left.volume) and left.volume == right.volume and _one_page(left, right)
    if left.squeezed == right.squeezed or "[" in left.title or "[" in right.title:
        return True
    one_title, other_title = left.words, right.words
    if fuzz.ratio(one_title, other_title, score_cutoff=MIN_TITLE_RATIO) or _prefix(one_title, other_title):
        return True
    return fuzz.token_set_ratio(one_title, other_title, score_cutoff=MIN_SHARED_RATIO) > 0


def _versioned(one: str, other: str) -> bool:
    return one[:8] == other[:8] and one.startswith(VERSIONED)


def _one_page(left: Item, right: Item) -> bool:
    """The same title on the same page, whatever the DOIs say."""
    return left.squeezed == right.squeezed and left.pages != "" and left.pages == right.pages


def _prefix(left: str, right: str) -> bool:
    """One title begins or ends the other: its subtitle was dropped."""
    short, long = (left, right) if len(left) <= len(right) else (right, left)
    return len(short) > 15 and (long.startswith(short) or long.endswith(short))


_DIVIDERS: tuple[Callable[[Item], object], ...] = (
    lambda item: tuple(first_names(item.authors, 1)),
    lambda item: item.year or 0,
    lambda item: first_page_key(item.pages),
    lambda item: item.journal[:6].lower(),
    lambda item: item.squeezed,
)


def _divide(items: Sequence[Item], members: list[int], key: str, log: list[str], cut: Counter[str]) -> list[list[int]]:
    """A block, or the parts of one that is too large: by first author, then year, page, journal and title."""
    if len(members) <= BLOCK_LIMIT:
        return [members]
    cut[key[0]] += 1
    done, pending = [], [members]
    for divider in _DIVIDERS:
        large = [part for part in pending if len(part) > BLOCK_LIMIT]
        done += [part for part in pending if 1 < len(part) <= BLOCK_LIMIT]
        pending = []
        for part in large:
            parts: defaultdict[object, list[int]] = defaultdict(list)
            for member in part:
                parts[divider(items[member])].append(member)
            pending += parts.values()
        if not pending:
            break
    for part in pending:
        if len(part) > BLOCK_LIMIT:
            part.sort(key=lambda member: items[member].content())
        if len(part) > 1:
            done.append(part)
    if len(members) >= 500:
        log.append(
            f"{len(members)} records share the {_KEY_NAMES[key[0]]} {key[1:60]!r}: "
            "compared only within the same first author, year, page and journal"
        )
    return done
