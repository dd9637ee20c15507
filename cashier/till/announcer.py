"""Tells subscribers what changed."""

import logging
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")


class Announcer(Generic[T]):
    """Subscribers of one kind of news. They are called on the thread that brings it, so they must be quick."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: tuple[Callable[[T], None], ...] = ()

    def subscribe(self, tell: Callable[[T], None]) -> Callable[[], None]:
        """Calls `tell` with each piece of news from now on. Returns what ends it."""
        with self._lock:
            self._subscribers = (*self._subscribers, tell)

        def unsubscribe() -> None:
            with self._lock:
                self._subscribers = tuple(one for one in self._subscribers if one is not tell)

        return unsubscribe

    def announce(self, news: T) -> None:
        for tell in self._subscribers:
            try:
                tell(news)
            except Exception:  # a screen with a bug must never stop money from being settled
                log.exception("a subscriber failed")
