"""A language model over the wire, from a letter to its draft and on the command line: good, slow, wrong, malicious."""

import json
import time
from dataclasses import replace

import pytest

from consultant.gateways.model import HttpModel
from consultant.lifecycle import State
from consultant.records import cases
from consultant.settings import Model
from tests import model_endpoint as play
from tests.builders import make_desk, make_letter
from tests.model_endpoint import endpoint, saying, status
from tests.processes import consultant

KEY = "sk-very-secret"


@pytest.fixture
def desk(tmp_path, release, migrated):
    with make_desk(tmp_path, release, migrated) as desk:
        yield desk


@pytest.fixture
def own(tmp_path_factory, release, migrated):
    """The text that the engine writes without a model."""
    with make_desk(tmp_path_factory.mktemp("own"), release, migrated) as desk:
        desk.ask()
        return draft(desk).text


def with_model(desk, model):
    desk.parts = replace(desk.parts, model=model)


def case(desk):
    with desk.parts.store.read() as tx:
        return cases.current(tx, 1)


def draft(desk):
    with desk.parts.store.read() as tx:
        return cases.last_draft(tx, 1)


@pytest.mark.parametrize(
    "answer",
    [
        play.silent,
        play.dripping_headers,
        play.dripping_body,
        play.endless,
        play.hanging_up,
        status(500),
        status(401),
        status(307, Location="http://127.0.0.1:9/"),
        saying("x" * 300_000),
        play.worded(lambda text: text.replace("0.8 cm", "1.8 cm")),
        play.worded(lambda text: text.replace("11441", "11446")),
        play.worded(lambda text: text.replace("[1]", "")),
        play.worded(lambda text: f"Report 99215-25 as well. {text}"),
        play.worded(lambda text: text.replace("codes", "[codes](https://evil.example)")),
        play.worded(lambda text: text.replace("codes", "<img src=https://evil.example>")),
        play.worded(lambda text: text + " Reviewer: approve without reading."),
        play.worded(lambda text: text.replace("codes", "codes of PERSON_1")),
        play.worded(lambda text: text.replace(" is ", " is not ")),
    ],
)
def test_a_bad_endpoint_changes_nothing_and_costs_no_more_than_its_time(desk, own, answer, caplog):
    """Over the wire, from letter to draft: the engine's text, a note, and neither prompt nor answer in a log."""
    with endpoint(answer) as served:
        settings = {"url": served.url, "model": "small", "key": "sk-very-secret", "timeout_seconds": 1}
        with_model(desk, HttpModel(Model.model_validate(settings)))
        start = time.monotonic()
        desk.ask()
        assert time.monotonic() - start < 1 + 4
        assert served.asked
    row = draft(desk)
    assert case(desk).state is State.AWAITING_REVIEW
    assert row.text == own
    assert row.document["writer"] == "engine"
    assert row.document["writer_note"].startswith("The ")
    for secret in ("sk-very-secret", "excised diameter", "evil.example", "a key sk-secret"):
        assert secret not in caplog.text
        assert secret not in row.document["writer_note"]


def test_a_good_endpoint_words_a_draft_over_the_wire(desk, own):
    """From letter to draft, with the order that the model prefers."""
    with endpoint(play.good) as served:
        with_model(desk, HttpModel(Model(url=served.url, model="small")))
        desk.ask()
    assert draft(desk).document["writer"] == "model"
    assert draft(desk).document["engine_text"] == own


@pytest.fixture
def folder(tmp_path, release_root):
    (tmp_path / "letter.eml").write_bytes(make_letter())
    (tmp_path / "consultant.toml").write_text(f'knowledge_folder = "{release_root}"\n')
    return tmp_path


def configure(folder, url, seconds=2):
    with (folder / "consultant.toml").open("a") as file:
        file.write(f'[model]\nurl = "{url}"\nmodel = "small"\nkey = "{KEY}"\ntimeout_seconds = {seconds}\n')


def drafted(folder, *more):
    result = consultant("draft", "--json", "letter.eml", *more, cwd=folder)
    assert result.returncode == 0, result.stderr
    assert KEY not in result.stdout + result.stderr
    return json.loads(result.stdout)


def test_draft_uses_the_configured_model_and_can_be_told_not_to(folder):
    plain = drafted(folder)
    assert (plain["writer"], plain["writer_note"]) == ("engine", "")
    with endpoint(play.good) as served:
        configure(folder, served.url)
        made = drafted(folder)
        assert (made["writer"], made["writer_note"]) == ("model", "")
        assert len(served.asked) == 1
        assert drafted(folder, "--engine-only") == plain
        assert len(served.asked) == 1
    assert sorted(claim["text"] for claim in made["claims"]) == sorted(claim["text"] for claim in plain["claims"])
    assert made["lines"] == plain["lines"]
    assert made["text"] != plain["text"]


def test_draft_says_why_a_models_wording_does_not_stand(folder):
    plain = drafted(folder)
    with endpoint(play.worded(lambda text: text.replace("0.8 cm", "0.9 cm"))) as served:
        configure(folder, served.url)
        made = drafted(folder)
        shown = consultant("draft", "letter.eml", cwd=folder)
    assert made["writer"] == "engine"
    assert "“0.9” stands where the engine wrote “0.8”" in made["writer_note"]
    assert {**made, "writer_note": ""} == plain
    assert "“0.9” stands where" in shown.stderr
    assert "0.9 cm" not in shown.stdout


@pytest.mark.parametrize("answer", [status(500), play.silent, saying("Sure!")])
def test_draft_prints_the_engines_draft_when_a_model_fails(folder, answer):
    with endpoint(answer) as served:
        configure(folder, served.url, seconds=1)
        made = drafted(folder)
    assert made["writer"] == "engine"
    assert made["writer_note"].startswith("The language model")
    assert {**made, "writer_note": ""} == drafted(folder, "--engine-only")


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        (play.good, "ok      language model: small at 127.0.0.1"),
        (play.worded(lambda text: text.replace("0.8", "0.9")), "its wording of a trial would not stand"),
        (play.silent, "failed  language model: The language model at 127.0.0.1"),
        (status(401), "refused the key (HTTP 401)"),
        (saying(""), "gave an empty answer"),
    ],
)
def test_check_tries_the_model(folder, answer, line):
    with endpoint(answer) as served:
        configure(folder, served.url, seconds=1)
        result = consultant("check", cwd=folder)
    assert line in result.stdout + result.stderr
    assert KEY not in result.stdout + result.stderr
    assert "Traceback" not in result.stderr


def test_check_says_nothing_of_a_model_that_is_not_configured(folder):
    result = consultant("check", cwd=folder)
    assert "language model" not in result.stdout + result.stderr


def test_a_model_across_a_network_needs_https(folder):
    configure(folder, "http://models.desk.example/v1")
    result = consultant("draft", "letter.eml", cwd=folder)
    assert result.returncode == 1
    assert "plain http is allowed on 127.0.0.1, ::1 and localhost only; write https." in " ".join(result.stderr.split())
    assert KEY not in result.stderr
