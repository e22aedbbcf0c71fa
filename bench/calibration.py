"""Fits the weights of the confidence to examined letters, and prints them as the table of the module.

    .venv/bin/python -m bench.calibration

The letters are those of the half kept for the end: where the engine was mended nearly everything is right, and a fit to
that would promise too much. How well the estimate holds is measured by leaving each fifth of the letters out of the fit
and estimating it. The fit is logistic regression with a ridge penalty, by projected gradient descent: no weight may
rise above zero.
"""

import sys
from collections.abc import Iterator, Mapping, Sequence
from math import exp

RIDGE = 2.0
STEPS = 3_000
RATE = 0.5
FOLDS = 5

Example = tuple[Mapping[str, float], bool]
Estimated = tuple[float, bool]
"""An estimate, and whether the draft was right."""


def main() -> int:
    """Fit, and print the weights with how well they hold."""
    from bench.eval import examine
    from bench.starter import starter
    from knowledge.release import current, open_release

    with open_release(current(starter())) as release:
        examples = [(row.signs, row.right) for row in examine("held_out", release)]
    base, weights = fit(examples)
    table = "".join(f'        "{name}": {value:.2f},\n' for name, value in weights.items())
    count = f"{len(examples)} letters, of which {sum(right for _, right in examples)} right"
    score = brier(list(crossed(examples)))
    sys.stdout.write(f"BASE = {base:.2f}\n{table}Brier score {score:.3f}, each fifth left out, on {count}\n")
    return 0


def crossed(examples: Sequence[Example]) -> Iterator[Estimated]:
    """Yield for each letter the estimate of a fit that did not see it."""
    for fold in range(FOLDS):
        seen = [row for place, row in enumerate(examples) if place % FOLDS != fold]
        base, weights = fit(seen)
        yield from ((chance(base, weights, row), right) for row, right in examples[fold::FOLDS])


def fit(examples: Sequence[Example]) -> tuple[float, dict[str, float]]:
    """Return the base and the weights that make the outcomes likeliest, none of the weights above zero."""
    names = list(examples[0][0])
    base, weights = 0.0, dict.fromkeys(names, 0.0)
    for _ in range(STEPS):
        errors = [chance(base, weights, row) - right for row, right in examples]
        base -= RATE * sum(errors) / len(examples)
        for name in names:
            slope = sum(error * row[name] for error, (row, _) in zip(errors, examples, strict=True) if row[name])
            weights[name] = min(0.0, weights[name] - RATE * (slope + RIDGE * weights[name]) / len(examples))
    return base, weights


def chance(base: float, weights: Mapping[str, float], row: Mapping[str, float]) -> float:
    """Return the probability that a draft with these signs is right."""
    return 1 / (1 + exp(-(base + sum(weights[name] * value for name, value in row.items()))))


def brier(estimates: Sequence[Estimated]) -> float:
    """Return the mean squared distance between estimate and outcome; 0 is perfect, 0.25 is a coin."""
    return sum((estimate - right) ** 2 for estimate, right in estimates) / len(estimates)


if __name__ == "__main__":
    sys.exit(main())
