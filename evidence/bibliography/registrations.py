"""Trial registries: their names and addresses, how their numbers are printed, and one normal form for each number."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from evidence.bibliography.normal import plain

# registry, pattern of a number as printed (groups joined make the normal form), normal form. The patterns follow what
# the registries issue: https://www.who.int/clinical-trials-registry-platform/network/primary-registries
_REGISTRIES: tuple[tuple[str, str, str], ...] = (
    ("ClinicalTrials.gov", r"\bNCT[\s:#-]{0,3}(\d{8})\b", "NCT{}"),
    ("ISRCTN", r"\bISRCTN(?: regist\w+)?(?: (?:number|no\.?|id))?[\s:#-]{0,3}(\d{8})\b", "ISRCTN{}"),
    ("EudraCT", r"(?:\b|(?<=EUCTR))((?:19|20)\d\d-\d{6}-\d\d)\b(?!-\d)", "{}"),
    ("CTIS", r"\b(20\d\d-5\d{5}-\d\d-\d\d)\b", "{}"),
    ("ANZCTR", r"\b(?:ACTRN|ANZCTR)[\s:#-]{0,3}0?(\d{14})p?\b", "ACTRN{}"),
    ("ChiCTR", r"\bChiCTR[\s-]{0,2}([A-Z]{0,4}-?\d{8,10})\b", "ChiCTR-{}"),
    ("UMIN-CTR", r"\b(?:JPRN-)?UMIN[\s:#-]{0,3}(?:CTR[\s:#-]{0,3})?(?:ID[\s:#-]{0,3})?(\d{9})(?!\d)", "UMIN{}"),
    ("jRCT", r"\b(?:JPRN-)?jRCT(s?\d{9,11})\b", "jRCT{}"),
    ("JapicCTI", r"\b(?:JPRN-)?JapicCTI[\s:-]{0,3}(\d{6})\b", "JapicCTI-{}"),
    ("DRKS", r"\bDRKS[\s:#-]{0,3}(?:ID[\s:#-]{0,3})?(\d{8})\b", "DRKS{}"),
    ("NTR", r"\bNTR\)?(?: (?:number|no\.?|id))?[\s:#-]{0,3}(\d{2,5})\b", "NTR{}"),
    (
        "NTR",
        r"\b(?:Netherlands|Dutch) (?:National )?(?:Trial )?Regist\w*[^.;]{0,25}?\bNL[\s:#-]{0,3}(\d{3,5})\b",
        "NL{}",
    ),
    ("ICTRP-NL", r"\b(NL-OMON\d{4,6})\b", "{}"),
    ("CTRI", r"\bCTRI[\s/:-]{0,2}(\d{4}/\d{2,3}/\d{4,6})\b", "CTRI/{}"),
    ("IRCT", r"\bIRCT[\s:#-]{0,3}(?:ID[\s:#-]{0,3})?(\d{11,14}N\d{1,3})\b", "IRCT{}"),
    ("CRiS", r"\bKCT[\s:#-]{0,3}(\d{7})\b", "KCT{}"),
    ("PACTR", r"\bPACTR[\s:#-]{0,3}(\d{15,16})\b", "PACTR{}"),
    ("ReBec", r"\bRBR[\s-]{1,2}([0-9a-z]{6,8})\b", "RBR-{}"),
    ("TCTR", r"\bTCTR[\s:#-]{0,3}(\d{11})\b", "TCTR{}"),
    ("SLCTR", r"\bSLCTR[\s/:-]{0,2}(\d{4}/\d{3})\b", "SLCTR/{}"),
    ("RPCEC", r"\bRPCEC[\s:#-]{0,3}(\d{8})\b", "RPCEC{}"),
    ("LBCTR", r"\bLBCTR[\s:#-]{0,3}(\d{10})\b", "LBCTR{}"),
    ("REPEC", r"\b(PER-\d{3}-\d\d)\b", "{}"),
    ("ITMCTR", r"\bITMCTR[\s-]{0,2}(\d{10})\b", "ITMCTR{}"),
)
REGISTRIES = tuple((name, re.compile(pattern, re.I), form) for name, pattern, form in _REGISTRIES)
# Where a number can be read: its own registry where that has lasting addresses, else WHO's portal of all registries.
_OWN_PAGES = {
    "NCT": "https://clinicaltrials.gov/study/{}",
    "ISRCTN": "https://www.isrctn.com/{}",
    "DRKS": "https://drks.de/search/en/trial/{}",
    "ACTRN": "https://www.anzctr.org.au/{}.aspx",
    "CRD": "https://www.crd.york.ac.uk/PROSPERO/view/{}",
}
_AT_WHO = ("CTRI/", "IRCT", "KCT", "PACTR", "RBR-", "TCTR", "SLCTR/", "RPCEC", "LBCTR", "PER-")
_WHO_PAGE = "https://trialsearch.who.int/Trial2.aspx?TrialID={}"
_EU_PAGE = "https://www.clinicaltrialsregister.eu/ctr-search/search?query=eudract_number:{}"
_CTIS_PAGE = "https://euclinicaltrials.eu/ctis-public/view/{}"
_CTIS_NUMBER = re.compile(r"20\d\d-5\d{5}-\d\d-\d\d")
_EUDRACT_NUMBER = re.compile(r"(?:19|20)\d\d-\d{6}-\d\d")
# What a text must hold before a pattern is tried on it: letters of each pattern, in small letters, and digits.
_LETTERS: tuple[tuple[str, ...], ...] = (
    ("nct",), ("isrctn",), (), (), ("actrn", "anzctr"), ("chictr",), ("umin",), ("jrct",), ("japiccti",), ("drks",),
    ("ntr",), ("netherlands", "dutch"), ("nl-omon",), ("ctri",), ("irct",), ("kct",), ("pactr",), ("rbr",), ("tctr",),
    ("slctr",), ("rpcec",), ("lbctr",), ("per-",), ("itmctr",),
)  # fmt: skip
_EU_NUMBER, _DIGITS = re.compile(r"[12]\d\d\d-\d{5}"), re.compile(r"\d\d")
# Letters that patterns take for k, s and i, and small letters do not.
_ODD_CASE = re.compile("[\u212a\u017f\u0130\u0131]")
# Databanks of DataBankList that register trials; the others hold sequences and structures.
DATABANKS = frozenset(
    "clinicaltrials.gov isrctn eudract anzctr chictr umin-ctr umin ctr jprn drks ntr ctri irct kct cris pactr rebec rbr"
    " tctr slctr jrct japiccti rpcec ensaiosclinicos lbctr".split()
)
# What stands as the journal of a registration: the registry's name, its short name alone or before a number, or its
# address. PROSPERO registers reviews: its records are registrations too, though no trial's.
_REGISTRY_NAMES = (
    r"clinical ?trials?[. ]gov",
    r"isrctn(?: regist\w+)?|current controlled trials",
    r"e(?:u|uropean(?: union)?) clinical trials? (?:regist\w+|information system)|eudract|euctr",
    r"australia\w*(?: and| &|-)? new zealand clinical trials? regist\w+|anzctr",
    r"chinese clinical trials? regist\w+|chictr",
    r"(?:umin|university hospital medical information network)(?: clinical trials? regist\w+|-ctr)|jprn",
    r"japan(?:ese)? (?:primary )?regist\w+(?: of clinical trials)?(?: network)?|jrct|japiccti",
    r"german clinical trials? regist\w+|deutsches register klinischer studien|drks",
    r"(?:netherlands|dutch|nederlands|nederlandse)(?: national)? trial-? ?regist\w+",
    r"clinical trials? regist\w+\W+india|ctri",
    r"iranian regist\w+ of clinical trials|irct",
    r"clinical research information service",
    r"pan[ -]?african clinical trials? regist\w+|pactr",
    r"brazilian (?:regist\w+ of )?clinical trials?(?: regist\w+)?|registro brasileiro de ensaios clinicos|rebec",
    r"thai clinical trials? regist\w+|sri lanka clinical trials? regist\w+|lebanese clinical trials? regist\w+",
    r"(?:cuban|peruvian) (?:public )?(?:clinical trials? )?regist\w+(?: of (?:cuban )?clinical trials)?|rpcec|repec",
    r"(?:who )?international clinical trials? regist\w+ platform|(?:who )?ictrp|who trial ?search",
    r"prospero(?: international prospective register of systematic reviews)?",
)
_REGISTRY_HOSTS = (
    "clinicaltrials.gov", "isrctn.com", "isrctn.org", "controlled-trials.com", "clinicaltrialsregister.eu",
    "euclinicaltrials.eu", "anzctr.org.au", "chictr.org.cn", "umin.ac.jp", "jrct.niph.go.jp", "jrct.mhlw.go.jp",
    "clinicaltrials.jp", "drks.de", "germanctr.de", "trialregister.nl", "onderzoekmetmensen.nl", "ctri.nic.in",
    "irct.ir", "irct.behdasht.gov.ir", "cris.nih.go.kr", "pactr.samrc.ac.za", "pactr.org", "ensaiosclinicos.gov.br",
    "thaiclinicaltrials.org", "slctr.lk", "rpcec.sld.cu", "registroclinico.sld.cu", "lbctr.moph.gov.lb",
    "ensayosclinicos-repec.ins.gob.pe", "itmctr.ccebtcm.org.cn", "trialsearch.who.int", "who.int/trialsearch",
    "apps.who.int/trialsearch", "crd.york.ac.uk/prospero",
)  # fmt: skip
# After the name nothing, a remark in brackets, or the number: "Current Controlled Trials in Medicine" is a journal.
_NAME_ENDS = r"(?:\W*$|\s*[(\[]|\W+(?:(?:identifier|id|no|number|search|portal|database)\b|\S*\d))"
_NAME = re.compile(rf"^\W*(?:the )?(?:{'|'.join(_REGISTRY_NAMES)}){_NAME_ENDS}")
_HOST = re.compile(rf"(?<![\w-])(?:{'|'.join(re.escape(host) for host in _REGISTRY_HOSTS)})(?![\w-])")
_EUDRACT_CONTEXT = re.compile(r"eudra|clinical ?trials? ?regist|\beu ?ctr|registr", re.I)
CONTEXT = 120
LONGEST_NUMBER = 40
# Publishers print numbers with hyphens of their own: "NCT‐01234567", "2012‐001234‐56".
_DASHES = re.compile("[\u2010-\u2015\u2212]")


def registrations_in(text: str) -> list[tuple[str, str]]:
    """``(registry, number)`` of every trial number in a text, in normal form and in the order of the registries."""
    found: dict[str, str] = {}
    for registry, number, _, _ in find_registrations(text):
        found.setdefault(number, registry)
    return [(registry, number) for number, registry in found.items()]


def find_registrations(text: str) -> list[tuple[str, str, int, int]]:
    """``(registry, number, start, end)`` of every trial number, as :func:`registrations_in`, with its place."""
    if not _DIGITS.search(text) and "rbr" not in text.lower():  # Brazil's may be letters alone
        return []
    every = False
    if not text.isascii():
        text, every = _DASHES.sub("-", text), bool(_ODD_CASE.search(text))
    small, european = text.lower(), bool(_EU_NUMBER.search(text))
    found = []
    for (registry, pattern, form), letters in zip(REGISTRIES, _LETTERS, strict=True):
        if not (any(word in small for word in letters) if letters else european) and not every:
            continue
        for match in pattern.finditer(text):
            start, end = match.span()
            if registry == "EudraCT" and not _EUDRACT_CONTEXT.search(text[max(0, start - CONTEXT) : end + CONTEXT]):
                continue  # the digits alone are also a grant's or a catalogue's
            found.append((registry, _normal(form, match.group(1)), start, end))
    return found


def _normal(form: str, number: str) -> str:
    if form.startswith("RBR"):
        return form.format(number.lower())
    number = number.upper() if not form.startswith("jRCT") else number.lower()
    return (
        form.format(number)
        .replace("ChiCTR--", "ChiCTR-")
        .replace("ChiCTR-20", "ChiCTR20")
        .replace("ChiCTR-19", "ChiCTR19")
    )


def registration_page(number: str) -> str:
    """The address where a number in its normal form can be read; ``""`` where none is known to last."""
    for start, page in _OWN_PAGES.items():
        if number.startswith(start):
            return page.format(number)
    if number.startswith(_AT_WHO):
        return _WHO_PAGE.format(number)
    if _CTIS_NUMBER.fullmatch(number):
        return _CTIS_PAGE.format(number)
    return _EU_PAGE.format(number) if _EUDRACT_NUMBER.fullmatch(number) else ""


def databank_registrations(databanks: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """``(registry, number)`` of a record's DataBankList; sequences and structures are passed over."""
    found: dict[tuple[str, str], None] = {}
    for bank, accession in databanks:
        numbers = registrations_in(f"{accession} {bank}") or registrations_in(f"{bank} {accession}")
        if not numbers and bank.strip().lower() in DATABANKS and accession.strip():
            numbers = [(bank.strip(), accession.strip())]
        found.update(dict.fromkeys(numbers))
    return list(found)


@lru_cache(maxsize=65536)
def is_registry(journal: str) -> bool:
    """Whether what stands as a journal is a trial registry: its name, its address, or one of its numbers alone."""
    if not journal:
        return False
    text = plain(journal.strip())
    return bool(_HOST.search(text) or _NAME.match(text)) or registry_number(journal) is not None


def registry_number(text: str) -> tuple[str, str] | None:
    """``(registry, number)`` of a text that is nothing but one registry number; ``None`` for any other."""
    text = text.strip()
    if not text or " " in text or len(text) > LONGEST_NUMBER or not text[-1].isalnum():
        return None
    found = registrations_in(text) or registrations_in(f"EUCTR{text}")
    if len(found) != 1:
        return None
    bare, whole = (re.sub(r"[^a-z0-9]", "", part.lower()) for part in (found[0][1], text))
    rest = whole.replace(bare, "", 1)
    return found[0] if len(rest) < len(whole) and not re.search(r"\d", rest) else None
