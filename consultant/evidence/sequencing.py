"""The diagnosis codes of one patient as one list: each code once, and in the order that the tabular notes ask for.

"Code first" at one code and "use additional code" at the other both say which of two codes stands before the other
(ICD-10-CM guideline I.A.13); a code for a sequela follows the condition that it left (I.B.10), and external causes
follow all others (I.C.20).
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from consultant.evidence.model import Line
from knowledge.release import Release

_NAMED: Final = re.compile(
    r"(?P<first>[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)-?(?:-(?P<last>[A-TV-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?))?"
)
_EXTERNAL: Final = "VWXY"
_STATUS: Final = re.compile(r"Z(?:16|3A|66|68|7[89]|8|9)")
"""Status, history and drugs for the long term: they say more of a patient whose conditions stand before them."""
_SEQUELA: Final = re.compile(r"[ST]\d\d\.[0-9A-Z]{3}S")


def sequenced(lines: Sequence[Line], release: Release, on: date) -> list[Line]:
    """Return the lines with each diagnosis code once and the diagnoses in their order; procedures stay in front."""
    services = [line for line in lines if line.system != "ICD-10-CM"]
    diagnoses = list({line.code: line for line in reversed(lines) if line.system == "ICD-10-CM"}.values())[::-1]
    diagnoses.sort(key=lambda line: bool(_STATUS.match(line.code)))
    left = [line for line in diagnoses if not _last(line.code)]
    ordered: list[Line] = []
    while left:
        # The first one that no other of those left has to stand before; in a circle the letter's own order stands.
        first = next(
            (line for line in left if not any(_before(other.code, line.code, release, on) for other in left)), left[0]
        )
        left.remove(first)
        ordered.append(first)
    behind = sorted((line for line in diagnoses if _last(line.code)), key=lambda line: line.code[0] in _EXTERNAL)
    return [*services, *ordered, *behind]


def _last(code: str) -> bool:
    return code[0] in _EXTERNAL or bool(_SEQUELA.fullmatch(code))


def _before(code: str, other: str, release: Release, on: date) -> bool:
    """Tell whether a note says that a code stands before another one."""
    if code == other:
        return False
    here, there = release.notes(code, on), release.notes(other, on)
    return any(_names(note, other) for note in (here.use_additional if here else ())) or any(
        _names(note, code) for note in (there.code_first if there else ())
    )


def _names(note: str, code: str) -> bool:
    """Tell whether a note names a code, by itself, by its category or in a range."""
    plain = code.replace(".", "")
    for match in _NAMED.finditer(note):
        first = match["first"].replace(".", "")
        last = (match["last"] or match["first"]).replace(".", "")
        if first <= plain[: len(first)] and plain[: len(last)] <= last:
            return True
    return False
