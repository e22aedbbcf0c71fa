"""The port to a language model. `gateways` holds the real one and its memory twin; both pass one contract test."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is told: how to work, and what to work on. Masked text only."""

    instructions: str
    content: str


class LanguageModel(Protocol):
    """A model that answers one prompt with one text. It has no tools and remembers nothing."""

    def ask(self, prompt: Prompt) -> str:
        """Return what the model says, within the time that its settings allow, retry included.

        Raises `Transient` when it cannot be reached, is busy or too slow, and `Permanent` when another try would
        fail alike: a refused key, a redirect, an answer that is too long or not an answer. The sentence of the
        error never repeats what the endpoint said.
        """
