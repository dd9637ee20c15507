"""Bad input: what a person typed cannot be used. The sentence says what to do and loses nothing."""


class BadInputError(ValueError):
    """Something typed cannot be used; `str()` of it is a sentence for the person who typed it."""

    @property
    def sentence(self) -> str:
        return str(self)
