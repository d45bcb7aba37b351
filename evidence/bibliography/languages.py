"""NLM's codes of languages, by the English name that PubMed's field tag takes.

Source: MARC code list for languages, which MEDLINE uses (https://www.nlm.nih.gov/bsd/language_table.html).
"""

from __future__ import annotations

LANGUAGES: dict[str, str] = {
    "english": "eng", "german": "ger", "french": "fre", "spanish": "spa", "italian": "ita", "portuguese": "por",
    "chinese": "chi", "japanese": "jpn", "korean": "kor", "russian": "rus", "polish": "pol", "dutch": "dut",
    "turkish": "tur", "danish": "dan", "swedish": "swe", "norwegian": "nor", "czech": "cze", "hungarian": "hun",
    "hebrew": "heb", "persian": "per", "croatian": "hrv", "serbian": "srp", "ukrainian": "ukr", "greek": "gre",
    "slovenian": "slv", "slovak": "slo", "finnish": "fin", "romanian": "rum", "bulgarian": "bul", "arabic": "ara",
    "catalan": "cat", "lithuanian": "lit", "latvian": "lav", "estonian": "est", "icelandic": "ice", "thai": "tha",
    "indonesian": "ind", "vietnamese": "vie", "bosnian": "bos", "macedonian": "mac", "georgian": "geo",
    "afrikaans": "afr", "galician": "glg", "basque": "baq", "albanian": "alb", "azerbaijani": "aze", "malay": "may",
}  # fmt: skip
_NAMES = {code: name.capitalize() for name, code in LANGUAGES.items()}


def language_name(code: str) -> str:
    """``fre`` → ``French``; a code without a name here stays."""
    return _NAMES.get(code, code)
