"""Reads the body of a letter back: its sections and entries, the codes, modifiers, marks and links that it names.

The text may be the engine's or what a reviewer made of it, so nothing here assumes more than the shape that
`write` documents, and nothing raises.
"""

import re
from dataclasses import dataclass

from consultant.drafting.outline import TITLES
from consultant.evidence.model import Billed

_KEY_OF = {title.lower(): key for key, title in TITLES.items()}
_ENTRY = re.compile(r"^\s*(?:-|\d{1,2}\.|\[\d{1,3}\])\s+")

# Category I is five digits, II and III four digits and a letter, HCPCS Level II a letter and four digits.
# ICD-10-CM is a letter, a digit and one or two characters more before the point; "L97.-" names a whole category.
_CODE = re.compile(
    r"(?<![\w.$])"
    r"(?P<code>\d{5}|\d{4}[FTU]|[A-V]\d{4}|[A-TV-Z]\d[0-9AB](?:\.[0-9A-Z]{1,4})?|U\d\d(?:\.[0-9A-Z]{1,4})?)"
    r"(?:\.-)?(?![\w])(?!\.\d)"
)
_RANGE = re.compile(r"(?<![\w.])(\d{5})\s*(?:-|–|to|through)\s*(\d{5})(?!\w)")
_ON_CODE = re.compile(r"(?<![\w.])(?:\d{5}|\d{4}[FTU]|[A-V]\d{4})((?:-[A-Z0-9]{2}(?![\w]))+)")
_PROCEDURE = re.compile(r"\d{5}|\d{4}[FTU]|[A-V]\d{4}")
_UNITS = re.compile(r"(?:\bx\s*(\d{1,4})|(?<![\w.-])(\d{1,4})\s+units?)(?!\w)", re.IGNORECASE)
_TWO = r"(?:[A-Z][A-Z0-9]|\d{2})(?!\w)"
_NAMED = re.compile(rf"\b[Mm]odifiers?\s+({_TWO}(?:(?:\s*,\s*(?:and |or )?|\s+and\s+|\s+or\s+|/){_TWO})*)")
_MODIFIER = re.compile(r"(?<!\w)(?:[A-Z][A-Z0-9]|\d{2})(?!\w)")
_MARK = re.compile(r"\[(\d{1,3})\]")
_SENTENCE_END = re.compile(r"(?<=[.;!?])\s+|(?:\[\d{1,3}\])+")
_LINK = re.compile(r"(?:https?|ftp)://[^\s<>\")\]]+|\bwww\.[^\s<>\")\]]+|\bmailto:[^\s<>\")\]]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One paragraph or list entry, unwrapped, with the key of the section that it stands in."""

    section: str | None
    """A key of `outline.TITLES`; None before the first known title."""
    text: str


def entries(text: str) -> tuple[Entry, ...]:
    """Split a body into its entries, each unwrapped to one line."""
    section: str | None = None
    found: list[Entry] = []
    for block in re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip()):
        lines = block.split("\n")
        if (key := _KEY_OF.get(lines[0].strip().rstrip(":").lower())) is not None:
            section, lines = key, lines[1:]
        found += [Entry(section, entry) for entry in _unwrapped(lines)]
    return tuple(found)


def unwrapped(text: str) -> str:
    """Return a body with each paragraph and list entry on one line, for a page that breaks lines by itself."""
    blocks = re.split(r"\n[ \t]*\n", text.replace("\r\n", "\n").strip())
    return "\n\n".join("\n".join(_unwrapped(block.split("\n"))) for block in blocks)


def codes(text: str) -> tuple[str, ...]:
    """Return each code named, once, in order; a range gives its two ends."""
    return tuple(dict.fromkeys(match["code"] for match in _CODE.finditer(_RANGE.sub(r"\1 \2", text))))


def modifiers(text: str) -> tuple[str, ...]:
    """Return each modifier named, written on a code (11400-59) or after the word (modifier 59), once, in order."""
    stretches = [match[1] for pattern in (_ON_CODE, _NAMED) for match in pattern.finditer(text)]
    return tuple(dict.fromkeys(row for stretch in stretches for row in _MODIFIER.findall(stretch)))


def claim_lines(text: str) -> tuple[Billed, ...]:
    """Return the claim lines of an entry, worded as `outline.line_text` or as a reviewer does; none without a code.

    An entry that names several procedures gives a line for each, with the units and diagnoses that stand behind its
    code; one that names diagnoses alone gives a line for each of those.
    """
    places = list(_CODE.finditer(text))
    places = [match for match in places if _PROCEDURE.fullmatch(match["code"])] or places
    ends = [*(match.start() for match in places[1:]), len(text)]
    return tuple(_line(text[match.start() : end], match["code"]) for match, end in zip(places, ends, strict=False))


def _line(text: str, code: str) -> Billed:
    units = _UNITS.search(text)
    diagnoses = (found for found in codes(text) if found != code and not _PROCEDURE.fullmatch(found))
    return Billed(code, int(units[1] or units[2]) if units else 1, modifiers(text), tuple(diagnoses))


def marks(text: str) -> tuple[int, ...]:
    """Return the numbers of the citation marks, once each, in order."""
    return tuple(dict.fromkeys(int(number) for number in _MARK.findall(text)))


def links(text: str) -> tuple[str, ...]:
    """Return each address that a mail program would make a link of, once, in order."""
    return tuple(dict.fromkeys(link.rstrip(".,;:") for link in _LINK.findall(text)))


def sentences(text: str) -> tuple[str, ...]:
    """Split an entry where a sentence ends or a citation mark stands."""
    return tuple(part.strip() for part in _SENTENCE_END.split(text) if part.strip())


def uncited(text: str) -> str:
    """Return what an entry says behind its last citation mark: all of it where it has no mark."""
    found = list(_MARK.finditer(text))
    rest = text[found[-1].end() :] if found else text
    return rest.strip(" .,;:)")


def _unwrapped(lines: list[str]) -> list[str]:
    """Join wrapped lines; a list mark opens a new entry."""
    found: list[str] = []
    for line in lines:
        if not line.strip():
            continue
        if _ENTRY.match(line) or not found:
            found.append(line.strip())
        else:
            found[-1] = f"{found[-1]} {line.strip()}"
    return found
