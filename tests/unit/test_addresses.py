import pytest

from cashier import addresses
from cashier.errors import SettingsError

LIVE = addresses.BASE_URLS["live"]
PRACTICE = "http://127.0.0.1:8000/"


@pytest.mark.parametrize(
    ("url", "environment"),
    [
        (LIVE, "live"),
        (addresses.BASE_URLS["sandbox"], "sandbox"),
        ("https://DEVELOPER.intouchpay.co.rw./x/", "sandbox"),
        ("http://127.0.0.1:8000/", "practice"),
        ("http://127.9.9.9/", "practice"),
        ("http://[::1]:80/", "practice"),
        ("http://localhost:1/", "practice"),
        ("https://127.0.0.1.example.rw/", "live"),
        ("https://localhost.example.rw/", "live"),
    ],
)
def test_the_environment_follows_the_host(url: str, environment: str) -> None:
    assert addresses.environment_of(url) == environment


def test_the_base_url_ends_with_a_slash() -> None:
    assert addresses.checked_base_url("https://host.rw/api") == "https://host.rw/api/"
    assert addresses.checked_base_url(LIVE) == LIVE
    assert addresses.checked_base_url(PRACTICE) == PRACTICE


@pytest.mark.parametrize(
    "url",
    [
        "",
        "host.rw/api/",
        "ftp://host.rw/",
        "http://host.rw/",
        "http://10.0.0.1/",
        "https:///api/",
        "https://user:pass@host.rw/",
        "https://host.rw/?x=1",
        "https://host.rw/#x",
        "https://ho st.rw/",
        "https://host.rw:99999/",
        "https://[::1/",
        "https://hôte.rw/",
        "https://host.rw\\@evil.rw/",
    ],
)
def test_base_urls_refused(url: str) -> None:
    with pytest.raises(SettingsError):
        addresses.checked_base_url(url)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "localhost",
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.10",
        "169.254.1.1",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "[::1]",
        "[fe80::1]",
        "[fd00::1]",
        "[::ffff:192.168.1.1]",
        "till",
        "till.local",
        "till.local.",
        "till.lan",
        "till.home.arpa",
        "127.1",
        "0x7f.1",
        "2130706433",
        "a..b",
    ],
)
def test_private_callback_addresses_are_refused_with_what_to_do(host: str) -> None:
    with pytest.raises(SettingsError) as refused:
        addresses.checked_callback_url(f"https://{host}/shop", LIVE)
    assert "tunnel or reverse proxy" in refused.value.advice


def test_a_callback_address_must_be_https_for_a_gateway_elsewhere() -> None:
    with pytest.raises(SettingsError, match="must begin with https"):
        addresses.checked_callback_url("http://till.example.rw", LIVE)


@pytest.mark.parametrize("url", ["https://till.example.rw", "https://till.example.rw:8443/shop1", "https://8.8.8.8/"])
def test_public_callback_addresses_are_taken(url: str) -> None:
    assert addresses.checked_callback_url(url, LIVE) == url


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/callback/x", "http://till:80/x", "http://192.168.1.2/"])
def test_a_gateway_on_this_computer_takes_any_callback_address(url: str) -> None:
    assert addresses.checked_callback_url(url, PRACTICE) == url


@pytest.mark.parametrize(
    "url", ["till.example.rw", "https://x@till.example.rw", "https://till.example.rw/?a", "ws://a"]
)
def test_what_is_no_callback_address_is_refused_everywhere(url: str) -> None:
    for gateway in (LIVE, PRACTICE):
        with pytest.raises(SettingsError):
            addresses.checked_callback_url(url, gateway)


def test_tokens() -> None:
    token = addresses.new_token()
    assert token != addresses.new_token()
    assert len(token) >= 43
    assert addresses.checked_token(token, LIVE) == token
    url = addresses.public_callback_url("https://till.example.rw/shop1/", token)
    assert url == f"https://till.example.rw/shop1/callback/{token}"
    assert addresses.token_in(url) == token
    assert addresses.token_in("https://till.example.rw/other/x") is None
    assert addresses.token_in("https://till.example.rw/callback/") is None


def test_a_guessable_token_is_for_practice_only() -> None:
    assert addresses.checked_token("short", PRACTICE) == "short"
    with pytest.raises(SettingsError, match="too short"):
        addresses.checked_token("short", LIVE)
    with pytest.raises(SettingsError):
        addresses.checked_token("a/b", PRACTICE)


def test_the_same_gateway() -> None:
    assert addresses.same_gateway("https://host.rw/a/", "https://HOST.rw:443/b/")
    assert not addresses.same_gateway("http://127.0.0.1:1/", "http://127.0.0.1:2/")
