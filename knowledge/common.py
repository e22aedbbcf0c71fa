"""What families share, written once in `content/common.yaml`: facts of an encounter, and words for places of the body.

A family takes a fact by `payer: common`, and places by region: `regions: {trunk: [trunk, breast]}` stands for the
words of these regions, `regions: common` for the three site groups. Both are put in before the family is validated.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, model_validator

from knowledge.table_schema import FactContent, Name, Said


class Common(BaseModel):
    """The file `common.yaml`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    facts: dict[Name, FactContent] = {}
    regions: dict[Name, Annotated[list[Said], Field(min_length=1)]] = {}
    """Region of the body -> words for places in it, in lower case. No word stands in two regions."""
    site_groups: dict[Name, list[Name]] = {}
    """The site groups of the lesion codes -> their regions."""

    @model_validator(mode="after")
    def _one_place_for_a_word(self) -> "Common":
        words = [word for region in self.regions.values() for word in region]
        twice = sorted({word for word in words if words.count(word) > 1})
        if twice:
            raise ValueError(f"words that stand in two regions: {', '.join(twice)}")
        strange = sorted({name for names in self.site_groups.values() for name in names} - set(self.regions))
        if strange:
            raise ValueError(f"site groups name regions that are not listed: {', '.join(strange)}")
        return self


def put_in(tree: object, common: Common) -> list[tuple[tuple[str | int, ...], str]]:
    """Put what a family takes from the common file into its tree; return (place, message) of what is not there."""
    chooser = tree.get("chooser") if isinstance(tree, dict) else None
    if not isinstance(chooser, dict):
        return []
    return [*_facts(chooser.get("facts"), common), *_sites(chooser.get("sites"), common)]


def _facts(facts: object, common: Common) -> list[tuple[tuple[str | int, ...], str]]:
    wrong: list[tuple[tuple[str | int, ...], str]] = []
    if not isinstance(facts, dict):
        return wrong
    for name, value in facts.items():
        if value == "common":
            if name in common.facts:
                facts[name] = common.facts[name].model_dump()
            else:
                wrong.append((("chooser", "facts", name), f"{name} is not among the facts of common.yaml"))
    return wrong


def _sites(sites: object, common: Common) -> list[tuple[tuple[str | int, ...], str]]:
    wrong: list[tuple[tuple[str | int, ...], str]] = []
    for number, row in enumerate(sites if isinstance(sites, list) else []):
        if not isinstance(row, dict) or "regions" not in row:
            continue
        place = ("chooser", "sites", number, "regions")
        taken = row.pop("regions")
        regions = common.site_groups if taken == "common" else taken
        if not isinstance(regions, dict):
            wrong.append((place, "a value with its list of regions, or `common`, was expected"))
            continue
        groups = row.setdefault("groups", {})
        if not isinstance(groups, dict):
            wrong.append(((*place[:-1], "groups"), "a value with its list of words was expected"))
            continue
        for value, names in regions.items():
            for name in names if isinstance(names, list) else [names]:
                if not isinstance(name, str) or name not in common.regions:
                    wrong.append(((*place, value), f"{name} is not among the regions of common.yaml"))
                elif isinstance(own := groups.setdefault(value, []), list):
                    own.extend(common.regions[name])
    return wrong
