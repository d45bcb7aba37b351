"""``evidence doctor --online SOURCE``: three questions to a source beside PubMed whose answers are known."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import replace

from evidence.enrich.run import EMAIL_VARIABLES, connect
from evidence.errors import EvidenceError, TryLater, UsageError
from evidence.http import Answer, Client
from evidence.services.doctor import DIFFERS, OK, Finding
from evidence.services.known_works import KNOWN, questions_of
from evidence.sources import SOURCES, Item, clinicaltrials, openfda
from evidence.trial import Trial

# A trial that ended in 2019 for good, as recorded in August 2026; a number that is not given out; a rare syndrome.
KNOWN_TRIAL = Trial(
    "NCT02576665", status="TERMINATED", start="2016-07", completion="2019-12-20", enrolment=21, sponsor="Tocagen Inc."
)
NO_TRIAL, KNOWN_SEARCH = "NCT99999999", '"Phelan-McDermid Syndrome"'
# What the known trial must have besides, since states and tags rest on it.
_NEEDED = (
    "title", "enrolment_type", "study_type", "phases", "interventions", "sponsor_class", "primary_outcomes", "updated",
    "first_posted",
)  # fmt: skip
Question = Callable[[Client], str]


def ask_source(name: str, environ: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Ask a source its known questions. Raises ``TryLater`` when nobody answers, ``UsageError`` without an e-mail."""
    source = SOURCES[name]
    email = next((value for key in EMAIL_VARIABLES if (value := environ.get(key, "").strip())), "")
    if not email and not source.service.at(environ).loopback:
        raise UsageError(f"{source.label} asks who is asking: export EVIDENCE_EMAIL=you@example.org, then run again")
    with closing(connect(source, email)) as client:
        for what, question in QUESTIONS[name]:
            try:
                said = question(client)
            except TryLater:
                if not client.reached:
                    raise
                said = client.given_up or "it answered once, and then no more"
            except EvidenceError as error:
                said = str(error)
            do = f"{source.label}'s answers changed, or something stands between: report this line with the version"
            what = f"{source.label}: {what}"
            yield Finding(what, DIFFERS, said, do) if said else Finding(what, OK, "as assumed")


def _study(client: Client) -> str:
    subject = f"nct:{KNOWN_TRIAL.number}"
    found = _asked(client, subject).get(subject)
    if found is None:
        return f"{KNOWN_TRIAL.number} is not there"
    trial = clinicaltrials.trial_of(found)
    wrong = [
        f"{name} is {getattr(trial, name)!r}, not {getattr(KNOWN_TRIAL, name)!r}"
        for name in ("number", "status", "start", "completion", "enrolment", "sponsor")
        if getattr(trial, name) != getattr(KNOWN_TRIAL, name)
    ]
    wrong += [f"{name} did not come" for name in _NEEDED if not getattr(trial, name)]
    wrong += ["hasResults did not come"] if trial.results_posted is None else []
    return "; ".join(wrong)


def _absent(client: Client) -> str:
    subject = f"nct:{NO_TRIAL}"
    return f"{NO_TRIAL} is there, which it should not be" if _asked(client, subject) else ""


def _search(client: Client) -> str:
    """Two pages of five of a search, with a token between them."""
    first_asked = clinicaltrials.search_request(KNOWN_SEARCH)
    asked = replace(first_asked, query={**first_asked.query, "pageSize": "5"})
    first = client.ask(asked, lambda answer: clinicaltrials.read_page(answer.body))
    if first.total is None or not first.token or len(first.numbers) != 5:
        return (
            f"a first page of five has {len(first.numbers)} studies, the count {first.total}, "
            f"{'a' if first.token else 'no'} token"
        )
    asked = replace(asked, query={**asked.query, "pageToken": first.token})
    second = client.ask(asked, lambda answer: clinicaltrials.read_page(answer.body))
    if second.total is not None or not second.numbers or set(first.numbers) & set(second.numbers):
        return "the second page counts again, is empty or repeats the first"
    return "" if first.total >= 10 else f"{KNOWN_SEARCH} finds {first.total}; it found 21 in August 2026"


def _asked(client: Client, subject: str) -> dict[str, Item]:
    def read(answer: Answer) -> dict[str, Item]:
        return clinicaltrials.read(answer.body, [subject])

    return client.ask(clinicaltrials.request([subject]), read)


QUESTIONS: dict[str, tuple[tuple[str, Question], ...]] = {
    clinicaltrials.NAME: (
        ("a known trial by number", _study),
        ("a number that is not there", _absent),
        ("a search over two pages", _search),
    ),
    **{name: questions_of(name) for name in (*KNOWN, openfda.NAME)},
}
