"""Reads `content/limits.yaml`, for whom codes are; refuses rows without a source, and two that limit one code."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated

from pydantic import Field, StringConstraints, ValidationError, model_validator

from knowledge.limits import Limit, Limits, Sex, ends, within
from knowledge.model import Citation, Statement, system_of
from knowledge.official_model import SourceEdition
from knowledge.reading import ContentRefused, Place, Problem, read_tree, said, worded
from knowledge.schema import Cites, Key, SourceContent, StatementContent, Strict, Text
from knowledge.version import digest_of

LIMITS = "limits.yaml"

_CODE = r"(\d{4}[0-9AFMTU]|[A-Z][0-9A-Z][0-9A-Z](\.[0-9A-Z]{1,4})?)"
CodesText = Annotated[str, StringConstraints(pattern=rf"^{_CODE}(-{_CODE})?$")]
"""A CPT code, an ICD-10-CM code or category with its point, or a range of them: N40-N53."""
Years = Annotated[int, Field(ge=0, le=120)]


class LimitContent(Strict):
    """One row: codes, and the sex or the ages of the patients that they are for."""

    id: Key
    codes: Annotated[list[CodesText], Field(min_length=1)]
    about: Text
    sex: Sex | None = None
    youngest: Years | None = None
    oldest: Years | None = None
    unless: str = ""
    effective: date
    cites: Cites

    @model_validator(mode="after")
    def _limits_something(self) -> "LimitContent":
        if self.sex is None and not self.by_age:
            raise ValueError("a sex, the youngest or the oldest age is needed")
        if self.youngest is not None and self.oldest is not None and self.youngest > self.oldest:
            raise ValueError("the youngest age is above the oldest")
        backwards = [codes for codes in self.codes if ends(codes)[0] > ends(codes)[1]]
        if backwards:
            raise ValueError(f"the range {backwards[0]} ends before it begins")
        return self

    @property
    def by_age(self) -> bool:
        """Whether it limits the age."""
        return self.youngest is not None or self.oldest is not None


class LimitsContent(Strict):
    """The file `limits.yaml`."""

    reviewed_on: date
    sources: dict[Key, SourceContent]
    other_sex: StatementContent
    """What a claim carries where the sex on file is not that of the anatomy."""
    limits: Annotated[list[LimitContent], Field(min_length=1)]


def read_limits(path: Path, icd: Mapping[str, bool], paged: Collection[str]) -> tuple[Limits, date | None]:
    """Return the limits of a file and the day of their review; none where there is no such file.

    `icd` holds the codes and categories of the ICD-10-CM edition that is held, `paged` the procedure codes with a
    page. `ContentRefused` names line and field of all that is wrong.
    """
    if not path.exists():
        return Limits(), None
    try:
        content = LimitsContent.model_validate(read_tree(path))
    except ValidationError as error:
        raise ContentRefused(worded(path, said(error))) from error
    problems = [*_sources(content), *_codes(content, icd, paged), *_twice(content, icd, paged)]
    if problems:
        raise ContentRefused(worded(path, problems))
    return _compiled(content), content.reviewed_on


def count_limits(path: Path) -> int:
    """Return how many rows a file holds that was read and found right; 0 without the file."""
    return len(LimitsContent.model_validate(read_tree(path)).limits) if path.exists() else 0


def edition_of_limits(limits: Limits, reviewed: date) -> SourceEdition:
    """Return the limits as a source: other limits are another release."""
    digest = digest_of([repr(limits)])
    note = "Sex and ages that code sets give for their codes."
    return SourceEdition("limits", reviewed.isoformat(), reviewed, None, len(limits.rows), digest, note)


def _sources(content: LimitsContent) -> Iterator[Problem]:
    """Find keys of sources that are not listed."""
    cited: list[tuple[Place, list[str]]] = [(("other_sex", "cites"), content.other_sex.cites)]
    cited += [(("limits", number, "cites"), row.cites) for number, row in enumerate(content.limits)]
    for place, keys in cited:
        for key in keys:
            if key not in content.sources:
                yield Problem(place, f"{key} is not among the sources of the file")


def _codes(content: LimitsContent, icd: Mapping[str, bool], paged: Collection[str]) -> Iterator[Problem]:
    """Find codes that nobody has: diagnoses beyond the edition held, procedures without a page."""
    for number, row in enumerate(content.limits):
        for place, codes in enumerate(row.codes):
            for code in dict.fromkeys(ends(codes)):
                if system_of(code) == "ICD-10-CM" and code not in icd:
                    message = f"{code} is not a code or category of the ICD-10-CM edition that is held"
                    yield Problem(("limits", number, "codes", place), message)
                if system_of(code) != "ICD-10-CM" and code not in paged:
                    yield Problem(("limits", number, "codes", place), f"{code} has a page in no family")


def _twice(content: LimitsContent, icd: Mapping[str, bool], paged: Collection[str]) -> Iterator[Problem]:
    """Find rows that limit the sex, or the age, of one code twice: a reader would not know which of them holds."""
    ids = [row.id for row in content.limits]
    held = sorted({*icd, *paged})
    owners: dict[tuple[str, str], str] = {}
    for number, row in enumerate(content.limits):
        if ids.index(row.id) < number:
            yield Problem(("limits", number, "id"), f"{row.id} stands twice")
        kinds = [kind for kind, limited in (("sex", row.sex is not None), ("age", row.by_age)) if limited]
        overlaps: dict[tuple[str, str], str] = {}
        for code in (code for code in held if any(within(code, codes) for codes in row.codes)):
            for kind in kinds:
                owner = owners.setdefault((kind, code), row.id)
                if owner != row.id:
                    overlaps.setdefault((kind, owner), code)
        for (kind, owner), code in overlaps.items():
            yield Problem(("limits", number, "codes"), f"an overlap: {owner} limits the {kind} of {code} already")


def _compiled(content: LimitsContent) -> Limits:
    """Put the sources in the place of their keys."""
    sources = {
        key: Citation(row.source, row.section, row.edition, row.effective, row.verified)
        for key, row in content.sources.items()
    }
    rows = tuple(
        Limit(
            id=row.id,
            codes=tuple(row.codes),
            about=row.about,
            sex=row.sex,
            youngest=row.youngest,
            oldest=row.oldest,
            unless=row.unless,
            effective=row.effective,
            citations=tuple(sources[key] for key in row.cites),
        )
        for row in content.limits
    )
    other_sex = Statement(content.other_sex.text, tuple(sources[key] for key in content.other_sex.cites))
    return Limits(rows, other_sex)
