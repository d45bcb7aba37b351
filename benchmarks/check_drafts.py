"""What `evidence check` finds in invented drafts with planted mistakes, against what a person expects of each.

    python benchmarks/check_drafts.py [FOLDER] [--misses] [--keep PROJECT]        (40 s)

``FOLDER`` (``../shared/check``) holds ``library.xml``, ``drafts/`` and ``score.py``, which judges the answers. A
project of the neuromodulation example is made with that library; ``--keep`` makes it there, or takes the one that is
there already (rebuilt when the program has changed). The drafts of ``../shared/check`` were looked at while the rules
were written: their figures are development figures.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from evidence.library.desk import Desk  # noqa: E402
from evidence.project import Project  # noqa: E402

SHARED = ROOT.parent / "shared" / "check"


def run(*arguments: str) -> None:
    """Run one command of the program; stop when it fails."""
    done = subprocess.run([sys.executable, "-m", "evidence", *arguments], cwd=ROOT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"evidence {' '.join(arguments)}: exit {done.returncode}\n{done.stdout}{done.stderr}")


def make_project(place: Path, library: Path) -> None:
    """A project of the example whose library is one file, with its abstracts shown; rebuilt where it is there."""
    if not (place / "metadata.yml").exists():
        run("init", str(place), "--example", "neuromodulation")
        metadata = place / "metadata.yml"
        metadata.write_text(metadata.read_text(encoding="utf-8").replace('"*": hide', '"*": show'), encoding="utf-8")
        run("import", str(library), "--project", str(place))
    run("build", "--project", str(place))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SHARED)
    parser.add_argument("--misses", action="store_true", help="print every expectation that was missed")
    parser.add_argument("--keep", type=Path, help="a project directory to make or to use again")
    options = parser.parse_args()
    if not (options.folder / "score.py").exists():
        print(f"skipped: {options.folder} is not there")
        return
    with tempfile.TemporaryDirectory() as scratch:
        place = options.keep or Path(scratch) / "project"
        make_project(place, options.folder / "library.xml")
        project = Project(place)
        desk = Desk.open(project.evidence, project)
        answers = Path(scratch) / "answers"
        answers.mkdir()
        for draft in sorted((options.folder / "drafts").iterdir()):
            answer = desk.check_file(draft.read_bytes(), draft.name)
            (answers / f"{draft.stem}.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")
        desk.close()
        judge = [sys.executable, str(options.folder / "score.py"), str(answers)]
        sys.exit(subprocess.run([*judge, *(["--misses"] if options.misses else [])]).returncode)


if __name__ == "__main__":
    main()
