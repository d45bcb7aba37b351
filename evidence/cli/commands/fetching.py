"""Commands that bring records in: ``refresh``, ``enrich``, ``import``, ``fetch``; and ``status``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from evidence import enrich as enriching
from evidence import refresh as refreshing
from evidence.cli.options import clock, command, json_option, project_option, say
from evidence.cli.progress import stage_progress
from evidence.errors import EXIT_DONE, EXIT_NEEDS_PERSON
from evidence.model import Facet
from evidence.project import Project
from evidence.refresh import fetch as fetching
from evidence.services.reopened import reopened_claims, reopened_lines
from evidence.services.sources_asked import is_failing, source_lines, sources_asked
from evidence.services.up import current_index, open_tracker
from evidence.tagging import load_vocabulary
from evidence.tracker.importing import import_files


@command()
@click.argument("topics", nargs=-1, metavar="[TOPIC]...")
@click.option(
    "--full", is_flag=True, help="Fetch every record again and compare, instead of what changed since last time."
)
@click.option("--dry-run", is_flag=True, help="Ask PubMed what there is, fetch nothing, store nothing.")
@json_option
@project_option
def refresh(topics: tuple[str, ...], full: bool, dry_run: bool, as_json: bool, project: Project) -> int:
    """Fetch what is new, revised or gone since last time, for all topics or the ones named.

    A topic is a file in queries/topics/; its name is the file's without .yml. Then the other sources that metadata.yml
    switches on are asked, unless topics are named: see 'evidence enrich --help'.
    """
    summary = refreshing.refresh(
        project,
        topics=list(topics) or None,
        full=full,
        dry_run=dry_run,
        now=clock(),
        modalities=load_vocabulary(project.vocabulary).tags[Facet.MODALITY],
    )
    asked = enriching.enrich(project, now=clock()) if _asks_others(project, topics, dry_run, summary.reached) else None
    if as_json:
        told = summary.as_json() | ({"enriched": asked.as_json()} if asked else {})
        click.echo(json.dumps(told, ensure_ascii=False))
    else:
        click.echo("\n".join([summary.text(), *([asked.text()] if asked else [])]))
    if not dry_run:
        _keep_index(project)
    return summary.exit_code or (asked.exit_code if asked else EXIT_DONE)


def _keep_index(project: Project) -> None:
    if line := current_index(project, stage_progress(), clock()):
        say(line)


def _asks_others(project: Project, topics: tuple[str, ...], dry_run: bool, reached: bool) -> bool:
    return reached and not topics and not dry_run and bool(enriching.switched_on(project))


@command()
@click.argument("sources", nargs=-1, metavar="[SOURCE]...")
@click.option("--full", is_flag=True, help="Ask about every report again, instead of what is new or due.")
@json_option
@project_option
def enrich(sources: tuple[str, ...], full: bool, as_json: bool, project: Project) -> int:
    """Ask the sources beside PubMed about the reports: notices, copies to read, citations, trials, recalls.

    SOURCE is crossref, europepmc, openalex, icite, openfda or clinicaltrials.

    Each is off until metadata.yml switches it on (plugins: evidence: sources: {crossref: true}); they are told the
    e-mail of EVIDENCE_EMAIL or NCBI_EMAIL. Asked are reports that are new to a source, or were asked about 30 days ago
    (7, where an article or a claim cites them). What they answer is stored; 'evidence build' shows it.
    """
    summary = enriching.enrich(project, sources, full, now=clock())
    click.echo(json.dumps(summary.as_json(), ensure_ascii=False) if as_json else summary.text())
    return summary.exit_code


@command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE..."
)
@click.option(
    "--source", metavar="NAME", help="Where the records come from (embase, scopus, ...). Default: the file's format."
)
@json_option
@project_option
def import_(files: tuple[Path, ...], source: str | None, as_json: bool, project: Project) -> int:
    """Add records from .nbib, .ris, .bib, .enw, EndNote or PubMed .xml, .csv and .json files.

    The content decides the format, not the file's name. Bad entries are reported with file and line; the good go in.
    """
    with open_tracker(project, clock()) as tracker:
        summary = import_files(tracker, files, source)
    click.echo(json.dumps(summary.as_json(), ensure_ascii=False) if as_json else summary.text())
    _keep_index(project)
    return EXIT_NEEDS_PERSON if summary.total("problems") or summary.total("conflicts") else EXIT_DONE


@command()
@click.option(
    "--stale-after",
    type=click.IntRange(min=0),
    default=14,
    show_default=True,
    metavar="DAYS",
    help="A topic not refreshed for longer is stale.",
)
@click.option("--all", "whole", is_flag=True, help="Every topic, warning and unresolved source, each whole.")
@json_option
@project_option
def status(stale_after: int, whole: bool, as_json: bool, project: Project) -> int:
    """Topics with trouble, counts, warnings, unresolved sources; when other sources were last asked.

    Exit 1 when a topic is stale or finds nothing, or a topic or a source that is switched on fails.
    """
    found = refreshing.status(project, stale_after=stale_after, now=clock())
    claims, others = reopened_claims(project), sources_asked(project)
    code = found.exit_code or (EXIT_NEEDS_PERSON if any(map(is_failing, others)) else EXIT_DONE)
    if as_json:
        more = {"exit_code": code, "claims_reopened": claims, "other_sources": others}
        click.echo(json.dumps(found.as_json() | more, ensure_ascii=False))
    else:
        click.echo("\n".join([found.text(whole), *source_lines(others), *reopened_lines(claims)]))
    return code


@command()
@click.argument("pmids", nargs=-1, required=True, metavar="PMID...")
@json_option
@project_option
def fetch(pmids: tuple[str, ...], as_json: bool, project: Project) -> int:
    """Fetch single records by their PMIDs, whatever the topics find: 'evidence check' names those that are cited.

    They are stored as a refresh stores records, and belong to no topic: only another fetch asks for them again. Exit 1
    when PubMed has no such record or it did not come, 75 when PubMed does not answer.
    """
    summary = fetching.fetch(project, pmids, now=clock())
    click.echo(json.dumps(summary.as_json(), ensure_ascii=False) if as_json else summary.text())
    _keep_index(project)
    return summary.exit_code
