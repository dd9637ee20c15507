"""The memory of this program, passwords included, is not written to a disk when it breaks down, nor read by others."""

import contextlib
import sys

_PR_SET_DUMPABLE = 4


def refuse() -> None:
    """No core dumps from now on, and no other program of this user looks in. Does what the system can; never raises."""
    with contextlib.suppress(ImportError, OSError, ValueError):  # Windows knows no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        # The limit alone does not hold for a collector of dumps that the kernel starts.
        with contextlib.suppress(ImportError, OSError, AttributeError):
            import ctypes

            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
