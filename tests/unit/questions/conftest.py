"""What the release lends to the reader of letters."""

from datetime import date

import pytest

from consultant.questions.vocabulary import Vocabulary, vocabulary_of
from knowledge.release import Release

TODAY = date(2026, 3, 5)


@pytest.fixture(scope="session")
def words(release: Release) -> Vocabulary:
    """The vocabulary of the starter release."""
    return vocabulary_of(release, TODAY)
