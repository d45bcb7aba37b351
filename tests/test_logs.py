"""What is logged goes where it should, dated, in one line, and without secrets."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from clocks import SetClock

from evidence import logs
from evidence.clock import stamp
from evidence.scrub import MASK

KEY = "f3a9c1e7b5d2048690ab"


@pytest.fixture(autouse=True)
def _key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NCBI_API_KEY", KEY)


def test_messages_values_and_tracebacks_are_redacted_whoever_logs_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without pytest's own handlers: they would keep half a character, which no report from a worker can carry.
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    path = tmp_path / "data" / "evidence.log"
    with logs.to_file(path, SetClock()):
        logging.getLogger("evidence.refresh").info("asked with %s\nand %s", KEY[3:], [KEY])
        logging.getLogger("urllib3.connection").warning("Failed to parse headers: %r", f"x {KEY[:9]}\r\n{KEY[9:]}")
        try:
            raise ValueError(f"no such key: {KEY}")
        except ValueError:
            logging.getLogger("evidence.pubmed").exception("an answer could not be read")
        logging.getLogger("evidence.refresh").info("a\ud800b\x1b[2J 100% sure")
    text = path.read_text()
    assert KEY[3:9] not in text and text.count(MASK) == 4 and "Traceback" in text and "a\ufffdb [2J 100% sure" in text
    first, second = text.splitlines()[:2]
    assert first == f"{stamp(SetClock()())} INFO asked with {MASK} and ['{MASK}']"
    assert "WARNING urllib3.connection: Failed to parse headers" in second


def test_nothing_is_written_once_the_command_has_ended(tmp_path: Path) -> None:
    path = tmp_path / "evidence.log"
    with logs.to_file(path, SetClock()):
        pass
    logging.getLogger("evidence.refresh").error("later")
    assert path.read_text() == ""


def test_a_log_that_cannot_be_written_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    with logs.to_file(tmp_path / "file" / "evidence.log", SetClock()):
        logging.getLogger("evidence.refresh").error("nobody reads this")
    assert capsys.readouterr().err.count("going on without a log") == 1


def test_one_record_goes_to_the_first_file_that_takes_it(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    record = logging.LogRecord("evidence", logging.CRITICAL, "", 0, "bug in: %s", (KEY,), None)
    good = tmp_path / "a" / "bug.log"
    assert logs.write_once(record, [tmp_path / "file" / "x.log", good], SetClock()) == good
    assert good.read_text().endswith(f"CRITICAL bug in: {MASK}\n")
    assert logs.write_once(record, [tmp_path / "file" / "x.log"], SetClock()) is None


def test_the_log_is_cut_and_never_stops_anything(tmp_path: Path) -> None:
    log = logging.getLogger("evidence.refresh")
    with logs.to_file(tmp_path / "evidence.log", SetClock()):
        for _ in range(9_000):
            log.info("a line " + "x" * 120)
    assert (tmp_path / "evidence.log.1").exists()
    (tmp_path / "taken").mkdir()
    with logs.to_file(tmp_path / "taken", SetClock()):
        log.info("nowhere to write")
