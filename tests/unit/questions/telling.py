"""What a letter tells of one fact."""

from consultant.questions.read import read
from consultant.questions.vocabulary import Vocabulary
from tests.unit.questions.conftest import TODAY


def told(text: str, words: Vocabulary, name: str) -> list[object]:
    """Return one fact of every subject of a letter that has it."""
    rows = [subject.values() for subject in read(text, today=TODAY, vocabulary=words).subjects]
    return [row[name] for row in rows if name in row]
