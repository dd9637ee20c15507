"""Takes known secrets out of a text, in every spelling that is common."""

import html
import json
import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, quote_plus

HIDDEN = "[hidden]"
# A secret below this stands in harmless texts too, and is soon guessed.
FEWEST_LETTERS = 6


def hider(secrets: Iterable[str]) -> Callable[[str], str]:
    """A function that returns a text with HIDDEN for each of `secrets`, small or capital letters alike."""
    # The longest first, so that no tail of a longer spelling is left standing.
    all_spellings = sorted({one for secret in secrets for one in spellings(secret)}, key=len, reverse=True)
    if not all_spellings:
        return str
    pattern = re.compile("|".join(map(re.escape, all_spellings)), re.IGNORECASE)
    return lambda text: pattern.sub(HIDDEN, text)


def spellings(secret: str) -> set[str]:
    """`secret` as it stands in addresses, forms, JSON, HTML and Python's messages; nothing for an empty one."""
    if not secret:
        return set()
    in_json = json.dumps(secret)[1:-1]
    return {
        secret,
        quote(secret),
        quote(secret, safe=""),
        quote_plus(secret),
        in_json,
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        repr(in_json)[1:-1],
        html.escape(secret),
    }


def too_short(secret: str) -> str | None:
    """A sentence for the owner where `secret` is too short to be one."""
    if len(secret) >= FEWEST_LETTERS:
        return None
    return (
        f"It is too short: fewer than {FEWEST_LETTERS} letters are soon guessed, and stand in harmless texts too. "
        "Have a longer one made."
    )
