"""The health board: what it says of the gateway, and in which order its news come."""

import threading
from dataclasses import replace

from cashier.gateway.outcomes import Answer, Answered, Function, NotSent, NotSentReason
from cashier.till.clock import SystemClock
from cashier.till.health import Health, HealthBoard

WELL = Answered(Answer(Function.BALANCE, success=True, balance="5"), 200, 0.4)
REFUSED = NotSent(NotSentReason.REFUSED, "The gateway cannot be reached.", "", 0.0)


def test_a_subscriber_may_call_back_in() -> None:
    board = HealthBoard(SystemClock())
    heard: list[Health] = []

    def tell(news: Health) -> None:
        heard.append(news)
        assert board.hold_back() == 0.0
        if news.listening == 1:
            board.update(lambda now: replace(now, listening=2))

    board.news.subscribe(tell)
    done = threading.Thread(target=lambda: board.update(lambda now: replace(now, listening=1)), daemon=True)
    done.start()
    done.join(10)
    assert not done.is_alive()
    assert [one.listening for one in heard] == [1, 2]


def test_the_last_news_is_the_newest_however_threads_meet() -> None:
    board = HealthBoard(SystemClock())
    heard: list[int | None] = []
    first_is_told, second_is_in = threading.Event(), threading.Event()

    def tell(news: Health) -> None:
        if news.listening == 1:
            first_is_told.set()
            assert second_is_in.wait(10)
        heard.append(news.listening)

    board.news.subscribe(tell)
    first = threading.Thread(target=lambda: board.update(lambda now: replace(now, listening=1)))
    first.start()
    assert first_is_told.wait(10)
    second = threading.Thread(target=lambda: board.update(lambda now: replace(now, listening=2)))
    second.start()
    second.join(10)  # it leaves its news to the first, who is still telling
    second_is_in.set()
    first.join(10)
    assert heard == [1, 2]
    assert board.health.listening == 2


def test_a_first_call_without_an_answer_is_known_and_the_next_answer_ends_it() -> None:
    board = HealthBoard(SystemClock())

    def said() -> tuple[bool, bool, float | None]:
        """Whether an answer is missing, whether the gateway is down, and the time of the newest call."""
        now = board.health
        return now.unanswered_since is not None, now.gateway_down_since is not None, now.took

    board.heard(WELL)
    assert said() == (False, False, 0.4)
    board.heard(REFUSED)
    assert said() == (True, False, None)
    board.heard(REFUSED)
    assert said() == (True, True, None)
    assert board.health.gateway_down_since == board.health.unanswered_since
    board.heard(WELL)
    assert said() == (False, False, 0.4)


def test_results_are_counted_in_the_order_in_which_they_are_told() -> None:
    board = HealthBoard(SystemClock())
    for by_callback in (True, False, True):
        board.result(by_callback=by_callback)
    assert (board.health.by_callback, board.health.results) == (2, 3)
