"""`python -m bench mail`: the parts of the mail bench, which of them to run, and how large."""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.mail import drafts, intake, large, memory, sending
from bench.mail.letters import letters
from bench.mail.report import Figure, circumstances, keep, table
from bench.mail.town import Town, revision, town

Measure = Callable[[Town, argparse.Namespace], Sequence[Figure]]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the bench."""

    title: str
    minutes: float
    """How long it takes on two quiet processors with the defaults."""
    measure: Measure
    always: bool = True
    """Whether it runs when no part is named."""


STORES = ("sqlite", "postgresql")
_LATENCY = ((1.0, 40, {"p50": 0.5, "p95": 1.5}), (20.0, 400, {"p95": 3.0}))
PARTS = {
    "intake": Part(
        "Intake into the ledger",
        5,
        lambda where, given: intake.measure(where, given.raws, given.rounds, given.peer_letters, given.stores),
    ),
    "drafts": Part(
        "From a letter to its draft in the queue",
        4,
        lambda where, given: drafts.measure(where, given.raws[: given.drafts], given.rounds, given.peer_letters),
    ),
    "latency": Part(
        "From delivery to draft",
        2,
        lambda where, given: drafts.latency(where, [(rate, min(many, given.letters), t) for rate, many, t in _LATENCY]),
    ),
    "sending": Part(
        "Sending", 2, lambda where, given: sending.measure(where, given.raws[: given.drafts], given.rounds)
    ),
    "folder": Part(
        "A folder that holds 100,000 letters",
        4,
        lambda where, given: large.folder(where, given.folder_letters, given.letters, given.rounds),
        always=False,
    ),
    "ledger": Part(
        "A ledger that holds 1,000,000 letters",
        5,
        lambda where, given: large.ledger(where, given.ledger_letters, given.letters, given.rounds),
        always=False,
    ),
    "memory": Part(
        "Memory over 50,000 letters",
        60,
        lambda where, given: memory.measure(where, given.memory_letters),
        always=False,
    ),
}


def main(arguments: Sequence[str]) -> int:
    """Run the parts that are named, print their figures; 1 where a target was missed and `--strict` was given."""
    given = _parser().parse_args(arguments)
    chosen = given.only.split(",") if given.only else [name for name, part in PARTS.items() if part.always]
    given.raws = tuple(letters(given.letters, given.seed))
    missed = 0
    with town() as where:
        for name in chosen:
            part, began = PARTS[name], time.monotonic()
            figures = part.measure(where, given)
            seconds = time.monotonic() - began
            command = f"python -m bench mail --only {name} --letters {given.letters} --rounds {given.rounds}"
            text = f"{circumstances(revision(), command, seconds)}\n\n{table(figures)}"
            print(f"\n{part.title}\n{text}", flush=True)
            missed += sum(figure.met is False for figure in figures)
            if given.report:
                keep(name, part.title, text)
    return 1 if missed and given.strict else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench mail", description=__doc__)
    parts = ", ".join(
        f"{name} (~{part.minutes:g} min{'' if part.always else ', when named'})" for name, part in PARTS.items()
    )
    parser.add_argument("--only", type=_names, help=f"parts to run, with commas between: {parts}")
    parser.add_argument("--letters", type=int, default=2000, help="letters of each intake")
    parser.add_argument("--drafts", type=int, default=600, help="of them, letters that go all the way or are sent")
    parser.add_argument("--peer-letters", type=int, default=200, help="of them, letters for the peer; 0 leaves it out")
    parser.add_argument("--rounds", type=int, default=5, help="runs of each, of which the median counts")
    parser.add_argument("--stores", nargs="+", choices=STORES, default=STORES, help="stores of the intake")
    parser.add_argument("--seed", type=int, default=20260302)
    parser.add_argument("--folder-letters", type=int, default=100_000)
    parser.add_argument("--ledger-letters", type=int, default=1_000_000)
    parser.add_argument("--memory-letters", type=int, default=50_000)
    parser.add_argument("--report", action="store_true", help="write the figures into docs/figures.md")
    parser.add_argument("--strict", action="store_true", help="fail where a target is missed")
    return parser


def _names(given: str) -> str:
    unknown = set(given.split(",")) - set(PARTS)
    if unknown:
        raise argparse.ArgumentTypeError(f"there is no part {', '.join(sorted(unknown))}")
    return given
