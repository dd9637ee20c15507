"""Commands given, or answered with, texts that a terminal would obey."""

import json

import pytest

from cashier.cli_output import print_one
from cashier.domain.states import State
from cashier.simulator import Fault, Simulator
from tests.e2e.program import Program
from tests.ui.seeing import transaction

pytestmark = pytest.mark.e2e

RED = "\x1b[31m"
WORDS = f"{RED}no \u202eyenom \x7f!"
NAMED = "U+001B[31mno U+202Eyenom U+007F!"


@pytest.mark.parametrize("sign", ["\u202e", "\u200b", "\ufeff", "\x1b", "\x7f"])
def test_a_reference_or_reason_with_a_hidden_sign_is_refused_before_anything_is_sent(
    program: Program, gateway: Simulator, sign: str
) -> None:
    place = f"U+{ord(sign):04X}, at place 3"
    for command in (
        ["charge", "0788123456", "1000", "--reference", f"ab{sign}c"],
        ["payout", "0788123456", "1000", "--reason", f"ab{sign}c", "--yes"],
    ):
        ended = program.run(*command)
        assert (ended.code, ended.out) == (2, ""), ended.err
        assert place in ended.err
        assert sign not in ended.err
    assert not gateway.book()["transactions"]


def test_words_of_the_gateway_are_named_not_obeyed(program: Program, gateway: Simulator) -> None:
    gateway.script(Fault(function="getbalance", code="4711", fields={"message": WORDS, "success": False}))
    ended = program.run("balance")
    assert ended.code in (1, 4)
    assert NAMED in ended.err
    assert "\x1b" not in ended.err


def test_words_in_a_row_are_named_and_whole_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    row = transaction(State.FAILED, message=WORDS, code="4711")
    print_one(row, json_wanted=False)
    assert NAMED in capsys.readouterr().out
    print_one(row, json_wanted=True)
    told = capsys.readouterr().out
    assert told.removesuffix("\n").isprintable()
    assert json.loads(told)["message"] == WORDS


def test_what_was_typed_wrongly_is_repeated_as_text(program: Program) -> None:
    for command in ([f"char{RED}ge"], ["history", f"--{RED}state"], ["history", "--state", f"{RED}x"]):
        ended = program.run(*command)
        assert (ended.code, ended.out) == (2, "")
        assert "\x1b" not in ended.err
        assert "Error" in ended.err
