"""The schema of a family's YAML file: strict, nothing extra, every statement with the keys of its sources.

The chooser of a family has its own schema in `table_schema`. Placeholders in the shared sections, `{site_words}`,
are filled from the `words` of each code, so that one text serves many codes and each page still comes out whole.
"""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from knowledge.table_schema import ChooserContent, ModifierText

Text = Annotated[str, StringConstraints(min_length=3)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
"""A name within one file: of a source, a rule, a placeholder."""
CodeText = Annotated[str, StringConstraints(pattern=r"^(\d{4}[0-9AFMTU]|[A-V]\d{4}|\{[a-z][a-z0-9_]*\})$")]
"""A CPT or HCPCS code in quotes, or the placeholder that stands for one in a shared section."""
OutcomeText = Annotated[
    str,
    StringConstraints(
        pattern=r"^(\d{4}[0-9AFMTU]|[A-V]\d{4}|[A-Z][0-9A-Z][0-9A-Z](\.[0-9A-Z]{1,4})?|\{[a-z][a-z0-9_]*\})$"
    ),
]
"""What a worked case leads to: a procedure code or a diagnosis."""
IcdText = Annotated[str, StringConstraints(pattern=r"^[A-Z][0-9A-Z][0-9A-Z](\.[0-9A-Z]{1,4})?$|^\{[a-z][a-z0-9_]*\}$")]
"""An ICD-10-CM code or category with its point: D22, D22.39."""
FactName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Cites = Annotated[list[Key], Field(min_length=1)]
Topic = Literal[
    "code_selection",
    "guideline",
    "modifier",
    "crosswalk",
    "ncci_edit",
    "compliance",
    "medicare_coverage",
    "documentation",
    "other",
]


class Strict(BaseModel):
    """A part of the content: unknown fields and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class SourceContent(Strict):
    """A source that statements refer to by its key."""

    source: Text
    section: Text
    edition: Annotated[str, StringConstraints(min_length=1)]
    effective: date | None = None
    verified: bool = False
    """True only where somebody read the primary source itself."""


class StatementContent(Strict):
    """A sentence with the keys of its sources."""

    text: Text
    cites: Cites


class DocumentationContent(StatementContent):
    """One thing that the record must show, and the facts of a letter that show it."""

    facts: list[FactName] = []


class CodeRemarkContent(StatementContent):
    """What is said of another procedure code."""

    code: CodeText


class ModifierRemarkContent(StatementContent):
    """What is said of a modifier on one code."""

    code: ModifierText


class NeighbourContent(Strict):
    """Another code that is taken for this one, and the difference."""

    code: CodeText
    difference: Text
    cites: Cites


class ModifierNeighbourContent(Strict):
    """Another modifier that is taken for this one, and the difference."""

    code: ModifierText
    difference: Text
    cites: Cites


class DiagnosisContent(StatementContent):
    """An ICD-10-CM code or category and what it does for the procedure."""

    code: IcdText
    role: Literal["supports", "conflicts"]


class ModifierContent(Strict):
    """A modifier's test in this family."""

    code: ModifierText
    purpose: Text
    criteria: Annotated[list[Text], Field(min_length=1)]
    """Each can be answered yes or no from a record."""
    any_of: bool = False
    do_not: list[Text] = []
    cites: Cites


class RuleContent(StatementContent):
    """A rule of the family."""

    id: Key
    topics: Annotated[list[Topic], Field(min_length=1)]
    codes: list[CodeText] = []
    """Codes that it speaks of; none means all of the family."""
    modifiers: list[ModifierText] = []
    diagnoses: list[IcdText] = []
    """ICD-10-CM codes and categories that it speaks of."""
    asked: list[Text] = []
    """How coders ask for it, and the situations that call for it, in their words: it is found by them, and they are
    never told."""


class ModifierPageContent(Strict):
    """The page of one modifier: what it is for, how it is tested, where it goes and what decides."""

    title: Text
    purpose: Annotated[list[StatementContent], Field(min_length=1)]
    criteria: Annotated[list[Text], Field(min_length=1)]
    """Each can be answered yes or no from a record."""
    any_of: bool = False
    goes_on: Annotated[list[StatementContent], Field(min_length=1)]
    not_on: Annotated[list[StatementContent], Field(min_length=1)]
    decided_by: Annotated[list[StatementContent], Field(min_length=1)]
    """The indicator or file that tells whether it is accepted: bilateral indicator, PTP indicator, MUE, global days."""
    documentation: list[StatementContent] = []
    common_mistakes: Annotated[list[StatementContent], Field(min_length=1)]
    neighbours: list[ModifierNeighbourContent] = []
    cites: Cites


class WorkedCaseContent(Strict):
    """An invented case; the chooser must give `outcome` for `facts`."""

    case: Text
    facts: dict[FactName, str | float | int | bool]
    """In a shared section a value may be a placeholder alone, "{example_lesion_cm}", and then takes its number."""
    outcome: OutcomeText
    units: int = Field(default=1, ge=1)
    reasoning: Text
    cites: Cites


class Sections(Strict):
    """The sections of a code's page; a code's own come after those that it shares."""

    title: Text | None = None
    description: list[StatementContent] = []
    applies_when: list[StatementContent] = []
    does_not_apply: list[StatementContent] = []
    documentation: list[DocumentationContent] = []
    common_mistakes: list[StatementContent] = []
    neighbours: list[NeighbourContent] = []
    diagnoses: list[DiagnosisContent] = []
    modifiers: list[ModifierRemarkContent] = []
    included: list[StatementContent] = []
    separately_reportable: list[CodeRemarkContent] = []
    worked_case: WorkedCaseContent | None = None


class CodeContent(Sections):
    """One code: its placeholders, its dates, and what is said of it alone."""

    words: dict[FactName, str | float | int | bool] = {}
    effective: date | None = None
    ended: date | None = None


class SharedContent(Sections):
    """Sections that several codes share."""

    codes: Annotated[list[CodeText], Field(min_length=1)] | Literal["all"]
    needs: list[FactName] = []
    """Used only for codes whose `words` have all of these: `smaller` for every size but the smallest."""


class FamilyContent(Strict):
    """One file under content/families/, named after its id."""

    id: Key
    title: Text
    purpose: Annotated[list[StatementContent], Field(min_length=1)]
    reviewed_on: date
    sources: Annotated[dict[Key, SourceContent], Field(min_length=1)]
    chooser: ChooserContent | None = None
    """None where the choice does not follow from facts."""
    without: dict[Literal["diagnoses", "modifiers", "neighbours", "included"], Text] = {}
    """Sections that the pages of this family need not have, each with the reason."""
    rules: Annotated[list[RuleContent], Field(min_length=1)]
    modifiers: list[ModifierContent] = []
    included: list[StatementContent] = []
    separately_reportable: list[CodeRemarkContent] = []
    diagnoses: list[DiagnosisContent] = []
    common_mistakes: list[StatementContent] = []
    neighbours: list[NeighbourContent] = []
    documentation: list[DocumentationContent] = []
    excluded_here: list[StatementContent] = []
    shared: list[SharedContent] = []
    codes: dict[CodeText, CodeContent] = {}
    """None in a family of rules alone."""
    modifier_pages: dict[ModifierText, ModifierPageContent] = {}
