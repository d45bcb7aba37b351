"""Topic files: what is sent, and what is refused with file, line and reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.errors import InputError
from evidence.tagging import load_vocabulary
from evidence.topics import load_topics
from evidence.topics.query import KNOWN_TAGS, Flaw, check_query

GOOD = """title: Invented stimulation
modality: scs
articles: [pain-spine-pnt]
query: |
  # the heading
  "Spinal Cord Stimulation"[mh] OR
    # and "the words, before it is indexed
    ("invented stimulat*"[tiab] OR scs #1[ti])   # after a term
"""


def write(directory: Path, name: str, text: str) -> Path:
    path = directory / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_query_is_sent_without_comments_and_on_one_line(tmp_path: Path) -> None:
    write(tmp_path, "scs.yml", GOOD.replace(" #1[ti]", "[ti]"))
    (topic,) = load_topics(tmp_path)
    assert topic.id == "scs" and topic.modalities == ("scs",) and topic.articles == ("pain-spine-pnt",)
    assert topic.query == '"Spinal Cord Stimulation"[mh] OR ("invented stimulat*"[tiab] OR scs[ti])'
    assert "# the heading" in topic.written and not topic.tag_only


@pytest.mark.parametrize(
    ("query", "line", "reason"),
    [
        ("a[tiab] OR\nb[tiabb]", 2, "unknown field tag [tiabb]"),
        ("a[tiab] OR\nb[tiabb]", 2, "did you mean [tiab]"),
        ("(a[tiab] OR\n b[tiab]", 1, "never closed"),
        ("a[tiab]\n)", 2, "never opened"),
        ('a[tiab] OR\n"b c[tiab]\nOR d" [ti]', 2, "unbalanced quotes"),
        ("a[tiab OR b", 1, "square brackets"),
        ("# nothing\n\n", 1, "empty"),
        ('""[ti]', 1, "empty"),
        ("a[tiab] AND\n()", 2, "empty pair"),
        ("a[ti] OR OR b[ti]", 1, "operator"),
        ("(a[ti] OR) b[ti]", 1, "operator"),
        ("\u201ca b\u201d[ti]", 1, "straight quotes"),
        ("a[ti:noexp]", 1, "no modifier"),
        ("a[mesh:~3]", 1, "no modifier"),
        ("\u2018a b\u2019[ti]", 1, "straight quotes"),
        ("\u00aba b\u00bb[ti]", 1, "straight quotes"),
        ("a[ti] OR\nb[ti] and c[ti]", 2, "'and': write AND"),
        ("a[ti] Or b[ti]", 1, "'Or': write OR"),
        ("pain or stimulation", 1, "'or': write OR"),
        ("(a[ti]) not b[ti]", 1, "'not': write NOT"),
        ("pain and suffering[tiab]", 1, "'and': write AND"),
        ('"a"[mh] and Humans[mh]', 1, "'and': write AND"),
        ("hip pain[tiab:~2]", 1, '"hip pain"[tiab:~2]'),
        ('"cord stimulat*"[tiab:~2]', 1, "no wildcard"),
        ('"stimulat$"[tiab]', 1, "its only wildcard is *"),
        # Ovid
        ("a[ti] OR\nexp Pain/", 2, "Ovid's syntax"),
        ('exp "Spinal Cord Stimulation"/', 1, '"Pain"[mh]'),
        ("*Pain/", 1, "[majr]"),
        ("Spinal Cord Stimulation/ OR pain[ti]", 1, "Ovid's syntax"),
        ("pain.ti,ab.", 1, "[tiab] for .ti,ab."),
        ("pain.mp.", 1, "Ovid's syntax"),
        ("(pain).tw,kf", 1, "Ovid's syntax"),
        ("(spinal adj3 cord)", 1, "[tiab:~3]"),
        ("stimulat$", 1, "stimulat*"),
        ("wom?n", 1, "Ovid's syntax"),
        ("or/1-5", 1, "no numbered lines"),
        # Embase
        ("'hip pain':ti,ab", 1, "[tiab] for :ti,ab"),
        ("pain:ti,ab,kw", 1, "Embase's syntax"),
        ("'hip pain'/exp", 1, "Embase's syntax"),
        ("hip NEXT/2 pain", 1, "Embase's syntax"),
        ("[embase]/lim", 1, "Embase's syntax"),
        ("'hip pain'[tiab]", 1, "double quotes"),
        # Scopus and Web of Science
        ('TITLE-ABS-KEY("hip pain")', 1, "Scopus' syntax"),
        ("hip W/3 pain", 1, "[tiab:~3]"),
        ("PUBYEAR > 2010", 1, "[dp]"),
        ("TS=(pain)", 1, "Web of Science's syntax"),
        ("TS = (pain)", 1, "Web of Science's syntax"),
        ("hip NEAR/3 pain", 1, "[tiab:~3]"),
        ("hip near/3 pain", 1, "[tiab:~3]"),
        ("hip NEAR pain", 1, "[tiab:~3]"),
        # others
        ('(MH "Pain+")', 1, "EBSCO's syntax"),
        ("MeSH descriptor: [Pain] explode all trees", 1, "Cochrane"),
    ],
)
def test_a_flaw_is_named_with_its_line(tmp_path: Path, query: str, line: int, reason: str) -> None:
    body = "\n".join(f"  {part}" for part in query.split("\n"))
    path = write(tmp_path, "t.yml", f"title: T\nmodality: scs\nquery: |\n{body}\n")
    with pytest.raises(InputError) as caught:
        load_topics(tmp_path)
    assert caught.value.path == path and reason in caught.value.reason
    assert caught.value.line == 3 + line


@pytest.mark.parametrize(
    "query",
    [
        '"hip pain"[tiab:~2]',
        "Pain[Mesh:NoExp] NOT (Animals[mh] NOT Humans[mh])",
        '("2019/01/01"[crdt] : "3000"[crdt])',
        "2019:2024[dp]",
        "1:20000000[UID]",
        '"[18F]FDG (x"[Title/Abstract]',
        "Deer T[Author - First]",
        "Deer T[ AU ]",
        "plain words",
        '"drug therapy"[Subheading] AND surgery[MeSH Subheading]',
        "10.5555/abc[doi]",
        "Wounds and Injuries[mh] AND Wit and Humor as Topic[MeSH Terms]",
        "Journal of Pain and Symptom Management[ta]",
        '"bread and butter"[tiab] OR "not otherwise specified"[ti]',
        "near infrared spectroscopy[tiab] OR next generation[ti]",
        '"Pain/therapy"[mh] OR Pain/therapy[mh]',
        "O'Brien[au] OR patients' pain[tiab] OR carers' burden[ti] OR Raynaud\u2019s[ti] OR patients\u2019[ti]",
        "U.S.[ad] OR i.v.[tiab] OR J. Pain[ta]",
        "2020/01/01:2020/12/31[dp]",
        '"2020/01/01"[dp] : "2020/12/31"[dp]',
        "systematic[sb] AND English[la] AND free full text[filter]",
        "T2 N1 disease[tiab] OR orthop*[tiab] OR android[ti]",
        "Smith J[au] NOT review[pt]",
    ],
)
def test_real_queries_pass(query: str) -> None:
    assert check_query(query) == query


def test_comments_in_a_folded_query_are_refused_because_they_would_swallow_the_rest(tmp_path: Path) -> None:
    write(tmp_path, "t.yml", "title: T\nmodality: scs\nquery: >\n  a[ti]\n  # why\n  OR b[ti]\n")
    with pytest.raises(InputError, match=r"t\.yml:3: a comment ends with its line"):
        load_topics(tmp_path)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("title: T\nmodality: scs\nquery: a[ti]\nqeury: b\n", 4, "unknown key 'qeury'"),
        ("title: T\nquery: a[ti]\n", 1, "'modality' is missing"),
        ("title: T\nmodality: scs\nquery:\n", 3, "'query' is missing or empty"),
        ("title: T\nmodality: [1]\nquery: a\n", 2, "list of ids"),
        ("title: T\nmodality: scs\nquery: a\ntag_only: maybe\n", 4, "true or false"),
        ("title: [\n", 2, "not valid YAML"),
        ("title: T\ntitle: U\n", 2, "stands twice"),
        ("- a\n", 1, "mapping"),
        ("title: T\nmodality: xyz\nquery: a\n", 2, "unknown modality 'xyz'"),
        ("title: T\nmodality: sc\nquery: a\n", 2, "did you mean 'scs'? the ids of queries/vocabulary"),
        ("title: T\nmodality: [scs, xyz]\nquery: a\n", 2, "modality.yml are scs"),
    ],
)
def test_a_malformed_file_is_named_with_its_line(tmp_path: Path, text: str, line: int, reason: str) -> None:
    write(tmp_path, "t.yml", text)
    with pytest.raises(InputError) as caught:
        load_topics(tmp_path, modalities={"scs"})
    assert (caught.value.line, reason in caught.value.reason) == (line, True), str(caught.value)


@pytest.mark.parametrize("twin", ["scs.yaml", "SCS.yml", "more/scs.yml"])
def test_two_files_with_one_id_are_refused(tmp_path: Path, twin: str) -> None:
    write(tmp_path, "scs.yml", GOOD.replace(" #1[ti]", "[ti]"))
    (tmp_path / "more").mkdir()
    write(tmp_path, twin, GOOD.replace(" #1[ti]", "[ti]"))
    with pytest.raises(InputError, match="is taken by"):
        load_topics(tmp_path)


def test_every_short_tag_means_one_field() -> None:
    from evidence.topics.query import FIELD_TAGS

    shorts = [short for names in FIELD_TAGS.values() for short in names]
    assert len(shorts) == len(set(shorts)) and not set(shorts) & set(FIELD_TAGS)
    assert {"tiab", "mh", "mesh", "majr", "lr", "crdt", "uid", "dp", "au", "ta", "pt"} <= KNOWN_TAGS
    with pytest.raises(Flaw):
        check_query("a[]")


def test_the_projects_own_topics_are_sound(root: Path) -> None:
    queries = root / "queries"
    modalities = load_vocabulary(queries / "vocabulary").tags["modality"]
    topics = {topic.id: topic for topic in load_topics(queries / "topics", modalities)}
    named = {article for topic in topics.values() for article in topic.articles}
    assert named == {path.stem for path in (queries / "claims").glob("*.yml")}
    assert len(topics) >= 16
    assert sum(topic.tag_only for topic in topics.values()) == 5
    assert {id for id, topic in topics.items() if not topic.articles} == {"scs-closed-loop"}  # newer than the articles


@pytest.mark.parametrize(
    ("search", "line", "reason"),
    [
        ('"spinal cord" and pain', 1, "write AND"),
        ("pain\nor headache", 2, "write OR"),
        ("spinal[tiab]", 1, "PubMed's"),
        ("pain[Fancy]", 1, "follows none of"),
        ('"pain', 1, "quote"),
        ("(pain", 1, "never closed"),
        ("pain\n)", 2, "never opened"),
        ("\u201cpain\u201d", 1, "straight quotes"),
        ("pain AND", 1, "nothing on one side"),
        ("(AND pain)", 1, "nothing on one side"),
        ("AREA[Phase", 1, "brackets"),
        ("# nothing", 1, "empty"),
        ("x" * 2001, 1, "shorter"),
    ],
)
def test_a_registry_search_that_would_be_misread_is_refused(
    search: str, line: int, reason: str, tmp_path: Path
) -> None:
    block = "trials: |\n  " + search.replace("\n", "\n  ") + "\n"
    write(tmp_path, "scs.yml", GOOD.replace(" #1[ti]", "[ti]") + block)
    with pytest.raises(InputError) as error:
        load_topics(tmp_path)
    assert reason in str(error.value) and f"scs.yml:{9 + line}:" in str(error.value)


@pytest.mark.parametrize(
    "search",
    [
        '"spinal cord stimulation" AND (pain OR "back pain") NOT AREA[StudyType]OBSERVATIONAL',
        "AREA[LastUpdatePostDate]RANGE[2024-01-01,MAX]",
        'AREA[LeadSponsorName]COVERAGE[FullMatch]"Example Inc."',
        '"and or not"',
        "oral OR andrology",
    ],
)
def test_a_registry_search_is_sent_as_written(search: str, tmp_path: Path) -> None:
    block = f"trials: |\n  {search}  # why\n"
    write(tmp_path, "scs.yml", GOOD.replace(" #1[ti]", "[ti]") + block)
    assert load_topics(tmp_path)[0].trials == search


@pytest.mark.parametrize("value", ["[a, b]", "3", '""'])
def test_a_registry_search_is_text(value: str, tmp_path: Path) -> None:
    write(tmp_path, "scs.yml", GOOD.replace(" #1[ti]", "[ti]") + f"trials: {value}\n")
    with pytest.raises(InputError, match=r"scs.yml:9: 'trials' must be text"):
        load_topics(tmp_path)
