"""What is shown when the program itself failed: what it means for the money, the technical text, and Copy."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from cashier.domain.signs import shown
from cashier.ui.icons import IconView
from cashier.ui.widgets.base import empty_margins, label
from cashier.ui.widgets.buttons import PlainButton, PrimaryButton


class CrashDialog(QDialog):
    """`details` is a traceback, already without secrets."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong"))
        self.resize(640, 440)
        self._details = details
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(12)
        head = QHBoxLayout()
        empty_margins(head, 12)
        head.addWidget(IconView("warning", 24))
        head.addWidget(label(self.tr("Something went wrong in the program"), "title"), 1)
        column.addLayout(head)
        told = self.tr(
            "What is in the ledger is safe, and open payments are asked about again. "
            "Copy the text below for whoever looks after the program."
        )
        column.addWidget(label(told, wrap=True))
        self.text = QPlainTextEdit(shown(details, lines=True))
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setAccessibleName(self.tr("Technical details"))
        column.addWidget(self.text, 1)
        row = QHBoxLayout()
        empty_margins(row, 12)
        self.copy_button = PlainButton(self.tr("Copy"), icon="copy", size="medium")
        self.close_button = PrimaryButton(self.tr("Close"), size="medium")
        row.addStretch(1)
        row.addWidget(self.copy_button)
        row.addWidget(self.close_button)
        column.addLayout(row)
        self.copy_button.clicked.connect(self.copy)
        self.close_button.clicked.connect(self.accept)
        self.close_button.setFocus()

    def copy(self) -> None:
        """Puts the details on the clipboard and says so."""
        QGuiApplication.clipboard().setText(self._details)
        self.copy_button.setText(self.tr("Copied"))
        self.copy_button.show_icon("check")
