"""A search of ClinicalTrials.gov, as far as a mistake in it can be seen without asking.

Its language (Essie): https://clinicaltrials.gov/find-studies/constructing-complex-search-queries
"""

from __future__ import annotations

import re

from evidence.topics.query import KNOWN_TAGS, Flaw, lines_without_comments

LONGEST = 2_000
_QUOTED = re.compile(r'"[^"]*"')
_TAG = re.compile(r"\[([^\[\]]*)\]")
_OPERATOR = re.compile(r"(?<![\w-])(?:and|or|not|And|Or|Not)(?![\w-])")
_WITH_BRACKETS = "AREA, RANGE, COVERAGE, EXPANSION, SEARCH, DISTANCE, TILT"
_BEFORE_BRACKET = re.compile(r"\b(?:AREA|RANGE|COVERAGE|EXPANSION|SEARCH|DISTANCE|TILT)$")
_CURLY = re.compile("[\u201c-\u201f\u00ab\u00bb]")
_DANGLING = re.compile(r"^(?:AND|OR)\b|\b(?:AND|OR|NOT)$|\((?:AND|OR)\b|\b(?:AND|OR|NOT)\)|\b(?:AND|OR) (?:AND|OR)\b")


def check_registry_search(written: str, comments: bool = True) -> str:
    """The search as sent: comments stripped, white space folded. Raises :class:`Flaw` for what would be misread.

    >>> check_registry_search('"spinal cord stimulation" AND AREA[StudyType]INTERVENTIONAL  # devices')
    '"spinal cord stimulation" AND AREA[StudyType]INTERVENTIONAL'
    """
    lines = lines_without_comments(written, comments)
    opened: list[int] = []
    for number, line in enumerate(lines, 1):
        _check_line(line, number, opened)
    if opened:
        raise Flaw("unbalanced parentheses: this '(' is never closed", opened[-1])
    sent = " ".join(" ".join(lines).split())
    if not sent:
        raise Flaw("the search is empty", 1)
    if len(sent) > LONGEST:
        raise Flaw(f"the search has {len(sent):,} characters; an address takes {LONGEST:,}: make it shorter", 1)
    bare = _QUOTED.sub("x", sent)
    if dangling := _DANGLING.search(re.sub(r"\s*([()])\s*", r"\1", bare)):
        raise Flaw(f"an operator has nothing on one side: {dangling.group().strip('()')!r}", 1)
    return sent


def _check_line(line: str, number: int, opened: list[int]) -> None:
    if curly := _CURLY.search(line):
        raise Flaw(f'write straight quotes (") instead of {curly.group()}', number)
    if line.count('"') % 2:
        raise Flaw("a quote is not closed on its line", number)
    bare = _QUOTED.sub(lambda found: " " * len(found.group()), line)
    if lower := _OPERATOR.search(bare):
        raise Flaw(f"{lower.group()!r} is searched for as a word: write {lower.group().upper()}", number)
    for tag in _TAG.finditer(bare):
        if _BEFORE_BRACKET.search(bare[: tag.start()]):
            continue
        if " ".join(tag.group(1).casefold().split()) in KNOWN_TAGS:
            raise Flaw(f"{tag.group()} is PubMed's; a registry's field is written AREA[BriefTitle]word", number)
        raise Flaw(f"{tag.group()} follows none of {_WITH_BRACKETS}", number)
    if bare.count("[") != bare.count("]") or "[" in _TAG.sub("", bare):
        raise Flaw("unbalanced brackets", number)
    for sign in bare:
        if sign == "(":
            opened.append(number)
        elif sign == ")":
            if not opened:
                raise Flaw("unbalanced parentheses: this ')' was never opened", number)
            opened.pop()
