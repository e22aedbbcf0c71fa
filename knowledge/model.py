"""The value types that readers of a release receive: citations, statements, code pages, rules, codes and hits."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Value = str | float | int | bool
"""A fact's value: lengths in cm, areas in cm2, a closed word, or yes and no."""


def system_of(code: str) -> Literal["CPT", "HCPCS", "ICD-10-CM"]:
    """Return the code set that a code has the shape of: 11441, G0168, D22.39 or D22 (with its point)."""
    if len(code) == 3 or "." in code:
        return "ICD-10-CM"
    return "HCPCS" if code[0].isalpha() else "CPT"


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement comes from: one row of the release."""

    source: str
    """The document or file, by its own name: NCCI Policy Manual; PPRRVU2025_Oct."""
    section: str
    """Chapter and section, or the row: Chapter III, section B; row 11440."""
    edition: str
    effective: date | None
    """First day on which the cited text or row holds; None where the source gives none."""
    verified: bool = True
    """False marks what could not be confirmed in the primary source; drafts say so."""

    def as_json(self) -> dict[str, str | bool | None]:
        """Return the citation as plain values, dates in ISO 8601."""
        return {
            "source": self.source,
            "section": self.section,
            "edition": self.edition,
            "effective": self.effective.isoformat() if self.effective else None,
            "verified": self.verified,
        }


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence or more that the knowledge base vouches for."""

    text: str
    citations: tuple[Citation, ...]

    def __post_init__(self) -> None:
        """Refuse a statement that cites nothing."""
        if not self.citations:
            raise ValueError(f'The statement "{self.text[:60]}" cites nothing.')


@dataclass(frozen=True, slots=True)
class DocumentationItem:
    """One thing that the record must show."""

    text: str
    citations: tuple[Citation, ...]
    facts: tuple[str, ...] = ()
    """Facts of a question (`lesion_diameter_cm`) any of which shows that a letter says it."""


@dataclass(frozen=True, slots=True)
class CodeRemark:
    """What a page says of another code, diagnosis or modifier."""

    code: str
    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """An ICD-10-CM code or category and what it does for a procedure."""

    code: str
    """With its point, without a closing hyphen: D22.39; a category (D22) stands for all codes below it."""
    role: Literal["supports", "conflicts"]
    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class ModifierTest:
    """When a modifier applies in a family: its criteria, each of which can be tested against a record."""

    code: str
    purpose: str
    criteria: tuple[str, ...]
    any_of: bool
    """True where one criterion is enough, False where all of them are needed."""
    do_not: tuple[str, ...]
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class WorkedCase:
    """An invented case and how its code is reached; the build runs its facts through the chooser."""

    case: str
    facts: tuple[tuple[str, Value], ...]
    outcome: str
    units: int
    reasoning: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class CodePage:
    """All that the release says of one procedure code, section by section, in our own words."""

    system: str
    code: str
    family: str
    title: str
    description: tuple[Statement, ...]
    """What is done, step by step."""
    applies_when: tuple[Statement, ...]
    """Criteria, all of which must hold."""
    does_not_apply: tuple[Statement, ...]
    documentation: tuple[DocumentationItem, ...]
    common_mistakes: tuple[Statement, ...]
    neighbours: tuple[CodeRemark, ...]
    diagnoses: tuple[Diagnosis, ...]
    modifiers: tuple[CodeRemark, ...]
    included: tuple[Statement, ...]
    separately_reportable: tuple[CodeRemark, ...]
    worked_case: WorkedCase
    effective: date | None
    ended: date | None
    reviewed_on: date

    @property
    def sources(self) -> tuple[Citation, ...]:
        """Every citation of the page, once each, in the order of first use."""
        sections = (self.description, self.applies_when, self.does_not_apply, self.documentation, self.common_mistakes)
        more = (self.neighbours, self.diagnoses, self.modifiers, self.included, self.separately_reportable)
        rows = [citation for section in (*sections, *more) for said in section for citation in said.citations]
        return tuple(dict.fromkeys((*rows, *self.worked_case.citations)))


@dataclass(frozen=True, slots=True)
class Phrase:
    """How coders write a value of a fact."""

    text: str
    subject: str
    """Kind of subject that the fact is asked about: lesion, wound, repair, procedure, encounter, drug, diagnosis."""
    fact: str
    value: str | bool | int
    """Empty where only the number beside the phrase says something; a number where the phrase stands for so many."""
    entry: bool
    """Whether the value alone leads into a family."""
    counts: str | None = None
    """The fact that a number in front of the phrase is: `lesion_count` of "17 actinic keratoses"."""
    family: str = ""
    measures: tuple[tuple[str, str], ...] = ()
    """(unit, fact) for each unit of which the family knows a single number: ("minutes", "infusion_minutes")."""
    thing: str = ""
    """What a phrase that stands for a number names, the same for its synonyms: it counts once."""
    hides: tuple[str, ...] = ()
    """Values that a letter names only beside this one."""


@dataclass(frozen=True, slots=True)
class Related:
    """A code that a reader of another looks at next."""

    code: str
    why: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class PageTitle:
    """A line of the list of pages."""

    system: str
    code: str
    family: str
    title: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of a family, with what it speaks of."""

    id: str
    family: str
    text: str
    topics: tuple[str, ...]
    codes: tuple[str, ...]
    modifiers: tuple[str, ...]
    citations: tuple[Citation, ...]
    diagnoses: tuple[str, ...] = ()
    """ICD-10-CM codes and categories that it speaks of."""
    asked: tuple[str, ...] = ()
    """The words of coders who ask for it; it is found by them, and they are never told."""


@dataclass(frozen=True, slots=True)
class ModifierPage:
    """All that the release says of one modifier, whatever the code that it stands on."""

    code: str
    family: str
    title: str
    purpose: tuple[Statement, ...]
    criteria: tuple[str, ...]
    """Each can be tested against a record."""
    any_of: bool
    """True where one criterion is enough, False where all of them are needed."""
    goes_on: tuple[Statement, ...]
    not_on: tuple[Statement, ...]
    decided_by: tuple[Statement, ...]
    """The indicator or file that tells whether a payer accepts it."""
    documentation: tuple[Statement, ...]
    common_mistakes: tuple[Statement, ...]
    neighbours: tuple[CodeRemark, ...]
    citations: tuple[Citation, ...]
    """Sources of the criteria."""
    reviewed_on: date


@dataclass(frozen=True, slots=True)
class Family:
    """A group of codes that one chooser picks among, with what holds for all of them."""

    id: str
    title: str
    purpose: tuple[Statement, ...]
    reviewed_on: date
    codes: tuple[str, ...]
    modifiers: tuple[ModifierTest, ...]
    included: tuple[Statement, ...]
    separately_reportable: tuple[CodeRemark, ...]
    diagnoses: tuple[Diagnosis, ...]
    common_mistakes: tuple[Statement, ...]
    neighbours: tuple[CodeRemark, ...]
    documentation: tuple[DocumentationItem, ...]
    excluded_here: tuple[Statement, ...]
    """What this family does not cover, so that silence is not read as "no rule"."""
    topics: tuple[str, ...]
    """Topics of a letter that the family's rules speak to."""
    without: tuple[tuple[str, str], ...] = ()
    """(section, why) of what the pages of the family need not have: any problem may be the reason of a visit."""


@dataclass(frozen=True, slots=True)
class CodeEntry:
    """A code in a code set."""

    system: str
    code: str
    description: str | None
    """Ours for CPT, official for ICD-10-CM, None for a CPT code that is known but has no page."""
    billable: bool
    effective: date | None
    """First day for which the entry is vouched: the code's own where it has one, else that of the edition."""
    ended: date | None
    """The last one, inclusive."""
    edition: str
    for_date: bool = True
    """False when the date asked lies outside these days: the entry then says nothing of that date."""


@dataclass(frozen=True, slots=True)
class DiagnosisNotes:
    """The instructional notes of an ICD-10-CM code, its own and those of its ancestors, nearest first."""

    code: str
    excludes1: tuple[str, ...]
    excludes2: tuple[str, ...]
    code_first: tuple[str, ...]
    use_additional: tuple[str, ...]
    seventh_character: str | None
    """The note that asks for a seventh character, None where the code takes none."""
    edition: str
    code_also: tuple[str, ...] = ()
    includes: tuple[str, ...] = ()
    inclusion_terms: tuple[str, ...] = ()
    """Conditions that are coded here, of the code itself alone."""
    seventh_values: tuple[str, ...] = ()
    """`A initial encounter`, of the nearest code above that lists them."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One place of the release that fits a search."""

    kind: Literal["page", "rule", "family", "code", "modifier"]
    key: str
    title: str
    excerpt: str
    score: float
    system: str = ""
    """CPT, HCPCS, ICD-10-CM or MODIFIER; none for rules and families."""
    why: tuple[str, ...] = ()
    """Short sentences that say why it was found: "bx read as biopsy"."""
