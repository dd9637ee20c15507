"""What is read from a spreadsheet or a CSV file: cells and rows, whichever kind of file they came from."""

from dataclasses import dataclass

MOST_COLUMNS = 60


@dataclass(frozen=True)
class Cell:
    """One cell as a person sees it. `number` tells that a spreadsheet stored it as one, `formula` holds a formula."""

    text: str
    number: bool = False
    formula: str = ""
    odd: str = ""  # what it is instead of text or a number: a date, true or false, an error

    @property
    def is_empty(self) -> bool:
        return not self.text and not self.formula


@dataclass(frozen=True)
class Row:
    """One row by its number as Excel counts them, or the line of a CSV file where it begins, from 1."""

    number: int
    cells: list[Cell]
    hidden: bool = False
