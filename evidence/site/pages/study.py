"""A study: one investigation and all its reports."""

from __future__ import annotations

from evidence.site.pages.listing import COLUMNS
from evidence.site.pages.trials import trials_of
from evidence.site.web import Context, Page, PageNotFound

STUDY = "SELECT id, title, reason FROM studies WHERE id = ?"
REGISTRATIONS = "SELECT registry, number FROM study_registrations WHERE study = ? ORDER BY number"
REPORTS = f"""
    SELECT {", ".join("r." + name.strip() for name in COLUMNS.split(","))}, x.role
    FROM study_reports x JOIN reports r ON r.id = x.report WHERE x.study = ? ORDER BY r.publication_date, r.id"""


def study_page(context: Context) -> Page:
    context.allow(frozenset())
    study = context.row(STUDY, [context.path["id"]])
    if study is None:
        raise PageNotFound(f"The library holds no study {context.path['id'][:80]!r}.")
    data = {
        "study": study,
        "registrations": context.rows(REGISTRATIONS, [study["id"]]),
        "reports": context.rows(REPORTS, [study["id"]]),
        "trials": trials_of(context, study["id"]),
    }
    title = study["title"] or f"Study {study['id']}"
    return Page("study.html", title, data, canonical=context.plain_url("/studies", study["id"]))
