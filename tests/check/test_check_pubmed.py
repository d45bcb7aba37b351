"""Notices as PubMed prints them reach the writer; PubMed that does not answer is said so. All invented."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from eutils_server.corpus import Article
from project_factory import make_project

from evidence.cli.check import run_check
from evidence.derive import build
from evidence.library.desk import Desk
from evidence.project import Project

CASES = [
    # PubMed's word for the notice, the code it gives, the kind shown
    ("RetractionIn", "retracted", "retraction"),
    ("ErratumIn", "corrected", "erratum"),
    ("ExpressionOfConcernIn", "concern", "concern"),
]
ABSTRACT = (
    "Invented. In this open-label study 41 patients had spinal cord stimulation and slept 2 hours longer (NCT01234567)."
)


def noticed(number: int, word: str) -> str:
    article = Article(
        f"4200000{number}", f"Spinal cord stimulation and sleep, invented cohort {number}", abstract=ABSTRACT,
        author=f"Alder{'abc'[number]}", year=2015 + number,
    )  # fmt: skip
    notice = (
        f'<CommentsCorrectionsList><CommentsCorrections RefType="{word}"><RefSource>J Invented Res. 2020 Mar;1(1):9'
        f'</RefSource><PMID Version="1">4290000{number}</PMID></CommentsCorrections></CommentsCorrectionsList>'
    )
    return article.xml().replace("<MeshHeadingList>", notice + "<MeshHeadingList>")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, root: Path) -> Project:
    made = make_project(tmp_path_factory.mktemp("noticed"), root)
    made.fetch([noticed(number, word) for number, (word, _, _) in enumerate(CASES)], at="2026-11-19T06:00:00Z")
    build(made.project)
    return made.project


@pytest.mark.parametrize(("number", "code", "kind"), [(n, code, kind) for n, (_, code, kind) in enumerate(CASES)])
def test_each_kind_of_notice_has_its_own_code(project: Project, number: int, code: str, kind: str) -> None:
    desk = Desk.open(project.evidence, project)
    result = desk.check_text(f"Spinal cord stimulation let 45 patients sleep (PMID 4200000{number}).")
    (reference,) = result["references"]
    (notice,) = reference["notices"]
    assert (notice["kind"], notice["source"], notice["checked_at"]) == (kind, "pubmed", "2026-11-19T06:00:00Z")
    given = {w["code"] for w in result["sentences"][0]["warnings"]}
    assert given & {"retracted", "concern", "corrected"} == {code}
    desk.close()


def test_offsets_are_code_points_whatever_the_text(project: Project) -> None:
    desk = Desk.open(project.evidence, project)
    text = (
        "Sleep \U0001f9e0 rose by 61% (PMID 42000000).\r\n\r\nينام المرضى \u202eجيدا\u202c 50%."
        "\r\n\U0001f600 Pain fell by 3 mg.\r\n"
    )
    result = desk.check_file(text.encode(), "draft.txt")
    assert "\r" not in result["text"]
    assert len(result["sentences"]) == 3
    for row in [*result["sentences"], *result["references"]]:
        assert result["text"][row["start"] : row["end"]] == row["text"]
    desk.close()


def test_pubmed_that_does_not_answer_is_said(project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVIDENCE_EUTILS_URL", "http://127.0.0.1:9/")
    monkeypatch.setenv("NCBI_EMAIL", "someone@example.org")
    draft = tmp_path / "draft.txt"
    draft.write_text("It works.\n\nReferences\n\n1. Oak A. Roots. J Trees. 2019;1:2-9.\n", encoding="utf-8")
    output, failed = run_check(project, draft, "json", True, "not-checked")
    result = json.loads("".join(output))
    said = [w["message"] for w in result["warnings"] if w["code"] == "not-checked"]
    assert failed and any("PubMed did not answer" in message for message in said)
    assert result["references"][0]["level"] == "not found"
