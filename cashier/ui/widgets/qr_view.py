"""A QR code painted from its matrix, in whole modules, dark on white in both themes so that cameras read it."""

from functools import cache

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QSizePolicy, QWidget

QUIET = 4  # modules of white around the code, as the standard asks
DARK = "#15202B"


@cache
def matrix(data: str) -> tuple[tuple[bool, ...], ...]:
    """The modules of a QR code for `data`, True is dark, without the quiet zone. Loads qrcode on first use.

    The lowest correction: a screen is clean, and fewer modules are larger ones.
    """
    import qrcode
    from qrcode.constants import ERROR_CORRECT_L

    code = qrcode.QRCode(border=0, error_correction=ERROR_CORRECT_L)
    code.add_data(data)
    code.make(fit=True)
    return tuple(tuple(bool(cell) for cell in row) for row in code.get_matrix())


@cache
def _picture(data: str) -> QImage:
    """The code with a pixel per module, quiet zone included, so that each repaint is one call."""
    modules = matrix(data)
    side = len(modules) + 2 * QUIET
    made = QImage(side, side, QImage.Format.Format_RGB32)
    made.fill(QColor("#FFFFFF"))
    dark_one = QColor(DARK)
    for y, row in enumerate(modules, start=QUIET):
        for x, dark in enumerate(row, start=QUIET):
            if dark:
                made.setPixelColor(x, y, dark_one)
    return made


class QrView(QWidget):
    """Shows `data` with `module` device-independent pixels per module; nothing is computed while it is empty."""

    def __init__(self, module: int = 6, name: str = "") -> None:
        super().__init__()
        self._module = module
        self._data = ""
        self.setAccessibleName(name or self.tr("QR code"))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_data(self, data: str) -> None:
        """Another content, as `tel:*182*7*1%23`; empty for none."""
        if data != self._data:
            self._data = data
            self.updateGeometry()
            self.update()

    def set_module(self, module: int) -> None:
        if module != self._module:
            self._module = module
            self.updateGeometry()
            self.update()

    def data(self) -> str:
        return self._data

    def sizeHint(self) -> QSize:
        if not self._data:
            return QSize(0, 0)
        side = (len(matrix(self._data)) + 2 * QUIET) * self._module
        return QSize(side, side)

    def paintEvent(self, event: object) -> None:
        if not self._data:
            return
        painter = QPainter(self)
        picture = _picture(self._data)
        painter.fillRect(self.rect(), QColor("#FFFFFF"))
        painter.drawImage(QRect(0, 0, picture.width() * self._module, picture.height() * self._module), picture)
        painter.end()
