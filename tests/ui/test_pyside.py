"""The PySide6 we run on: releases from 6.12 break reference counts on Python 3.11, after some hundred signals."""

import sys

import PySide6
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

TIMES = 20_000


class Sender(QObject):
    told = Signal(object)


def test_the_release_is_one_that_works() -> None:
    assert (6, 8) <= PySide6.__version_info__[:2] < (6, 12)


def test_signals_and_labels_survive_a_day(qtbot: QtBot) -> None:
    sender, label = Sender(), QLabel()
    qtbot.addWidget(label)
    heard: list[object] = []
    sender.told.connect(heard.append, Qt.ConnectionType.DirectConnection)
    sender.told.connect(lambda number: label.setText(f"{number} RWF"))
    what = object()
    counted = sys.getrefcount(what), sys.getrefcount(None)
    for number in range(TIMES):
        sender.told.emit(number)
        sender.told.emit(what)
        label.setText(str(number))
    assert len(heard) == 2 * TIMES
    assert label.text() == str(TIMES - 1)
    heard.clear()
    assert sys.getrefcount(what) == counted[0]
    # Others borrow None too: what counts is that it was not given away once for each signal.
    assert abs(sys.getrefcount(None) - counted[1]) < TIMES / 10
