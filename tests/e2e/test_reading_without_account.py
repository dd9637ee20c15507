"""Commands that need only the ledger: they ask for no gateway, no user name and no password, in practice too."""

from pathlib import Path

import pytest

from cashier.effective import PRACTICE_ACCOUNT
from cashier.settings import Settings, save
from cashier.simulator import Simulator
from tests.e2e.program import Program, bare_environment

pytestmark = pytest.mark.e2e


@pytest.fixture
def shop(program: Program) -> Program:
    """A practice ledger with one payment, its settings, and an environment that says nothing of a gateway."""
    assert program.run("charge", "0788000002", "700").code == 1
    save(program.data / "settings.json", Settings("practice"))
    return Program(program.data, bare_environment())


def test_the_practice_ledger_is_read_without_gateway_and_password(shop: Program, tmp_path: Path) -> None:
    listed = shop.run("history", "--json")
    assert (listed.code, listed.err) == (0, "")
    assert [row["amount"] for row in listed.json] == [700]
    for arguments in (("verify",), ("backup", str(tmp_path / "b.db")), ("export", str(tmp_path / "e.csv"))):
        ended = shop.run(*arguments)
        assert (ended.code, ended.err) == (0, ""), arguments
    assert "700" in (tmp_path / "e.csv").read_text("utf-8-sig")


def test_the_ledger_of_an_account_of_ones_own_is_read_without_a_password(program: Program) -> None:
    """The settings name the gateway; nothing is asked of it, and nobody is asked for the password."""
    assert program.run("charge", "0788000002", "700").code == 1
    url = program.env["CASHIER_GATEWAY_URL"]
    save(program.data / "settings.json", Settings("practice", url, "testa", program.env["CASHIER_ACCOUNT_NO"]))
    ended = Program(program.data, bare_environment()).run("history", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert [row["amount"] for row in ended.json] == [700]


def test_the_environments_account_is_enough_to_read_its_ledger(program: Program) -> None:
    assert program.run("charge", "0788000002", "700").code == 1
    ended = program.without_env("CASHIER_USERNAME", "CASHIER_PARTNER_PASSWORD").run("history", "--json")
    assert (ended.code, ended.err) == (0, "")
    assert [row["amount"] for row in ended.json] == [700]


def test_what_writes_the_ledger_alone_needs_no_gateway_either(shop: Program, tmp_path: Path) -> None:
    copy = tmp_path / "copy.db"
    assert shop.run("backup", str(copy)).code == 0
    restored = shop.run("restore", str(copy))
    assert (restored.code, restored.err) == (0, "")
    signed = shop.run("sign", "--name", "Anna", "--note", "The statement agrees.")
    assert (signed.code, signed.err) == (0, "")
    seen = shop.run("seen", "T1-000001", "--name", "Anna")
    assert (seen.code, "no alarm" in seen.err) == (2, True)


def test_a_shop_without_settings_is_told_so(tmp_path: Path) -> None:
    ended = Program(tmp_path / "data", bare_environment()).run("history")
    assert (ended.code, ended.out) == (4, "")
    assert "There are no settings yet." in ended.err


def test_what_asks_the_gateway_still_says_what_it_lacks(shop: Program) -> None:
    for arguments in (("balance",), ("charge", "0788000002", "700"), ("watch",)):
        ended = shop.run(*arguments)
        assert (ended.code, ended.out) == (4, ""), arguments
        assert "practice inside the window" in ended.err


def test_the_practice_account_is_that_of_the_gateway_the_program_brings() -> None:
    assert Simulator().accountno == PRACTICE_ACCOUNT
