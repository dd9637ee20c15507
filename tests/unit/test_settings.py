import json
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from cashier.errors import EnvironmentStop, SettingsError
from cashier.settings import Loaded, Settings, load, save

LIVE = Settings("live", "https://www.intouchpay.co.rw/api/", "testa", "250160000011")
NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    every = replace(
        LIVE,
        encoding="json",
        callback_url="https://till.example.rw",
        callback_port=9000,
        callback_basic_user="gateway",
        minimum=200,
        maximum=300_000,
        sounds=False,
        theme="dark",
        till_number=7,
        shop_name="Épicerie Ubumwe",
        service_id="1",
    )
    path = tmp_path / "settings.json"
    save(path, every)
    assert load(path) == Loaded(every)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["settings.json"]
    assert json.loads(path.read_text())["version"] == 1


def test_no_file_is_no_settings(tmp_path: Path) -> None:
    assert load(tmp_path / "settings.json") == Loaded(None)


def test_saving_adds_the_slash(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    save(path, replace(LIVE, base_url="https://www.intouchpay.co.rw/api"))
    assert load(path).settings == LIVE


def test_what_a_newer_version_wrote_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    save(path, LIVE)
    path.write_text(json.dumps({**json.loads(path.read_text()), "version": 2, "printer": {"width": 58}}))
    loaded = load(path)
    assert loaded.notice is None
    assert loaded.settings is not None
    save(path, replace(loaded.settings, theme="light"))
    document = json.loads(path.read_text())
    assert (document["version"], document["printer"], document["theme"]) == (2, {"width": 58}, "light")


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"", "not JSON"),
        (b'{"environment": "live"', "not JSON"),
        (b"\xff\xfe", "not JSON"),
        (b"[" * 100_000, "not JSON"),
        (b"[]", "not a JSON object"),
        (b"{}", "environment is missing"),
        (b'{"version": "1"}', "version is not a whole number"),
        (b'{"environment": 1}', "environment is not text"),
        (b'{"environment": "practice", "callback_port": "80"}', "callback_port is not a whole number"),
        (b'{"environment": "practice", "till_number": true}', "till_number is not a whole number"),
        (b'{"environment": "practice", "sounds": 1}', "sounds is not true or false"),
        (b'{"environment": "practice", "accounts": []}', "accounts are not"),
        (b'{"environment": "practice", "accounts": {"live": {"minimum": "1"}}}', "minimum of live"),
        (b'{"environment": "moon"}', "environment must be practice, sandbox or live"),
    ],
)
def test_a_damaged_file_is_kept_aside_and_told(content: bytes, named: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_bytes(content)
    loaded = load(path, lambda: NOW)
    assert loaded.settings is None
    assert loaded.notice is not None
    assert named in loaded.notice
    aside = tmp_path / "settings.damaged-20261123T120000Z.json"
    assert aside.name in loaded.notice
    assert aside.read_bytes() == content
    assert not path.exists()


def test_choosing_practice_and_live_again_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    live = replace(LIVE, callback_url="https://till.example.rw", service_id="7", maximum=50_000, shop_name="Ubumwe")
    save(path, live)
    practising = live.switched("practice")
    assert (practising.base_url, practising.accountno, practising.maximum) == ("", "", 50_000)
    assert practising.shop_name == "Ubumwe"
    save(path, practising)
    loaded = load(path).settings
    assert loaded == practising
    sandbox = loaded.switched("sandbox")
    assert sandbox.base_url.startswith("https://")
    assert sandbox.switched("live").switched("live").accounts.keys() == {"practice", "sandbox"}
    assert replace(sandbox.switched("live"), accounts={}) == live


def test_a_file_of_before_is_read_and_its_account_is_carried_over(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    path.write_text(
        json.dumps(
            {
                "version": 1,
                "environment": "live",
                "base_url": LIVE.base_url,
                "username": "testa",
                "accountno": "250160000011",
            }
        )
    )
    loaded = load(path).settings
    assert loaded == LIVE
    assert replace(loaded.switched("practice").switched("live"), accounts={}) == LIVE


def test_a_second_damaged_file_does_not_replace_the_first(tmp_path: Path) -> None:
    path = tmp_path / "settings.json"
    for content in (b"one", b"two", b"three"):
        path.write_bytes(content)
        load(path, lambda: NOW)
    assert sorted(one.read_bytes() for one in tmp_path.iterdir()) == [b"one", b"three", b"two"]


def test_a_file_that_cannot_be_read_stays_where_it_is(tmp_path: Path) -> None:
    (tmp_path / "settings.json").mkdir()
    with pytest.raises(EnvironmentStop, match="cannot be read"):
        load(tmp_path / "settings.json")
    assert (tmp_path / "settings.json").is_dir()


def test_a_failed_save_leaves_the_earlier_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.json"
    save(path, LIVE)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EnvironmentStop, match="No space left"):
        save(path, replace(LIVE, theme="dark"))
    assert load(path).settings == LIVE
    assert os.listdir(tmp_path) == ["settings.json"]


@pytest.mark.parametrize(
    "change",
    [
        {"environment": "test"},
        {"encoding": "xml"},
        {"theme": "pink"},
        {"callback_port": 65536},
        {"callback_port": -1},
        {"minimum": 0},
        {"minimum": 500, "maximum": 400},
        {"till_number": 0},
        {"base_url": "http://www.intouchpay.co.rw/api/"},
        {"base_url": ""},
        {"environment": "practice"},
        {"environment": "sandbox"},
        {"environment": "sandbox", "base_url": "https://intouchpay.co.rw/api/"},
        {"username": ""},
        {"accountno": ""},
        {"accountno": "a/b"},
        {"callback_url": "https://192.168.1.5"},
        {"callback_url": "http://till.example.rw"},
    ],
)
def test_what_cannot_be_used_is_not_written(change: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        save(tmp_path / "settings.json", replace(LIVE, **change))
    assert refused.value.exit_code == 2
    assert refused.value.sentence.endswith(".")
    assert os.listdir(tmp_path) == []


def test_practice_needs_nothing_else(tmp_path: Path) -> None:
    save(tmp_path / "settings.json", Settings("practice"))
    assert load(tmp_path / "settings.json").settings == Settings("practice")


def test_a_zone_must_exist(tmp_path: Path) -> None:
    assert Settings("practice").time_zone == "Africa/Kigali"
    assert Settings("practice", time_zone="Europe/Brussels").checked().time_zone == "Europe/Brussels"
    for wrong in ("Africa/Nowhere", "", "../etc/passwd", "Africa"):
        with pytest.raises(SettingsError, match="There is no time zone"):
            Settings("practice", time_zone=wrong).checked()
