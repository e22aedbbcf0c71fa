"""The value types that readers of a release receive: citations, code pages, rules, and rows of official files."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Value = str | float | int | bool
"""A fact's value: lengths in cm, areas in cm2, a closed word, or yes and no."""

Setting = Literal["practitioner", "outpatient_hospital", "dme"]


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


@dataclass(frozen=True, slots=True)
class NoEdition:
    """The release holds no edition of a file for the date: never to be read as "no edit"."""

    kind: str
    """The file: ptp, mue, add_on, fee."""
    on: date
    held: tuple[str, ...]
    """Names of the editions held for the setting asked, oldest first; empty when none is."""


@dataclass(frozen=True, slots=True)
class PtpEdit:
    """One window of one procedure-to-procedure edit, as the file gives it."""

    column_one: str
    column_two: str
    effective: date | None
    """None where the file held gives no effective dates."""
    deleted: date | None
    """The last day on which it held (inclusive); None while it stands."""
    indicator: str
    """0 no modifier bypasses it, 1 an NCCI-associated modifier may, 9 the edit is void."""
    rationale: str
    edition: str

    def in_force(self, on: date) -> bool:
        """Tell whether the edit applies on a date of service; a void one (9) never does."""
        began = self.effective is None or self.effective <= on
        return began and (self.deleted is None or on <= self.deleted) and self.indicator != "9"


@dataclass(frozen=True, slots=True)
class PtpAnswer:
    """Every window of a pair, both orders, in one edition; no edits means that the edition has none.

    Windows that are over or void are among them, so ask each edit whether it is `in_force`.
    """

    edition: str
    edits: tuple[PtpEdit, ...]
    for_date: bool = True
    """False when the edition is the nearest held and not the one for the date asked."""


@dataclass(frozen=True, slots=True)
class Mue:
    """A medically unlikely edit; absence of one is not "no limit", as some values are confidential."""

    code: str
    setting: Setting
    units: int
    indicator: str
    """1 per claim line, 2 per day by policy (absolute), 3 per day by clinical data (records may overturn it)."""
    rationale: str
    edition: str
    for_date: bool = True


@dataclass(frozen=True, slots=True)
class AddOn:
    """An add-on code with the primaries that it may go with."""

    add_on: str
    kind: str
    """1 only the listed primaries, 2 primaries set by the contractor, 3 some listed and some set by the contractor."""
    primaries: tuple[str, ...]
    edition: str
    for_date: bool = True


@dataclass(frozen=True, slots=True)
class Fee:
    """The payment indicators of one row of the Medicare physician fee schedule."""

    code: str
    modifier: str
    status: str
    global_days: str
    """000, 010, 090, MMM, XXX, YYY or ZZZ."""
    multiple: str
    bilateral: str
    assistant: str
    co_surgeon: str
    team: str
    pctc: str
    edition: str
    for_date: bool = True


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


@dataclass(frozen=True, slots=True)
class SourceEdition:
    """One source compiled into a release."""

    kind: str
    """ptp, mue, add_on, fee, icd10cm, modifier or content."""
    edition: str
    effective: date | None
    ended: date | None
    rows: int
    sha256: str
    """Over the rows as compiled."""
    note: str = ""
    """What a reader must know of the edition: fields that are missing, the setting that it holds for."""
    partial: bool = False
    """True where only rows about codes that the families name were taken: of any other code it says nothing."""


@dataclass(frozen=True, slots=True)
class Hit:
    """One place of the release that fits a search."""

    kind: Literal["page", "rule", "family", "code"]
    key: str
    title: str
    excerpt: str
    score: float
