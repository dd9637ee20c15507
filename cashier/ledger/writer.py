"""The one thread that writes. Calls are done in the order they came; each waits for its commit."""

import queue
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from cashier.ledger.errors import LedgerClosed

T = TypeVar("T")


class _Job(Generic[T]):
    def __init__(self, work: Callable[[], T]) -> None:
        self._work = work
        self._done = threading.Event()
        self._result: T | None = None
        self._trouble: BaseException | None = None

    def run(self) -> None:
        try:
            self._result = self._work()
        except BaseException as trouble:  # noqa: BLE001  # it belongs to the caller, who waits for it
            self._trouble = trouble
        self._done.set()

    def result(self) -> T:
        self._done.wait()
        if self._trouble is not None:
            raise self._trouble
        return self._result  # type: ignore[return-value]  # set together with the event


class Writer:
    """Runs functions on its own thread, or in the caller's when not `threaded` (model-based runs)."""

    def __init__(self, *, threaded: bool) -> None:
        self._threaded = threaded
        self._lock = threading.Lock()
        self._open = False
        self._jobs: queue.SimpleQueue[_Job[object] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        self._open = True
        if self._threaded:
            self._thread = threading.Thread(target=self._run, name="ledger-writer", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Does what was asked before, then ends and joins. A second call does nothing."""
        with self._lock:
            if not self._open:
                return
            self._open = False
            self._jobs.put(None)
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def call(self, work: Callable[[], T]) -> T:
        """What `work` returns or raises, once it was run. Raises LedgerClosed after the end."""
        if not self._threaded:
            if not self._open:
                raise LedgerClosed("The ledger is closed.")
            return work()
        job = _Job(work)
        with self._lock:
            if not self._open:
                raise LedgerClosed("The ledger is closed.")
            self._jobs.put(job)  # type: ignore[arg-type]  # the queue does not care what a job returns
        return job.result()

    def _run(self) -> None:
        while (job := self._jobs.get()) is not None:
            job.run()
