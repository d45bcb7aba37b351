"""The numbers of a sentence: value or range, unit, and the part each one plays.

Written for health prose and abstracts alike: ``11 failed back surgery patients``, ``n = 11``, ``eleven people``;
``80.1%``, ``four in five``; ``half an hour``; ``10 kHz``. Numbers that only name something (``type 2 diabetes``,
``[3]``, ``L4-L5``, a DOI) are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

PEOPLE, PERCENT, TIME, RATE, PLAIN, YEAR = "people", "percent", "time", "rate", "plain", "year"

_SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
_LARGE = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
_ONE_WORD = "|".join([*_SMALL, *_LARGE])
_WORDS = rf"(?:an? )?(?:{_ONE_WORD})(?:(?:[ -]|(?<=hundred) and |(?<=thousand) and )(?:{_ONE_WORD}))*"
_DIGITS = r"(?:\d{1,3}(?:[, \u2009]\d{3})+(?!\d)|\d+)(?:[.\u00b7]\d+)?|(?<!\d)[.\u00b7]\d+"
_VALUE = rf"(?:{_DIGITS}|\b{_WORDS}\b)"
_NUMBER = re.compile(
    rf"(?<![\w./])(?<![A-Za-z]-)(?P<sign>[-\u2212\u2013](?=\d)(?<=\s.|\(.|[=<>].))?(?P<a>{_VALUE})"
    rf"(?:\s*(?P<unit_a>%|percent|Hz|kHz|mg)?\s*(?P<to>-|\u2010|\u2011|\u2012|\u2013|\u2014|to|and|or)\s*(?P<b>{_VALUE}))?",
    re.I,
)
# Fractions in words → percent. "a third of patients", "two-thirds", "one in five", "8 out of 10".
_FRACTIONS = (
    (re.compile(r"\b(?:two|2)[ -]?thirds\b", re.I), 200 / 3), (re.compile(r"\b(?:three|3)[ -]quarters\b", re.I), 75.0),
    (re.compile(r"\b(?:a|one)[ -](?:third)\b", re.I), 100 / 3), (re.compile(r"\b(?:a|one)[ -]quarter\b", re.I), 25.0),
    (re.compile(r"\b(?:a|one)[ -]fifth\b", re.I), 20.0),
    (re.compile(r"\bhalf (?:of|the|their|those|as)\b|\bhalved?\b|\bby half\b|\b(?:a|one)[ -]half\b", re.I), 50.0),
)  # fmt: skip
_HALF_HOUR = re.compile(r"\b(?:half an hour|half[ -]hour)\b", re.I)
_NTH = {"first": 1, "second": 2, "third": 3, "fifth": 5}
_NTH_YEAR = re.compile(r"\b(first|second|third|fifth) (?:postoperative |post-implant )?year\b", re.I)
_IN_N = re.compile(rf"\b(?P<a>{_VALUE}) (?:in|out of(?: every)?) (?P<b>{_VALUE})\b(?!\s*%)", re.I)
_ADVERBS = re.compile(
    r"\b(?P<word>once|twice|thrice)(?: or (?P<more>twice|thrice))?(?=,? (?:a|per|each|every|daily|weekly|monthly))",
    re.I,
)
_TIMES = {"once": 1, "twice": 2, "thrice": 3}

_PERSON = (
    r"(?:patients?|participants?|subjects?|people|persons?|adults?|individuals?|volunteers?|men|women|children|adolescents?|"
    r"sufferers?|recipients?|responders|veterans?|respondents?|cases|physicians?|users|enrollees|implantees|evaluable)"
)
# A word that may stand between a number and what it counts: "11 failed back surgery patients".
_BETWEEN = (
    r"(?:(?!(?:of|in|at|from|and|or|versus|vs|for|with|to|had|were|was|is|are|who|per|on|by|the|after|over|"
    rf"{_PERSON})\b)[A-Za-z][\w'\u2019/-]*,? )"
)
# Unit as a reader would name it → (dimension, factor to the dimension's base, pattern of the words after the number).
# Tried in this order; up to five words may stand before a person.
_UNITS: tuple[tuple[str, str, float, re.Pattern[str]], ...] = tuple(
    (name, dimension, factor, re.compile(pattern, 0 if name in ("mA", "V", "n") else re.I))
    for name, dimension, factor, pattern in (
        ("percentage points", "points", 1, r"\s?(?:percentage points?|%-points?)"),
        ("%", PERCENT, 1, r"[\s-]?(?:%|per ?cent\b|percent\b)"),
        ("year-old", "age", 1, r"[ -]years?[ -](?:old|of age)"),
        ("per week", RATE, 1, r"(?:[ -](?:times|x|sessions?|treatments?|visits?|days?))?(?: ?[x×])?,?(?: (?:a|per|each|every) week\b|(?<=times) weekly\b)"),
        ("per day", RATE, 7, r"(?:[ -](?:times|x|sessions?|treatments?|hours?))?,? (?:(?:a|per|each|every) day|daily)\b"),
        ("per month", RATE, 7 / 30.44, r"(?:[ -](?:times|x|sessions?|treatments?))?,? (?:(?:a|per|each|every) month|monthly)\b"),
        ("minutes", TIME, 1 / 1440, r"[\s-]?(?:minutes?|mins?)\b"), ("hours", TIME, 1 / 24, r"[\s-]?(?:hours?|hrs?|h)\b"),
        ("seconds", TIME, 1 / 86400, r"[\s-]?(?:seconds?|secs?)\b"), ("days", TIME, 1, r"[\s-]?days?\b"),
        ("weeks", TIME, 7, r"[\s-]?(?:weeks?|wks?)\b"), ("months", TIME, 30.4375, r"[\s-]?(?:months?|mos?|mths?)\b"),
        ("years", TIME, 365.25, r"[\s-]?(?:years?|yrs?)\b"), ("decades", TIME, 3652.5, r"[\s-]decades?\b"),
        ("kHz", "Hz", 1000, r"[\s-]?(?:kHz|kilohertz)\b"), ("Hz", "Hz", 1, r"[\s-]?(?:Hz|hertz|pps)\b"),
        ("mg", "mg", 1, r"[\s-]?(?:mg|milligrams?|MMEs?|MEDs?|OMEs?|morphine milligram)\b"),
        ("µg", "mg", 0.001, r"[\s-]?(?:[µμ]g|mcg|micrograms?)\b"), ("g", "mg", 1000, r"[\s-]?(?:grams?)\b"),
        ("mL", "mL", 1, r"[\s-]?(?:ml|millilit(?:er|re)s?)\b"), ("mA", "mA", 1, r"[\s-]?(?:mA|milliamp\w*)\b"),
        ("µs", "µs", 1, r"[\s-]?(?:[µμ]s(?:ec)?|microseconds?)\b"), ("ms", "µs", 1000, r"[\s-]?(?:ms(?:ec)?|milliseconds?)\b"),
        ("V", "V", 1, r"\s?(?:V|volts?)\b"), ("cm", "cm", 1, r"[\s-]?(?:cm|centimet(?:er|re)s?)\b"),
        ("mm", "cm", 0.1, r"[\s-]?(?:mm|millimet(?:er|re)s?)\b"),
        ("kg/m2", "kg/m2", 1, r"\s?kg/m(?:2|²)"), ("kg", "kg", 1, r"[\s-]?kg\b"),
        ("dollars", "money", 1, r"\s?(?:dollars|USD|euros?|pounds)\b"),
        ("points", "points", 1, r"(?:[ -](?:VAS|NRS|ODI|Oswestry))?[ -]points?\b"),
        ("sessions", "sessions", 1, rf"[ -]{_BETWEEN}{{0,2}}(?:sessions?|treatments|visits|appointments)\b"),
        ("electrodes", "electrodes", 1, rf"[ -]{_BETWEEN}{{0,3}}(?:electrodes?|needles?|probes?|contacts?|safe ?guides?)\b"),
        ("leads", "leads", 1, rf"[ -]{_BETWEEN}{{0,2}}(?:leads?|columns?)\b"),
        ("trials", "studies", 1, rf"[ -]{_BETWEEN}{{0,3}}(?:trials|studies|RCTs|reports|articles|papers|reviews)\b"),
        ("sites", "sites", 1, rf"[ -]{_BETWEEN}{{0,3}}(?:sites|cent(?:re|er)s|hospitals|clinics|institutions)\b"),
        ("implants", "implants", 1, rf"[ -]{_BETWEEN}{{0,2}}(?:implants|implantations|devices|pumps|procedures|operations|infections|revisions|explants)\b"),
        ("patients", PEOPLE, 1, rf"[ -]{_BETWEEN}{{0,5}}?{_PERSON}\b"),
        ("times", "fold", 1, r"(?:[ -]?fold|[ -]times(?: (?:more|less|as|higher|lower|greater))?)\b"),
    )
)  # fmt: skip
# Words before a number that say what it is.
_BEFORE = (
    ("n", re.compile(r"\b(?:[nN]\s*=|sample(?: size)? of|total of)\s*$")),
    ("p", re.compile(r"\bp(?:[- ]?values?)?\s*(?:[<>=≤≥]|of|was|were)+\s*$", re.I)),
    ("ratio", re.compile(r"\b(?:OR|HR|RR|SMD|MD|odds ratio|hazard ratio|risk ratio|relative risk|difference)\W{0,4}(?:of|was|=|,)?\s*$", re.I)),
    ("money", re.compile(r"[$€£]\s*$")),
    ("age", re.compile(r"\b(?:aged?|ages|years? of age)(?: (?:of|was|over|under))?\s*$", re.I)),
    ("score", re.compile(r"\b(?:VAS|NRS|NPRS|ODI|RMDQ|EQ-5D|SF-36|score|pain|scores?)\b[^.;\d]{0,24}\b(?:from|to|of|was|were|by|at)\s*$", re.I)),
)  # fmt: skip
# What stands before a number that only names something.
_NAMES = re.compile(
    r"(?:\b(?:type|phase|grade|stage|level|class|figures?|fig\.?|table|tab\.?|ref\.?|refs\.?|version|chapter|appendix|group|arm|step|"
    r"covid|interleukin|factor|vitamin|category|section|part|page|pages|pp?\.|vol(?:ume|\.)?|no\.|number|supplement|"
    r"specify|hf|omega|pmid:?|nct|isrctn|doi:?)[\s-]*|#|\[|10\.)$",
    re.I,
)
_YEAR_BEFORE = re.compile(
    r"(?:\b(?:in|since|from|by|of|until|during|before|after|a|an|the|early|late|and|to|january|february|march|april|may|june|july|"
    r"august|september|october|november|december)|[(,;]|\b[A-Z][a-z]+)\s*$",
    re.I,
)  # fmt: skip
_THRESHOLD_BEFORE = re.compile(r"(?:≥|>=|>|\bat least|\bmore than|\bover|\bminimum(?: of)?|\bgreater than)\s*$", re.I)
_THRESHOLD_AFTER = re.compile(
    r"\s*(?:%|per ?cent)?\s*(?:or (?:more|greater|better))?\s*(?:[\w-]+ ){0,3}(?:relief|reduction|improvement|decrease)\b",
    re.I,
)
_RELIEF_OF = re.compile(
    r"\b(?:relief|reduction|improvement|decrease)(?: \w+)? (?:of|by) (?:at least|≥|>=|more than|over)\s*$", re.I
)
_OR_MORE = re.compile(
    r"\s*(?:%|per ?cent)?\s*(?:(?:or (?:more|greater|better))|(?:[\w-]+ )?(?:relief|reduction|improvement) or (?:more|greater|better))",
    re.I,
)
_COMPARATORS = (
    (">", re.compile(r"(?:≥|>=|>|\bat least|\bmore than|\bover|\bgreater than|\babove|\bexceed\w*|\bupwards? of)\s*$", re.I)),
    ("<", re.compile(r"(?:≤|<=|<|\bat most|\bless than|\bunder|\bfewer than|\bbelow|\bup to|\bas (?:many|much) as)\s*$", re.I)),
    ("~", re.compile(r"(?:~|≈|\babout|\baround|\bapproximately|\broughly|\bsome|\bnearly|\balmost|\bclose to|\bcirca|\bca\.?)\s*(?:an?\s*)?$", re.I)),
)  # fmt: skip
_CHANGE = re.compile(
    r"\b(?:decreas\w*|reduc\w*|fall|falls|fell|drop\w*|lower\w*|cut|cuts|increas\w*|improv\w*|rise|rises|rose|declin\w*|relief of|"
    r"less pain|(?:mean|average) (?:pain )?relief|gain\w*|change\w*)\b",
    re.I,
)
_SHARE = re.compile(
    r"^\s*(?:%|per ?cent)?\s*(?:\([^)]*\)\s*)?of (?:the |all |these |those |his |her |their )?(?:[\w-]+ ){0,3}"
    + _PERSON,
    re.I,
)
_RESPONDER = re.compile(
    r"\brespon(?:d|ders?|se rate)\w*|\btreatment success|\bsuccess rate|(?:≥|>=|at least) ?(?:50|half)", re.I
)
_CHANGED_BY = re.compile(
    _CHANGE.pattern
    + r"[^,;.]{0,40}\bby\s+(?:about |around |approximately |up to |more than |nearly |almost |over |as much as )?$",
    re.I,
)
_DURATION = re.compile(r"\b(?:last\w*|takes?|took|session|procedure|treatment|duration|each|visit|long)\b", re.I)
_OF = re.compile(rf"(?:\d|\b(?:{_ONE_WORD}))\s*(?:of|out of|/)\s*(?:the )?$", re.I)
_SHORT = 1.0  # a time of less than a day is a session's; longer ones are a course's or a follow-up's
_WINDOW = 70


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text: ``text[start:end]`` is the number with its unit.

    ``value`` as printed; ``low``–``high`` a range (equal to ``value`` otherwise); ``base`` the two ends in the
    dimension's base unit (days, per week, Hz, mg); ``compare`` is ``>``, ``<``, ``~`` or ``""``; ``decimals`` printed.
    """

    text: str
    start: int
    end: int
    value: float
    low: float
    high: float
    unit: str
    dimension: str
    role: str
    factor: float = 1.0
    compare: str = ""
    decimals: int = 0

    @property
    def base(self) -> tuple[float, float]:
        return self.low * self.factor, self.high * self.factor


def find_numbers(text: str) -> list[Number]:
    """Every number of a text that counts or measures something, in order."""
    found: list[Number] = []
    taken: list[tuple[int, int]] = []
    for number in _special(text):
        found.append(number)
        taken.append((number.start, number.end))
    for match in _NUMBER.finditer(text):
        for number in _from_match(text, match):
            if not any(a < number.end and number.start < b for a, b in taken):
                found.append(number)
                taken.append((number.start, number.end))
    return sorted(found, key=lambda number: number.start)


def _special(text: str) -> list[Number]:
    """Fractions in words, half an hour, one in five, twice a week."""
    found = []
    for pattern, value in _FRACTIONS:
        for m in pattern.finditer(text):
            if not _HALF_HOUR.match(text, m.start()):
                role = _percent_role(text, m.start(), m.end())
                found.append(
                    _number(
                        text,
                        m.start(),
                        m.end(),
                        value,
                        value,
                        "%",
                        PERCENT,
                        role,
                        compare=_compare(text, m.start()) or "~",
                    )
                )
    for m in _HALF_HOUR.finditer(text):
        found.append(_number(text, m.start(), m.end(), 30, 30, "minutes", TIME, "duration", 1 / 1440))
    for m in _NTH_YEAR.finditer(text):
        years = _NTH[m.group(1).lower()]
        found.append(_number(text, m.start(), m.end(), years, years, "years", TIME, "followup", 365.25))
    for m in _IN_N.finditer(text):
        a, b = _value(m.group("a")), _value(m.group("b"))
        if 0 < a < b and b in (3, 4, 5, 6, 8, 10, 20, 100):
            share = 100 * a / b
            found.append(
                _number(
                    text,
                    m.start(),
                    m.end(),
                    share,
                    share,
                    "%",
                    PERCENT,
                    "percent",
                    compare=_compare(text, m.start()) or "~",
                )
            )
    for m in _ADVERBS.finditer(text):
        low, high = _TIMES[m.group("word").lower()], _TIMES[(m.group("more") or m.group("word")).lower()]
        for name, dimension, factor, pattern in _UNITS:
            unit = pattern.match(text, m.end()) if dimension == RATE else None
            if unit:
                found.append(_number(text, m.start(), unit.end(), low, high, name, RATE, "frequency", factor))
                break
    return found


def _number(
    text: str, start: int, end: int, low: float, high: float, unit: str, dimension: str, role: str,
    factor: float = 1.0, compare: str = "", decimals: int = 0,
) -> Number:  # fmt: skip
    value = low if low == high else (low + high) / 2
    return Number(text[start:end], start, end, value, low, high, unit, dimension, role, factor, compare, decimals)


def _from_match(text: str, match: re.Match[str]) -> list[Number]:
    """The number, the range, or the two numbers joined by ``and`` that a match holds."""
    if _NAMES.search(text[max(0, match.start() - 16) : match.start()]):
        return []
    first, second, link = match.group("a"), match.group("b"), (match.group("to") or "").lower()
    alone = _one(text, match.start(), match.end("a"), first, match.group("sign"))
    other = _one(text, match.start("b"), match.end("b"), second, None) if second else None
    if other is None:
        return [alone] if alone else []
    low, high = _value(first), _value(second)
    joined = link != "and" or _between(text, match.start())
    if joined and low < high and not match.group("sign") and other.dimension != YEAR:
        start = match.start("a")
        decimals = max(alone.decimals if alone else 0, other.decimals)
        printed = text[start : other.end]
        return [
            replace(other, text=printed, start=start, value=(low + high) / 2, low=low, high=high, decimals=decimals)
        ]
    if alone is None:  # "two and three sessions": a small number in words counts once its unit is known
        alone = replace(other, text=first, start=match.start("a"), end=match.end("a"), value=low, low=low, high=low)
        return [alone, other] if other.dimension not in (PLAIN, YEAR) else [other]
    if alone.dimension == PLAIN and other.dimension not in (PLAIN, YEAR):  # "13.6 and 4.6%", "30 and 45 minutes"
        alone = replace(alone, unit=other.unit, dimension=other.dimension, role=other.role, factor=other.factor)
    if other.dimension == PLAIN and alone.dimension not in (PLAIN, YEAR) and link == "to":  # "from 8.4 to 3.3"
        other = replace(other, unit=alone.unit, dimension=alone.dimension, role=alone.role, factor=alone.factor)
    return [alone, other]


def _between(text: str, start: int) -> bool:
    return bool(
        re.search(r"\b(?:between|from|range:?|ranging from|ranged from)\s*$", text[max(0, start - 16) : start], re.I)
    )


def _one(text: str, start: int, end: int, printed: str, sign: str | None) -> Number | None:
    """A single number with what stands around it; ``None`` when it only names something."""
    value = _value(printed) * (-1 if sign else 1)
    decimals = len(re.split(r"[.\u00b7]", printed)[-1]) if re.search(r"[.\u00b7]\d", printed) else 0
    before = text[max(0, start - _WINDOW) : start]
    compare = _compare(text, start)
    kind = next((name for name, pattern in _BEFORE if pattern.search(before)), "")
    if kind == "p":
        return None
    if kind == "n":
        return _number(text, start, end, value, value, "patients", PEOPLE, "n", 1.0, compare, decimals)
    if (
        printed.isdigit()
        and len(printed) == 4
        and 1900 <= value <= 2049
        and (_YEAR_BEFORE.search(before) or start == 0)
    ):
        if not re.match(r"[\s-](?:patients|participants|people|subjects|%|mg|Hz)", text[end : end + 14]):
            return _number(text, start, end, value, value, "year", YEAR, "year")
    for name, dimension, factor, pattern in _UNITS:
        if unit := pattern.match(text, end):
            if name == "patients" and printed.lower() == "one":
                return None
            if dimension == RATE and decimals:  # "7.4 a month" is no schedule
                continue
            role = _role(text, start, unit.end(), dimension, value * factor, kind)
            return _number(text, start, unit.end(), value, value, name, dimension, role, factor, compare, decimals)
    return _without_unit(text, start, end, printed, value, kind, compare, decimals)


def _without_unit(
    text: str, start: int, end: int, printed: str, value: float, kind: str, compare: str, decimals: int
) -> Number | None:
    """A number that no unit follows: money, a ratio, an age, a score, ``15 of 110``, or a bare figure."""
    after = text[end : end + 40]
    if kind in ("money", "ratio", "score", "age"):
        dimension = {"money": "money", "ratio": "ratio", "score": "points", "age": "age"}[kind]
        return _number(text, start, end, value, value, "", dimension, kind, 1.0, compare, decimals)
    if re.match(r"[A-Za-z²/]|-[A-Za-z]", after) or (printed[0].isalpha() and value < 13):
        return None  # "3D", "10-fold" was a unit; "one", "two" in running words count nothing here
    if re.match(r"\s*(?:of|out of|/)\s*(?:the )?\d+", after) or _OF.search(text[max(0, start - 24) : start]):
        return _number(text, start, end, value, value, "patients", PEOPLE, "n_part", 1.0, compare, decimals)
    return _number(text, start, end, value, value, "", PLAIN, "other", 1.0, compare, decimals)


def _value(printed: str) -> float:
    """``1,234.5`` → 1234.5; ``two hundred and six`` → 206; ``a dozen`` → 12."""
    plain = printed.lower().replace("\u00b7", ".")
    if plain[0].isdigit() or plain[0] == ".":
        return float(re.sub(r"[, \u2009]", "", plain))
    total = current = 0
    for word in re.split(r"[ -]+", plain):
        if word in _SMALL:
            current += _SMALL[word]
        elif word in _LARGE:
            current = max(current, 1) * _LARGE[word]
            if _LARGE[word] >= 1000:
                total, current = total + current, 0
    return float(total + current)


def _compare(text: str, start: int) -> str:
    before = text[max(0, start - 24) : start]
    return next((sign for sign, pattern in _COMPARATORS if pattern.search(before)), "")


def _role(text: str, start: int, end: int, dimension: str, base: float, kind: str) -> str:
    before = text[max(0, start - _WINDOW) : start]
    if dimension == PEOPLE:
        return "n_part" if _OF.search(before) else "n"
    if dimension == PERCENT:
        return _percent_role(text, start, end)
    if dimension == TIME:
        if kind == "age" or re.match(r"\s*(?:old|of age)\b", text[end : end + 10]):
            return "age"
        return "duration" if base < _SHORT or _lasts(text, start, end) else "followup"
    return {
        RATE: "frequency", "sessions": "sessions", "electrodes": "count", "leads": "count", "studies": "studies", "sites": "sites",
        "Hz": "dose", "mg": "dose", "mL": "dose", "mA": "dose", "V": "dose", "µs": "dose", "points": "change" if _CHANGE.search(before) else "score",
        "age": "age", "fold": "ratio", "implants": "count", "money": "money",
    }.get(dimension, "other")  # fmt: skip


def _lasts(text: str, start: int, end: int) -> bool:
    return bool(_DURATION.search(text[max(0, start - 24) : start])) and not re.search(
        r"follow", text[start : end + 20], re.I
    )


def _percent_role(text: str, start: int, end: int) -> str:
    before, after = text[max(0, start - _WINDOW) : start], text[end : end + _WINDOW]
    before = re.split(r"[;.]\s|\d\s?%", before)[-1]
    if (
        _THRESHOLD_BEFORE.search(before)
        and _THRESHOLD_AFTER.match(after)
        and re.search(r"[\d%)]|\b(?:responders?|patients|had|with)\b", before)
    ):
        return "threshold"
    if _RELIEF_OF.search(before) or _OR_MORE.match(after):
        return "threshold"
    if re.match(r"\s*(?:CI|confidence)", after):
        return "other"
    if _SHARE.match(after):
        return "responder" if _RESPONDER.search(after) else "percent"
    if re.match(
        r"\s*(?:(?!(?:had|have|has|got|get|with|felt|found|reported|reached|achieved|saw|of|in|and|the|needed) )[\w-]+ )?(?:decrease|reduction|fall|drop|cut|increase|improvement|rise|decline|relief|lower|less|fewer|higher|change)\b",
        after,
        re.I,
    ):
        return "change"
    if _CHANGED_BY.search(before):
        return "change"
    if _RESPONDER.search(before) or _RESPONDER.search(after):
        return "responder"
    return (
        "change"
        if re.search(
            r"\b(?:reduction|decrease|relief|improvement|increase|decline|change)\b[^,;.]{0,24}$", before, re.I
        )
        else "percent"
    )
