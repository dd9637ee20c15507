"""Which fields a typed text is about."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashier.ledger.query import LONGEST, Looks, Query, amount_ranges, looks_of, tidy

FIGURES = st.text("0123456789", min_size=1, max_size=12)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("0788 123 456", "250788123456"),
        ("788", "250788"),
        ("+250 788-12", "25078812"),
        ("250788", "250788"),
        ("00250 78", "25078"),
        ("07", "2507"),
        ("0", "2507"),
        ("+25", "2507"),
        ("250", None),
        ("2507", None),
        ("0688", None),
        ("07881234567", None),
        ("1500", None),
        ("Order 788", None),
        ("٠٧٨٨", None),
    ],
)
def test_phones(text: str, phone: str | None) -> None:
    assert looks_of(text).phone == phone


@pytest.mark.parametrize(
    ("text", "looks"),
    [
        ("15", Looks("15", amount="15", id="15")),
        (" 12 500 ", Looks("12 500", amount="12500")),
        ("t7-0004", Looks("t7-0004", number="T7-0004")),
        ("T7-412", Looks("T7-412", number="T7-412", whole_number="T7-000412")),
        ("01m84eq", Looks("01m84eq", id="01M84EQ")),
        ("Order  88", Looks("Order 88")),
        ("٣٤", Looks("٣٤")),
        ("012", Looks("012", id="012")),
        ("1234567890123", Looks("1234567890123", id="1234567890123")),
    ],
)
def test_what_it_looks_like(text: str, looks: Looks) -> None:
    assert looks_of(text) == looks


@given(st.text())
def test_any_text_is_looked_for_somewhere(text: str) -> None:
    looks = looks_of(text)
    assert looks.reference == tidy(text)
    assert len(looks.reference) <= LONGEST
    assert Query(text).is_everything is (looks.reference == "")
    assert looks.phone is None or re.fullmatch("2507[0-9]{0,8}", looks.phone)
    assert looks.amount is None or re.fullmatch("[1-9][0-9]{0,11}", looks.amount)


@given(FIGURES, st.lists(st.integers(0, 12), max_size=3))
def test_spaces_change_nothing_about_figures(figures: str, places: list[int]) -> None:
    spaced = figures
    for place in places:
        spaced = spaced[:place] + " " + spaced[place:]
    assert (looks_of(spaced).phone, looks_of(spaced).amount) == (looks_of(figures).phone, looks_of(figures).amount)


@given(st.integers(1, 999_999_999_999), st.integers(1, 12))
def test_an_amount_is_in_the_ranges_of_each_of_its_beginnings(amount: int, length: int) -> None:
    text = str(amount)
    beginning = text[:length]
    assert any(low <= amount <= high for low, high in amount_ranges(beginning))
    other = str((int(beginning[0]) % 9) + 1)
    assert not any(low <= amount <= high for low, high in amount_ranges(other))
