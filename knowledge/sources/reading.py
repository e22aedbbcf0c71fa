"""What every reader of an official file shares: the file as published, how it is refused, and the report.

A published file is a text, a workbook, a gzip of either, or a zip with several members, some of which may be zips with
members of their own. Readers look at members: they recognise their format by content, say which edition a member is,
and yield typed rows. A single row that does not hold is refused with its line and left out; a member that is not what
it claims is refused whole with `SourceRefused`, and nothing of it is taken.
"""

import gzip
import hashlib
import io
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import IO, TypeVar, cast

from knowledge.sources.rows import Kind, Setting

_T = TypeVar("_T")
_HEAD = 65_536
_LARGEST = 2_000_000_000
"""Bytes of a member once unpacked; no published file comes near it, and a zip bomb passes it."""
_LARGEST_NESTED = 400_000_000
"""Bytes of a zip in a zip, which is held in memory while its members are read; CMS's largest has some 40 million."""
_DEEPEST = 3
"""How many zips may lie in each other: `current_lcd_csv.zip` lies in `current_lcd.zip`, and that in `all_data.zip`."""
_DAMAGE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError)
"""What the standard library raises for a zip that is damaged, encrypted, or packed by a method it does not know."""
_MOST_NAMED = 100
"""How many refused rows a report names; it counts them all."""


class SourceRefused(ValueError):
    """A file is not what it claims: says where, what was expected, and what was seen."""

    def __init__(self, name: str, expected: str, seen: str, line: int | None = None) -> None:
        where = f"{name} line {line}" if line else name
        super().__init__(f"{where}: {expected} was expected, and {seen} was seen; nothing of the file was taken.")


@dataclass(frozen=True, slots=True)
class Member:
    """One file to read: by itself, or a member of a zip."""

    path: Path
    inner: str | None = None
    """Its name in the zip, None for a file by itself; in a zip in the zip `current_lcd_csv.zip/lcd.csv`."""

    @property
    def name(self) -> str:
        """Its own name, without folders and without `.gz`."""
        return (Path(self.inner).name if self.inner else self.path.name).removesuffix(".gz")

    @property
    def names(self) -> tuple[str, ...]:
        """Its own name and those of the zips around it, nearest first: publishers put editions into any of them."""
        if self.inner is None:
            return (self.name,)
        around = [part for part in Path(self.inner).parts[:-1] if _is_zip(part)]
        return (self.name, *reversed(around), self.path.name)

    @property
    def place(self) -> str:
        """How a person finds it: `rvu25d.zip: PPRRVU2025_Oct.csv`."""
        return f"{self.path.name}: {self.inner}" if self.inner else self.path.name

    def open(self) -> IO[bytes]:
        """Open it for reading, unpacked; raise `SourceRefused` where the zip is damaged."""
        try:
            if self.inner is not None:
                return self._open_inner(self.inner)
            if self.path.name.endswith(".gz"):
                return cast("IO[bytes]", gzip.open(self.path, "rb"))
            return self.path.open("rb")
        except (*_DAMAGE, KeyError) as error:
            raise SourceRefused(self.place, "a whole zip file", f"a damaged one ({error})") from error

    def _open_inner(self, inner: str) -> IO[bytes]:
        with zipfile.ZipFile(self.path) as book:
            # A folder may be called so too, hence the name is first looked up as it stands.
            if inner in book.namelist():
                return _opened(book, inner, self.place)
        *zips, name = _steps(inner)
        return _opened(_nested(self.path, tuple(zips)), name, self.place)

    def head(self) -> bytes:
        """Return its first bytes."""
        with self.open() as file:
            return self.guarded(lambda: file.read(_HEAD))

    def content(self) -> bytes:
        """Return all of it, for formats that are read at once (workbooks, XML)."""
        with self.open() as file:
            return self.guarded(file.read)

    def lines(self, encoding: str = "latin-1") -> Iterator[str]:
        """Yield its lines without their ends; CMS files are Latin-1 unless their format says otherwise."""
        with self.open() as raw, io.TextIOWrapper(raw, encoding=encoding, newline=None) as file:
            while True:
                line = self.guarded(file.readline)
                if not line:
                    return
                yield line.rstrip("\n")

    def guarded(self, read: Callable[[], _T]) -> _T:
        """Read, and say what is wrong with a file that ends too early or holds another encoding."""
        try:
            return read()
        except (EOFError, zipfile.BadZipFile, zlib.error, gzip.BadGzipFile) as error:
            raise SourceRefused(self.place, "a whole file", f"one that is cut off or damaged ({error})") from error
        except UnicodeDecodeError as error:
            raise SourceRefused(self.place, f"text in {error.encoding}", "bytes that are none") from error


def members(path: Path) -> tuple[Member, ...]:
    """Return what a published file holds, also in zips within it.

    Raises `SourceRefused` for a zip that is damaged, `OSError` where there is no file.
    """
    with path.open("rb") as file:
        start = file.read(4)
    # A workbook is a zip too; it is one member, by its content types.
    if start[:2] != b"PK":
        return (Member(path),)
    try:
        with zipfile.ZipFile(path) as book:
            if "[Content_Types].xml" in book.namelist():
                return (Member(path),)
            return tuple(Member(path, name) for name in _listed(path, book, ()))
    except _DAMAGE as error:
        raise SourceRefused(path.name, "a whole zip file", f"a damaged or truncated one ({error})") from error


def _listed(path: Path, book: zipfile.ZipFile, zips: tuple[str, ...]) -> Iterator[str]:
    """Yield the names of a zip's members, and of those of the zips in it, with the way to them."""
    for entry in book.infolist():
        inside = (*zips, entry.filename)
        if entry.is_dir():
            continue
        if _is_zip(entry.filename) and len(inside) < _DEEPEST:
            yield from _listed(path, _nested(path, inside), inside)
        else:
            yield "/".join(inside)


def _is_zip(name: str) -> bool:
    return name.lower().endswith(".zip")


def _steps(inner: str) -> list[str]:
    """Split the way to a member after every zip on it, as `_listed` joined it."""
    return re.split(r"(?<=\.zip)/", inner, flags=re.IGNORECASE)


def _opened(book: zipfile.ZipFile, name: str, place: str) -> IO[bytes]:
    if book.getinfo(name).file_size > _LARGEST:
        raise SourceRefused(place, f"a file of at most {_LARGEST:,} bytes", "a larger one")
    return book.open(name)


def _nested(path: Path, zips: tuple[str, ...]) -> zipfile.ZipFile:
    """Return a zip that lies in zips; it stays in memory for the next of its members, until another is opened."""
    status = path.stat()
    return _unpacked(path, (status.st_mtime_ns, status.st_size), zips)


@lru_cache(maxsize=1)
def _unpacked(path: Path, _stamp: tuple[int, int], zips: tuple[str, ...]) -> zipfile.ZipFile:
    # To seek in a packed member costs a pass over it, and a zip is read from its end; hence it is unpacked once.
    outer: Path | io.BytesIO = path
    for name in zips:
        with zipfile.ZipFile(outer) as book:
            size = book.getinfo(name).file_size
            if size > _LARGEST_NESTED:
                raise SourceRefused(
                    f"{path.name}: {name}", f"a zip of at most {_LARGEST_NESTED:,} bytes", f"one of {size:,}"
                )
            outer = io.BytesIO(book.read(name))
    return zipfile.ZipFile(outer)


@dataclass(frozen=True, slots=True)
class Edition:
    """Which release of a file a member is."""

    name: str
    """As CMS names it: 2026Q3 (v32.2); PPRRVU2025_Oct."""
    effective: date | None
    """First date of service that it holds for."""
    ended: date | None
    setting: Setting | None = None
    """Of NCCI files: whose claims the edits are for."""
    part: tuple[int, int] | None = None
    """(number, of how many), where one edition is published in several files."""


@dataclass
class Reading:
    """What came of reading one member; the rows are counted as they pass."""

    kind: Kind
    edition: Edition
    place: str
    sha256: str
    """Of the member's bytes, unpacked."""
    licensed: bool = False
    """Whether the official descriptors of CPT and dental codes are kept; they are the property of others."""
    read: int = 0
    """Rows seen, without headers and notices."""
    kept: int = 0
    refused_count: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)
    """(line or row number in the file, from 1; why), the first hundred."""

    def refuse(self, line: int, reason: str) -> None:
        """Leave a row out, and say so."""
        self.refused_count += 1
        if len(self.refused) < _MOST_NAMED:
            self.refused.append((line, reason))


@dataclass(frozen=True, slots=True)
class Format:
    """One official format. The readers of all of them stand in `knowledge.sources.formats`."""

    kind: Kind
    title: str
    """As a person calls it: NCCI PTP edits."""
    expects: str
    """What a file of this format looks like, for refusals."""
    recognises: Callable[[Member], bool]
    """By content alone, from `Member.head` as a rule; must be cheap and must not raise on a stranger's file."""
    edition: Callable[[Member], Edition]
    """From the file's content or its names; raises `SourceRefused` where it cannot be told."""
    rows: Callable[[Member, Reading], Iterator[tuple[object, ...]]]
    """Yield typed rows, counting `read` and refusing rows in the reading; raises `SourceRefused` for the whole."""


def digest(member: Member) -> str:
    """Return the SHA-256 of a member's bytes, unpacked, in hexadecimal."""
    with member.open() as file:
        # Any binary reader will do, whatever the type says.
        return member.guarded(lambda: hashlib.file_digest(file, "sha256").hexdigest())  # type: ignore[arg-type]
