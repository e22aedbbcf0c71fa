"""Read the encounter: payer, setting, role, age, sex, new or established, and the dates of service."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from consultant.privacy.dates import jotted
from consultant.questions import acquaintance, ages
from consultant.questions.model import Fact, Span
from consultant.questions.passages import Sentences, Status, status

_Value = str | bool


def _row(name: str, value: _Value, pattern: str) -> tuple[str, _Value, re.Pattern[str]]:
    return name, value, re.compile(pattern, re.IGNORECASE)


_ROWS: Final = (
    _row(
        "payer",
        "medicare_advantage",
        (
            r"\b(?:medicare (?:adv(?:antage)?|replacement|part c)|(?:aetna|humana|uhc|bcbs|wellcare|cigna"
            r"|anthem) medicare|mapd|(?-i:MA) plan)\b"
        ),
    ),
    _row(
        "payer",
        "medicare",
        r"\b(?:traditional |original |straight |regular )?(?:medicare?|(?-i:MCR))(?: part b| fee[ -]for[ -]service"
        r"| ffs)?\b(?! (?:adv(?:antage)?|replacement|part [cd]|id)\b)"
        r"|\b(?:(?-i:MCR)|mcare|novitas|noridian|palmetto gba|wps gha|ngs medicare|cgs medicare|first coast|part b)\b"
        r"(?! adv| replacement)",
    ),
    _row("payer", "medicaid", r"\bmedicaid\b|\bmedi-cal\b|\bahcccs\b|\b(?-i:MCD)\b"),
    _row("payer", "aetna", r"\baetna\b(?! medicare)"),
    _row("payer", "cigna", r"\bcigna\b(?! medicare)"),
    _row(
        "payer",
        "united_healthcare",
        r"\b(?:uhc|united ?health ?care|optum|(?-i:United)(?=[,.;:)]| (?:plan"
        r"|commercial|insurance|ppo|hmo)))\b(?! medicare)",
    ),
    _row(
        "payer",
        "blue_cross",
        r"\b(?:bcbs|bc/bs|the blues|blue ?cross?(?:[ /-]{1,3}(?:and )?blue ?shield)?|blue ?shield|anthem"
        r"|highmark|carefirst"
        r"|fep blue)\b(?! medicare)",
    ),
    _row("payer", "humana", r"\bhumana\b(?! medicare)"),
    _row("payer", "tricare", r"\b(?:tricare|triwest|champva)\b"),
    _row("payer", "kaiser", r"\bkaiser\b"),
    _row("payer", "workers_compensation", r"\b(?:workers?'? comp(?:ensation)?|work comp)\b"),
    _row(
        "payer",
        "commercial",
        # Original Medicare takes neither consultations nor the telemedicine codes of 2025: a plan that does is another.
        r"\bcommercial(?:ly insured| (?:payers?|plans?|insurance|carriers?|pts?|patients?))?\b"
        r"|\b(?:plan|payer|insurer|carrier)s?\b[^.;\n]{0,24}\b(?:takes?|accepts?|pays?(?: for)?|follows?"
        r"|goes by|honors?)\b"
        r"[^.;\n]{0,24}\b(?:cpt|consult\w*|98000|98\d\d\d|99417|99358)\b"
        r"|\b(?:regence|wellmark|premera|geisinger|oscar|harvard pilgrim|tufts|healthpartners|priority health"
        r"|selecthealth|moda|upmc(?: health)?|emblem\w*|medical mutual|excellus|independence blue)\b"
        r"(?! (?:medicare|medicaid|advantage))|\b(?:employer|group health|private) (?:plan|insurance)\b",
    ),
    _row("payer", "self_pay", r"\b(?:self[ -]pay|cash pay)\b"),
    _row("setting", "asc", r"\b(?:(?-i:ASC)|ambulatory surg(?:ery|ical) cent(?:er|re)|pos ?24)\b"),
    _row(
        "setting",
        "emergency",
        r"\b(?:emergency (?:department|room)|(?-i:ED|ER)|pos ?23)\b(?! ?& ?c)"
        r"(?!,? (?:stable|controlled|on (?:\w+fil|cialis|viagra)|meds?|improved|managed)\b)",
    ),
    _row(
        "setting",
        "hospital_outpatient",
        (
            r"\b(?:hospital outpatient|outpatient hospital|(?-i:HOPD)|pos ?(?:22|19)|outpatient department"
            r"|outpatient surgery)\b"
        ),
    ),
    _row("setting", "hospital_inpatient", r"\b(?:inpatient|(?-i:ICU)|pos ?21|hospitali[sz]ed|on the floor)\b"),
    _row(
        "setting",
        "office",
        r"\b(?:(?:in|at|our|the|his|her|my|performed in(?: the)?|physician'?s?|doctor'?s?"
        r"|derm(?:atology)?|private) (?:the )?office|office (?:visit|procedure|setting|based)"
        r"|in[ -]office|pos ?11"
        r"|in(?: the| our)? clinic)\b",
    ),
    _row(
        "role",
        "facility",
        (
            r"\b(?:facility (?:side|coding|coder|billing|claim|fee|charge)|(?:bill|code|coding"
            r"|billing) (?:for )?(?:the )?(?:facility|hospital)(?: side)?|(?-i:UB-?04)|technical side)\b"
        ),
    ),
    _row(
        "role",
        "professional",
        (
            r"\b(?:pro(?:fessional)?[ -]?(?:fee|side|billing|coding|claim|component)|profee|physician (?:side"
            r"|billing|coding|claim)|(?-i:CMS-?1500|HCFA))\b"
        ),
    ),
    _row(
        "sex",
        "female",
        r"\b(?:female|woman|lady|she|(?:yo|y/o|year[ -]old) ?f)\b|(?<=\d)(?:yo|y/o) ?f\b|(?<=\d) ?yof\b",
    ),
    _row(
        "sex",
        "male",
        r"\b(?:male|man|gentleman|he|(?:yo|y/o|year[ -]old) ?m)\b|(?<=\d)(?:yo|y/o) ?m\b"
        r"|(?<=\d) ?yom\b",
    ),
)
_SOMEONE_ELSE: Final = re.compile(
    r"\b(?:physician|doctor|surgeon|provider|dr|nurse|coder|biller|manager|boss|colleague|assistant)\b[^.\n]{0,24}$",
    re.IGNORECASE,
)
# "By Medicare arithmetic", "the Medicare 8 minute rule": a way of counting, whoever pays.
_WAY_OF_COUNTING: Final = re.compile(
    r"(?:'s)?[ \t-](?:8|eight|arithmetic|math\w*|counting|count|total[ \t-](?:time|minute)|time[ \t]rule|logic)\b",
    re.IGNORECASE,
)
_CONTRAST: Final = re.compile(
    r"\b(?:vs\.?|versus|not|unlike|instead of|or(?:[ \t](?:on|with|under))?(?:[ \t](?:an?|the|his|her|their"
    r"|some))?(?:[ \t]\w+'s)?|(?:may|might|could|can) (?:also )?be (?:on |with |under )?"
    r"|(?:if|whether) (?:it'?s|it is|he'?s|he is|she'?s|she is|they'?re|they are|the patient is)"
    r" (?:on |with |under )?)[ \t]?$",
    re.IGNORECASE,
)
# "Medicare or his wife's plan": nobody knows which.
_OR_ANOTHER: Final = re.compile(
    r"[ \t](?:part b[ \t])?or[ \t](?:(?:on|with|under|an?|the|his|her|their|some|wife'?s|husband'?s|spouse'?s)[ \t])*"
    r"(?:medicare|medicaid|commercial|employer|private|another|other|different|ma\b|advantage|aetna|cigna|uhc|bcbs|blue"
    r"|humana|plan)",
    re.IGNORECASE,
)


def read(
    text: str, sentences: Sentences, on: date | None = None, *, dated: bool = True
) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
    """Return the facts, the first of each name first, and the names of those that the letter contradicts itself on.

    `on` is the date of service, from which earlier visits are counted; not `dated` it is only taken for it.
    Ages are in whole years; payers and settings are in our own words, as the table above lists them.
    """
    facts = list(_by_table(text, sentences))
    if all(fact.name != "payer" for fact in facts):
        facts += _payer_by_service(text)
    facts += [*ages.read(text), *acquaintance.read(text, sentences, on, dated=dated)]
    facts.sort(key=lambda fact: (fact.name, not fact.certain, fact.span.start))
    values: dict[str, set[object]] = {}
    for fact in facts:
        if fact.certain:
            values.setdefault(fact.name, set()).add(fact.value)
    # Two payers are a primary and a secondary one, and two settings an office and a hospital: these cannot both be.
    torn = tuple(name for name in ("age_years", "sex", "new_patient") if len(values.get(name, ())) > 1)
    unique: dict[tuple[str, object], Fact] = {}
    for fact in facts:
        unique.setdefault((fact.name, fact.value), fact)
    return tuple(unique.values()), torn


def _by_table(text: str, sentences: Sentences) -> Iterator[Fact]:
    for name, value, pattern in _ROWS:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 32) : match.start()]
            if name == "payer" and _WAY_OF_COUNTING.match(text, match.end()):
                continue
            if name in ("payer", "role") and (_CONTRAST.search(before) or _OR_ANOTHER.match(text, match.end())):
                continue
            if name == "sex" and match[0].lower() in ("he", "she", "man") and _SOMEONE_ELSE.search(before):
                continue
            meant = status(sentences, match.start(), match.end(), act=False)
            if meant is Status.NEGATED and not (name == "payer" and _said_before(before, text, match.end())):
                continue
            # A pronoun may mean the surgeon; a word for the sex of the patient is certain.
            pronoun = match[0].lower() in ("he", "she")
            yield Fact(name, value, Span(*match.span()), meant not in _DOUBTED and not pronoun)


_DOUBTED: Final = frozenset(Status) - {Status.AFFIRMED, Status.NEGATED}
_DASH: Final = re.compile(r"(?:(?!\b(?:is|was|are|were)\b)[^.;,(\n]){0,24}?[ \t](?:-{1,2}|–|—)[ \t]")
_DENIED: Final = re.compile(r"\b(?:no|not|never|without|nor|neither)\b[^.;,\n]{0,30}\Z|n['’]t\b[^.;,\n]{0,30}\Z", re.I)


def _said_before(before: str, text: str, end: int) -> bool:
    """Tell whether what denies a payer stands behind a dash: "her Cigna plan - she is not on Medicare"."""
    return bool(_DASH.match(text, end)) and not _DENIED.search(before)


_ONLY_MEDICARE: Final = re.compile(
    r"(?-i:\b(?:IPPE|HETS)\b)|\bwelcome to medicare\b|(?<![\w-])G04(?:02|38|39)\b"
    r"|\b(?:subsequent|initial|first) (?-i:AWV)\b",
    re.IGNORECASE,
)
"""What only Medicare and its plans pay or show."""


def _payer_by_service(text: str) -> Iterator[Fact]:
    if match := _ONLY_MEDICARE.search(text):
        yield Fact("payer", "medicare", Span(*match.span()), certain=False)


_MONTH_NAMES: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS: Final = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_MONTH: Final = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_DATES: Final = tuple(
    re.compile(rf"(?<![\w/.-]){pattern}(?![\w/]|[.-]\d)", re.IGNORECASE)
    for pattern in (
        r"(?P<y>20\d\d)[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})",
        r"(?P<m>\d{1,2})(?P<sep>[/-])(?P<d>\d{1,2})(?P=sep)(?P<y>20\d\d|\d\d)",
        r"(?P<m>\d{1,2})\.(?P<d>\d{1,2})\.(?P<y>20\d\d)",
        _MONTH + r"\.?[ \t]{1,2}(?P<d>\d{1,2})(?:st|nd|rd|th)?,?[ \t]{1,2}(?P<y>20\d\d)",
        r"(?P<d>\d{1,2})(?:st|nd|rd|th)?[ \t-]{1,2}" + _MONTH + r"\.?,?[ \t-]{1,2}(?P<y>20\d\d)",
    )
)
_STRONG: Final = re.compile(
    (
        r"\b(?:dos|d\.o\.s\.?|date of service|service date|svc date|date of (?:surgery|procedure|visit"
        r"|encounter)|(?:surgery|procedure|visit|encounter) date)\b[^\n]{0,16}$"
    ),
    re.IGNORECASE,
)
_WEAK: Final = re.compile(
    (
        r"\b(?:on|seen|here|awvs?|ippe|wellness|performed|done|visit|surgery|procedure|excis\w{0,4}|date|removed"
        r"|biops\w{0,3}"
        r"|debrid\w{0,5}|repair\w{0,2}|encounter|treated|saw|came in|for|of|service"
        r"|services|took|taken|returned|repeat|shaved?|mohs|until|till|(?-i:OR))\b[^.\n]{0,20}$"
    ),
    re.IGNORECASE,
)
_OTHER_DATE: Final = re.compile(
    r"\b(?:dob|birth|born|denied|denial|eob|letter|effective|eff|since|as of|until|through|thru"
    r"|starting|began|begins?|enrol\w*|part b|entitle\w*|deleted|retired|published|updated|edition"
    r"|(?<!tunnel )(?<!finger )(?<!thumb )(?<!pulley )(?<!digit )(?<!contracture )(?<!fascia )(?<!trigger )release"
    r"|version|wrote"
    r"|sent|email"
    r"|claim (?:date|submitted)|submitted|processed|paid|appeal"
    r"|turn(?:ed|s|d) (?:\d{1,2}|\w+teen|\w+ty)|admitted|discharged?|expired|previous(?:ly)?|prior|history"
    r"|last(?![^.\n]{0,20}\bago\b)|biops(?:y|ied) (?:on|was"
    r"|done))\b[^.\n]{0,24}$",
    re.IGNORECASE,
)


# What stands between stops, or begins its sentence: "8/12/26 we did".
_ALONE: Final = re.compile(
    r"[ \t]?(?:[.,;:?!)\n(-]|$|[ \t](?:we|she|he|i|our|the|pt|patient|dr|doctor|provider|md|np|pa"
    r"|cpt|hcpcs|codes?|which|what)\b)",
    re.IGNORECASE,
)
# What never came until then came then.
_AT_LAST: Final = re.compile(r"\b(?:never|not|no)\b[^.\n]{0,40}\b(?:until|till)[ \t]$", re.IGNORECASE)
# "Part B four months ago, 3/5/26": how long ago it was is told, and the date is not of it.
_TOLD_ALREADY: Final = re.compile(r"\bago[,;)]|[,;][^,;]{2,}[,;]")
_RECENT: Final = 366
"""Days that a date may lie back to be that of a service though nothing says so."""
_ONE_CARE: Final = 150
"""Days that the dates of one care lie within; what lies further back than that from the last date was before it."""


def service_dates(text: str, today: date) -> tuple[tuple[date, Span], ...]:
    """Return the dates of service, those so called first; dates of birth, of letters and of rules are none.

    A two-digit year is of this century. A date more than a year ahead of `today` or over ten years back is left
    out: it is a slip of the pen, or another kind of date. A date that nothing introduces is one of a service where
    masking left it readable as such (`privacy.dates`).
    """
    strong, weak, bare = [], [], []
    for pattern in _DATES:
        for match in pattern.finditer(text):
            found = _date(match)
            if found is None or not -3660 <= (found - today).days <= 366:
                continue
            before = text[max(0, match.start() - 48) : match.start()]
            named = _STRONG.search(before)
            alone = _ALONE.match(text, match.end())
            other = _OTHER_DATE.search(before)
            if alone and (other is None or _TOLD_ALREADY.search(other[0])) and 0 <= (today - found).days <= _RECENT:
                bare.append((found, Span(*match.span())))
            if named:
                strong.append((found, Span(*match.span())))
            elif (not _OTHER_DATE.search(before) or _AT_LAST.search(before)) and (
                _WEAK.search(before) or jotted(text, *match.span(), today=today)
            ):
                weak.append((found, Span(*match.span())))
    if not (strong or weak) and len({day for day, _ in bare}) == 1:
        # The only date of a letter that is of nothing else is that of its service.
        return (bare[0],)
    latest = max((day for day, _ in weak), default=today)
    chosen = strong or [row for row in weak if (latest - row[0]).days <= _ONE_CARE]
    return tuple(sorted(chosen, key=lambda item: item[1].start))


def _date(match: re.Match[str]) -> date | None:
    groups = match.groupdict()
    month = _MONTHS[groups["month"][:3].lower()] if groups.get("month") else int(groups["m"])
    year = int(groups["y"])
    try:
        return date(year if year > 99 else 2000 + year, month, int(groups["d"]))
    except ValueError:
        return None
