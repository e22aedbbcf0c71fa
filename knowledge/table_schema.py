"""The schema of a chooser: a decision table in YAML, of which the build proves that it has no gap and no overlap."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
SourceKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
ProcedureText = Annotated[str, StringConstraints(pattern=r"^(\d{4}[0-9AFMTU]|[A-V]\d{4})$")]
"""A CPT or HCPCS code in quotes."""
OutcomeText = Annotated[
    str, StringConstraints(pattern=r"^(\d{4}[0-9AFMTU]|[A-V]\d{4}|[A-Z][0-9A-Z][0-9A-Z](\.[0-9A-Z]{1,4})?)$")
]
"""What a row may give: a CPT, HCPCS or ICD-10-CM code, the last with its point."""
ModifierText = Annotated[str, StringConstraints(pattern=r"^[0-9A-Z]{2}$")]
Said = Annotated[str, StringConstraints(min_length=3)]
SourceKeys = Annotated[list[SourceKey], Field(min_length=1)]


Unit = Literal["cm", "cm2", "count", "minutes", "percent", "days", "weeks", "months", "years", "mg", "ml"]
Subject = Literal["lesion", "wound", "repair", "procedure", "encounter", "drug", "diagnosis"]
Cue = Annotated[str, StringConstraints(min_length=2)]


class StrictPart(BaseModel):
    """A part of a chooser: unknown fields and wrong types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Because(StrictPart):
    """A sentence with the keys of its sources. `{value}` and `{words}` stand for a fact and its part in words."""

    text: Said
    cites: SourceKeys


class FactContent(StrictPart):
    """A fact that the chooser knows and may ask for."""

    question: Said
    """In our words, as a coder is asked it."""
    kind: Literal["choice", "number", "yes_no"]
    unit: Unit | None = None
    """Of a number."""
    values: dict[Name, Said] = {}
    """Of a choice: each value and how it is said."""
    zero: bool = False
    """Whether a number may be zero (a margin may, a diameter may not)."""
    cues: dict[str, Annotated[list[Cue], Field(min_length=1)]] = {}
    """How coders write each value of a choice; under `yes` and `no` of a yes_no. Of a number, under `number` the words
    beside it, and under "1" or "3" what stands for so many: phrases of one count are added."""


class RangeContent(StrictPart):
    """A stretch of a number: over the one end, up to and with the other."""

    over: float | int | None = None
    up_to: float | int | None = None


Condition = dict[Name, list[str | bool] | RangeContent | Literal["known", "unknown"]]
"""What must be true of each named fact, all at once."""


class PartContent(StrictPart):
    """A part of an axis: the values of a choice, or a stretch of a number."""

    words: Said
    """As in a sentence: "0.5 cm or less", "face, ears, eyelids, nose, lips or mucous membrane"."""
    values: list[str | bool] = []
    over: float | int | None = None
    up_to: float | int | None = None
    """With `over`: over < value <= up_to. None is "no upper end"."""


class AxisContent(StrictPart):
    """One dimension of the table."""

    fact: Name
    kind: Literal["choice", "interval"]
    parts: Annotated[dict[Name, PartContent], Field(min_length=1)]
    undecided: dict[Name, Because] = {}
    """Values of a choice that are known but decide nothing yet (pathology `pending`), with what to do meanwhile."""
    because: Because
    """What a decided axis says in the answer."""


class StepContent(StrictPart):
    """A stretch of a number and the value of a choice that it stands for: over < number <= up_to."""

    over: float | int | None = None
    up_to: float | int | None = None
    value: Name


class DerivationContent(StrictPart):
    """A fact that follows from others by a named formula of `knowledge.derivations` or `knowledge.levels`."""

    fact: Name
    formula: Literal["plus_twice", "total", "product", "two_of_three", "highest", "steps"]
    of: Annotated[list[Name], Field(min_length=1)]
    steps: list[StepContent] = []
    """Of the formula `steps`: a number that lies in none of them gives nothing."""
    when: Condition = {}
    """The formula holds only where this does; several derivations may give one fact under different conditions."""
    because: Because


class PresumedContent(StrictPart):
    """What holds where a letter says nothing of a fact: a code set's own default, such as "without foreign body"."""

    fact: Name
    value: str | bool
    when: Annotated[Condition, Field(min_length=1)]
    """It holds only where this does."""
    because: Because


class SitesContent(StrictPart):
    """Words for places of the body and the value of a choice that each stands for."""

    fact: Name = "site_group"
    groups: Annotated[dict[Name, Annotated[list[Said], Field(min_length=1)]], Field(min_length=1)]
    """Value -> words. In a file, `regions` may stand beside it or in its place: value -> regions of `common.yaml`."""
    cites: SourceKeys


class CountContent(StrictPart):
    """Units from a number: (number - over) / per, a begun one counting whole, and at least one."""

    of: Name
    over: float | int = 0
    per: float | int = Field(default=1, gt=0)


Units = Annotated[int, Field(ge=1)] | CountContent


class RowContent(StrictPart):
    """One row: a part (or several) of every axis, and the code, or the name of the way out that it leads to."""

    when: dict[Name, list[Name]]
    """Axis -> its parts; an axis that is left out holds for all of its parts."""
    code: OutcomeText | None = None
    outside: Name | None = None
    units: Units = 1

    @model_validator(mode="after")
    def _one_outcome(self) -> Self:
        if (self.code is None) == (self.outside is None):
            raise ValueError("a row needs either a code or the name of a way out under `outside`")
        return self


class AddOnContent(StrictPart):
    """A code that goes with the chosen one when its conditions hold."""

    code: OutcomeText
    only_with: Annotated[list[OutcomeText], Field(min_length=1)]
    when: Annotated[Condition, Field(min_length=1)]
    units: Units = 1
    several: Literal["sum", "once"] = "sum"
    """For several subjects: the units of each added, or once for the encounter."""
    ask: bool = False
    """Whether its facts are asked for where nothing is known of them, and not only where part of `when` holds."""
    because: Because


class LineModifierContent(StrictPart):
    """A modifier that stands on the line of a code when its condition holds."""

    modifier: ModifierText
    only_with: list[OutcomeText] = []
    """Codes that take it; any of the table where none is named."""
    when: Annotated[Condition, Field(min_length=1)]
    apart: Name | None = None
    """A number, such as what was thrown away of a dose, whose units stand on a line of their own with the modifier."""
    otherwise: ModifierText | None = None
    """The modifier of the code's own line where that number makes no unit."""
    because: Because


class OutsideContent(StrictPart):
    """Facts that lead out of the family. The first row that holds wins."""

    name: Name
    when: Condition = {}
    """Left out where only rows of the table lead here."""
    reason: Because
    codes: list[OutcomeText] = []
    """Where to look instead."""


class TogetherContent(StrictPart):
    """Codes chosen for several subjects that one code covers."""

    codes: Annotated[list[OutcomeText], Field(min_length=2)]
    becomes: OutcomeText
    because: Because


class SumContent(StrictPart):
    """A number that is added over the subjects that agree on some axes, before a code is chosen for all of them."""

    fact: Name
    same: list[Name] = []
    """Axes that must be settled: subjects are added where their parts on these lead to the same codes."""
    because: Because


class RankContent(StrictPart):
    """A code of which only the first in rank is reported, and the code that every other subject takes."""

    code: OutcomeText
    then: OutcomeText


class FirstOnlyContent(StrictPart):
    """One primary code for the encounter: the first in rank; all other subjects take add-on codes."""

    ranks: Annotated[list[RankContent], Field(min_length=1)]
    because: Because


class CombineContent(StrictPart):
    """How several lesions or wounds of one encounter are reported."""

    same_code: Literal["units", "lines", "once"]
    """The same code twice: one line with units, a line each, or once for all."""
    because: Because
    different_codes: Because | None = None
    together: list[TogetherContent] = []
    sum: SumContent | None = None
    first_only: FirstOnlyContent | None = None
    each: list[Name] = []
    """Facts of which every value that a letter gives takes a code of its own: the complications of one disease."""
    units_of: list[str] = []
    """Codes that stand on one line with units, whatever `same_code` says of the others."""


class ChooserContent(StrictPart):
    """A family's decision table."""

    subject: Subject
    effective: date
    """First date of service that the table holds for."""
    ended: date | None = None
    entry: Annotated[list[Condition], Field(min_length=1)]
    """The family speaks for a subject when any of these holds."""
    facts: Annotated[dict[Name, FactContent], Field(min_length=1)]
    sites: list[SitesContent] = []
    derived: list[DerivationContent] = []
    presumed: list[PresumedContent] = []
    hides: dict[Name, list[Name]] = {}
    """Value of the fact that leads into the family -> values, of any family, that a letter names only beside it: the
    tumor whose excision the infected wound is from."""
    axes: Annotated[list[AxisContent], Field(min_length=1)]
    rows: Annotated[list[RowContent], Field(min_length=1)]
    cites: SourceKeys
    """Sources of the rows themselves."""
    add_ons: list[AddOnContent] = []
    modifiers: list[LineModifierContent] = []
    outside: list[OutsideContent] = []
    combine: CombineContent
