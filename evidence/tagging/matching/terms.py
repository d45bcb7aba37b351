"""The little language in which maintainers write terms, spelled out for the automaton.

    spinal cord stimulation   whole words, any case; a blank stands for a blank or a hyphen; a plural matches too
    post-operative            a hyphen stands for a blank, a hyphen or nothing
    stimulat*                 any ending
    (dorsal|posterior) column one of several; an empty one may be left out

British and American spellings of one another are found without being written down.
"""

from __future__ import annotations

import itertools
import re
from functools import lru_cache

_GROUP = re.compile(r"\(([^()]*)\)")
_TERM = re.compile(r"[^\W_](?:[\w '’/+%&.,>=-]*[\w'%+])?\*?\Z")
# Parts of words that the two spellings write differently.
_SPELLINGS = (
    ("aesthe", "esthe"), ("ischaem", "ischem"), ("haem", "hem"), ("oedema", "edema"), ("faec", "fec"),
    ("tumour", "tumor"), ("isation", "ization"), ("ising", "izing"), ("ised", "ized"),
    ("behaviour", "behavior"), ("labour", "labor"), ("oesoph", "esoph"), ("paed", "ped"), ("fibre", "fiber"),
    ("rrhoea", "rrhea"), ("grey", "gray"), ("analogue", "analog"), ("caesar", "cesar"),
    ("programme", "program"), ("leucaem", "leukem"), ("catalogue", "catalog"), ("centre", "center"),
)  # fmt: skip
MOST_SPELLINGS = 1000


@lru_cache(maxsize=16384)  # a term is spelled out when it is validated and when the automaton is made
def expand(term: str) -> tuple[str, ...]:
    """Every spelling a term stands for, in lower case with blanks for hyphens; a final ``*`` stays.

    Raises ``ValueError`` when the term is not in the language above or stands for too many spellings.

    >>> expand("post-operative (pain|ache)")
    ('post operative pain', 'postoperative pain', 'post operative ache', 'postoperative ache')
    """
    parts = _GROUP.split(term)
    choices = [[part] if position % 2 == 0 else part.split("|") for position, part in enumerate(parts)]
    if "(" in "".join(parts[::2]) or ")" in "".join(parts[::2]):
        raise ValueError("brackets do not pair up")
    spellings: dict[str, None] = {}
    for choice in itertools.product(*choices):
        plain = " ".join("".join(choice).lower().split())
        if not _TERM.match(plain):
            raise ValueError(f"{plain!r} is not a phrase of words (only a final '*' may stand for an ending)")
        for spelling in _spellings(plain):
            spellings[spelling] = None
        if len(spellings) > MOST_SPELLINGS:
            raise ValueError(f"it stands for more than {MOST_SPELLINGS} spellings: write it as several terms")
    return tuple(spellings)


def _spellings(plain: str) -> list[str]:
    found = [plain]
    if "-" in plain:
        found = [plain.replace("-", " "), plain.replace("-", "")]
    for british, american in _SPELLINGS:
        if british in plain or american in plain:
            found += [s.replace(british, american) for s in found if british in s] + [
                re.sub(rf"(?<!{british[0]}){american}" if british.endswith(american) else american, british, s)
                for s in found
                if american in s and british not in s
            ]
    if plain.endswith("y") and len(plain) > 3 and plain[-2] not in "aeiou":
        found += [s[:-1] + "ies" for s in found]
    return list(dict.fromkeys(found))
