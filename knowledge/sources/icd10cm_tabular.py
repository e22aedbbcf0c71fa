"""The tabular list of ICD-10-CM as XML (CDC, in the public domain): the instructional notes of its nodes.

Chapters hold sections (blocks), sections hold diagnoses, and diagnoses hold diagnoses. Codes with a seventh character
have no node of their own: a `sevenChrDef` above them gives the characters, and the order file the codes. Which block a
category stands in, and which chapter a block, follows from nothing but the file, so it is handed on too, as a note of
the kind `stands_in`. The file is read as a stream, so that its size does not matter. Entities are refused: the official
file declares none, and a hostile one could make the reader unfold them without end.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain
from xml.parsers.expat import ExpatError, ParserCreate

from knowledge.sources import tabular
from knowledge.sources.icd_text import fiscal_year
from knowledge.sources.reading import Edition, Format, Member, Reading, SourceRefused, members
from knowledge.sources.rows import IcdNote

_EXPECTS = "the tabular list of ICD-10-CM, an XML file whose root is ICD10CM.tabular"
_ROOT = "ICD10CM.tabular"
_KINDS = {
    "includes": "includes",
    "inclusionTerm": "inclusion_term",
    "excludes1": "excludes1",
    "excludes2": "excludes2",
    "codeFirst": "code_first",
    "useAdditionalCode": "use_additional",
    "codeAlso": "code_also",
    "notes": "note",
    "sevenChrNote": "seventh_character",
}
"""Kinds of notes by the element that holds them; each of its `note` elements is one."""
_VALUE = "seventh_value"
STANDS_IN = "stands_in"
"""Not a note but the place of a node: its text is the block around a category, or the chapter around a block."""
_NODES = {
    "chapter": re.compile(r"\d{1,2}"),
    "section": re.compile(r"[A-Z][0-9A-Z]{2}(?:-[A-Z][0-9A-Z]{2})?"),
    "diag": re.compile(r"[A-Z][0-9A-Z]{2}(?:\.[0-9A-Z]{1,4})?"),
}
"""Elements with notes, and the form of their names; that of a section is an attribute."""
_PLACED = frozenset({2, 3})
"""How many nodes there are down to a block, and down to a category."""
_TEXTS = frozenset({"name", "note", "extension"})
_DEEPEST = 50
"""How deep elements may lie; the official file needs 12."""
_LONGEST = 100_000
"""Characters of one text; the longest of the official file has some 1,000."""
_ORDER = re.compile(r"icd-?10-?cm[-_]order(?!.*addenda).*20\d\d", re.IGNORECASE)
_VERSION = re.compile(rb"<version>\s*(20\d\d)\s*</version>")


@dataclass
class _Tabular:
    """What the parser has seen: the way to where it is, the nodes on it, and the notes not yet handed on."""

    member: Member
    reading: Reading
    way: list[str] = field(default_factory=list)
    nodes: list[str] = field(default_factory=list)
    """Names of the nodes around; empty where the name has not come, or does not hold."""
    text: list[str] | None = None
    """Pieces of the text that is being read, None outside of one."""
    character: str = ""
    """The seventh character whose meaning is being read."""
    values: dict[str, list[str]] = field(default_factory=dict)
    """Seventh characters of the list that is being read, each with what is said of it."""
    notes: list[IcdNote] = field(default_factory=list)
    diagnoses: int = 0

    def __post_init__(self) -> None:
        self.parser = ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.begin
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.say
        self.parser.EntityDeclHandler = self.refuse_entity

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def refuse_entity(self, name: str, *_: object) -> None:
        raise SourceRefused(self.member.place, f"{_EXPECTS} without entities", f'the entity "{name}"', self.line)

    def begin(self, tag: str, attributes: dict[str, str]) -> None:
        if not self.way and tag != _ROOT:
            raise SourceRefused(self.member.place, _EXPECTS, f'the root "{tag[:40]}"', self.line)
        if len(self.way) >= _DEEPEST:
            raise SourceRefused(self.member.place, _EXPECTS, f"elements more than {_DEEPEST} deep", self.line)
        self.way.append(tag)
        if tag in _NODES:
            self.nodes.append("")
            self.diagnoses += tag == "diag"
        if tag == "section":
            self.name("section", attributes.get("id", ""))
        if tag == "extension":
            self.character = attributes.get("char", "")
        if tag in _TEXTS:
            self.text = []

    def say(self, piece: str) -> None:
        if self.text is None:
            return
        self.text.append(piece)
        if len(self.text) * len(piece) > _LONGEST and sum(map(len, self.text)) > _LONGEST:
            raise SourceRefused(self.member.place, _EXPECTS, f"a text of more than {_LONGEST:,} characters", self.line)

    def end(self, tag: str) -> None:
        self.way.pop()
        around = self.way[-1] if self.way else ""
        if tag in _TEXTS:
            text = " ".join("".join(self.text or []).split())
            self.text = None
            self.take(tag, around, text)
        elif tag == "sevenChrDef":
            for character, said in self.values.items():
                self.note(_VALUE, f"{character} {'; '.join(said)}")
            self.values.clear()
        elif tag in _NODES:
            self.nodes.pop()

    def take(self, tag: str, around: str, text: str) -> None:
        """Put a text where it belongs, by its element and the element around it."""
        if tag == "name" and around in _NODES:
            self.name(around, text)
        elif around == "sevenChrDef":
            # A `note` in the list goes on with the character above it, as an inclusion term does in print.
            said = self.values.setdefault(self.character, [])
            said += [text] if text else []
        elif tag == "note" and around in _KINDS and self.nodes:
            self.note(_KINDS[around], text)

    def name(self, tag: str, name: str) -> None:
        if _NODES[tag].fullmatch(name):
            self.nodes[-1] = name
            around = self.nodes[-2] if len(self.nodes) > 1 else ""
            # A block of one category bears its name (B20), and is then one node with it.
            if len(self.nodes) in _PLACED and around not in {"", name}:
                self.note(STANDS_IN, around)
        else:
            self.reading.read += 1
            self.reading.refuse(self.line, f'"{name[:40]}" is no name of a {tag}, so that its notes are left out')

    def note(self, kind: str, text: str) -> None:
        self.reading.read += 1
        if not self.nodes[-1]:
            self.reading.refuse(self.line, "the note stands at a node without a name")
        elif not text or (kind == _VALUE and not re.match(r"[0-9A-Z] \S", text)):
            self.reading.refuse(self.line, f"the {kind} note of {self.nodes[-1]} has no text")
        else:
            self.reading.kept += 1
            self.notes.append(IcdNote(self.nodes[-1], kind, text))

    def taken(self) -> list[IcdNote]:
        """Hand over the notes read so far."""
        notes, self.notes = self.notes, []
        return notes


def _recognises(member: Member) -> bool:
    try:
        return b"<ICD10CM.tabular" in member.head()
    except (SourceRefused, OSError):
        return False


def _edition(member: Member) -> Edition:
    """Return the edition by the fiscal year in the file and the names, or that of the order file in the same zip.

    The names of the two do not always tell the same: icd10cm_tabular_2021.xml goes with icd10cm-order-Jan-2021.txt.
    """
    found = _VERSION.search(member.head())
    own = fiscal_year(member, int(found[1]) if found else None)
    beside = [other for other in members(member.path) if member.inner and _ORDER.search(other.name)]
    with_it = fiscal_year(beside[0]) if len(beside) == 1 else own
    return with_it if with_it.ended == own.ended else own


def _rows(member: Member, reading: Reading) -> Iterator[IcdNote]:
    read = _Tabular(member, reading)
    for line in chain(member.lines("utf-8"), [None]):
        try:
            read.parser.Parse("" if line is None else f"{line}\n", line is None)
        except ExpatError as error:
            # A file of another kind is told apart from one that was damaged on its way.
            other = None if _recognises(member) else tabular.stranger(member.head()) or "a text that is no XML"
            raise SourceRefused(member.place, _EXPECTS, other or f"a damaged one ({error})") from error
        yield from read.taken()
    if not read.diagnoses:
        raise SourceRefused(member.place, _EXPECTS, "one without diagnoses")
    tabular.conclude(member, reading)


FORMAT = Format(
    kind="icd10cm",
    title="ICD-10-CM tabular list",
    expects=_EXPECTS,
    recognises=_recognises,
    edition=_edition,
    rows=_rows,
)
