"""Hostile texts in the window: HTML stays signs, and what would turn the line is drawn by its name."""

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QUrl
from PySide6.QtGui import QImage, QPainter, QTextDocument
from PySide6.QtGui import Qt as RichText
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cashier.domain.money import Limits
from cashier.domain.states import State
from cashier.till.payout_file import read
from cashier.till.payout_rows import check
from cashier.ui.models.payout_rows import REASON, FileRowsModel
from cashier.ui.painting import LEFT, as_tip, elided, tip, write
from cashier.ui.screens.history_export import ask_for_file
from cashier.ui.widgets.base import ElidedLabel, label
from cashier.ui.widgets.buttons import PlainButton
from cashier.ui.widgets.field import LineEdit
from cashier.ui.widgets.filter_chip import FilterChip
from cashier.ui.widgets.notices import Notice
from cashier.ui.widgets.outcome import OutcomeView
from cashier.ui.widgets.suggestions import Suggestion, Suggestions
from tests.ui.counter_window import cashier_at
from tests.ui.list_manager import manager_at
from tests.ui.payer import payer_at
from tests.ui.seeing import transaction

IMAGE = '<img src="file:///etc/logo.png">'
TURNED = "sa\u202elary"
NAMED = "saU+202Elary"


class Seen(QTextDocument):
    """As Qt reads a tooltip; `asked` for what it would load."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.asked: list[str] = []
        if RichText.mightBeRichText(text):
            self.setHtml(text)
        else:
            self.setPlainText(text)
        image = QImage(10, 10, QImage.Format.Format_RGB32)
        painter = QPainter(image)
        self.drawContents(painter)
        painter.end()

    def loadResource(self, type: int, name: QUrl | str) -> None:  # Qt's own names
        self.asked.append(QUrl(name).toString())


@pytest.mark.parametrize(
    "text",
    [IMAGE, "<b>fat</b> & <a href='x'>y</a>", "a < b & c", "<qt>", "&lt;", "a  b  <c", "two\nlines <u>", "", "plain"],
)
def test_a_tooltip_shows_the_signs_themselves_and_loads_nothing(qtbot: QtBot, text: str) -> None:
    seen = Seen(as_tip(text))
    assert seen.toPlainText() == text
    assert seen.asked == []


def test_a_naked_image_would_be_loaded(qtbot: QtBot) -> None:
    assert set(Seen(IMAGE).asked) == {"file:///etc/logo.png"}


def test_a_tooltip_obeys_no_sign(qtbot: QtBot) -> None:
    widget = QWidget()
    qtbot.addWidget(widget)
    tip(widget, f"{TURNED} <b>")
    assert Seen(widget.toolTip()).toPlainText() == f"{NAMED} <b>"


def drawn(text: str, draw: Callable[[QPainter, QImage, str], None]) -> QImage:
    image = QImage(200, 30, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    draw(painter, image, text)
    painter.end()
    return image


def test_what_is_painted_by_hand_obeys_no_sign(qtbot: QtBot) -> None:
    def by_write(painter: QPainter, image: QImage, text: str) -> None:
        write(painter, image.rect(), LEFT, text)

    assert drawn(TURNED, by_write) == drawn(NAMED, by_write)
    assert drawn(TURNED, by_write) != drawn("salary", by_write)


def test_labels_buttons_menus_and_notices_show_names_of_signs(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    row = QHBoxLayout(window)
    short, button = ElidedLabel(TURNED), PlainButton(TURNED)
    chip, notice, view = FilterChip("Way", [("a", TURNED)]), Notice(), OutcomeView()
    for part in (label(TURNED), short, button, chip, notice, view):
        row.addWidget(part)
    button.setText(TURNED)
    notice.show_notice("idle", TURNED, f"{IMAGE}\n{TURNED}")
    view.show_outcome(transaction(State.FAILED, message=f"{TURNED} {IMAGE}", code="1005"))
    texts = [one.text() for one in window.findChildren(QLabel)]
    texts += [one.text() for one in window.findChildren(QPushButton)]
    texts += [action.text() for action in chip.menu_of_choices.actions()]
    assert "\u202e" not in "".join(texts)
    assert sum(NAMED in text for text in texts) >= 6
    assert all(one.textFormat() is Qt.TextFormat.PlainText for one in window.findChildren(QLabel))
    assert elided(TURNED, short.fontMetrics(), 500) == NAMED
    short.resize(30, 20)
    short.setText(IMAGE * 3)
    short.grab()
    assert Seen(short.toolTip()).toPlainText() == IMAGE * 3


def test_a_cell_of_a_list_is_drawn_as_text_and_named_where_it_is_refused(qtbot: QtBot, tmp_path: Path) -> None:
    file = tmp_path / "may.csv"
    cells = [IMAGE.replace('"', "'"), TURNED, "fine"]
    lines = "".join(f"0788123456,{1500 + place},{cell}\n" for place, cell in enumerate(cells))
    file.write_text(f"phone,amount,reason\n{lines}", encoding="utf-8")
    found = check(read(file), Limits(), {})
    assert [row.is_good for row in found.rows] == [True, False, True]
    assert found.rows[1].problems == ("The reason has a sign that cannot be seen, U+202E, at place 3. Take it out.",)
    model = FileRowsModel()
    model.show_rows(found.rows)
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole)
    texts = [[str(model.data(model.index(row, REASON), role)) for role in roles] for row in range(3)]
    assert [one[0] for one in texts] == [cells[0], NAMED, "fine"]
    assert [Seen(one[1]).toPlainText() for one in texts] == [cells[0], NAMED, "fine"]
    assert Seen(texts[0][1]).asked == []


def test_the_name_of_a_file_turns_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with manager_at(qtbot, tmp_path) as manager:
        manager.open("0788 123 456;1500;x", name=f"{TURNED}.csv")
        shown = [one.text() for one in manager.screen.findChildren(QLabel) if one.isVisible()]
        assert any(f"{NAMED}.csv" in text for text in shown)
        assert "\u202e" not in "".join(shown)


def test_a_line_to_type_in_obeys_no_sign_and_shows_no_password(qtbot: QtBot) -> None:
    turned, named, secret, other = LineEdit(), LineEdit(), LineEdit(), LineEdit()
    for edit, text in ((turned, TURNED), (named, NAMED), (secret, TURNED), (other, "x" * len(TURNED))):
        qtbot.addWidget(edit)
        edit.resize(200, 30)
        edit.setText(text)
    secret.setEchoMode(QLineEdit.EchoMode.Password)
    other.setEchoMode(QLineEdit.EchoMode.Password)
    assert ink_of(turned) == ink_of(named)
    assert secret.grab().toImage() == other.grab().toImage()
    assert turned.text() == TURNED


def ink_of(edit: QLineEdit) -> tuple[int, int]:
    """Where the drawn text begins and how wide it is, within the margin that Qt's line has."""
    image = edit.grab().toImage()
    ground = image.pixel(190, 15)
    columns = [x for x in range(image.width()) if any(image.pixel(x, y) != ground for y in range(6, 24))]
    return len(columns), columns[-1] - columns[0]


def test_a_reason_with_such_a_sign_is_refused_in_the_form_and_a_reference_by_the_till(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with payer_at(qtbot, tmp_path / "out") as payer:
        payer.fill("0733210998", "6000")
        payer.form.reason.set_text(TURNED)
        payer.cashier.rest(5)
        payer.form.keypad.charge_button.click()
        words = payer.form._no_reason.text()
        assert words == "The reason has a sign that cannot be seen, U+202E, at place 3. Take it out."
        assert payer.form._no_reason.isVisible()
        assert payer.sent() == 0
    with cashier_at(qtbot, tmp_path / "in") as cashier:
        cashier.fill("0788123456", "1500")
        cashier.form.reference.set_text(TURNED)
        cashier.rest(0.7)
        cashier.enter()
        cashier.until(lambda: any("The reference has a sign" in one for one in visible_texts(cashier.window.main)))
        assert cashier.sent() == 0
        assert cashier.rows() == []


def visible_texts(widget: QWidget) -> list[str]:
    return [one.text() for one in widget.findChildren(QLabel) if one.isVisible()]


def test_a_suggestion_shows_names_of_signs(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    anchor = QWidget(window)
    found = Suggestions(anchor)
    found.show_all([Suggestion("250788123456", TURNED)])
    assert found.item(0).text().endswith(NAMED)


def test_before_a_file_is_replaced_the_window_asks_about_that_name(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The dialog asks about the name that was typed; with the ending it may be another."""
    (tmp_path / "all.csv").write_text("before")
    asked: list[str] = []

    def choose(_window: QObject, _title: str, place: str, _kinds: str) -> tuple[str, str]:
        asked.append(place)
        return (str(tmp_path / "all") if len(asked) == 1 else place), "CSV (*.csv)"

    monkeypatch.setattr(QFileDialog, "getSaveFileName", choose)
    assert ask_for_file(QObject(), "x.csv") == str(tmp_path / "all.csv")
    assert asked[1:] == [str(tmp_path / "all.csv")]
    asked.clear()
    (tmp_path / "all.csv").unlink()
    assert ask_for_file(QObject(), "x.csv") == str(tmp_path / "all.csv")
    assert len(asked) == 1
