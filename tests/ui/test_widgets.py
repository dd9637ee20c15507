"""The other parts: outcome, notices, question, rail, status line, frame, form rows, QR code, crash dialog."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cashier.domain.states import State
from cashier.ui import theme
from cashier.ui.advice import RESCUE_CODE, RESCUE_LINK
from cashier.ui.widgets.base import ElidedLabel
from cashier.ui.widgets.buttons import PlainButton, PrimaryButton
from cashier.ui.widgets.crash_dialog import CrashDialog
from cashier.ui.widgets.form import SegmentedChoice, TextRow
from cashier.ui.widgets.notices import Notice, QuestionPanel, ResultBand
from cashier.ui.widgets.outcome import OutcomeView
from cashier.ui.widgets.qr_view import QUIET, QrView, matrix
from cashier.ui.widgets.rail import Rail
from cashier.ui.widgets.sections import Sections
from cashier.ui.widgets.status_line import StatusLine
from cashier.ui.widgets.striped_frame import BORDER, StripedFrame
from tests.ui.counter_window import Hand
from tests.ui.seeing import assert_nothing_cut, cut_off, transaction

FAILED = transaction(State.FAILED, message="The customer does not have enough money.", code="1005")


def show(qtbot: QtBot, widget: QWidget, width: int = 600, height: int = 500) -> None:
    widget.resize(width, height)
    qtbot.addWidget(widget)
    with qtbot.waitExposed(widget):
        widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)


def labels(widget: QWidget) -> set[str]:
    return {one.text() for one in widget.findChildren(QLabel) if one.isVisible()}


def buttons(widget: QWidget) -> set[str]:
    return {one.text() for one in widget.findChildren(QPushButton) if one.isVisible()}


def test_a_failure_fills_its_place_with_why_and_what_to_do(qtbot: QtBot, look: theme.Look) -> None:
    view = OutcomeView()
    show(qtbot, view, 760, 690)
    view.show_outcome(FAILED, advice="Ask for a smaller amount.")
    assert {"Not paid", FAILED.message, "Ask for a smaller amount.", "code 1005", "0788 123 456 · MTN"} <= labels(view)
    assert buttons(view) == {"Try again", "New sale"}
    assert view.grab().toImage().pixelColor(40, 40) == theme.current().color("failedbg")


def test_a_paid_one_has_its_reference_and_nothing_to_try_again(qtbot: QtBot, look: theme.Look) -> None:
    view = OutcomeView()
    show(qtbot, view, 760, 690)
    view.show_outcome(FAILED)
    view.show_outcome(transaction(State.SUCCESSFUL, operator_reference="312333883"), seconds=19)
    assert {"Paid", "Reference 312333883 · answered in 19 s"} <= labels(view)
    assert buttons(view) == {"New sale"}
    assert view.grab().toImage().pixelColor(40, 40) == theme.current().color("paidbg")


def test_try_again_is_reported(qtbot: QtBot, look: theme.Look) -> None:
    view = OutcomeView()
    show(qtbot, view, 760, 690)
    view.show_outcome(FAILED)
    again = next(one for one in view.findChildren(QPushButton) if one.text() == "Try again")
    with qtbot.waitSignal(view.try_again):
        QTest.mouseClick(again, Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("size", [(460, 690, 768), (536, 540, 600), (440, 460, 512)])
def test_no_outcome_is_cut_off(qtbot: QtBot, look: theme.Look, size: tuple[int, int, int]) -> None:
    look.set_height(size[2])
    view = OutcomeView()
    show(qtbot, view, *size[:2])
    view.show_outcome(FAILED, advice="Ask for a smaller amount or another way to pay, and try again with the new one.")
    assert_nothing_cut(view)


def test_a_notice_says_it_in_its_colour(qtbot: QtBot, look: theme.Look) -> None:
    notice = Notice()
    show(qtbot, notice, 700, 90)
    notice.show_notice("failed", "Refused: the clock is 3 h slow.", "Set date and time, then test again.")
    assert notice.text() == "Refused: the clock is 3 h slow. Set date and time, then test again."
    assert notice.grab().toImage().pixelColor(350, 6) == theme.current().color("failedbg")
    word = next(one for one in notice.findChildren(QLabel) if one.text().startswith("Refused"))
    assert word.palette().windowText().color() == theme.current().color("failed")


def test_a_band_never_takes_the_keyboard(qtbot: QtBot, look: theme.Look) -> None:
    band = ResultBand()
    show(qtbot, band, 700, 60)
    band.show_result(FAILED, 2)
    assert buttons(band) == {"Seen, 2 more"}
    assert all(one.focusPolicy() == Qt.FocusPolicy.NoFocus for one in band.findChildren(QPushButton))
    with qtbot.waitSignal(band.seen) as seen:
        QTest.mouseClick(band.findChildren(QPushButton)[0], Qt.MouseButton.LeftButton)
    assert seen.args == [FAILED.id]


def test_a_question_starts_on_the_safe_answer_and_esc_goes_back(qtbot: QtBot, look: theme.Look) -> None:
    hand = Hand()
    panel = QuestionPanel(
        "27 000 RWF is open", "0788 900 412", ["Check the open one", "Charge anyway", "Back"], back=2, clock=hand
    )
    show(qtbot, panel, 500, 200)
    panel.ask()
    assert panel.buttons[0].hasFocus()
    with qtbot.assertNotEmitted(panel.answered):
        QTest.keyClick(panel.buttons[0], Qt.Key.Key_Return)
    hand.rest(0.7)
    with qtbot.waitSignal(panel.answered) as answered:
        QTest.keyClick(panel.buttons[0], Qt.Key.Key_Escape)
    assert answered.args == [2]
    with qtbot.waitSignal(panel.answered) as answered:
        QTest.mouseClick(panel.buttons[1], Qt.MouseButton.LeftButton)
    assert answered.args == [1]
    assert_nothing_cut(panel)


def test_the_rail_chooses_by_mouse_and_key(qtbot: QtBot, look: theme.Look) -> None:
    rail = Rail()
    rail.add("charge", "charge", "Charge", "F1")
    rail.add("settings", "settings", "Settings", "F9", bottom=True)
    show(qtbot, rail, 88, 500)
    logo = next(one for one in rail.findChildren(QWidget) if one.accessibleName() == "Cashier")
    assert logo.geometry().center().x() == rail.entry("charge").geometry().center().x()
    assert rail.entry("charge").y() < 100 < 400 < rail.entry("settings").y()
    with qtbot.waitSignal(rail.chosen) as chosen:
        QTest.mouseClick(rail.entry("settings"), Qt.MouseButton.LeftButton)
    assert chosen.args == ["settings"]
    with qtbot.waitSignal(rail.chosen) as chosen:
        QTest.keyClick(rail, Qt.Key.Key_F1)
    assert chosen.args == ["charge"]
    assert rail.entry("charge").accessibleName() == "Charge"


def test_the_status_says_what_is_wrong_beside_the_colour(qtbot: QtBot, look: theme.Look) -> None:
    line = StatusLine()
    show(qtbot, line, 900, 36)
    line.show_item("gateway", "Gateway, 0.4 s")
    well = line.grab().toImage()
    line.show_item("gateway", "Gateway down since 14:02", wrong=True)
    line.show_time("14:32")
    assert line.item_text("gateway") == "Gateway down since 14:02"
    assert line.grab().toImage() != well
    assert "14:32" in labels(line)


def striped(image: QImage) -> bool:
    return len({image.pixelColor(x, 3).name() for x in range(60)}) > 1


def test_the_frame_is_striped_where_no_money_moves(qtbot: QtBot, look: theme.Look) -> None:
    page = QWidget()
    frame = StripedFrame(page)
    show(qtbot, frame, 800, 400)
    assert page.geometry() == frame.rect()
    assert not striped(frame.grab().toImage())
    frame.show_word("PRACTICE, NO REAL MONEY")
    qtbot.waitUntil(lambda: page.x() == BORDER)
    assert striped(frame.grab().toImage())
    image = frame.grab().toImage()
    below = theme.COMPACT.gap + BORDER + theme.COMPACT.inset // 2
    assert image.pixelColor(400, 2) != image.pixelColor(400, below) == image.pixelColor(20, below)
    frame.show_word("")
    qtbot.waitUntil(lambda: page.x() == 0)


def test_a_choice_is_walked_with_the_arrows(qtbot: QtBot, look: theme.Look) -> None:
    choice = SegmentedChoice("Environment", [("practice", "Practice"), ("sandbox", "Sandbox"), ("live", "Live")])
    show(qtbot, choice, 300, 30)
    choice.setFocus()
    told: list[str] = []
    choice.chosen.connect(told.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(choice.button(choice.value()), key)
    assert told == ["sandbox", "live", "sandbox"]
    assert choice.button("sandbox").hasFocus()
    assert choice.button("sandbox").isChecked()


def test_choosing_by_program_tells_nobody(qtbot: QtBot, look: theme.Look) -> None:
    choice = SegmentedChoice("Environment", [("practice", "Practice"), ("live", "Live")])
    qtbot.addWidget(choice)
    with qtbot.assertNotEmitted(choice.chosen):
        choice.choose("live")
    assert choice.value() == "live"


def test_sections_are_walked_with_the_arrows(qtbot: QtBot, look: theme.Look) -> None:
    sections = Sections("Settings")
    for name in ("Account", "Callbacks", "Limits"):
        sections.add(name.lower(), name)
    show(qtbot, sections, 220, 300)
    told: list[str] = []
    sections.chosen.connect(told.append)
    QTest.keyClick(sections, Qt.Key.Key_Down)
    QTest.keyClick(sections, Qt.Key.Key_Down)
    QTest.keyClick(sections, Qt.Key.Key_Up)
    assert told == ["callbacks", "limits", "callbacks"]
    assert sections.value() == "callbacks"


def test_a_password_is_not_shown(qtbot: QtBot, look: theme.Look) -> None:
    row = TextRow("Partner password", "the guide says API secret", secret=True)
    qtbot.addWidget(row)
    row.set_text("s3cret")
    assert row.field.edit.displayText() != "s3cret"
    assert row.text() == "s3cret"


def test_the_code_on_screen_is_the_code_of_the_library(qtbot: QtBot, look: theme.Look) -> None:
    import qrcode

    module = 6
    view = QrView(module)
    view.show_data(RESCUE_LINK)
    show(qtbot, view, view.sizeHint().width(), view.sizeHint().height())
    image = view.grab().toImage()
    code = qrcode.QRCode(border=QUIET, error_correction=qrcode.constants.ERROR_CORRECT_L)
    code.add_data(RESCUE_LINK)
    code.make(fit=True)
    wanted = code.get_matrix()
    half = module // 2
    painted = [
        [image.pixelColor(x * module + half, y * module + half).lightness() < 128 for x in range(len(wanted))]
        for y in range(len(wanted))
    ]
    assert painted == wanted
    assert (RESCUE_LINK.replace("tel:", "").replace("%23", "#")) == RESCUE_CODE
    assert len(matrix(RESCUE_LINK)) == 21  # the smallest there is, so the modules are large


def test_a_crash_can_be_copied(qtbot: QtBot, look: theme.Look) -> None:
    dialog = CrashDialog("Traceback: ValueError")
    show(qtbot, dialog, 640, 440)
    QTest.mouseClick(dialog.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "Traceback: ValueError"
    assert dialog.copy_button.text() == "Copied"
    assert_nothing_cut(dialog)


@pytest.mark.parametrize("kind", [PrimaryButton, PlainButton])
def test_the_focus_of_a_button_is_seen(qtbot: QtBot, look: theme.Look, kind: type[PlainButton]) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    first, second = kind("Check now"), kind("Hide")
    column.addWidget(first)
    column.addWidget(second)
    show(qtbot, window, 300, 200)
    second.setFocus()
    before = first.grab().toImage()
    first.setFocus()
    assert first.grab().toImage() != before


def test_what_is_cut_off_is_noticed(qtbot: QtBot, look: theme.Look) -> None:
    window = QWidget()
    narrow = PlainButton("Hide, keep checking")
    narrow.setParent(window)
    narrow.setFixedWidth(40)
    text = QLabel("A long sentence", window)
    text.setGeometry(100, 0, 30, 20)
    outside = QLabel("Paid", window)
    outside.move(280, 50)
    elided = ElidedLabel("A long sentence that ends early")
    elided.setParent(window)
    elided.setGeometry(0, 100, 60, 20)
    show(qtbot, window, 300, 200)
    assert len(cut_off(window)) == 3
    assert elided.toolTip() == "" or elided.toolTip() == elided.text()
