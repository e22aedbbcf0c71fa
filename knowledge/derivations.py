"""The named formulas by which a chooser's table derives a number from others, and their reversal for one unknown.

Every formula is linear in each of its inputs and grows with it, so that a range of the result is a range of any one
input. Numbers are decimals: 0.4 + 2 x 0.05 is 0.5 and not a hair more, or the code would change.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Formula:
    """How a number follows from others, and how that is said."""

    compute: Callable[[Sequence[Decimal]], Decimal]
    words: Callable[[Sequence[str]], str]
    """The left side of the arithmetic, from the inputs with their units."""


def _product(numbers: Sequence[Decimal]) -> Decimal:
    """Multiply all numbers."""
    result = Decimal(1)
    for number in numbers:
        result *= number
    return result


FORMULAS: Mapping[str, Formula] = MappingProxyType(
    {
        # Excised diameter = greatest lesion diameter + 2 x narrowest margin (CPT, excision guidelines).
        "plus_twice": Formula(lambda row: row[0] + 2 * row[1], lambda row: f"{row[0]} + 2 x {row[1]}"),
        # Lengths of repairs of one class and site group add up (CPT, repair guidelines).
        "total": Formula(lambda row: sum(row, Decimal(0)), " + ".join),
        # Area of a wound measured by length and width.
        "product": Formula(_product, " x ".join),
    }
)


def plain(number: Decimal) -> str:
    """Return a number in its shortest exact form: 0.80 as 0.8, 10 as 10."""
    text = format(number.normalize(), "f")
    return "0" if text in {"-0", "0"} else text


def reversal(formula: str, inputs: Sequence[Decimal | None]) -> tuple[Decimal, Decimal] | None:
    """Return (intercept, slope) of the result over its one missing input; None where the way back is not exact.

    Inputs that are None are missing. A thirds-like slope would round a limit, and a limit decides a code.
    """
    compute = FORMULAS[formula].compute
    at_zero = compute([Decimal(0) if number is None else number for number in inputs])
    at_one = compute([Decimal(1) if number is None else number for number in inputs])
    slope = at_one - at_zero
    exact = slope > 0 and Decimal(1) / slope * slope == 1
    return (at_zero, slope) if exact else None
