"""Whether there is a screen for a window. Imports nothing of ours: it is asked before anything else at a start."""

import os
import sys


def has_display() -> bool:
    """On Linux a display server must be named; offscreen shows nothing."""
    if os.environ.get("QT_QPA_PLATFORM", "").startswith(("offscreen", "minimal")):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
