"""Copies of real PubMed records as other databases print them: how many are found, by kind of drift.

    python benchmarks/dedupe_drift.py [--records N] [--missed KIND]

Every record of ``../shared/pubmed`` stands beside one copy of itself that was changed as Embase, Ovid, Scopus, Web of
Science, CENTRAL, CINAHL, PsycINFO, Zotero or a spreadsheet changes it. The truth is known, the habits are written down
in :data:`DRIFTS`; no labelled set was used to write them. Columns: pairs found and false pairs when the copy has
neither identifier nor abstract, when it has the abstract, and when it has the DOI.
"""

from __future__ import annotations

import argparse
import gzip
import random
import re
import sys
import unicodedata
from collections.abc import Callable
from itertools import combinations
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.deduplicate import deduplicate_rows  # noqa: E402
from evidence.deduplicate.prepare import prepare_row  # noqa: E402
from evidence.exchange.pubmed import read_article_set  # noqa: E402
from evidence.record import Record  # noqa: E402

Row = dict[str, str]
SPELLINGS = {
    "randomized": "randomised", "tumor": "tumour", "pediatric": "paediatric", "anesth": "anaesth",
    "behavior": "behaviour",
    "fiber": "fibre", "ischemi": "ischaemi", "edema": "oedema", "hemo": "haemo", "center": "centre",
    "orthopedic": "orthopaedic", "characteriz": "characteris", "utiliz": "utilis", "analyz": "analys",
    "catheteriz": "catheteris", "gynecolog": "gynaecolog", "diarrhea": "diarrhoea", "esophag": "oesophag",
}  # fmt: skip
GREEK = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "μ": "mu", "κ": "kappa", "®": "", "™": ""}
SMALL = frozenset("a an the of in on for to and or with by from at as is versus vs".split())


def row_of(record: Record) -> Row:
    return {
        "record_id": record.pmid or "", "title": record.title, "abstract": record.abstract_text(),
        "authors": " and ".join(a.name for a in record.authors), "year": str(record.year or ""),
        "journal": record.journal_abbreviation or record.journal, "volume": record.volume, "number": record.issue,
        "pages": record.pages, "doi": record.doi or "", "pmid": record.pmid or "", "_long": record.journal,
        "_full": " and ".join(
            a.collective or f"{a.family}, {a.given or a.initials}" for a in record.authors
        ),
    }  # fmt: skip


def _authors(change: Callable[[list[str]], str]) -> Callable[[Row, random.Random], Row]:
    return lambda row, _: {**row, "authors": change(row["authors"].split(" and ")) if row["authors"] else ""}


def _title(change: Callable[[str], str]) -> Callable[[Row, random.Random], Row]:
    return lambda row, _: {**row, "title": change(row["title"])}


def _field(name: str, change: Callable[[str], str]) -> Callable[[Row, random.Random], Row]:
    return lambda row, _: {**row, name: change(row[name]) if row[name] else ""}


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _lost(text: str) -> str:
    return "".join("?" if ord(c) > 127 else c for c in text)


def _mojibake(text: str) -> str:
    return text.encode("utf-8").decode("cp1252", "replace")


def _british(text: str) -> str:
    for one, other in SPELLINGS.items():
        text = re.sub(one, other, text, flags=re.I)
    return text


def _greek(text: str) -> str:
    for one, other in GREEK.items():
        text = text.replace(one, other)
    return text


def _full_pages(pages: str) -> str:
    match = re.fullmatch(r"([A-Za-z]*)(\d+)-([A-Za-z]*)(\d+)", pages)
    if not match:
        return pages
    before, first, _, last = match.groups()
    return f"{before}{first}-{before}{first[: max(0, len(first) - len(last))]}{last}"


def _slip(text: str, rng: random.Random) -> str:
    letters = [at for at, c in enumerate(text) if c.isalpha() and at > 3]
    if len(letters) < 12:
        return text
    at = rng.choice(letters[:-1])
    return text[:at] + rng.choice(["", text[at] * 2, text[at + 1 : at + 2] + text[at]]) + text[at + 1 :]


def _initials(name: str) -> tuple[str, str]:
    family, _, initials = name.rpartition(" ")
    return (family, initials) if family and initials.isupper() else (name, "")


def _dotted(name: str) -> str:
    family, initials = _initials(name)
    return f"{family}, {'. '.join(initials)}." if initials else name


def _before(name: str) -> str:
    family, initials = _initials(name)
    return f"{'.'.join(initials)}. {family}" if initials else name


def _compound(names: list[str]) -> str:
    return " and ".join(re.sub(r"^(\w+)[ -](\w{3,}) ([A-Z]+)$", lambda m: f"{m[2]} {m[3]}{m[1][0]}", n) for n in names)


def _without_subtitle(title: str) -> str:
    head = re.split(r"[:?]\s|\s[-\u2013]\s|\.\s", title)[0]
    return head if len(head) > 25 else title


def _year(shift: int) -> Callable[[Row, random.Random], Row]:
    return lambda row, _: {**row, "year": str(int(row["year"]) + shift) if row["year"].isdecimal() else row["year"]}


def _blank(*names: str) -> Callable[[Row, random.Random], Row]:
    return lambda row, _: {**row, **dict.fromkeys(names, "")}


def _embase(row: Row, rng: random.Random) -> Row:
    names = [_dotted(name) for name in row["authors"].split(" and ")]
    return {
        **row, "authors": " and ".join(names), "journal": row["_long"], "pages": _full_pages(row["pages"]),
        "title": _british(row["title"]).rstrip("."), "number": "" if rng.random() < 0.3 else row["number"],
    }  # fmt: skip


def _central(row: Row, rng: random.Random) -> Row:
    names = row["authors"].split(" and ")
    return {
        **row, "authors": " and ".join(names[:3] + (["et al"] if len(names) > 3 else [])), "journal": row["_long"],
        "pages": _full_pages(row["pages"]).replace("-", "\u2010"), "number": "",
    }  # fmt: skip


def _wos(row: Row, rng: random.Random) -> Row:
    pages = row["pages"]
    return {
        **row, "authors": row["_full"], "journal": re.sub(r" *\(.*", "", row["_long"]).upper(),
        "pages": "" if re.match("[eE]", pages) else _full_pages(pages), "title": row["title"].title().rstrip("."),
    }  # fmt: skip


def _scopus(row: Row, rng: random.Random) -> Row:
    names = "; ".join(_dotted(name).replace(". ", ".") for name in row["authors"].split(" and "))
    return {**row, "authors": names, "journal": row["_long"], "pages": _full_pages(row["pages"]), "number": ""}


def _psycinfo(row: Row, rng: random.Random) -> Row:
    names = [f"{f}, {' '.join(c + '.' for c in i)}" for f, i in map(_initials, row["authors"].split(" and "))]
    return {**row, "authors": "; ".join(names), "journal": row["_long"], "pages": _full_pages(row["pages"]) + "."}


def _ahead(row: Row, rng: random.Random) -> Row:
    return {**row, "volume": "", "number": "", "pages": "", "year": str(int(row["year"] or 0) - rng.randint(0, 1))}


DRIFTS: dict[str, Callable[[Row, random.Random], Row]] = {
    "as Embase (Ovid)": _embase,
    "as CENTRAL: three authors, et al": _central,
    "as Web of Science: capitals, full names": _wos,
    "as Scopus": _scopus,
    "as PsycINFO": _psycinfo,
    "ahead of print: no place, year -1": _ahead,
    "upper-case title": _title(str.upper),
    "[German] after the title": _title(lambda t: t.rstrip(".") + ". [German]"),
    "(Provisional abstract)": _title(lambda t: t.rstrip(".") + " (Provisional abstract)"),
    "[Abstract]": _title(lambda t: t.rstrip(".") + " [Abstract]"),
    "[Review] [57 refs]": _title(lambda t: t.rstrip(".") + ". [Review] [57 refs]"),
    "*star* and blanks (CINAHL)": _title(lambda t: t.rstrip(".").replace(": ", " : ") + " ... ".rstrip() + "*"),
    "subtitle dropped": _title(_without_subtitle),
    "title cut at 60 letters": _title(lambda t: t[:60].rsplit(" ", 1)[0] + "..."),
    "small words dropped": _title(lambda t: " ".join(w for w in t.split() if w.lower() not in SMALL)),
    "hyphens to blanks": _title(lambda t: t.replace("-", " ")),
    "hyphens closed up": _title(lambda t: t.replace("-", "")),
    "British spelling": _title(_british),
    "Greek spelt out": _title(_greek),
    "HTML entities and markup": _title(lambda t: "<i>" + t.replace("&", "&amp;").replace("'", "&#39;") + "</i>"),
    "HTML entities twice": _title(lambda t: t.replace("&", "&amp;amp;").replace("'", "&amp;#39;")),
    "typing slip in the title": lambda row, rng: {**row, "title": _slip(row["title"], rng)},
    "three slips in the title": lambda row, rng: {**row, "title": _slip(_slip(_slip(row["title"], rng), rng), rng)},
    "accents lost to nothing": lambda row, _: {**row, "title": _ascii(row["title"]), "authors": _ascii(row["authors"])},
    "accents as ?": lambda row, _: {**row, "title": _lost(row["title"]), "authors": _lost(row["authors"])},
    "mojibake": lambda row, _: {**row, "title": _mojibake(row["title"]), "authors": _mojibake(row["authors"])},
    "full given names": lambda row, _: {**row, "authors": row["_full"]},
    "given name first": lambda row, _: {
        **row,
        "authors": " and ".join(" ".join(n.split(", ")[::-1]) for n in row["_full"].split(" and ")),
    },
    "initials before the name": _authors(lambda names: " and ".join(map(_before, names))),
    "Deer, T. R.": _authors(lambda names: " and ".join(map(_dotted, names))),
    "names in capitals": _authors(lambda names: " and ".join(names).upper().replace(" AND ", " and ")),
    "comma-separated": _authors(", ".join),
    "first author only": _authors(lambda names: names[0]),
    "first author et al.": _authors(lambda names: names[0] + " et al."),
    "authors sorted": _authors(lambda names: " and ".join(sorted(names))),
    "compound surname by its last part": _authors(_compound),
    "no authors": _blank("authors"),
    "journal in full": lambda row, _: {**row, "journal": row["_long"]},
    "journal abbreviated with full stops": _field("journal", lambda j: ". ".join(j.split()) + "."),
    "journal in capitals": lambda row, _: {**row, "journal": row["_long"].upper()},
    "no journal": _blank("journal"),
    "pages in full": _field("pages", _full_pages),
    "pages with p. and dash": _field("pages", lambda p: "pp. " + _full_pages(p).replace("-", "\u2013")),
    "first page only": _field("pages", lambda p: p.split("-")[0]),
    "page e lost": _field("pages", lambda p: p.lstrip("eE")),
    "article number as pages 1-N": _field("pages", lambda p: "1-12" if p.isdecimal() or p[0] in "eE" else p),
    "no pages": _blank("pages"),
    "no volume": _blank("volume"),
    "no volume, issue, pages": _blank("volume", "number", "pages"),
    "issue in the volume: 12(3)": lambda row, _: {**row, "volume": f"{row['volume']}({row['number']})", "number": ""},
    "volume: year": lambda row, _: {**row, "volume": row["year"]},
    "issue: Suppl": _field("number", lambda n: n + " Suppl 1"),
    "no year": _blank("year"),
    "year + 1": _year(1),
    "year - 1": _year(-1),
    "year as date": _field("year", lambda y: f"{y}/03/01/"),
}


def doi_forms(row: Row, rng: random.Random) -> Row:
    doi = row["doi"]
    forms = (
        f"https://doi.org/{doi}", f"http://dx.doi.org/{doi}", doi.upper(), f"doi: {doi}.", f"{doi} [doi]", f"DOI:{doi}",
        f"https://doi.org/{doi}?utm_source=x", f" {doi} ", f"{doi};", doi.replace("/", "%2F", 1),
    )  # fmt: skip
    return {**row, "doi": rng.choice(forms) if doi else ""}


SETTINGS: dict[str, Callable[[Row, random.Random], Row]] = {
    "bare": lambda row, rng: {**row, "doi": "", "pmid": "", "abstract": ""},
    "abstract": lambda row, rng: {**row, "doi": "", "pmid": ""},
    "doi": lambda row, rng: doi_forms({**row, "pmid": "", "abstract": ""}, rng),
}


def load(folder: Path, count: int) -> list[Record]:
    records: dict[str, Record] = {}
    for path in sorted(folder.glob("*.xml.gz")):
        with gzip.open(path) as stream:
            for received in read_article_set(stream):
                if received.record.title:
                    records[received.record.id] = received.record
    return list(records.values())[:count]


def measure(originals: list[Row], copies: list[Row]) -> tuple[list[int], list[tuple[int, int]]]:
    """Positions of the copies not found, and the false pairs."""
    total = len(originals)
    items = [prepare_row({k: v for k, v in row.items() if k[0] != "_"}) for row in originals + copies]
    missed, false = set(range(total)), []
    for cluster in deduplicate_rows(items).clusters:
        for one, other in combinations(cluster, 2):
            if other - one == total:
                missed.discard(one)
            else:
                false.append((one, other))
    return sorted(missed), false


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--records", type=int, default=1 << 30)
    parser.add_argument("--missed", default="", help="print the pairs missed whose kind of drift contains this")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "pubmed")
    options = parser.parse_args()
    originals = [row_of(record) for record in load(options.data, options.records)]
    print(f"{len(originals)} records\n{'drift':40}" + "".join(f"{name:>10}{'':6}" for name in SETTINGS))
    for name, drift in DRIFTS.items():
        if options.missed not in name:
            continue
        line = f"{name:40}"
        for setting, finish in SETTINGS.items():
            rng = random.Random(name)
            copies = [{**finish(drift(row, rng), rng), "record_id": "copy" + row["record_id"]} for row in originals]
            missed, false = measure(originals, copies)
            rows = originals + copies
            line += f"{1 - len(missed) / len(originals):10.4f}{len(false):6}"
            for pair in false if options.missed else ():
                print(
                    setting,
                    "false",
                    *([(rows[at]["title"], rows[at]["year"], rows[at]["pages"], rows[at]["doi"]) for at in pair]),
                )
            for at in missed if options.missed else ():
                print(setting, [originals[at][k] for k in originals[at] if k != "abstract" and k[0] != "_"])
                print("   ", [copies[at][k] for k in copies[at] if k != "abstract" and k[0] != "_"])
        print(line, flush=True)


if __name__ == "__main__":
    main()
