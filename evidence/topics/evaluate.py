"""Whether a record is one that a saved search finds, without asking PubMed.

    selector = compile_query(written, mesh)     # NotEvaluated says which line cannot be
    selector.selects(facts_of(record))

What fields hold: https://pubmed.ncbi.nlm.nih.gov/help/#search-tags. Words are compared by
:mod:`evidence.topics.words`; a phrase is its words side by side, as PubMed's phrase index has them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from evidence.topics.expression import Chain, Term, parse_expression, terms_of
from evidence.topics.facts import Facts
from evidence.topics.mesh import Mesh
from evidence.topics.need import ALWAYS, Need, all_of, any_of
from evidence.topics.terms import FIELDS, PEOPLE, Context, NotEvaluated, Predicate

__all__ = ["NotEvaluated", "Selector", "compile_query"]


@dataclass(slots=True)
class Selector:
    """A compiled search. ``need``: words without which no record is found; ``notes``: what was taken otherwise than
    PubMed takes it, each after its line (1-based, of the query). ``people``: whether names or affiliations
    are asked for."""

    selects: Callable[[Facts], bool]
    need: Need
    notes: list[tuple[int, str]] = field(default_factory=list)
    people: bool = False


def compile_query(written: str, mesh: Mesh | None = None, comments: bool = True) -> Selector:
    """The search as a function of a record's facts.

    ``mesh``: NLM's headings, for those narrower than the ones named; without it a heading is taken alone, and
    ``notes`` says so. Raises :class:`NotEvaluated` with the line of what cannot be evaluated here, and
    :class:`~evidence.topics.query.Flaw` for what is no query.
    """
    context = Context(mesh)
    tree = parse_expression(written, comments)
    predicate, need = _compile(tree, context)
    return Selector(predicate, need, context.told(), any(term.tag in PEOPLE for term in terms_of(tree)))


def _compile(node: Chain | Term, context: Context) -> tuple[Predicate, Need]:
    if isinstance(node, Term):
        return _term(node, context)
    first, need = _compile(node.first, context)
    if not node.rest:
        return first, need
    steps: list[tuple[str, Predicate]] = []
    for operator, other in node.rest:
        predicate, other_need = _compile(other, context)
        steps.append((operator, predicate))
        if operator == "OR":
            need = any_of(need, other_need)
        elif operator == "AND":
            need = all_of(need, other_need)
    return _chained(first, steps), need


def _chained(first: Predicate, steps: list[tuple[str, Predicate]]) -> Predicate:
    def selects(facts: Facts) -> bool:
        found = first(facts)
        for operator, predicate in steps:
            if found is not (operator == "OR"):  # else this step cannot change it
                found = predicate(facts) is not (operator == "NOT")
        return found

    return selects


def _term(term: Term, context: Context) -> tuple[Predicate, Need]:
    if not term.tag:
        raise NotEvaluated(
            f"{term.shown} has no field tag, and PubMed maps it in its own way: give it one, such as [tiab]",
            term.line,
        )
    make = FIELDS.get(term.tag)
    if make is None:
        raise NotEvaluated(f"the field of {term.shown} cannot be searched without PubMed", term.line)
    made = make(term, context)
    return (made, ALWAYS) if callable(made) else made
