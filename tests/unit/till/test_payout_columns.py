"""Lists as people make them: names of columns, titles above them, signs that cannot be seen."""

from pathlib import Path

import pytest

from cashier.errors import WrongInput
from tests.unit.till.test_payout_file import PHONE, from_text, said


def test_rows_are_the_same_whatever_cannot_be_seen_in_the_reason(tmp_path: Path) -> None:
    text = "phone,amount,reason\n0788123456,1500,May 2026\n0788123456,1500,\u200bMAY\u00a0 2026\u200e\n"
    found = from_text(tmp_path, text)
    assert said(found, 3) == "The same as row 2: phone, amount and reason."


@pytest.mark.parametrize(
    "phone",
    [
        "\u202a+250788123456\u202c",
        "0788\u2011123\u2011456",
        "0788\u2013123\u2013456",
        "+250\u2009788\u2009123\u2009456",
        "0788\u200b123\u200b456",
        "\ufeff0788123456",
        "0788\u2212123\u2212456",
        "0788\u3000123\u3000456",
        "07\u00ad88123456",
    ],
)
def test_a_phone_is_read_through_invisible_signs_and_dashes(tmp_path: Path, phone: str) -> None:
    found = from_text(tmp_path, f"phone,amount,reason\n{phone},1500\u200e,x\n")
    assert [(row.phone, row.amount) for row in found.good] == [(PHONE, 1500)]


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Country,Telco,Currency,MSISDN,Amount,Description", "RWA,MTN,RWF,{phone},{amount},{reason}"),
        ("Account Name,Account Number,Amount,Nickname,Reason,Number", "A,{phone},{amount},a,{reason},1"),
        ("phone,amount,narration,batch_code,escrow_id", "{phone},{amount},{reason},B1,12"),
        ("N°,Nom,Téléphone,Salaire net,Libellé", "1,A,{phone},{amount},{reason}"),
        ("Numéro,Bénéficiaire,Numéro de téléphone,Montant net,Motif du paiement", "1,A,{phone},{amount},{reason}"),
        ("Izina,Nimero ya telefone,Amafaranga,Impamvu", "A,{phone},{amount},{reason}"),
        ("Name,Mobile Money Number,Net Pay,Payment reference", "A,{phone},{amount},{reason}"),
        ("Beneficiary,Beneficiary phone,Transfer amount,Payer message", "A,{phone},{amount},{reason}"),
        ("Names,Phone Number (MoMo),Net Salary (RWF),Payment details", "A,{phone},{amount},{reason}"),
        ("Nom,Téléphone / Phone,Montant / Amount,Motif / Reason", "A,{phone},{amount},{reason}"),
        ("Amazina,Nimero ya terefoni,Amafaranga yishyurwa,Ibisobanuro", "A,{phone},{amount},{reason}"),
        ("Employee,Gross salary,Net pay RWF,Mobile Money No.,Narration", "A,9000,{amount},{phone},{reason}"),
        ("N° Tél.*,Montant à verser (en FRW)*,Motif du virement*", "{phone},{amount},{reason}"),
        ("Payee,Amount to be paid,Purpose of payment", "{phone},{amount},{reason}"),
        ("Fill in Phone / Amount / Reason,,\nPhone/Amount/Reason,,\nphone,amount,reason", "{phone},{amount},{reason}"),
        ('"Phone\nnumber","Amount\n(RWF)",Reason', "{phone},{amount},{reason}"),
        ("Payroll November 2026,,\n,,\nphone,amount,reason", "{phone},{amount},{reason}"),
        ("Fill in one row for each person; no commas.\n\nphone;amount;reason", "{phone};{amount};{reason}"),
    ],
)
def test_the_names_that_people_give_their_columns(tmp_path: Path, header: str, row: str) -> None:
    line = row.format(phone="0788123456", amount="1500", reason="Salary")
    found = from_text(tmp_path, f"{header}\r\n{line}\r\n{line.replace('456', '457')}\r\n")
    assert [(one.phone, one.amount, one.reason) for one in found.good][:1] == [(PHONE, 1500, "Salary")]
    assert len(found.good) == 2


def test_two_columns_with_equally_good_names_are_refused(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match="Row 1 names two columns for the amount"):
        from_text(tmp_path, "phone,amount,amount due,reason\n0788123456,1500,1600,x\n")


def test_a_cell_of_many_letters_is_named_as_that(tmp_path: Path) -> None:
    with pytest.raises(WrongInput, match=r"A cell in line 2 of list\.csv has more than 131072 letters"):
        from_text(tmp_path, f"phone,amount,reason\n0788123456,1500,{'x' * 140_000}\n")
