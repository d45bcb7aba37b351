"""Health articles: where the claims come from."""

from __future__ import annotations

from evidence.site.web import Context, Page, PageNotFound

ARTICLES = """
    SELECT a.*, count(c.id) AS claims, count(c.reopened_on) AS reopened
    FROM articles a LEFT JOIN claims c ON c.article = a.id GROUP BY a.id ORDER BY a.title"""
ARTICLE = "SELECT * FROM articles WHERE id = ?"
CLAIMS = """
    SELECT id, paraphrase, fidelity, direction, status, reviewed_by, support, kind, reopened_on
    FROM claims WHERE article = ? ORDER BY id"""
READINGS = "SELECT fidelity, status, count(*) AS n FROM claims WHERE article = ? GROUP BY 1, 2 ORDER BY 3 DESC, 1"


def articles_page(context: Context) -> Page:
    context.allow(frozenset())
    title = "Health articles (where the claims come from)"
    return Page("articles.html", title, {"articles": context.rows(ARTICLES)}, canonical="/articles")


def article_page(context: Context) -> Page:
    context.allow(frozenset())
    article = context.row(ARTICLE, [context.path["id"]])
    if article is None:
        raise PageNotFound(f"There is no health article {context.path['id'][:80]!r}.")
    data = {
        "article": article,
        "claims": context.rows(CLAIMS, [article["id"]]),
        "readings": context.rows(READINGS, [article["id"]]),
    }
    return Page("article.html", article["title"], data, canonical=context.plain_url("/articles", article["id"]))
