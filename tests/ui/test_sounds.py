"""Sounds: short, our own, and never in the way."""

import importlib.util
import sys
import wave
from pathlib import Path

import pytest

from cashier import paths
from cashier.ui.sounds import SOUNDS, QtPlayer, SilentPlayer

GENERATOR = Path(__file__).parent.parent.parent / "packaging" / "make_sounds.py"


@pytest.mark.parametrize("name", SOUNDS)
def test_each_sound_is_a_short_wav(name: str) -> None:
    with wave.open(str(paths.resources() / "sounds" / f"{name}.wav")) as file:
        assert 0.2 < file.getnframes() / file.getframerate() < 1.0
        assert any(file.readframes(file.getnframes()))


def test_the_sounds_are_what_the_script_makes(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_sounds", GENERATOR)
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.write_all(tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == set(SOUNDS)
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (paths.resources() / "sounds" / path.name).read_bytes()


def test_nothing_of_multimedia_is_loaded_before_the_first_sound() -> None:
    loaded = set(sys.modules)
    assert QtPlayer().can_play()
    assert "PySide6.QtMultimedia" not in set(sys.modules) - loaded


def test_without_the_library_it_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "PySide6.QtMultimedia", None)
    player = QtPlayer()
    player.play("paid")
    player.play("not-paid")
    assert not player.can_play()


def test_sounds_that_are_off_make_none() -> None:
    SilentPlayer().play("late")
