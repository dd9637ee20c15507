"""Files of payouts: every encoding and separator read, everything malformed explained by its row."""

import time
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from cashier.domain.money import Limits
from cashier.errors import WrongInput
from cashier.till.payout_file import read
from cashier.till.payout_rows import PayoutList, check

LIMITS = Limits(100, 2_000_000)
PHONE = "250788123456"


def checked(path: Path, open_payouts: dict[str, str] | None = None) -> PayoutList:
    return check(read(path), LIMITS, open_payouts or {})


def from_text(folder: Path, text: str, encoding: str = "utf-8", name: str = "list.csv") -> PayoutList:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return checked(path)


def from_cells(folder: Path, *rows: tuple[object, ...]) -> PayoutList:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(list(row))
    path = folder / "list.xlsx"
    book.save(path)
    return checked(path)


def said(found: PayoutList, row: int) -> str:
    return " ".join(next(one for one in found.rows if one.row == row).problems)


GOOD = "Téléphone;Montant;Motif\r\n0788 123 456;1 500;Salaire de février\r\n+250 733-555-201;2000;Été\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    found = from_text(tmp_path, GOOD, encoding)
    assert [(row.row, row.phone, row.amount, row.reason, row.problems) for row in found.rows] == [
        (2, PHONE, 1500, "Salaire de février", ()),
        (3, "250733555201", 2000, "Été", ()),
    ]
    assert found.total == 3500


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_separator_and_end_of_line_is_read(tmp_path: Path, separator: str, end: str) -> None:
    lines = (("reason", "AMOUNT (RWF)", "Phone number"), ("April, week 2", "1500", "0788123456"))
    text = end.join(separator.join(f'"{cell}"' if "," in cell else cell for cell in line) for line in lines)
    found = from_text(tmp_path, text)
    assert [(row.phone, row.amount, row.reason) for row in found.good] == [(PHONE, 1500, "April, week 2")]


def test_a_line_that_names_the_separator_is_understood(tmp_path: Path) -> None:
    assert from_text(tmp_path, "sep=;\nphone;amount;reason\n0788123456;1500;x\n").total == 1500


def test_a_better_name_goes_before_one_that_may_mean_something_else(tmp_path: Path) -> None:
    found = from_text(tmp_path, "number,beneficiary,phone,amount,note,reason\n1,Eric,0788123456,1500,n,Salary\n")
    assert [(row.phone, row.amount, row.reason) for row in found.good] == [(PHONE, 1500, "Salary")]


def test_a_row_is_the_line_where_its_record_begins(tmp_path: Path) -> None:
    found = from_text(tmp_path, '\nphone,amount,reason\n\n0788123456,1500,"two\nlines"\n\n,,\n0788123457,99,x\n')
    assert [row.row for row in found.rows] == [4, 8]
    assert found.rows[0].reason == "two lines"


@pytest.mark.parametrize(
    ("row", "sentence"),
    [
        ("0788123456,1500,", "The reason is missing."),
        ("0788123456,,x", "The amount is missing."),
        (",1500,x", "The phone is missing."),
        ("0788123456", "The amount is missing. The reason is missing."),
        ('0788123456,"1,500",x', "“1,500” can be read in two ways, as 1\u00a0500 or as 1 and a fraction."),
        ("0788123456,1.500,x", "“1.500” can be read in two ways, as 1\u00a0500 or as 1 and a fraction."),
        ("0788123456,1500+300,x", "Write the amount as one number, like 1500."),
        ("0788123456,-500,x", "The amount is below 0."),
        ("0788123456,0,x", "The amount must be more than 0."),
        ("0788123456,١٥٠٠,x", "Write the amount in digits, like 1500 or 1 500."),
        ("0788123456,1500 RWF,x", "Write the amount in digits, like 1500 or 1 500."),
        ("0788123456,99,x", "The smallest amount is 100\u00a0RWF."),
        ("0788123456,2000001,x", "The largest amount is 2\u00a0000\u00a0000\u00a0RWF."),
        ("0788123456,1.5E+06,x", "1.5E+06 is a shortened number. Write all its digits."),
        ("2.50788E+11,1500,x", "2.50788E+11 is a shortened number: digits are lost."),
        ("078812345,1500,x", "“078812345” is not a Rwandan mobile number. Write it like 0788 123 456."),
        ("0788123456 0733555201,1500,x", "There are several phone numbers here. Leave only one."),
        ('"=""0788123456""",1500,x', 'The phone is a formula, “="0788123456"”. Write the number itself.'),
        ("0788123456,=B1*2,x", "The amount is a formula, “=B1*2”. Write the number itself."),
        ("0788123456,1500,=A1", "The reason is a formula, “=A1”. Write the text itself."),
        (f"0788123456,1500,{'x' * 101}", "The reason has 101 letters. Keep it under 101."),
        ("0788123456,1500,a\x07b", "The reason has letters that cannot be read."),
        ("0788123456,1500,x,y", "“y” stands beyond the last named column."),
        ("0788123456,150,000,x", "“x” stands beyond the last named column. Write the amount without comma, or put"),
        ("0788123456,1500.00,x", "“1500.00” has decimals. Write 1500."),
        ('0788123456,"1500,00",x', "“1500,00” has decimals. Write 1500."),
        ("0788123456,1500.0,x", "“1500.0” has decimals. Write 1500."),
        ("0788123456,12 500.00,x", "“12 500.00” has decimals. Write 12500."),
        ('0788123456,"1,500.00",x', "“1,500.00” has decimals. Write 1500."),
        (
            '0788123456,"1,500.50",x',
            "“1,500.50” has centimes, and there are no centimes. Write a whole number of francs.",
        ),
        ("0788123456,1500.5,x", "“1500.5” has centimes, and there are no centimes. Write a whole number of francs."),
        ("0788123456,150.000,x", "“150.000” can be read in two ways, as 150\u00a0000 or as 150 and a fraction."),
        (
            '0788123456,"1,500,000",x',
            "“1,500,000” has marks between its figures. Write 1500000 without comma or point.",
        ),
        ("0788123456,1.5000,x", "“1.5000” is not an amount. Write it in digits, like 1500."),
        ('0788123456,"15,00,00",x', "“15,00,00” has centimes"),
        ("0788123456,.50,x", "“.50” is not an amount."),
        ('0788123456,"1.500,abc",x', "“1.500,abc” is not an amount."),
    ],
)
def test_what_is_wrong_is_explained_by_row(tmp_path: Path, row: str, sentence: str) -> None:
    found = from_text(tmp_path, f"phone,amount,reason\n0733555201,700,fine\n{row}\n")
    assert said(found, 3).startswith(sentence)
    assert [one.row for one in found.good] == [2]
    assert found.total == 700


def test_a_row_twice_is_bad_and_names_the_first(tmp_path: Path) -> None:
    text = "phone,amount,reason\n0788123456,1500,May\n0788123456,1500,June\n+250788123456,1 500,  MAY \n"
    found = from_text(tmp_path, text)
    assert said(found, 4) == "The same as row 2: phone, amount and reason."
    assert [row.row for row in found.good] == [2, 3]


def test_an_open_payout_locks_its_phone(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text("phone,amount,reason\n0788123456,1500,x\n0733555201,500,x\n")
    found = checked(path, {PHONE: "T1-000007"})
    assert said(found, 2) == "A payout to this phone is still open: T1-000007. Wait for its end."
    assert found.total == 500


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "list.csv is empty."),
        (b" \r\n\r\n", "list.csv is empty."),
        (b"phone,amount\n0788123456,1500\n", "Row 1 names no column for the reason."),
        (b"0788123456,1500,x\n", "Row 1 names no column for the phone, the amount and the reason."),
        (b"phone,tel,amount,reason\n", "Row 1 names two columns for the phone."),
        (b"phone,amount,reason\n", "There is no row under the names in row 1."),
        (b'phone,amount,reason\n0788123456,1500,"open\n0733555201,500,x\n', "The quotes in line 2 of list.csv do not"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "list.csv is an old Excel file (.xls)."),
        (b"PK\x03\x04 no workbook", "list.csv cannot be read as an Excel file."),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\x81\x8d", "list.csv is a picture (PNG)."),
        (b"phone\x81\x8d", "list.csv is no text that can be read."),
    ],
)
def test_a_file_that_is_no_list_is_explained(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(content)
    with pytest.raises(WrongInput) as refused:
        checked(path)
    assert refused.value.sentence.startswith(sentence)


def test_a_file_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"nothing\.csv cannot be read: No such file"):
        read(tmp_path / "nothing.csv")


def test_what_excel_stored_as_numbers_is_read(tmp_path: Path) -> None:
    found = from_cells(
        tmp_path,
        ("Motif", "Numéro", "Montant"),
        ("lost its 0", 788123456, 1500),
        ("whole", 250788123457, 1500.0),
        ("text", "0788 123 458", "1 500"),
    )
    assert [(row.phone, row.amount) for row in found.rows] == [
        (PHONE, 1500),
        ("250788123457", 1500),
        ("250788123458", 1500),
    ]
    assert all(row.is_good for row in found.rows)


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ((788123456, 1500.5, "x"), "1500.5 is no whole number of francs."),
        ((2.5e11, 1500, "x"), "“250000000000” is not a Rwandan mobile number."),
        (("=A1", 1500, "x"), "The phone is a formula, “=A1”."),
        ((788123456, "=SUM(B1:B2)", "x"), "The amount is a formula, “=SUM(B1:B2)”."),
        ((788123456, date(2026, 3, 1), "x"), "The amount is a date. Write it in digits, like 1500."),
        ((788123456, True, "x"), "The amount is true or false."),
        ((788123456, None, "x"), "The amount is missing."),
        ((788123456, 1500, 5), "Excel made the reason a number. Make the column text and type the reason again."),
        ((788123456, 1500, date(2026, 11, 1)), "Excel made the reason a date."),
        ((788123456, 1500, "#N/A"), "Excel made the reason an error."),
        ((788123456, 1500, "x", "beyond"), "“beyond” stands beyond the last named column."),
        ((*[788123456, 1500, "x"], *[None] * 60, "far"), "“far” stands beyond the last named column."),
    ],
)
def test_cells_of_excel_are_explained(tmp_path: Path, cells: tuple[object, ...], sentence: str) -> None:
    found = from_cells(tmp_path, ("phone", "amount", "reason"), cells)
    assert said(found, 2).startswith(sentence)
    assert not found.good


def test_the_same_rows_have_one_hash_in_any_file_and_order(tmp_path: Path) -> None:
    one = from_text(tmp_path, "phone,amount,reason\n0788123456,1500,May\n0733555201,700,May\n")
    other = from_text(tmp_path, "motif;tel;montant\nmay;0733 555 201;700\nMay;+250788123456;1 500\n", name="b.csv")
    more = from_text(tmp_path, "phone,amount,reason\n0788123456,1500,May\n0733555201,701,May\n", name="c.csv")
    assert one.content_hash != other.content_hash
    assert one.rows_hash == other.rows_hash != more.rows_hash


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_ten_thousand_rows_are_read_soon(tmp_path: Path, kind: str) -> None:
    rows = [(f"078{number:07d}", 1000 + number, f"Salary {number}") for number in range(10_000)]
    began = time.process_time()
    if kind == "csv":
        text = "phone,amount,reason\n" + "\n".join(",".join(map(str, row)) for row in rows)
        found = from_text(tmp_path, text)
    else:
        found = from_cells(tmp_path, ("phone", "amount", "reason"), *rows)
    assert len(found.good) == 10_000
    assert time.process_time() - began < 12  # 0.3 s and 3 s here, most of the second to write the file
