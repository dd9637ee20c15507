"""Signs that are not seen and that a screen or a terminal would obey: they are named, never obeyed."""

import re
from functools import cache

from cashier.domain.errors import BadInputError


@cache
def _signs() -> re.Pattern[str]:
    """Made when the first such sign is met, which most days never is.

    Controls; soft hyphen; marks of direction, joiners and blanks without width; line and paragraph separator;
    halves of surrogates, annotations and tags.
    """
    return re.compile(
        "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e"
        "\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
    )


def shown(text: str, *, lines: bool = False) -> str:
    """`text` for the eye: each such sign as `U+202E`. Line breaks stay with `lines`. A plain text costs nothing."""
    if text.isprintable():
        return text
    return _signs().sub(lambda found: found[0] if lines and found[0] == "\n" else name_of(found[0]), text)


def name_of(sign: str) -> str:
    """`U+202E`."""
    return f"U+{ord(sign):04X}"


def refuse_signs(text: str, what: str) -> None:
    """Raises BadInputError for a text that people type and others read: `what` begins the sentence, as `The reason`."""
    found = _signs().search(text) if shown(text) != text else None
    if found is not None:
        raise BadInputError(
            f"{what} has a sign that cannot be seen, {name_of(found[0])}, at place {found.start() + 1}. Take it out."
        )
