"""Writes the program's sounds to resources/sounds: a few sine tones each, so that they are ours to give away."""

import math
import struct
import sys
import wave
from pathlib import Path

RATE = 22050
LOUDNESS = 0.35
EDGE = 0.012  # seconds of fading in, so that a tone does not click

# (hertz, seconds): rising is good news, falling is bad, two equal ones call somebody back to the screen
TONES = {
    "paid": ((659.3, 0.09), (880.0, 0.22)),
    "not-paid": ((392.0, 0.14), (261.6, 0.30)),
    "late": ((784.0, 0.12), (0.0, 0.08), (784.0, 0.12), (0.0, 0.08), (987.8, 0.24)),
}


def samples(tones: tuple[tuple[float, float], ...]) -> bytes:
    """The tones as 16-bit mono; each fades out over its own length."""
    made = []
    for hertz, seconds in tones:
        count = int(RATE * seconds)
        for place in range(count):
            fade = min(1.0, place / (RATE * EDGE)) * (1 - place / count) ** 1.5
            value = math.sin(2 * math.pi * hertz * place / RATE) + 0.25 * math.sin(4 * math.pi * hertz * place / RATE)
            made.append(int(32767 * LOUDNESS * fade * value / 1.25) if hertz else 0)
    return struct.pack(f"<{len(made)}h", *made)


def write_all(folder: Path) -> None:
    """One WAV for each name."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, tones in TONES.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples(tones))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent / "resources" / "sounds")
