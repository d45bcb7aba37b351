"""What reports cite: pairs within the library, and what two or more reviews of a topic cite and it does not hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from eutils_server.corpus import Article
from project_factory import TestProject, make_project

from evidence.derive import build
from evidence.derive.recall import wilson
from evidence.errors import StorageError, UsageError
from evidence.readonly import open_readonly
from evidence.services.recall import recall_lines, recall_of

ROOT = Path(__file__).parents[2]
TRIAL = "Spinal cord stimulation for neuropathic leg pain: invented trial {}"
REVIEW = ["Journal Article", "Systematic Review"]


def work(number: int, title: str = TRIAL) -> tuple[str, str, str]:
    """A reference by PMID, its title printed."""
    return f"Deer A, Roe B. {title.format(number)}. J Invented Res. 2010;1(1):1-9.", str(5000 + number), ""


def review(number: int, *references: tuple[str, str, str], **more: Any) -> Article:
    title = f"Spinal cord stimulation, number {number}: a systematic review of {'abcdefgh'[number]} trials"
    article = Article(str(4000 + number), title, author=f"Reviewer{number}", references=list(references), **more)
    article.types = REVIEW
    return article


@pytest.fixture
def made(tmp_path: Path) -> TestProject:
    return make_project(tmp_path, ROOT)


def rows(made: TestProject, statement: str) -> list[tuple[Any, ...]]:
    build(made.project, now=made.clock)
    with open_readonly(made.project.evidence) as connection:
        return connection.execute(statement).fetchall()


def test_pairs_within_the_library_by_pmid_and_by_doi(made: TestProject) -> None:
    cited = Article("5001", TRIAL.format(1), doi="10.5555/C,1")
    other = Article("5002", "Another invented study of something else", author="Other", doi="10.5555/c2")
    citing = Article(
        "6001",
        "Stimulation of the spinal cord, an invented comment on two others",
        author="Third",
        references=[work(1), ("Unknown", "9999", ""), ("By DOI", "", "10.5555/C2"), ("Itself", "6001", ""), work(1)],
    )
    made.fetch([cited, other, citing])
    assert rows(made, "SELECT * FROM citations ORDER BY 2") == [("6001", "5001", "pubmed"), ("6001", "5002", "pubmed")]
    assert rows(made, "SELECT count(*) FROM review_references") == [(0,)]


def recall(made: TestProject) -> dict[str, Any]:
    build(made.project, now=made.clock)
    return recall_of(made.project, ["scs"])[0]


def test_the_share_of_what_two_reviews_cite(made: TestProject) -> None:
    other = "Vagus nerve response of rats in a maze, number {}"
    made.fetch([
        Article("5001", TRIAL.format(1), author="Held"),
        review(1, work(1), work(2), work(3), work(4, other), ("", "5005", "")),
        review(2, work(1), work(2), work(4, other), ("", "5005", "")),
    ])  # fmt: skip
    found = recall(made)
    shown = ("reviews", "reviews_with_list", "works", "on_topic", "held", "unknown")
    assert [found[name] for name in shown] == [2, 2, 4, 2, 1, 1]
    assert (round(found["low"], 3), round(found["high"], 3), found["share"]) == (0.095, 0.905, 0.5)
    (missing,) = found["missing"]
    assert (missing["pmid"], missing["reviews"], missing["cited_by"]) == ("5002", 2, "4001, 4002")
    assert "spinal cord stimulation" in missing["words"].lower()
    told = "\n".join(recall_lines([found]))
    assert "holds 1 of 2 works" in told and "9% to 91%" in told and "no sensitivity" in told


def test_held_by_another_topic_is_not_held_by_this_one(made: TestProject) -> None:
    made.fetch([review(1, work(1)), review(2, work(1))])
    made.fetch([Article("5001", TRIAL.format(1), author="Held")], topic="drg", at="2026-01-02T08:00:00Z")
    found = recall(made)
    assert (found["on_topic"], found["held"], found["missing"][0]["report"]) == (1, 0, "5001")


def test_a_work_by_doi_here_and_by_pmid_there_is_one(made: TestProject) -> None:
    both = (work(1)[0], "5001", "10.5555/c1")
    made.fetch([review(1, both), review(2, (work(1)[0], "", "10.5555/C1")), review(3, work(2))])
    assert [(one["pmid"], one["reviews"]) for one in recall(made)["missing"]] == [("5001", 2)]


def test_a_retracted_review_and_one_that_left_do_not_count(made: TestProject) -> None:
    bad = review(2, work(1), corrections=[("RetractionIn", "7777", "J Invented Res. 2021;1(1):1")])
    made.fetch([review(1, work(1)), bad])
    assert recall(made)["works"] == 0


def test_no_work_gives_no_share(made: TestProject) -> None:
    made.fetch([review(1, work(1))])
    found = recall(made)
    assert found["share"] is None and "no share" in recall_lines([found])[0]


def test_what_is_not_there_is_said(made: TestProject) -> None:
    with pytest.raises(StorageError, match="evidence build"):
        recall_of(made.project)
    made.fetch([review(1)])
    build(made.project, now=made.clock)
    with pytest.raises(UsageError, match="no topic 'nothing'"):
        recall_of(made.project, ["nothing"])


# Wilson's own example, and the ends.
@pytest.mark.parametrize(
    ("count", "of", "interval"),
    [(81, 263, (0.255, 0.366)), (0, 10, (0.0, 0.278)), (10, 10, (0.722, 1.0)), (0, 0, (0.0, 1.0))],
)
def test_wilsons_interval(count: int, of: int, interval: tuple[float, float]) -> None:
    assert tuple(round(end, 3) for end in wilson(count, of)) == interval
