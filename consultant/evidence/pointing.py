"""Diagnoses that an answer gives beside services stand on the lines that they are the reason for, by their place.

A claim has no line for a diagnosis: item 24E of the form points from each service to its diagnoses. Where the letter
asks for the diagnoses alone they stay a list of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from consultant.evidence.model import Line


def pointed(lines: Sequence[Line], sites: Mapping[str, frozenset[str]]) -> tuple[Line, ...]:
    """Return the service lines with their diagnoses; `sites` gives the places that each code was chosen for.

    With several services a diagnosis goes to those of its place. What has a place that no service has was not what was
    treated.
    """
    services = [line for line in lines if line.system != "ICD-10-CM"]
    diagnoses = [line for line in lines if line.system == "ICD-10-CM"]
    if not services or not diagnoses:
        return tuple(lines)
    single = len({line.code for line in services}) == 1
    placed = []
    for service in services:
        own = [
            row.code
            for row in diagnoses
            if single or sites.get(row.code, frozenset()) & sites.get(service.code, frozenset())
        ]
        placed.append(replace(service, diagnoses=tuple(dict.fromkeys((*service.diagnoses, *own)))))
    told = {code for line in placed for code in line.diagnoses}
    # Without places on both sides nothing tells whose reason it is, and the reader gets it as it is.
    left = [row for row in diagnoses if row.code not in told and not sites.get(row.code)]
    return (*placed, *left)
