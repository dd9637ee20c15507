"""Three short sounds of our own, through a player that is handed in: silent where there is no device or no library."""

import logging
from typing import TYPE_CHECKING, Literal, Protocol

from cashier import paths

if TYPE_CHECKING:
    from PySide6.QtMultimedia import QSoundEffect

Sound = Literal["paid", "not-paid", "late"]
SOUNDS: tuple[Sound, ...] = ("paid", "not-paid", "late")

log = logging.getLogger(__name__)


class Player(Protocol):
    """Something that plays a sound and returns at once."""

    def play(self, sound: Sound) -> None: ...


class SilentPlayer:
    """For the demo that plays by itself."""

    def play(self, sound: Sound) -> None:
        """Nothing."""


class SwitchedPlayer:
    """Plays while it is `on`, with the `player` handed in, else with one of Qt's made for the first sound."""

    def __init__(self, player: Player | None = None) -> None:
        self.on = True
        self._player = player

    def play(self, sound: Sound) -> None:
        """On the GUI thread only."""
        if self.on:
            self._player = self._player or QtPlayer()
            self._player.play(sound)


class QtPlayer:
    """Plays on the default output. QtMultimedia is loaded by the first sound; where that fails it stays silent."""

    def __init__(self) -> None:
        self._effects: dict[Sound, QSoundEffect] | None = None

    def play(self, sound: Sound) -> None:
        """Starts the sound. On the GUI thread only."""
        if self._effects is None:
            self._effects = self._load()
        effect = self._effects.get(sound)
        if effect is not None:
            effect.play()

    def can_play(self) -> bool:
        """Whether the last load found library and device; True before the first sound."""
        return self._effects is None or bool(self._effects)

    def _load(self) -> dict[Sound, "QSoundEffect"]:
        try:
            from PySide6.QtCore import QUrl
            from PySide6.QtMultimedia import QMediaDevices, QSoundEffect
        except ImportError as why:  # a system without libpulse
            log.info("no sound: %s", why)
            return {}
        if QMediaDevices.defaultAudioOutput().isNull():
            log.info("no sound: no output device")
            return {}
        effects: dict[Sound, QSoundEffect] = {}
        for name in SOUNDS:
            effect = QSoundEffect()
            effect.setSource(QUrl.fromLocalFile(str(paths.resources() / "sounds" / f"{name}.wav")))
            effects[name] = effect
        return effects
