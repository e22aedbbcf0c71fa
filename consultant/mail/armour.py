"""Text in OpenPGP's ASCII armour inside a letter (RFC 9580, 6 and 7): what was signed is read, all else is folded."""

import re
from collections.abc import Sequence

from consultant.mail.lines import Line, Mark

_ARMOUR = re.compile(r"-----(BEGIN|END) PGP (SIGNED MESSAGE|SIGNATURE|MESSAGE|PUBLIC KEY BLOCK)-----[ \t]*")
ENCRYPTED = "Part of the letter is encrypted with PGP and cannot be read here."


def unarmoured(rows: Sequence[str]) -> tuple[list[Line], str | None]:
    """Return the rows with the armour marked as signature, and a sentence if something in it is encrypted.

    Armour that never ends is text like any other. Dashes that signing escaped ("- -- ") are as they were written.
    """
    lines: list[Line] = []
    sentence, signed, place = None, False, 0
    while place < len(rows):
        found = _ARMOUR.fullmatch(rows[place])
        stop = _end(rows, place, found[2]) if found and found[1] == "BEGIN" else 0
        if not stop:
            bare = rows[place]
            lines.append((bare[2:] if signed and bare.startswith("- ") else bare, Mark.NEW))
            place += 1
            continue
        lines += [(row, Mark.SIGNATURE) for row in rows[place:stop]]
        place, signed = stop, bool(found and found[2] == "SIGNED MESSAGE")
        sentence = ENCRYPTED if found and found[2] == "MESSAGE" else sentence
    return lines, sentence


def _end(rows: Sequence[str], start: int, kind: str) -> int:
    """Return the place after the armour that begins here, for a signed text after its own header; 0 without an end."""
    if kind == "SIGNED MESSAGE":
        if not any(row.startswith("-----BEGIN PGP SIGNATURE-----") for row in rows[start:]):
            return 0
        return next((i + 1 for i in range(start, min(start + 20, len(rows))) if not rows[i].strip()), 0)
    ending = f"-----END PGP {kind}-----"
    return next((i + 1 for i in range(start, len(rows)) if rows[i].rstrip() == ending), 0)
