"""Our own icons: SVG files with a 2-pixel stroke that take the colour of the text beside them."""

from functools import cache

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

from cashier import paths
from cashier.ui import theme

STROKE = 'stroke-width="2"'


@cache
def _text(name: str) -> str:
    return (paths.resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def names() -> frozenset[str]:
    """The icons there are."""
    return frozenset(path.stem for path in (paths.resources() / "icons").glob("*.svg"))


def read_all() -> None:
    """Afterwards no icon reads the disk. From any thread."""
    for name in names():
        _text(name)


@cache
def _rendered(name: str, size: int, color: str, ratio: float, stroke: float) -> QPixmap:
    text = _text(name).replace("currentColor", color).replace(STROKE, f'stroke-width="{stroke}"')
    renderer = QSvgRenderer(text.encode())
    pixels = round(size * ratio)
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def pixmap(name: str, size: int, color: QColor, ratio: float = 1.0, stroke: float = 2.0) -> QPixmap:
    """The icon at `size` device-independent pixels, sharp on a screen of that ratio. Raises FileNotFoundError."""
    return _rendered(name, size, color.name(), ratio, stroke)


class IconView(QWidget):
    """One icon in the colour of a token, always beside a word. It follows theme and screen."""

    def __init__(self, name: str = "", size: int = 20, tone: str = "text", stroke: float = 2.0) -> None:
        super().__init__()
        self._name = name
        self._size = size
        self._tone = tone
        self._stroke = stroke
        self.setFixedSize(QSize(size, size))

    def show_icon(self, name: str, tone: str | None = None) -> None:
        """Another icon, or none for an empty name, perhaps in another token's colour."""
        self._name = name
        self._tone = tone or self._tone
        self.update()

    def set_size(self, size: int) -> None:
        self._size = size
        self.setFixedSize(QSize(size, size))
        self.update()

    def icon_name(self) -> str:
        return self._name

    def paintEvent(self, event: object) -> None:
        if self._name:
            painter = QPainter(self)
            color = theme.current().color(self._tone)
            painter.drawPixmap(0, 0, pixmap(self._name, self._size, color, self.devicePixelRatioF(), self._stroke))
            painter.end()
