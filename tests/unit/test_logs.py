import hashlib
import json
import logging
import re
import stat
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from cashier import logs

PASSWORD = '+$J<w"h5=<PH#\\é'
log = logging.getLogger("cashier.tests")


@pytest.fixture(autouse=True)
def _fresh_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_secrets", set())
    monkeypatch.setattr(logs, "_long", None)
    monkeypatch.setattr(logs, "_short", None)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    level = logging.getLogger().level
    handler = logs.start_logging(tmp_path / "logs")
    yield tmp_path / "logs"
    logs.stop_logging(handler)
    logging.getLogger().setLevel(level)


def written(folder: Path) -> str:
    return (folder / "cashier.log").read_text(encoding="utf-8")


def test_a_line_has_its_time_in_utc(folder: Path) -> None:
    log.info("till %s open", 7)
    assert re.fullmatch(
        r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z INFO \w+ cashier\.tests: till 7 open\n", written(folder)
    )


def test_the_files_are_for_this_user_alone(folder: Path) -> None:
    log.info("x")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "cashier.log").stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "phone",
    [
        "250788123456",
        "+250788123456",
        "00250788123456",
        "0788123456",
        "0788 123 456",
        "078 812 34 56",
        "+250 788-123-456",
        "(+250) 788.123.456",
        "0788\u00a0123\u00a0456",
        "%2B250788123456",
        "0788%20123%20456",
    ],
)
def test_phones_are_shortened(phone: str) -> None:
    for text in (phone, f"to {phone}, amount 1500", f"mobilephone={phone}&amount=1500", f'"{phone}"'):
        shown = logs.redact(text)
        assert "0788 ••• 456" in shown
        assert not re.search("123|12 ?3", shown)
        assert ("1500" in shown) == ("1500" in text)


@pytest.mark.parametrize(
    "text", ["20260788123456", "T7-000412", "2026-11-23T07:12:34.567Z", "1 500 000 RWF", "250160000011"]
)
def test_other_figures_stay(text: str) -> None:
    assert logs.redact(text) == text


def test_secrets_and_digests_are_hidden_in_every_spelling() -> None:
    logs.register_secret(PASSWORD)
    logs.register_secret("")
    digest = hashlib.sha256(PASSWORD.encode()).hexdigest()
    for text in (
        PASSWORD,
        repr(PASSWORD),
        json.dumps(PASSWORD),
        urlencode({"password": PASSWORD}),
        f"password={digest}&x=1",
        digest.upper(),
    ):
        shown = logs.redact(text)
        assert "[hidden]" in shown
        assert "PH" not in shown
        assert digest not in shown.lower()


def test_a_longer_secret_leaves_no_tail() -> None:
    logs.register_secret("abc")
    logs.register_secret("abcdef")
    assert logs.redact("abcdef abc") == "[hidden] [hidden]"


def test_a_short_secret_that_is_a_part_of_a_phone_leaves_the_phone_masked() -> None:
    script = "from cashier import logs; logs.register_secret('0788'); print(logs.redact('to 0788123456, 0788'))"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "to [hidden] ••• 456, [hidden]\n"


def test_tracebacks_are_redacted(folder: Path) -> None:
    logs.register_secret(PASSWORD)
    phone = "250788123456"
    try:
        raise ValueError(f"{PASSWORD} for {phone}")
    except ValueError:
        log.exception("call to %s failed", "0788123456")
    text = written(folder)
    assert "Traceback" in text
    assert text.count("0788 ••• 456") == 2
    assert PASSWORD not in text
    assert "123456" not in text


def test_arguments_of_libraries_are_redacted(folder: Path) -> None:
    logs.register_secret(PASSWORD)
    logging.getLogger("urllib3").warning("retry %r", {"password": PASSWORD})
    assert "[hidden]" in written(folder)


def test_a_record_that_cannot_be_formatted_is_dropped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handler = logs.LogFile(tmp_path / "cashier.log")
    logger = logging.Logger("odd")
    logger.addHandler(handler)
    logger.error("%d", "no number")
    logger.error("after")
    handler.close()
    assert "after" in (tmp_path / "cashier.log").read_text()
    assert capsys.readouterr().err == ""


def test_a_full_disk_stops_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    handler = logs.LogFile(Path("/dev/full"))
    logger = logging.Logger("full")
    logger.addHandler(handler)
    logger.error("x" * 100_000)
    handler.close()
    assert capsys.readouterr().err == ""


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    handler = logs.start_logging(tmp_path / "file" / "logs")
    try:
        log.error("lost")
    finally:
        logs.stop_logging(handler)
    assert "Logging error" not in capsys.readouterr().err


def test_files_are_rotated(tmp_path: Path) -> None:
    handler = logs.LogFile(tmp_path / "cashier.log")
    handler.maxBytes = 1000
    logger = logging.Logger("rotating")
    logger.addHandler(handler)
    for _ in range(100):
        logger.warning("x" * 100)
    handler.close()
    names = sorted(one.name for one in tmp_path.iterdir())
    assert names == ["cashier.log", *(f"cashier.log.{number}" for number in range(1, 6))]
    assert all(stat.S_IMODE(one.stat().st_mode) == 0o600 for one in tmp_path.iterdir())


def test_many_threads_register_and_log(folder: Path) -> None:
    def work(number: int) -> None:
        logs.register_secret(f"secret-{number}-")
        log.info("with secret-%d- inside", number)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert written(folder).count("with [hidden] inside") == 20
