"""Turns a family's content into the values of a release: pages, rules, the family itself, its decision table."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pydantic import ValidationError

from knowledge import filling, proving, tabling
from knowledge.choosers import Chooser, Open, Outside
from knowledge.model import (
    Citation,
    CodePage,
    CodeRemark,
    Diagnosis,
    DocumentationItem,
    Family,
    ModifierPage,
    ModifierTest,
    Rule,
    Statement,
    WorkedCase,
    system_of,
)
from knowledge.reading import Problem, said, walk
from knowledge.schema import (
    DiagnosisContent,
    DocumentationContent,
    FamilyContent,
    ModifierPageContent,
    NeighbourContent,
    Sections,
    SourceContent,
    StatementContent,
    WorkedCaseContent,
)
from knowledge.tables import Table

REQUIRED = (
    "title",
    "description",
    "applies_when",
    "does_not_apply",
    "documentation",
    "common_mistakes",
    "neighbours",
    "diagnoses",
    "modifiers",
    "included",
    "worked_case",
)
"""Sections without which a page is refused: a coder looks for each of them."""

_LISTS = (
    "description",
    "applies_when",
    "does_not_apply",
    "documentation",
    "common_mistakes",
    "neighbours",
    "diagnoses",
    "modifiers",
    "included",
    "separately_reportable",
)


@dataclass(frozen=True, slots=True)
class Compiled:
    """One family as a release holds it."""

    family: Family
    pages: tuple[CodePage, ...]
    rules: tuple[Rule, ...]
    table: Table | None
    """None for a family without a chooser."""
    modifier_pages: tuple[ModifierPage, ...] = ()


def problems_of(content: FamilyContent) -> list[Problem]:
    """Return all that is wrong in a family by itself; codes of other sets are checked by the build."""
    found = list(filling.problems_of(content))
    for place, part in walk(content):
        strange = [key for key in getattr(part, "cites", ()) if key not in content.sources]
        found += [Problem((*place, "cites"), f"{key} is not among the sources of the family") for key in strange]
    if content.chooser is not None:
        chooser = proving.prove(content.chooser, set(content.codes))
        found += [Problem(("chooser", *problem.place), problem.message) for problem in chooser]
    elif not content.codes and not content.modifier_pages and len(content.rules) < 2:
        found.append(Problem((), "a family without codes, chooser and modifiers needs rules"))
    for number, shared in enumerate(content.shared):
        if shared.codes != "all":
            strange = sorted(set(shared.codes) - set(content.codes))
            found += [Problem(("shared", number), f"{code} has no entry under codes") for code in strange]
    for number, rule in enumerate(content.rules):
        if [row.id for row in content.rules].count(rule.id) > 1:
            found.append(Problem(("rules", number), f"the rule {rule.id} stands twice"))
    found = found or [problem for code in content.codes for problem in _page_problems(content, code)]
    return found or _case_problems(content)


def compile_family(content: FamilyContent) -> Compiled:
    """Return the family as values; the content must have no problems."""
    sources = citations(content)
    pages = tuple(_page(content, code, sources) for code in content.codes)
    rules = tuple(
        Rule(
            row.id,
            content.id,
            row.text,
            tuple(row.topics),
            tuple(row.codes) or tuple(content.codes),
            tuple(row.modifiers),
            _cited(row.cites, sources),
            tuple(row.diagnoses),
            tuple(row.asked),
        )
        for row in content.rules
    )
    supported = {page.code: tuple(row.code for row in page.diagnoses if row.role == "supports") for page in pages}
    table = tabling.table_of(content.id, content.chooser, sources, supported) if content.chooser else None
    modifier_pages = tuple(
        _modifier_page(content, code, page, sources) for code, page in content.modifier_pages.items()
    )
    return Compiled(_family(content, sources), pages, rules, table, modifier_pages)


def citations(content: FamilyContent) -> dict[str, Citation]:
    """Return the sources of a family as citations, by key."""
    return {key: _citation(row) for key, row in content.sources.items()}


def _citation(source: SourceContent) -> Citation:
    """Return one source as a citation."""
    return Citation(source.source, source.section, source.edition, source.effective, source.verified)


def _page_problems(content: FamilyContent, code: str) -> list[Problem]:
    """Return what a page lacks, and what a filled placeholder makes wrong."""
    try:
        sections = _merged(content, code)
    except ValidationError as error:
        return [Problem(("codes", code), f"{'.'.join(map(str, row.place))}: {row.message}") for row in said(error)]
    lacking = [name for name in REQUIRED if not getattr(sections, name) and name not in content.without]
    return [Problem(("codes", code), f"its page has no {name}") for name in lacking]


def _case_problems(content: FamilyContent) -> list[Problem]:
    """Return the worked cases that the family's own chooser answers otherwise."""
    compiled = compile_family(content)
    if compiled.table is None:
        return []
    chooser = Chooser(compiled.table)
    said = [(page.code, case_problem(chooser, page)) for page in compiled.pages]
    return [Problem(("codes", code), problem) for code, problem in said if problem]


def case_problem(chooser: Chooser, page: CodePage) -> str | None:
    """Return what is wrong with the worked case of a page, None where the chooser gives its outcome."""
    case = page.worked_case
    facts = dict(case.facts)
    strange = sorted(set(facts) - {fact.name for fact in chooser.facts} - {"site"})
    if strange:
        return f"the worked case has facts that the chooser does not know: {', '.join(strange)}"
    if not chooser.applies(facts):
        return "the chooser does not speak for the worked case: no entry condition holds"
    answer = chooser.choose(facts, page.reviewed_on)
    if isinstance(answer, Open):
        return f"the worked case leaves open: {', '.join(ask.fact for ask in answer.missing)}"
    if isinstance(answer, Outside):
        return f"the worked case leads outside ({answer.name})"
    given = {answer.code: answer.units, **dict(answer.add_ons)}
    if page.code not in given:
        return f"the worked case gives {', '.join(given)}, which is not the code of this page"
    if given.get(case.outcome) != case.units:
        what = ", ".join(f"{code} x {units}" for code, units in given.items())
        return f"the worked case gives {what}, not {case.outcome} x {case.units}"
    return None


def _merged(content: FamilyContent, code: str) -> Sections:
    """Return all sections of a page: lists one after the other, title and worked case the last that is given."""
    words = filling.words_of(code, content.codes[code])
    parts = [filling.fill(sections, words) for _, sections in filling.parts_of(content, code)]
    tree: dict[str, object] = {name: [row for part in parts for row in getattr(part, name)] for name in _LISTS}
    for name in ("title", "worked_case"):
        tree[name] = next((getattr(part, name) for part in reversed(parts) if getattr(part, name)), None)
    return Sections.model_validate(tree)


def _page(content: FamilyContent, code: str, sources: Mapping[str, Citation]) -> CodePage:
    """Return the page of one code."""
    row, own = _merged(content, code), content.codes[code]
    if row.title is None or row.worked_case is None:
        raise ValueError(f"The page of {code} has no title or no worked case.")
    return CodePage(
        system=system_of(code),
        code=code,
        family=content.id,
        title=row.title,
        description=_said(row.description, sources),
        applies_when=_said(row.applies_when, sources),
        does_not_apply=_said(row.does_not_apply, sources),
        documentation=_items(row.documentation, sources),
        common_mistakes=_said(row.common_mistakes, sources),
        neighbours=_neighbours(row.neighbours, sources),
        diagnoses=_diagnoses(row.diagnoses, sources),
        modifiers=tuple(CodeRemark(one.code, one.text, _cited(one.cites, sources)) for one in row.modifiers),
        included=_said(row.included, sources),
        separately_reportable=tuple(
            CodeRemark(one.code, one.text, _cited(one.cites, sources)) for one in row.separately_reportable
        ),
        worked_case=_case(row.worked_case, sources),
        effective=own.effective,
        ended=own.ended,
        reviewed_on=content.reviewed_on,
    )


def _family(content: FamilyContent, sources: Mapping[str, Citation]) -> Family:
    """Return what holds for the whole family."""
    return Family(
        id=content.id,
        title=content.title,
        purpose=_said(content.purpose, sources),
        reviewed_on=content.reviewed_on,
        codes=tuple(content.codes),
        modifiers=tuple(
            ModifierTest(
                row.code, row.purpose, tuple(row.criteria), row.any_of, tuple(row.do_not), _cited(row.cites, sources)
            )
            for row in content.modifiers
        ),
        included=_said(content.included, sources),
        separately_reportable=tuple(
            CodeRemark(row.code, row.text, _cited(row.cites, sources)) for row in content.separately_reportable
        ),
        diagnoses=_diagnoses(content.diagnoses, sources),
        common_mistakes=_said(content.common_mistakes, sources),
        neighbours=_neighbours(content.neighbours, sources),
        documentation=_items(content.documentation, sources),
        excluded_here=_said(content.excluded_here, sources),
        topics=tuple(dict.fromkeys(topic for rule in content.rules for topic in rule.topics)),
        without=tuple(content.without.items()),
    )


def _modifier_page(
    content: FamilyContent, code: str, page: ModifierPageContent, sources: Mapping[str, Citation]
) -> ModifierPage:
    """Return the page of one modifier."""
    return ModifierPage(
        code=code,
        family=content.id,
        title=page.title,
        purpose=_said(page.purpose, sources),
        criteria=tuple(page.criteria),
        any_of=page.any_of,
        goes_on=_said(page.goes_on, sources),
        not_on=_said(page.not_on, sources),
        decided_by=_said(page.decided_by, sources),
        documentation=_said(page.documentation, sources),
        common_mistakes=_said(page.common_mistakes, sources),
        neighbours=tuple(CodeRemark(row.code, row.difference, _cited(row.cites, sources)) for row in page.neighbours),
        citations=_cited(page.cites, sources),
        reviewed_on=content.reviewed_on,
    )


def _cited(keys: Iterable[str], sources: Mapping[str, Citation]) -> tuple[Citation, ...]:
    """Return the citations that keys stand for."""
    return tuple(sources[key] for key in keys)


def _said(rows: Iterable[StatementContent], sources: Mapping[str, Citation]) -> tuple[Statement, ...]:
    """Return statements with their citations."""
    return tuple(Statement(row.text, _cited(row.cites, sources)) for row in rows)


def _items(rows: Iterable[DocumentationContent], sources: Mapping[str, Citation]) -> tuple[DocumentationItem, ...]:
    """Return what the record must show."""
    return tuple(DocumentationItem(row.text, _cited(row.cites, sources), tuple(row.facts)) for row in rows)


def _neighbours(rows: Iterable[NeighbourContent], sources: Mapping[str, Citation]) -> tuple[CodeRemark, ...]:
    """Return neighbouring codes with their differences."""
    return tuple(CodeRemark(row.code, row.difference, _cited(row.cites, sources)) for row in rows)


def _diagnoses(rows: Iterable[DiagnosisContent], sources: Mapping[str, Citation]) -> tuple[Diagnosis, ...]:
    """Return diagnoses with what they do."""
    return tuple(Diagnosis(row.code, row.role, row.text, _cited(row.cites, sources)) for row in rows)


def _case(row: WorkedCaseContent, sources: Mapping[str, Citation]) -> WorkedCase:
    """Return the worked case."""
    facts = tuple(row.facts.items())
    return WorkedCase(row.case, facts, row.outcome, row.units, row.reasoning, _cited(row.cites, sources))
