"""Attachments that unpack to far more than they are: the limited child reads what it may of them, or falls alone."""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator

import pytest

from consultant.gateways.child import ChildReader
from consultant.mail.documents import DocumentKind
from tests.builders import pdf


@pytest.fixture(scope="module")
def reader() -> Iterator[ChildReader]:
    reader = ChildReader()
    yield reader
    reader.close()


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/"), content)
    return out.getvalue()


def word(document: bytes, **more: bytes) -> bytes:
    kinds = (
        b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        b'<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        b'<Override PartName="/word/document.xml" ContentType='
        b'"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
    )
    relations = (
        b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r"'
        b' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
        b' Target="word/document.xml"/></Relationships>'
    )
    files = {"[Content_Types].xml": kinds, "_rels/.rels": relations, "word/document.xml": document}
    return zipped(**files, **more)


def body(inner: bytes) -> bytes:
    space = b"http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return b'<w:document xmlns:w="' + space + b'"><w:body>' + inner + b"</w:body></w:document>"


ENTITIES = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%b">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
    + b"]>"
)


def streamed(size: int) -> bytes:
    """A PDF whose page unpacks to so many bytes."""
    packed = zlib.compress(b"(A) Tj " * (size // 7), 9)
    stream = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%b\nendstream" % (len(packed), packed)
    page = pdf("MARK")
    start = page.index(b"<< /Length")
    return page[:start] + stream + page[page.index(b"endstream") + 9 :]


DOCUMENTS: dict[str, tuple[Callable[[], bytes], DocumentKind]] = {
    "zip bomb": (lambda: zipped(zeros=bytes(100_000_000)), DocumentKind.ARCHIVE),
    "zip in zip": (lambda: zipped(inner=zipped(inner=zipped(zeros=bytes(50_000_000)))), DocumentKind.ARCHIVE),
    "gzip bomb": (lambda: b"\x1f\x8b" + zlib.compress(bytes(50_000_000)), DocumentKind.ARCHIVE),
    "Word file of 100 MB": (lambda: word(body(b"<w:p/>" * 16_000_000)), DocumentKind.WORD),
    "Word file of entities": (
        lambda: word(ENTITIES + body(b"<w:p><w:r><w:t>&j;</w:t></w:r></w:p>")),
        DocumentKind.WORD,
    ),
    "Word file of depth": (lambda: word(body(b"<w:p>" * 100_000)), DocumentKind.WORD),
    "Word file with a bomb beside": (
        lambda: word(body(b"<w:p/>"), word__media__image1=bytes(200_000_000)),
        DocumentKind.WORD,
    ),
    "PDF of one huge stream": (lambda: streamed(300_000_000), DocumentKind.PDF),
    "PDF that points at itself": (lambda: pdf("x").replace(b"/Kids [3 0 R]", b"/Kids [2 0 R]"), DocumentKind.PDF),
    "PDF of open brackets": (lambda: b"%PDF-1.4\n" + b"[<<" * 400_000, DocumentKind.PDF),
    "PDF without an end": (lambda: pdf("x")[:300] + b"\n%%EOF" * 100_000, DocumentKind.PDF),
}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_hostile_attachment_gives_no_more_text_than_one_may(reader: ChildReader, name: str) -> None:
    """Promise what it is and at most its text; the next letter is read."""
    make, kind = DOCUMENTS[name]
    found = reader.text(make())
    assert found.kind is kind
    assert len(found.text) <= 100_000
    assert found.note or found.text or "Word" in name
    assert reader(b"Subject: Is it 11441?\r\n\r\nHello").subject == "Is it 11441?"
