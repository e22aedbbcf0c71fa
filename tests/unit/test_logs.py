"""Logs hold ids and our own sentences, and nothing that a sender wrote."""

import io
import json
import logging

import pytest
import structlog

from consultant import logs
from consultant.errors import Transient

PLANTED = "Testa Patientia 555-0142"


@pytest.fixture
def stream():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    logs.configure("json", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


def lines(stream):
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_an_exceptions_message_is_left_out_and_its_places_are_kept(stream):
    try:
        int(PLANTED)
    except ValueError:
        structlog.get_logger("desk").exception("step failed", case="C-2026-000001")
    assert PLANTED not in stream.getvalue()
    (line,) = lines(stream)
    assert line["error"] == "ValueError"
    assert line["case"] == "C-2026-000001"
    assert any("test_logs.py" in place for place in line["places"])


def test_a_librarys_traceback_is_stripped_as_well(stream):
    try:
        int(PLANTED)
    except ValueError:
        logging.getLogger("some.library").exception("it failed")
    assert PLANTED not in stream.getvalue()
    assert lines(stream)[0]["error"] == "ValueError"


def test_our_own_sentence_is_kept(stream):
    try:
        raise Transient("The broker could not be reached.")
    except Transient:
        structlog.get_logger("desk").exception("put off")
    assert lines(stream)[0]["error"] == "The broker could not be reached."


def test_noisy_libraries_are_quiet(stream):
    logging.getLogger("imapclient").info("FETCH 1 BODY[] Testa Patientia")
    logging.getLogger("uvicorn.access").info("GET /cases")
    assert stream.getvalue() == ""
