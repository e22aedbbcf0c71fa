"""The wire to a language model against an endpoint that is slow, wrong or malicious: bounded, translated, and mute."""

import json
import logging
import threading
import time
from pathlib import Path

import pytest
from pydantic import SecretStr

from consultant.drafting.ports import Prompt
from consultant.errors import ConsultantError, Permanent, Transient
from consultant.gateways.model import HttpModel
from consultant.settings import Model
from tests import model_endpoint as play
from tests.certificates import certificate
from tests.model_endpoint import Answer, endpoint, saying, status
from tests.servers import free_port

KEY, WORDS = "sk-very-secret", "the sentence that was asked"
PROMPT = Prompt("Polish.", WORDS)
SECONDS = 1.2


def model(url: str, **more: float) -> HttpModel:
    return HttpModel(Model(url=url, model="small", key=SecretStr(KEY), timeout_seconds=more.get("seconds", SECONDS)))


def failure(url: str) -> tuple[ConsultantError, float]:
    """Return how asking fails, and after how many seconds."""
    start = time.monotonic()
    with pytest.raises(ConsultantError) as caught:
        model(url).ask(PROMPT)
    return caught.value, time.monotonic() - start


def test_one_request_as_the_api_has_it() -> None:
    """Model, two messages and the key as a bearer; no tools, no options that some endpoints refuse, no compression."""
    with endpoint(saying("good")) as served:
        assert model(served.url).ask(PROMPT) == "good"
    (asked,) = served.asked
    assert asked.path == "/v1/chat/completions"
    assert asked.headers["Authorization"] == f"Bearer {KEY}"
    assert asked.headers["Accept-Encoding"] == "identity"
    assert asked.body == {
        "model": "small",
        "stream": False,
        "messages": [{"role": "system", "content": "Polish."}, {"role": "user", "content": WORDS}],
    }


def test_an_endpoint_on_this_machine_needs_no_key() -> None:
    """Without a key none is sent."""
    with endpoint(saying("good")) as served:
        HttpModel(Model(url=served.url + "/", model="small")).ask(PROMPT)
    assert "Authorization" not in served.asked[0].headers
    assert served.asked[0].path == "/v1/chat/completions"


@pytest.mark.parametrize("slow", [play.silent, play.dripping_headers, play.dripping_body])
def test_the_time_is_bounded_as_a_whole(slow: Answer) -> None:
    """Silence and a drip that no single read would notice end at the deadline, once, and are worth a later try."""
    with endpoint(slow) as served:
        error, seconds = failure(served.url)
        assert len(served.asked) == 1
    assert isinstance(error, Transient)
    assert "did not answer within 1.2 seconds" in str(error)
    assert SECONDS - 0.1 < seconds < SECONDS + 1


def test_a_busy_endpoint_is_asked_once_more() -> None:
    """And only once more."""
    with endpoint(status(503), saying("good")) as served:
        assert model(served.url).ask(PROMPT) == "good"
        assert len(served.asked) == 2


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_two_tries_are_all(code: int) -> None:
    """A server that stays busy is left alone."""
    with endpoint(status(code)) as served:
        error, seconds = failure(served.url)
        assert len(served.asked) == 2
    assert isinstance(error, Transient)
    assert f"HTTP {code}" in str(error)
    assert seconds < SECONDS + 1


def test_the_second_try_has_what_is_left_of_the_time() -> None:
    """The deadline is one for both."""
    with endpoint(status(500), play.silent) as served:
        error, seconds = failure(served.url)
        assert len(served.asked) == 2
    assert "HTTP 500" in str(error)
    assert seconds < SECONDS + 1


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (status(401), "refused the key (HTTP 401)"),
        (status(403), "refused the key (HTTP 403)"),
        (status(404), "no such address or model (HTTP 404)"),
        (status(400), "refused the request (HTTP 400)"),
        (status(418), "failed (HTTP 418)"),
        (status(204), "failed (HTTP 204)"),
        (status(200, b""), "OpenAI-compatible"),
        (status(200, b"<html>Welcome</html>"), "OpenAI-compatible"),
        (status(200, b"[]"), "OpenAI-compatible"),
        (status(200, b'{"choices": []}'), "OpenAI-compatible"),
        (status(200, b'{"choices": [7]}'), "OpenAI-compatible"),
        (status(200, b'{"choices": {"0": 1}}'), "OpenAI-compatible"),
        (status(200, b"[" * 100_000), "OpenAI-compatible"),
        (status(200, b"\xff\xfe\x00"), "OpenAI-compatible"),
        (status(200, b"{}", Content_Encoding="gzip"), "compressed"),
        (saying(None), "empty"),
        (saying(""), "empty"),
        (saying({"a": 1}), "empty"),
        (saying("half a sen", finish_reason="length"), "too long"),
        (play.endless, "more than 256 kB"),
        (saying("x" * 300_000), "more than 256 kB"),
    ],
)
def test_a_wrong_answer_is_one_sentence_and_asked_for_once(answer: Answer, said: str) -> None:
    """Another try would fail alike; nothing that the endpoint said is repeated."""
    with endpoint(answer) as served:
        error, seconds = failure(served.url)
        assert len(served.asked) == 1
    assert isinstance(error, Permanent)
    assert said in str(error)
    assert "\n" not in str(error)
    for secret in (KEY, WORDS, "letter", "Welcome"):
        assert secret not in str(error)
    assert seconds < SECONDS


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(code: int) -> None:
    """Neither key nor prompt reaches a host that nobody configured."""
    with (
        endpoint(saying("caught")) as other,
        endpoint(status(code, Location=f"{other.url}/chat/completions")) as served,
    ):
        error, _ = failure(served.url)
        assert other.asked == []
    assert isinstance(error, Permanent)
    assert "points to another address" in str(error)


def test_a_connection_that_is_refused_or_lost_is_tried_again() -> None:
    """Then it is said, without a trace."""
    error, _ = failure(f"http://127.0.0.1:{free_port()}/v1")
    assert isinstance(error, Transient)
    with endpoint(play.hanging_up) as served:
        error, _ = failure(served.url)
        assert len(served.asked) == 2
    assert isinstance(error, Transient)
    assert "connection" in str(error)
    assert error.__cause__ is None


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the settings say where key and prompt go."""
    with endpoint(saying("proxied")) as proxy, endpoint(saying("good")) as served:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url.removesuffix("/v1"))
        monkeypatch.setenv("no_proxy", "")
        assert model(served.url).ask(PROMPT) == "good"
        assert proxy.asked == []


def test_a_certificate_that_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    """TLS is verified; there is no way to switch that off."""
    with endpoint(saying("caught"), tls=certificate(tmp_path)) as served:
        error, _ = failure(served.url)
        assert served.asked == []
    assert isinstance(error, Permanent)
    assert "certificate" in str(error)


def test_a_certificate_that_this_machine_trusts_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system's store decides, so a private authority is added there."""
    pair = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(pair[0]))
    with endpoint(saying("good"), tls=pair) as served:
        assert model(served.url, seconds=10).ask(PROMPT) == "good"


def test_nothing_of_key_or_prompt_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """Not even at the lowest level, where the HTTP library would log headers."""
    caplog.set_level(logging.DEBUG)
    with endpoint(saying("good"), status(500)) as served:
        model(served.url).ask(PROMPT)
        failure(served.url)
    for secret in (KEY, WORDS, "Bearer"):
        assert secret not in caplog.text


def test_it_can_be_asked_from_many_threads(recwarn: pytest.WarningsRecorder) -> None:
    """Workers share it, and nothing is left open behind it."""

    def answer(asked: play.Asked) -> None:
        asked.say(json.dumps(asked.body["messages"][1]["content"]))

    with endpoint(answer) as served:
        shared, said = model(served.url, seconds=10), {}
        threads = [
            threading.Thread(target=lambda n=n: said.update({n: shared.ask(Prompt("x", str(n)))})) for n in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert said == {n: f'"{n}"' for n in range(8)}
    assert not recwarn.list
