"""Subjects that letters bring up and that no family is about, though a rule may mention one of them in passing."""

import re
from typing import Final

_SUBJECTS: Final = r"""
anesthesi\w+ (?:time|minutes|units)|base units|epidural|labor|cesareans?|c-sections?|delivery package|vbac
cath|cathet\w+ lab|heart cath\w*|coronary|stents?|angiograph\w+|pacemakers?|holter|stress test|echocardio\w+
ct|cta|mri|pet scan|ultrasound of|abdominal ultrasound|thyroid|contrast|nuclear|radiation|imrt|brachytherapy
egd|endoscop\w+|polypectom\w+|ercp|bronchoscop\w+|cystoscop\w+|colposcop\w+|hysteroscop\w+|hysterectom\w+|tubal
arthroscop\w+|arthroplast\w+|(?:hip|knee|shoulder) replacement|fusion|laminectom\w+|rotator cuff
facet|trigger[- ]points?
nerve conduction|emg|eeg|sleep study|polysomnograph\w+|cpap|ventilators?|transfusions?|dialysis unit|oxygen
cataracts?|intraocular|intravitreal|yag|glaucoma surgery|hearing aids?|cochlear|tonsil\w*|septoplast\w+
sleeve|bariatric|gastrectom\w+|hernias?|cholecystectom\w+|appendectom\w+|vasectom\w+|circumcision|prostatectom\w+
dental|molars?|root canal|wisdom teeth|orthodont\w+|ambulance|mileage|chiropract\w+|acupunctur\w+|psychotherap\w+
allergy test\w*|scratch tests?|semen|infertility|wheelchairs?|dme|orthotics?|prosthetics?
drg|hcc|raf|mips|macra|revenue codes?|ub-?04|taxonomy|credential\w*|contracting|clean claim|timely filing|no-?shows?
write[- ]?off|bankruptcy|w-9|collection agency|translation|interpreter
"""

_NAMED: Final = re.compile(
    r"\b(?:" + "|".join(line.strip() for line in _SUBJECTS.strip().splitlines()) + r")\b", re.IGNORECASE
)


def beyond(text: str) -> bool:
    """Tell whether a question names a subject that no family is about."""
    return bool(_NAMED.search(text))
