"""The first day on which Medicare pays a preventive service again, counted from the month of the last one.

Medicare counts full calendar months: a yearly test needs eleven of them after the month of the last test, so that a
test of any day in March is paid again from the first of March of the next year (Medicare Benefit Policy Manual,
chapter 15, section 280).
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from consultant.evidence.asked import direct
from consultant.evidence.conditions import named_rule
from consultant.evidence.inquiry import Inquiry
from consultant.evidence.model import Finding, FindingKind
from consultant.privacy.dates import day_of
from consultant.questions.wellness_past import WHEN, Month, month_of

_ASKS: Final = re.compile(
    r"\bwhen\b[^.?\n]{0,80}\?|\b(?:next|eligible|eligibility|too (?:early|soon)|how soon|earliest|from what (?:date"
    r"|day)|due (?:again|for)|first (?:covered )?(?:date|day)"
    r"|(?:will|would|does|can) (?:medicare|it|she|he|we|this|that)\b[^.?\n]{0,40}\b"
    r"(?:cover|pay|paid|covered|bill)\w*|how often)\b",
    re.IGNORECASE,
)
_LAST: Final = re.compile(r"\b(?:last|latest|previous|prior|most recent|earlier|billed|paid)\b", re.IGNORECASE)
_OTHER: Final = re.compile(
    r"\b(?:part b|enroll\w*|entitle\w*|dob|birth|born|next|schedul\w*|appointment|booked|put (?:her|him|them) on"
    r"|wants|diagnos\w+|turn(?:ed|s))\b[^.;\n]{0,40}$",
    re.IGNORECASE,
)
_DATE: Final = re.compile(r"(?<![\w/.-])" + WHEN, re.IGNORECASE)
_HIGH: Final = re.compile(r"(?<!not )(?<!no )(?<!not at )\bhigh[- ]risk\b", re.IGNORECASE)
_AVERAGE: Final = re.compile(r"\b(?:average|avg|low|normal|not (?:at )?high)[- ]risk\b", re.IGNORECASE)
_INTERVALS: Final = tuple(
    (words, average, high, re.compile(pattern, re.IGNORECASE))
    for words, average, high, pattern in (
        ("wellness visit", 11, 11, r"\bawvs?\b|\bannual wellness\b|\bwellness visit\b|\bG043[89]\b"),
        ("PSA test", 11, 11, r"\bpsa\b|\bG0103\b"),
        ("prostate examination", 11, 11, r"\bG0102\b|\bdigital rectal\b"),
        ("mammogram", 11, 11, r"\bmammo\w*|\b77067\b"),
        ("glaucoma screening", 11, 11, r"\bglaucoma\b|\bG011[78]\b"),
        ("stool blood test", 11, 11, r"\b(?-i:FIT|FOBT|iFOBT)\b|\bG0328\b|\bstool (?:blood|card)"),
        ("low-dose CT of the lungs", 11, 11, r"\bldct\b|\b71271\b|\blow[- ]dose (?:chest )?ct\b"),
        ("depression screening", 11, 11, r"\bG0444\b|\bdepression screen\w*"),
        ("alcohol screening", 11, 11, r"\bG0442\b|\balcohol (?:misuse )?screen\w*"),
        ("pelvic and breast examination or Pap smear", 23, 11, r"\bpelvic\b|\bpap\b|\bG0101\b|\bQ0091\b"),
        ("bone density test", 23, 23, r"\bdexa\b|\bdxa\b|\bbone (?:mineral )?density\b|\b77080\b"),
        ("stool DNA test", 35, 35, r"\bcologuard\b|\bstool dna\b|\b81528\b"),
        ("sigmoidoscopy", 47, 47, r"\bsigmoidoscop\w+|\bG0104\b"),
        ("colonoscopy", 119, 23, r"\bcolonoscop\w+|\bG0105\b|\bG0121\b"),
        ("HPV test", 59, 59, r"\bhpv\b|\bG0476\b"),
    )
)
"""How coders name a service, and the full calendar months at average and at high risk."""
_OTHERS: Final = frozenset({"medicaid", "commercial", "aetna", "cigna", "united_healthcare", "blue_cross", "tricare"})


def eligible(inquiry: Inquiry) -> tuple[Finding, ...]:
    """Report from which day each service is paid again of which the letter gives the last date and asks for the next.

    Nothing where another payer than Medicare is named, or where the letter asks for the code of a case.
    """
    text = inquiry.question.text
    held = named_rule(inquiry.release, "medicare_screening", "msc-full-months")
    if inquiry.consulted or held is None or not _ASKS.search(text) or inquiry.encounter.get("payer") in _OTHERS:
        return ()
    found = dict.fromkeys(_told(text, inquiry.on))
    return tuple(
        direct(FindingKind.WHY, f"eligible.{place}", _worded(row, inquiry), held.citations)
        for place, row in enumerate(found)
    )


def _told(text: str, on: date) -> Iterator[tuple[str, int, Month]]:
    """Yield name, full months and month of the last of each service; a year alone tells no month."""
    high = bool(_HIGH.search(text)) and not _AVERAGE.search(text)
    for match in _DATE.finditer(text):
        month = month_of(match)
        start = max(text.rfind(". ", 0, match.start()), text.rfind("\n\n", 0, match.start()), match.start() - 120, 0)
        lead = text[start : match.start()]
        if match["y3"] or month is None or month > (on.year, on.month):
            continue
        if not _LAST.search(lead) or _OTHER.search(lead):
            continue
        near = [row for row in _INTERVALS if row[3].search(lead)] or [row for row in _INTERVALS if row[3].search(text)]
        if len({row[2] if high else row[1] for row in near}) == 1:
            words, average, often, _ = near[0]
            yield words, often if high else average, month


def _worded(row: tuple[str, int, Month], inquiry: Inquiry) -> str:
    words, months, (year, month) = row
    past = 12 * year + month - 1 + months + 1
    first = date(past // 12, past % 12 + 1, 1)
    last = date(year, month, 1)
    days = [day for match in _DATE.finditer(inquiry.question.text) if (day := day_of(match[0])) is not None]
    day = inquiry.question.date_of_service
    day = day if day and (day.year, day.month) > (year, month) else max(days, default=None)
    # The day of the last service is none of the next one.
    between = day is not None and (year, month) < (day.year, day.month) and day < first
    early = f" A service on {day:%Y-%m-%d} is too early and is not covered." if between else ""
    return (
        f"For Medicare {months} full calendar months follow the month of the last {words}, {last:%B %Y}, so the "
        f"next one "
        f"is covered from {first:%B} {first.day}, {first.year}.{early}"
    )
