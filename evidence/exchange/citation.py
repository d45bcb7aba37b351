"""A printed citation of the entry itself, as databases give it in one field, into journal, date, volume, issue, pages.

PubMed's SO and CSV column Citation, Ovid's SO, Embase's Source, CINAHL's and Cochrane's.
"""

from __future__ import annotations

import re

_YEAR = r"(?:1[5-9]|20|21)\d\d"
_PAGE = r"[A-Za-z]{0,4}\d[\w.]*(?:\s?[-\u2010-\u2015]\s?[A-Za-z]{0,4}\d[\w.]*)?"
_ISSUED = re.compile(rf"Date of Publication:\s*([^.;]*?{_YEAR})")
# "Jul. 1, ", "15 June ", "Jul-Aug "
_MONTH_DAY = r"(?:(?:\d{1,2}\s)?[A-Za-z]{3,9}(?:[-/][A-Za-z]{3,9})?\.?\s*\d{0,2},?\s*)?"
# Embase prints an abstract's conference and its place before volume and page.
_CONFERENCE = r"(?:\.\s+Conference: .{2,400}?)?"
# Pages where the volume stands: a range of more than two, as double volumes are two in a row.
_RANGE = re.compile(r"(\d{1,5})\s?[-\u2010-\u2015]\s?(\d{1,5})")
# Each form once; the names of the groups are the keys of ``fields``. The first that fits is taken.
FORMS: tuple[re.Pattern[str], ...] = tuple(
    re.compile(form, re.S)
    for form in (
        # PubMed: "Pain Stud. 2019 Jul 1;17(3 Suppl 1):152-160. doi: …", "Pain Stud. 2019 Oct 5;8(10). pii: E1611."
        rf"^(?P<journal>.{{2,200}}?)\.\s+(?P<date>{_YEAR}\b[^;:.()]{{0,20}});(?P<volume>[^():;.]{{0,20}}?)"
        rf"\s*(?:\((?P<issue>[^)]{{1,40}})\))?(?:\s*:\s*(?P<pages>[^.]{{1,40}}?))?"
        r"(?:\.\s*(?:pii:\s*(?P<pii>\S+?))?(?:\.|\s|$)|$)",
        rf"^(?P<journal>.{{2,200}}?)\.\s+(?P<date>{_YEAR}\b[^;:.()]{{0,20}})\.(?:\s|$)",
        # A chapter in PsycINFO: "Roth, Ina [Ed]. (2012). A book on pain. (pp. 11-31). Oslo"
        rf"^.{{2,200}}? \[Eds?\]\.?\s+\((?P<year>{_YEAR})\)\.\s+(?P<journal>.{{2,200}}?)\.?"
        rf"\s+\(pp?\.\s*(?P<pages>{_PAGE})\)",
        # Embase.com: "Pain Studies (2019) 17:3 (152-160). Date of …: 1 Jul 2019", "(2019) 17 Article Number: 12"
        rf"^(?P<journal>.{{2,200}}?)\s+\((?P<year>{_YEAR})\)\s*(?:(?P<volume>[\w./-]{{1,15}}?)"
        rf"(?::(?P<issue>[\w ./-]{{1,30}}?))?)?\s*(?:\((?P<pages>{_PAGE}[^)]{{0,20}})\))?"
        r"(?:[.,]?\s*Article Number:\s*(?P<article_number>[\w.]+))?\s*(?:\.|$)",
        # Ovid: "Pain Studies. 17(3):152-60, 2019 Jul.", "Pain Studies. 17 (3) (pp 152-160), 2019.", also without
        # a volume (". (3):152-60", ". :152-60") or pages (". 17(3), Jul. 1, 2019"), and with a conference between.
        rf"^(?P<journal>.{{2,200}}?){_CONFERENCE}\.\s+(?:Vol\.?\s*)?(?P<volume>(?=[\w-]*\d)[\w-]{{1,12}})?\s?"
        rf"(?:\((?!pp?\b)(?P<issue>[^)]{{1,40}})\))?(?:\s*:\s*|\s*\(pp?\.?\s*)(?P<pages>[\w.\-\u2010-\u2015]{{1,25}})\)?,"
        rf"\s*(?P<date>{_MONTH_DAY}{_YEAR}\b[^.]{{0,25}})\.?",
        rf"^(?P<journal>.{{2,200}}?){_CONFERENCE}\.\s+(?:Vol\.?\s*)?(?P<volume>(?=[\w-]*\d)[\w-]{{1,12}})\s?"
        rf"\((?!pp?\b)(?P<issue>[^)]{{1,40}})\),\s*(?P<date>{_MONTH_DAY}{_YEAR}\b[^.,]{{0,25}})\.?$",
        # Zoological Record: "Pain Studies. 17(3), July 2019: 152-160, figs 1-3."; political science: "Pain Studies 17,
        # Winter 2019: 152-160.", "Pain Studies, 2019(3): 152-160."
        rf"^(?P<journal>.{{2,200}}?)\.?\s+(?P<volume>(?=[\w-]*\d)[\w-]{{1,12}})\s?(?:\((?P<issue>[^)]{{1,40}})\))?,"
        rf"\s*(?P<date>{_MONTH_DAY}{_YEAR})\s?:\s?(?P<pages>{_PAGE})",
        rf"^(?P<journal>.{{2,200}}?),\s(?P<year>{_YEAR})\s?\((?P<issue>[^)]{{1,40}})\)\s?:\s?(?P<pages>{_PAGE})",
        # CAB Abstracts: "Pain Studies; 2019. 17(3):152-160. 14 ref.", ERIC: "Pain Studies; v17 n3 p152-160 Jul 2019"
        rf"^(?P<journal>.{{2,200}}?);\s(?P<year>{_YEAR})\.\s(?P<volume>(?=[\w-]*\d)[\w-]{{1,12}})?\s?"
        rf"(?:\((?P<issue>[^)]{{1,40}})\))?\s?:\s?(?P<pages>{_PAGE})",
        rf"^(?P<journal>.{{2,200}}?)[;,]\sv(?P<volume>\d{{1,5}})(?:\sn(?P<issue>[\w/-]{{1,12}}))?(?:\spp?(?P<pages>{_PAGE}))?"
        rf"\s(?P<date>{_MONTH_DAY}{_YEAR})\b",
        # Journals@Ovid: "Pain Studies. Publish Ahead of Print, July 1, 2019."
        r"^(?P<journal>.{2,200}?)\.\s+(?:Publish Ahead of Print|Online First|Articles? in Press)[^,]{0,20},"
        rf"\s*(?P<date>{_MONTH_DAY}{_YEAR})",
        # A chapter in BIOSIS: "Roth, Ina [Editor], Lind, Karl [Editor]. A book on pain.:371-397, 2004."
        rf"^(?:.{{2,400}} \[Editors?[^\]]{{0,40}}\]\.\s+)?(?P<journal>[^\[\]]{{2,200}}?)\.?\s?:\s?(?P<pages>{_PAGE}),"
        rf"\s*(?P<date>{_MONTH_DAY}{_YEAR}\b[^.]{{0,25}})(?:\.|$)",
        # CINAHL, PEDro: "Pain Studies (PAIN STUD), 2019 Jul; 17(3): 152-60.", "Pain Studies 2019 Jul;17(3):152-160"
        rf"^(?P<journal>.{{2,200}}?)(?:\s\([A-Z][A-Z &.]+\))?,?\s(?P<date>{_YEAR}\b[^;:.()]{{0,20}});"
        r"\s*(?P<volume>[\w -]{1,20}?)"
        rf"\s*(?:\((?P<issue>[^)]{{1,40}})\))?(?:\s*:\s*(?P<pages>{_PAGE}))?(?=[.,;]|\s\(|$)",
        # PsycINFO on Ovid: "Pain Studies. Vol.17(3), 2019, pp. 152-160."
        rf"^(?P<journal>.{{2,200}}?)\.\s+Vol\.?\s*(?P<volume>[\w-]{{1,12}})\s?(?:\((?P<issue>[^)]{{1,40}})\))?[^,]{{0,30}},"
        rf"\s*(?P<date>[A-Za-z ]{{0,12}}{_YEAR}\b[^,]{{0,15}})"
        rf"(?:,\s*(?:pp?\.?|ArtID:?|Article ID:?)?\s*(?P<pages>{_PAGE}))?",
        # EBSCO: "Pain Studies. Jul2019, Vol. 17 Issue 3, p152-160. 9p."
        rf"^(?P<journal>.{{2,200}}?)[.,]\s+(?P<date>[\w/ ]{{0,15}}{_YEAR}),\s*Vol\.?\s*(?P<volume>[\w-]{{1,12}})"
        rf"(?:,?\s*(?:Issue|No\.?)\s*(?P<issue>[\w/ -]{{1,20}}?))?(?:,\s*pp?\.?\s*(?P<pages>{_PAGE}))?(?=[.,;]|$)",
        # Cochrane and others: "Pain Studies, 2019, 17(3), 152-160", "Pain Studies 2019, 17, 152-160"
        rf"^(?P<journal>.{{2,200}}?),?\s(?P<year>{_YEAR}),\s*(?P<volume>[\w-]{{1,12}})\s?(?:\((?P<issue>[^)]{{1,40}})\))?"
        rf"(?:,\s*(?:pp?\.?\s*)?(?P<pages>{_PAGE}))?\.?$",
    )
)


def parse_citation(text: str) -> dict[str, str]:
    """The parts that a printed citation names; ``{}`` when it has none of the known forms.

    Keys: ``journal``, ``date`` or ``year``, ``volume``, ``issue``, ``pages``, ``article_number``.
    """
    text = " ".join(text.split())[:600]
    if not re.search(_YEAR, text):
        return {}
    for form in FORMS:
        found = form.match(text)
        if found:
            parts = {key: value.strip(" .,;") for key, value in found.groupdict().items() if value}
            parts["journal"] = parts["journal"].partition(". Conference:")[0]
            issued = _ISSUED.search(text)
            if issued:
                parts["date"] = issued.group(1)
            _move_pages(parts)
            if "pii" in parts:
                parts.setdefault("pages", parts.pop("pii"))
                parts.pop("pii", None)
            return {key: value for key, value in parts.items() if value}
    return {}


def _move_pages(parts: dict[str, str]) -> None:
    """ "Pain Studies. 2019 15 June; 433-441." has pages and no volume."""
    found = _RANGE.fullmatch(parts.get("volume", ""))
    if found and not parts.keys() & {"pages", "issue"} and int(found[2]) - int(found[1]) > 1:
        parts["pages"] = parts.pop("volume")
