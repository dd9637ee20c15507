"""What `--mask-phones` prints holds no phone, in no sentence either."""

from cashier.cli_output import as_json, as_sentence
from cashier.till.figures import phone_words
from tests.unit.till.rows import row


def test_a_review_with_phones_in_it_is_masked() -> None:
    held = row(review=phone_words("250733123456", "250788123456"))
    whole, masked = as_json(held)["review"], as_json(held, mask=True)["review"]
    assert whole == held.review
    assert masked == "Another phone: the gateway says 0733 ••• 456, asked was 0788 ••• 456."
    assert masked in as_sentence(held, mask=True)
    assert as_json(row(), mask=True)["review"] is None
