"""The schema of a chooser: a decision table in YAML, of which the build proves that it has no gap and no overlap."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
SourceKey = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]*$")]
CptText = Annotated[str, StringConstraints(pattern=r"^(\d{4}[0-9AFMTU]|[A-V]\d{4})$")]
Said = Annotated[str, StringConstraints(min_length=3)]
SourceKeys = Annotated[list[SourceKey], Field(min_length=1)]


FACT_NAMES = frozenset(
    {
        "site",
        "site_group",
        "laterality",
        "lesion_diameter_cm",
        "margin_cm",
        "excised_diameter_cm",
        "pathology",
        "technique",
        "depth",
        "closure_class",
        "closure_length_cm",
        "re_excision",
        "region",
        "necrotizing_infection",
        "depth_removed",
        "area_cm2",
        "mesh_removed",
        "mesh_infected",
        "payer",
        "setting",
        "role",
        "age_years",
        "sex",
        "new_patient",
    }
)
"""What a letter may be found to say of a lesion, of a wound and of the encounter; choosers know some of these."""


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
    unit: Literal["cm", "cm2", "count", "minutes"] | None = None
    """Of a number."""
    values: dict[Name, Said] = {}
    """Of a choice: each value and how it is said."""
    zero: bool = False
    """Whether a number may be zero (a margin may, a diameter may not)."""


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


class DerivationContent(StrictPart):
    """A number that follows from others by a named formula of `knowledge.derivations`."""

    fact: Name
    formula: Literal["plus_twice", "total", "product"]
    of: Annotated[list[Name], Field(min_length=2)]
    because: Because


class SitesContent(StrictPart):
    """Words for places of the body and the value of a choice that each stands for."""

    fact: Name = "site_group"
    groups: dict[Name, Annotated[list[Said], Field(min_length=1)]]
    cites: SourceKeys


class RowContent(StrictPart):
    """One row: a part (or several) of every axis, and the code."""

    when: dict[Name, list[Name]]
    """Axis -> its parts; an axis that is left out holds for all of its parts."""
    code: CptText
    units: int = Field(default=1, ge=1)


class AddOnContent(StrictPart):
    """A code that goes with the chosen one when its conditions hold."""

    code: CptText
    only_with: Annotated[list[CptText], Field(min_length=1)]
    when: Annotated[Condition, Field(min_length=1)]
    units: int = Field(default=1, ge=1)
    because: Because


class OutsideContent(StrictPart):
    """Facts that lead out of the family. The first row that holds wins."""

    name: Name
    when: Annotated[Condition, Field(min_length=1)]
    reason: Because
    codes: list[CptText] = []
    """Where to look instead."""


class TogetherContent(StrictPart):
    """Codes chosen for several subjects that one code covers."""

    codes: Annotated[list[CptText], Field(min_length=2)]
    becomes: CptText
    because: Because


class CombineContent(StrictPart):
    """How several lesions or wounds of one encounter are reported."""

    same_code: Literal["units", "lines", "once"]
    """The same code twice: one line with units, a line each, or once for all."""
    because: Because
    different_codes: Because | None = None
    together: list[TogetherContent] = []


class ChooserContent(StrictPart):
    """A family's decision table."""

    subject: Literal["lesion", "wound", "repair", "procedure"]
    system: Literal["CPT", "HCPCS"] = "CPT"
    effective: date
    """First date of service that the table holds for."""
    ended: date | None = None
    entry: Annotated[list[Condition], Field(min_length=1)]
    """The family speaks for a subject when any of these holds."""
    facts: Annotated[dict[Name, FactContent], Field(min_length=1)]
    sites: list[SitesContent] = []
    derived: list[DerivationContent] = []
    axes: Annotated[list[AxisContent], Field(min_length=1)]
    rows: Annotated[list[RowContent], Field(min_length=1)]
    cites: SourceKeys
    """Sources of the rows themselves."""
    add_ons: list[AddOnContent] = []
    outside: list[OutsideContent] = []
    combine: CombineContent
