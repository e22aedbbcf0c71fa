"""Evidence becomes an outline: titled sections of claims in the order of docs/answers.md, each claim with its keys.

Nothing is added here that the evidence does not hold; this module only orders, joins and words.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from consultant.drafting.model import Claim, Outcome, Section
from consultant.drafting.one_by_one import CODE, Said, numbered
from consultant.evidence.asked import Aspect, is_direct
from consultant.evidence.citing import of_release_named
from consultant.evidence.model import Evidence, Finding, FindingKind, Line
from consultant.evidence.wording import joined
from consultant.questions.model import Question
from knowledge.model import Citation

TITLES = MappingProxyType(
    {
        "verdict": "Verdict",
        "lines": "Claim lines",
        "why": "Why",
        "edits": "Edits checked",
        "modifiers": "Modifiers",
        "diagnoses": "Diagnoses",
        "documentation": "Documentation",
        "missing": "What we still need",
        "caveats": "Caveats",
        "sources": "Sources",
    }
)
"""The title of each section, in the order in which they stand; text and checks know a section by its title."""

CLAIM_SECTIONS = ("verdict", "lines", "why", "edits", "modifiers", "diagnoses", "documentation", "caveats")
"""The sections whose every entry carries a citation mark."""

_NAMES = frozenset({"Medicare", "Medicaid", "Fournier", "Mohs", "Excludes1"})

_UNANSWERED = "Nothing that we hold answers this question; a certified coder adds the answer."

_SECTION_OF = {
    FindingKind.WHY: "why",
    FindingKind.EDIT: "edits",
    FindingKind.MODIFIER: "modifiers",
    FindingKind.DIAGNOSIS: "diagnoses",
    FindingKind.DOCUMENTATION: "documentation",
    FindingKind.CAVEAT: "caveats",
}


@dataclass(slots=True)
class Keys:
    """Give each citation its key (c1, c2, ...) in order of first use."""

    given: dict[Citation, str] = field(default_factory=dict)

    def of(self, citations: Iterable[Citation]) -> tuple[str, ...]:
        """Return the keys of these citations, each once."""
        return tuple(dict.fromkeys(self.given.setdefault(row, f"c{len(self.given) + 1}") for row in citations))

    def pairs(self) -> tuple[tuple[str, Citation], ...]:
        """Return key and citation in the order in which keys were given."""
        return tuple((key, citation) for citation, key in self.given.items())


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections that have something to say, and every citation by its key."""

    sections: tuple[Section, ...]
    citations: tuple[tuple[str, Citation], ...]


def outline(question: Question, evidence: Evidence, outcome: Outcome) -> Outline:
    """Order the evidence into sections; a section with nothing to say is left out."""
    keys = Keys()
    direct = _direct(evidence, outcome)
    claims: dict[str, list[Claim]] = {key: [] for key in TITLES}
    verdict = _verdict(question, evidence, outcome, direct, keys)
    claims["verdict"] = [row.claim for row in verdict]
    claims["lines"] = [Claim(line_text(line), keys.of(line.citations)) for line in evidence.lines]
    rejections = {row.reason for row in evidence.rejected}
    for finding in evidence.findings:
        if finding not in direct and finding.text not in rejections:
            claims[_SECTION_OF[finding.kind]].append(Claim(_worded(finding), keys.of(finding.citations)))
    why_not = (Claim(f"Not reported: {row.code}. {row.reason}", keys.of(row.citations)) for row in evidence.rejected)
    claims["why"].extend(why_not)
    claims["missing"] = [Claim(row.question, keys.of(row.citations)) for row in evidence.missing if row.citations]
    if evidence.parts:
        claims["verdict"] = list(_of_parts(question, evidence, keys))
    elif question.asks and verdict:
        asked = [question.text[span.start : span.end] for span in question.asks]
        nothing = Claim(_UNANSWERED, keys.of((of_release_named(evidence.release),)))
        claims["verdict"] = numbered(asked, verdict, claims, nothing)
    claims["caveats"] += _unverified(keys)
    claims["sources"] = [Claim(source_text(citation), (key,)) for key, citation in keys.pairs()]
    # Two lines of one code are two lines; anything else is said once.
    said = {key: tuple(rows) if key == "lines" else _once(rows) for key, rows in claims.items()}
    sections = tuple(Section(key, TITLES[key], said[key]) for key in TITLES if said[key])
    return Outline(sections, keys.pairs())


def _direct(evidence: Evidence, outcome: Outcome) -> list[Finding]:
    """Return the findings that answer; the strongest statement where no chooser and no row was asked for by name."""
    direct = [finding for finding in evidence.findings if is_direct(finding)]
    if not direct and not evidence.lines and not evidence.missing and outcome is Outcome.ANSWER:
        direct = [finding for finding in evidence.findings if finding.kind is FindingKind.WHY][:1]
    return direct


def _of_parts(question: Question, evidence: Evidence, keys: Keys) -> Iterator[Claim]:
    """Yield the verdict on each question of a letter about several patients or days, with the question's number."""
    for number, (asked, said) in enumerate(zip(question.parts, evidence.parts, strict=True), 1):
        outcome = Outcome.ASK_BACK if said.missing else Outcome.ANSWER
        verdict = [] if said.gap else _verdict(asked, said, outcome, _direct(said, outcome), keys)
        told = [row.claim for row in verdict] or [
            Claim(said.gap or _UNANSWERED, keys.of((of_release_named(said.release),)))
        ]
        label = "Code" if said.lines or said.missing else "Answer"
        yield from (replace(claim, question=number, label=label) for claim in told)


def line_text(line: Line) -> str:
    """Word one claim line: code with its modifiers, units, diagnoses."""
    code = "-".join((line.code, *line.modifiers))
    diagnoses = f", diagnosis {', '.join(line.diagnoses)}" if line.diagnoses else ""
    return f"{line.system} {code}, {line.units} unit{'' if line.units == 1 else 's'}{diagnoses}"


def source_text(citation: Citation) -> str:
    """Word one source: document, section, edition and effective date, and whether it was confirmed."""
    parts = [citation.source, citation.section]
    if citation.edition and citation.edition not in citation.source:
        parts.append(f"edition {citation.edition}")
    if citation.effective:
        parts.append(f"effective {citation.effective.isoformat()}")
    confirmed = "" if citation.verified else " (not confirmed in the primary source)"
    return ", ".join(part for part in parts if part) + confirmed


def _once(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Drop a claim that says the same words twice; the first keeps its place."""
    seen: dict[str, Claim] = {}
    for claim in claims:
        seen.setdefault(claim.text, claim)
    return tuple(seen.values())


def _worded(finding: Finding) -> str:
    """Word a finding for its section: a documentation finding says first whether the letter has it."""
    if finding.kind is not FindingKind.DOCUMENTATION or not finding.rule.endswith(".documentation"):
        return finding.text
    if finding.present is None:
        return f"Also needed: {_lowered(finding.text)}"
    said = "Found in your letter" if finding.present else "Not found in your letter"
    return f"{said}: {_lowered(finding.text)}"


def _lowered(text: str) -> str:
    """Return a sentence as it continues another: its first letter small unless its first word is a name."""
    name = text.split(" ", 1)[0].rstrip(",.;:") in _NAMES or not text[1:2].islower()
    return text if name else text[0].lower() + text[1:]


def _verdict(
    question: Question, evidence: Evidence, outcome: Outcome, direct: Sequence[Finding], keys: Keys
) -> list[Said]:
    """Word the verdict: the lines or what decides them, tied to date and payer, then each direct answer."""
    holds = _holds_for(question, evidence)
    said: list[Said] = []
    if evidence.lines:
        start = "Certain so far: report" if outcome is Outcome.ASK_BACK else "Report"
        cited = keys.of(citation for line in evidence.lines for citation in line.citations)
        codes = joined(_counted([_short(line) for line in evidence.lines]))
        said.append(Said(Claim(f"{start} {codes} for a service {holds}.", cited), CODE))
    said += [Said(Claim(f"Do not report {row.code} here.", keys.of(row.citations)), CODE) for row in evidence.rejected]
    said += [Said(Claim(row.text, keys.of(row.citations)), _kind_of(row)) for row in direct]
    if outcome is Outcome.ASK_BACK and not evidence.lines:
        cited = keys.of(citation for row in evidence.missing for citation in row.citations)
        if cited:
            said.insert(0, Said(Claim(f"{_open_sentence(evidence)} {_holds_sentence(holds)}", cited), CODE))
    elif said and not evidence.lines:
        first = said[0]
        said.append(Said(Claim(_holds_sentence(holds), first.claim.citations), first.kind))
    return said


_KINDS = (
    ("closure", Aspect.CLOSURE),
    ("ptp", Aspect.BUNDLING),
    ("mue", Aspect.UNITS),
    ("add_on", Aspect.ADD_ON),
    ("global", Aspect.GLOBAL_PERIOD),
    ("indicator", Aspect.INDICATORS),
    ("modifier", Aspect.MODIFIER),
    ("icd", Aspect.DIAGNOSIS),
    ("documentation", Aspect.DOCUMENTATION),
)


def _kind_of(finding: Finding) -> str | None:
    """Return the kind of answer that a direct finding is, None for a rule, whose words have to tell."""
    name = finding.rule.removeprefix("direct.")
    return next((str(aspect) for start, aspect in _KINDS if name.startswith(start)), None)


def _counted(codes: Sequence[str]) -> list[str]:
    """Name each code once, with the number of its lines where there are several."""
    counts = Counter(codes)
    return [code if count == 1 else f"{code} on {count} lines" for code, count in counts.items()]


def _short(line: Line) -> str:
    """Word a line inside a sentence."""
    code = "-".join((line.code, *line.modifiers))
    return code if line.units == 1 else f"{code} with {line.units} units"


def _open_sentence(evidence: Evidence) -> str:
    """Say what kind of answer is open, and which codes it can still become."""
    codes = list(dict.fromkeys(outcome for row in evidence.missing for _, outcome in row.becomes if outcome.isalnum()))
    count = len(evidence.missing)
    facts = "one fact is" if count == 1 else f"{count} facts are"
    if len(codes) > 1:
        return f"The code is {joined(codes, 'or')}; {facts} still needed to say which."
    if codes:
        return f"The code is {codes[0]} unless the answer below leads to another code family; {facts} still needed."
    return f"We cannot give the code yet: {facts} still needed."


def _holds_for(question: Question, evidence: Evidence) -> str:
    """Say which date of service and payer the verdict holds for, as the end of a sentence."""
    on = evidence.date_of_service.isoformat()
    date = f"on {on} (no date of service given; today's code set)" if evidence.date_assumed else f"on {on}"
    payer = next((str(fact.value).replace("_", " ") for fact in question.facts if fact.name == "payer"), None)
    return f"{date}, payer {payer[0].upper()}{payer[1:]}" if payer else f"{date}, payer not named"


def _holds_sentence(holds: str) -> str:
    """Say the same as a sentence of its own."""
    return f"This holds for a service {holds}."


def _unverified(keys: Keys) -> list[Claim]:
    """Say which sources could not be confirmed in the primary document."""
    doubtful = [(key, citation) for key, citation in keys.pairs() if not citation.verified]
    if not doubtful:
        return []
    which = "One source" if len(doubtful) == 1 else f"{len(doubtful)} sources"
    text = f"{which} could not be confirmed in the primary document; check before you rely on it."
    return [Claim(text, tuple(key for key, _ in doubtful))]
