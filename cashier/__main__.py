"""The program `cashier`. The window starts without loading the commands, which it does not need."""

import gc
import sys

from cashier.display import has_display


def main() -> None:
    """`cashier` alone is the window; anything after it is for the commands."""
    # Nothing of a start is garbage: collecting would cost a tenth of it. The window goes on collecting once it stands.
    gc.disable()
    if len(sys.argv) == 1 and has_display():
        from cashier.app import run

        sys.exit(run(None))
    gc.enable()
    try:
        from cashier.cli import main as commands
        from cashier.cli_start import run as run_command
        from cashier.logs import catch_the_rest
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(4)
    catch_the_rest()
    sys.exit(run_command(commands))


if __name__ == "__main__":
    main()
