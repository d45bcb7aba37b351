"""Whether `evidence audit` tells forged handles and changed words, on 500 mutated quotations of a library's sentences.

    python benchmarks/handles.py [--many 500] [--seed 1]        (1 minute)

Half of the quotations keep their handle and have one word exchanged, left out or added; the other half keep their words
and have a handle that nobody issued: another digit, another place, another report. As many are left as they are.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.whole_drafts import SETS, SHARED, make_project  # noqa: E402
from evidence.bibliography.handles import Sentence  # noqa: E402
from evidence.project import Project  # noqa: E402
from evidence.readonly import open_readonly  # noqa: E402
from evidence.services.audit import NEVER, VERBATIM, Auditor, report_sentences  # noqa: E402


def other_word(text: str, dice: random.Random) -> str:
    """The sentence with one word exchanged, left out or added."""
    words = list(re.finditer(r"\w+", text))
    word = dice.choice(words)
    start, end = word.span()
    new = dice.choice(["otherwise", "", f"{word.group()} otherwise"])
    return text[:start] + new + text[end:]


def forged(sentence: Sentence, others: list[Sentence], dice: random.Random) -> str:
    """A handle like the sentence's that is none of the library's."""
    place, _, digest = sentence.handle.partition("~")
    kind = dice.randrange(3)
    if kind == 0:
        at = dice.randrange(len(digest))
        return (
            f"{place}~{digest[:at]}{dice.choice([d for d in '0123456789abcdef' if d != digest[at]])}{digest[at + 1 :]}"
        )
    other = dice.choice([one for one in others if one.handle != sentence.handle])
    report, at = (sentence.report, other.place + "9") if kind == 1 else (other.report, sentence.place)
    return f"{report}/{at}~{digest}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--many", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if not SHARED.exists():
        print(f"skipped: {SHARED} is not there")
        return
    dice = random.Random(options.seed)
    with tempfile.TemporaryDirectory() as scratch:
        place = Path(scratch) / "project"
        make_project(place, SETS["second"])
        project = Project(place)
        with closing(open_readonly(project.evidence)) as conn:
            reports = [row[0] for row in conn.execute("SELECT id FROM reports ORDER BY id")]
            sentences = [s for report in reports for s in report_sentences(conn, report)]
        sentences = [s for s in sentences if '"' not in s.text and "\u201c" not in s.text]
        auditor, seen = Auditor(project), Counter[tuple[str, str]]()
        for n in range(options.many):
            sentence = dice.choice(sentences)
            words, name = sentence.text, sentence.handle
            kind = "word" if n % 2 else "forged"
            if n % 2:
                words = other_word(words, dice)
            else:
                name = forged(sentence, sentences, dice)
            (changed,) = auditor.audit(f"“{words}” {name}")
            (kept,) = auditor.audit(f"“{sentence.text}” {sentence.handle}")
            seen[kind, changed.finding] += 1
            seen["as it is", kept.finding] += 1
    whole, words_changed = options.many - options.many // 2, options.many // 2
    print(f"{len(sentences):,} sentences of {len(reports)} reports")
    print(f"forged handles accepted: {whole - seen['forged', NEVER]} of {whole}")
    print(f"one word changed, told: {words_changed - seen['word', VERBATIM]} of {words_changed}")
    print(f"as they are, verbatim: {seen['as it is', VERBATIM]} of {options.many}")


if __name__ == "__main__":
    main()
