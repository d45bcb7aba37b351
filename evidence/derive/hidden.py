"""Abstracts that a publication leaves out: ``plugins: evidence: abstracts`` of ``metadata.yml``, by a record's source.

A site that is public must not hold a hidden abstract, not even in its search index; one's own machine may.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from typing import Any

# What stands in the database of an abstract that is left out: that it exists, and the tags it earned.
LEAVE_OUT = (
    "DELETE FROM abstracts WHERE report IN (SELECT id FROM hidden)",
    "DELETE FROM other_abstracts WHERE report IN (SELECT id FROM hidden)",
    """UPDATE reports SET sample_size_sentence = NULL, abstract_state = 'hidden'
       WHERE id IN (SELECT id FROM hidden) AND abstract_state = 'present'""",
    """UPDATE tag_evidence SET phrase = '', start = NULL, "end" = NULL
       WHERE field = 'abstract' AND report IN (SELECT id FROM hidden)""",
    "DELETE FROM revisions WHERE field = 'abstract' AND report IN (SELECT id FROM hidden)",
)
HIDDEN = """
    CREATE TEMP TABLE hidden AS SELECT id FROM reports
    WHERE id NOT IN (SELECT report FROM records WHERE source IN ({shown}))"""


def may_show(policy: Mapping[str, str] | None, source: str) -> bool:
    """Whether abstracts of this source's records may be shown. Without a policy: yes, on one's own machine.

    >>> may_show({"pubmed": "show", "*": "hide"}, "ris")
    False
    """
    policy = policy or {"*": "show"}
    return policy.get(source, policy.get("*", "hide")) == "show"


def leave_out_hidden_abstracts(conn: sqlite3.Connection, settings: Mapping[str, Any]) -> None:
    """Take hidden abstracts out of a database that is being built, before its search index is made.

    ``settings`` are a project's (``Project.settings``). Does nothing unless ``public`` is true.
    """
    policy = settings.get("abstracts")
    if not settings.get("public") or not isinstance(policy, Mapping):
        return
    sources = [source for (source,) in conn.execute("SELECT DISTINCT source FROM records")]
    shown = [source for source in sources if may_show(policy, source)]
    # Without it the text would stay readable in the file's free pages.
    conn.execute("PRAGMA secure_delete = ON")
    conn.execute("DROP TABLE IF EXISTS temp.hidden")
    conn.execute(HIDDEN.format(shown=", ".join("?" * len(shown))), shown)
    for statement in LEAVE_OUT:
        conn.execute(statement)
    conn.execute("DROP TABLE temp.hidden")
