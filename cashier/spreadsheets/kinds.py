"""What a file really is, by its content, where it is neither a workbook that can be read nor text with columns."""

from cashier.errors import WrongInput

EXCEL, TEXT = "excel", "text"
_SAVE = "Save it as .xlsx or CSV, then choose it again."
_OPEN = "Open it in Excel and save it as .xlsx or CSV, then choose it again."
_TYPE = "Write the list in Excel, or as CSV, and choose that."
_UNPACK = "Unpack it, then choose the list that is in it."

# What the content begins with, what that is, and what to do.
_BEGINNINGS = (
    (b"%PDF", "a PDF", _TYPE),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)", _TYPE),
    (b"\xff\xd8\xff", "a picture (JPEG)", _TYPE),
    (b"GIF8", "a picture (GIF)", _TYPE),
    (b"II*\x00", "a picture (TIFF)", _TYPE),
    (b"MM\x00*", "a picture (TIFF)", _TYPE),
    (b"{\\rtf", "a text document (.rtf)", _TYPE),
    (b"\x1f\x8b", "a packed file (.gz)", _UNPACK),
    (b"BZh", "a packed file (.bz2)", _UNPACK),
    (b"\xfd7zXZ\x00", "a packed file (.xz)", _UNPACK),
    (b"7z\xbc\xaf\x27\x1c", "a packed file (.7z)", _UNPACK),
    (b"Rar!\x1a\x07", "a packed file (.rar)", _UNPACK),
    (b"SQLite format 3\x00", "a database (SQLite)", _SAVE),
    (b"\x00\x01\x00\x00Standard ", "a database (Access)", _SAVE),
    (b"L\x00\x00\x00\x01\x14\x02\x00", "a shortcut to a file", "Choose the file itself."),
    (b"MZ", "a program", _TYPE),
    (b"\x7fELF", "a program", _TYPE),
    (b"PAR1", "a data file (Parquet)", _SAVE),
    (b"\x09\x08\x10\x00", "an old Excel file (.xls)", _SAVE),
    (b"\x09\x08\x08\x00", "an old Excel file (.xls)", _SAVE),
    (b"\x09\x04\x06\x00", "an old Excel file (.xls)", _SAVE),
    (b"\x09\x02\x06\x00", "an old Excel file (.xls)", _SAVE),
    (b"\x09\x00\x04\x00", "an old Excel file (.xls)", _SAVE),
    (b"\x00\x00\x1a\x00", "a Lotus 1-2-3 file", _SAVE),
    (b"ID;P", "a SYLK file (.slk)", _OPEN),
    (b"TABLE\r\n0,1", "a DIF file (.dif)", _OPEN),
    (b"BEGIN:VCARD", "a list of contacts (vCard)", _TYPE),
)
# What a part of a ZIP file is called, and what the whole then is.
_PARTS = (
    ("xl/workbook.bin", "an Excel binary workbook (.xlsb)", _SAVE),
    ("word/document.xml", "a Word document (.docx)", _TYPE),
    ("ppt/presentation.xml", "a presentation (.pptx)", _TYPE),
    ("Index/Document.iwa", "an Apple document (Numbers or Pages)", "Export it as Excel or CSV, then choose that."),
    ("Index.zip", "an Apple document (Numbers or Pages)", "Export it as Excel or CSV, then choose that."),
)
_MIMES = (
    (b"opendocument.spreadsheet", "an OpenDocument spreadsheet (.ods)", _SAVE),
    (b"opendocument.text", "an OpenDocument text (.odt)", _TYPE),
    (b"opendocument", "an OpenDocument file", _TYPE),
    (b"epub", "a book (.epub)", _TYPE),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = (b"heic", b"heix", b"mif1", b"msf1", b"avif")
_LOOKED_AT = 4_096


def kind_of(name: str, content: bytes) -> str:
    """EXCEL for what begins like a workbook of today, TEXT for what may be CSV.

    Raises WrongInput with the true name of anything else.
    """
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return EXCEL
    if content.startswith(_OLE[:4]):
        raise _ole(name, content)
    for beginning, what, advice in _BEGINNINGS:
        if content.startswith(beginning):
            raise is_a(name, what, advice)
    if b"%PDF-" in content[:1024]:
        raise is_a(name, "a PDF", _TYPE)
    if content.startswith(b"BM") and content[6:10] == b"\x00\x00\x00\x00":
        raise is_a(name, "a picture (BMP)", _TYPE)
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        raise is_a(name, "a picture (WebP)", _TYPE)
    if content[4:8] == b"ftyp":
        what = "a picture (HEIC)" if content[8:12] in _PICTURES else "a film"
        raise is_a(name, what, _TYPE)
    _refuse_markup(name, content[:_LOOKED_AT])
    return TEXT


def of_parts(name: str, parts: set[str], mime: bytes) -> WrongInput:
    """What a ZIP file without an Excel workbook in it is, as the error to raise."""
    for part, what, advice in _PARTS:
        if part in parts:
            return is_a(name, what, advice)
    for said, what, advice in _MIMES:
        if said in mime:
            return is_a(name, what, advice)
    return is_a(name, "a ZIP file", _UNPACK)


def is_a(name: str, what: str, advice: str) -> WrongInput:
    """The error that calls a file by its true name."""
    return WrongInput(f"{name} is {what}.", advice)


def protected(name: str) -> WrongInput:
    """The error for a file behind a password."""
    return WrongInput(
        f"{name} is protected with a password.", "Save it in Excel without the password, then choose it again."
    )


def _ole(name: str, content: bytes) -> WrongInput:
    """What an old Office file is, by the names of the streams inside."""

    def holds(stream: str) -> bool:
        return stream.encode("utf-16-le") in content

    if holds("EncryptedPackage") or holds("EncryptionInfo"):
        return protected(name)
    if holds("WordDocument"):
        return is_a(name, "an old Word document (.doc)", _TYPE)
    if holds("PowerPoint Document"):
        return is_a(name, "an old presentation (.ppt)", _TYPE)
    if holds("__properties_version1.0"):
        return is_a(name, "a message of Outlook (.msg)", _TYPE)
    return is_a(name, "an old Excel file (.xls)", _SAVE)


def _refuse_markup(name: str, beginning: bytes) -> None:
    """A web page or XML that was given another ending, in any of the usual encodings."""
    text = beginning.replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith(b"mime-version:") or (b"mime-version:" in text and b"multipart/related" in text):
        raise is_a(name, "a web page (.mht)", _OPEN)
    if not text.startswith(b"<"):
        return
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text and not text.startswith(b"<html"):
        raise is_a(name, "an Excel 2003 file in XML", _OPEN)
    if any(tag in text for tag in (b"<html", b"<!doctype html", b"<table", b"<body", b"<head", b"<style", b"<meta")):
        raise is_a(name, "a web page (HTML), whatever its name says", _OPEN)
    if b"office:document" in text:
        raise is_a(name, "an OpenDocument file in XML", _OPEN)
    if text.startswith((b"<?xml", b"<!doctype")) or b"xmlns" in text:
        raise is_a(name, "an XML file", _OPEN)
