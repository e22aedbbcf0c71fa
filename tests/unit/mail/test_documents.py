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


def test_a_page_without_text_is_named_and_the_others_are_read() -> None:
    """Half a scan is no whole text, and the reviewer is told which page to look at."""
    read = text_of(pdf(pages=(("OPERATIVE NOTE",), (), ("Signed",))))
    assert read.text.split() == ["OPERATIVE", "NOTE", "Signed"]
    assert (read.pictures, read.note) == ((1,), "holds pages without text (2); read them by eye.")


def test_an_rtf_file_is_read() -> None:
    read = text_of(rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\f0 Chin, 0.8 cm\'96benign.\par Layered.}")
    assert (read.kind, read.text) == (DocumentKind.RTF, "Chin, 0.8 cm–benign.\nLayered.")


def test_an_invitation_is_read_as_a_person_would() -> None:
    """Promise what, where and the words to it, folded lines joined (RFC 5545, 3.1), and no machine's fields."""
    entry = (
        b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1@x.example\r\nDESCRIPTION;LANGUAGE=en:Is 110\r\n"
        b" 43 right\\, to fascia?\\nThanks\r\nSUMMARY:Audit\r\nLOCATION:Room 4\r\n"
        b"BEGIN:VALARM\r\nDESCRIPTION:Reminder\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    read = text_of(entry)
    assert (read.kind, read.text) == (DocumentKind.CALENDAR, "Audit\nRoom 4\nIs 11043 right, to fascia?\nThanks")


def test_a_long_file_is_cut_and_says_so() -> None:
    read = text_of(b"line\n" * MAX_TEXT)
    assert len(read.text) == MAX_TEXT
    assert "first 100,000 characters" in read.note
