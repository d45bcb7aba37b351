"""Health articles: where the claims come from."""

from __future__ import annotations

from evidence.site.web import Context, Page, PageNotFound

ARTICLES = """
    SELECT a.*, count(c.id) AS claims, count(c.reopened_on) AS reopened
    FROM articles a LEFT JOIN claims c ON c.article = a.id GROUP BY a.id ORDER BY a.title"""
ARTICLE = "SELECT * FROM articles WHERE id = ?"
CLAIMS = "SELECT id, paraphrase, verdict, kind, reviewed_on, reopened_on FROM claims WHERE article = ? ORDER BY id"
VERDICTS = "SELECT verdict, count(*) AS n FROM claims WHERE article = ? GROUP BY 1 ORDER BY 2 DESC"


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
        "verdicts": context.rows(VERDICTS, [article["id"]]),
    }
    return Page("article.html", article["title"], data, canonical=context.plain_url("/articles", article["id"]))
