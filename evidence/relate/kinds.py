"""The kinds of relations and notices, and what PubMed's CommentsCorrectionsList says of them: tables.

A relation reads ``report`` is the *kind* of ``related``: the erratum of, the preprint of, the update of.
"""

from __future__ import annotations

# kind → what a page may say of it, report first.
RELATIONS: dict[str, str] = {
    "erratum": "corrects",
    "retraction": "retracts",
    "partial_retraction": "retracts in part",
    "withdrawal": "withdraws",
    "concern": "expresses concern about",
    "republication": "is the corrected republication of",
    "retracted_republication": "replaces, after its retraction,",
    "comment": "comments on",
    "reply": "replies in the matter of",
    "update": "updates and supersedes",
    "reprint": "reprints",
    "summary": "summarises",
    "translation": "translates",
    "copublication": "is the same text in another journal as",
    "preprint": "is the preprint of",
    "abstract": "is the congress abstract of",
    "protocol": "is the protocol of",
    "interim": "is an interim report of",
    "follow_up": "is a later follow-up of",
    "secondary": "is a secondary analysis of",
    "dataset": "is the data of",
}

# Relations that are notices: what a reader must know of the related report, each kind for itself.
NOTICES = frozenset(
    {"erratum", "retraction", "partial_retraction", "concern", "republication", "withdrawal", "retracted_republication"}
)

# What only sources beside PubMed report. A reinstatement lifts a retraction before it; the others leave the status
# alone: an addendum, a retraction whose notice could not be read, an update of a kind that nobody documents, a flag
# that stands on notices too.
REINSTATEMENT = "reinstatement"
OTHER_NOTICES = frozenset({REINSTATEMENT, "addendum", "unread_retraction", "unknown_update", "flagged_retracted"})

# A republication is an article; the others of NOTICES are published about one and say nothing themselves.
REPUBLICATIONS = frozenset({"republication", "retracted_republication"})

# notice → status. The most serious wins; a comment or an update leaves the status alone.
STATUS_OF = {
    "erratum": "corrected",
    "republication": "corrected",
    "partial_retraction": "concern",
    "concern": "concern",
    "retraction": "retracted",
    "retracted_republication": "retracted",
    "withdrawal": "withdrawn",
}

# NLM's RefType → (kind, whether the record that carries it is the notice). ``ErratumIn`` stands in the corrected
# article and names the notice, ``ErratumFor`` stands in the notice and names the article.
# https://dtd.nlm.nih.gov/ncbi/pubmed/doc/out/250101/att-RefType.html
REF_TYPES: dict[str, tuple[str, bool]] = {
    "ErratumIn": ("erratum", False),
    "ErratumFor": ("erratum", True),
    "RetractionIn": ("retraction", False),
    "RetractionOf": ("retraction", True),
    "PartialRetractionIn": ("partial_retraction", False),
    "PartialRetractionOf": ("partial_retraction", True),
    "ExpressionOfConcernIn": ("concern", False),
    "ExpressionOfConcernFor": ("concern", True),
    "CorrectedandRepublishedIn": ("republication", False),
    "CorrectedandRepublishedFrom": ("republication", True),
    "CorrectedRepublishedIn": ("republication", False),
    "CorrectedRepublishedFrom": ("republication", True),
    "RetractedandRepublishedIn": ("retracted_republication", False),
    "RetractedandRepublishedFrom": ("retracted_republication", True),
    "RepublishedIn": ("republication", False),
    "RepublishedFrom": ("republication", True),
    "CommentIn": ("comment", False),
    "CommentOn": ("comment", True),
    "UpdateIn": ("update", False),
    "UpdateOf": ("update", True),
    "ReprintIn": ("reprint", False),
    "ReprintOf": ("reprint", True),
    "OriginalReportIn": ("summary", True),
    "SummaryForPatientsIn": ("summary", False),
    "AssociatedDataset": ("dataset", False),
    "AssociatedPublication": ("dataset", True),
}

# The kind of notice or letter in a title (evidence.bibliography.markers) → relation.
TITLE_KINDS = {
    "erratum": "erratum",
    "retraction": "retraction",
    "partial_retraction": "partial_retraction",
    "withdrawal": "withdrawal",
    "concern": "concern",
    "reply": "reply",
    "comment": "comment",
}
