"""Notices of invented papers, told by every source at once: how many are found, and how many of those found are true.

    python benchmarks/notices.py [--cases 120] [--all]

PubMed, Crossref, Europe PMC and OpenAlex on loopback, Retraction Watch's list from a file, through `enrich`, `import`
and `build` as a maintainer runs them; then 21 works of Crossref as they were recorded. What is counted is (report, kind
of notice) over the paper and its notice, and each report's status. Half of the cases, by hash, are held back: --all
counts them too, apart.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "refresh"), str(ROOT / "benchmarks")]

from clocks import DATES, SetClock  # noqa: E402
from eutils_server import Article, Corpus, EutilsServer  # noqa: E402
from notices_cases import Case, cases, held_back  # noqa: E402
from refresh_conftest import Small  # noqa: E402
from sources_server import SourcesServer  # noqa: E402

from evidence.derive import build  # noqa: E402
from evidence.enrich import enrich  # noqa: E402
from evidence.http import Client, Patience, pacing  # noqa: E402
from evidence.http.pacing import Pacer  # noqa: E402
from evidence.pubmed import eutils  # noqa: E402
from evidence.readonly import open_readonly  # noqa: E402
from evidence.refresh.progress import Silent  # noqa: E402
from evidence.sources import Source  # noqa: E402
from evidence.tracker import import_files  # noqa: E402

# What is true of the works that were recorded, read from their entries and the pages that they name by a person's rules
# (shared/sources/README.md); the publisher's erratum of a notice is one.
RECORDED: dict[str, tuple[set[str], str]] = {
    "retracted_rw_and_publisher_mixed": ({"retraction", "concern", "erratum"}, "retracted"),
    "retracted_self_and_notice": ({"retraction"}, "retracted"),
    "retracted_article_wrong_self_date": ({"retraction"}, "retracted"),
    "retracted_rw_only_wakefield": ({"retraction", "erratum"}, "retracted"),
    "retracted_publisher_only": ({"retraction", "erratum"}, "retracted"),
    "withdrawn_self_update": ({"retraction"}, "retracted"),
    "retraction_notice": (set(), "no_notice"),
    "retraction_notice_typed_erratum": (set(), "no_notice"),
    "retraction_notice_wakefield": (set(), "no_notice"),
    "eoc_notice": ({"concern"}, "concern"),
    "eoc_notice_lancet_flagged_retracted": ({"erratum"}, "corrected"),
    "article_with_eoc_publisher": ({"concern"}, "concern"),
    "article_with_eoc_publisher2": ({"concern"}, "concern"),
    "corrected_article_two_sources": ({"erratum"}, "corrected"),
    "corrected_article_publisher": ({"erratum"}, "corrected"),
    "correction_publisher_plos": ({"erratum"}, "corrected"),
    "old_shape_2022_self_correction": ({"erratum"}, "corrected"),
    "article_with_addendum_preprint": ({"addendum"}, "no_notice"),
    "new_version_self_update": (set(), "no_notice"),
    "clean_no_updates": (set(), "no_notice"),
    "odd_doi_sici": (set(), "no_notice"),
}
Truth = dict[str, tuple[str, set[str], str]]  # report → (its case, kinds, status)


class World:
    """What every source holds of the cases."""

    def __init__(self) -> None:
        self.corpus = Corpus()
        self.crossref: dict[str, Any] = {}
        self.europepmc: dict[str, Any] = {}
        self.openalex: dict[str, Any] = {}
        self.rows: list[dict[str, str]] = []
        self.truth: Truth = {}

    def add(self, case: Case) -> None:
        scenario, notice_pmid, name = (
            case.scenario,
            str(int(case.pmid) + 10_000_000),
            f"{case.scenario.name} {case.doi}",
        )
        cited = [
            (kind, "" if kind == "UpdateIn" else notice_pmid, "J Invented. 2021 Mar;1(1):1") for kind in scenario.pubmed
        ]
        paper = Article(case.pmid, f"alpha stimulation, invented report {case.number}", doi=case.doi, corrections=cited)
        paper.types += scenario.types
        notice = Article(
            notice_pmid, f"alpha stimulation, what was said of number {case.number}", doi=case.work_doi("n1")
        )
        for article in (paper, notice):
            self.corpus.add(article)
        for key, by, to in (("own", scenario.by, scenario.to), ("n1", scenario.n1_by, scenario.n1_to), ("n2", (), ())):
            entries = {"updated-by": case.updates(by), "update-to": case.updates(to)}
            work = {"DOI": case.work_doi(key), "title": ["Invented"], "type": "journal-article"}
            if scenario.name != "nobody else has it":
                self.crossref[work["DOI"]] = work | {name: held for name, held in entries.items() if held}
        links = {case.pmid: (scenario.europe, notice_pmid), notice_pmid: (scenario.europe_n1, case.pmid)}
        for pmid, (types, other) in links.items():
            listed = [{"type": kind, "source": "MED", "id": other, "orderIn": 1} for kind in types]
            result = {
                "id": pmid,
                "source": "MED",
                "pubTypeList": {"pubType": list(scenario.europe_types) if pmid == case.pmid else []},
            }
            self.europepmc[f"MED:{pmid}"] = result | (
                {"commentCorrectionList": {"commentCorrection": listed}} if listed else {}
            )
        if scenario.flag is not None:
            self.openalex[case.doi] = {
                "doi": f"https://doi.org/{case.doi.lower()}",
                "ids": {},
                "type": "article",
                "is_retracted": scenario.flag,
            }
        for nature, year in scenario.rows:
            row = {"Record ID": str(len(self.rows) + 1), "Title": paper.title, "RetractionDate": f"3/4/{year} 0:00"}
            row |= {
                "RetractionNature": nature,
                "OriginalPaperDOI": case.doi,
                "OriginalPaperPubMedID": "0",
                "Reason": "+Error;",
            }
            self.rows.append(row | {"RetractionDOI": "unavailable", "RetractionPubMedID": "0"})
        flagged = {"flagged_retracted"} if scenario.flag else set()
        self.truth[case.pmid] = name, {*scenario.kinds, *flagged}, scenario.status
        self.truth[notice_pmid] = name, set(scenario.of_notice), scenario.notice_status

    def add_recorded(self, works: dict[str, Any]) -> None:
        for number, (name, work) in enumerate(sorted(works.items())):
            pmid = str(40_000_000 + number)
            self.corpus.add(Article(pmid, f"alpha stimulation, recorded work {number}", doi=work["DOI"]))
            self.crossref[work["DOI"]] = work
            self.truth[pmid] = (f"recorded: {name}", *RECORDED[name])


def found_by(world: World, directory: Path) -> tuple[dict[str, set[str]], dict[str, str]]:
    """(kinds of notices, status) of every report, as a maintainer would come to them."""

    def connect(source: Source, email: str) -> Client:
        return source.client(email, pacer=Pacer(10_000), patience=Patience(attempts=2, first=0.01))

    with EutilsServer(world.corpus) as pubmed, SourcesServer(world.crossref, world.europepmc, world.openalex) as server:
        small = Small(directory / "project", pubmed, SetClock(DATES[1]))
        small.project.vocabulary.mkdir()
        migraine = ROOT / "tests" / "fixtures" / "migraine" / "queries"
        for path in (*(migraine / "vocabulary").iterdir(), migraine / "profile.yml"):
            goal = small.project.vocabulary if path.parent.name == "vocabulary" else small.project.queries
            (goal / path.name).write_bytes(path.read_bytes())
        small.topic("alpha")
        topic = small.project.topics / "alpha.yml"
        topic.write_text(topic.read_text().replace("modality: scs", "modality: cgrp"))
        small.refresh()
        switched = {"plugins": {"evidence": {"sources": dict.fromkeys(("crossref", "europepmc", "openalex"), True)}}}
        small.project.metadata_file.write_text(json.dumps(switched))
        for name in ("crossref", "europepmc", "openalex"):
            os.environ[f"EVIDENCE_{name.upper()}_URL"] = server.url(name)
        asked = enrich(small.project, progress=Silent("questions"), environ={}, now=small.clock, connect=connect)
        assert not asked.exit_code, asked.text()
        listed = directory / "list.csv"
        with listed.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(world.rows[0]))
            writer.writeheader()
            writer.writerows(world.rows)
        with small.tracker() as tracker:
            import_files(tracker, [listed])
        build(small.project, now=small.clock)
        kinds: dict[str, set[str]] = {}
        with open_readonly(small.project.evidence) as db:
            for report, kind in db.execute("SELECT report, kind FROM notices"):
                kinds.setdefault(report, set()).add(kind)
            return kinds, dict(db.execute("SELECT id, status FROM reports"))


def report(title: str, truth: Truth, kinds: dict[str, set[str]], statuses: dict[str, str], wrong: bool) -> bool:
    """Print a line of figures; returns whether all is right."""
    true = {(pmid, kind) for pmid, (_, own, _) in truth.items() for kind in own}
    found = {(pmid, kind) for pmid in truth for kind in kinds.get(pmid, ())}
    right = sum(statuses.get(pmid) == status for pmid, (_, _, status) in truth.items())
    both = len(true & found)
    cases_of = len({name for name, _, _ in truth.values()})
    print(
        f"{title}: {cases_of} cases, {len(truth)} reports; precision {both}/{len(found)}, recall {both}/{len(true)}; "
        f"status right {right}/{len(truth)}"
    )
    for pmid, (name, own, status) in truth.items() if wrong else ():
        got = kinds.get(pmid, set())
        if own != got or statuses.get(pmid) != status:
            print(f"  {name} ({pmid}): {sorted(own)} {status}; found {sorted(got)} {statuses.get(pmid)}")
    return true == found and right == len(truth)


def part(truth: Truth, held: bool) -> Truth:
    return {pmid: one for pmid, one in truth.items() if held_back(one[0]) == held}


def run(chosen: Iterable[Case], both: bool) -> bool:
    world = World()
    for case in chosen:
        world.add(case)
    world.add_recorded(json.loads((ROOT / "tests" / "fixtures" / "sources" / "crossref.json").read_text()))
    pacing.WINDOW, eutils.PER_SECOND_WITH_KEY = 0.001, 10_000
    with tempfile.TemporaryDirectory() as directory:
        kinds, statuses = found_by(world, Path(directory))
    good = report("seen half", part(world.truth, False), kinds, statuses, wrong=True)
    return report("half held back", part(world.truth, True), kinds, statuses, wrong=True) and good if both else good


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--cases", type=int, default=120)
    options.add_argument("--all", action="store_true")
    chosen = options.parse_args()
    sys.exit(0 if run(cases(chosen.cases), chosen.all) else 1)


if __name__ == "__main__":
    main()
