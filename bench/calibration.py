"""Fits the weights of the confidence to the letters that work is done on, and prints them as the table of the module.

    .venv/bin/python -m bench.calibration

The fit is logistic regression with a ridge penalty, by projected gradient descent: no weight may rise above zero.
"""

import sys
from collections.abc import Sequence
from math import exp

from bench.letters import TODAY, Letter, read
from bench.scoring import score
from bench.starter import starter
from consultant.drafting.confidence import signs
from consultant.drafting.correspondence import draft_html
from consultant.drafting.engine import draft_letter
from knowledge.release import Release, current, open_release

RIDGE = 2.0
STEPS = 20_000
RATE = 0.5

Example = tuple[dict[str, float], bool]


def main() -> int:
    """Fit, and print the weights with what they do to the working half."""
    with open_release(current(starter())) as release:
        examples = [_example(letter, release) for letter in (*read("working"), *read("trial"))]
    base, weights = fit(examples)
    table = "".join(f'        "{name}": {value:.2f},\n' for name, value in weights.items())
    chances = [(chance(base, weights, row), right) for row, right in examples]
    count = f"{len(chances)} letters, of which {sum(right for _, right in chances)} right"
    sys.stdout.write(f"BASE = {base:.2f}\n{table}Brier score {brier(chances):.3f} on {count}\n")
    return 0


def _example(letter: Letter, release: Release) -> Example:
    question, evidence, made = draft_letter(letter.text, today=TODAY, release=release)
    scored = score(letter, made.as_json(letter.id, draft_html(made.text)), release, 0.0)
    held = signs(question, evidence, made.outcome, made.citations)
    return {name: float(value) for name, value in held.items()}, scored.right


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
        if max(map(abs, errors)) < 1e-6:
            break
    return base, weights


def chance(base: float, weights: dict[str, float], row: dict[str, float]) -> float:
    """Return the probability that a draft with these signs is right."""
    return 1 / (1 + exp(-(base + sum(weights[name] * value for name, value in row.items()))))


def brier(chances: Sequence[tuple[float, bool]]) -> float:
    """Return the mean squared distance between estimate and outcome; 0 is perfect, 0.25 is a coin."""
    return sum((estimate - right) ** 2 for estimate, right in chances) / len(chances)


if __name__ == "__main__":
    sys.exit(main())
