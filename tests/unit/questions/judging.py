"""Compare what was read of a letter with what it says, point by point."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from consultant.questions.model import CodeMention, Question, Subject
from consultant.questions.read import read
from consultant.questions.vocabulary import Vocabulary
from tests.unit.questions.letters import Expected, F, S, T

SITES = {
    **dict.fromkeys(
        (
            "back",
            "upper back",
            "chest",
            "abdomen",
            "trunk",
            "arm",
            "forearm",
            "upper arm",
            "shoulder",
            "leg",
            "thigh",
            "calf",
            "shin",
            "lower leg",
            "chest wall",
            "abdominal wall",
        ),
        T,
    ),
    **dict.fromkeys(
        ("scalp", "neck", "hand", "dorsal hand", "foot", "finger", "toe", "genitalia", "scrotum", "penis", "perineum"),
        S,
    ),
    **dict.fromkeys(
        (
            "face",
            "chin",
            "cheek",
            "forehead",
            "temple",
            "nose",
            "lip",
            "upper lip",
            "ear",
            "eyelid",
            "lower eyelid",
            "jaw",
            "lower lip",
            "nasal ala",
            "canthus",
        ),
        F,
    ),
}
VOCABULARY = Vocabulary(SITES)
TODAY = date(2026, 6, 15)


def understood(text: str) -> Question:
    """Read a letter on the day of the tests with their vocabulary."""
    return read(text, today=TODAY, vocabulary=VOCABULARY)


def written(mention: CodeMention) -> str:
    """Return a code as the expectations write it: 11042-59 x2, mod 25."""
    if mention.system == "MODIFIER":
        return f"mod {mention.code}"
    units = f" x{mention.units}" if mention.units else ""
    return "-".join((mention.code, *mention.modifiers)) + units


@dataclass
class Score:
    """Points won, points missed and points too many, with the words of each failure."""

    right: int = 0
    missed: int = 0
    extra: int = 0
    failures: tuple[str, ...] = ()

    def __add__(self, other: "Score") -> "Score":
        """Add two scores."""
        return Score(
            self.right + other.right,
            self.missed + other.missed,
            self.extra + other.extra,
            self.failures + other.failures,
        )


def _sets(name: str, wanted: Iterable[str], got: Iterable[str], letter: str) -> Score:
    wanted, got = sorted(wanted), sorted(got)
    right = [item for item in wanted if item in got]
    missed = [item for item in wanted if item not in got]
    extra = [item for item in got if item not in wanted]
    failures = (f"{name}: missed {missed}, too many {extra}: {letter[:70]!r}",) if missed or extra else ()
    return Score(len(right), len(missed), len(extra), failures)


def codes(expected: Expected) -> Score:
    """Judge the codes, with modifiers and units: all of them and no others."""
    question = understood(expected.text)
    return _sets("codes", expected.codes, (written(mention) for mention in question.codes), expected.text)


def _facts(subject: Subject, wanted: dict[str, object]) -> tuple[list[str], list[str]]:
    values = subject.values()
    held = [f"{name}={value}" for name, value in wanted.items() if values.get(name) == value]
    failed = [f"{name}={value}, not {values.get(name)}" for name, value in wanted.items() if values.get(name) != value]
    return held, failed


def facts(expected: Expected) -> Score:
    """Judge the facts of subjects and encounter; a subject too many counts once, one too few with all its facts."""
    question = understood(expected.text)
    score = Score()
    for index, wanted in enumerate(expected.subjects):
        subject = question.subjects[index] if index < len(question.subjects) else Subject("none", ())
        held, failed = _facts(subject, dict(wanted))
        score += Score(len(held), len(failed), 0, tuple(f"{words}: {expected.text[:70]!r}" for words in failed))
    if expected.subjects and len(question.subjects) > len(expected.subjects):
        score += Score(
            0, 0, len(question.subjects) - len(expected.subjects), (f"a subject too many: {expected.text[:70]!r}",)
        )
    values = Subject("encounter", question.facts).values()
    for name, value in expected.facts.items():
        good = values.get(name) == value
        score += Score(
            int(good), int(not good), 0, () if good else (f"{name} is {values.get(name)}: {expected.text[:70]!r}",)
        )
    return score


def rest(expected: Expected) -> Score:
    """Judge topics, date of service, conflicts, scope, language and specialty."""
    question = understood(expected.text)
    found = [topic.topic.value for topic in question.topics]
    day = question.date_of_service.isoformat() if question.date_of_service else None
    checks = [
        ("topics", set(expected.topics) <= set(found), found),
        ("strongest topic", not expected.topics or expected.topics[0] == found[0], found),
        ("date of service", day == expected.date, day),
        ("conflicts", question.conflicts == expected.conflicts, question.conflicts),
        ("scope", bool(question.out_of_scope) == expected.out_of_scope, question.out_of_scope),
        ("language", question.language == expected.language, question.language),
        ("specialty", expected.specialty in (None, question.specialty), question.specialty),
    ]
    score = Score()
    for name, good, got in checks:
        score += Score(int(good), int(not good), 0, () if good else (f"{name} {got}: {expected.text[:70]!r}",))
    return score
