"""A file that cannot be read is called by its true name, whatever its own name says."""

import io
import os
import socket
import zipfile
from pathlib import Path

import pytest

from cashier.errors import WrongInput
from cashier.till.payout_file import read


def packed(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, content in parts:
            file.writestr(name, content)
    return out.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SPREADSHEET = b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'


@pytest.mark.parametrize(
    ("content", "called"),
    [
        (OLE + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
        (OLE + "Workbook".encode("utf-16-le"), "an old Excel file (.xls)"),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00", "an old Excel file (.xls)"),
        (OLE + "WordDocument".encode("utf-16-le"), "an old Word document (.doc)"),
        (packed(("[Content_Types].xml", b""), ("xl/workbook.bin", b"")), "an Excel binary workbook (.xlsb)"),
        (
            packed(("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"")),
            "an OpenDocument spreadsheet (.ods)",
        ),
        (packed(("mimetype", b"application/vnd.oasis.opendocument.text")), "an OpenDocument text (.odt)"),
        (packed(("Index/Document.iwa", b"")), "an Apple document (Numbers or Pages)"),
        (packed(("word/document.xml", b"")), "a Word document (.docx)"),
        (packed(("ppt/presentation.xml", b"")), "a presentation (.pptx)"),
        (packed(("november/list.csv", b"phone,amount,reason")), "a ZIP file"),
        (packed(), "a ZIP file"),
        (b"%PDF-1.7\n", "a PDF"),
        (b"\n\n%PDF-1.4", "a PDF"),
        (b"\x89PNG\r\n\x1a\n\x00", "a picture (PNG)"),
        (b"\xff\xd8\xff\xe0\x00", "a picture (JPEG)"),
        (b"GIF89a", "a picture (GIF)"),
        (b"RIFF\x00\x00\x00\x00WEBPVP8 ", "a picture (WebP)"),
        (b"\x00\x00\x00\x18ftypheic", "a picture (HEIC)"),
        (b"{\\rtf1", "a text document (.rtf)"),
        (b"\x1f\x8b\x08", "a packed file (.gz)"),
        (b"7z\xbc\xaf\x27\x1c", "a packed file (.7z)"),
        (b"Rar!\x1a\x07\x00", "a packed file (.rar)"),
        (b"SQLite format 3\x00", "a database (SQLite)"),
        (b"<html><body><table>", "a web page (HTML), whatever its name says"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE html>", "a web page (HTML), whatever its name says"),
        ("\ufeff<table><tr>".encode("utf-16-le"), "a web page (HTML), whatever its name says"),
        (b'<html xmlns:x="urn:schemas-microsoft-com:office:excel">', "a web page (HTML), whatever its name says"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "a web page (.mht)"),
        (SPREADSHEET, "an Excel 2003 file in XML"),
        (b'<?xml version="1.0"?><a/>', "an XML file"),
        (b"ID;PWXL;N;E", "a SYLK file (.slk)"),
    ],
)
@pytest.mark.parametrize("ending", ["xlsx", "csv", "xls"])
def test_each_kind_is_called_by_its_true_name(tmp_path: Path, content: bytes, called: str, ending: str) -> None:
    path = tmp_path / f"list.{ending}"
    path.write_bytes(content)
    with pytest.raises(WrongInput) as refused:
        read(path)
    assert refused.value.sentence == f"list.{ending} is {called}."
    assert refused.value.advice


def test_a_locked_part_is_protected(tmp_path: Path) -> None:
    content = bytearray(packed(("xl/workbook.xml", b"<workbook/>")))
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(sign) + place] |= 1
    (tmp_path / "list.xlsx").write_bytes(content)
    with pytest.raises(WrongInput, match="protected with a password"):
        read(tmp_path / "list.xlsx")


def test_a_cut_workbook_is_damaged(tmp_path: Path) -> None:
    whole = packed(("xl/workbook.xml", b"<workbook/>"), ("other", bytes(1000)))
    (tmp_path / "list.xlsx").write_bytes(whole[: len(whole) // 2])
    with pytest.raises(WrongInput, match="It is damaged or not complete"):
        read(tmp_path / "list.xlsx")


def test_what_is_no_file_is_refused_before_its_first_byte(tmp_path: Path) -> None:
    pipe, folder, link = tmp_path / "pipe.csv", tmp_path / "folder.csv", tmp_path / "zero.csv"
    os.mkfifo(pipe)
    folder.mkdir()
    link.symlink_to("/dev/zero")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s.csv"))
        for path, what in (
            (pipe, "a pipe"),
            (folder, "a folder"),
            (link, "a device"),
            (tmp_path / "s.csv", "a socket"),
        ):
            with pytest.raises(WrongInput, match=f"is {what}, not a file"):
                read(path)


def test_a_name_that_no_file_can_have_is_explained() -> None:
    with pytest.raises(WrongInput, match="cannot be read"):
        read(Path("a\x00b.csv"))
