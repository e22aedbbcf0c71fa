"""An SMTP sink that fails by chance, and files Sent copies as the server of an account does."""

import asyncio
import random
from collections import Counter
from typing import Any

from aiosmtpd.smtp import Envelope, Session

from tests.servers import Dovecot
from tests.smtp_sink import ACCEPTED, Lost, SmtpSink

BEFORE_DOT = ("refused connection", "421 banner", "4xx at RCPT", "5xx at RCPT")
AFTER_DOT = ("451 after the dot", "accepted, then closed", "accepted, then silent", "250 late")
LATE_SECONDS = 3.0
_OUTCOMES: dict[str, str | Lost] = {
    "451 after the dot": "451 4.3.0 Try again later",
    "accepted, then closed": Lost.CLOSE,
    "accepted, then silent": Lost.HANG,
}


class FaultySink(SmtpSink):
    """The sink of a run. Its ledger holds exactly what it took over; `withheld` names the letters without a copy."""

    def __init__(self, seed: int, share: float) -> None:
        super().__init__()
        self.hits: Counter[str] = Counter()
        self.withheld: set[str] = set()
        self.mailbox: Dovecot | None = None
        """Where Sent copies are filed."""
        self._chance = random.Random(seed)
        self._share = share
        self._drawn: str | None = None
        """What comes of the letter at hand; read before another session can run."""

    def calm(self) -> None:
        """Fail no more."""
        self._share = 0.0
        self.script.banner = None

    def _draws(self, name: str) -> bool:
        hit = self._chance.random() < self._share
        self.hits[name] += hit
        return hit

    async def handle_EHLO(  # noqa: N802 - aiosmtpd finds hooks by such names
        self, server: Any, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if self._draws("refused connection"):
            server.transport.close()
        elif self._draws("421 banner"):
            return ["421 4.3.2 Service shutting down"]
        return responses

    async def handle_RCPT(  # noqa: N802 - as above
        self, server: Any, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._draws("4xx at RCPT"):
            return "451 4.3.0 Try again later"
        if self._draws("5xx at RCPT"):
            return "550 5.1.1 No such mailbox"
        return await super().handle_RCPT(server, session, envelope, address, options)

    def outcome(self) -> str | Lost:
        self._drawn = next((name for name in AFTER_DOT if self._draws(name)), None)
        return _OUTCOMES.get(self._drawn or "", ACCEPTED)

    async def taken(self, raw: bytes) -> None:
        # The letter is in the ledger by now: whatever becomes of the client, it is ours.
        drawn = self._drawn
        if drawn in ("accepted, then closed", "accepted, then silent") and self._chance.random() < 0.5:
            self.withheld.add(delivery_id(raw))
        elif self.mailbox is not None:
            # A thread goes on to its end also when the client goes away, as a server does.
            await asyncio.to_thread(self._append, raw)
        if drawn == "250 late":
            await asyncio.sleep(LATE_SECONDS)

    def _append(self, raw: bytes) -> None:
        assert self.mailbox is not None
        for _ in range(20):
            try:
                with self.mailbox.client() as client:
                    if not client.folder_exists("Sent"):
                        client.create_folder("Sent")
                    client.append("Sent", raw)
                return
            except Exception:
                pass
        self.withheld.add(delivery_id(raw))


def delivery_id(raw: bytes) -> str:
    """Return the X-Delivery-Id of a letter of ours."""
    for line in raw.split(b"\r\n"):
        if line.lower().startswith(b"x-delivery-id:"):
            return line.partition(b":")[2].strip().decode()
    return ""
