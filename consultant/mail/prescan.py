"""The shape of a letter, found in one linear pass that refuses whatever is too large, too deep or too many.

The standard parser never sees a whole letter: it raises RecursionError at depth 1,000, takes 10 s for 25 MB of
empty lines and 14 s for one address field of 309 kB. Here each byte is looked at a bounded number of times and
nothing recurses deeper than the limit; limits and parts come from one reading, so they cannot disagree.
"""

import re
from dataclasses import dataclass, field

from consultant.errors import Permanent
from consultant.mail.fields import parameters, raw_text

MAX_BYTES = 25 * 1024 * 1024
MAX_HEADER_BLOCK = 128 * 1024
MAX_HEADER = 16 * 1024
MAX_ALL_HEADERS = 1024 * 1024
MAX_FIELDS = 10_000
MAX_DEPTH = 30
MAX_PARTS = 500
MAX_TEXT = 400_000

# RFC 2046, 5.1.1 allows 70 characters; some senders write more.
_MAX_BOUNDARY = 256
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|[\r\n]|\Z)")
_FIELD = re.compile(rb"([\x21-\x39\x3b-\x7e]+)[ \t]*:(.*)", re.DOTALL)
# Tokens of RFC 2045, 5.1, as long as RFC 6838, 4.2 lets a registered name be.
_CONTENT_TYPE = re.compile(r"[!#$%&'*+.^_`{|}~0-9a-z-]{1,127}/[!#$%&'*+.^_`{|}~0-9a-z-]{1,127}")
_IDENTITY = ("", "7bit", "8bit", "binary")

Fields = tuple[tuple[str, bytes], ...]


class Unparseable(Permanent):
    """The letter cannot or must not be read; the sentence says why. It goes to quarantine with its raw bytes."""


@dataclass(slots=True)
class Budget:
    """What one letter has used up, shared with the letters that are found encoded inside it."""

    parts: int = 0
    fields: int = 0
    header_bytes: int = 0
    characters: int = 0
    """Of body text, which is shown up to `MAX_TEXT`."""


@dataclass(slots=True)
class Part:
    """A letter or one MIME part of it: its fields, and where its body lies in the raw bytes."""

    raw: bytes = field(repr=False)
    fields: Fields
    """Every field in order: the name as received, the value unfolded."""
    content_type: str
    """Lower case, `text/plain` when absent or malformed (RFC 2045, 5.2)."""
    parameters: dict[str, str]
    start: int
    end: int
    depth: int
    """1 for the letter itself."""
    children: list["Part"] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def value(self, name: str) -> str:
        """Return the first field of this name (given in lower case) as text, undecoded; empty when absent."""
        return next((raw_text(value) for key, value in self.fields if key.lower() == name), "")

    @property
    def encoding(self) -> str:
        """The transfer encoding, lower case; empty when absent."""
        return parameters(self.value("content-transfer-encoding"))[0]

    @property
    def body(self) -> bytes:
        """The bytes of the body, still in their transfer encoding."""
        return self.raw[self.start : self.end]


def scan(raw: bytes, depth: int = 1, budget: Budget | None = None) -> Part:
    """Return the tree of a letter's parts; raise `Unparseable` beyond a limit, in time linear in the size.

    `depth` and `budget` are those of the letter in which this one was found encoded.
    """
    if len(raw) > MAX_BYTES:
        raise Unparseable(f"The letter has {len(raw):,} bytes; at most {MAX_BYTES:,} are read.")
    return _Scanner(raw, budget or Budget()).run(depth)


class _Scanner:
    """One pass over one letter. `open` holds the containers around the current place, outermost first."""

    def __init__(self, raw: bytes, budget: Budget) -> None:
        self.raw = raw
        self.budget = budget
        self.place = 0
        # A container with its boundary; a message/rfc822 has none and ends with what is around it.
        self.open: list[tuple[Part, bytes | None]] = []
        self.delimiter: re.Pattern[bytes] | None = None

    def run(self, depth: int) -> Part:
        # The separator line of an mbox file is no field.
        start = self._line(0).end() if self.raw.startswith((b"From ", b">From ")) else 0
        root = self._enter(start, "text/plain", depth)
        while self.delimiter is not None:
            # The line end before a delimiter belongs to it (RFC 2046, 5.1.1), so the search begins one byte early.
            found = self.delimiter.search(self.raw, max(0, self.place - 1))
            if found is None:
                break
            self._cross(found)
        self._close(0, len(self.raw), complete=False)
        return root

    def _line(self, position: int) -> re.Match[bytes]:
        match = _LINE.match(self.raw, position)
        assert match is not None
        return match

    def _enter(self, start: int, default: str, depth: int) -> Part:
        """Read one header block and open what it announces; the part's end is set when it is closed."""
        self.budget.parts += 1
        if depth > MAX_DEPTH:
            raise Unparseable(f"The letter's parts are nested deeper than {MAX_DEPTH} levels.")
        if self.budget.parts > MAX_PARTS:
            raise Unparseable(f"The letter has more than {MAX_PARTS} parts.")
        fields, self.place = self._fields(start)
        part = Part(self.raw, fields, default, {}, self.place, len(self.raw), depth)
        if any(name.lower() == "content-type" for name, _ in fields):
            kind, part.parameters = parameters(part.value("content-type"))
            part.content_type = kind if _CONTENT_TYPE.fullmatch(kind) else "text/plain"
        if part.content_type.startswith("multipart/"):
            self._open_multipart(part)
        elif part.content_type in ("message/rfc822", "message/global") and part.encoding in _IDENTITY:
            self.open.append((part, None))
            part.children.append(self._enter(self.place, "text/plain", depth + 1))
        return part

    def _open_multipart(self, part: Part) -> None:
        boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", errors="ignore")
        if not boundary or len(boundary) > _MAX_BOUNDARY:
            part.complaints.append("A multipart names no usable boundary, so its body was read as plain text.")
            part.content_type = "text/plain"
            return
        self.open.append((part, boundary))
        self._watch()

    def _watch(self) -> None:
        """Look out for the boundaries of all open containers, longer ones first: one may begin with another.

        A line end always stands before a delimiter, at the least that of the header that named the boundary.
        """
        boundaries = sorted({boundary for _, boundary in self.open if boundary}, key=len, reverse=True)
        choice = b"|".join(map(re.escape, boundaries))
        pattern = rb"[\r\n]--(?P<boundary>" + choice + rb")(?P<last>--)?[ \t]*+(?=[\r\n]|\Z)"
        self.delimiter = re.compile(pattern) if boundaries else None

    def _cross(self, found: re.Match[bytes]) -> None:
        """Close what ends at this delimiter line and open the part that follows it."""
        level = max(i for i, (_, boundary) in enumerate(self.open) if boundary == found["boundary"])
        stop = found.start() - self.raw.startswith(b"\r\n", found.start() - 1) if found.start() else 0
        self._close(level + 1, stop, complete=False)
        container = self.open[level][0]
        _end(container.children[-1:], stop)
        after = self.place = self._line(found.end()).end()
        if found["last"]:
            self._close(level, after, complete=True)
        else:
            default = "message/rfc822" if container.content_type == "multipart/digest" else "text/plain"
            container.children.append(self._enter(after, default, container.depth + 1))

    def _close(self, level: int, stop: int, *, complete: bool) -> None:
        """Leave every container from `level` on, inmost first; a multipart without its last delimiter is noted."""
        if len(self.open) <= level:
            return
        while len(self.open) > level:
            part, boundary = self.open.pop()
            _end([part, *part.children[-1:]], stop)
            if boundary is not None and not part.children:
                part.complaints.append("A multipart holds no part, so its body was read as plain text.")
                part.content_type = "text/plain"
            elif boundary is not None and not complete:
                part.complaints.append("A multipart has no closing boundary.")
        self._watch()

    def _fields(self, start: int) -> tuple[Fields, int]:
        """Read a header block: its fields, unfolded, and the place where the body begins."""
        names: list[str] = []
        values: list[list[bytes]] = []
        lengths: list[int] = []
        place = start
        while place < len(self.raw):
            line = self._line(place)
            content = line[0].rstrip(b"\r\n")
            # A bare CR ends a line for the standard parser, too; what begins there is judged as a line of its own.
            if not content:
                place = line.end()
                break
            match = None if content[:1] in b" \t" else _FIELD.match(content)
            if self._is_delimiter(content) or not (match or (names and content[:1] in b" \t")):
                break
            if match:
                names.append(match[1].decode("ascii"))
                values.append([match[2]])
                lengths.append(len(content))
                self.budget.fields += 1
            else:
                values[-1].append(content)
                lengths[-1] += len(content)
            place = line.end()
            self._spend(names[-1], lengths[-1], len(content), place - start)
        return tuple((name, b"".join(value).strip()) for name, value in zip(names, values, strict=True)), place

    def _is_delimiter(self, content: bytes) -> bool:
        return self.delimiter is not None and content.startswith(b"--") and bool(self.delimiter.match(b"\n" + content))

    def _spend(self, name: str, field_bytes: int, line_bytes: int, block_bytes: int) -> None:
        """Refuse a field, a block or a sum of header bytes beyond its limit."""
        self.budget.header_bytes += line_bytes + 2
        if field_bytes > MAX_HEADER:
            raise Unparseable(f"The header field {name[:60]} has more than {MAX_HEADER // 1024} kB.")
        if block_bytes > MAX_HEADER_BLOCK:
            raise Unparseable(f"A header block has more than {MAX_HEADER_BLOCK // 1024} kB.")
        if self.budget.fields > MAX_FIELDS:
            raise Unparseable(f"The letter has more than {MAX_FIELDS:,} header fields.")
        if self.budget.header_bytes > MAX_ALL_HEADERS:
            raise Unparseable(f"The headers of all parts together have more than {MAX_ALL_HEADERS // 1024} kB.")


def _end(parts: list[Part], stop: int) -> None:
    """End parts at a place, unless they ended before it."""
    for part in parts:
        part.end = max(part.start, min(part.end, stop))
