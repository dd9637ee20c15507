"""Around the commands: texts that are no texts, an output that goes nowhere, Ctrl+C. The exit code stays true."""

import contextlib
import errno
import os
import sys
from typing import Any, TextIO

import click

from cashier import no_dumps
from cashier.cli_output import ENVIRONMENT, SUCCESSFUL, WRONG_INPUT

# What they print is all they are for: unprinted they have failed. What the others did stands, printed or not.
_READING = frozenset({"balance", "history", "verify", "doctor"})


class Output:
    """A stream whose reader may leave or whose disk may be full: what cannot be written is lost and noted in `lost`."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.lost: OSError | None = None
        with contextlib.suppress(AttributeError, ValueError):
            # A sign that the terminal does not know is spelled out.
            stream.reconfigure(errors="backslashreplace")  # type: ignore[attr-defined]  # of a TextIOWrapper

    def write(self, text: str) -> int:
        try:
            return self._stream.write(text)
        except OSError as trouble:
            self._lose(trouble)
            return len(text)

    def flush(self) -> None:
        try:
            self._stream.flush()
        except OSError as trouble:
            self._lose(trouble)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def _lose(self, trouble: OSError) -> None:
        if self.lost is None:
            self.lost = trouble
        with contextlib.suppress(OSError, ValueError):
            # What waits in its buffer, and all that follows, goes nowhere: the program's end must not stumble over it.
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self._stream.fileno())
            os.close(nowhere)
            self._stream.flush()


class Commands(click.Group):
    """The commands of a group; `invoked` is the name of the one that the arguments called, once there is one."""

    invoked: str | None = None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, and remembered."""
        found = super().resolve_command(ctx, args)
        self.invoked = found[0]
        return found


def run(commands: Commands) -> int:
    """Runs the command that the arguments name and returns the exit code of the contract."""
    wrong = _no_text()
    if wrong is not None:
        sys.stderr.write(f"{wrong} is not text in UTF-8. Write it again.\n")
        return WRONG_INPUT
    no_dumps.refuse()
    out = sys.stdout = Output(sys.stdout) if sys.stdout is not None else None
    sys.stderr = Output(sys.stderr) if sys.stderr is not None else None
    code = _run(commands)
    if out is None:
        return code
    out.flush()
    if out.lost is not None and out.lost.errno != errno.EPIPE:
        click.echo(f"The output could not be written: {out.lost.strerror}.", err=True)
        if code == SUCCESSFUL and commands.invoked in _READING:
            return ENVIRONMENT
    return code


def _run(commands: Commands) -> int:
    try:
        commands.invoked = None
        done = commands.main(prog_name="cashier", standalone_mode=False)
    except click.ClickException as wrong:
        wrong.show()
        return wrong.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("Stopped.", err=True)
        return ENVIRONMENT
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else SUCCESSFUL
    return done if isinstance(done, int) else SUCCESSFUL


def _no_text() -> str | None:
    """What of the arguments and of our variables holds bytes that are no text."""
    for number, argument in enumerate(sys.argv[1:], 1):
        if not _is_text(argument):
            return f"Argument {number}"
    return next(
        (name for name, value in os.environ.items() if name.startswith("CASHIER_") and not _is_text(value)), None
    )


def _is_text(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
