"""The wire to a language model: one POST to an OpenAI-compatible endpoint, bounded in time and size.

The deadline holds for everything together (name, connection, headers, body, a second try), because a server that
drips a byte a second never runs into the time-outs of single reads. No redirect is followed, so that key and prompt
reach no host but the configured one, and no proxy of the environment is used.
"""

import asyncio
import json
import logging
import ssl
from typing import Any

import httpx2

from consultant.drafting.ports import Prompt
from consultant.errors import ConsultantError, Permanent, Transient
from consultant.settings import Model

MOST_BYTES = 256 * 1024
"""The longest answer that is read; a long draft is under 20 kB."""

PAUSE_SECONDS = 0.5
"""How long to wait before the second and last try."""

# At DEBUG the library logs headers, the key among them.
for _name in ("httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)

_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})
_SAYING = {
    400: "refused the request",
    401: "refused the key",
    403: "refused the key",
    404: "knows no such address or model",
    422: "refused the request",
    429: "is asked too often",
}


class HttpModel:
    """The port `LanguageModel` over chat completions. Keeps no connection; safe to share between threads."""

    def __init__(self, settings: Model, most_bytes: int = MOST_BYTES) -> None:
        """Keep the endpoint; nothing is opened before the first question."""
        self._settings = settings
        self._most_bytes = most_bytes
        self._who = f"The language model at {settings.host}"

    def ask(self, prompt: Prompt) -> str:
        """Ask once, and once more where the endpoint was busy or lost and time is left."""
        # A loop of its own: `asyncio.run` would wait at its end for a name look-up that outlives the deadline.
        loop = asyncio.new_event_loop()
        try:
            return loop.run_until_complete(self._in_time(prompt))
        finally:
            loop.run_until_complete(loop.shutdown_asyncgens())
            loop.close()

    async def _in_time(self, prompt: Prompt) -> str:
        seconds = self._settings.timeout_seconds
        lost: ConsultantError | None = None
        try:
            async with asyncio.timeout(seconds):
                try:
                    return await self._once(prompt)
                except Transient as error:
                    lost = error
                    await asyncio.sleep(PAUSE_SECONDS)
                return await self._once(prompt)
        except TimeoutError:
            raise lost or Transient(f"{self._who} did not answer within {seconds:g} seconds.") from None

    async def _once(self, prompt: Prompt) -> str:
        try:
            async with (
                self._client() as client,
                client.stream("POST", "chat/completions", json=self._body(prompt)) as reply,
            ):
                self._judge(reply)
                return self._said(await self._read(reply))
        except httpx2.HTTPError as error:
            if _is_certificate(error):
                raise Permanent(f"The certificate of {self._settings.host} could not be verified.") from None
            raise Transient(f"The connection to the language model at {self._settings.host} failed.") from None

    def _client(self) -> httpx2.AsyncClient:
        key = self._settings.key.get_secret_value()
        # Compressed bytes could unfold to any size, so none are asked for.
        headers = {"Accept": "application/json", "Accept-Encoding": "identity"}
        return httpx2.AsyncClient(
            base_url=self._settings.url + "/",
            headers=headers | ({"Authorization": f"Bearer {key}"} if key else {}),
            verify=ssl.create_default_context(),
            timeout=self._settings.timeout_seconds,
            follow_redirects=False,
            trust_env=False,
        )

    def _body(self, prompt: Prompt) -> dict[str, Any]:
        # Endpoints differ in every other option: some models refuse a temperature, some a format.
        return {
            "model": self._settings.model,
            "stream": False,
            "messages": [
                {"role": "system", "content": prompt.instructions},
                {"role": "user", "content": prompt.content},
            ],
        }

    def _judge(self, reply: httpx2.Response) -> None:
        status = reply.status_code
        if status in _BUSY:
            raise Transient(f"{self._who} {_SAYING.get(status, 'failed')} (HTTP {status}).")
        if 300 <= status < 400:
            raise Permanent(f"{self._who} points to another address (HTTP {status}), which is not followed.")
        if status != 200:
            raise Permanent(f"{self._who} {_SAYING.get(status, 'failed')} (HTTP {status}).")
        if reply.headers.get("Content-Encoding", "identity") != "identity":
            raise Permanent(f"{self._who} sent a compressed answer, which was not asked for.")

    async def _read(self, reply: httpx2.Response) -> bytes:
        body = bytearray()
        async for chunk in reply.aiter_raw():
            body += chunk
            if len(body) > self._most_bytes:
                raise Permanent(f"{self._who} sent an answer of more than {self._most_bytes // 1024} kB.")
        return bytes(body)

    def _said(self, body: bytes) -> str:
        """Return the first choice's text (the OpenAI API, Chat Completions: choices[0].message.content)."""
        try:
            choice = json.loads(body)["choices"][0]
            said, ended = choice["message"]["content"], choice.get("finish_reason")
        except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
            raise Permanent(f"{self._who} did not answer as an OpenAI-compatible endpoint does.") from None
        if ended == "length":
            raise Permanent(f"{self._who} broke its answer off, as it was too long for it.")
        if not isinstance(said, str) or not said.strip():
            raise Permanent(f"{self._who} gave an empty answer.")
        return said


def _is_certificate(error: BaseException | None) -> bool:
    """Tell whether a certificate lies at the bottom of an error."""
    while error is not None:
        if isinstance(error, ssl.SSLCertVerificationError):
            return True
        error = error.__cause__ or error.__context__
    return False
