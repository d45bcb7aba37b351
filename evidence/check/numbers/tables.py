"""What numbers look like in health prose: how they are written, their units, and the words around them."""

from __future__ import annotations

import re
from pathlib import Path

from evidence.bibliography.dates import ANY_MONTH
from evidence.rules import load_rules

PEOPLE, PERCENT, TIME, RATE, PLAIN, YEAR = "people", "percent", "time", "rate", "plain", "year"
P_VALUE, FOLD = "p", "fold"

SMALL = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10,
    "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16, "seventeen": 17,
    "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70,
    "eighty": 80, "ninety": 90,
}  # fmt: skip
LARGE = {"dozen": 12, "hundred": 100, "thousand": 1_000, "million": 1_000_000}
ONE_WORD = "|".join([*SMALL, *LARGE])
WORDS = rf"(?:an? )?(?:{ONE_WORD})(?:(?:[ -]|(?<=hundred) and |(?<=thousand) and )(?:{ONE_WORD})){{0,6}}"
DIGITS = r"(?:\d{1,3}(?:[, \u2009]\d{3})+(?!\d)|\d+)(?:[.\u00b7]\d+)?|(?<!\d)[.\u00b7]\d+"
VALUE = rf"(?:{DIGITS}|\b{WORDS}\b)"
NUMBER = re.compile(
    rf"(?<![\w./])(?<![A-Za-z]-)(?P<sign>[-\u2212\u2013](?=\d)(?<=\s.|\(.|[=<>].))?(?P<a>{VALUE})"
    rf"(?:\s*(?P<unit_a>%|percent|Hz|kHz|mg)?\s*(?P<to>-|\u2010|\u2011|\u2012|\u2013|\u2014|to|and|"
    rf"or)\s*(?P<sign_b>(?<=to\s)[-\u2212\u2013](?=\d))?(?P<b>{VALUE}))?",
    re.I,
)
_UNITS = load_rules(Path(__file__).with_name("units.yml"))
PERSON, EVENTS = _UNITS.fragment("person"), _UNITS.fragment("events")
# Unit as a reader would name it → (dimension, factor to the dimension's base, pattern of the words after the number).
UNITS = tuple((rule.name, rule.dimension, rule.factor, rule.pattern) for rule in _UNITS.parts["units"])
# What follows a number that counts people without naming them.
COUNTS_PEOPLE = re.compile(
    r"\s+(?:who )?(?:of (?:them|these|those|whom|us)\b|(?:(?:were|had been|have been)(?: (?:\w+ly|then|also))? )?"
    r"(?:screened|randomi[sz]ed|enrolled|recruited|implanted|allocated|assigned|analy[sz]ed|treated|excluded|"
    r"followed|assessed|included|lost)\b|"
    r"(?:received|underwent|completed|finished|withdrew|dropped out|quit|stopped|discontinued|died|took part|"
    r"responded|improved|needed|required|reported|experienced|developed|noted|chose|liked|slept|took|wanted|"
    r"relapsed|remained|preferred|went back)\b)",
    re.I,
)
# Words before a number that say what it is.
BEFORE = (
    ("n", re.compile(r"\b(?:[nN]\s*=|sample(?: size)? of|total of)\s*$")),
    ("p", re.compile(r"\bp(?:[- ]?values?)?\s*(?:[<>=≤≥]|of|was|were)+\s*$", re.I)),
    ("ratio", re.compile(r"\b(?:OR|HR|RR|SMD|MD|odds ratio|hazard ratio|risk ratio|relative risk|"
        r"difference)\W{0,4}(?:of|was|=|,)?\s*$", re.I)),
    ("money", re.compile(r"[$€£]\s*$")),
    ("age", re.compile(r"\b(?:aged?|ages|years? of age)(?: (?:of|was|over|under))?\s*$|"
        r"\bage\b[^.;,\d]{1,30}\b(?:was|is)\s*$", re.I)),
    ("score", re.compile(r"\b(?:VAS|NRS|NPRS|ODI|RMDQ|EQ-5D|SF-36|score|pain|scores?)\b[^.;\d]{0,24}\b(?:from|to|of|"
        r"was|were|by|at)\s*$", re.I)),
)  # fmt: skip
# What stands before a number that only names something.
NAMES = re.compile(
    r"(?:\b(?:type|phase|grade|stage|level|class|figures?|fig\.?|table|tab\.?|ref\.?|refs\.?|version|chapter|"
    r"appendix|group|arm|step|"
    r"covid|interleukin|factor|vitamin|category|section|part|page|pages|pp?\.|vol(?:ume|\.)?|no\.|number|supplement|"
    r"specify|hf|omega|pmid:?|nct|isrctn|doi:?)[\s-]*|#|\[|10\.)$",
    re.I,
)
YEAR_BEFORE = re.compile(
    rf"(?:\b(?:in|since|from|by|of|until|during|before|after|a|an|the|early|late|and|to|{ANY_MONTH})|[(,;]|"
    rf"\b[A-Z][a-z]+)\s*$",
    re.I,
)  # fmt: skip
THRESHOLD_BEFORE = re.compile(r"(?:≥|>=|>|\bat least|\bmore than|\bover|\bminimum(?: of)?|\bgreater than)\s*$", re.I)
THRESHOLD_AFTER = re.compile(
    r"\s*(?:%|per ?cent)?\s*(?:or (?:more|greater|better))?\s*(?:[\w-]+ ){0,3}(?:relief|reduction|improvement|"
    r"decrease)\b",
    re.I,
)
RELIEF_OF = re.compile(
    r"\b(?:relief|reduction|improvement|decrease|fall|falls|fell|drop|drops|dropped|decline|change|loss)(?: \w+){0,3} "
    r"(?:of|by) (?:at least|≥|>=|more than|over)\s*$",
    re.I,
)
OR_MORE = re.compile(
    r"\s*(?:%|per ?cent)?\s*(?:(?:or (?:more|greater|better))|(?:[\w-]+ )?(?:relief|reduction|"
    r"improvement) or (?:more|greater|better))",
    re.I,
)
COMPARATORS = (
    (">", re.compile(r"(?:≥|>=|>|\bat least|\bmore than|\bover|\bgreater than|\babove|\bexceed\w*|"
        r"\bupwards? of)\s*$", re.I)),
    ("<", re.compile(r"(?:≤|<=|<|\bat most|\bless than|\bunder|\bfewer than|\bbelow|\bup to|\bas (?:many|"
        r"much) as)\s*$", re.I)),
    ("~", re.compile(r"(?:~|≈|\babout|\baround|\bapproximately|\broughly|\bsome|\bnearly|\balmost|\bclose to|"
        r"\bcirca|\bca\.?)\s*(?:an?\s*)?$", re.I)),
)  # fmt: skip
CHANGE = re.compile(
    r"\b(?:decreas\w*|reduc\w*|fall|falls|fell|drop\w*|lower\w*|cut|cuts|increas\w*|improv\w*|rise|rises|rose|"
    r"declin\w*|relief of|"
    r"less pain|(?:mean|average) (?:pain )?relief|gain\w*|change\w*)\b",
    re.I,
)
# Verbs of a change with two ends.
CHANGES = re.compile(
    r"\b(?:fell|falls?|dropp?\w*|rose|rises?|went|goes|chang\w+|declin\w+|decreas\w+|increas\w+|reduc\w+|improv\w+|"
    r"lower\w*|grew|climbed)\b[^,;.]*$",
    re.I,
)
SHARE = re.compile(
    r"^\s*(?:%|per ?cent)?\s*(?:\([^)]*\)\s*)?of (?:the |all |these |those |his |her |their )?(?:[\w-]+ ){0,3}"
    + PERSON,
    re.I,
)
RESPONDER = re.compile(
    r"\brespon(?:d|ders?|se rate)\w*|\btreatment success|\bsuccess rate|(?:≥|>=|at least) ?(?:50|half)", re.I
)
CHANGED_BY = re.compile(
    CHANGE.pattern
    + r"[^,;.]{0,40}\bby\s+(?:about |around |approximately |up to |more than |nearly |almost |over |as much as )?$",
    re.I,
)
DURATION = re.compile(r"\b(?:last\w*|takes?|took|session|procedure|treatment|duration|each|visit|long)\b", re.I)
OF = re.compile(rf"(?:\d|\b(?:{ONE_WORD}))\s*(?:of|out of|/)\s*(?:the )?$", re.I)
SHORT = 1.0  # a time of less than a day is a session's; longer ones are a course's or a follow-up's
WINDOW = 70
