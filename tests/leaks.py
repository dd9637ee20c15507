"""A plugin of the test run: no secret in any file, output, log or window title that a test leaves behind.

What a test printed or logged is searched when it ends, and fails it. Files are searched below each worker's folder of
temporary files at the end of the run, and fail the run.
"""

import secrets
from collections.abc import Generator, Mapping
from typing import Any

import pytest

from tests import canaries

LEAKS = pytest.StashKey[list[str]]()
titles: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    config.stash[LEAKS] = []
    secrets.token_urlsafe = canaries.marked_token
    _note_digests()


def _note_digests() -> None:
    """Each digest that reaches a practice gateway of this process, whatever process sent it."""
    from cashier.simulator.protocol import Protocol

    authenticate = Protocol.authenticate

    def noting(self: Protocol, fields: Mapping[str, str]) -> str | None:
        if fields.get("password"):
            canaries.note_digest(fields["password"])
        return authenticate(self, fields)

    Protocol.authenticate = noting  # type: ignore[method-assign]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.when == "teardown":
        texts = [*(text for _, text in report.sections), *titles]
        titles.clear()
        found = [one for text in texts for one in canaries.found_in(text.encode("utf-8", "surrogateescape"))]
        if found:
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} printed, logged or showed " + ", ".join(dict.fromkeys(found))
    return report


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    config = session.config
    folder = getattr(getattr(config, "_tmp_path_factory", None), "_basetemp", None)
    if folder is not None and not config.pluginmanager.hasplugin("dsession"):
        config.stash[LEAKS] += canaries.found_below(folder)
    output: dict[str, Any] | None = getattr(config, "workeroutput", None)
    if output is not None:
        output["leaks"] = config.stash[LEAKS]
    elif config.stash[LEAKS]:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any, error: object) -> None:
    """The controller hears what a worker of xdist found."""
    node.config.stash[LEAKS] += getattr(node, "workeroutput", {}).get("leaks", [])


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    if config.stash[LEAKS]:
        terminalreporter.section("Secrets were left behind", red=True)
        for leak in config.stash[LEAKS]:
            terminalreporter.line(leak)
