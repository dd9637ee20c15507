"""One thread that ends calls at their total deadline: time-outs of sockets are per read, and a drip outlives them."""

import threading
import time

from cashier.gateway.calls import Call


class Deadlines:
    """The calls under way. The thread runs while there are any; `close` ends them all."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._calls: set[Call] = set()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._wakes_at = float("inf")

    @property
    def closed(self) -> bool:
        return self._closed

    def add(self, call: Call) -> None:
        with self._changed:
            self._calls.add(call)
            if self._closed:
                call.end()
            elif self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="gateway-deadlines", daemon=True)
                self._thread.start()
            if self._closed or call.deadline < self._wakes_at:
                self._changed.notify_all()

    def remove(self, call: Call) -> None:
        with self._changed:
            self._calls.discard(call)

    def close(self, timeout: float = 2.0) -> None:
        """Ends every call under way and the thread; calls added later end at once."""
        with self._changed:
            self._closed = True
            for call in self._calls:
                call.end()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(timeout)

    def _run(self) -> None:
        with self._changed:
            while not self._closed:
                now = time.monotonic()
                for call in [call for call in self._calls if call.deadline <= now]:
                    call.end()
                    self._calls.discard(call)
                self._wakes_at = min((call.deadline for call in self._calls), default=float("inf"))
                self._changed.wait(None if self._wakes_at == float("inf") else max(0.0, self._wakes_at - now))
