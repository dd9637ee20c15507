"""Signs that nobody sees: named where they are shown, refused where they are typed."""

import pytest

from cashier.domain.errors import BadInputError
from cashier.domain.signs import refuse_signs, shown
from cashier.domain.typed import checked_reason, checked_reference

# As the field found them, beside all controls.
HIDDEN = [
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *range(0x200B, 0x2010),
    *(0x2028, 0x2029, 0x061C, 0xFEFF),
    *range(0x20),
    *range(0x7F, 0xA0),
]
SEEN = ["Salary of May, Gisozi", "Café crème à 1\u00a0500", "م حمد", "工资", "👍", "<b>bold</b> & \\ '"]


@pytest.mark.parametrize("code", HIDDEN)
def test_each_is_drawn_by_its_name(code: int) -> None:
    assert shown(f"a{chr(code)}b") == f"aU+{code:04X}b"


@pytest.mark.parametrize("text", SEEN)
def test_what_can_be_seen_stays_as_it_is(text: str) -> None:
    assert shown(text) == text
    refuse_signs(text, "The reason")


def test_lines_stay_only_where_lines_are_meant() -> None:
    assert shown("a\nb\rc") == "aU+000AbU+000Dc"
    assert shown("a\nb\rc", lines=True) == "a\nbU+000Dc"


@pytest.mark.parametrize("code", HIDDEN)
def test_a_reason_or_a_reference_with_one_is_refused_with_its_place(code: int) -> None:
    with pytest.raises(BadInputError) as why:
        checked_reason(f"  ab{chr(code)}c")
    assert why.value.sentence == f"The reason has a sign that cannot be seen, U+{code:04X}, at place 5. Take it out."
    with pytest.raises(BadInputError) as why:
        checked_reference(f"ab{chr(code)}c")
    assert why.value.sentence == f"The reference has a sign that cannot be seen, U+{code:04X}, at place 3. Take it out."


def test_what_is_typed_is_kept_without_blanks_around_it() -> None:
    assert checked_reason(" Salary \n") == "Salary"
    assert checked_reference("table 4") == "table 4"
    assert checked_reference("") is None
    with pytest.raises(BadInputError, match="Write what the payout is for"):
        checked_reason(" \n")
