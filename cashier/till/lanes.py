"""Workers for calls that wait on the network. Daemon threads of ours: a ThreadPoolExecutor would hold the exit."""

import logging
import queue
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)


class WorkerLane:
    """A `Lane` of `workers` long-lived threads; one more is started, up to `most`, whenever all are busy."""

    def __init__(self, name: str, workers: int, most: int | None = None) -> None:
        self._name = name
        self._workers = workers
        self._most = most or workers
        self._jobs: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._unfinished = 0
        self._stopping = False

    def start(self) -> None:
        with self._lock:
            for _ in range(self._workers):
                self._add_worker()

    def stop(self, timeout: float = 5.0) -> None:
        """Takes no more work, lets what waits be forgotten and joins; a worker that cannot end is abandoned."""
        with self._lock:
            self._stopping = True
            threads = list(self._threads)
        for _ in threads:
            self._jobs.put(None)
        deadline = time.monotonic() + timeout
        for thread in threads:
            if thread is not threading.current_thread():
                thread.join(max(0.0, deadline - time.monotonic()))

    def submit(self, work: Callable[[], None]) -> None:
        with self._lock:
            if self._stopping:
                return
            self._unfinished += 1
            if self._unfinished > len(self._threads) < self._most:
                self._add_worker()
        self._jobs.put(work)

    def _add_worker(self) -> None:
        thread = threading.Thread(target=self._run, name=f"{self._name}-{len(self._threads) + 1}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _run(self) -> None:
        while (work := self._jobs.get()) is not None:
            if self._stopping:
                continue
            try:
                work()
            except BaseException:  # a worker must outlive whatever one job raises: the lane has only a few
                log.exception("a job in lane %s failed", self._name)
            finally:
                with self._lock:
                    self._unfinished -= 1
