"""Runs the program as a shop or another program does: a process of its own, its arguments, its streams."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cashier.simulator import Simulator
from tests.canaries import found_in

LONG = 60.0


def clean(text: str) -> str:
    """`text`, in which there is no secret."""
    assert found_in(text.encode()) == []
    return text


class Searched(subprocess.Popen[str]):
    """A process in whose output no secret may stand."""

    def communicate(self, input: str | None = None, timeout: float | None = None) -> tuple[str, str]:
        out, err = super().communicate(input, timeout)
        return clean(out or ""), clean(err or "")


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Program:
    """The program with a data folder of its own and the environment of one gateway."""

    data: Path
    env: Mapping[str, str]

    def with_env(self, **more: str) -> "Program":
        return Program(self.data, {**self.env, **more})

    def without_env(self, *names: str) -> "Program":
        return Program(self.data, {name: value for name, value in self.env.items() if name not in names})

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "cashier", "--data-dir", str(self.data), *arguments]

    def run(self, *arguments: str, wait: float = LONG) -> Ended:
        done = subprocess.run(  # our own program
            self.command(*arguments),
            env=dict(self.env),
            capture_output=True,
            text=True,
            timeout=wait,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        return Ended(done.returncode, clean(done.stdout), clean(done.stderr))

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        return Searched(  # our own program
            self.command(*arguments),
            env=dict(self.env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )


def bare_environment() -> dict[str, str]:
    """The environment of the tests without anything meant for the program."""
    return {name: value for name, value in os.environ.items() if not name.startswith("CASHIER_")}


def program_for(gateway: Simulator, data: Path) -> Program:
    """The program, told by its environment to use `gateway`."""
    return Program(
        data,
        {
            **bare_environment(),
            "CASHIER_GATEWAY_URL": gateway.url,
            "CASHIER_USERNAME": gateway.username,
            "CASHIER_ACCOUNT_NO": gateway.accountno,
            "CASHIER_PARTNER_PASSWORD": gateway.partnerpassword,
        },
    )
