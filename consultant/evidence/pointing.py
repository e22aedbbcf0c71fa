"""Points each service on a claim to its diagnoses: a chosen ICD-10-CM code stands on the lines that it supports.

A claim has no line for a diagnosis; it has lines for services, each of which points to diagnoses. Only a letter that
asks for diagnoses alone is answered by diagnoses as lines.
"""

from collections.abc import Sequence
from dataclasses import replace

from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Line

_DIAGNOSES = "ICD-10-CM"
_MOST = 4
"""How many diagnoses one line of a professional claim can point to (CMS-1500, item 24E)."""


def pointed(inquiry: Inquiry, lines: Sequence[Line]) -> tuple[Line, ...]:
    """Return the lines of services with the chosen diagnoses on them; the lines as they are where one kind is alone."""
    services = [line for line in lines if line.system != _DIAGNOSES]
    chosen = [line for line in lines if line.system == _DIAGNOSES]
    if not services or not chosen:
        return tuple(lines)
    return tuple(_with(inquiry, line, [row.code for row in chosen]) for line in services)


def _with(inquiry: Inquiry, line: Line, codes: Sequence[str]) -> Line:
    """Put on a line the diagnoses that usually support its code, or all of them where none is known to."""
    page = inquiry.release.page(line.code)
    usual = tuple(row.code.rstrip("-.") for row in page.diagnoses) if page else ()
    fitting = [code for code in codes if any(code.startswith(start) for start in usual)]
    return replace(line, diagnoses=tuple(dict.fromkeys((*line.diagnoses, *(fitting or codes))))[:_MOST])
