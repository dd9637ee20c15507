"""What Qt itself has to say goes into the log: a person who started the till or the demo can do nothing with it."""

import atexit
import logging
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler

from cashier.domain.signs import shown

log = logging.getLogger(__name__)


def to_the_log() -> None:
    """From now on Qt's messages are logged; one after which Qt ends the program is printed too."""
    qInstallMessageHandler(_take)
    # Qt still talks while the interpreter goes, and then nobody of ours can listen.
    atexit.register(qInstallMessageHandler, None)


def _take(kind: QtMsgType, _context: QMessageLogContext, message: str) -> None:
    if kind == QtMsgType.QtFatalMsg:
        log.error("Qt: %s", message)
        sys.stderr.write(f"{shown(message, lines=True)}\n")
        return
    # Below the level that is printed where no log file was begun.
    log.info("Qt: %s", message)
