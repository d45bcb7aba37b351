"""In-text mentions: author and year, year and journal, a group's guideline, numbers in brackets, superscripts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from evidence.bibliography.dates import ANY_MONTH, MONTHS
from evidence.references.compare import family_key
from evidence.references.parse import parse_reference
from evidence.references.types import FoundReference, ParsedReference

_YEAR = r"(?P<year>19\d\d|20[0-4]\d)"
_FAMILY = (
    r"(?:(?:[dD]e|[vV]an|[vV]on|[dD]er|[dD]en|[dD]el|[lL]a|[lL]e|[dD]i)\s+|[dDoO]['\u2019]){0,3}"
    r"[^\W\d_a-z](?:['\u2019]?[^\W\d_]){1,30}(?:-[^\W\d_]{1,30}){0,3}"
)
_PAGES = r"(?:pp?\.\s*)?\d{1,4}(?:[\u2010-\u2015-]\d{1,4})?"
_YEAR_1 = _YEAR.replace("year", "year_1")
_NAME = rf"(?P<name>{_FAMILY})"
_OTHERS = (
    r"(?:,?\s*(?:et\.?\s*al\b\.?|and\s+(?:his\s+|her\s+|their\s+)?(?:colleagues|co-?workers|co-?authors|others|"
    r"team|associates)|"
    rf"(?:and|&)\s+{_FAMILY})|['\u2019]s?\s+(?:team|group|colleagues))"
)
_MONTH = rf"(?:{ANY_MONTH})"
_WORK = (
    r"(?:(?:[A-Z][A-Z0-9-]{2,20}|pilot|randomi[sz]ed|clinical|controlled|cohort|systematic|open-label|"
    r"multicent(?:er|re)|prospective|retrospective|"
    r"observational|double-blind|crossover|feasibility|follow-up|Cochrane|consensus|practice|research|large|small|"
    r"recent|new|"
    r"pooled|network|narrative|international|national|landmark|pivotal|registry)\s+){0,5}"
    r"(?:study|studies|trial|review|meta-?analys[ie]s|guidelines?|paper|article|report|analysis|registry|survey|"
    r"consensus|"
    r"statement|recommendations?|series|publication|update|RCT)"
)
_JOURNAL = (
    rf"(?P<journal>(?!(?:{ANY_MONTH})\b)"
    r"[A-Z][\w&'\u2019-]{0,40}(?:\s+(?:(?:of|and|the|in|for|&)\s+){0,2}[A-Z][\w&'\u2019-]{0,40}){0,7})"
)
_PUBLISHED = (
    r"(?:[^.;()]{0,40}?\b(?:published|appearing|reported|printed)\b[^.;()]{0,20}?)?\s+in\s+(?:the\s+)?(?:journals?\s+)?"
    rf"{_JOURNAL}"
)
_GROUP = re.compile(
    r"\b(?:[A-Z][\w'\u2019-]{0,30}\s+(?:(?:of|on|for|and|the|in)\s+){0,2}){1,8}"
    r"(?:Committee|Society|Group|Consortium|Association|Collaboration|Collaborative|Initiative|Task Force|Academy|"
    r"College|Agency|Institute|Foundation|Federation|Panel|Council|Organi[sz]ation|Network|Investigators)\b"
)
# Words that a sentence may begin with or that stand before a year, and that are nobody's name.
_NO_NAMES = frozenset(
    "in the a an since by from until during after before between spring summer autumn fall winter of on at for to and "
    "or published updated copyright version table figure fig study trial review guideline article journal volume vol "
    "issue page reviewed accessed retrieved year late early mid circa about around as while when this that these those "
    "it we they both monday tuesday wednesday thursday friday saturday sunday covid fda cdc who nice research".split()
) | {month.lower() for month in MONTHS}
_GROUP_REACH = 160
_MOST_NUMBERS = 200  # that one mention can mean
_FAR = 8  # blanks between a bracket and a name

Build = Callable[[re.Match[str]], ParsedReference | None]


def _author_year(match: re.Match[str]) -> ParsedReference | None:
    groups = match.groupdict()
    name = re.sub(r"['\u2019]s$", "", groups["name"])
    if name.lower() in _NO_NAMES:
        return None
    year = groups.get("year") or groups.get("year_1")
    return ParsedReference(match.group(), authors=(name,), year=int(year) if year else None)


def _name_year(match: re.Match[str]) -> ParsedReference | None:
    """A name in capitals before a year is a trial's or a country's."""
    return None if match.group("name").isupper() else _author_year(match)


def _author_journal(match: re.Match[str]) -> ParsedReference | None:
    parsed = _author_year(match)
    return parsed and replace(parsed, journal=match.group("journal"))


def _year_journal(match: re.Match[str]) -> ParsedReference | None:
    groups = match.groupdict()
    year = groups.get("year") or groups["year_1"]
    return ParsedReference(match.group(), year=int(year), journal=groups.get("journal") or "")


_BARE = re.compile(rf"\b{_NAME}\s*\(\s*{_YEAR}[a-z]?\s*[);,]")
# What authors do, and places do not: "Kemler (2000) randomised 54 patients".
_ACTS = re.compile(
    r"\s+(?:has |have |also |recently |first |later )?(?:randomi[sz]ed|found|reported|showed|demonstrated|concluded"
    r"|compared|described|studied|observed|suggested|treated|followed|reviewed|published|noted|argued|proposed)\b"
)
_DOES = (
    r"(?:has |have |had |also |recently |first |later |only )?(?:randomi[sz]ed|found|finds|reported|reports|showed|"
    r"shows|demonstrated|"
    r"concluded?s?|compared|described|studied|observed|suggest(?:ed|s)|treated|followed|reviewed|published|noted|"
    r"argued|proposed|"
    r"enrolled|recruited|included|tested|measured|looked at|gave|asked|wrote|writes|says?|said|used|tried|"
    r"evaluated|assessed|"
    r"examined|investigated|saw|counted|implanted|analy[sz]ed|surveyed|pooled|put|had|states?|stated|claims?|"
    r"claimed|warned)\b"
)
_COCHRANE = "Cochrane Database of Systematic Reviews"


def _cochrane(match: re.Match[str]) -> ParsedReference | None:
    groups = match.groupdict()
    year = groups.get("year") or groups.get("year_1")
    return ParsedReference(match.group(), year=int(year) if year else None, journal=_COCHRANE)


# Each way of mentioning a work, with an example. Earlier ones win where two overlap.
_WAYS: tuple[tuple[re.Pattern[str], Build], ...] = (
    # Deer et al. (Neuromodulation 2014)   Deer and colleagues (Pain Med, 2014)   (Deer et al., JAMA 2014)
    (re.compile(rf"\b{_NAME}{_OTHERS}[,.]{{0,2}}\s*\(?\s*{_JOURNAL},?\s+{_YEAR}[a-z]?\s*\)"), _author_journal),
    # In 2012, Rigoard, et. al.,   In 2012 Rigoard and colleagues
    (re.compile(rf"\b[Ii]n\s+{_YEAR},?\s+(?:Drs?\.\s+)?{_NAME}{_OTHERS}\.?"), _author_year),
    # Deer et al. (2016)   Deer and Mekhail, 2014   Deer and colleagues reported in 2016
    (
        re.compile(
            rf"\b{_NAME}{_OTHERS}[,.]{{0,2}}\s*(?:\(\s*{_YEAR_1}[a-z]?\s*\)|(?:\w+\s+)?(?:in\s+)?{_YEAR}[a-z]?\b)"
        ),
        _author_year,
    ),
    # Deer (2016)   (Deer, 2016)   Deer's 2016 study
    (_BARE, _author_year),
    # Deer 2016 followed 614 patients
    (re.compile(rf"\b{_NAME}\s+{_YEAR}[a-z]?(?=\s+{_DOES})"), _name_year),
    (re.compile(rf"(?<=[(;])\s*(?:see\s+|e\.g\.,?\s+|cf\.\s+)?{_NAME},?\s+{_YEAR}[a-z]?\b(?=\s*[);,])"), _author_year),
    (re.compile(rf"(?P<name>{_GROUP.pattern})['\u2019]s?\s+(?:{_MONTH}\s+)?{_YEAR}\s+{_WORK}"), _author_year),
    (re.compile(rf"\b{_NAME}['\u2019]s?\s+{_YEAR}\s+{_WORK}"), _author_year),
    # a Cochrane review of 2023   the 2023 Cochrane review   Cochrane (2023)
    (
        re.compile(
            rf"\b(?:[Aa]|[Tt]he|[Tt]his|[Oo]ne|[Aa]nother)\s+(?:[a-z]+\s+){{0,3}}Cochrane\s+(?:systematic\s+)?(?:review|meta-analysis)"
            rf"(?:\s+update)?,?\s+(?:(?:of|from|in|published in)\s+{_YEAR}|\(\s*{_YEAR_1}\s*\))"
        ),
        _cochrane,
    ),
    (
        re.compile(
            rf"\b(?:[Aa]|[Tt]he|[Tt]his)\s+{_YEAR}\s+(?:[a-z]+\s+){{0,2}}Cochrane\s+(?:systematic\s+)?(?:review|"
            rf"meta-analysis|update)|"
            rf"\bCochrane,?\s+\(?{_YEAR_1}\)?"
        ),
        _cochrane,
    ),
    # a 2016 study also published in Neuromodulation   their August 2014 guideline
    (
        re.compile(
            rf"\b(?:[Aa]n?|[Tt]he|[Oo]ne|[Aa]nother|[Tt]his|[Tt]heir|[Hh]is|[Hh]er|[Ii]ts|"
            rf"[Tt]wo)\s+(?:{_MONTH}\s+)?{_YEAR}\s+{_WORK}\b(?:{_PUBLISHED})?"
        ),
        _year_journal,
    ),
    # a study published in Neuromodulation in 2016   a trial in Pain (2019)
    (
        re.compile(
            rf"\b{_WORK}\b{_PUBLISHED},?\s+(?:in\s+)?(?:\((?:{_MONTH}\s+)?{_YEAR_1}\)|(?:{_MONTH}\s+)?{_YEAR}\b)"
        ),
        _year_journal,
    ),
    # Rigoard et al. found
    (
        re.compile(rf"\b{_NAME},?\s*(?:et\.?\s*al\b\.?|and\s+(?:his\s+|her\s+|their\s+)?(?:colleagues|co-?workers))"),
        _author_year,
    ),
)
_LONGEST_NUMBER = 4  # digits: no list has more references
_SUPERSCRIPTS = str.maketrans("\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079", "0123456789")
_NUMBERS = r"\d{1,3}(?:\s*[,;\u2010-\u2015-]\s*\d{1,3})*"
# Where in it: [1, p. 445]   [2, Table 3]   [3: 12]
_WHERE = (
    r"(?:\s*[,;:]\s*(?i:pp?\.?|pages?|chap(?:ter|\.)?|ch\.|tables?|figs?\.?|figures?|sec(?:tion|\.)?|\u00a7)"
    r"\s*[\w.\u2010-\u2015-]{1,12})?"
)
_BRACKETS = re.compile(
    rf"\\?\[\^?({_NUMBERS}){_WHERE}\\?\]|\^\[?({_NUMBERS})\]?\^?|(?<![\d\s])<sup>\s*\[?({_NUMBERS})\]?\s*</sup>"
)
_PARENTHESES = re.compile(rf"\(({_NUMBERS}){_WHERE}\)(?=[.,;:]|\s*$)", re.M)
# A reference printed in full where it is cited: (Oak A, et al. J Invented Pain 2020;6:145)
_PLACE = re.compile(
    r"(?:\b(?:19|20)\d\d(?:\s[A-Z][a-z]{2,8})?(?:\s\d{1,2})?\s*;\s*\d{1,4}[A-Z]?\s*(?:\([^()\n]{1,20}\))?\s*[:,]\s*[A-Za-z]?\d{1,6}"
    r"|\b\d{1,4}\s*(?:\([^()\n]{1,12}\))?\s*:\s*\d{1,6}\s*[-\u2010-\u2015]\s*\d{1,6},?\s*\(?(?:19|20)\d\d\)?)"
    r"(?:\s*[-\u2010-\u2015]\s*[A-Za-z]?\d{1,6})?(?![\d%])"
)
_JOURNAL_BEFORE = re.compile(
    r"(?:[^\W\d_a-z][\w'\u2019-]+ [A-Z]{1,3}(?:, [^\W\d_a-z][\w'\u2019-]+ [A-Z]{1,3})*(?:,? et al)?[.,]\s+)?"
    r"(?:[A-Z][\w&'\u2019-]*\.?\s+(?:(?:of|and|the|in|for|&)\s+)*){1,8}$"
)
_IN_FULL = 300  # characters before the place
_RAISED = re.compile(
    r"(?:(?<=[^\W\d_]{3})|(?<=[.,;:)\"\u201d]))([\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+(?:[,\u207b\u2010-\u2015-][\u2070\u00b9\u00b2\u00b3\u2074-\u2079]+)*)"
)
# Where a page's superscripts became plain digits: "relief.1,2 The"
_GLUED = re.compile(rf"(?<=[a-z)\"\u201d][.,;])({_NUMBERS})(?=\s+[A-Z]|\s*$)", re.M)


def find_mentions(
    text: str,
    entries: list[FoundReference],
    out_of_time: Callable[[], bool] = lambda: False,
    notes: Iterable[int] = (),
) -> list[FoundReference]:
    """Mentions in order, none overlapping another; ``entries`` and short ``notes`` say which numbers can be citations.

    ``out_of_time`` is asked before each way of citing; the rest are left out then.
    """
    numbers = {*notes, *(entry.number for entry in entries if entry.number is not None)}
    found = list(_worded(text, entries, out_of_time))
    if not out_of_time():
        found = [*_printed_in_full(text), *found, *_named(text, entries), *_numbered(text, numbers)]
    kept: list[FoundReference] = []
    taken = bytearray(len(text))
    for mention in found:  # the order of _WAYS is the order of trust
        if not any(taken[mention.start : mention.end]):
            kept.append(mention)
            taken[mention.start : mention.end] = b"\x01" * (mention.end - mention.start)
    return sorted(kept, key=lambda mention: mention.start)


def _worded(text: str, entries: list[FoundReference], out_of_time: Callable[[], bool]) -> Iterator[FoundReference]:
    listed = {family_key(entry.parsed.authors[0]) for entry in entries if entry.parsed.authors}
    for pattern, build in _WAYS:
        if out_of_time():
            return
        for match in pattern.finditer(text):
            parsed = build(match)
            if parsed is None:
                continue
            bare = pattern is _BARE and listed and not _ACTS.match(text, match.end())
            if bare and family_key(parsed.authors[0]) not in listed:
                continue  # "Leeds (2019)": where there is a list, a bare name has to stand in it, or to do something
            yield _with_group(text, _mention(text, match.start(), match.end(), parsed))


def _printed_in_full(text: str) -> Iterator[FoundReference]:
    """References that stand in the sentence itself, in brackets or after a journal's name."""
    for place in _PLACE.finditer(text):
        before = text[max(0, place.start() - _IN_FULL) : place.start()].rsplit("\n", 1)[-1]
        opened = max(before.rfind("("), before.rfind("["))
        if opened >= 0 and not re.search(r"[)\]]", before[opened:]) and len(before) - opened > 3:
            start = place.start() - len(before) + opened + 1
        else:
            journal = _JOURNAL_BEFORE.search(before)
            if journal is None:
                continue
            start = place.start() - len(before) + journal.start()
        printed = text[start : place.end()]
        parsed = parse_reference(printed)
        if parsed.year and parsed.first_page and (parsed.journal or parsed.title):
            yield _mention(text, start, place.end(), parsed)


_THEN_YEAR = re.compile(rf",?\s+{_YEAR}\b")
_THEN_PAGES = re.compile(rf"(?:{_OTHERS})?(?:,?\s+{_PAGES})?\s*\)")
_THEN_WORK = re.compile(
    r"(?:['\u2019]s?)?\s+(?:study|trial|review|paper|cohort|registry|series|report|team|group|meta-analysis)\b"
)
_THE = re.compile(r"\b[Tt]h(?:e|is|at)\s+$")
_FIRST_WORD = re.compile(r"\w+")


def _named(text: str, entries: list[FoundReference]) -> Iterator[FoundReference]:
    """``Deer 2016`` without brackets, ``the Deer trial``, MLA's ``(Deer 515)``: only when the list has a Deer."""
    names: dict[str, set[str]] = defaultdict(set)
    for entry in entries:
        first = _FIRST_WORD.match(entry.parsed.authors[0]) if entry.parsed.authors else None
        if first and entry.parsed.authors[0].lower() not in _NO_NAMES:
            names[first.group()].add(entry.parsed.authors[0])
    for word in _FIRST_WORD.finditer(text) if names else ():
        listed = names.get(word.group())
        for name in _standing(text, word.start(), listed) if listed else ():
            start, end = word.start(), word.start() + len(name)
            opened = _opened(text, start)
            year, pages = _THEN_YEAR.match(text, end), _THEN_PAGES.match(text, end) if opened is not None else None
            author = (re.sub(r"['\u2019]s$", "", name),)
            if year:
                parsed = ParsedReference(text[start : year.end()], authors=author, year=int(year.group("year")))
                yield _mention(text, start, year.end(), parsed)
            elif _THEN_WORK.match(text, end) and _THE.search(text, max(0, start - 8), start):
                parsed = ParsedReference(text[start:end], authors=author)
                yield _mention(text, start, end, parsed)
            if pages and opened is not None:
                parsed = ParsedReference(text[opened : pages.end()], authors=author)
                yield _mention(text, opened, pages.end(), parsed)


def _standing(text: str, start: int, names: set[str]) -> list[str]:
    """Those of the names that stand here, the longest first; there are few lengths, however many names."""
    return [
        name for size in sorted({len(n) for n in names}, reverse=True) if (name := text[start : start + size]) in names
    ]


def _opened(text: str, start: int) -> int | None:
    """Where a bracket opens just before, blanks between."""
    before = start
    while before and start - before < _FAR and text[before - 1].isspace():
        before -= 1
    return before - 1 if text[before - 1 : before] == "(" else None


def _with_group(text: str, mention: FoundReference) -> FoundReference:
    """``the X Consensus Committee in their August 2014 guideline``: the group just before is the author."""
    if mention.parsed.authors:
        return mention
    before = text[max(0, mention.start - _GROUP_REACH) : mention.start]
    sentence = re.split(r"[.!?]\s", before)[-1]
    groups = list(_GROUP.finditer(sentence))
    if not groups:
        return mention
    start = mention.start - len(sentence) + groups[-1].start()
    parsed = ParsedReference(
        text[start : mention.end],
        authors=(groups[-1].group(),),
        year=mention.parsed.year,
        journal=mention.parsed.journal,
    )
    return _mention(text, start, mention.end, parsed)


def _numbered(text: str, known: set[int]) -> Iterator[FoundReference]:
    patterns = [_BRACKETS, _RAISED]
    if known:
        patterns += [_PARENTHESES, _GLUED]
    in_brackets = any(known.intersection(_numbers_of(match)) for match in _BRACKETS.finditer(text))
    for pattern in patterns:
        for match in pattern.finditer(text):
            numbers = _numbers_of(match)
            # Where brackets cite, "[1,3]" cites 1 and "[7]" something though the list has neither a 3 nor a 7; other
            # digits must all be there, for they may be anything.
            bracketed = pattern is _BRACKETS and (in_brackets or not known)
            if numbers and (bracketed or known.issuperset(numbers)):
                yield FoundReference(
                    match.group(),
                    match.start(),
                    match.end(),
                    "mention",
                    ParsedReference(match.group()),
                    numbers=numbers,
                )


def _numbers_of(match: re.Match[str]) -> tuple[int, ...]:
    printed = next(group for group in match.groups() if group)
    return _spelled_out(printed.translate(_SUPERSCRIPTS).replace("\u207b", "-"))


def _spelled_out(printed: str) -> tuple[int, ...]:
    """``1-3,5`` → ``(1, 2, 3, 5)``; empty when a range runs backwards or is too long to be one."""
    numbers: list[int] = []
    for part in re.split(r"\s*[,;]\s*", printed):
        printed_ends = re.split(r"\s*[-\u2010-\u2015]\s*", part)
        ends = [int(end) for end in printed_ends if end] if max(map(len, printed_ends)) <= _LONGEST_NUMBER else []
        if not ends or ends[-1] < ends[0] or ends[-1] - ends[0] > 50 or ends[0] == 0:
            return ()
        numbers.extend(range(ends[0], ends[-1] + 1))
        if len(numbers) > _MOST_NUMBERS:
            return ()
    return tuple(numbers)


def _mention(text: str, start: int, end: int, parsed: ParsedReference) -> FoundReference:
    while text[start].isspace():
        start += 1
    return FoundReference(text[start:end], start, end, "mention", parsed)
