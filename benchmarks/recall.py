"""Recall of a topic's search from the reference lists of its reviews, on real lists of which the truth is planted.

    python benchmarks/recall.py

Records of ../shared/pubmed (chronic pain), with topics of their own (exercise, massage, sleep, ...) that hold the
reviews among them. Of the works that two or more reviews cite and whose title names the topic, half, by hash, are given
to the topic as records of their PMIDs; the build must then find that share, and list the other half as missing, and no
other. The reviews are few: what is measured is the reckoning, not the recall of any search.
"""

from __future__ import annotations

import gzip
import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from eutils_server import Article  # noqa: E402
from project_factory import TestProject  # noqa: E402

from evidence.derive import build  # noqa: E402
from evidence.exchange.pubmed import Received, read_article_set  # noqa: E402
from evidence.project import Project  # noqa: E402
from evidence.readonly import open_readonly  # noqa: E402
from evidence.tracker import TopicLog, Tracker  # noqa: E402

RECORDS = ROOT.parent / "shared" / "pubmed"
SUBJECTS = {
    "exercise": ["exercise", "physical activity", "exercise therapy"],
    "opioids": ["opioid", "opioids", "morphine", "oxycodone"],
    "mindfulness": ["mindfulness", "meditation"],
    "cbt": ["cognitive behavioral therapy", "cognitive behavioural therapy", "cognitive-behavioral therapy"],
    "acupuncture": ["acupuncture", "electroacupuncture"],
    "yoga": ["yoga", "tai chi"],
    "massage": ["massage"],
    "fibromyalgia": ["fibromyalgia"],
    "back_pain": ["low back pain", "back pain"],
    "sleep": ["sleep", "insomnia"],
    "depression": ["depression", "depressive"],
    "questionnaires": ["questionnaire", "inventory", "scale"],
    "children": ["children", "childhood", "adolescents"],
}
WORKS = "SELECT pmid, title FROM recall_works WHERE topic = ? AND pmid IS NOT NULL"


def records() -> list[Received]:
    found: dict[str, Received] = {}
    for path in sorted(RECORDS.glob("*.xml.gz")):
        with gzip.open(path) as file:
            for received in read_article_set(file):
                found.setdefault(received.record.pmid or "", received)
    return list(found.values())


def prepare(directory: Path) -> TestProject:
    """An empty project of another field, whose topics are the subjects."""
    made = TestProject(Project(directory))
    shutil.copytree(ROOT / "tests" / "fixtures" / "migraine" / "queries" / "vocabulary", made.project.vocabulary)
    shutil.copy(ROOT / "tests" / "fixtures" / "migraine" / "queries" / "profile.yml", made.project.queries)
    made.project.topics.mkdir()
    made.project.data.mkdir()
    made.project.metadata_file.write_text("title: Invented\n")
    lines = ["facet: modality", "tags:"]
    for tag, words in SUBJECTS.items():
        lines += [f"  {tag}:", f"    label: {tag}", f"    definition: {tag}", f"    terms: [{', '.join(words)}]"]
        topic = f"title: {tag}\nmodality: {tag}\nquery: '{words[0]}[tiab]'\n"
        (made.project.topics / f"{tag}.yml").write_text(topic)
    (made.project.vocabulary / "modality.yml").write_text("\n".join(lines) + "\n")
    return made


def fill(made: TestProject, topics: dict[str, list[str]], received: list[Received]) -> None:
    with Tracker.open(made.project.tracker, now=made.clock) as tracker:
        refresh = tracker.begin_refresh()
        tracker.store_batch(refresh, received)
        for topic, members in topics.items():
            tracker.update_membership(refresh, topic, members, {})
            tracker.log_topic(refresh, TopicLog(topic, query="invented", hits=len(members), new=len(members)))
        tracker.finish_refresh(refresh, "done", requests=1)


def main() -> None:
    if not RECORDS.is_dir():
        sys.exit(f"{RECORDS} is not there: this benchmark needs the shared records")
    held = records()
    reviews = [
        one.record.pmid or "" for one in held if {"Systematic Review", "Meta-Analysis"} & one.record.type_names()
    ]
    with tempfile.TemporaryDirectory() as directory:
        made = prepare(Path(directory))
        fill(made, dict.fromkeys(SUBJECTS, reviews), held)
        build(made.project, now=made.clock)
        with open_readonly(made.project.evidence) as db:
            print(*db.execute("SELECT reviews, reviews_with_list, works FROM recall LIMIT 1").fetchall())
            on_topic = {topic: dict(db.execute(WORKS, (topic,))) for topic in SUBJECTS}
            before = {row[0]: row[1:] for row in db.execute("SELECT topic, on_topic, held, unknown FROM recall")}
        planted = {
            topic: {pmid for pmid in works if hashlib.sha256(pmid.encode()).digest()[0] % 2 == 0}
            for topic, works in on_topic.items()
        }
        articles = {p: Article(p, title, abstract="") for works in on_topic.values() for p, title in works.items()}
        wanted = sorted(set().union(*planted.values()))
        xml = "".join(articles[pmid].xml() for pmid in wanted)
        received = list(read_article_set(f"<PubmedArticleSet>{xml}</PubmedArticleSet>".encode()))
        fill(made, {topic: sorted(own) for topic, own in planted.items() if own}, received)
        build(made.project, now=made.clock)
        with open_readonly(made.project.evidence) as db:
            after = {row[0]: row[1:] for row in db.execute("SELECT topic, on_topic, held, low, high FROM recall")}
            missing = {topic: set(dict(db.execute(WORKS, (topic,)))) for topic in SUBJECTS}
    wrong = 0
    for topic, works in on_topic.items():
        total, had, unknown = before[topic]
        expected = set(works) - planted[topic]
        on, found, low, high = after[topic]
        good = missing[topic] == expected and (on, found) == (total, had + len(planted[topic]))
        wrong += not good
        share = f"{found} of {on} held ({low:.0%} to {high:.0%}), {len(missing[topic])} listed"
        print(
            f"{topic}: {total} on-topic works ({unknown} without a title), {had} held; {len(planted[topic])} planted: "
            f"{share}; {'right' if good else 'WRONG'}"
        )
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
