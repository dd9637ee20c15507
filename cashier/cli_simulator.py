"""`cashier simulator`: the practice gateway as a program of its own."""

import json

from cashier.cli_output import echo
from cashier.cli_signals import StopSignal
from cashier.errors import EnvironmentStop
from cashier.simulator import Simulator


def serve(stop: StopSignal, *, port: int, speed: float, refuse_private_callbacks: bool, json_wanted: bool) -> None:
    """Serves until `stop`. The first line on stdout is always the credentials; with `json_wanted` each request follows.

    Raises EnvironmentStop when the port is taken.
    """
    gateway = Simulator(port=port, speed=speed, refuse_private_callbacks=refuse_private_callbacks)
    try:
        gateway.start()
    except OSError as taken:
        raise EnvironmentStop(f"Port {port} cannot be used: {taken.strerror}. Choose another with --port.") from taken
    try:
        echo(json.dumps(gateway.credentials()))
        if json_wanted:
            gateway.tell_requests(lambda entry: echo(json.dumps(entry)))
        stop.wait()
    finally:
        gateway.stop()
