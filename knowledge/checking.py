"""What a curator runs on a file while writing it, without building a release: `consultant knowledge check FILE`."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from knowledge import codesets
from knowledge.build import CONTENT
from knowledge.choosers import Chooser, Chosen, Open, Outside
from knowledge.common import Common
from knowledge.compiling import Compiled, compile_family
from knowledge.crosschecks import problems_across
from knowledge.facts import read_facts
from knowledge.limiting import read_limits
from knowledge.limits import Limits
from knowledge.model import Value
from knowledge.reading import ContentRefused, read_common, read_family
from knowledge.schema import FamilyContent
from knowledge.showing import modifier_text, page_text
from knowledge.uncovered import Uncovered
from knowledge.uncovering import read_uncovered


def check_file(path: Path, content: Path = CONTENT) -> Compiled:
    """Return a family, compiled, or raise `ContentRefused` with all that a build would refuse of it.

    It is held against the other families of the content, the official rows and ICD-10-CM. Another family that cannot
    be read is passed over: it is for whoever writes it to mend.
    """
    common = read_common(content / "common.yaml")
    family = read_family(path, common)
    others = []
    for other in sorted((content / "families").glob("*.yaml")):
        if other.name != path.name:
            others += _readable(other, common)
    icd = {row.code: row.billable for row in codesets.icd10cm()}
    problems = problems_across(path, family, others, read_facts(content / "facts"), icd)
    if problems:
        raise ContentRefused(problems)
    return compile_family(family)


def check_limits(path: Path, content: Path = CONTENT) -> Limits:
    """Return the limits of sex and age, or raise `ContentRefused` with all that a build would refuse of them."""
    common = read_common(content / "common.yaml")
    families = [
        family for other in sorted((content / "families").glob("*.yaml")) for family in _readable(other, common)
    ]
    icd = {row.code: row.billable for row in codesets.icd10cm()}
    limits, _ = read_limits(path, icd, {code for family in families for code in family.codes})
    return limits


def check_uncovered(path: Path, content: Path = CONTENT) -> tuple[Uncovered, ...]:
    """Return what no family holds, or raise `ContentRefused` with all that a build would refuse of it."""
    rows, _ = read_uncovered(path, {other.stem for other in (content / "families").glob("*.yaml")})
    return rows


def _readable(path: Path, common: Common) -> list[FamilyContent]:
    try:
        return [read_family(path, common)]
    except ContentRefused:
        return []


def pages_text(family: Compiled, code: str) -> str:
    """Return the page of a code or modifier as a reader sees it."""
    texts = [page_text(page) for page in family.pages if page.code == code]
    texts += [modifier_text(page) for page in family.modifier_pages if page.code == code]
    return texts[0] if texts else f"{code} has no page in this family."


def chosen_text(family: Compiled, facts: Sequence[str], on: date) -> str:
    """Return what the chooser makes of facts, each written `name=value`."""
    if family.table is None:
        return "The family has no chooser."
    chooser = Chooser(family.table)
    known = {name: _value(text) for name, _, text in (row.partition("=") for row in facts)}
    strange = sorted(set(known) - {fact.name for fact in chooser.facts} - {"site"})
    lines = [f"{name} is no fact of this chooser" for name in strange]
    if not chooser.applies(known):
        lines.append("No entry condition holds: the family would not speak for this subject.")
    return "\n".join([*lines, *_outcome(chooser.choose(known, on))])


def _value(text: str) -> Value:
    """Read a fact's value as it is typed: true, false, a number or a word."""
    if text in {"true", "false"}:
        return text == "true"
    try:
        return float(Decimal(text))
    except InvalidOperation:
        return text


def _outcome(outcome: Chosen | Open | Outside) -> list[str]:
    if isinstance(outcome, Outside):
        return [f"Outside ({outcome.name}): {outcome.reason.text} {', '.join(outcome.codes)}".rstrip()]
    chosen = outcome if isinstance(outcome, Chosen) else outcome.settled
    codes = ((chosen.code, chosen.units), *chosen.add_ons) if chosen else ()
    said = outcome.statements if isinstance(outcome, Chosen) else outcome.certain
    lines = [", ".join(f"{code} x {units}" for code, units in codes)] if codes else []
    lines += [f"  {statement.text}" for statement in said]
    for ask in outcome.missing if isinstance(outcome, Open) else ():
        lines.append(f"? {ask.fact}: {ask.question}")
        lines += [f"    {value}: {becomes}" for value, becomes in ask.becomes]
    return lines
