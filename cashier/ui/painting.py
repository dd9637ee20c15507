"""Painting by hand without Qt's name space of constants, like `early`, for what the first paint shows."""

from html import escape

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from cashier.domain.signs import shown

# Qt.AlignmentFlag as numbers: QPainter.drawText takes an int.
CENTER = 0x84
LEFT = 0x81
RIGHT = 0x82


def smooth(painter: QPainter) -> None:
    """Edges without steps from here on."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)


def fill_round(painter: QPainter, box: QRect | QRectF, radius: float, color: QColor) -> None:
    """A filled box with round corners and no line."""
    pen = painter.pen()
    pen.setColor(color)
    # A brush made from a colour would be looked for among Qt's constants first.
    painter.fillPath(_round(box, radius), pen.brush())


def draw_round(painter: QPainter, box: QRect | QRectF, radius: float, color: QColor, width: int = 1) -> None:
    """A line of `width` pixels just inside the edge of `box`."""
    half = width / 2
    pen = painter.pen()
    pen.setColor(color)
    pen.setWidth(width)
    painter.strokePath(_round(QRectF(box).adjusted(half, half, -half, -half), radius - half), pen)


def ink(painter: QPainter, color: QColor) -> None:
    """The colour of texts from here on. A painter begins with its widget's, so that mostly nothing is to be set."""
    if painter.pen().color() != color:
        painter.setPen(color)


def elided(text: str, metrics: QFontMetrics, width: int) -> str:
    """`text`, or as much of its beginning as fits into `width` pixels with … behind it."""
    text = shown(text)
    if metrics.horizontalAdvance(text) <= width:
        return text
    fits, too_long = 0, len(text)
    while too_long - fits > 1:
        middle = (fits + too_long) // 2
        if metrics.horizontalAdvance(text[:middle].rstrip() + "…") <= width:
            fits = middle
        else:
            too_long = middle
    return text[:fits].rstrip() + "…"


def write(painter: QPainter, box: QRect | QRectF, flags: int, text: str) -> None:
    """Draws `text`, which may come from outside: the only place that draws one in a box."""
    painter.drawText(box, flags, shown(text))


def write_at(painter: QPainter, base: QPointF, text: str) -> None:
    """Draws `text` with its baseline beginning at `base`."""
    painter.drawText(base, shown(text))


def tip(widget: QWidget, text: str) -> None:
    """Sets a tooltip, the only way to: Qt takes one that looks like HTML for HTML."""
    widget.setToolTip(as_tip(text))


def as_tip(text: str) -> str:
    """`text` as a tooltip that shows `<b>` as three characters, line breaks in it as such."""
    text = shown(text, lines=True)
    # Only a text with `<` or `&lt;` is taken for HTML; written as HTML, its signs are plain again.
    if "<" in text or "&" in text:
        return f'<p style="white-space:pre-wrap">{escape(text).replace(chr(10), "<br>")}</p>'
    return text


def _round(box: QRect | QRectF, radius: float) -> QPainterPath:
    path = QPainterPath()
    path.addRoundedRect(QRectF(box), radius, radius)
    return path
