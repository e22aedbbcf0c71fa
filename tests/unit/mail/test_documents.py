"""Text out of attachments: by content and not by name, damaged files told, archives left alone."""

import io
import zipfile

import pytest
from docx import Document

from consultant.mail.documents import MAX_TEXT, DocumentKind, kind_of, text_of
from tests.builders import pdf


def word(table: bool = False) -> bytes:
    document = Document()
    document.add_paragraph("Excision, chin, 0.8 cm.")
    if table:
        rows = document.add_table(rows=1, cols=2).rows
        rows[0].cells[0].text, rows[0].cells[1].text = "Lesion A", "1.2 cm"
    document.add_paragraph("Closed in layers.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("note.txt", "Excision")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (pdf("x"), DocumentKind.PDF),
        (b"\r\n\r\n" + pdf("x"), DocumentKind.PDF),
        (word(), DocumentKind.WORD),
        (archive(), DocumentKind.ARCHIVE),
        (b"\x89PNG\r\n\x1a\n\0\0", DocumentKind.IMAGE),
        (b"RIFF\0\0\0\0WEBPVP8 ", DocumentKind.IMAGE),
        (b"<html><body>11441</body></html>", DocumentKind.HTML),
        ("Ränder 0,2 cm".encode("utf-16"), DocumentKind.TEXT),
        (b"site,size\nchin,0.4\n", DocumentKind.TEXT),
        (b"\0\1\2\3", DocumentKind.OTHER),
        (b"", DocumentKind.TEXT),
    ],
)
def test_the_kind_is_what_the_bytes_say(content: bytes, kind: DocumentKind) -> None:
    assert kind_of(content) is kind


def test_lines_of_a_pdf_keep_their_columns() -> None:
    """Glued cells would make other codes of them."""
    read = text_of(pdf("OPERATIVE NOTE", "99213   25   1"))
    assert [line.split() for line in read.text.splitlines() if line.strip()] == [
        ["OPERATIVE", "NOTE"],
        ["99213", "25", "1"],
    ]
    assert read.note == ""


def test_tables_of_a_word_file_stand_in_their_place() -> None:
    assert text_of(word(table=True)).text.splitlines() == [
        "Excision, chin, 0.8 cm.",
        "Lesion A\t1.2 cm",
        "Closed in layers.",
    ]


def test_an_archive_is_not_opened() -> None:
    read = text_of(archive())
    assert (read.text, read.note) == ("", "was not unpacked.")


@pytest.mark.parametrize("content", [b"%PDF-1.4\nrubbish", word()[:300] + word()[320:]])
def test_a_damaged_file_says_so(content: bytes) -> None:
    read = text_of(content)
    assert read.text == ""
    assert "no text was read" in read.note


def test_a_pdf_of_pictures_says_that_it_has_to_be_read_by_eye() -> None:
    assert "read by eye" in text_of(pdf()).note


def test_a_long_file_is_cut_and_says_so() -> None:
    read = text_of(b"line\n" * MAX_TEXT)
    assert len(read.text) == MAX_TEXT
    assert "first 100,000 characters" in read.note
