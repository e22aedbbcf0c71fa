"""The limited child reads what the parser reads, and falls alone."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from consultant.gateways.child import ChildReader
from consultant.mail.letter import Letter
from consultant.mail.parse import Unparseable, parse

CORPUS = sorted((Path(__file__).parents[1] / "corpus").glob("*.eml"))
SMALL = b"From: asker@clinic.example\r\nSubject: 11441?\r\n\r\nMay I bill the repair?\r\n"
LARGE = b"From: asker@clinic.example\r\nSubject: long\r\n\r\n" + b"a line of the operative note\r\n" * 800_000


@pytest.fixture
def reader() -> Iterator[ChildReader]:
    reader = ChildReader()
    yield reader
    reader.close()


def outcome(read: object, raw: bytes) -> Letter | str:
    try:
        return read(raw)  # type: ignore[operator]
    except Unparseable as error:
        return str(error)


def test_every_letter_of_the_corpus_is_the_same_by_either_way(reader: ChildReader) -> None:
    """Fields, attachments and forwarded letters survive the way, and refusals keep their sentence."""
    for path in CORPUS:
        raw = path.read_bytes()
        assert outcome(reader, raw) == outcome(parse, raw), path.name


def test_a_letter_that_uses_up_its_processor_time_is_refused_and_the_next_is_read() -> None:
    """The kernel ends the child; the sentence says what the letter did."""
    reader = ChildReader(processor_seconds=0)
    with pytest.raises(Unparseable, match="processor time"):
        reader(LARGE)
    reader.close()


def test_a_letter_that_takes_too_much_memory_is_refused() -> None:
    """Its child says so and goes on with the next."""
    reader = ChildReader(memory_bytes=120 * 1024 * 1024)
    with pytest.raises(Unparseable, match="more memory"):
        reader(LARGE)
    assert reader(SMALL).subject == "11441?"
    reader.close()


def test_a_large_parent_wears_no_child_out(reader: ChildReader) -> None:
    """A worker that holds much memory keeps its child from letter to letter, which would cost a start for each."""
    held = b"x" * (200 * 1024 * 1024)
    assert reader(SMALL).subject == "11441?"
    (first,) = reader._idle
    assert reader(SMALL).subject == "11441?"
    assert reader._idle == [first]
    assert len(held)


def test_a_child_that_was_killed_is_replaced(reader: ChildReader) -> None:
    """Nothing of it reaches the letter that comes next."""
    assert reader(SMALL).subject == "11441?"
    (child,) = reader._idle
    os.kill(child._process.pid, signal.SIGKILL)
    assert reader(SMALL).subject == "11441?"


def test_a_large_letter_leaves_no_large_child_behind(reader: ChildReader) -> None:
    """It ends after its answer, and the next letter has a fresh one."""
    assert reader(LARGE).subject == "long"
    (grown,) = reader._idle
    assert reader(SMALL).subject == "11441?"
    (fresh,) = reader._idle
    assert fresh._process.pid != grown._process.pid


def test_children_end_with_their_parent(reader: ChildReader) -> None:
    """A worker that is killed closes the socket, and the child reads the end of its input."""
    reader(SMALL)
    (child,) = reader._idle
    child._ours.close()
    assert child._process.wait(5) == 0
    reader._idle.clear()
