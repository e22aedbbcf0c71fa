"""How facts and subjects of a letter are said in a draft: never in the sender's own words, save a plain site."""

import re
from collections.abc import Sequence

from consultant.evidence.inquiry import Inquiry
from consultant.questions.model import Subject
from knowledge.model import Value

# A site is repeated only when it is plain words, so that nothing else of a letter can travel with it.
_PLAIN_WORDS = re.compile(r"[a-z][a-z \-]{1,30}")

FACT_WORDS = {
    "site_group": "site",
    "lesion_diameter_cm": "greatest diameter",
    "margin_cm": "narrowest margin",
    "excised_diameter_cm": "excised diameter",
    "closure_class": "class of closure",
    "closure_length_cm": "length of the closure",
    "necrotizing_infection": "necrotizing infection",
    "depth_removed": "depth of the tissue removed",
    "area_cm2": "area",
    "mesh_removed": "removal of mesh",
    "mesh_infected": "infection of the mesh",
    "age_years": "age",
    "re_excision": "re-excision",
}
"""Facts whose words are not their name."""


def joined(items: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does: a, b and c."""
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def words(fact: str) -> str:
    """Return the name of a fact as a person says it."""
    return FACT_WORDS.get(fact, fact.replace("_", " "))


def label(inquiry: Inquiry, subject: Subject) -> str:
    """Name a subject where the letter has several: by its number and, where plain, its site."""
    alike = [row for row in inquiry.question.subjects if row.kind == subject.kind]
    if len(alike) < 2:
        return f"the {subject.kind}"
    # A condition of both sides is asked about side by side, and is then no longer the very subject of the letter.
    own = next((row for row in alike if row is subject), None) or next(
        (row for row in alike if subject.facts[0] in row.facts), None
    )
    if own is None:
        # The closure of an excised lesion is made from the lesion and stands among no repairs of the letter.
        return f"the {subject.kind}"
    number = next(count for count, row in enumerate(alike, 1) if row is own)
    site = str(subject.values().get("site", ""))
    return f"{subject.kind} {number}" + (f" ({site})" if _PLAIN_WORDS.fullmatch(site) else "")


def several(inquiry: Inquiry, subject: Subject) -> bool:
    """Tell whether the letter has more than one subject of this kind; of diagnoses, one condition at several places."""
    if subject.kind == "diagnosis":
        named = [row.values().get("condition") for row in inquiry.question.subjects if row.kind == subject.kind]
        return named.count(subject.values().get("condition")) > 1
    return sum(row.kind == subject.kind for row in inquiry.question.subjects) > 1


def said(value: Value) -> str:
    """Return a value in words: numbers as short as they are exact."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
