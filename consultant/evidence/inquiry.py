"""One question as the lookups see it: with its date of service, the release, and the codes in play."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from consultant.evidence.asked import Aspect
from consultant.evidence.model import Line
from consultant.questions.model import Question, Subject
from knowledge.choosers import Chosen
from knowledge.model import CodePage, Value
from knowledge.official_model import Fee, NoEdition, Setting
from knowledge.release import Release

PROCEDURE_SYSTEMS = ("CPT", "HCPCS")


@dataclass(frozen=True, slots=True)
class Picked:
    """What a chooser picked for one subject of the letter."""

    subject: Subject
    family: str
    chosen: Chosen


@dataclass(frozen=True, slots=True)
class Inquiry:
    """The question, the date that it is answered for, and what the choosers made of it."""

    question: Question
    release: Release
    on: date
    aspects: frozenset[Aspect]
    picked: tuple[Picked, ...] = ()
    consulted: tuple[str, ...] = ()
    """Families whose choosers spoke for a subject of the letter."""
    lines: tuple[Line, ...] = ()
    """The claim lines that the picked codes were combined into."""

    @property
    def families(self) -> tuple[str, ...]:
        """The families consulted, and those of the codes that the sender wrote."""
        asked = (family for code in self.asked for family in self.release.family_of(code))
        return tuple(dict.fromkeys((*self.consulted, *asked)))

    @property
    def plain(self) -> bool:
        """Whether the letter names codes without a case and without asking for anything special of them."""
        return not (self.aspects or self.consulted)

    @property
    def only_codes(self) -> bool:
        """Whether the letter names procedure codes, and nothing of a case that a chooser could speak of."""
        return bool(self.asked) and not (self.consulted or self.question.subjects)

    @property
    def pages(self) -> tuple[CodePage, ...]:
        """The pages of the codes in play that have one."""
        return tuple(page for code in self.in_play if (page := self.release.page(code)))

    @property
    def setting(self) -> Setting:
        """The kind of claim that edits are looked up for: practitioner unless the letter bills for a facility."""
        facts = self.encounter
        facility = facts.get("role") == "facility"
        return "outpatient_hospital" if facility else "practitioner"

    @property
    def encounter(self) -> Mapping[str, Value]:
        """The facts of the whole encounter by name, the first of each."""
        return {fact.name: fact.value for fact in reversed(self.question.facts)}

    @property
    def asked(self) -> tuple[str, ...]:
        """The procedure codes that the sender wrote, once each, in order."""
        written = (row.code for row in self.question.codes if row.system in PROCEDURE_SYSTEMS)
        return tuple(dict.fromkeys(written))

    @property
    def chosen(self) -> tuple[str, ...]:
        """The codes on the claim lines, once each, in order."""
        return tuple(dict.fromkeys(line.code for line in self.lines))

    @property
    def in_play(self) -> tuple[str, ...]:
        """Chosen and asked codes, once each."""
        return tuple(dict.fromkeys((*self.chosen, *self.asked)))

    @property
    def in_force(self) -> tuple[str, ...]:
        """The codes in play that the release holds on the date of service."""
        return tuple(code for code in self.in_play if held(self.release, code, self.on))

    @property
    def modifiers(self) -> tuple[str, ...]:
        """The modifiers that the sender wrote, alone or on a code, once each, in order."""
        written = [row.code for row in self.question.codes if row.system == "MODIFIER"]
        on_codes = [modifier for row in self.question.codes for modifier in row.modifiers]
        return tuple(dict.fromkeys((*written, *on_codes)))

    @property
    def diagnoses(self) -> tuple[str, ...]:
        """The diagnosis codes that the sender wrote, once each, in order."""
        return tuple(dict.fromkeys(row.code for row in self.question.codes if row.system == "ICD-10-CM"))

    def fee(self, code: str) -> Fee | NoEdition | None:
        """Return the fee-schedule row of a code, from the nearest edition where that of the date is not held."""
        return self.release.fee(code, self.on, nearest=True)

    def add_on(self, code: str) -> bool:
        """Tell whether a code is an add-on code, by the nearest edition where that of the date is not held."""
        answer = self.release.addon(code, self.on, nearest=True)
        return bool(answer) and not isinstance(answer, NoEdition)

    @property
    def fees(self) -> tuple[tuple[str, Fee], ...]:
        """The procedure codes that the sender wrote, as far as the fee schedule has a row of them, each with it."""
        rows = ((code, self.fee(code)) for code in self.asked)
        return tuple((code, row) for code, row in rows if isinstance(row, Fee))

    def values(self, subject: Subject) -> dict[str, Value]:
        """Return the facts of one subject together with those of the encounter; the subject's own win."""
        return {**self.encounter, **subject.values()}


def held(release: Release, code: str, on: date) -> bool:
    """Tell whether the release holds this procedure code on this day."""
    return any(system in PROCEDURE_SYSTEMS for system in release.systems_of(code, on))
