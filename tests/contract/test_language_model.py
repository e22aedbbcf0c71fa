"""What every `LanguageModel` keeps, over a real HTTP endpoint on loopback and in the memory twin."""

from collections.abc import Iterator
from typing import Protocol

import pytest
from pydantic import SecretStr

from consultant.drafting.ports import LanguageModel, Prompt
from consultant.errors import ConsultantError, Permanent, Transient
from consultant.gateways.memory import MemoryModel
from consultant.gateways.model import HttpModel
from consultant.settings import Model
from tests.model_endpoint import Endpoint, endpoint, saying, status

PROMPT = Prompt("Polish these sentences.", '{"sentences": []}')


class World(Protocol):
    """A model whose answers a test prepares, and the way to it."""

    model: LanguageModel

    def says(self, text: str) -> None:
        """Answer with this text from now on."""

    def is_busy(self) -> None:
        """Refuse for the moment."""

    def refuses_the_key(self) -> None:
        """Refuse for good."""

    def asked(self) -> list[Prompt]:
        """Return what it was asked."""


class MemoryWorld:
    """The memory twin."""

    def __init__(self) -> None:
        self.model = MemoryModel("{}")

    def says(self, text: str) -> None:
        self.model.answers = [text]

    def is_busy(self) -> None:
        self.model.answers = [Transient("The language model is asked too often.")]

    def refuses_the_key(self) -> None:
        self.model.answers = [Permanent("The language model refused the key.")]

    def asked(self) -> list[Prompt]:
        return self.model.asked


class HttpWorld:
    """A real endpoint on a free port."""

    def __init__(self, served: Endpoint) -> None:
        self.served = served
        self.model = HttpModel(Model(url=served.url, model="small", key=SecretStr("sk-secret"), timeout_seconds=5))

    def says(self, text: str) -> None:
        self.served.answers = [saying(text)]

    def is_busy(self) -> None:
        self.served.answers = [status(429)]

    def refuses_the_key(self) -> None:
        self.served.answers = [status(401)]

    def asked(self) -> list[Prompt]:
        return [Prompt(*(row["content"] for row in asked.body["messages"])) for asked in self.served.asked]


@pytest.fixture(params=["memory", "http"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    if request.param == "memory":
        yield MemoryWorld()
    else:
        with endpoint() as served:
            yield HttpWorld(served)


def test_a_question_gets_the_answer_word_for_word(world: World) -> None:
    """Nothing is trimmed or read into it."""
    world.says(' {"sentences": [1]}\n“é” ')
    assert world.model.ask(PROMPT) == ' {"sentences": [1]}\n“é” '
    assert world.asked() == [PROMPT]


def test_it_can_be_asked_again(world: World) -> None:
    """Nothing is left over from one question to the next."""
    world.says("one")
    assert world.model.ask(PROMPT) == "one"
    world.says("two")
    assert world.model.ask(PROMPT) == "two"


def test_an_empty_answer_is_an_error(world: World) -> None:
    """Silence is no wording."""
    world.says(" \n")
    with pytest.raises(Permanent, match="empty"):
        world.model.ask(PROMPT)


@pytest.mark.parametrize(("way", "kind"), [("is_busy", Transient), ("refuses_the_key", Permanent)])
def test_a_failure_says_whether_another_try_may_help(world: World, way: str, kind: type[ConsultantError]) -> None:
    """In one sentence about the language model, without the key."""
    getattr(world, way)()
    with pytest.raises(kind) as caught:
        world.model.ask(PROMPT)
    sentence = str(caught.value)
    assert sentence.startswith("The language model")
    assert sentence.endswith(".")
    assert "secret" not in sentence
