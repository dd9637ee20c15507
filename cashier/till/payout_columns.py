"""Which row of a file names the columns, and which column holds what, in English, French and Kinyarwanda. Pure."""

import re
import unicodedata
from collections.abc import Iterable

from cashier.errors import WrongInput
from cashier.till.payout_file import Cell

# A title, guidance and blank rows may stand above the names.
_MOST_ABOVE = 20
# The names of each column, the surest first: a later line counts only where no column has a name of an earlier one.
_NAMES = {
    "phone": (
        "phone telephone tel mobile msisdn gsm cell cellphone phonenumber telephonenumber mobilenumber cellnumber"
        " numerodetelephone numerotelephone numerodutelephone nodetelephone notelephone notel telno telnumber phoneno"
        " mobileno mobilephone mobilephoneno mobilephonenumber telephonemobile telephoneportable numeroportable"
        " portable"
        " telefone telefoni nimeroyatelefone nimeroyatelefoni numeroyatelefone numeroyatelefoni nomeroyatelefone"
        " receiverphone recipientphone beneficiaryphone beneficiaryphonenumber beneficiarymobile beneficiarymsisdn"
        " receivermsisdn recipientmsisdn customerphone employeephone payeephone telephonedubeneficiaire"
        " terefone terefoni nimeroyaterefone nimeroyaterefoni numeroyaterefone numeroyaterefoni nomeroyaterefone"
        " nomeroyaterefoni nomeroyatelefoni notel numerodetel telportable phonenr mobilenr cellno telephoneno"
        " telephonenr msisdnnumber payeemsisdn customermsisdn receiverphonenumber recipientphonenumber"
        " payeephonenumber customerphonenumber employeephonenumber contacttelephonique recipientmobile"
        " receivermobile numerodetelephonedubeneficiaire momophone momophonenumber mobilemoneyphone"
        " mobilemoneyphonenumber",
        "momo momonumber momono numeromomo mobilemoney mobilemoneynumber numeromobilemoney walletnumber walletid wallet"
        " numerodubeneficiaire numerobeneficiaire whatsapp contactnumber contactphone accountnumber accountno"
        " nomomo numerodemomo momoaccount momoaccountnumber mobilewallet mobilemoneyaccount mobilemoneyno"
        " beneficiarynumber receivernumber recipientnumber payeenumber creditparty"
        " numerodecompte numerocompte",
        "receiver recipient beneficiary beneficiaire destinataire uwakira uwishyurwa payee creditaccount contact"
        " account compte konti",
        "number numero nimero nomero",
    ),
    "amount": (
        "amount montant somme rwf frw amountrwf montantrwf amountfrw montantfrw amountinrwf montantenrwf amafaranga"
        " umubarewamafaranga paymentamount transferamount payoutamount amounttopay amountpayable amountdue"
        " montantapayer amounttobepaid payableamount amounttosend amounttotransfer montantaverser montantatransferer"
        " montantavirer montantdupaiement amafarangayishyurwa ayishyurwa",
        "netpay netsalary netamount salairenet netapayer montantnet umushahara ingano netpayable takehome takehomepay"
        " netaverser salairenetapayer totalpay totaltopay totalapayer",
        "salary salaire pay net paiement total totalamount value valeur sum price prix igiciro agaciro",
    ),
    "reason": (
        "reason motif raison purpose objet impamvu paymentreason reasonforpayment payoutreason motifdupaiement"
        " objetdupaiement raisondupaiement impamvuyokwishyura"
        " motifdepaiement motifdutransfert motifduvirement motifdeversement purposeofpayment paymentpurpose"
        " transferreason reasonfortransfer impamvuyubwishyu",
        "description descriptif libelle narration narrative paymentdescription intitule icyishyuwe payeenote payernote"
        " payermessage memo ibisobanuro ubusobanuro paymentdetails paymentnarration transactiondescription"
        " transactionnarration paymentnote transfernote",
        "reference ref paymentreference transactionreference note notes comment comments commentaire commentaires"
        " remark remarks remarque details detail message communication designation externalid"
        " nature nb inyandiko",
    ),
}
_KNOWN = {name: column for column, surest_first in _NAMES.items() for known in surest_first for name in known.split()}
_IN_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_CURRENCY = re.compile(r"(?:in|en)?(?:rwf|frw|francs?)$")
_WORDS = {"phone": "the phone", "amount": "the amount", "reason": "the reason"}
Rows = list[tuple[int, list[Cell]]]


def find_header(rows: Rows) -> tuple[int, list[Cell], dict[str, int], Rows]:
    """The number and cells of the row that names the columns, the column of each thing, and the rows under it.

    Raises WrongInput where none of the first rows names them, or one names two columns for the same.
    """
    if rows and rows[0][1] and rows[0][1][0].text.lower().startswith("sep=") and len(rows) > 1:
        rows = rows[1:]
    best: tuple[int, int] = (0, 0)
    for place, (number, cells) in enumerate(rows[:_MOST_ABOVE]):
        found = _columns(number, cells)
        if len(found) == len(_NAMES):
            return number, cells, found, rows[place + 1 :]
        best = max(best, (len(found), -place))
    number, cells = rows[-best[1]]
    found = _columns(number, cells)
    missing = [_WORDS[column] for column in _NAMES if column not in found]
    raise WrongInput(
        f"Row {number} names no column for {_listed(missing)}.",
        "One row names the columns: phone, amount, reason (or téléphone, montant, motif), in any order.",
    )


def _columns(number: int, header: list[Cell]) -> dict[str, int]:
    names = [_written(cell.text) for cell in header]
    places: dict[str, int] = {}
    ambiguous = ""
    for column, surest_first in _NAMES.items():
        found: list[int] = []
        for known in surest_first:
            found = found or _named(names, known.split())
        if len(found) > 1:
            ambiguous = ambiguous or _WORDS[column]
        if found:
            places[column] = found[0]
    if ambiguous and len(places) == len(_NAMES):
        raise WrongInput(f"Row {number} names two columns for {ambiguous}.", "Keep one of them.")
    return places


def _named(names: list[list[str]], wanted: list[str]) -> list[int]:
    return [place for place, written in enumerate(names) if any(name in wanted for name in written)]


def _written(text: str) -> list[str]:
    """The name in the forms in which it may be known: whole, or where that is not known without what explains it.

    `Net pay (RWF)` is `netpay`, `Phone / Téléphone` is `phone`.
    """
    whole = _bare(text)
    if whole in _KNOWN:
        return [whole]
    without = _bare(_IN_BRACKETS.sub("", text))
    parts = [without, _CURRENCY.sub("", whole), _CURRENCY.sub("", without)]
    parts += [_bare(_IN_BRACKETS.sub("", part)) for part in re.split(r"[/|\n]", text)]
    # Guidance like `Phone / Amount / Reason` in one cell names no column.
    return parts if len({_KNOWN[part] for part in parts if part in _KNOWN}) == 1 else []


def _bare(text: str) -> str:
    """`N° de téléphone :` as `nodetelephone`, so that names are known however they are written."""
    plain = unicodedata.normalize("NFKD", text.replace("°", "o")).casefold()
    return "".join(letter for letter in plain if letter.isalnum())


def _listed(words: Iterable[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last
