import stat
from pathlib import Path

import pytest

from cashier import paths
from cashier.errors import EnvironmentStop, SettingsError


def test_what_is_asked_for_wins_over_the_environment(tmp_path: Path) -> None:
    env = {"CASHIER_DATA_DIR": str(tmp_path / "env")}
    assert paths.data_folder(tmp_path / "wanted", env) == tmp_path / "wanted"
    assert paths.data_folder(None, env) == tmp_path / "env"
    assert not (tmp_path / "nothing").exists()


def test_the_place_of_the_system_comes_last(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "system")
    assert paths.data_folder(None, {"CASHIER_DATA_DIR": ""}) == tmp_path / "system"


def test_the_folder_is_for_this_user_alone(tmp_path: Path) -> None:
    folder = paths.data_folder(tmp_path / "deep" / "data", {})
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_relative_folder_becomes_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert paths.data_folder(Path("here"), {}) == tmp_path / "here"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentStop, match="cannot be made"):
        paths.data_folder(tmp_path / "file" / "data", {})
    with pytest.raises(EnvironmentStop, match="cannot be made"):
        paths.data_folder(tmp_path / "file", {})


def test_places_inside(tmp_path: Path) -> None:
    assert paths.ledger_folder(tmp_path, "live", "250160000011") == tmp_path / "live-250160000011"
    assert paths.logs_folder(tmp_path) == tmp_path / "logs"
    assert paths.settings_file(tmp_path) == tmp_path / "settings.json"


@pytest.mark.parametrize("accountno", ["", ".", "..", "a/b", "a\\b", "../x", "a b", "a:b", "a.", "٣", "x" * 65, "a\n"])
def test_an_account_number_that_is_no_file_name(accountno: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        paths.ledger_folder(tmp_path, "live", accountno)


def test_resources_of_a_checkout() -> None:
    assert (paths.resources() / "README.md").is_file()
