from dataclasses import replace

import pytest

from cashier.effective import PRACTICE_ACCOUNT, Effective, from_environment, ledger_of
from cashier.errors import NoSettings, SettingsError
from cashier.settings import Settings
from tests.canaries import TOKEN

URL = "https://www.intouchpay.co.rw/api/"
LIVE = Settings("live", URL, "testa", "250160000011", minimum=500, till_number=7, service_id="1")
PUBLIC = replace(LIVE, callback_url="https://till.example.rw/shop1")
PRACTICE = {
    "CASHIER_GATEWAY_URL": "http://127.0.0.1:8000",
    "CASHIER_USERNAME": "practice",
    "CASHIER_ACCOUNT_NO": "250160000099",
    "CASHIER_PARTNER_PASSWORD": ' +$J<w"h5=<PH# ',
}


def test_settings_alone() -> None:
    found = from_environment({}, LIVE)
    assert found == Effective(
        "live", URL, "testa", "250160000011", minimum=500, till_number=7, service_id="1", callback_port=8765
    )
    assert found.account == "live-250160000011"


def test_the_environment_alone() -> None:
    found = from_environment(PRACTICE, None)
    assert (found.environment, found.base_url) == ("practice", "http://127.0.0.1:8000/")
    assert (found.username, found.accountno, found.encoding) == ("practice", "250160000099", "form")
    assert found.password == ' +$J<w"h5=<PH# '
    assert found.account == "practice-250160000099"
    assert not found.listens


def test_the_environment_wins_over_the_settings() -> None:
    found = from_environment({"CASHIER_USERNAME": "other", "CASHIER_ENCODING": "json"}, LIVE)
    assert (found.username, found.accountno, found.encoding) == ("other", "250160000011", "json")


@pytest.mark.parametrize(
    ("url", "environment"),
    [
        ("http://localhost:1/", "practice"),
        ("https://developer.intouchpay.co.rw/api/v1/sandbox/", "sandbox"),
        ("https://pay.example.rw/", "live"),
    ],
)
def test_the_environment_follows_the_host(url: str, environment: str) -> None:
    assert from_environment({**PRACTICE, "CASHIER_GATEWAY_URL": url}, LIVE).environment == environment


@pytest.mark.parametrize("missing", ["CASHIER_USERNAME", "CASHIER_ACCOUNT_NO", "CASHIER_PARTNER_PASSWORD"])
def test_another_gateway_never_sees_the_account_of_the_settings(missing: str) -> None:
    env = {name: value for name, value in PRACTICE.items() if name != missing}
    with pytest.raises(NoSettings) as stop:
        from_environment(env, PUBLIC)
    assert missing in stop.value.advice
    assert stop.value.exit_code == 4


def test_another_gateway_gets_no_callbacks_of_the_settings_but_the_limits_hold() -> None:
    found = from_environment(PRACTICE, PUBLIC)
    assert (found.callback_address, found.callback_url, found.listens) == (None, None, False)
    assert (found.minimum, found.till_number) == (500, 7)


def test_the_gateway_of_the_settings_named_again_keeps_its_account() -> None:
    found = from_environment({"CASHIER_GATEWAY_URL": URL}, PUBLIC)
    assert (found.username, found.password) == ("testa", None)
    assert found.callback_address == PUBLIC.callback_url


def test_no_settings_at_all() -> None:
    with pytest.raises(NoSettings, match="no settings yet"):
        from_environment({}, None)
    with pytest.raises(NoSettings, match="practice inside the window"):
        from_environment({}, Settings("practice"))


def test_the_public_address_gets_its_token() -> None:
    found = from_environment({}, PUBLIC)
    assert found.listens
    assert found.callback_url is None
    whole = found.with_token(TOKEN)
    assert whole.callback_url == f"https://till.example.rw/shop1/callback/{TOKEN}"
    assert whole.callback_token == TOKEN
    assert whole.with_token("other") == whole


def test_a_token_of_the_environment_stands_in_the_public_address() -> None:
    found = from_environment({"CASHIER_CALLBACK_TOKEN": TOKEN}, PUBLIC)
    assert found.callback_url == f"https://till.example.rw/shop1/callback/{TOKEN}"


def test_the_whole_url_holds_the_token() -> None:
    url = f"https://till.example.rw/callback/{TOKEN}"
    found = from_environment({"CASHIER_CALLBACK_URL": url, "CASHIER_CALLBACK_PORT": "9000"}, LIVE)
    assert (found.callback_url, found.callback_token, found.callback_port) == (url, TOKEN, 9000)
    assert found.listens


def test_a_loopback_url_says_the_port_too() -> None:
    env = {**PRACTICE, "CASHIER_CALLBACK_URL": "http://127.0.0.1:9001/callback/short"}
    found = from_environment(env, None)
    assert (found.callback_port, found.callback_token) == (9001, "short")


def test_in_practice_a_port_or_a_token_is_enough_to_listen() -> None:
    assert from_environment({**PRACTICE, "CASHIER_CALLBACK_PORT": "0"}, None).listens
    assert from_environment({**PRACTICE, "CASHIER_CALLBACK_TOKEN": "x"}, None).listens
    assert not from_environment({"CASHIER_CALLBACK_PORT": "0"}, LIVE).listens


@pytest.mark.parametrize(
    "env",
    [
        {"CASHIER_CALLBACK_URL": f"https://192.168.1.5/callback/{TOKEN}"},
        {"CASHIER_CALLBACK_URL": f"http://till.example.rw/callback/{TOKEN}"},
        {"CASHIER_CALLBACK_URL": "https://till.example.rw/callback/short"},
        {"CASHIER_CALLBACK_URL": "https://till.example.rw/"},
        {"CASHIER_CALLBACK_URL": f"https://till.example.rw/callback/{TOKEN}", "CASHIER_CALLBACK_TOKEN": "u" * 43},
        {"CASHIER_CALLBACK_TOKEN": "short"},
        {"CASHIER_CALLBACK_PORT": "65536"},
        {"CASHIER_CALLBACK_PORT": "-1"},
        {"CASHIER_CALLBACK_PORT": "٣"},
        {"CASHIER_CALLBACK_PORT": " 80"},
        {"CASHIER_ENCODING": "xml"},
        {"CASHIER_ACCOUNT_NO": "../x"},
        {"CASHIER_GATEWAY_URL": "http://www.intouchpay.co.rw/api/"},
    ],
)
def test_what_cannot_be_used(env: dict[str, str]) -> None:
    with pytest.raises(SettingsError) as refused:
        from_environment(env, LIVE)
    assert refused.value.exit_code == 2


def test_nothing_secret_is_shown() -> None:
    env = {**PRACTICE, "CASHIER_CALLBACK_URL": f"http://127.0.0.1:1/callback/{TOKEN}"}
    shown = repr(from_environment(env, None))
    assert PRACTICE["CASHIER_PARTNER_PASSWORD"] not in shown
    assert TOKEN not in shown


def test_whose_ledger_is_meant_needs_an_account_and_nothing_else() -> None:
    account = {"CASHIER_GATEWAY_URL": "https://pay.example.rw/", "CASHIER_ACCOUNT_NO": "7"}
    assert ledger_of(account, None) == ("live", "7", 1)
    assert ledger_of({}, LIVE) == ("live", "250160000011", 7)
    assert ledger_of({"CASHIER_ACCOUNT_NO": "7"}, LIVE) == ("live", "7", 7)
    assert ledger_of({}, Settings("practice")) == ("practice", PRACTICE_ACCOUNT, 1)
    # The account of the window's own practice gateway is that gateway's, whatever was typed for another.
    assert (
        ledger_of({}, replace(LIVE, environment="practice", base_url="", accountno="7")).accountno == PRACTICE_ACCOUNT
    )


@pytest.mark.parametrize("settings", [None, Settings("live", URL)])
def test_without_an_account_no_ledger_is_meant(settings: Settings | None) -> None:
    with pytest.raises(NoSettings):
        ledger_of({}, settings)


def test_another_gateway_is_never_read_under_the_account_of_the_settings() -> None:
    with pytest.raises(NoSettings) as stop:
        ledger_of({"CASHIER_GATEWAY_URL": "https://pay.example.rw/"}, LIVE)
    assert "CASHIER_ACCOUNT_NO" in stop.value.advice


@pytest.mark.parametrize("settings", [LIVE, PUBLIC, None])
@pytest.mark.parametrize("env", [PRACTICE, {**PRACTICE, "CASHIER_GATEWAY_URL": URL}])
def test_reading_and_sending_mean_the_same_ledger(env: dict[str, str], settings: Settings | None) -> None:
    found = from_environment(env, settings)
    assert ledger_of(env, settings)[:2] == (found.environment, found.accountno)
