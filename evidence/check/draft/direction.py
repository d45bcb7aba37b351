"""Which way a sentence says that something goes."""

from __future__ import annotations

import re

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
