"""Writes the program's icons for Windows and macOS from linux/cashier.svg. Needs Pillow beside PySide6."""

import io
from pathlib import Path

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

HERE = Path(__file__).parent


def drawn(size: int) -> Image.Image:
    """The icon at `size` pixels."""
    image = QImage(size, size, QImage.Format.Format_ARGB32)
    image.fill(0)
    painter = QPainter(image)
    QSvgRenderer(str(HERE / "linux/cashier.svg")).render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(bytes(buffer.data().data())))


if __name__ == "__main__":
    whole = [drawn(size) for size in (16, 24, 32, 48, 64, 128, 256)]
    whole[-1].save(HERE / "windows/cashier.ico", append_images=whole[:-1], sizes=[one.size for one in whole])
    drawn(1024).save(HERE / "macos/cashier.icns")
