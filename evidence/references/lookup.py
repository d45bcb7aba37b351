"""The terms that a report is indexed under and a printed reference is looked up by.

Besides the words of title, journal and authors there are compound terms (``v19p179``, ``deerp179``, ``deerv19``):
one of them is rarer than any word, and finds a reference that prints no title at all.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from evidence.bibliography.normal import first_author_key, words
from evidence.references.types import CitedReport, ParsedReference

# Rarest first; six gave a recall of .995 on 18,000 records, ten cost little more and survive line noise. Three more
# come from the second half of the reference, or fifty authors would leave no room for its title and journal.
LOOKUP_TERMS, LATER_TERMS = 10, 3
# A term in more than this share of the reports tells nothing and makes the lookup slow.
COMMON = 0.02
_JOINED = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])|(?<=[^\W\d_]{3})(?=\d)|(?<=\d)(?=[^\W\d_]{3})")
_NUMBER = re.compile(r"[A-Za-z]{0,2}\d+")
_NEIGHBOURS = 3


def index_text(report: CitedReport) -> str:
    """The terms of one report, joined by blanks: what the full-text index stores."""
    texts = (report.title, report.vernacular_title, report.journal, report.journal_full, *report.authors)
    terms = [word for text in texts if text for word in words(text)]
    author = first_author_key(report.first_author)
    volume, page = report.volume_number, report.first_page
    terms.append(author)
    if volume and page:
        terms.append(f"v{volume}p{page}")
    if author and page:
        terms.append(f"{author}p{page}")
    if author and volume:
        terms.append(f"{author}v{volume}")
    if author and report.year:
        terms.append(f"{author}y{report.year}")
    return " ".join(term for term in terms if term)


def lookup_terms(
    reference: ParsedReference, counts: Callable[[Sequence[str]], Mapping[str, int]], size: int
) -> list[str]:
    """The rarest terms of a reference that the library knows: :data:`LOOKUP_TERMS`, then :data:`LATER_TERMS`."""
    plain_words = _words(reference.text)
    terms = dict.fromkeys(plain_words)
    terms.update(dict.fromkeys(compounds(reference)))
    known = dict(counts(list(terms)))
    unknown = [position for position, word in enumerate(plain_words) if word not in known]
    known.update(counts(list(_mended(plain_words, unknown))))
    most = max(COMMON * size, 50)
    ranked = sorted((count, term) for term, count in known.items() if len(term) > 1)
    rare = [term for count, term in ranked if count <= most]
    later = set(plain_words[len(plain_words) // 2 :])
    chosen = [*rare[:LOOKUP_TERMS], *[term for term in rare[LOOKUP_TERMS:] if term in later][:LATER_TERMS]]
    return chosen or [term for _, term in ranked[:2]]


def _words(text: str) -> list[str]:
    whole = words(text)
    split = words(_JOINED.sub(" ", text))
    return whole if split == whole else [*whole, *split]


def _mended(plain_words: Sequence[str], unknown: Iterable[int]) -> set[str]:
    """Words that a stray blank may have cut (``Dis ease``): each unknown word joined with its neighbours."""
    joined = set()
    for position in unknown:
        word = plain_words[position]
        if position:
            joined.add(plain_words[position - 1] + word)
        if position + 1 < len(plain_words):
            joined.add(word + plain_words[position + 1])
    return joined


def compounds(reference: ParsedReference) -> list[str]:
    """The compound terms that the numbers of a reference and its first author may make, right and wrong ones."""
    numbers = [number.lower() for number in _NUMBER.findall(reference.text)][-12:]
    found = [
        f"v{number}p{after}"
        for position, number in enumerate(numbers)
        for after in numbers[position + 1 : position + 1 + _NEIGHBOURS]
    ]
    for author in {first_author_key(name) for name in reference.authors[:1]} - {""}:
        found += [f"{author}{kind}{number}" for number in numbers for kind in "pvy"]
    return found
