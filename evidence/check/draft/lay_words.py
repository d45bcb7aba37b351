"""What popular articles call things: lay words → tag. The vocabulary knows the literature's words, this knows the rest.

Each entry is a regular expression (any case, whole words). A tag that the vocabulary does not have is left out, so
this table never invents one. Read after the vocabulary's own matching; the two are joined.
"""

from __future__ import annotations

import re

_RELIEF = r"(?:pain relief|relie(?:f|v\w+)|eas(?:e|es|ed|ing)|sooth\w+|less pain|pain[- ]free|help\w* (?:with )?pain)"
_LAY: dict[str, dict[str, str]] = {
    "modality": {
        "pens": r"percutaneous neuromodulation|PNT|PENS|safe ?guides?|electrical acupuncture|(?:thin|"
        r"fine) needle electrodes?",
        "scs": r"(?:spinal[- ]cord|spine|dorsal[- ]column) (?:neuro)?stimulat\w+|SCS|stimulators? in (?:the|"
        r"their) (?:spine|back)|"
        r"(?:impulses|current|pulses) (?:\w+ ){0,3}to the spinal cord",
        "scs_multicolumn": r"multi-?columns?|tripolar|multiple columns",
        "scs_dtm": r"DTM|differential target multiplex\w+",
        "scs_hf": r"HF-?10|10[- ]?kHz|high[- ]frequency (?:spinal|stimulation|SCS)",
        "scs_burst": r"burst (?:stimulation|SCS|spinal)",
        "scs_subperception": r"par[ae]*sthesia[- ]free|sub-?perception",
        "drg": r"dorsal root ganglion|DRG",
        "pns": r"peripheral nerve stimulat\w+|PNS",
        "ons": r"occipital nerve stimulat\w+",
        "tens": r"TENS|transcutaneous electrical nerve",
        "itdd": r"(?:drug|pain|infusion|implanted|morphine|medication|intrathecal) pumps?|intrathecal|"
        r"into the (?:spinal|cerebrospinal) fluid",
        "dbs": r"deep[- ]brain stimulat\w+|electrodes? (?:in|into) the brain",
        "rtms": r"magnetic stimulation|TMS",
        "vns": r"vag(?:us|al) nerve stimulat\w+",
        "neuromod_unspecified": r"neuro-?modulat\w+|neuro-?stimulat\w+|(?:implanted|implantable|"
        r"implantation) (?:stimulat\w+|systems?|devices?)|"
        r"electrical (?:nerve )?stimulation",
    },
    "outcome": {
        "pain_relief": rf"{_RELIEF}|(?:lower|lessen|reduc\w+|decreas\w+|cut\w*|manag\w+|control\w*|alleviat\w+|"
        rf"treat\w*) (?:\w+ ){{0,3}}pain|"
        r"pain (?:\w+ ){0,2}(?:improv\w+|better|go(?:es)? away|managed|management)|"
        r"effective(?:ness)?\b.{0,60}\bpain|pain\b.{0,40}\beffective",
        "pain_intensity": r"pain (?:intensity|levels?|scores?)|(?:worst|bothersome|severity of) (?:\w+ )?pain|"
        r"(?:less|lower|reduc\w+|decreas\w+|fell|cut\w*) (?:\w+ ){0,4}pain",
        "responder": r"respon(?:d|ders?|se rate)\w*|(?:at least )?(?:50 ?%|half) (?:of )?(?:\w+ ){0,2}(?:relief|"
        r"reduction)|treatment success",
        "function": r"daily activit(?:y|ies)|(?:their |physical )activit(?:y|ies)|activity levels?|(?:physical|"
        r"daily) function\w*|"
        r"functional (?:\w+ )?(?:improvement|capacity|status)|everyday life|daily li(?:fe|ving)",
        "mobility": r"mobil\w+|walk\w*|mov(?:e|ing) (?:around|better|more)",
        "disability": r"disab\w+",
        "qol": r"quality of (?:\w+ )?li(?:fe|ves)|life quality|well-?being",
        "opioid_use": r"opioids?|narcotics?|painkillers?|pain (?:medicines?|medications?|pills?|drugs?)|morphine|"
        r"analgesi\w+ use|"
        r"(?:lower|lesser|smaller|less|reduced) (?:\w+ )?(?:doses?|dosages?|quantities|amounts?)",
        "sleep": r"sleep\w*|insomnia|rest at night",
        "satisfaction": r"satisf\w+|would (?:do it again|recommend)|happy with",
        "mood": r"mood|anxiety|depress(?:ed|ion) (?:scores?|symptoms)|emotional",
        "ae": r"side effects?|adverse|complications?|risks?|safe(?:ty|ly|r)?(?! ?guides?)|harms?|low-risk",
        "infection": r"infections?|infected",
        "device_comp": r"malfunction\w*|lead (?:migration|fracture|breakage)|batter(?:y|ies) (?:may |can |"
        r"might )?(?:run|deplet|fail)\w*|device(?:-related)? "
        r"(?:\w+ ){0,2}(?:fail\w*|problems?|complications?|replaced)|(?:need to be|be) replaced",
        "reoperation": r"explant\w*|revision surger\w+|(?:surgically )?remov\w+ (?:the )?(?:device|implant|"
        r"stimulator)|surgically removed|"
        r"follow-up procedures?|re-?operation|another operation",
        "paresthesia": r"par[ae]*sthesias?|tingl\w+|buzz\w+|coverage",
        "cost": r"costs?|expens\w+|insur\w+|afford\w*|out-of-pocket",
        "work": r"(?:return|back) to work|job|employ\w+|and work\b",
        "trial_conv": r"(?:screening|trial) (?:trial|phase|period|stimulat\w+)|trial (?:run|lead)|try it out",
    },
    "condition": {
        "fbss": r"failed back(?: surgery)?(?: syndrome)?|FBSS|PSPS|(?:after|despite) (?:\w+ )?(?:back|spine|"
        r"spinal) surgery",
        "crps": r"complex regional pain|CRPS|causalgia",
        "pdn": r"diabet\w+ (?:\w+ ){0,2}(?:neuropath\w+|nerve pain)|neuropath\w+ (?:\w+ ){0,3}diabet\w+",
        "clbp": r"(?:low(?:er)?|chronic|recurring|persistent)?[- /]?(?:low(?:er)? )?back pain|lumbago|sciatica|"
        r"back and leg pain|lower back",
        "midback": r"mid-?(?:dle)?[- ]back|upper[- ]back|thoracic (?:spine|pain)",
        "neuropathic": r"neuropathic|nerve pain",
        "shoulder": r"shoulder",
        "knee": r"knees?",
        "foot": r"foot|feet",
        "headache": r"headaches?|migraines?",
        "phantom": r"amput\w+|phantom",
        "parkinson": r"parkinson\w*|movement (?:disorders?|difficulties|problems)",
        "epilepsy": r"epilep\w+|seizures?",
        "angina_ischemia": r"angina|isch[a]?emi\w+|cardiac|heart problems?",
        "spasticity": r"spastic\w+",
        "sci": r"spinal(?: cord)? (?:injur\w+|damage)",
        "bladder_bowel": r"bladder|bowel|incontinence",
        "depression": r"depression|psychiatric",
        "chronic_pain": r"chronic(?:ally)? (?:\w+ ){0,2}pain|long-?(?:term|lasting) (?:\w+ )?pain|"
        r"persistent (?:\w+ ){0,2}pain",
    },
}
# In upper case only: TENS is a device, "tens of patients" is not.
_UPPER = re.compile(r"\b(?:PNT|PENS|SCS|DTM|DRG|PNS|TENS|TMS|FBSS|PSPS|CRPS)\b")


def _compile(pattern: str) -> re.Pattern[str]:
    pattern = _UPPER.sub(lambda m: f"(?-i:{m.group()})", pattern)
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.I)


LAY = {facet: {tag: _compile(pattern) for tag, pattern in tags.items()} for facet, tags in _LAY.items()}
# A specific tag makes the general one superfluous.
GENERAL = {"modality": "neuromod_unspecified", "condition": "chronic_pain"}
DIRECTIONS = (
    ("none", re.compile(r"\bno (?:\w+ ){0,2}(?:difference|effect|better|benefit|change)\b|\bnot (?:\w+ )?(?:differ|"
        r"help|work|affect|effective)\w*", re.I)),
    ("down", re.compile(r"\b(?:reduc|decreas|lower|less|few|cut|drop|fall|fell|declin|diminish|eas(?:e|es|ing)\b|"
        r"alleviat|reliev|prevent|minimi)\w*", re.I)),
    ("up", re.compile(r"\b(?:increas|improv|better|higher|more\b|enhanc|gain|rais|rise|rose|boost|restor)\w*", re.I)),
    ("works", re.compile(r"\b(?:effective|works?\b|help|benefi|success|treat|support)\w*", re.I)),
)  # fmt: skip


def direction(sentence: str) -> str:
    """The first of: none, down, up, works that the sentence's words say; ``""`` when none does."""
    return next((name for name, pattern in DIRECTIONS if pattern.search(sentence)), "")
