"""What stands between reports is found from whichever side it is known, each kind for itself, and nothing is merged."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from evidence.model import Status
from evidence.record import Author, Correction, Record, Section
from evidence.relate import Group, Related, relate
from evidence.relate.kinds import NOTICES, REF_TYPES, RELATIONS, STATUS_OF
from evidence.relate.named import named_titles
from evidence.relate.notices import citation_date

TITLE = "Spinal cord stimulation for painful diabetic neuropathy in adults"


def report(pmid: str, title: str = TITLE, **fields: object) -> Record:
    values: dict[str, object] = {
        "source": "pubmed", "pmid": pmid, "title": title, "journal": "Pain Medicine", "year": 2020,
        "publication_date": "2020-03", "authors": [Author(family="Okafor"), Author(family="Haas")],
    }  # fmt: skip
    return Record(**{**values, **fields})  # type: ignore[arg-type]


def related(*records: Record, groups: Sequence[Group] = ()) -> Related:
    reports = {r.pmid or r.id: r for r in records}
    aliases = {r.doi: name for name, r in reports.items() if r.doi}
    return relate(reports, aliases, groups)


def kinds(found: Related) -> set[tuple[str, str, str]]:
    return {(r.report, r.related, r.kind) for r in found.relations}


# ── PubMed's list, from both sides ──


@pytest.mark.parametrize("ref_type", [name for name in REF_TYPES if REF_TYPES[name][0] not in ("comment",)])
def test_both_sides_of_pubmed_say_the_same(ref_type: str) -> None:
    kind, is_notice = REF_TYPES[ref_type]
    article, notice = report("1"), report("2", "Something else that was printed later on")
    holder, named = (notice, "1") if is_notice else (article, "2")
    holder.corrections = [Correction(ref_type, named, "Pain Med. 2021 Feb;22(2):1.")]
    found = related(article, notice)
    assert kinds(found) == {("2", "1", kind)}
    assert found.relations[0].source == "pubmed"
    assert [(n.report, n.kind, n.notice_pmid) for n in found.notices] == ([("1", kind, "2")] if kind in NOTICES else [])


def test_a_notice_outside_the_library_is_still_a_notice() -> None:
    article = report("1", corrections=[Correction("RetractionIn", "77", "Pain Med. 2021 Feb 3;22(2):1. doi: 10.9/x.")])
    found = related(article)
    assert found.relations == []
    assert [(n.kind, n.notice_pmid, n.notice_date) for n in found.notices] == [("retraction", "77", "2021-02-03")]
    assert found.statuses == {"1": "retracted"}


def test_a_notice_without_pmid_is_found_by_its_doi() -> None:
    old, new = report("1", doi="10.9999/old"), report("2", "Another title that stands here for the update")
    new.corrections = [Correction("UpdateOf", None, "doi: 10.9999/old")]
    assert kinds(related(old, new)) == {("2", "1", "update")}


def test_an_erratum_is_not_a_retraction_and_both_stand_apart() -> None:
    article = report("1", corrections=[Correction("ErratumIn", "2", ""), Correction("ExpressionOfConcernIn", "3", "")])
    found = related(article)
    assert [n.kind for n in found.notices] == ["concern", "erratum"]
    assert found.statuses == {"1": "concern"}


def test_errata_without_pmids_are_one_notice_with_both_citations() -> None:
    article = report(
        "1", corrections=[Correction("ErratumIn", None, "Pain Med."), Correction("ErratumIn", None, "Ib. 1998 Oct")]
    )
    (notice,) = related(article).notices
    assert notice.text == "Pain Med.; Ib. 1998 Oct" and notice.notice_date == "1998-10"


def test_comments_and_updates_leave_the_status_alone() -> None:
    article = report("1", corrections=[Correction("CommentIn", "2", ""), Correction("UpdateIn", "3", "")])
    found = related(
        article, report("2", "A comment by somebody else entirely"), report("3", "The newer version of the text")
    )
    assert found.statuses == {} and found.notices == []


def test_the_most_serious_status_wins() -> None:
    for notice, status in STATUS_OF.items():
        assert Status(status).gravity > Status.NO_NOTICE.gravity, notice
    article = report("1", "WITHDRAWN: " + TITLE, corrections=[Correction("ErratumIn", "5", "")])
    assert related(article).statuses == {"1": "withdrawn"}


def test_retracted_by_type_or_title_without_a_notice() -> None:
    typed = report("1", publication_types=[("D016441", "Retracted Publication")])
    titled = report("2", "RETRACTED: another study of something, with many words")
    found = related(typed, titled)
    assert found.statuses == {"1": "retracted", "2": "retracted"}
    assert {n.source for n in found.notices} == {"pubmed", "title"}


def test_the_authors_reply_is_no_comment() -> None:
    reply = report("2", "Authors' reply: " + TITLE, corrections=[Correction("CommentOn", "1", "")])
    assert kinds(related(report("1"), reply)) == {("2", "1", "reply")}


def test_pubmed_calls_an_article_the_update_of_its_preprint() -> None:
    preprint = report("1", kind="preprint", journal="medRxiv", corrections=[Correction("UpdateIn", "2", "")])
    assert kinds(related(preprint, report("2"))) == {("1", "2", "preprint")}


# ── Titles ──


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Correction to: " + TITLE, "erratum"),
        (f'Corrigendum to "{TITLE}" [Pain Med. 21 (2020) 1-9]', "erratum"),
        (f"Erratum for the article: {TITLE}", "erratum"),
        ("Retraction notice to: " + TITLE, "retraction"),
        ("Expression of Concern: " + TITLE, "concern"),
        (f"Comment on \u201c{TITLE}\u201d", "comment"),
        ("Letter to the editor regarding: " + TITLE, "comment"),
        (f"{TITLE}: authors' reply", "reply"),
        (f"Response to the comment on '{TITLE}'", "reply"),
        ("[Translated article] " + TITLE, "translation"),
    ],
)
def test_a_title_that_names_another(title: str, kind: str) -> None:
    found = related(report("1"), report("2", title))
    assert kinds(found) == {("2", "1", kind)} and found.relations[0].source == "title"
    assert found.status_of("1") == STATUS_OF.get(kind, "no_notice")


def test_a_notice_of_another_journal_by_others_is_not_linked() -> None:
    other = report("2", "Erratum: " + TITLE, journal="Spine", authors=[Author(family="Novak")])
    assert related(report("1"), other).relations == []


def test_pubmeds_word_goes_before_the_titles() -> None:
    notice = report("2", "Correction to: " + TITLE, corrections=[Correction("RetractionOf", "1", "")])
    assert kinds(related(report("1"), notice)) == {("2", "1", "retraction")}


def test_titles_named_inside_titles() -> None:
    assert named_titles('Re: "One two three four five six seven"')[0] == "one two three four five six seven"
    assert named_titles("Spinal cord stimulation") == []


@pytest.mark.parametrize(
    ("early", "kind"),
    [
        ({"journal": "medRxiv", "year": 2019}, "preprint"),
        ({"journal": "", "doi": "10.21203/rs.3.rs-1/v1", "year": 2019}, "preprint"),
        ({"kind": "abstract", "journal": "Neuromodulation", "year": 2019}, "abstract"),
        ({"journal": "Eur J Pain", "issue": "Suppl 1", "pages": "S55", "year": 2019}, "abstract"),
        ({"title": TITLE + ": a study protocol", "journal": "Trials", "year": 2018}, "protocol"),
        ({"title": "Protocol for a " + TITLE, "journal": "Trials", "year": 2018}, "protocol"),
    ],
)
def test_what_a_paper_was_before(early: dict, kind: str) -> None:
    fields = {"title": TITLE, **early}
    found = related(report("1", **fields), report("2"))
    assert kinds(found) == {("1", "2", kind)}


def test_a_preprint_by_others_is_not_linked() -> None:
    other = report("1", journal="medRxiv", authors=[Author(family="Novak"), Author(family="Petrov")])
    assert related(other, report("2")).relations == []


def test_a_guideline_in_two_journals() -> None:
    title = "Guideline for the perioperative management of implanted stimulators"
    one = report("1", title, journal="Anesthesiology", publication_date="2020-01")
    two = report("2", title, journal="Neuromodulation", publication_date="2020-02")
    assert kinds(related(one, two)) == {("2", "1", "copublication")}


def test_cochrane_versions_by_doi() -> None:
    versions = [
        report(str(n), journal="Cochrane Database Syst Rev", doi=f"10.1002/14651858.CD014789{suffix}")
        for n, suffix in ((1, ""), (2, ".pub2"), (3, ".pub3"))
    ]
    assert kinds(related(*versions)) == {("2", "1", "update"), ("3", "2", "update")}


def test_cochrane_versions_that_kept_the_doi_and_a_number_mistyped() -> None:
    fields = {"journal": "Cochrane Database Syst Rev", "doi": "10.1002/14651858.CD002193"}
    old, new = report("1", year=2000, **fields), report("2", year=2003, **fields)
    other = report("3", "Advance distribution of another drug", year=2001, authors=[Author(family="Sato")], **fields)
    assert kinds(related(old, new)) == {("2", "1", "update")}
    assert kinds(related(old, other)) == set()


def test_a_cochrane_protocol_is_no_version_of_its_review() -> None:
    fields = {"journal": "Cochrane Database Syst Rev", "pages": "CD002193"}
    protocol, review = report("1", TITLE + " (Protocol)", year=2018, **fields), report("2", year=2020, **fields)
    assert ("1", "2", "protocol") in kinds(related(protocol, review))
    assert all(kind != "update" for _, _, kind in kinds(related(protocol, review)))


def test_a_reply_by_others_in_the_journal_of_the_letter() -> None:
    letter = report("1", "Painful neuropathy and stimulation: what the trials leave out")
    reply = report(
        "2", "Reply: Painful neuropathy and stimulation: what the trials leave out", authors=[Author("Sato")]
    )
    assert kinds(related(letter, reply)) == {("2", "1", "reply")}


def test_a_letter_that_names_the_title_in_part_or_after_the_authors() -> None:
    article = report("1", TITLE + ": a meta-analysis of short-term outcomes")
    for title in (f'Regarding "{TITLE}: a meta-analysis"', f"Re: Okafor A, Haas E, et al. {article.title}"):
        letter = report("2", title, authors=[Author(family="Sato")])
        assert kinds(related(article, letter)) == {("2", "1", "comment")}


def test_a_retraction_that_may_be_of_either_of_two_is_of_neither() -> None:
    one, two, notice = report("1"), report("2"), report("3", TITLE + ": Retraction")
    assert related(one, two, notice).status_of("1") == "no_notice"
    assert related(one, notice).status_of("1") == "retracted"


def test_removed_and_withdrawn_are_not_retracted() -> None:
    for title in ("Temporary removal: " + TITLE, "Withdrawal: " + TITLE):
        assert related(report("1"), report("2", title)).status_of("1") == "withdrawn"


def test_retracted_and_replaced_is_retracted() -> None:
    article = report("1", corrections=[Correction("RetractedandRepublishedIn", "2", "JAMA. 2018;320(1):1.")])
    assert related(article, report("2", "Retraction and replacement of something")).status_of("1") == "retracted"


# ── Tables ──


def test_tables_agree() -> None:
    assert {kind for kind, _ in REF_TYPES.values()} <= set(RELATIONS)
    assert set(STATUS_OF) == NOTICES and set(STATUS_OF.values()) <= set(Status)
    assert NOTICES - {"withdrawal"} <= set(RELATIONS)


@pytest.mark.parametrize(
    ("citation", "date"),
    [
        ("J Sex Med. 2018 Feb;15(2):270. doi: 10.1016/j", "2018-02"),
        ("Drug Alcohol Depend. 2018 Apr 1;185:328", "2018-04-01"),
        ("Disabil Rehabil. 2012;34(22):1912-41", "2012"),
        ("Nat Rev Rheumatol.", None),
        ("", None),
    ],
)
def test_dates_in_citations(citation: str, date: str | None) -> None:
    assert citation_date(citation) == date


def test_no_reports() -> None:
    assert relate({}, {}).relations == []


def test_a_report_does_not_relate_to_itself() -> None:
    both = report("1", corrections=[Correction("ErratumIn", "2", "")])
    found = relate({"1": both}, {"2": "1"})
    assert found.relations == []


def test_abstract_sections_do_not_matter_here() -> None:
    with_text = report("1", abstract=[Section("Comment on nothing.")])
    assert related(with_text).relations == []
